// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/words/SmtpWords.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <array>

namespace avocet {

namespace {

struct Reason {
    const char* code; ///< without the class
    const char* words;
};

constexpr std::array reasons{
    Reason{"1.1", QT_TRANSLATE_NOOP("SmtpWords", "there is no such address")},
    Reason{"1.2", QT_TRANSLATE_NOOP("SmtpWords", "there is no such mail domain")},
    Reason{"1.3", QT_TRANSLATE_NOOP("SmtpWords", "the address is not written correctly")},
    Reason{"1.6", QT_TRANSLATE_NOOP("SmtpWords", "the mailbox has moved")},
    Reason{"1.7", QT_TRANSLATE_NOOP("SmtpWords", "your own address is not written correctly")},
    Reason{"1.8", QT_TRANSLATE_NOOP("SmtpWords", "the server does not know your mail domain")},
    Reason{"1.10", QT_TRANSLATE_NOOP("SmtpWords", "this domain takes no mail")},
    Reason{"2.0", QT_TRANSLATE_NOOP("SmtpWords", "something is wrong with the mailbox")},
    Reason{"2.1", QT_TRANSLATE_NOOP("SmtpWords", "the mailbox is closed")},
    Reason{"2.2", QT_TRANSLATE_NOOP("SmtpWords", "the mailbox is full")},
    Reason{"2.3", QT_TRANSLATE_NOOP("SmtpWords", "the message is too large for this mailbox")},
    Reason{"2.4", QT_TRANSLATE_NOOP("SmtpWords", "the mailing list could not pass it on")},
    Reason{"3.1", QT_TRANSLATE_NOOP("SmtpWords", "the mail server's disk is full")},
    Reason{"3.2", QT_TRANSLATE_NOOP("SmtpWords", "the mail server takes nothing just now")},
    Reason{"3.4", QT_TRANSLATE_NOOP("SmtpWords", "the message is too large for the server")},
    Reason{"4.1", QT_TRANSLATE_NOOP("SmtpWords", "the other mail server does not answer")},
    Reason{"4.2", QT_TRANSLATE_NOOP("SmtpWords", "the connection to the other server broke")},
    Reason{"4.3", QT_TRANSLATE_NOOP("SmtpWords", "a directory that the server needs is down")},
    Reason{"4.4", QT_TRANSLATE_NOOP("SmtpWords", "the server finds no way to that domain")},
    Reason{"4.5", QT_TRANSLATE_NOOP("SmtpWords", "the mail server is too busy")},
    Reason{"4.6", QT_TRANSLATE_NOOP("SmtpWords", "the message went round in circles")},
    Reason{"4.7", QT_TRANSLATE_NOOP("SmtpWords", "it took too long to deliver")},
    Reason{"5.3", QT_TRANSLATE_NOOP("SmtpWords", "it has too many recipients")},
    Reason{"6.1", QT_TRANSLATE_NOOP("SmtpWords", "the server does not take this kind of content")},
    Reason{"6.7", QT_TRANSLATE_NOOP("SmtpWords", "the server takes no such international address")},
    Reason{"7.0", QT_TRANSLATE_NOOP("SmtpWords", "the server's rules forbid it")},
    Reason{"7.1", QT_TRANSLATE_NOOP("SmtpWords", "the server does not take mail from you")},
    Reason{"7.2", QT_TRANSLATE_NOOP("SmtpWords", "you may not write to this mailing list")},
    Reason{"7.8", QT_TRANSLATE_NOOP("SmtpWords", "the server did not accept the password")},
    Reason{"7.26", QT_TRANSLATE_NOOP("SmtpWords", "the server could not tell that it is from you")},
};

/// For servers that say no more than three digits, whatever these are about.
constexpr std::array replies{
    Reason{"421", QT_TRANSLATE_NOOP("SmtpWords", "the mail server is closing")},
    Reason{"451", QT_TRANSLATE_NOOP("SmtpWords", "the mail server met a problem")},
    Reason{"452", QT_TRANSLATE_NOOP("SmtpWords", "the mail server's disk is full")},
};

/// The same as an answer to RCPT.
constexpr std::array recipientReplies{
    Reason{"450", QT_TRANSLATE_NOOP("SmtpWords", "the mailbox is busy")},
    Reason{"550", QT_TRANSLATE_NOOP("SmtpWords", "the mailbox is not available")},
    Reason{"552", QT_TRANSLATE_NOOP("SmtpWords", "it needs more room than there is")},
    Reason{"553", QT_TRANSLATE_NOOP("SmtpWords", "the address is not allowed")},
};

template <class Table>
QString wordsIn(const Table& table, const QString& code)
{
    for (const Reason& reason : table)
        if (code == QLatin1String(reason.code))
            return QCoreApplication::translate("SmtpWords", reason.words);
    return {};
}

} // namespace

QString smtpReason(const QString& reply, SmtpSubject subject)
{
    // Known by no code: servers that have not met a sender yet say any of 4.2.0, 4.7.0 and 4.7.1.
    static const QRegularExpression greylisted(QStringLiteral("gr[ae]y-?list"),
                                               QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression enhanced(
        QStringLiteral("(?:^|[ \\-])([245])\\.(\\d{1,3}\\.\\d{1,3})(?:\\s|$)"));
    const auto match = enhanced.match(reply);
    const bool waits = match.hasMatch() ? match.captured(1) == u'4' : reply.startsWith(u'4');
    if (waits && greylisted.match(reply).hasMatch())
        return QCoreApplication::translate("SmtpWords", "the server lets new senders wait");
    QString code = match.captured(2);
    if (waits && code.startsWith(QLatin1String("7.")))
        return QCoreApplication::translate("SmtpWords", "the server wants us to try again later");
    if (waits && code.startsWith(QLatin1String("1."))) // not yet known is not unknown
        code.clear();
    if (subject == SmtpSubject::Message && code == QLatin1String("7.1"))
        code = QStringLiteral("7.0"); // of the content as often as of the sender
    if (const QString words = wordsIn(reasons, code); !words.isEmpty())
        return words;
    const QString digits = reply.left(3);
    if (const QString words = wordsIn(replies, digits);
        !words.isEmpty() || subject == SmtpSubject::Message)
        return words;
    return wordsIn(recipientReplies, digits);
}

} // namespace avocet
