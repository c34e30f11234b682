// SPDX-License-Identifier: GPL-3.0-or-later
// Gets files into a draft without making the window wait for a disk.
#pragma once

#include "core/model/Error.h"
#include "core/model/Outgoing.h"

#include <QFuture>
#include <QString>

namespace avocet {

/// No server takes anything near it; it keeps a slip from filling the memory.
inline constexpr qint64 largestAttachment = 256LL << 20;
/// Above this many servers refuse a message (base64 makes 25 MB of it).
inline constexpr qint64 usualServerLimit = 18LL << 20;

/// Base name, without control and direction characters, at most 255 bytes (cases A1-20, H1).
QString attachmentName(const QString& fileName);

/// Reads the file on another thread. Rejected/TooLarge over largestAttachment, Rejected/InvalidInput
/// for folders and other things that are no file, Storage where it cannot be read.
QFuture<Result<DraftAttachment>> readAttachment(const QString& path);

} // namespace avocet
