// SPDX-License-Identifier: GPL-3.0-or-later
// Invitations to one meeting within a conversation: which of them still counts, and what the last one changed.
#pragma once

#include <QList>

namespace avocet {

class MessageCard;

/// `cards`, oldest first, where one of them was found to hold an invitation. Folded ones are looked into, too.
void relateInvitations(const QList<MessageCard*>& cards);

} // namespace avocet
