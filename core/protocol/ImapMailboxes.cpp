// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession: LIST, STATUS, NAMESPACE, and what makes and unmakes mailboxes.
#include "core/protocol/FolderRoles.h"
#include "core/protocol/ImapListing.h"
#include "core/protocol/ImapSessionPrivate.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace avocet {
namespace {

constexpr std::size_t maxMailboxes = 100'000;
constexpr std::size_t maxLines = 3 * maxMailboxes; // LIST and STATUS of each, and some twice
constexpr std::size_t fewMailboxes = 50;

Error malformed(std::string_view what)
{
    return Error{ErrorKind::Protocol,
                 "a malformed " + std::string(what) + " response",
                 {},
                 ErrorCode::None,
                 0};
}

bool isSameMailbox(std::string_view a, std::string_view b)
{
    return a == b || (equalsNoCase(a, "INBOX") && equalsNoCase(b, "INBOX"));
}

/// What LIST, LSUB and LIST-STATUS said so far.
struct Listing {
    std::vector<ListedMailbox> mailboxes;
    std::unordered_map<std::string, std::size_t> places; ///< in `mailboxes`
    std::map<std::string, ListedMailbox, std::less<>> statuses;
    std::unordered_set<std::string> subscribed;
    std::size_t lines = 0;

    Status take(std::string_view untagged)
    {
        if (++lines > maxLines ||
            std::max({mailboxes.size(), statuses.size(), subscribed.size()}) > maxMailboxes)
            return fail(ErrorKind::Protocol, "too many mailboxes", ErrorCode::LimitExceeded);
        ListedMailbox entry;
        if (startsNoCase(untagged, "LIST ")) {
            if (!parseList(untagged.substr(5), entry))
                return tl::unexpected(malformed("LIST"));
            // Some servers list the separator's own answer or a name twice.
            if (!entry.mailbox.empty() && places.emplace(entry.mailbox, mailboxes.size()).second)
                mailboxes.push_back(std::move(entry));
        } else if (startsNoCase(untagged, "STATUS ")) {
            if (parseStatus(untagged.substr(7), entry))
                statuses.insert_or_assign(entry.mailbox, entry);
        } else if (startsNoCase(untagged, "LSUB ")) {
            if (parseList(untagged.substr(5), entry))
                subscribed.insert(entry.mailbox);
        }
        return {};
    }

    void putTogether()
    {
        for (ListedMailbox& mailbox : mailboxes) {
            const auto found = statuses.find(mailbox.mailbox);
            if (found != statuses.end())
                copyStatus(found->second, mailbox);
        }
    }

    void setSubscribed(bool fromLsub)
    {
        for (ListedMailbox& mailbox : mailboxes)
            mailbox.subscribed = fromLsub ? subscribed.contains(mailbox.mailbox)
                                          : mailbox.subscribed.value_or(false);
    }
};

/// A command about mailboxes whose answer is the status alone.
Status order(ImapConnection& connection, const char* name, const ImapCommand& command)
{
    const auto status = connection.require(command, name);
    if (!status)
        return tl::unexpected(status.error());
    return {};
}

} // namespace

std::string ImapSession::Private::statusItems() const
{
    std::string items = "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY";
    if (offersCondstore())
        items += " HIGHESTMODSEQ";
    return items + ")";
}

Status ImapSession::Private::leave(const std::string& mailbox)
{
    if (!selected || !isSameMailbox(opened, mailbox))
        return {};
    selected = false;
    connection.forgetSelected();
    if (connection.has("UNSELECT") || connection.has("IMAP4REV2"))
        return order(connection, "UNSELECT", ImapCommand("UNSELECT"));
    // CLOSE would expunge; opening another one closes this one without.
    const bool inbox = isSameMailbox(mailbox, "INBOX");
    const auto status =
        connection.run(ImapCommand(inbox && readOnly ? "SELECT INBOX" : "EXAMINE INBOX"));
    connection.forgetSelected();
    return status ? Status{} : tl::unexpected(status.error());
}

/// The answer to the command that `wanted` names; NO to any of the others, which are questions about mailboxes that may
/// have gone meanwhile, is no error.
Result<ImapStatus> ImapSession::Private::answers(std::vector<std::string> tags,
                                                 const std::string& wanted,
                                                 const ImapConnection::Untagged& untagged)
{
    ImapStatus result;
    while (!tags.empty()) {
        auto response = connection.receive();
        if (!response)
            return tl::unexpected(response.error());
        if (!response->untagged.empty()) {
            if (auto taken = untagged(response->untagged); !taken) {
                connection.kill();
                return tl::unexpected(taken.error());
            }
        } else if (std::erase(tags, response->tag) == 0) {
            connection.kill();
            return fail(ErrorKind::Protocol, "an answer to nothing that was asked");
        } else if (response->tag == wanted) {
            result = std::move(response->status);
        }
    }
    return result;
}

/// All commands at once, the STATUS of the inbox before the list: Dovecot 2.3, whose list index leaves the inbox out
/// unless it is told otherwise, reads a Maildir inbox anew for a STATUS behind LIST or in it (50 ms at 100,000
/// messages), but not for one in front (0.9 ms for all; tests/bench/resync.py).
Result<ImapStatus> ImapSession::Private::listAndAsk(const ImapCommand& list,
                                                    const std::vector<std::string>& known,
                                                    const ImapConnection::Untagged& untagged)
{
    std::vector<std::string> tags;
    const auto send = [&](const ImapCommand& command) -> Status {
        auto tag = connection.send(command, untagged);
        if (!tag)
            return tl::unexpected(tag.error());
        tags.push_back(std::move(*tag));
        return {};
    };
    const auto ask = [&](bool inbox) -> Status {
        for (const std::string& mailbox : known) {
            if (isSameMailbox(mailbox, "INBOX") != inbox)
                continue;
            ImapCommand command("STATUS ");
            command.astring(mailbox).text(" " + statusItems());
            if (std::any_of(command.pieces().begin(), command.pieces().end(),
                            [](const auto& piece) { return piece.isLiteral; }))
                continue; // would wait for the server in the middle of the others
            if (auto sent = send(command); !sent)
                return sent;
        }
        return {};
    };
    if (auto sent = ask(true); !sent)
        return tl::unexpected(sent.error());
    if (auto sent = send(list); !sent)
        return tl::unexpected(sent.error());
    const std::string wanted = tags.back();
    if (auto sent = ask(false); !sent)
        return tl::unexpected(sent.error());
    return answers(std::move(tags), wanted, untagged);
}

