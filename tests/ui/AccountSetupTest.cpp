// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accounts/AccountSetup.h"
#include "tests/ui/support/ProfileFixture.h"
#include "ui/accounts/AccountProblem.h"
#include "ui/accounts/FormField.h"
#include "ui/accounts/ProviderPresets.h"
#include "ui/accounts/ServerFields.h"
#include "ui/accounts/StepList.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"

#include <QComboBox>
#include <QTcpServer>

#include <memory>
#include <set>

using namespace avocet;

class AccountSetupTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsEachFailureBesideItsField_data();
    void showsEachFailureBesideItsField();
    void saysEachReasonInItsOwnWords();
    void opensTheManualFieldsForAGuessedServer();
    void asksForAnAppPasswordWhereTheProviderTakesNoOther();
    void offersTrustOnlyWithAFingerprint_data();
    void offersTrustOnlyWithAFingerprint();
    void marksWhatIsMissing();
    void refusesAnAccountThatIsThere();
    void guessesTheServers_data();
    void guessesTheServers();
    void holdsCompletePresets();
    void movesThePortWithTheSecurity();
    void showsARefusedConnectionOfARealServer();
    void cancelsASignInThatHangs();
    void keepsWhatIsNotShownWhenEditing();
    void namesEveryControl();
};

namespace {

using Field = AccountField;

Account triedAccount()
{
    Account account = suggestedAccount(u"Anna Berg"_qs, u"anna@example.org"_qs);
    return account;
}

void fillIn(AccountSetup& setup, const QString& email = u"anna@example.org"_qs)
{
    for (const auto& [field, text] :
         {std::pair(Field::Name, u"Anna Berg"_qs), std::pair(Field::Email, email),
          std::pair(Field::Password, u"secret"_qs)}) {
        auto* edit = qobject_cast<QLineEdit*>(setup.fieldFor(field)->field());
        edit->clear();
        QTest::keyClicks(edit, text);
    }
}

QLineEdit* edit(const AccountSetup& setup, Field field)
{
    return qobject_cast<QLineEdit*>(setup.fieldFor(field)->field());
}

struct Case {
    const char* name;
    ErrorKind kind;
    ErrorCode code;
    Field imapField;
    Field smtpField;
};

const std::vector<Case>& cases()
{
    using enum ErrorCode;
    static const std::vector<Case> all{
        {"the server's name is not known", ErrorKind::Offline, HostNotFound, Field::ImapHost,
         Field::SmtpHost},
        {"nobody listens on the port", ErrorKind::Offline, ConnectionRefused, Field::ImapPort,
         Field::SmtpPort},
        {"the connection breaks", ErrorKind::Offline, ConnectionLost, Field::ImapHost,
         Field::SmtpHost},
        {"the server does not answer", ErrorKind::Timeout, None, Field::ImapPort, Field::SmtpPort},
        {"the issuer is not known", ErrorKind::Tls, CertificateUnknownIssuer, Field::ImapHost,
         Field::SmtpHost},
        {"the certificate is self-signed", ErrorKind::Tls, CertificateSelfSigned, Field::ImapHost,
         Field::SmtpHost},
        {"the certificate is another host's", ErrorKind::Tls, CertificateWrongHost, Field::ImapHost,
         Field::SmtpHost},
        {"the certificate has expired", ErrorKind::Tls, CertificateExpired, Field::ImapHost,
         Field::SmtpHost},
        {"the certificate is not valid yet", ErrorKind::Tls, CertificateNotYetValid,
         Field::ImapHost, Field::SmtpHost},
        {"the trusted certificate has changed", ErrorKind::Tls, CertificateChanged, Field::ImapHost,
         Field::SmtpHost},
        {"no encryption is offered", ErrorKind::Tls, StartTlsMissing, Field::ImapSecurity,
         Field::SmtpSecurity},
        {"encryption is refused", ErrorKind::Tls, StartTlsRefused, Field::ImapSecurity,
         Field::SmtpSecurity},
        {"text is injected before encryption", ErrorKind::Tls, PlaintextInjected, Field::ImapHost,
         Field::SmtpHost},
        {"plain text to another host", ErrorKind::Tls, PlaintextForbidden, Field::ImapSecurity,
         Field::SmtpSecurity},
        {"the port speaks no encryption", ErrorKind::Tls, TlsHandshake, Field::ImapSecurity,
         Field::SmtpSecurity},
        {"the password is wrong", ErrorKind::Auth, WrongPassword, Field::Password, Field::Password},
        {"no way to sign in is known", ErrorKind::Auth, NoMechanism, Field::Password,
         Field::Password},
        {"it is no server for receiving", ErrorKind::Protocol, NotImap, Field::ImapPort,
         Field::SmtpPort},
        {"it is no server for sending", ErrorKind::Protocol, NotSmtp, Field::ImapPort,
         Field::SmtpPort},
    };
    return all;
}

} // namespace

