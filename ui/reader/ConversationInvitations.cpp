// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ConversationInvitations.h"

#include "ui/reader/InvitationCard.h"
#include "ui/reader/InvitationWords.h"
#include "ui/reader/MessageCard.h"

namespace avocet {

namespace {

constexpr int mostLookedInto = 30; ///< folded messages of one conversation

bool isVersion(const MessageCard& card)
{
    if (!card.invitation()) {
        return false;
    }
    const InvitationMethod method = card.invitation()->method;
    return method == InvitationMethod::Request || method == InvitationMethod::Cancel ||
           method == InvitationMethod::Publish;
}

/// Of one meeting by one organizer, or a later one of the whole series. A stranger's file may have any UID: what was not
/// sent by the organizer takes back nothing.
bool isOfOneMeeting(const Invitation& earlier, const MessageCard& later)
{
    const Invitation& other = *later.invitation();
    const QString organizer = QString::fromStdString(earlier.organizer.address);
    return later.isInvitedByAuthor() && earlier.uid == other.uid &&
           organizer.compare(QString::fromStdString(other.organizer.address),
                             Qt::CaseInsensitive) == 0 &&
           (!other.recurrenceId ||
            (earlier.recurrenceId && earlier.recurrenceId->utc == other.recurrenceId->utc));
}

void relate(MessageCard& earlier, MessageCard& later)
{
    const Invitation& before = *earlier.invitation();
    const Invitation& now = *later.invitation();
    if (!isOfOneMeeting(before, later) || now.sequence < before.sequence || before.cancelled) {
        return;
    }
    if (InvitationCard* shown = earlier.invitationCard()) {
        if (now.cancelled) {
            shown->setSuperseded(InvitationCard::tr("This meeting was called off later."));
        } else if (now.sequence > before.sequence) {
            shown->setSuperseded(
                InvitationCard::tr("This was changed later; the newer invitation is below."));
        }
    }
    // A forged one before it says nothing of what the meeting was.
    if (InvitationCard* shown = later.invitationCard();
        shown && earlier.isInvitedByAuthor() && !now.cancelled && !before.recurrenceId) {
        shown->setChanges(changeWords(before, now));
    }
}

} // namespace

void relateInvitations(const QList<MessageCard*>& cards)
{
    int looked = 0;
    for (qsizetype i = cards.size() - 1; i >= 0 && looked < mostLookedInto; --i) {
        if (!cards[i]->opened()) {
            cards[i]->lookForInvitation();
            ++looked;
        }
    }
    for (qsizetype later = 0; later < cards.size(); ++later) {
        if (!isVersion(*cards[later])) {
            continue;
        }
        // In their order, so that the last one before it and the last one behind it have the word.
        for (qsizetype earlier = 0; earlier < later; ++earlier) {
            if (isVersion(*cards[earlier])) {
                relate(*cards[earlier], *cards[later]);
            }
        }
    }
}

} // namespace avocet
