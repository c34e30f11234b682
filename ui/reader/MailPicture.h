// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of strangers, decoded by us and written anew: no view of HTML ever sees the bytes that came with a mail.
#pragma once

#include <QByteArray>

namespace avocet {

/// As PNG or JPEG; empty: not a bitmap, broken, or larger than a mail needs. Of a moving picture the first one. Any
/// thread; a worker, since a large one takes a second.
QByteArray reencodedPicture(const QByteArray& bytes);

} // namespace avocet
