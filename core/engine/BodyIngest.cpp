// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/BodyIngest.h"

#include "core/engine/SearchFeed.h"
#include "core/mime/MessageReader.h"

namespace avocet {

ArrivedBody ingestBody(MessageId message, std::string_view raw)
{
    const ParsedMessage parsed = readMessage(raw);
    return {message, BodyStore::pack(raw), previewOf(parsed), searchTextOf(raw, parsed)};
}

SearchText searchTextOf(std::string_view raw)
{
    return searchTextOf(raw, readMessage(raw));
}

Status storeBodies(EngineContext& context, const std::vector<ArrivedBody>& bodies)
{
    Stores& stores = context.stores;
    const auto kept = stores.bodyFile->transaction([&]() -> Status {
        for (const ArrivedBody& one : bodies)
            if (auto stored = stores.bodies.put(one.message, one.body); !stored)
                return stored;
        return {};
    });
    if (!kept)
        return kept;
    const auto noted = stores.mail->transaction([&]() -> Status {
        std::vector<SearchEntry> entries;
        for (const ArrivedBody& one : bodies) {
            if (auto set = stores.messages.setBody(one.message, true, one.preview); !set)
                return set;
            entries.push_back({one.message, &one.text});
        }
        return stores.search.put(entries);
    });
    if (!noted)
        return noted;
    std::vector<MessageId> ids;
    for (const ArrivedBody& one : bodies)
        ids.push_back(one.message);
    context.announce([ids = std::move(ids)](MailEngine& engine) {
        for (const MessageId message : ids)
            Q_EMIT engine.bodyArrived(message);
    });
    return {};
}

} // namespace avocet
