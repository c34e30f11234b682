// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that look after what is in the outbox.
#include "core/engine/EngineCore.h"
#include "core/mime/DraftReader.h"
#include "core/mime/MessageId.h"

#include <QDateTime>
#include <QJsonArray>

#include <algorithm>
#include <ctime>

namespace avocet {

namespace {

QJsonValue timeOrNull(std::int64_t time)
{
    if (time <= 0)
        return QJsonValue();
    return QDateTime::fromSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODate);
}

QJsonObject outboxLine(const OutboxItem& item)
{
    QJsonArray recipients;
    for (const OutboxRecipient& recipient : item.recipients)
        recipients.append(
            QJsonObject{{QStringLiteral("address"), QString::fromStdString(recipient.address)},
                        {QStringLiteral("state"), QLatin1String(name(recipient.state))},
                        {QStringLiteral("reply"), QString::fromStdString(recipient.reply)}});
    return {{QStringLiteral("id"), static_cast<qint64>(item.id.value)},
            {QStringLiteral("messageId"), QString::fromStdString(item.messageIdHeader)},
            {QStringLiteral("state"), QLatin1String(name(item.state))},
            {QStringLiteral("attempts"), item.attempts},
            {QStringLiteral("nextTry"), timeOrNull(item.nextTry)},
            {QStringLiteral("hold"), QLatin1String(name(item.hold))},
            {QStringLiteral("notBefore"), timeOrNull(item.notBefore)},
            {QStringLiteral("reply"), QString::fromStdString(item.reply)},
            {QStringLiteral("recipients"), recipients}};
}

Draft readDraft(const OutboxItem& item, const std::string& raw)
{
    Draft draft = draftFromMessage(raw, readMessage(raw));
    draft.identity = item.identity;
    draft.bcc = parseAddressList(item.bcc);
    draft.original = item.original;
    draft.forwards = item.forwards;
    draft.reportDelivery = item.reportDelivery;
    draft.changed = static_cast<std::int64_t>(std::time(nullptr));
    return draft;
}

bool isUndelivered(RecipientState state)
{
    return state == RecipientState::Refused || state == RecipientState::Bounced;
}

bool hasIt(RecipientState state)
{
    return state == RecipientState::Accepted || state == RecipientState::Delivered;
}

bool mayEdit(const OutboxItem& item)
{
    if (item.state == OutboxState::Done)
        return std::any_of(item.recipients.begin(), item.recipients.end(),
                           [](const auto& one) { return isUndelivered(one.state); });
    return item.state == OutboxState::Queued || item.state == OutboxState::Failed;
}

/// Nobody gets it a second time: who has it is no recipient of the draft.
void onlyTheOthers(Draft& draft, const OutboxItem& item)
{
    const bool some = std::any_of(item.recipients.begin(), item.recipients.end(),
                                  [](const auto& one) { return hasIt(one.state); });
    if (!some)
        return;
    const auto isOut = [&](const Address& address) {
        return std::any_of(item.recipients.begin(), item.recipients.end(), [&](const auto& one) {
            return (hasIt(one.state) || one.state == RecipientState::Withdrawn) &&
                   mime::isSameAddress(one.address, address.address);
        });
    };
    for (std::vector<Address>* field : {&draft.to, &draft.cc, &draft.bcc})
        std::erase_if(*field, isOut);
}

} // namespace

void EngineCore::run(RequestId request, const command::ListOutbox&)
{
    const auto items = m_stores->outbox.all();
    if (!items) {
        finish(request, tl::unexpected(items.error()));
        return;
    }
    for (const OutboxItem& item : *items)
        report(request, outboxLine(item));
    finish(request, QJsonObject());
}

Result<EngineCore::Member*> EngineCore::memberForItem(OutboxId id)
{
    const auto item = m_stores->outbox.find(id);
    if (!item)
        return tl::unexpected(item.error());
    return member(item->account);
}

