// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/CommandLine.h"
#include "app/ComposeRequest.h"

#include <QTemporaryFile>
#include <QTest>

using namespace avocet;
using namespace Qt::StringLiterals;

namespace {

QStringList words(const char* line)
{
    return QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts);
}

} // namespace

class CommandLineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatItDoesNotUnderstand_data();
    void refusesWhatItDoesNotUnderstand();
    void readsServerAddresses_data();
    void readsServerAddresses();
    void opensTheWindowWithoutACommand();
    void composesWithWhatWasNamed();
    void composesWithFilesThatAreThere();
    void takesAMailtoAddress();
    void takesAFileAsDesktopsNameIt();
    void takesTheProfileBeforeTheCommand();
    void addsAnAccountWithoutEverTakingAPasswordFromTheLine();
    void marksMayBeCombined();
    void sendReadsStandardInputForADash();
};

void CommandLineTest::refusesWhatItDoesNotUnderstand_data()
{
    QTest::addColumn<QString>("line");
    const auto row = [](const char* sentence, const char* line) {
        QTest::newRow(sentence) << QString::fromUtf8(line);
    };
    row("an unknown option", "--frobnicate");
    row("a command that is none and no file either", "snyc");
    row("a profile without a directory", "--profile");
    row("list without a folder", "list");
    row("show without an id", "show");
    row("an id that is no number", "show seven");
    row("an id below one", "show 0");
    row("show in two forms at once", "show 1 --json --raw");
    row("mark without a mark", "mark 1");
    row("marks that contradict each other", "mark 1 --read --unread");
    row("an outbox action that there is none of", "outbox explode 1");
    row("an outbox action without an id", "outbox retry");
    row("a time that is none", "send - --at soon");
    row("another time without one", "outbox at 3");
    row("an account action that there is none of", "account frob");
    row("a budget that is no number", "account metered 3 some");
    row("a budget below nothing", "account metered 3 -1");
    row("a budget for no account", "account metered all");
    row("an account without an address",
        "account add --imap imaps://h --smtp smtps://h --password-stdin");
    row("a password on the command line",
        "account add --email a@b.c --imap imaps://h --smtp smtps://h --password secret");
    row("the wrong protocol", "account add --email a@b.c --imap smtps://h --smtp smtps://h");
    row("too many files to send", "send a.eml b.eml");
    row("a limit that is no number", "list --folder INBOX --limit many");
}

void CommandLineTest::refusesWhatItDoesNotUnderstand()
{
    QFETCH(QString, line);
    const Invocation out = parseCommandLine(words(line.toUtf8().constData()));
    QVERIFY(out.kind == Invocation::Kind::BadUsage);
    QVERIFY(!out.problem.isEmpty());
}

void CommandLineTest::readsServerAddresses_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<int>("security");
    QTest::addColumn<int>("port");
    const auto row = [](const char* sentence, const char* url, const char* protocol,
                        Security security, int port) {
        QTest::newRow(sentence) << QString::fromUtf8(url) << QString::fromUtf8(protocol)
                                << static_cast<int>(security) << port;
    };
    row("TLS on its usual port", "imaps://h.example", "imap", Security::Tls, 993);
    row("TLS on another port", "imaps://h.example:1993", "imap", Security::Tls, 1993);
    row("STARTTLS", "imap+starttls://h.example", "imap", Security::StartTls, 143);
    row("plain text", "imap://localhost", "imap", Security::Plain, 143);
    row("submission with STARTTLS", "smtp+starttls://h.example", "smtp", Security::StartTls, 587);
    row("submission with TLS", "smtps://h.example/", "smtp", Security::Tls, 465);
}

void CommandLineTest::readsServerAddresses()
{
    QFETCH(QString, url);
    QFETCH(QString, protocol);
    QFETCH(int, security);
    QFETCH(int, port);
    const auto server = parseServerUrl(url, protocol);
    QVERIFY(server.has_value());
    QCOMPARE(static_cast<int>(server->security), security);
    QCOMPARE(static_cast<int>(server->port), port);
}

