// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession: LIST, STATUS, SELECT and CREATE.
#include "core/protocol/FolderRoles.h"
#include "core/protocol/ImapCursor.h"
#include "core/protocol/ImapSessionPrivate.h"
#include "core/protocol/ModifiedUtf7.h"

#include <algorithm>
#include <map>

namespace avocet {
namespace {

constexpr std::size_t maxMailboxes = 100'000;

Error malformed(std::string_view what)
{
    return Error{ErrorKind::Protocol,
                 "a malformed " + std::string(what) + " response",
                 {},
                 ErrorCode::None,
                 0};
}

std::string shown(const std::string& mailbox)
{
    std::string path = mailboxToUtf8(mailbox);
    // Raw UTF-8 is not allowed without UTF8=ACCEPT, but servers send it; people shall read it.
    const bool raw = std::any_of(mailbox.begin(), mailbox.end(),
                                 [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    return raw && isShowableUtf8(mailbox) ? mailbox : path;
}

/// Behind "LIST ".
bool parseList(std::string_view text, ListedMailbox& into)
{
    ImapCursor cursor(text);
    cursor.want('(');
    while (!cursor.bad() && !cursor.eat(')')) {
        const std::string_view attribute = cursor.atom();
        if (equalsNoCase(attribute, "\\Noselect") || equalsNoCase(attribute, "\\NonExistent"))
            into.selectable = false;
        else if (const auto role = roleOfAttribute(attribute))
            into.role = *role;
    }
    std::string store;
    const std::string_view delimiter = cursor.string(store);
    into.delimiter = delimiter.empty() ? '\0' : delimiter.front();
    into.mailbox = cursor.string(store);
    if (equalsNoCase(into.mailbox, "INBOX"))
        into.mailbox = "INBOX"; // the one name without case (RFC 3501 5.1)
    into.path = shown(into.mailbox);
    return !cursor.bad();
}

/// Behind "STATUS ".
bool parseStatus(std::string_view text, ListedMailbox& into)
{
    ImapCursor cursor(text);
    std::string store;
    into.mailbox = cursor.string(store);
    if (equalsNoCase(into.mailbox, "INBOX"))
        into.mailbox = "INBOX";
    cursor.want('(');
    while (!cursor.bad() && !cursor.eat(')')) {
        const std::string_view item = cursor.atom();
        if (equalsNoCase(item, "MESSAGES"))
            into.messages = cursor.number32();
        else if (equalsNoCase(item, "UNSEEN"))
            into.unseen = cursor.number32();
        else if (equalsNoCase(item, "UIDNEXT"))
            into.uidNext = cursor.number32();
        else if (equalsNoCase(item, "UIDVALIDITY"))
            into.uidValidity = cursor.number32();
        else if (equalsNoCase(item, "HIGHESTMODSEQ"))
            into.highestModSeq = cursor.number();
        else
            cursor.skip();
    }
    return !cursor.bad();
}

void copyStatus(const ListedMailbox& from, ListedMailbox& to)
{
    to.messages = from.messages;
    to.unseen = from.unseen;
    to.uidNext = from.uidNext;
    to.uidValidity = from.uidValidity;
    to.highestModSeq = from.highestModSeq;
}

struct Listing {
    std::vector<ListedMailbox> mailboxes;
    std::map<std::string, ListedMailbox, std::less<>> statuses;

    Status take(std::string_view untagged)
    {
        if (mailboxes.size() > maxMailboxes || statuses.size() > maxMailboxes)
            return fail(ErrorKind::Protocol, "too many mailboxes", ErrorCode::LimitExceeded);
        ListedMailbox entry;
        if (startsNoCase(untagged, "LIST ")) {
            if (!parseList(untagged.substr(5), entry))
                return tl::unexpected(malformed("LIST"));
            // Some servers list the separator's own answer or a name twice.
            const bool known = std::any_of(mailboxes.begin(), mailboxes.end(), [&](const auto& m) {
                return m.mailbox == entry.mailbox;
            });
            if (!entry.mailbox.empty() && !known)
                mailboxes.push_back(std::move(entry));
        } else if (startsNoCase(untagged, "STATUS ")) {
            if (parseStatus(untagged.substr(7), entry))
                statuses.insert_or_assign(entry.mailbox, entry);
        }
        return {};
    }
};

} // namespace

std::string ImapSession::Private::statusItems() const
{
    return connection.has("CONDSTORE") ? "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)"
                                       : "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)";
}

Result<std::vector<ListedMailbox>> ImapSession::listMailboxes()
{
    Listing listing;
    const auto take = [&](std::string_view untagged) { return listing.take(untagged); };
    ImapConnection& connection = d->connection;
    const bool rev2 = connection.has("IMAP4REV2");
    std::string options;
    if (connection.has("LIST-EXTENDED") || rev2) {
        if (connection.has("SPECIAL-USE") || rev2)
            options = "SPECIAL-USE";
        if (connection.has("LIST-STATUS") || rev2)
            options += (options.empty() ? "STATUS " : " STATUS ") + d->statusItems();
    }
    const auto plain = [&] {
        return connection.require(ImapCommand("LIST \"\" \"*\""), "LIST", take);
    };
    auto status = options.empty()
                      ? plain()
                      : connection.require(ImapCommand("LIST \"\" \"*\" RETURN (" + options + ")"),
                                           "LIST", take);
    if (!status && connection.alive() && !options.empty()) {
        listing = {};
        status = plain();
    }
    if (!status)
        return tl::unexpected(status.error());
    for (ListedMailbox& mailbox : listing.mailboxes) {
        const auto found = listing.statuses.find(mailbox.mailbox);
        if (found != listing.statuses.end())
            copyStatus(found->second, mailbox);
    }
    assignRolesByName(listing.mailboxes);
    return std::move(listing.mailboxes);
}

Result<ListedMailbox> ImapSession::status(const std::string& mailbox)
{
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
            copyStatus(entry, result);
            answered = true;
            return {};
        });
    if (!status)
        return tl::unexpected(status.error());
    if (!answered)
        return fail(ErrorKind::Rejected, "STATUS gave no answer");
    result.mailbox = mailbox;
    result.path = shown(mailbox);
    return result;
}

Result<SelectedMailbox> ImapSession::select(const std::string& mailbox, bool readOnly)
{
    ImapConnection& connection = d->connection;
    d->selected = false;
    d->condstore = connection.has("CONDSTORE");
    SelectedMailbox result;
    result.readOnly = readOnly;
    connection.change() = {};
    const auto number = [](std::string_view text) { return ImapCursor(text).number(); };
    const auto take = [&](std::string_view untagged) -> Status {
        const auto status = parseImapStatus(untagged);
        if (!status)
            return {};
        if (status->code == "UIDVALIDITY")
            result.uidValidity = ImapCursor(status->arguments).number32();
        else if (status->code == "UIDNEXT")
            result.uidNext = ImapCursor(status->arguments).number32();
        else if (status->code == "HIGHESTMODSEQ")
            result.highestModSeq = number(status->arguments);
        else if (status->code == "NOMODSEQ")
            d->condstore = false;
        else if (status->code == "CLOSED")
            connection.change() = {}; // what came before belongs to the mailbox left
        return {};
    };
    ImapCommand command(readOnly ? "EXAMINE " : "SELECT ");
    command.astring(mailbox);
    if (d->condstore)
        command.text(" (CONDSTORE)");
    const auto status = connection.run(command, take);
    if (!status)
        return tl::unexpected(status.error());
    if (status->condition != ImapStatus::Condition::Ok) {
        Error error = refusal(*status, "SELECT");
        // A bare NO is how most servers say that the mailbox is not there.
        if (error.kind == ErrorKind::Rejected && status->code.empty() &&
            status->condition == ImapStatus::Condition::No)
            error.code = ErrorCode::NoSuchFolder;
        return tl::unexpected(std::move(error));
    }
    if (status->code == "READ-ONLY")
        result.readOnly = true;
    result.exists = connection.change().exists.value_or(0);
    connection.change() = {};
    d->selected = true;
    return result;
}

Status ImapSession::createMailbox(const std::string& mailbox)
{
    ImapCommand command("CREATE ");
    command.astring(mailbox);
    const auto status = d->connection.require(command, "CREATE");
    if (!status)
        return tl::unexpected(status.error());
    return {};
}

} // namespace avocet
