// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession: SELECT, and what changed since the cache last saw a mailbox (CONDSTORE and QRESYNC,
// RFC 7162).
#include "core/protocol/ImapCursor.h"
#include "core/protocol/ImapSessionPrivate.h"
#include "core/protocol/ImapStatus.h"

#include <algorithm>

namespace avocet {
namespace {

// What a SELECT may hold of each kind: two million messages.
constexpr std::size_t maxChanges = 2'000'000;

tl::unexpected<Error> malformed(const char* what)
{
    return fail(ErrorKind::Protocol, std::string("a malformed ") + what + " response",
                ErrorCode::LimitExceeded);
}

/// The parts of a VANISHED set up to `last`.
class VanishedReader {
public:
    explicit VanishedReader(std::uint32_t last)
        : m_last(last)
    {
    }

    /// False: malformed, or without an end.
    bool read(std::string_view set, const std::function<void(const UidRange&)>& visit)
    {
        return forEachRange(set, [&](const UidRange& range) {
            const UidRange part{range.first, std::min(range.last, m_last)};
            if (part.first <= part.last)
                visit(part);
            return ++m_seen <= maxChanges;
        });
    }

private:
    std::uint32_t m_last;
    std::size_t m_seen = 0;
};

/// Collects the answer to one SELECT.
class Selection {
public:
    Selection(ImapConnection& connection, bool readOnly, const KnownState* known)
        : m_connection(connection)
        , m_known(known)
        , m_vanished(known ? known->lastUid : 0)
    {
        m_result.readOnly = readOnly;
    }

    Status take(std::string_view untagged)
    {
        if (const auto status = parseImapStatus(untagged))
            return takeCode(*status);
        if (!m_known)
            return {};
        if (const auto vanished = vanishedOf(untagged); vanished && vanished->earlier) {
            if (!m_vanished.read(vanished->set,
                                 [&](const UidRange& r) { m_result.vanished.push_back(r); }))
                return malformed("VANISHED");
        }
        if (const auto items = fetchItemsOf(untagged)) {
            FlagState state;
            if (!parseFlagState(*items, state) || m_result.changed.size() > maxChanges)
                return malformed("FETCH");
            if (state.uid == 0)
                m_complete = false;
            else if (state.uid <= m_known->lastUid)
                m_result.changed.push_back(std::move(state));
        }
        return {};
    }

    bool hasModSeq() const { return m_hasModSeq; }

    SelectedMailbox finish(const ImapStatus& status)
    {
        if (status.code == "READ-ONLY")
            m_result.readOnly = true;
        m_result.exists = m_connection.change().exists.value_or(0);
        // A smaller MODSEQ than ours: the server came back from a backup and knows less than we do.
        m_result.resynced = m_known && m_complete && m_hasModSeq &&
                            m_result.uidValidity == m_known->uidValidity &&
                            m_result.highestModSeq >= m_known->highestModSeq;
        if (!m_result.resynced) {
            m_result.vanished.clear();
            m_result.changed.clear();
        }
        return std::move(m_result);
    }

private:
    Status takeCode(const ImapStatus& status)
    {
        ImapCursor cursor(status.arguments);
        if (status.code == "UIDVALIDITY") {
            m_result.uidValidity = cursor.number32();
        } else if (status.code == "UIDNEXT") {
            m_result.uidNext = cursor.number32();
        } else if (status.code == "HIGHESTMODSEQ") {
            m_result.highestModSeq = cursor.number();
        } else if (status.code == "NOMODSEQ") {
            m_hasModSeq = false;
        } else if (status.code == "MAILBOXID") {
            cursor.eat('(');
            cursor.copyString(m_result.mailboxId, maxMailboxId);
        } else if (status.code == "CLOSED") {
            // What came before belongs to the mailbox left.
            m_connection.forgetSelected();
            m_result.vanished.clear();
            m_result.changed.clear();
        }
        return {};
    }

    ImapConnection& m_connection;
    const KnownState* m_known;
    VanishedReader m_vanished;
    SelectedMailbox m_result;
    bool m_hasModSeq = true;
    bool m_complete = true;
};

} // namespace

Result<SelectedMailbox> ImapSession::select(const std::string& mailbox, bool readOnly,
                                            const KnownState* known)
{
    ImapConnection& connection = d->connection;
    d->selected = false;
    d->condstore = d->offersCondstore();
    connection.forgetSelected();
    if (!d->qresync ||
        (known && (known->uidValidity == 0 || known->highestModSeq == 0 || known->lastUid == 0)))
        known = nullptr;
    ImapCommand command(readOnly ? "EXAMINE " : "SELECT ");
    command.astring(mailbox);
    if (known)
        command.text(" (QRESYNC (" + std::to_string(known->uidValidity) + " " +
                     std::to_string(known->highestModSeq) + " " +
                     uidSet(UidRange{1, known->lastUid}) + "))");
    else if (d->condstore)
        command.text(" (CONDSTORE)");
    Selection selection(connection, readOnly, known);
    const auto status = connection.run(
        command, [&](std::string_view untagged) { return selection.take(untagged); });
    if (!status)
        return tl::unexpected(status.error());
    if (known && status->condition == ImapStatus::Condition::Bad)
        return select(mailbox, readOnly); // enabled, and yet not understood
    if (status->condition != ImapStatus::Condition::Ok) {
        Error error = refusal(*status, "SELECT");
        // A bare NO is how most servers say that the mailbox is not there.
        if (error.kind == ErrorKind::Rejected && status->code.empty() &&
            status->condition == ImapStatus::Condition::No)
            error.code = ErrorCode::NoSuchFolder;
        return tl::unexpected(std::move(error));
    }
    d->condstore = d->condstore && selection.hasModSeq();
    SelectedMailbox result = selection.finish(*status);
    connection.forgetSelected();
    d->selected = true;
    d->opened = mailbox;
    d->readOnly = readOnly;
    return result;
}

} // namespace avocet
