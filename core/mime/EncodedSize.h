// SPDX-License-Identifier: GPL-3.0-or-later
// How large a message will be on the wire, told while it is written: nothing is built for that.
#pragma once

#include "core/model/Outgoing.h"

#include <cstdint>

namespace avocet {

/// Bytes of the part that a file becomes, header and all; close, not exact.
std::int64_t encodedSize(const DraftAttachment& attachment);
/// The same for all of the message, with its attachments.
std::int64_t encodedSize(const Draft& draft);

} // namespace avocet