void AccountSetupTest::showsEachFailureBesideItsField_data()
{
    QTest::addColumn<int>("row");
    int row = 0;
    for (const Case& each : cases())
        QTest::newRow(each.name) << row++;
}

void AccountSetupTest::showsEachFailureBesideItsField()
{
    QFETCH(int, row);
    const Case& tried = cases()[static_cast<std::size_t>(row)];
    ProfileFixture profile;
    AccountSetup setup(profile.engine());
    setup.show();
    fillIn(setup);
    for (const auto& [step, field] : {std::pair(SignInStep::Imap, tried.imapField),
                                      std::pair(SignInStep::Smtp, tried.smtpField)}) {
        setup.showProblem(Error{tried.kind, "why", "server text", tried.code, 0}, step);
        FormField* shown = setup.fieldFor(field);
        QVERIFY(shown);
        QVERIFY2(shown->hasProblem(), tried.name);
        QVERIFY(shown->isVisible());
        QCOMPARE(shown->field()->accessibleDescription(), shown->problem());
        int problems = 0;
        for (const FormField* each : setup.findChildren<FormField*>())
            problems += each->hasProblem() ? 1 : 0;
        QCOMPARE(problems, 1);
        QVERIFY(!shown->problem().contains(u'!'));
    }
}

void AccountSetupTest::saysEachReasonInItsOwnWords()
{
    std::set<QString> words;
    for (const Case& each : cases()) {
        const Error error{each.kind, "", "", each.code, 0};
        const AccountProblem problem =
            accountProblem(error, SignInStep::Imap, triedAccount(), false);
        QVERIFY2(!problem.words.isEmpty(), each.name);
        // Refused and no answer are the same to the user: the port does not answer.
        if (each.kind != ErrorKind::Timeout)
            QVERIFY2(words.insert(problem.words).second, each.name);
    }
    const Error refused{ErrorKind::Offline, "", "", ErrorCode::ConnectionRefused, 0};
    QCOMPARE(accountProblem(refused, SignInStep::Smtp, triedAccount(), false).words,
             u"smtp.example.org does not answer on port 465."_qs);
}

void AccountSetupTest::opensTheManualFieldsForAGuessedServer()
{
    ProfileFixture profile;
    AccountSetup setup(profile.engine());
    setup.show();
    fillIn(setup);
    QVERIFY(!setup.fieldFor(Field::ImapHost)->isVisible());
    setup.showProblem(Error{ErrorKind::Offline, "", "", ErrorCode::HostNotFound, 0},
                      SignInStep::Imap);
    QVERIFY(setup.fieldFor(Field::ImapHost)->isVisible());
    QCOMPARE(setup.fieldFor(Field::ImapHost)->problem(),
             u"No mail server found at example.org. Enter the server's name here."_qs);
    QCOMPARE(edit(setup, Field::ImapHost)->text(), u"imap.example.org"_qs);
    QCOMPARE(edit(setup, Field::SmtpPort)->text(), u"465"_qs);
}

void AccountSetupTest::asksForAnAppPasswordWhereTheProviderTakesNoOther()
{
    ProfileFixture profile;
    AccountSetup setup(profile.engine());
    setup.show();
    fillIn(setup, u"anna@gmail.com"_qs);
    setup.showProblem(Error{ErrorKind::Auth, "", "", ErrorCode::WrongPassword, 0},
                      SignInStep::Imap);
    QCOMPARE(setup.fieldFor(Field::Password)->problem(),
             u"Gmail needs an app password here. Make one on its web site."_qs);
    fillIn(setup, u"anna@outlook.com"_qs);
    setup.submit();
    QVERIFY(!setup.isBusy()); // no password is sent where none is taken
    QVERIFY(setup.fieldFor(Field::Email)->problem().startsWith(u"Outlook.com"_qs));
}

void AccountSetupTest::offersTrustOnlyWithAFingerprint_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("detail");
    QTest::addColumn<bool>("offered");
    const QByteArray digits(64, 'a');
    QTest::newRow("self-signed with a fingerprint")
        << int(ErrorCode::CertificateSelfSigned) << "sha256=" + digits + "; notAfter=x" << true;
    QTest::newRow("wrong host with a fingerprint")
        << int(ErrorCode::CertificateWrongHost) << "sha256=" + digits << true;
    QTest::newRow("self-signed without one")
        << int(ErrorCode::CertificateSelfSigned) << QByteArray("self-signed") << false;
    QTest::newRow("a shorter number")
        << int(ErrorCode::CertificateSelfSigned) << "serial " + digits.left(40) << false;
    QTest::newRow("a longer number")
        << int(ErrorCode::CertificateSelfSigned) << digits + "ab" << false;
    QTest::newRow("injected plain text")
        << int(ErrorCode::PlaintextInjected) << "sha256=" + digits << false;
}

