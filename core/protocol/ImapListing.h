// SPDX-License-Identifier: GPL-3.0-or-later
// LIST, LSUB, STATUS and NAMESPACE responses as values; whether they were asked for or not.
#pragma once

#include "core/protocol/ImapSession.h"

#include <string>
#include <string_view>

namespace avocet {

/// A mailbox's name as people read it: UTF-8, broken names escaped.
std::string shownPath(const std::string& mailbox);

/// Behind "LIST " or "LSUB ". `subscribed` is set where \Subscribed says so. False: malformed.
bool parseList(std::string_view text, ListedMailbox& into);
/// Behind "STATUS ". Sets the name, path and what STATUS said.
bool parseStatus(std::string_view text, ListedMailbox& into);
/// The counters and the id alone.
void copyStatus(const ListedMailbox& from, ListedMailbox& to);

/// Behind "NAMESPACE "; at most 1,000 entries are kept of each kind.
bool parseNamespaces(std::string_view text, Namespaces& into);

} // namespace avocet
