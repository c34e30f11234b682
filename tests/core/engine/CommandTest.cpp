// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/Command.h"

#include <QJsonDocument>
#include <QTest>

using namespace avocet;

class CommandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCommandNameSurvivesTheRoundTrip();
    void keepsEveryFieldOfAnAccount();
    void keepsEveryFieldOfADraft();
    void keepsBytesThatAreNotUtf8();
    void keepsAnError();
    void refusesAnUnknownCommand();
    void refusesAnEmptyObject();
};

namespace {

template <std::size_t index = 0>
void checkAll()
{
    if constexpr (index < std::variant_size_v<Command>) {
        const Command command = std::variant_alternative_t<index, Command>{};
        const QJsonObject json = toJson(command);
        const auto read = commandFromJson(json);
        QVERIFY(read.has_value());
        QCOMPARE(read->index(), index);
        QCOMPARE(toJson(*read), json);
        checkAll<index + 1>();
    }
}

/// Through text, as on the socket.
template <class C>
C overTheWire(const C& command)
{
    const QByteArray text = QJsonDocument(toJson(Command(command))).toJson();
    auto read = commandFromJson(QJsonDocument::fromJson(text).object());
    return read ? std::get<C>(*read) : C{};
}

} // namespace

void CommandTest::everyCommandNameSurvivesTheRoundTrip()
{
    checkAll();
}

void CommandTest::keepsEveryFieldOfAnAccount()
{
    command::AddAccount add;
    add.account.id = AccountId{7};
    add.account.fullName = "Bjørn Åberg";
    add.account.email = "b@example.org";
    add.account.user = "bjorn";
    add.account.imap = {Security::StartTls, "imap.example.org", 143};
    add.account.smtp = {Security::Tls, "smtp.example.org", 465};
    add.account.caFile = "/etc/ca.pem";
    add.account.pins = {"imap.example.org:143=ab12", "second"};
    add.account.secretPlace = SecretPlace::File;
    add.account.enabled = false;
    add.password = "päss\"word";
    add.verify = false;
    const auto read = overTheWire(add);
    QCOMPARE(read.account.id, add.account.id);
    QCOMPARE(read.account.fullName, add.account.fullName);
    QCOMPARE(read.account.email, add.account.email);
    QCOMPARE(read.account.user, add.account.user);
    QVERIFY(read.account.imap == add.account.imap);
    QVERIFY(read.account.smtp == add.account.smtp);
    QCOMPARE(read.account.caFile, add.account.caFile);
    QVERIFY(read.account.pins == add.account.pins);
    QVERIFY(read.account.secretPlace == SecretPlace::File);
    QCOMPARE(read.account.enabled, false);
    QCOMPARE(read.password, add.password);
    QCOMPARE(read.verify, false);
}

void CommandTest::keepsEveryFieldOfADraft()
{
    command::SaveDraft save;
    Draft& draft = save.draft;
    draft.id = DraftId{3};
    draft.identity = IdentityId{2};
    draft.to = {{"Anna", "anna@x.org"}};
    draft.cc = {{"", "c@x.org"}};
    draft.bcc = {{"日本", "b@x.org"}};
    draft.subject = "Grüße";
    draft.text = "one\ntwo";
    draft.html = "<p>one</p>";
    draft.inReplyTo = "a@b";
    draft.references = {"1@x", "2@x"};
    draft.original = MessageId{1LL << 53};
    draft.forwards = true;
    draft.attachments = {
        {"a.bin", "application/octet-stream", std::string("\0\xff\x80", 3), "c@x"}};
    draft.changed = 1'700'000'000;
    const Draft read = overTheWire(save).draft;
    QCOMPARE(read.id, draft.id);
    QCOMPARE(read.identity, draft.identity);
    QVERIFY(read.to == draft.to && read.cc == draft.cc && read.bcc == draft.bcc);
    QCOMPARE(read.subject, draft.subject);
    QCOMPARE(read.text, draft.text);
    QCOMPARE(read.html, draft.html);
    QCOMPARE(read.inReplyTo, draft.inReplyTo);
    QVERIFY(read.references == draft.references);
    QCOMPARE(read.original, draft.original);
    QCOMPARE(read.forwards, true);
    QCOMPARE(read.attachments.size(), std::size_t(1));
    QCOMPARE(read.attachments[0].data, draft.attachments[0].data);
    QCOMPARE(read.attachments[0].contentId, std::string("c@x"));
    QCOMPARE(read.changed, draft.changed);
}

void CommandTest::keepsBytesThatAreNotUtf8()
{
    command::SendRaw send;
    for (int byte = 0; byte < 256; ++byte)
        send.message += static_cast<char>(byte);
    QCOMPARE(overTheWire(send).message, send.message);
}

void CommandTest::keepsAnError()
{
    const Error error{ErrorKind::Tls, "why", "server said", ErrorCode::CertificateExpired, 454};
    QVERIFY(errorFromJson(toJson(error)) == error);
}

void CommandTest::refusesAnUnknownCommand()
{
    const auto read = commandFromJson({{QStringLiteral("command"), QStringLiteral("explode")}});
    QVERIFY(!read);
    QVERIFY(read.error().code == ErrorCode::InvalidInput);
}

void CommandTest::refusesAnEmptyObject()
{
    QVERIFY(!commandFromJson({}));
}

QTEST_GUILESS_MAIN(CommandTest)
#include "CommandTest.moc"