/// Case S7.
void AccountSetupTest::offersTrustOnlyWithAFingerprint()
{
    QFETCH(int, code);
    QFETCH(QByteArray, detail);
    QFETCH(bool, offered);
    const Error error{ErrorKind::Tls, detail.toStdString(), "", static_cast<ErrorCode>(code), 0};
    const AccountProblem problem = accountProblem(error, SignInStep::Imap, triedAccount(), false);
    QCOMPARE(!problem.pin.empty(), offered);
    if (offered)
        QCOMPARE(problem.pin, "imap.example.org:993=" + std::string(64, 'a'));
    ProfileFixture profile;
    AccountSetup setup(profile.engine());
    setup.show();
    fillIn(setup);
    setup.showProblem(error, SignInStep::Imap);
    bool found = false;
    for (const Button* button : setup.findChildren<Button*>())
        found |= button->text() == u"Trust this certificate"_qs;
    QCOMPARE(found, offered);
}

void AccountSetupTest::marksWhatIsMissing()
{
    ProfileFixture profile;
    AccountSetup setup(profile.engine());
    setup.show();
    setup.submit();
    QVERIFY(!setup.isBusy());
    for (const Field field : {Field::Name, Field::Email, Field::Password})
        QVERIFY(setup.fieldFor(field)->hasProblem());
    QTest::keyClicks(edit(setup, Field::Email), u"a"_qs);
    QVERIFY(!setup.fieldFor(Field::Email)->hasProblem()); // it is being mended
    setup.showManual(true);
    edit(setup, Field::ImapHost)->setText(u"not a host"_qs);
    edit(setup, Field::SmtpPort)->setText(QString());
    setup.submit();
    QVERIFY(setup.fieldFor(Field::ImapHost)->hasProblem());
    QVERIFY(setup.fieldFor(Field::SmtpPort)->hasProblem());
}

void AccountSetupTest::refusesAnAccountThatIsThere()
{
    ProfileFixture profile;
    profile.addAccount("anna@example.org");
    AccountSetup setup(profile.engine());
    fillIn(setup, u"Anna@Example.org"_qs);
    setup.submit();
    QCOMPARE(setup.fieldFor(Field::Email)->problem(), u"This account is set up already."_qs);
}

void AccountSetupTest::guessesTheServers_data()
{
    QTest::addColumn<QString>("email");
    QTest::addColumn<QString>("imap");
    QTest::addColumn<QString>("smtp");
    QTest::addColumn<QString>("user");
    const auto row = [](const char* name, const char* email, const char* imap, const char* smtp,
                        const char* user) {
        QTest::newRow(name) << QString::fromUtf8(email) << QString::fromUtf8(imap)
                            << QString::fromUtf8(smtp) << QString::fromUtf8(user);
    };
    row("a provider that is known", "anna@GMX.net", "imap.gmx.net:993", "mail.gmx.net:465",
        "anna@GMX.net");
    row("one with its own user names", "anna@icloud.com", "imap.mail.me.com:993",
        "smtp.mail.me.com:587", "anna");
    row("a local bridge", "anna@proton.me", "127.0.0.1:1143", "127.0.0.1:1025", "anna@proton.me");
    row("any other domain", "anna@example.org", "imap.example.org:993", "smtp.example.org:465",
        "anna@example.org");
    row("an international domain", "anna@bücher.example", "imap.xn--bcher-kva.example:993",
        "smtp.xn--bcher-kva.example:465", "anna@bücher.example");
}

void AccountSetupTest::guessesTheServers()
{
    QFETCH(QString, email);
    const Account account = suggestedAccount(u"Anna"_qs, email);
    const auto text = [](const ServerSettings& server) {
        return QString::fromStdString(server.host) + u':' + QString::number(server.port);
    };
    QTEST(text(account.imap), "imap");
    QTEST(text(account.smtp), "smtp");
    QTEST(QString::fromStdString(account.user), "user");
}

