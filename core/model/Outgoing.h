// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves: drafts as they are written, and messages in the outbox with their states.
#pragma once

#include "core/model/Ids.h"
#include "core/model/Message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace avocet {

struct DraftAttachment {
    std::string name; ///< base name, UTF-8
    std::string type; ///< media type
    std::string data; ///< raw bytes
    /// Without <>. Where Draft.html shows it as "cid:" and this, it is part of the text; else it is a file like the others.
    std::string contentId = {};
};

/// A message being written. What the composer edits and the builder turns into bytes.
struct Draft {
    DraftId id;
    IdentityId identity;
    /// An address of the identity's other than its own (an alias, a plus address) that this is sent as; empty: its own.
    std::string from;
    std::vector<Address> to, cc, bcc;
    std::string subject;
    /// UTF-8, \n line ends, a paragraph a line (they are flowed on leaving), quotes behind ">". What plain readers get where there is HTML.
    std::string text;
    std::string html;                    ///< UTF-8, as HtmlWriter makes it; empty: plain text
    std::string inReplyTo;               ///< Message-ID without <>
    std::vector<std::string> references; ///< without <>, oldest first
    /// The message that is answered or forwarded, to set \Answered or $Forwarded once sent.
    MessageId original;
    bool forwards = false;
    std::vector<DraftAttachment> attachments;
    std::int64_t changed = 0;    ///< seconds since 1970, UTC
    std::int64_t sendAt = 0;     ///< the same: not before; 0: as soon as it is sent
    bool reportDelivery = false; ///< the servers are asked to tell what becomes of it (RFC 3461)
    bool readReceipt = false;    ///< its readers are asked to tell that they did (RFC 8098)
};

/// What a message tells of its writer's computer, as the user wishes.
struct SendingStyle {
    bool utcDate = false;   ///< its date is in UTC: it does not tell the time zone
    bool userAgent = false; ///< it names the program that wrote it

    friend bool operator==(const SendingStyle&, const SendingStyle&) = default;
};

/// Where the last version of a draft lies on the server, or will once an operation is done.
struct DraftCopy {
    AccountId account;
    std::string mailbox;
    std::uint32_t uidValidity = 0;
    PlacementKey uid = 0; ///< 0: nowhere
    std::string messageIdHeader;
    bool refused = false; ///< the server would not take one: not tried again
};

struct FiledDraft {
    DraftId draft;
    DraftCopy copy;
    bool changed = false; ///< here, since the copy was made
};

/// The life of a message in the outbox (design: journey 4). Durable at each step.
enum class OutboxState {
    Queued,     ///< waits for a connection or its next try
    Sending,    ///< MAIL, RCPT, DATA under way; a crash here goes back to Queued
    Committing, ///< on disk before the final dot is written; a crash here is Uncertain
    Uncertain,  ///< may have been accepted; never sent again by itself
    Sent,       ///< accepted by the submission server; the copy is still to be filed
    Filed,      ///< the copy is in Sent
    Done,       ///< nothing left to do
    Failed,     ///< refused for good; can be edited
    Cancelled,  ///< taken back by the user before anything left
};

/// The only place that says which step may follow which. Pure.
bool mayFollow(OutboxState from, OutboxState to);
/// Stable lower-case name, as in JSON ("queued" ...).
const char* name(OutboxState state);
std::optional<OutboxState> outboxStateFromName(const std::string& name);
/// The state to resume in after a restart.
OutboxState afterRestart(OutboxState state);

/// Why a queued message waits, apart from its next try.
enum class OutboxHold {
    None,
    Undo,    ///< until notBefore, so that sending can be undone
    Later,   ///< until notBefore, as the user wished
    Overdue, ///< its time passed while nobody could send it: the user says what now
};
const char* name(OutboxHold hold);
std::optional<OutboxHold> outboxHoldFromName(const std::string& name);

enum class RecipientState {
    Pending,
    Accepted,
    Refused,
    Deferred,
    Withdrawn, ///< taken back by the user while others had been accepted already
    Bounced,   ///< accepted, and reported as undeliverable later
    Delivered, ///< reported as delivered, where that was asked for
    Uncertain, ///< taken by the server in a try of which nobody knows whether it came to its end
};
const char* name(RecipientState state);
/// Not decided yet: still to be sent to.
constexpr bool isOpen(RecipientState state)
{
    return state == RecipientState::Pending || state == RecipientState::Deferred;
}
std::optional<RecipientState> recipientStateFromName(const std::string& name);

struct OutboxRecipient {
    std::string address;
    RecipientState state = RecipientState::Pending;
    std::string reply; ///< the server's words for this recipient
};

/// Until when a message may be held before it is late, seconds: a busy moment is no reason to ask.
constexpr std::int64_t overdueAfter = 60;

struct OutboxItem {
    OutboxId id;
    AccountId account;
    IdentityId identity;
    OutboxState state = OutboxState::Queued;
    std::string messageIdHeader; ///< without <>
    std::string sender;          ///< envelope MAIL FROM
    std::string subject;         ///< for the outbox view
    std::vector<OutboxRecipient> recipients;
    std::string bcc;       ///< the Bcc field's body, apart from the message; empty: none
    std::int64_t size = 0; ///< bytes of the message
    int attempts = 0;
    std::int64_t created = 0;
    std::int64_t nextTry = 0; ///< seconds since 1970, UTC; 0: at once
    std::string reply;        ///< the last reply of the server
    std::string errorCode;    ///< what the last attempt failed with, for the interface's words
    MessageId original;       ///< set \Answered/$Forwarded on it once sent
    bool forwards = false;
    OutboxHold hold = OutboxHold::None;
    std::int64_t notBefore = 0; ///< where held, seconds since 1970, UTC
    bool reportDelivery = false;
    bool filing = false; ///< its copy may be in Sent by us; durable before we try
    /// When it was accepted, or its end left towards a server that did not answer any more; seconds since 1970, UTC.
    std::int64_t settled = 0;
};

/// To leave at a time that the user chose, or chooses anew: nothing else may send it.
constexpr bool waitsForItsTime(const OutboxItem& item)
{
    return item.hold == OutboxHold::Later || item.hold == OutboxHold::Overdue;
}
/// Whether a copy of an uncertain message, found in Sent or the inbox, tells that its last try was accepted. Where an earlier
/// try was accepted for some, the copy may be that one's.
bool isProvenByCopy(const OutboxItem& item);
/// An uncertain message was accepted: by those who were taken in that try. Sent, or queued again for who was told to wait.
void settleUncertain(OutboxItem& item);

/// What was learned of an account's servers while sending.
struct SendingFacts {
    bool filesSent = false;    ///< the provider puts a copy into Sent by itself
    std::int64_t maxSize = 0;  ///< bytes of a message, 0: not told
    bool takesReports = false; ///< offers DSN (RFC 3461)
};

/// What happens to a message whose time has passed.
enum class OverduePolicy { Ask, Send, Draft };
const char* name(OverduePolicy policy);
std::optional<OverduePolicy> overduePolicyFromName(const std::string& name);

} // namespace avocet
