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
    if (!facts.noSubject && !facts.attachmentMissing && !many)
        return std::nullopt;
    SendQuestion question;
    question.offersAttach = facts.attachmentMissing;
    question.offersBcc = many && !facts.attachmentMissing;
    if (facts.attachmentMissing && facts.noSubject)
        question.words = tr("There is no subject, and you mention an attachment.");
    else if (facts.attachmentMissing)
        question.words = tr("You mention an attachment.");
    else if (facts.noSubject)
        question.words = tr("This message has no subject.");
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
    return facts;
}

} // namespace avocet
