// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that write, send and mend outgoing messages.
#include "core/engine/EngineCore.h"
#include "core/mime/DraftReader.h"

#include <QDateTime>
#include <QJsonArray>

#include <algorithm>
#include <ctime>

namespace avocet {

namespace {

std::int64_t now()
{
    return static_cast<std::int64_t>(std::time(nullptr));
}

bool sameAddress(const std::string& a, const std::string& b)
{
    return QString::fromStdString(a).compare(QString::fromStdString(b), Qt::CaseInsensitive) == 0;
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
            {QStringLiteral("nextTry"),
             item.nextTry > 0
                 ? QJsonValue(
                       QDateTime::fromSecsSinceEpoch(item.nextTry, Qt::UTC).toString(Qt::ISODate))
                 : QJsonValue()},
            {QStringLiteral("reply"), QString::fromStdString(item.reply)},
            {QStringLiteral("recipients"), recipients}};
}

QJsonObject enqueuedReply(const OutboxItem& item)
{
    return {{QStringLiteral("outboxId"), static_cast<qint64>(item.id.value)},
            {QStringLiteral("messageId"), QString::fromStdString(item.messageIdHeader)},
            {QStringLiteral("state"), QLatin1String(name(item.state))}};
}

/// Accepted for some is no success for the others.
Status refusals(const OutboxItem& item)
{
    std::string refused;
    std::string reply;
    for (const OutboxRecipient& recipient : item.recipients) {
        if (recipient.state != RecipientState::Refused)
            continue;
        refused += (refused.empty() ? "" : ", ") + recipient.address;
        reply = recipient.reply;
    }
    if (refused.empty())
        return {};
    return fail(ErrorKind::Rejected, "the others were accepted", ErrorCode::None,
                refused + ": " + reply);
}

/// What a waiting sender is told of its message's state.
Status outcome(const OutboxItem& item, const Status& flushed)
{
    switch (item.state) {
    case OutboxState::Sent:
    case OutboxState::Filed:
    case OutboxState::Done:
        return refusals(item);
    case OutboxState::Uncertain:
        return fail(ErrorKind::Transient, "the connection broke while finishing",
                    ErrorCode::Uncertain, item.reply);
    case OutboxState::Failed:
        return fail(ErrorKind::Rejected, "the server refused the message",
                    flushed ? ErrorCode::None : flushed.error().code, item.reply);
    case OutboxState::Cancelled:
        return fail(ErrorKind::Cancelled, "the message was taken back");
    case OutboxState::Queued:
    case OutboxState::Sending:
    case OutboxState::Committing:
        break;
    }
    return flushed ? fail(ErrorKind::Transient, "the message waits for its next try",
                          ErrorCode::None, item.reply)
                   : flushed;
}

Draft draftOf(const OutboxItem& item, const std::string& raw)
{
    Draft draft = draftFromMessage(raw, readMessage(raw));
    draft.identity = item.identity;
    draft.bcc = parseAddressList(item.bcc);
    draft.original = item.original;
    draft.forwards = item.forwards;
    draft.changed = now();
    return draft;
}

} // namespace

/// The identity that sends as `from`: one with this address, else the account's first.
Result<Identity> EngineCore::identityFor(AccountId account, const std::string& from)
{
    const auto identities = m_stores->accounts.identities();
    if (!identities)
        return tl::unexpected(identities.error());
    const Identity* fallback = nullptr;
    for (const Identity& identity : *identities) {
        if (account && identity.account != account)
            continue;
        if (sameAddress(identity.email, from))
            return identity;
        if (account && !fallback)
            fallback = &identity;
    }
    if (fallback)
        return *fallback;
    return fail(ErrorKind::Rejected,
                account ? "no account " + std::to_string(account.value)
                        : "no account sends as " + from,
                account ? ErrorCode::NotFound : ErrorCode::InvalidInput);
}

Result<OutboxItem> EngineCore::enqueue(const BuiltMessage& built, const Identity& identity,
                                       MessageId original, bool forwards)
{
    if (built.recipients.empty())
        return fail(ErrorKind::Rejected, "the message has no recipient", ErrorCode::NoRecipients);
    OutboxItem item;
    item.account = identity.account;
    item.identity = identity.id;
    item.messageIdHeader = built.messageId;
    item.sender = built.sender;
    item.subject = built.subject;
    item.bcc = built.bcc;
    item.size = static_cast<std::int64_t>(built.bytes.size());
    item.created = now();
    item.original = original;
    item.forwards = forwards;
    for (const std::string& address : built.recipients)
        item.recipients.push_back({address, RecipientState::Pending, {}});
    auto id = m_stores->outbox.add(item, built.bytes);
    if (!id)
        return tl::unexpected(id.error());
    item.id = *id;
    m_announce([id = item.id](MailEngine& engine) { Q_EMIT engine.outboxChanged(id); });
    return item;
}

