// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures on their way into a text. What is done to them takes its time: any thread.
#pragma once

#include "core/model/Outgoing.h"

#include <QImage>

namespace avocet {

/// The longer side of a picture that was made smaller, in pixels.
inline constexpr int smallerSide = 1600;

/// A picture that mail programs show in a text.
bool isShownType(const std::string& type);
/// As PNG, or as JPEG where that is far smaller and nothing is see-through. Without data where it cannot be written.
DraftAttachment encodedPicture(const QImage& image);
/// The same picture with at most smallerSide pixels a side; without data where it cannot be read, or would not be smaller.
DraftAttachment smallerPicture(const DraftAttachment& file);

} // namespace avocet
