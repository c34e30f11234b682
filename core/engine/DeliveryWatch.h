// SPDX-License-Identifier: GPL-3.0-or-later
// What mail systems report of messages that were sent: who did not get one after all, and who did.
#pragma once

#include "core/engine/EngineContext.h"
#include "core/mime/Reports.h"

#include <vector>

namespace avocet {

/// Thread: the engine's. Looks into bodies as they come, as long as the outbox remembers what it sent.
class DeliveryWatch {
public:
    explicit DeliveryWatch(Stores& stores,
                           std::function<void(std::function<void(MailEngine&)>)> announce);

    void look(const std::vector<MessageId>& arrived);

private:
    void take(const DeliveryReport& report);
    Result<OutboxItem> itemOf(const DeliveryReport& report);

    Stores& m_stores;
    std::function<void(std::function<void(MailEngine&)>)> m_announce;
};

} // namespace avocet
