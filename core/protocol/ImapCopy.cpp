// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession: COPY, MOVE (RFC 6851) and UID EXPUNGE (RFC 4315).
#include "core/protocol/ImapSessionPrivate.h"

#include <algorithm>

namespace avocet {
namespace {

/// "validity from to" of one COPYUID. Nothing where it says what cannot be: the copies are made, only
/// where they are has to be found out otherwise.
CopiedUids parseCopied(std::string_view text, const std::vector<std::uint32_t>& asked)
{
    const auto word = [&] {
        const std::string_view result = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), result.size() + 1));
        return result;
    };
    CopiedUids result;
    std::vector<std::uint32_t> validity;
    const bool good = expandUidSet(word(), 1, validity) && validity.size() == 1 &&
                      expandUidSet(word(), asked.size(), result.from) &&
                      expandUidSet(word(), asked.size(), result.to) && !result.from.empty() &&
                      result.from.size() == result.to.size() &&
                      std::all_of(result.from.begin(), result.from.end(), [&](std::uint32_t uid) {
                          return std::binary_search(asked.begin(), asked.end(), uid);
                      });
    if (!good)
        return {};
    result.uidValidity = validity.front();
    return result;
}

void append(CopiedUids& to, const CopiedUids& part)
{
    if (part.uidValidity == 0)
        return;
    if (to.uidValidity != part.uidValidity) // the target was made anew meanwhile
        to = {};
    to.uidValidity = part.uidValidity;
    to.from.insert(to.from.end(), part.from.begin(), part.from.end());
    to.to.insert(to.to.end(), part.to.begin(), part.to.end());
}

Result<CopiedUids> transfer(ImapConnection& connection, const std::string& verb,
                            std::span<const std::uint32_t> uids, const std::string& mailbox)
{
    CopiedUids result;
    for (const UidPiece& piece : uidPieces(uids)) {
        const auto take = [&](const ImapStatus& status) {
            if (status.condition == ImapStatus::Condition::Ok && status.code == "COPYUID")
                append(result, parseCopied(status.arguments, piece.uids));
        };
        ImapCommand command("UID " + verb + " " + piece.set + " ");
        command.astring(mailbox);
        const auto status =
            connection.require(command, verb, [&](std::string_view untagged) -> Status {
                // MOVE says it before the messages go (RFC 6851 4.3).
                if (const auto early = parseImapStatus(untagged))
                    take(*early);
                return {};
            });
        if (!status)
            return tl::unexpected(status.error());
        take(*status);
    }
    return result;
}

} // namespace

Result<CopiedUids> ImapSession::copyMessages(std::span<const std::uint32_t> uids,
                                             const std::string& mailbox)
{
    return transfer(d->connection, "COPY", uids, mailbox);
}

Result<CopiedUids> ImapSession::moveMessages(std::span<const std::uint32_t> uids,
                                             const std::string& mailbox)
{
    if (!d->offers("MOVE"))
        return unsupported("MOVE");
    return transfer(d->connection, "MOVE", uids, mailbox);
}

Status ImapSession::expungeUids(std::span<const std::uint32_t> uids)
{
    if (!d->offers("UIDPLUS"))
        return unsupported("UIDPLUS");
    for (const UidPiece& piece : uidPieces(uids)) {
        const auto status =
            d->connection.require(ImapCommand("UID EXPUNGE " + piece.set), "EXPUNGE");
        if (!status)
            return tl::unexpected(status.error());
    }
    return {};
}

} // namespace avocet
