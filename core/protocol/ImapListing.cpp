// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ImapListing.h"

#include "core/protocol/FolderRoles.h"
#include "core/protocol/ImapCursor.h"
#include "core/protocol/ImapStatus.h"
#include "core/protocol/ModifiedUtf7.h"

#include <algorithm>

namespace avocet {
namespace {

constexpr std::size_t maxNamespaces = 1000;

/// The one name without case (RFC 3501 5.1).
void setName(ListedMailbox& mailbox, std::string_view name)
{
    mailbox.mailbox = equalsNoCase(name, "INBOX") ? std::string_view("INBOX") : name;
    mailbox.path = shownPath(mailbox.mailbox);
}

bool parseEntries(ImapCursor& cursor, std::vector<Namespaces::Entry>& into)
{
    if (cursor.nil())
        return true;
    cursor.want('(');
    std::string store;
    while (!cursor.bad() && !cursor.eat(')')) {
        cursor.want('(');
        Namespaces::Entry entry;
        entry.prefix = cursor.string(store);
        const std::string_view delimiter = cursor.string(store);
        entry.delimiter = delimiter.empty() ? '\0' : delimiter.front();
        while (!cursor.bad() && !cursor.eat(')')) // extensions, RFC 2342 6
            cursor.skip();
        if (into.size() < maxNamespaces)
            into.push_back(std::move(entry));
    }
    return !cursor.bad();
}

} // namespace

std::string shownPath(const std::string& mailbox)
{
    std::string path = mailboxToUtf8(mailbox);
    // Raw UTF-8 is not allowed without UTF8=ACCEPT, but servers send it; people shall read it.
    const bool raw = std::any_of(mailbox.begin(), mailbox.end(),
                                 [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    return raw && isShowableUtf8(mailbox) ? mailbox : path;
}

bool parseList(std::string_view text, ListedMailbox& into)
{
    ImapCursor cursor(text);
    cursor.want('(');
    while (!cursor.bad() && !cursor.eat(')')) {
        const std::string_view attribute = cursor.atom();
        if (equalsNoCase(attribute, "\\Noselect") || equalsNoCase(attribute, "\\NonExistent"))
            into.selectable = false;
        else if (equalsNoCase(attribute, "\\Subscribed"))
            into.subscribed = true;
        else if (const auto role = roleOfAttribute(attribute))
            into.role = *role;
    }
    std::string store;
    const std::string_view delimiter = cursor.string(store);
    into.delimiter = delimiter.empty() ? '\0' : delimiter.front();
    setName(into, cursor.string(store));
    return !cursor.bad();
}

bool parseStatus(std::string_view text, ListedMailbox& into)
{
    ImapCursor cursor(text);
    std::string store;
    setName(into, cursor.string(store));
    cursor.want('(');
    while (!cursor.bad() && !cursor.eat(')')) {
        const std::string_view item = cursor.atom();
        if (equalsNoCase(item, "MESSAGES")) {
            into.messages = cursor.number32();
        } else if (equalsNoCase(item, "UNSEEN")) {
            into.unseen = cursor.number32();
        } else if (equalsNoCase(item, "UIDNEXT")) {
            into.uidNext = cursor.number32();
        } else if (equalsNoCase(item, "UIDVALIDITY")) {
            into.uidValidity = cursor.number32();
        } else if (equalsNoCase(item, "HIGHESTMODSEQ")) {
            into.highestModSeq = cursor.number();
        } else if (equalsNoCase(item, "MAILBOXID")) {
            cursor.want('(');
            cursor.copyString(into.mailboxId, maxMailboxId);
            cursor.want(')');
        } else {
            cursor.skip();
        }
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
    to.mailboxId = from.mailboxId;
}

bool parseNamespaces(std::string_view text, Namespaces& into)
{
    ImapCursor cursor(text);
    return parseEntries(cursor, into.personal) && parseEntries(cursor, into.others) &&
           parseEntries(cursor, into.shared);
}

} // namespace avocet
