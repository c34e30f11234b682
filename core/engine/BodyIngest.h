// SPDX-License-Identifier: GPL-3.0-or-later
// What is made of a message's bytes when they arrive: the packed body, the list's preview, the words to search for.
#pragma once

#include "core/engine/EngineContext.h"
#include "core/store/SearchText.h"

#include <string>
#include <string_view>
#include <vector>

namespace avocet {

struct ArrivedBody {
    MessageId message;
    PackedBody body;
    std::string preview;
    SearchText text;
};

/// Pure, for any thread: all the work that need not be done on the engine thread.
ArrivedBody ingestBody(MessageId message, std::string_view raw);
SearchText searchTextOf(std::string_view raw);

/// Thread: the engine's. The bodies first: a crash before the other half leaves them unknown and to be fetched again.
Status storeBodies(EngineContext& context, const std::vector<ArrivedBody>& bodies);

} // namespace avocet
