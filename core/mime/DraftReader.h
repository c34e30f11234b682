// SPDX-License-Identifier: GPL-3.0-or-later
// A finished message as a draft again: to go on with what another device began, or to write it anew.
#pragma once

#include "core/mime/MessageReader.h"
#include "core/model/Outgoing.h"

#include <string_view>

namespace avocet {

/// Recipients, subject, text (formatted where it came so, with its pictures), attachments and what it answers; `raw` is what `message` was read from. Without identity,
/// original and date.
Draft draftFromMessage(std::string_view raw, const ParsedMessage& message);

} // namespace avocet
