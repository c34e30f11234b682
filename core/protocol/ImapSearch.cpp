// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession: UID SEARCH, with ESEARCH (RFC 4731) where it is offered.
#include "core/protocol/ImapCursor.h"
#include "core/protocol/ImapSessionPrivate.h"

#include <algorithm>

namespace avocet {
namespace {

constexpr std::size_t maxUids = 5'000'000;

/// "1:3,7" of an ESEARCH reply.
bool parseAll(std::string_view set, std::uint32_t least, std::vector<std::uint32_t>& into)
{
    return forEachRange(set, [&](const UidRange& range) {
        for (std::uint64_t uid = std::max(range.first, least); uid <= range.last; ++uid) {
            if (into.size() >= maxUids)
                return false;
            into.push_back(static_cast<std::uint32_t>(uid));
        }
        return true;
    });
}

/// Behind "SEARCH" or "ESEARCH".
bool parseSearch(std::string_view text, bool extended, std::uint32_t least,
                 std::vector<std::uint32_t>& into)
{
    ImapCursor cursor(text);
    if (!extended) {
        while (!cursor.atEnd()) {
            if (cursor.peek() == '(') { // (MODSEQ n) behind the numbers
                cursor.skip();
                continue;
            }
            const std::uint32_t uid = cursor.number32();
            if (cursor.bad() || into.size() > maxUids)
                return false;
            if (uid >= least)
                into.push_back(uid);
        }
        return true;
    }
    while (!cursor.atEnd()) {
        if (cursor.peek() == '(') { // (TAG "T4")
            cursor.skip();
            continue;
        }
        const std::string_view word = cursor.atom();
        if (equalsNoCase(word, "UID"))
            continue;
        if (!equalsNoCase(word, "ALL"))
            cursor.skip();
        else if (!parseAll(cursor.atom(), least, into))
            return false;
    }
    return !cursor.bad();
}

Result<std::vector<std::uint32_t>> search(ImapConnection& connection, const ImapCommand& command,
                                          std::uint32_t least)
{
    std::vector<std::uint32_t> uids;
    const auto status =
        connection.require(command, "SEARCH", [&](std::string_view untagged) -> Status {
            const bool extended = startsNoCase(untagged, "ESEARCH");
            if (!extended && !startsNoCase(untagged, "SEARCH"))
                return {};
            if (!parseSearch(untagged.substr(extended ? 7 : 6), extended, least, uids))
                return fail(ErrorKind::Protocol, "a malformed or endless SEARCH response",
                            ErrorCode::LimitExceeded);
            return {};
        });
    if (!status)
        return tl::unexpected(status.error());
    if (!std::is_sorted(uids.begin(), uids.end()))
        std::sort(uids.begin(), uids.end());
    uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
    return uids;
}

} // namespace

Result<std::vector<std::uint32_t>> ImapSession::searchUids(std::uint32_t first)
{
    const bool extended = d->offers("ESEARCH");
    const std::string from = std::to_string(std::max(first, 1u));
    return search(
        d->connection,
        ImapCommand((extended ? "UID SEARCH RETURN (ALL) UID " : "UID SEARCH UID ") + from + ":*"),
        std::max(first, 1u));
}

Result<std::vector<std::uint32_t>> ImapSession::searchMessageId(const std::string& id,
                                                                IdField field)
{
    if (id.empty() || id.size() > 900 || !isQuotable(id))
        return fail(ErrorKind::Rejected, "no Message-ID that can be searched for",
                    ErrorCode::InvalidInput);
    const std::string name = field == IdField::Resent ? "Resent-Message-ID" : "Message-ID";
    return search(d->connection,
                  ImapCommand("UID SEARCH HEADER " + name + " " + quoted("<" + id + ">")), 1);
}

Result<std::vector<std::uint32_t>> ImapSession::searchDeleted()
{
    return search(d->connection,
                  ImapCommand(d->offers("ESEARCH") ? "UID SEARCH RETURN (ALL) DELETED"
                                                   : "UID SEARCH DELETED"),
                  1);
}

} // namespace avocet
