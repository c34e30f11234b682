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
    std::optional<bool> subscribed; ///< nothing: the server did not say
    std::string mailboxId;          ///< OBJECTID (RFC 8474), else empty
    std::optional<std::uint32_t> messages, unseen, uidNext, uidValidity; ///< LIST-STATUS
    std::optional<std::uint64_t> highestModSeq;
};

/// Inclusive range of UIDs.
struct UidRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    friend bool operator==(const UidRange&, const UidRange&) = default;
};

struct FlagState {
    std::uint32_t uid = 0;
    std::uint64_t modSeq = 0;
    Flags flags = 0;
    std::vector<std::string> keywords;
};

/// What the cache holds of a mailbox, for QRESYNC (RFC 7162 3.2.5).
struct KnownState {
    std::uint32_t uidValidity = 0;
    std::uint64_t highestModSeq = 0;
    std::uint32_t lastUid = 0; ///< the highest cached UID; 1 to here counts as known
};

struct SelectedMailbox {
    std::uint32_t exists = 0;
    std::uint32_t uidValidity = 0;
    std::uint32_t uidNext = 0;       ///< 0: the server did not say
    std::uint64_t highestModSeq = 0; ///< 0: NOMODSEQ or no CONDSTORE
    bool readOnly = false;
    std::string mailboxId; ///< OBJECTID, else empty
    /// `vanished` and `changed` are all that happened to UIDs 1 to lastUid since the KnownState. The
    /// ranges are as the server wrote them: up to 4294967295, and with UIDs never seen.
    bool resynced = false;
    std::vector<UidRange> vanished;
    std::vector<FlagState> changed;
};

struct RawAddress {                  ///< bytes of an ENVELOPE address, encoded words not decoded
    std::string name, mailbox, host; ///< a group's start has no host

    bool operator==(const RawAddress&) const = default;
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

    bool operator==(const Envelope&) const = default;
};

struct AppendedUid {
    std::uint32_t uidValidity = 0; ///< 0: the server has no UIDPLUS
    std::uint32_t uid = 0;
};

/// Where copies went (COPYUID, RFC 4315 3): from[i] became to[i].
struct CopiedUids {
    std::uint32_t uidValidity = 0; ///< of the target; 0: the server did not say
    std::vector<std::uint32_t> from, to;
};

struct Namespaces {
    struct Entry {
        std::string prefix; ///< the server's bytes, such as "INBOX."
        char delimiter = 0;
    };
    std::vector<Entry> personal, others, shared;
};

struct SectionRequest {
    std::string section; ///< "1.2", "1.2.MIME", "HEADER"; empty: the whole message
    std::uint64_t offset = 0;
    std::uint64_t length = 0; ///< 0: to the end
};

/// What IDLE (or any command) reported: of the selected mailbox, and after NOTIFY of the others.
struct MailboxChange {
    std::optional<std::uint32_t> exists; ///< new EXISTS, if any
    bool expunged = false;               ///< something was removed
    bool flagsChanged = false;           ///< an unsolicited FETCH came
    /// Unsolicited STATUS, each mailbox once, the newest word on it. Only mailbox, path and what
    /// STATUS said are set.
    std::vector<ListedMailbox> statuses;
    bool mailboxesChanged = false; ///< created, deleted, renamed, (un)subscribed: list again
    bool empty() const
    {
        return !exists && !expunged && !flagsChanged && statuses.empty() && !mailboxesChanged;
    }
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

    /// ENABLE QRESYNC (RFC 7162 3.2.3) succeeded, which open() tries wherever it is offered.
    bool qresync() const;

    /// COMPRESS=DEFLATE (RFC 4978) from here on; best right after open(). Does nothing where it is
    /// not offered or on already. Rejected where the server refuses; the session is good then.
    Status startCompression();
    /// NOTIFY (RFC 5465): idle() and poll() report the other mailboxes of the user too, the state of
    /// each at once. Rejected where the server refuses, with Unsupported where it does not offer it.
    Status notifyPersonal();

