// SPDX-License-Identifier: GPL-3.0-or-later
// What arrives and tells of messages that were sent: reports of who did not get one after all, or did, and copies of those
// of which nobody knew whether they had left.
#pragma once

#include "core/engine/EngineContext.h"
#include "core/mime/Reports.h"

#include <vector>

namespace avocet {

/// Thread: the engine's. Looks into bodies as they come, as long as the outbox remembers what it sent.
class DeliveryWatch {
public:
    /// `proven` is told of an uncertain message that was accepted after all, and settles it.
    DeliveryWatch(Stores& stores, std::function<void(std::function<void(MailEngine&)>)> announce,
                  std::function<void(OutboxId)> proven);

    void look(const std::vector<MessageId>& arrived);

private:
    std::vector<OutboxItem> uncertain();
    bool holds(FolderId folder, const std::string& messageIdHeader);
    void take(const DeliveryReport& report);
    Result<OutboxItem> itemOf(const DeliveryReport& report);

    Stores& m_stores;
    std::function<void(std::function<void(MailEngine&)>)> m_announce;
    std::function<void(OutboxId)> m_proven;
};

} // namespace avocet