void EngineCore::run(RequestId request, const command::RetryOutbox& command)
{
    const auto found = memberForItem(command.item);
    const Status ready =
        found ? (*found)->sender->retry(command.item) : tl::unexpected(found.error());
    if (!ready) {
        finish(request, ready);
        return;
    }
    const auto item = m_stores->outbox.find(command.item);
    if (item)
        afterEnqueue(request, *item, true);
    else
        finish(request, tl::unexpected(item.error()));
}

/// What was given as a message (by the command line) has no draft to come back as: it gets one, so that nothing is lost.
Status EngineCore::keepAsDraft(OutboxId id)
{
    const auto kept = m_stores->drafts.inOutbox(id);
    if (!kept || *kept)
        return kept ? Status() : tl::unexpected(kept.error());
    const auto item = m_stores->outbox.find(id);
    const auto raw = item ? m_stores->outbox.message(id) : tl::unexpected(item.error());
    if (!raw)
        return tl::unexpected(raw.error());
    if (isRedirect(*raw))
        return {}; // nothing was written, and the message lies where it was
    return m_stores->user->transaction([&]() -> Status {
        const auto draft = m_stores->drafts.save(readDraft(*item, *raw));
        return draft ? m_stores->drafts.setOutbox(*draft, id) : tl::unexpected(draft.error());
    });
}

void EngineCore::run(RequestId request, const command::CancelOutbox& command)
{
    const auto found = memberForItem(command.item);
    const Status kept = found ? keepAsDraft(command.item) : tl::unexpected(found.error());
    finish(request, kept ? (*found)->sender->cancel(command.item) : kept);
    if (kept)
        (*found)->sender->wake(); // a copy for those who have it is still to be filed
}

/// As it was written, or else read from what was sent.
Result<Draft> EngineCore::draftOf(const OutboxItem& item)
{
    const auto kept = m_stores->drafts.inOutbox(item.id);
    if (!kept)
        return tl::unexpected(kept.error());
    if (*kept)
        return m_stores->drafts.find(**kept);
    auto raw = m_stores->outbox.message(item.id);
    if (!raw)
        raw = sentCopy(item);
    if (!raw)
        return tl::unexpected(raw.error());
    if (isRedirect(*raw)) // its words and recipients are another's
        return fail(ErrorKind::Rejected, "a message that was sent on cannot be edited",
                    ErrorCode::InvalidInput);
    return readDraft(item, *raw);
}

/// What was accepted for everybody is kept in Sent alone.
Result<std::string> EngineCore::sentCopy(const OutboxItem& item)
{
    const auto sent = m_stores->folders.findByRole(item.account, FolderRole::Sent);
    if (!sent)
        return tl::unexpected(sent.error());
    const auto places = m_stores->messages.findByMessageIdHeader(sent->id, item.messageIdHeader);
    if (!places)
        return tl::unexpected(places.error());
    for (const Placement& place : *places)
        if (auto body = m_stores->bodies.get(place.message); body && *body)
            return std::move(**body);
    return fail(ErrorKind::Rejected, "the copy in Sent is not on this computer",
                ErrorCode::NotFound);
}

