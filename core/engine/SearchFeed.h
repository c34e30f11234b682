// SPDX-License-Identifier: GPL-3.0-or-later
// What of a message the search index gets: the meeting of mime and store, which never see each other.
#pragma once

#include "core/mime/MessageReader.h"
#include "core/store/SearchText.h"

#include <string_view>

namespace avocet {

/// Subject, people, the readable text (HTML as text where there is no other), the text of attached text parts and of the
/// parts of attached messages, and the names of all attachments. `raw` is what `message` was read from. Bounded as
/// prepareSearchText is; for a worker that has just parsed the message.
SearchText searchTextOf(std::string_view raw, const ParsedMessage& message);

} // namespace avocet
