// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/Outgoing.h"

#include <algorithm>
#include <array>
#include <utility>

namespace avocet {

namespace {

using enum OutboxState;

constexpr std::array<std::pair<OutboxState, const char*>, 9> outboxNames{{
    {Queued, "queued"},
    {Sending, "sending"},
    {Committing, "committing"},
    {Uncertain, "uncertain"},
    {Sent, "sent"},
    {Filed, "filed"},
    {Done, "done"},
    {Failed, "failed"},
    {Cancelled, "cancelled"},
}};

constexpr std::array<std::pair<OutboxHold, const char*>, 4> holdNames{{
    {OutboxHold::None, "none"},
    {OutboxHold::Undo, "undo"},
    {OutboxHold::Later, "later"},
    {OutboxHold::Overdue, "overdue"},
}};

constexpr std::array<std::pair<OverduePolicy, const char*>, 3> overdueNames{{
    {OverduePolicy::Ask, "ask"},
    {OverduePolicy::Send, "send"},
    {OverduePolicy::Draft, "draft"},
}};

constexpr std::array<std::pair<RecipientState, const char*>, 8> recipientNames{{
    {RecipientState::Pending, "pending"},
    {RecipientState::Accepted, "accepted"},
    {RecipientState::Refused, "refused"},
    {RecipientState::Deferred, "deferred"},
    {RecipientState::Withdrawn, "withdrawn"},
    {RecipientState::Bounced, "bounced"},
    {RecipientState::Delivered, "delivered"},
    {RecipientState::Uncertain, "uncertain"},
}};

template <class Table, class Value>
const char* nameIn(const Table& table, Value value)
{
    for (const auto& [candidate, text] : table)
        if (candidate == value)
            return text;
    return "";
}

template <class Value, class Table>
std::optional<Value> valueIn(const Table& table, const std::string& text)
{
    for (const auto& [candidate, known] : table)
        if (text == known)
            return candidate;
    return std::nullopt;
}

} // namespace

bool mayFollow(OutboxState from, OutboxState to)
{
    switch (from) {
    case Queued:
        // Sent: the rest is taken back while an earlier try was accepted for some.
        return to == Queued || to == Sending || to == Failed || to == Cancelled || to == Sent;
    case Sending:
        // Sent: an earlier try was accepted for some, this one was refused for all the rest.
        return to == Queued || to == Committing || to == Failed || to == Sent;
    case Committing:
        return to == Queued || to == Sent || to == Failed || to == Uncertain;
    case Uncertain: // resolved by what the server's folders hold, or by the user's explicit wish
        return to == Sent || to == Queued || to == Failed || to == Cancelled;
    case Sent:
        return to == Sent || to == Filed || to == Done;
    case Filed:
        return to == Done;
    case Failed:
        return to == Queued || to == Cancelled || to == Sent;
    case Done: // reports of delivery change its recipients
        return to == Done;
    case Cancelled:
        return false;
    }
    return false;
}

const char* name(OutboxState state)
{
    return nameIn(outboxNames, state);
}

std::optional<OutboxState> outboxStateFromName(const std::string& text)
{
    return valueIn<OutboxState>(outboxNames, text);
}

OutboxState afterRestart(OutboxState state)
{
    if (state == Sending)
        return Queued;
    if (state == Committing)
        return Uncertain;
    return state;
}

const char* name(OutboxHold hold)
{
    return nameIn(holdNames, hold);
}

std::optional<OutboxHold> outboxHoldFromName(const std::string& text)
{
    return valueIn<OutboxHold>(holdNames, text);
}

const char* name(OverduePolicy policy)
{
    return nameIn(overdueNames, policy);
}

std::optional<OverduePolicy> overduePolicyFromName(const std::string& text)
{
    return valueIn<OverduePolicy>(overdueNames, text);
}

const char* name(RecipientState state)
{
    return nameIn(recipientNames, state);
}

std::optional<RecipientState> recipientStateFromName(const std::string& text)
{
    return valueIn<RecipientState>(recipientNames, text);
}

bool isProvenByCopy(const OutboxItem& item)
{
    return std::none_of(item.recipients.begin(), item.recipients.end(), [](const auto& recipient) {
        return recipient.state == RecipientState::Accepted ||
               recipient.state == RecipientState::Bounced ||
               recipient.state == RecipientState::Delivered;
    });
}

void settleUncertain(OutboxItem& item)
{
    bool open = false;
    for (OutboxRecipient& recipient : item.recipients) {
        if (recipient.state == RecipientState::Uncertain)
            recipient.state = RecipientState::Accepted;
        open = open || isOpen(recipient.state);
    }
    item.state = open ? Queued : Sent;
    item.errorCode.clear();
}

} // namespace avocet