    /// All mailboxes, with special use, subscription and, where LIST-STATUS is offered and `withStatus` is set, their
    /// STATUS, which costs some servers as much as to open each of them. Where they are few, those of `known` are asked
    /// for one by one in the same round trip, which some answer sooner; the others come without.
    Result<std::vector<ListedMailbox>> listMailboxes(bool withStatus = true,
                                                     const std::vector<std::string>& known = {});
    /// Where the mailboxes of this user, of other users, and of all are (RFC 2342). Without NAMESPACE
    /// one personal entry with an empty prefix.
    Result<Namespaces> namespaces();
    /// STATUS of one mailbox, without selecting it (MESSAGES UNSEEN UIDNEXT UIDVALIDITY and
    /// HIGHESTMODSEQ and MAILBOXID where offered).
    Result<ListedMailbox> status(const std::string& mailbox);
    /// SELECT (EXAMINE where readOnly), with CONDSTORE where offered; with QRESYNC where enabled and
    /// `known` says something of a UID, so that one round trip tells all that changed.
    Result<SelectedMailbox> select(const std::string& mailbox, bool readOnly = false,
                                   const KnownState* known = nullptr);
    /// AlreadyExists where it does.
    Status createMailbox(const std::string& mailbox);
    /// RENAME; renaming INBOX moves its messages and leaves it empty (RFC 3501 6.3.5).
    Status renameMailbox(const std::string& from, const std::string& to);
    Status deleteMailbox(const std::string& mailbox);
    Status subscribeMailbox(const std::string& mailbox, bool subscribed);

    /// All UIDs of the selected mailbox in [first, *], ascending (UID SEARCH, ESEARCH if offered).
    Result<std::vector<std::uint32_t>> searchUids(std::uint32_t first = 1);
    /// What a message is called by: its own name, or the one it was given when somebody sent it on (RFC 5322 3.6.6).
    enum class IdField { Own, Resent };
    /// UIDs whose field equals `id` (without <>): used to find the Sent copy. Servers keep Message-ID at hand and read all
    /// messages for the other one, so that it is asked for only where it has to be.
    Result<std::vector<std::uint32_t>> searchMessageId(const std::string& id,
                                                       IdField field = IdField::Own);
    /// UIDs marked \Deleted.
    Result<std::vector<std::uint32_t>> searchDeleted();

    /// Envelopes of the given ranges, one UID FETCH a range, up to three in flight, in the order given. `take` gets each
    /// envelope as it comes, with its range (most often the first that is not finished); the envelope is used again for the
    /// next, which spares a first sync a dozen allocations a message. `finished`, in the order of the ranges, says
    /// whether to go on: false stops after the ranges in flight are drained, which is no error.
    Status fetchEnvelopes(std::span<const UidRange> ranges,
                          const std::function<void(const UidRange&, const Envelope&)>& take,
                          const std::function<bool(const UidRange&)>& finished);
    /// Flags alone. `changedSince` > 0 asks only for what changed since (CONDSTORE).
    Status fetchFlags(const UidRange& range, std::uint64_t changedSince,
                      const std::function<void(FlagState)>& deliver);
    /// Whole messages (BODY.PEEK[]), pipelined in batches. `deliver` gets (uid, raw bytes); false from it: no more are asked
    /// for, those on their way are delivered. A UID that no longer exists is simply not delivered, and none twice.
    /// `progress` gets the bytes of a large message that are here, and how many it has. Once `stop` is requested: Cancelled, and
    /// the session is over, since what is on its way cannot be called back.
    Status fetchBodies(std::span<const std::uint32_t> uids,
                       const std::function<bool(std::uint32_t, std::string)>& deliver,
                       const std::function<void(std::size_t, std::size_t)>& progress = {},
                       std::stop_token stop = {});
    /// The same part of each message, or a range of its bytes, still encoded (BODY.PEEK[1.2]<offset.length>). Shorter than
    /// `length` at the part's end. Delivers nothing where message or part are not there.
    Status fetchSections(std::span<const std::uint32_t> uids, const SectionRequest& request,
                         const std::function<void(std::uint32_t, std::string)>& deliver);
    /// The server's own previews (RFC 8970): UTF-8, at most 1,000 bytes. Delivers nothing for a message
    /// without one. Rejected with Unsupported where the server has none at all.
    Status fetchPreviews(std::span<const std::uint32_t> uids,
                         const std::function<void(std::uint32_t, std::string)>& deliver);

    /// UID STORE +FLAGS/-FLAGS (.SILENT not used: the reply confirms).
    Status storeFlags(std::span<const std::uint32_t> uids, Flags add, Flags remove);
    /// UID COPY. NoSuchFolder where the target is not there. Several commands where the set is long:
    /// an error may leave part of it done. What the answer pairs is in the result; a UID that is
    /// missing there was gone, or the server (uidValidity 0) does not tell.
    Result<CopiedUids> copyMessages(std::span<const std::uint32_t> uids,
                                    const std::string& mailbox);
    /// UID MOVE (RFC 6851), as copyMessages(). Rejected with Unsupported where it is not offered.
    Result<CopiedUids> moveMessages(std::span<const std::uint32_t> uids,
                                    const std::string& mailbox);
    /// UID EXPUNGE (RFC 4315): removes those of `uids` that are marked \Deleted, and nothing else.
    /// Rejected with Unsupported without UIDPLUS; a plain EXPUNGE is never sent.
    Status expungeUids(std::span<const std::uint32_t> uids);
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
