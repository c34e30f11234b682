// SPDX-License-Identifier: GPL-3.0-or-later
// One authenticated IMAP connection. vmime connects and signs in; from then on our own
// command writer and streaming reader own the connection (measured: 20 times faster).
#pragma once

#include "core/model/Error.h"
#include "core/model/Folder.h"
#include "core/model/Message.h"
#include "core/protocol/Connection.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// What the server offers, after sign-in. Names as in CAPABILITY, upper case.
struct Capabilities {
    std::vector<std::string> names;
    bool has(std::string_view name) const;
};

struct ListedMailbox {
    std::string mailbox; ///< the server's name, byte for byte
    std::string path;    ///< decoded UTF-8 (RFC 3501 5.1.3); broken names are shown escaped
    char delimiter = 0;
    FolderRole role = FolderRole::None; ///< SPECIAL-USE, INBOX, else by well-known names
    bool selectable = true;
    std::optional<std::uint32_t> messages, unseen, uidNext, uidValidity; ///< LIST-STATUS
    std::optional<std::uint64_t> highestModSeq;
};

struct SelectedMailbox {
    std::uint32_t exists = 0;
    std::uint32_t uidValidity = 0;
    std::uint32_t uidNext = 0;       ///< 0: the server did not say
    std::uint64_t highestModSeq = 0; ///< 0: NOMODSEQ or no CONDSTORE
    bool readOnly = false;
};

/// Inclusive range of UIDs.
struct UidRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
};

struct RawAddress {                  ///< bytes of an ENVELOPE address, encoded words not decoded
    std::string name, mailbox, host; ///< a group's start has no host
};

/// One FETCH response of a header sync, bytes as the server sent them.
struct Envelope {
    std::uint32_t uid = 0;
    std::uint64_t modSeq = 0;
    Flags flags = 0;
    std::vector<std::string> keywords;
    std::int64_t internalDate = 0; ///< seconds since 1970, UTC
    std::int64_t size = 0;
    std::string date, subject, inReplyTo, messageId; ///< raw header bytes
    std::vector<RawAddress> from, sender, replyTo, to, cc, bcc;
    std::string bodyStructure;  ///< the parenthesised list, verbatim
    bool hasAttachment = false; ///< from BODYSTRUCTURE
    std::string headerFields;   ///< the BODY[HEADER.FIELDS] block, raw
    std::string contentId;      ///< X-GM-MSGID or EMAILID, else empty
};

struct FlagState {
    std::uint32_t uid = 0;
    std::uint64_t modSeq = 0;
    Flags flags = 0;
    std::vector<std::string> keywords;
};

struct AppendedUid {
    std::uint32_t uidValidity = 0; ///< 0: the server has no UIDPLUS
    std::uint32_t uid = 0;
};

/// What IDLE (or any command) reported on the selected mailbox.
struct MailboxChange {
    std::optional<std::uint32_t> exists; ///< new EXISTS, if any
    bool expunged = false;               ///< something was removed
    bool flagsChanged = false;           ///< an unsolicited FETCH came
    bool empty() const { return !exists && !expunged && !flagsChanged; }
};

/// Thread: used by one worker thread at a time. Every call can be cancelled within half a second
/// by the stop token given at open() or, where it takes one, by its own; then the kind is
/// Cancelled and the connection is dead. After Offline, Timeout, Tls, Protocol or Cancelled the
/// connection is gone (alive() is false); after Rejected or Transient it is still good.
class ImapSession {
public:
    /// Connects, does TLS as `options.server.security` says, signs in, reads CAPABILITY, sends ID
    /// where offered. Not a byte of the credentials leaves before TLS is verified.
    static Result<std::unique_ptr<ImapSession>>
    open(const ConnectOptions& options, const Credentials& credentials, std::stop_token stop);
    ~ImapSession();
    ImapSession(const ImapSession&) = delete;
    ImapSession& operator=(const ImapSession&) = delete;

    bool alive() const;
    const Capabilities& capabilities() const;
    Traffic traffic() const;

    /// All mailboxes, with special use and, where LIST-STATUS is offered, their STATUS.
    Result<std::vector<ListedMailbox>> listMailboxes();
    /// STATUS of one mailbox, without selecting it (MESSAGES UNSEEN UIDNEXT UIDVALIDITY and
    /// HIGHESTMODSEQ where offered).
    Result<ListedMailbox> status(const std::string& mailbox);
    /// SELECT (EXAMINE where readOnly), with CONDSTORE where offered.
    Result<SelectedMailbox> select(const std::string& mailbox, bool readOnly = false);
    Status createMailbox(const std::string& mailbox);

    /// All UIDs of the selected mailbox in [first, *], ascending (UID SEARCH, ESEARCH if offered).
    Result<std::vector<std::uint32_t>> searchUids(std::uint32_t first = 1);
    /// UIDs whose Message-ID field equals `id` (without <>): used to find the Sent copy.
    Result<std::vector<std::uint32_t>> searchMessageId(const std::string& id);

    /// Envelopes of the given ranges, one UID FETCH a range, up to three in flight, in the order
    /// given. `deliver` gets what one range returned (ascending or as the server sends); returning
    /// false stops after the ranges in flight are drained, which is no error.
    Status
    fetchEnvelopes(std::span<const UidRange> ranges,
                   const std::function<bool(const UidRange&, std::vector<Envelope>)>& deliver);
    /// Flags alone. `changedSince` > 0 asks only for what changed since (CONDSTORE).
    Status fetchFlags(const UidRange& range, std::uint64_t changedSince,
                      const std::function<void(FlagState)>& deliver);
    /// Whole messages (BODY.PEEK[]), pipelined in batches. `deliver` gets (uid, raw bytes).
    /// A UID that no longer exists is simply not delivered.
    Status fetchBodies(std::span<const std::uint32_t> uids,
                       const std::function<bool(std::uint32_t, std::string)>& deliver);

    /// UID STORE +FLAGS/-FLAGS (.SILENT not used: the reply confirms).
    Status storeFlags(std::span<const std::uint32_t> uids, Flags add, Flags remove);
    /// APPEND; the literal is sent at once where LITERAL+ allows.
    Result<AppendedUid> append(const std::string& mailbox, std::string_view message, Flags flags,
                               std::int64_t internalDate);
    /// NOOP; returns what changed in the selected mailbox since the last command.
    Result<MailboxChange> poll();

    /// IDLE until a change came, `renewAfter` passed (empty change returned), or `stop` was
    /// requested (Cancelled... but the connection ends IDLE with DONE and stays alive).
    /// Without IDLE on the server: NOOP every 60 s instead.
    Result<MailboxChange> idle(std::chrono::seconds renewAfter, std::stop_token stop);

    void logout(); ///< LOGOUT and close; never fails visibly

private:
    struct Private;
    explicit ImapSession(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace avocet