void CommandLineTest::composesWithWhatWasNamed()
{
    const Invocation out = parseCommandLine(
        {u"compose"_qs, u"--to"_qs, u"Anna <a@x.org>, b@x.org"_qs, u"--to"_qs, u"c@x.org"_qs,
         u"--cc=d@x.org"_qs, u"--bcc"_qs, u"e@x.org"_qs, u"--subject"_qs, u"Two\nlines"_qs,
         u"--body-file"_qs, u"-"_qs, u"--attach"_qs, u"a b.pdf"_qs, u"--attach"_qs, u"c"_qs});
    QVERIFY(out.kind == Invocation::Kind::Window);
    const auto request = ComposeRequest::fromArguments(out.arguments);
    QVERIFY(request);
    QCOMPARE(request->attach, (QStringList{u"a b.pdf"_qs, u"c"_qs}));
    QCOMPARE(request->bodyFile, u"-"_qs);
    const Draft draft = request->draft();
    QVERIFY(
        (draft.to == std::vector<Address>{{"Anna", "a@x.org"}, {"", "b@x.org"}, {"", "c@x.org"}}));
    QCOMPARE(draft.cc.at(0).address, std::string("d@x.org"));
    QCOMPARE(draft.bcc.at(0).address, std::string("e@x.org"));
    QCOMPARE(draft.subject, std::string("Two lines"));
    QVERIFY(parseCommandLine({u"compose"_qs}).kind == Invocation::Kind::Window);
    QVERIFY(parseCommandLine({u"compose"_qs, u"x"_qs}).kind == Invocation::Kind::BadUsage);
    QVERIFY(parseCommandLine({u"compose"_qs, u"--from"_qs, u"x"_qs}).kind ==
            Invocation::Kind::BadUsage);
    QVERIFY(!ComposeRequest::fromArguments({u"mailto:a@b.c"_qs}));
}

void CommandLineTest::composesWithFilesThatAreThere()
{
    QTemporaryDir folder;
    QFile text(folder.filePath(u"text"_qs));
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.write("One\r\nTw\xC3\xB6\x00\x07");
    text.close();
    ComposeRequest request;
    request.bodyFile = text.fileName();
    request.attach = {text.fileName()};
    QVERIFY(request.resolve().has_value());
    QCOMPARE(request.draft().text, std::string("One\nTw\xC3\xB6"));
    const auto there = ComposeRequest::fromArguments(request.arguments());
    QVERIFY(there);
    QCOMPARE(there->body, request.body);
    QVERIFY(there->bodyFile.isEmpty());
    request.attach = {folder.path()};
    QCOMPARE(request.resolve().error().code, ErrorCode::NotFound);
    request.attach.clear();
    request.bodyFile = folder.filePath(u"nothing"_qs);
    QCOMPARE(request.resolve().error().code, ErrorCode::NotFound);
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.resize(9 << 20);
    request.bodyFile = text.fileName();
    QCOMPARE(request.resolve().error().code, ErrorCode::TooLarge);
}

void CommandLineTest::opensTheWindowWithoutACommand()
{
    QVERIFY(parseCommandLine({}).kind == Invocation::Kind::Window);
}

void CommandLineTest::takesAMailtoAddress()
{
    const Invocation out = parseCommandLine({u"mailto:a@b.c?subject=x"_qs});
    QVERIFY(out.kind == Invocation::Kind::Window);
    QCOMPARE(out.arguments, QStringList{u"mailto:a@b.c?subject=x"_qs});
}

void CommandLineTest::takesAFileAsDesktopsNameIt()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    const Invocation out = parseCommandLine({u"file://"_qs + file.fileName()});
    QVERIFY(out.kind == Invocation::Kind::Window);
    QCOMPARE(out.arguments, QStringList{file.fileName()});
}

void CommandLineTest::takesTheProfileBeforeTheCommand()
{
    const Invocation out = parseCommandLine(words("--profile /tmp/p folders --json"));
    QVERIFY(out.kind == Invocation::Kind::Engine);
    QVERIFY(out.profile == "/tmp/p");
    QVERIFY(out.json);
}

void CommandLineTest::addsAnAccountWithoutEverTakingAPasswordFromTheLine()
{
    const Invocation out = parseCommandLine(
        words("account add --name Anna --email a@b.c --imap imaps://i --smtp smtps://s "
              "--password-stdin --no-verify-login"));
    QVERIFY(out.kind == Invocation::Kind::Engine);
    QVERIFY(out.input == Invocation::Input::PasswordLine);
    const auto& add = std::get<command::AddAccount>(out.command);
    QCOMPARE(add.account.user, std::string("a@b.c"));
    QCOMPARE(add.password, std::string());
    QVERIFY(!add.verify);
}

void CommandLineTest::marksMayBeCombined()
{
    const Invocation out = parseCommandLine(words("mark 1 2 --read --unstar --wait"));
    const auto& mark = std::get<command::Mark>(out.command);
    QCOMPARE(mark.messages.size(), std::size_t(2));
    QCOMPARE(mark.add, Flags(Flag::Seen));
    QCOMPARE(mark.remove, Flags(Flag::Flagged));
    QVERIFY(mark.wait);
}

void CommandLineTest::sendReadsStandardInputForADash()
{
    QVERIFY(parseCommandLine(words("send -")).input == Invocation::Input::Message);
    QVERIFY(parseCommandLine(words("send m.eml")).input == Invocation::Input::MessageFile);
}

QTEST_GUILESS_MAIN(CommandLineTest)
#include "CommandLineTest.moc"
