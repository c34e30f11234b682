// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/BodyIngest.h"

namespace avocet {

Status storeBodies(EngineContext& context, const std::vector<ArrivedBody>& bodies, bool asked)
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
    std::vector<MessageId> ids;
    const auto noted = stores.mail->transaction([&]() -> Status {
        for (const ArrivedBody& one : bodies) {
            if (auto set = stores.messages.setBody(one.message, true); !set)
                return set;
            ids.push_back(one.message);
        }
        return {};
    });
    if (!noted)
        return noted;
    context.bodiesStored(ids, asked);
    context.announce([ids = std::move(ids)](MailEngine& engine) {
        for (const MessageId message : ids)
            Q_EMIT engine.bodyArrived(message);
    });
    return {};
}

} // namespace avocet
