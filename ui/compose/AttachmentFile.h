// SPDX-License-Identifier: GPL-3.0-or-later
// Gets files into a draft without making the window wait for a disk.
#pragma once

#include "core/model/Error.h"
#include "core/model/Outgoing.h"

#include <QString>

namespace avocet {

/// No server takes anything near it; it keeps a slip from filling the memory.
inline constexpr qint64 largestAttachment = 256LL << 20;

/// Base name, without control and direction characters, at most 255 bytes (cases A1-20, H1).
QString attachmentName(const QString& fileName);

/// Waits for the disk: any thread but the GUI's. Rejected/TooLarge over largestAttachment, Rejected/InvalidInput
/// for folders and other things that are no file, Storage where it cannot be read.
Result<DraftAttachment> readAttachment(const QString& path);

} // namespace avocet