Result<std::vector<ListedMailbox>> ImapSession::listMailboxes(bool withStatus,
                                                              const std::vector<std::string>& known)
{
    ImapConnection& connection = d->connection;
    const ExpectedListings expected(connection);
    Listing listing;
    const auto take = [&](std::string_view untagged) { return listing.take(untagged); };
    bool extended = d->offers("LIST-EXTENDED");
    if (extended) {
        std::string options = "SUBSCRIBED";
        if (d->offers("SPECIAL-USE"))
            options += " SPECIAL-USE";
        const bool statuses = withStatus && d->offers("LIST-STATUS");
        const bool few = statuses && !known.empty() && known.size() <= fewMailboxes;
        if (statuses && !few)
            options += " STATUS " + d->statusItems();
        const ImapCommand list("LIST \"\" \"*\" RETURN (" + options + ")");
        const auto status = few ? d->listAndAsk(list, known, take) : connection.run(list, take);
        if (!status)
            return tl::unexpected(status.error());
        if (status->condition !=
            ImapStatus::Condition::Ok) { // announced and refused: the old way then
            listing = {};
            extended = false;
        }
    }
    if (!extended) {
        const auto status = connection.require(ImapCommand("LIST \"\" \"*\""), "LIST", take);
        if (!status)
            return tl::unexpected(status.error());
        listing.subscribed.clear();
        const auto lsub = connection.require(ImapCommand("LSUB \"\" \"*\""), "LSUB", take);
        if (!lsub && !connection.alive())
            return tl::unexpected(lsub.error());
        if (lsub)
            listing.setSubscribed(true);
    } else {
        listing.setSubscribed(false);
    }
    listing.putTogether();
    assignRolesByName(listing.mailboxes);
    return std::move(listing.mailboxes);
}

Result<Namespaces> ImapSession::namespaces()
{
    Namespaces result;
    if (d->offers("NAMESPACE")) {
        const auto status = d->connection.require(
            ImapCommand("NAMESPACE"), "NAMESPACE", [&](std::string_view untagged) -> Status {
                if (startsNoCase(untagged, "NAMESPACE ") &&
                    !parseNamespaces(untagged.substr(10), result))
                    return tl::unexpected(malformed("NAMESPACE"));
                return {};
            });
        if (!status && !d->connection.alive())
            return tl::unexpected(status.error());
        if (status && !result.personal.empty())
            return result;
    }
    const ExpectedListings expected(d->connection);
    Namespaces::Entry entry;
    const auto status = d->connection.require(
        ImapCommand("LIST \"\" \"\""), "LIST", [&](std::string_view untagged) -> Status {
            ListedMailbox root;
            if (startsNoCase(untagged, "LIST ") && parseList(untagged.substr(5), root))
                entry.delimiter = root.delimiter;
            return {};
        });
    if (!status)
        return tl::unexpected(status.error());
    result.personal.push_back(std::move(entry));
    return result;
}

Result<ListedMailbox> ImapSession::status(const std::string& mailbox)
{
    const ExpectedListings expected(d->connection);
    ListedMailbox result;
    bool answered = false;
    ImapCommand command("STATUS ");
    command.astring(mailbox).text(" " + d->statusItems());
    const auto status =
        d->connection.require(command, "STATUS", [&](std::string_view untagged) -> Status {
            if (!startsNoCase(untagged, "STATUS "))
                return {};
            ListedMailbox entry;
            if (!parseStatus(untagged.substr(7), entry))
                return tl::unexpected(malformed("STATUS"));
            if (isSameMailbox(entry.mailbox, mailbox)) {
                copyStatus(entry, result);
                answered = true;
            } else { // news of another one, after NOTIFY
                d->connection.noteStatus(std::move(entry));
            }
            return {};
        });
    if (!status)
        return tl::unexpected(status.error());
    if (!answered)
        return fail(ErrorKind::Rejected, "STATUS gave no answer");
    result.mailbox = mailbox;
    result.path = shownPath(mailbox);
    return result;
}

Status ImapSession::createMailbox(const std::string& mailbox)
{
    return order(d->connection, "CREATE", ImapCommand("CREATE ").astring(mailbox));
}

Status ImapSession::renameMailbox(const std::string& from, const std::string& to)
{
    if (const auto left = d->leave(from); !left)
        return left;
    return order(d->connection, "RENAME",
                 ImapCommand("RENAME ").astring(from).text(" ").astring(to));
}

Status ImapSession::deleteMailbox(const std::string& mailbox)
{
    if (const auto left = d->leave(mailbox); !left)
        return left;
    return order(d->connection, "DELETE", ImapCommand("DELETE ").astring(mailbox));
}

Status ImapSession::subscribeMailbox(const std::string& mailbox, bool subscribed)
{
    const char* name = subscribed ? "SUBSCRIBE" : "UNSUBSCRIBE";
    return order(d->connection, name, ImapCommand(std::string(name) + " ").astring(mailbox));
}

} // namespace avocet