void EngineCore::run(RequestId request, const command::EditOutbox& command)
{
    const auto found = memberForItem(command.item);
    auto item = found ? m_stores->outbox.find(command.item) : tl::unexpected(found.error());
    if (item && !mayEdit(*item))
        item = fail(ErrorKind::Rejected, "this message is on its way or finished",
                    ErrorCode::InvalidInput);
    if (item && item->hold == OutboxHold::Undo &&
        isRedirect(m_stores->outbox.message(item->id).value_or(std::string()))) {
        finish(request,
               (*found)->sender->cancel(item->id)); // nothing was written that could come back
        return;
    }
    auto draft = item ? draftOf(*item) : tl::unexpected(item.error());
    if (!draft) {
        finish(request, tl::unexpected(draft.error()));
        return;
    }
    Result<DraftId> id;
    const Status stored = m_stores->user->transaction([&]() -> Status {
        onlyTheOthers(*draft, *item);
        draft->sendAt = item->hold == OutboxHold::Later ? item->notBefore : 0;
        id = m_stores->drafts.save(*draft);
        if (auto freed = id ? m_stores->drafts.setOutbox(*id, {}) : tl::unexpected(id.error());
            !freed)
            return freed;
        if (item->state == OutboxState::Queued || item->state == OutboxState::Failed)
            return (*found)->sender->cancel(command.item);
        for (OutboxRecipient& recipient : item->recipients)
            if (isUndelivered(recipient.state))
                recipient.state = RecipientState::Withdrawn; // the new message is theirs
        return m_stores->outbox.save(*item);
    });
    m_announce([item = command.item](MailEngine& engine) {
        Q_EMIT engine.outboxChanged(item);
        Q_EMIT engine.draftsChanged();
    });
    if (!stored) {
        finish(request, stored);
        return;
    }
    finish(request, QJsonObject{{QStringLiteral("draftId"), static_cast<qint64>(id->value)}});
    (*found)->sender->wake(); // a copy for those who have it is still to be filed
}

void EngineCore::run(RequestId request, const command::RescheduleOutbox& command)
{
    const auto found = memberForItem(command.item);
    const Status changed = found ? (*found)->sender->reschedule(command.item, command.sendAt)
                                 : tl::unexpected(found.error());
    finish(request, changed);
    if (changed)
        (*found)->sender->wake();
}

void EngineCore::run(RequestId request, const command::SetOutboxPolicy& command)
{
    OutboxPolicy& policy = m_stores->outboxPolicy;
    Status set;
    if (command.paused >= 0)
        set = policy.setPaused(command.paused != 0);
    if (set && !command.overdue.empty()) {
        const auto overdue = overduePolicyFromName(command.overdue);
        set = overdue ? policy.setOverdue(*overdue)
                      : fail(ErrorKind::Rejected, "no such policy: " + command.overdue,
                             ErrorCode::InvalidInput);
    }
    const auto paused = set ? policy.paused() : tl::unexpected(set.error());
    const auto overdue = paused ? policy.overdue() : tl::unexpected(paused.error());
    if (!overdue) {
        finish(request, tl::unexpected(overdue.error()));
        return;
    }
    QJsonObject limits;
    for (const auto& [id, member] : m_members)
        if (const auto facts = policy.facts(id); facts && facts->maxSize > 0)
            limits.insert(QString::number(id.value), static_cast<qint64>(facts->maxSize));
    finish(request, QJsonObject{{QStringLiteral("paused"), *paused},
                                {QStringLiteral("overdue"), QLatin1String(name(*overdue))},
                                {QStringLiteral("maxSize"), limits}});
    if (command.paused >= 0 || !command.overdue.empty()) {
        m_announce([](MailEngine& engine) { Q_EMIT engine.outboxChanged({}); });
        for (auto& [id, member] : m_members)
            member.sender->wake();
    }
}

Status EngineCore::settleAsAccepted(OutboxId item)
{
    const auto found = memberForItem(item);
    if (!found)
        return tl::unexpected(found.error());
    const Status settled = (*found)->sender->settleAsAccepted(item);
    (*found)->sender->wake(); // its copy may be missing in Sent, and some may still have to get it
    return settled;
}

void EngineCore::run(RequestId request, const command::SettleUncertain& command)
{
    finish(request, settleAsAccepted(command.item));
}

void EngineCore::run(RequestId request, const command::CheckUncertain& command)
{
    const auto found = memberForItem(command.item);
    if (!found) {
        finish(request, tl::unexpected(found.error()));
        return;
    }
    (*found)->sender->checkUncertain(
        command.item, [this, request, id = command.item](const Result<bool>& there) {
            if (!there) {
                finish(request, tl::unexpected(there.error()));
                return;
            }
            finish(request, QJsonObject{{QStringLiteral("found"), *there}});
            if (const auto owner = memberForItem(id); owner && *there)
                (*owner)->sender->flush({}); // its copy may be missing in Sent
        });
}

} // namespace avocet
