// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/SendChecks.h"

#include <QCoreApplication>

namespace avocet {

namespace {

QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("avocet::SendChecks", text, nullptr, n);
}

} // namespace

std::optional<SendQuestion> questionBeforeSending(const SendFacts& facts)
{
    const bool many = facts.visibleRecipients >= manyRecipients;
    if (!facts.noSubject && !facts.attachmentMissing && !many && facts.placeholder.isEmpty())
        return std::nullopt;
    SendQuestion question;
    question.offersFill = !facts.placeholder.isEmpty();
    question.offersAttach = facts.attachmentMissing && !question.offersFill;
    question.offersBcc = many && !facts.attachmentMissing && !question.offersFill;
    if (facts.attachmentMissing && facts.noSubject)
        question.words = tr("There is no subject, and you mention an attachment.");
    else if (facts.attachmentMissing)
        question.words = tr("You mention an attachment.");
    else if (facts.noSubject)
        question.words = tr("This message has no subject.");
    if (question.offersFill) {
        const QString open = tr("%1 is still to be filled in.").arg(facts.placeholder);
        question.words = question.words.isEmpty() ? open : open + u' ' + question.words;
    }
    if (many) {
        const QString people =
            facts.isReply
                ? tr("This reply goes to %n people, who see each other's addresses.",
                     facts.visibleRecipients)
                : tr("All %n recipients see each other's addresses.", facts.visibleRecipients);
        question.words += (question.words.isEmpty() ? QString() : QStringLiteral(" ")) + people;
    }
    return question;
}

SendFacts unanswered(SendFacts facts, const SendFacts& answered)
{
    facts.noSubject = facts.noSubject && !answered.noSubject;
    facts.attachmentMissing = facts.attachmentMissing && !answered.attachmentMissing;
    if (facts.visibleRecipients <= answered.visibleRecipients)
        facts.visibleRecipients = 0;
    if (facts.placeholder == answered.placeholder)
        facts.placeholder.clear();
    return facts;
}

} // namespace avocet