void AccountSetupTest::holdsCompletePresets()
{
    QVERIFY(builtInPresets().size() >= 10);
    std::set<QString> domains;
    for (const ProviderPreset& preset : builtInPresets()) {
        for (const QString& domain : preset.domains)
            QVERIFY2(domains.insert(domain).second, qPrintable(domain));
        QVERIFY(preset.imap.security != Security::Plain);
        QVERIFY(preset.smtp.security != Security::Plain);
    }
    QVERIFY(parsePresets("{\"providers\":[{\"name\":\"half\"}]}").empty());
    QVERIFY(parsePresets("nonsense").empty());
}

void AccountSetupTest::movesThePortWithTheSecurity()
{
    ServerFields servers;
    servers.setAccount(triedAccount());
    auto* security = qobject_cast<QComboBox*>(servers.fieldFor(Field::SmtpSecurity)->field());
    auto* port = qobject_cast<QLineEdit*>(servers.fieldFor(Field::SmtpPort)->field());
    const auto choose = [&](Security wanted) {
        security->setCurrentIndex(security->findData(static_cast<int>(wanted)));
        Q_EMIT security->activated(security->currentIndex());
    };
    choose(Security::StartTls);
    QCOMPARE(port->text(), u"587"_qs);
    choose(Security::Tls);
    QCOMPARE(port->text(), u"465"_qs);
    port->setText(u"2525"_qs);
    choose(Security::StartTls);
    QCOMPARE(port->text(), u"2525"_qs); // the user's own stays
}

void AccountSetupTest::showsARefusedConnectionOfARealServer()
{
    quint16 freePort = 0;
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        freePort = server.serverPort();
    }
    ProfileFixture profile;
    AccountSetup setup(profile.engine());
    setup.show();
    fillIn(setup);
    setup.showManual(true);
    edit(setup, Field::ImapHost)->setText(u"127.0.0.1"_qs);
    edit(setup, Field::ImapPort)->setText(QString::number(freePort));
    setup.submit();
    QVERIFY(setup.isBusy());
    QTRY_VERIFY_WITH_TIMEOUT(!setup.isBusy(), 20'000);
    QCOMPARE(setup.fieldFor(Field::ImapPort)->problem(),
             QStringLiteral("127.0.0.1 does not answer on port %1.").arg(freePort));
    QVERIFY(profile.engine().queries().accounts().empty());
    QCOMPARE(edit(setup, Field::Password)->text(), u"secret"_qs);
}

void AccountSetupTest::cancelsASignInThatHangs()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    ProfileFixture profile;
    AccountSetup setup(profile.engine());
    setup.show();
    fillIn(setup);
    setup.showManual(true);
    edit(setup, Field::ImapHost)->setText(u"127.0.0.1"_qs);
    edit(setup, Field::ImapPort)->setText(QString::number(silent.serverPort()));
    setup.submit();
    QTRY_VERIFY(silent.hasPendingConnections());
    QVERIFY(setup.isBusy());
    QCOMPARE(setup.findChild<StepList*>()->state(0), StepState::Running);
    QSignalSpy left(&setup, &AccountSetup::cancelled);
    setup.cancel();
    QVERIFY(!setup.isBusy());
    QVERIFY(left.isEmpty()); // the form stays, filled in
    QCOMPARE(edit(setup, Field::Email)->text(), u"anna@example.org"_qs);
}

void AccountSetupTest::keepsWhatIsNotShownWhenEditing()
{
    ProfileFixture profile;
    profile.addAccount("anna@example.org");
    const Account account = profile.engine().queries().accounts().front();
    AccountSetup setup(profile.engine());
    setup.editAccount(account);
    setup.show();
    QCOMPARE(edit(setup, Field::Name)->text(), u"Anna Berg"_qs);
    QCOMPARE(edit(setup, Field::ImapHost)->text(), u"imap.invalid"_qs);
    QVERIFY(edit(setup, Field::Password)->text().isEmpty()); // never shown again
    QTest::keyClicks(edit(setup, Field::Email), u"x"_qs);
    QCOMPARE(edit(setup, Field::ImapHost)->text(), u"imap.invalid"_qs); // no new guess
}

void AccountSetupTest::namesEveryControl()
{
    ProfileFixture profile;
    AccountSetup setup(profile.engine());
    setup.show();
    setup.showManual(true);
    setup.findChild<ServerFields*>()->showAdvanced(true);
    for (QWidget* widget : setup.findChildren<QWidget*>())
        if (widget->focusPolicy() != Qt::NoFocus && widget->isVisible() && !widget->focusProxy()) {
            const auto* button = qobject_cast<QAbstractButton*>(widget);
            const bool named = !widget->accessibleName().isEmpty() ||
                               (button && !(button->text() + button->toolTip()).isEmpty());
            QVERIFY2(named, widget->metaObject()->className());
        }
}

QTEST_MAIN(AccountSetupTest)
#include "AccountSetupTest.moc"