void EngineCore::afterEnqueue(RequestId request, const OutboxItem& item, bool wait)
{
    const auto found = member(item.account);
    if (!wait || !found) {
        finish(request, enqueuedReply(item));
        if (found)
            (*found)->sender->wake();
        return;
    }
    (*found)->sender->flush([this, request, id = item.id](const Status& flushed) {
        const auto current = m_stores->outbox.find(id);
        const Status status =
            current ? outcome(*current, flushed) : tl::unexpected(current.error());
        finish(request, status ? Reply(enqueuedReply(*current)) : tl::unexpected(status.error()));
    });
}

void EngineCore::run(RequestId request, const command::SendRaw& command)
{
    auto built = prepareRaw(command.message, now());
    if (built && command.nullSender)
        built->sender.clear();
    const auto identity =
        built ? identityFor(command.account, built->from) : tl::unexpected(built.error());
    const auto item =
        identity ? enqueue(*built, *identity, {}, false) : tl::unexpected(identity.error());
    if (item)
        afterEnqueue(request, *item, command.wait);
    else
        finish(request, tl::unexpected(item.error()));
}

void EngineCore::run(RequestId request, const command::SendDraft& command)
{
    const auto draft = m_stores->drafts.find(command.draft);
    const auto identities = m_stores->accounts.identities();
    if (!draft || !identities) {
        finish(request, tl::unexpected(draft ? identities.error() : draft.error()));
        return;
    }
    const auto identity =
        std::find_if(identities->begin(), identities->end(),
                     [&](const Identity& candidate) { return candidate.id == draft->identity; });
    if (identity == identities->end()) {
        finish(request,
               fail(ErrorKind::Rejected, "the draft's sender is gone", ErrorCode::NotFound));
        return;
    }
    const auto built = buildMessage(*draft, *identity, now());
    if (!built) {
        finish(request, tl::unexpected(built.error()));
        return;
    }
    // Both or neither: a draft that was sent must not come back.
    Result<OutboxItem> item;
    std::set<AccountId> accounts;
    ChangePlanner planner(*m_context);
    const Status stored = planner.plan([&]() -> Status {
        item = enqueue(*built, *identity, draft->original, draft->forwards);
        const auto copy =
            item ? planner.removeDraftCopy(command.draft, accounts) : tl::unexpected(item.error());
        return copy ? m_stores->drafts.remove(command.draft) : copy;
    });
    if (!stored) {
        finish(request, stored);
        return;
    }
    m_announce([](MailEngine& engine) { Q_EMIT engine.draftsChanged(); });
    afterEnqueue(request, *item, false);
    replay({}, accounts, false);
}

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

void EngineCore::run(RequestId request, const command::CancelOutbox& command)
{
    const auto found = memberForItem(command.item);
    finish(request,
           found ? (*found)->sender->cancel(command.item) : Status(tl::unexpected(found.error())));
}

void EngineCore::run(RequestId request, const command::EditOutbox& command)
{
    const auto found = memberForItem(command.item);
    const auto item = found ? m_stores->outbox.find(command.item) : tl::unexpected(found.error());
    const auto raw = item ? m_stores->outbox.message(command.item) : tl::unexpected(item.error());
    if (!raw) {
        finish(request, tl::unexpected(raw.error()));
        return;
    }
    if (item->state != OutboxState::Queued && item->state != OutboxState::Failed) {
        finish(request, fail(ErrorKind::Rejected, "this message is on its way or finished",
                             ErrorCode::InvalidInput));
        return;
    }
    Result<DraftId> draft;
    const Status stored = m_stores->user->transaction([&]() -> Status {
        draft = m_stores->drafts.save(draftOf(*item, *raw));
        return draft ? (*found)->sender->cancel(command.item) : tl::unexpected(draft.error());
    });
    m_announce([](MailEngine& engine) { Q_EMIT engine.draftsChanged(); });
    finish(request,
           stored
               ? Reply(QJsonObject{{QStringLiteral("draftId"), static_cast<qint64>(draft->value)}})
               : tl::unexpected(stored.error()));
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
    m_announce([](MailEngine& engine) { Q_EMIT engine.outboxChanged({}); });
    finish(request, QJsonObject{{QStringLiteral("paused"), *paused},
                                {QStringLiteral("overdue"), QLatin1String(name(*overdue))}});
    for (auto& [id, member] : m_members)
        member.sender->wake();
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
