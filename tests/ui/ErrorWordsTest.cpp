// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/words/ErrorWords.h"
#include "ui/words/DateWords.h"

#include <QRegularExpression>
#include <QTest>
#include <QTimeZone>

using namespace avocet;

namespace {

struct Known {
    ErrorKind kind;
    ErrorCode code;
};

const std::vector<Known>& everything()
{
    using K = ErrorKind;
    using C = ErrorCode;
    static const std::vector<Known> all = {
        {K::Offline, C::None},
        {K::Offline, C::HostNotFound},
        {K::Offline, C::ConnectionRefused},
        {K::Offline, C::ConnectionLost},
        {K::Timeout, C::None},
        {K::Cancelled, C::None},
        {K::Tls, C::None},
        {K::Tls, C::CertificateUnknownIssuer},
        {K::Tls, C::CertificateSelfSigned},
        {K::Tls, C::CertificateWrongHost},
        {K::Tls, C::CertificateExpired},
        {K::Tls, C::CertificateNotYetValid},
        {K::Tls, C::CertificateChanged},
        {K::Tls, C::CertificateOther},
        {K::Tls, C::StartTlsMissing},
        {K::Tls, C::StartTlsRefused},
        {K::Tls, C::PlaintextInjected},
        {K::Tls, C::PreAuth},
        {K::Tls, C::PlaintextForbidden},
        {K::Tls, C::TlsHandshake},
        {K::Auth, C::None},
        {K::Auth, C::WrongPassword},
        {K::Auth, C::NoMechanism},
        {K::Auth, C::NoPassword},
        {K::Transient, C::None},
        {K::Transient, C::Uncertain},
        {K::Rejected, C::None},
        {K::Rejected, C::NoSuchFolder},
        {K::Rejected, C::NotFound},
        {K::Rejected, C::NoRecipients},
        {K::Rejected, C::TooLarge},
        {K::Rejected, C::InvalidInput},
        {K::Protocol, C::None},
        {K::Protocol, C::NotImap},
        {K::Protocol, C::NotSmtp},
        {K::Protocol, C::LimitExceeded},
        {K::Storage, C::None},
        {K::Storage, C::DiskFull},
        {K::Storage, C::Corrupt},
        {K::Storage, C::NewerVersion},
        {K::Storage, C::ProfileBusy},
        {K::Bug, C::None},
    };
    return all;
}

} // namespace

class ErrorWordsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhatBecameOfARefusedChange_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("count");
        QTest::addColumn<QString>("words");
        QTest::newRow("one message, by its subject")
            << int(ErrorCode::None) << 1
            << QStringLiteral(
                   "The server refused to change \u201cInvoices\u201d. It is back where it "
                   "was.");
        QTest::newRow("several") << int(ErrorCode::None) << 3
                                 << QStringLiteral("The server refused to change 3 messages. They "
                                                   "are back where they were.");
        QTest::newRow("a folder") << int(ErrorCode::None) << 0
                                  << QStringLiteral("The server refused to change a folder. The "
                                                    "folders are back as they were.");
        QTest::newRow("a folder whose name was taken meanwhile")
            << int(ErrorCode::AlreadyExists) << 0
            << QStringLiteral("There is a folder of that name already. The folders are back as "
                              "they were.");
        QTest::newRow("a target that is gone")
            << int(ErrorCode::NoSuchFolder) << 1
            << QStringLiteral("There is no folder of that name. The change to \u201cInvoices\u201d "
                              "was taken back.");
    }

    void saysWhatBecameOfARefusedChange()
    {
        QFETCH(int, code);
        QFETCH(int, count);
        QFETCH(QString, words);
        const Error error{ErrorKind::Rejected, "", "", static_cast<ErrorCode>(code), 0};
        QCOMPARE(refusalSentence(error, count, QStringLiteral("Invoices")), words);
    }

    void hasPlainWordsForEveryError_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("code");
        for (const Known& each : everything()) {
            QTest::addRow("kind %d, code %d", int(each.kind), int(each.code))
                << int(each.kind) << int(each.code);
        }
    }

    void hasPlainWordsForEveryError()
    {
        QFETCH(int, kind);
        QFETCH(int, code);
        Error error;
        error.kind = static_cast<ErrorKind>(kind);
        error.code = static_cast<ErrorCode>(code);
        error.detail = "SECRET-DETAIL";
        error.serverText = "5.1.1 SERVER-TEXT";
        error.reply = 550;
        static const QRegularExpression jargon(
            QStringLiteral(
                "\\b(IMAP|SMTP|TLS|SSL|STARTTLS|SASL|UID|MIME|DNS|RFC|socket|protocol|handshake|"
                "null|exception|errno|please|EHLO|PREAUTH)\\b|[!0-9]"),
            QRegularExpression::CaseInsensitiveOption);
        for (const QString& server : {QString(), QStringLiteral("mail.example.org")}) {
            const QString words = errorSentence(error, server);
            QVERIFY(words.size() > 10);
            QVERIFY2(words.size() < 160, qPrintable(words));
            QVERIFY2(words.endsWith(u'.'), qPrintable(words));
            QVERIFY2(!words.contains(u'%'), qPrintable(words));
            QVERIFY2(!words.contains(QStringLiteral("SECRET")) &&
                         !words.contains(QStringLiteral("SERVER")),
                     qPrintable(words));
            const QRegularExpressionMatch match = jargon.match(words);
            QVERIFY2(!match.hasMatch(), qPrintable(words));
        }
    }

    void tellsDifferentReasonsApart()
    {
        QSet<QString> said;
        for (const Known& each : everything()) {
            Error error;
            error.kind = each.kind;
            error.code = each.code;
            said.insert(errorSentence(error, {}));
        }
        // WrongPassword is Auth's plain case, PreAuth and injected plaintext look alike to people, and so do an
        // unnamed and an other certificate fault.
        QCOMPARE(said.size(), qsizetype(everything().size()) - 3);
    }

    void promisesAnotherTryOnlyWhereTheEngineMakesIt()
    {
        for (const ErrorKind kind : {ErrorKind::Timeout, ErrorKind::Transient}) {
            const Error error{kind, {}, {}, ErrorCode::None, 0};
            QVERIFY(errorSentence(error, {}, Retry::ByItself).contains(u"by itself"_qs));
            QVERIFY(!errorSentence(error, {}, Retry::ByUser).contains(u"by itself"_qs));
        }
    }

    void offersTheActionThatMends()
    {
        const auto action = [](ErrorKind kind, ErrorCode code) {
            return errorAction(Error{kind, {}, {}, code, 0});
        };
        QCOMPARE(action(ErrorKind::Auth, ErrorCode::WrongPassword), ErrorAction::EnterPassword);
        QCOMPARE(action(ErrorKind::Offline, ErrorCode::HostNotFound), ErrorAction::EditServers);
        QCOMPARE(action(ErrorKind::Timeout, ErrorCode::None), ErrorAction::TryAgain);
        QCOMPARE(action(ErrorKind::Transient, ErrorCode::Uncertain), ErrorAction::CheckAgain);
        QVERIFY(actionLabel(ErrorAction::None).isEmpty());
        QCOMPARE(actionLabel(ErrorAction::TryAgain), QStringLiteral("Try again"));
    }

    void keepsTheServersWordsForDetails()
    {
        const Error error{ErrorKind::Rejected, "from the log", "5.1.1 unknown user",
                          ErrorCode::None, 550};
        const QString details = errorDetails(error);
        QVERIFY(details.contains(QStringLiteral("5.1.1 unknown user")));
        QVERIFY(details.contains(QStringLiteral("550")));
    }

    void saysDatesAsPeopleDo_data()
    {
        QTest::addColumn<QDateTime>("when");
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("group");
        const auto at = [](int y, int m, int d, int h, int min) {
            return QDateTime(QDate(y, m, d), QTime(h, min));
        };
        QTest::newRow("this morning is a clock time")
            << at(2026, 10, 15, 8, 5) << QStringLiteral("08:05") << QStringLiteral("Today");
        QTest::newRow("yesterday evening is a day")
            << at(2026, 10, 14, 23, 59) << QStringLiteral("Wed") << QStringLiteral("Yesterday");
        QTest::newRow("six days ago is still a day")
            << at(2026, 10, 9, 12, 0) << QStringLiteral("Fri") << QStringLiteral("Last 7 days");
        QTest::newRow("a week ago is a date")
            << at(2026, 10, 8, 12, 0) << QStringLiteral("8 Oct") << QStringLiteral("October");
        QTest::newRow("last year has its year")
            << at(2025, 12, 31, 12, 0) << QStringLiteral("31 Dec 2025") << QStringLiteral("2025");
        QTest::newRow("the future has its date")
            << at(2026, 10, 20, 12, 0) << QStringLiteral("20 Oct") << QStringLiteral("Later");
    }

    void saysDatesAsPeopleDo()
    {
        QFETCH(QDateTime, when);
        QFETCH(QString, list);
        QFETCH(QString, group);
        const QDateTime now(QDate(2026, 10, 15), QTime(10, 0));
        const QLocale locale(QLocale::English, QLocale::UnitedKingdom);
        QCOMPARE(listDate(when.toSecsSinceEpoch(), now, locale), list);
        const DateGroup found = dateGroup(when.toSecsSinceEpoch(), now, locale);
        QCOMPARE(found.title, group);
        QVERIFY(found.from <= when.toSecsSinceEpoch());
    }

    void saysSizesAsPeopleDo()
    {
        const QLocale locale(QLocale::English);
        QCOMPARE(sizeWords(1'240'000, locale), QStringLiteral("1.2 MB"));
        QCOMPARE(sizeWords(38'000, locale), QStringLiteral("38 KB"));
        QCOMPARE(countWords(50'000, locale), QStringLiteral("50,000"));
    }
};

QTEST_MAIN(ErrorWordsTest)
#include "ErrorWordsTest.moc"
