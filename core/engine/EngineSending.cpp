// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that write and send messages.
#include "core/engine/EngineCore.h"

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

QJsonObject enqueuedReply(const OutboxItem& item)
{
    return {{QStringLiteral("outboxId"), static_cast<qint64>(item.id.value)},
            {QStringLiteral("messageId"), QString::fromStdString(item.messageIdHeader)},
            {QStringLiteral("state"), QLatin1String(name(item.state))}};
}

constexpr int longestUndo = 60;

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
                                       const Draft& draft, std::int64_t sendAt, int undoSeconds)
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
    item.original = draft.original;
    item.forwards = draft.forwards;
    item.reportDelivery = draft.reportDelivery;
    if (sendAt > now()) {
        item.hold = OutboxHold::Later;
        item.notBefore = sendAt;
    } else if (undoSeconds > 0) {
        item.hold = OutboxHold::Undo;
        item.notBefore = now() + std::min(undoSeconds, longestUndo);
    }
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
    if (!wait || !found || item.hold != OutboxHold::None) {
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
    const auto item = identity ? enqueue(*built, *identity, {}, command.sendAt, 0)
                               : tl::unexpected(identity.error());
    if (item)
        afterEnqueue(request, *item, command.wait);
    else
        finish(request, tl::unexpected(item.error()));
}

void EngineCore::run(RequestId request, const command::SendDraft& command)
{
    const auto draft = m_stores->drafts.find(command.draft);
    if (!draft) {
        finish(request, tl::unexpected(draft.error()));
        return;
    }
    if (m_stores->drafts.waits(command.draft).value_or(false)) {
        finish(request, fail(ErrorKind::Rejected, "this draft is in the outbox already",
                             ErrorCode::InvalidInput));
        return;
    }
    const auto identity = identityOf(draft->identity);
    if (!identity) {
        finish(request, tl::unexpected(identity.error()));
        return;
    }
    const auto built = buildMessage(*draft, *identity, now(), command.style);
    if (!built) {
        finish(request, tl::unexpected(built.error()));
        return;
    }
    // Both or neither: a draft that was sent must not come back by itself.
    Result<OutboxItem> item;
    std::set<AccountId> accounts;
    ChangePlanner planner(*m_context);
    const Status stored = planner.plan([&]() -> Status {
        item = enqueue(*built, *identity, *draft, command.sendAt, command.undoSeconds);
        const auto copy =
            item ? planner.removeDraftCopy(command.draft, accounts) : tl::unexpected(item.error());
        return copy ? m_stores->drafts.setOutbox(command.draft, item->id) : copy;
    });
    if (!stored) {
        finish(request, stored);
        return;
    }
    m_announce([](MailEngine& engine) { Q_EMIT engine.draftsChanged(); });
    afterEnqueue(request, *item, false);
    replay({}, accounts, false);
}

void EngineCore::run(RequestId request, const command::Redirect& command)
{
    auto identity = identityOf(command.identity);
    if (!identity) {
        finish(request, tl::unexpected(identity.error()));
        return;
    }
    if (!command.from.empty())
        identity->email = command.from;
    const auto built = buildRedirect(command.message, *identity, command.to, command.cc,
                                     command.bcc, now(), command.style);
    Draft marks; // for what becomes of the original
    marks.original = command.original;
    marks.forwards = true;
    const auto item = built ? enqueue(*built, *identity, marks, 0, command.undoSeconds)
                            : tl::unexpected(built.error());
    if (item)
        afterEnqueue(request, *item, false);
    else
        finish(request, tl::unexpected(item.error()));
}

} // namespace avocet
