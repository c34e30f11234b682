// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/DeliveryWatch.h"

#include <QString>

#include <algorithm>
#include <array>
#include <string_view>

namespace avocet {

namespace {

// The report itself stands first; what comes behind it is the returned message.
constexpr std::int64_t largestPart = 256 * 1024;

bool equalsNoCase(const std::string& a, const std::string& b)
{
    return QString::fromStdString(a).compare(QString::fromStdString(b), Qt::CaseInsensitive) == 0;
}

/// Who reports is a mail system; reading every body again for this would be too much.
bool mayReport(const MessageSummary& row)
{
    const QString from =
        row.from.empty() ? QString() : QString::fromStdString(row.from.front().address).toLower();
    static constexpr std::array<std::string_view, 4> names{"mailer-daemon", "postmaster",
                                                           "mail-daemon", "bounce"};
    return from.isEmpty() || std::any_of(names.begin(), names.end(), [&](std::string_view name) {
               return from.startsWith(
                   QLatin1String(name.data(), static_cast<qsizetype>(name.size())));
           });
}

std::string words(const RecipientReport& report)
{
    std::string text = report.status;
    if (!report.diagnostic.empty())
        text += (text.empty() ? "" : " ") + report.diagnostic;
    return text;
}

bool apply(OutboxRecipient& recipient, const RecipientReport& report)
{
    const bool had =
        recipient.state == RecipientState::Accepted || recipient.state == RecipientState::Delivered;
    if (!had)
        return false;
    if (report.action == DeliveryAction::Failed)
        recipient.state = RecipientState::Bounced;
    else if (report.action == DeliveryAction::Delivered)
        recipient.state = RecipientState::Delivered;
    recipient.reply = words(report);
    return true;
}

} // namespace

DeliveryWatch::DeliveryWatch(Stores& stores,
                             std::function<void(std::function<void(MailEngine&)>)> announce,
                             std::function<void(OutboxId)> proven)
    : m_stores(stores)
    , m_announce(std::move(announce))
    , m_proven(std::move(proven))
{
}

std::vector<OutboxItem> DeliveryWatch::uncertain()
{
    std::vector<OutboxItem> items;
    if (const auto accounts = m_stores.accounts.all())
        for (const Account& account : *accounts)
            if (auto found =
                    m_stores.outbox.inState(account.id, std::array{OutboxState::Uncertain}))
                items.insert(items.end(), found->begin(), found->end());
    return items;
}

bool DeliveryWatch::holds(FolderId folder, const std::string& messageIdHeader)
{
    const auto found = m_stores.messages.findByMessageIdHeader(folder, messageIdHeader);
    return found && !found->empty();
}

void DeliveryWatch::look(const std::vector<MessageId>& arrived)
{
    if (!m_stores.outbox.remembers().value_or(false))
        return;
    const std::vector<OutboxItem> doubtful = uncertain();
    for (const MessageId id : arrived) {
        const auto row = m_stores.messages.row(id);
        if (!row)
            continue;
        for (const OutboxItem& item : doubtful)
            if (isProvenByCopy(item) && holds(row->folder, item.messageIdHeader))
                m_proven(item.id);
        if (!mayReport(*row))
            continue;
        const auto raw = m_stores.bodies.getRange(id, 0, largestPart);
        if (!raw || !*raw)
            continue;
        if (const auto report = readDeliveryReport(**raw, readMessage(**raw)))
            take(*report);
    }
}

Result<OutboxItem> DeliveryWatch::itemOf(const DeliveryReport& report)
{
    if (!report.messageId.empty())
        return m_stores.outbox.findByMessageId(report.messageId);
    // Some say no more than to whom, and the subject.
    const auto sent = m_stores.outbox.all();
    if (sent && !report.subject.empty())
        for (auto item = sent->rbegin(); item != sent->rend(); ++item)
            if (item->subject == report.subject &&
                std::any_of(item->recipients.begin(), item->recipients.end(), [&](const auto& one) {
                    return equalsNoCase(one.address, report.recipients.front().recipient);
                }))
                return *item;
    return fail(ErrorKind::Rejected, "no message that this report is about", ErrorCode::NotFound);
}

void DeliveryWatch::take(const DeliveryReport& report)
{
    auto item = itemOf(report);
    // Nobody reports on what was not accepted; unless it is about those who had it from an earlier try.
    if (item && item->state == OutboxState::Uncertain && isProvenByCopy(*item)) {
        m_proven(item->id);
        item = m_stores.outbox.find(item->id);
    }
    if (!item || (item->state != OutboxState::Sent && item->state != OutboxState::Done))
        return;
    bool changed = false;
    for (const RecipientReport& one : report.recipients) {
        const bool only = item->recipients.size() == 1 && one.recipient.empty();
        for (OutboxRecipient& recipient : item->recipients)
            if (only || equalsNoCase(recipient.address, one.recipient))
                changed = apply(recipient, one) || changed;
    }
    if (changed && m_stores.outbox.save(*item))
        m_announce([id = item->id](MailEngine& engine) { Q_EMIT engine.outboxChanged(id); });
}

} // namespace avocet
