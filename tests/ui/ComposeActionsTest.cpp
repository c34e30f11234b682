// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeActions.h"
#include "core/mime/MessageReader.h"
#include "ui/compose/AttachmentReminder.h"
#include "ui/compose/DomainHint.h"
#include "ui/compose/SendChecks.h"

#include <QLocale>
#include <QTest>

using namespace avocet;

class ComposeActionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void repliesFromTheAddressedIdentity_data();
    void repliesFromTheAddressedIdentity();
    void answersAsTheAliasThatWasWrittenTo();
    void writesAnewAsWhoeverWroteIt();
    void asksForReportsAsTheSettingsSay();
    void asksOneQuestionForAll_data();
    void asksOneQuestionForAll();
    void noticesSlipsInLargeDomains_data();
    void noticesSlipsInLargeDomains();
    void quotesUnderAnAttribution();
    void putsNoNameIntoTheAttributionTwice();
    void forwardsWithTheOriginalMarked();
    void sendsAgainToThoseAloneWhoDidNotGetIt();
    void beginsANewMessageWithTheSignature();
    void takesSixFieldsFromAMailtoLink();
    void noticesAttachmentsInManyLanguages_data();
    void noticesAttachmentsInManyLanguages();
};

namespace {

const std::string raw = "From: Bjorn Hansen <bjorn@example.org>\r\n"
                        "To: Anna <anna@work.example>, Carl <carl@example.org>\r\n"
                        "Subject: Harbour\r\n"
                        "Message-ID: <1@example.org>\r\n"
                        "Date: Sun, 3 May 2026 14:02:00 +0000\r\n"
                        "\r\n"
                        "First line\r\nSecond line\r\n";

ComposeContext context(std::int64_t account)
{
    ComposeContext context;
    context.identities = {{IdentityId{1}, AccountId{1}, "Anna", "anna@home.example", "Home"},
                          {IdentityId{2}, AccountId{2}, "Anna B.", "info@work.example", ""},
                          {IdentityId{3}, AccountId{2}, "Anna B.", "anna@work.example", "Work"}};
    context.account = AccountId{account};
    return context;
}

OpenedMessage opened()
{
    OpenedMessage message;
    message.summary.id = MessageId{7};
    message.hasBody = true;
    message.raw = raw;
    message.parsed = readMessage(raw);
    return message;
}

} // namespace

void ComposeActionsTest::initTestCase()
{
    qputenv("TZ", "UTC");
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
}

void ComposeActionsTest::repliesFromTheAddressedIdentity_data()
{
    QTest::addColumn<int>("account");
    QTest::addColumn<int>("identity");
    QTest::newRow("the one that was written to, in its account") << 2 << 3;
    QTest::newRow("another account's where its own was not written to") << 1 << 3;
    QTest::newRow("any that was written to where the account is unknown") << 0 << 3;
}

void ComposeActionsTest::repliesFromTheAddressedIdentity()
{
    QFETCH(int, account);
    QFETCH(int, identity);
    const Draft draft = replyDraft(context(account), ReplyKind::Reply, opened());
    QCOMPARE(draft.identity, IdentityId{identity});
}

void ComposeActionsTest::answersAsTheAliasThatWasWrittenTo()
{
    ComposeContext answered = context(1);
    answered.identities[0].aliases = {"*@anna.example"};
    OpenedMessage message = opened();
    message.parsed.to = {{"", "shop@anna.example"}, {"", "bo@anna.example"}};
    message.parsed.cc.clear();
    Draft draft = replyDraft(answered, ReplyKind::ReplyAll, message);
    QCOMPARE(draft.identity, IdentityId{1});
    QCOMPARE(draft.from, std::string("shop@anna.example"));
    // A colleague at the same domain still gets the answer.
    QCOMPARE(draft.cc.size(), std::size_t{1});
    QCOMPARE(draft.cc.at(0).address, std::string("bo@anna.example"));
    // A blind copy is answered as what the server delivered it to.
    message.parsed.to = {{"", "list@lists.example"}};
    message.raw = "X-Original-To: club@anna.example\nDelivered-To: x@y.org\n\n";
    draft = replyDraft(answered, ReplyKind::Reply, message);
    QCOMPARE(draft.from, std::string("club@anna.example"));
}

void ComposeActionsTest::writesAnewAsWhoeverWroteIt()
{
    ComposeContext writing = context(2);
    writing.identities[0].aliases = {"*@anna.example"};
    OpenedMessage message = opened();
    message.raw = "From: shop@anna.example\r\nTo: bo@x.org\r\nIn-Reply-To: <1@x>\r\n"
                  "Disposition-Notification-To: shop@anna.example\r\nSubject: s\r\n\r\nwords\r\n";
    message.parsed = readMessage(message.raw);
    Draft draft = draftAsNew(writing, message);
    QCOMPARE(draft.identity, IdentityId{1});
    QCOMPARE(draft.from, std::string("shop@anna.example"));
    QVERIFY(draft.inReplyTo.empty());
    QVERIFY(draft.readReceipt);
    // What another wrote is written as oneself, and his wishes are not the user's.
    message.parsed.from = {{"", "who@else.example"}};
    draft = draftAsNew(writing, message);
    QCOMPARE(draft.identity, IdentityId{2});
    QVERIFY(draft.from.empty());
    QVERIFY(!draft.readReceipt);
}

void ComposeActionsTest::asksForReportsAsTheSettingsSay()
{
    ComposeContext asking = context(1);
    asking.settings.deliveryReport = asking.settings.readReceipt = true;
    for (const Draft& draft : {newDraft(asking), replyDraft(asking, ReplyKind::Reply, opened())})
        QVERIFY(draft.reportDelivery && draft.readReceipt);
    QVERIFY(!newDraft(context(1)).readReceipt);
}

void ComposeActionsTest::asksOneQuestionForAll_data()
{
    QTest::addColumn<bool>("noSubject");
    QTest::addColumn<bool>("attachmentMissing");
    QTest::addColumn<int>("people");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("offers");
    QTest::newRow("nothing to ask") << false << false << 14 << QString() << QString();
    QTest::newRow("no subject") << true << false << 1 << u"This message has no subject."_qs
                                << QString();
    QTest::newRow("an attachment")
        << false << true << 1 << u"You mention an attachment."_qs << u"attach"_qs;
    QTest::newRow("many people") << false << false << 15
                                 << u"All 15 recipients see each other's addresses."_qs
                                 << u"bcc"_qs;
    QTest::newRow("all of it") << true << true << 20
                               << u"There is no subject, and you mention an attachment. "
                                  "All 20 recipients see each other's addresses."_qs
                               << u"attach"_qs;
}

void ComposeActionsTest::asksOneQuestionForAll()
{
    QFETCH(bool, noSubject);
    QFETCH(bool, attachmentMissing);
    QFETCH(int, people);
    QFETCH(QString, words);
    QFETCH(QString, offers);
    const auto question = questionBeforeSending({noSubject, attachmentMissing, people, false});
    QCOMPARE(question.has_value(), !words.isEmpty());
    if (!question)
        return;
    QCOMPARE(question->words, words);
    QCOMPARE(question->offersAttach, offers == u"attach");
    QCOMPARE(question->offersBcc, offers == u"bcc");
}

void ComposeActionsTest::noticesSlipsInLargeDomains_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("likely");
    QTest::newRow("two letters swapped") << u"a@gmial.com"_qs << u"a@gmail.com"_qs;
    QTest::newRow("one left out") << u"a@gmal.com"_qs << u"a@gmail.com"_qs;
    QTest::newRow("one too many") << u"a@gmaill.com"_qs << u"a@gmail.com"_qs;
    QTest::newRow("a wrong ending") << u"a@gmail.con"_qs << u"a@gmail.com"_qs;
    QTest::newRow("a wrong letter") << u"A@Hotnail.com"_qs << u"A@hotmail.com"_qs;
    QTest::newRow("right") << u"a@gmail.com"_qs << QString();
    QTest::newRow("another provider") << u"a@mail.com"_qs << QString();
    QTest::newRow("two slips") << u"a@gmeil.co"_qs << QString();
    QTest::newRow("something else") << u"a@nordlys.example"_qs << QString();
    QTest::newRow("no address") << u"gmial.com"_qs << QString();
}

void ComposeActionsTest::noticesSlipsInLargeDomains()
{
    QFETCH(QString, address);
    QTEST(likelyAddress(address), "likely");
}

void ComposeActionsTest::quotesUnderAnAttribution()
{
    const Draft draft = replyDraft(context(2), ReplyKind::ReplyAll, opened());
    const QString text = QString::fromStdString(draft.text);
    QVERIFY2(text.startsWith(
                 u"\n\nOn Sunday, 3 May 2026 at 14:02, Bjorn Hansen wrote:\n> First line"_qs),
             qPrintable(text));
    QVERIFY2(text.endsWith(u"\n\n-- \nWork"_qs), qPrintable(text));
    QCOMPARE(draft.to.at(0).address, std::string("bjorn@example.org"));
    QCOMPARE(draft.subject, std::string("Re: Harbour"));
    QCOMPARE(draft.inReplyTo, std::string("1@example.org"));
    QCOMPARE(draft.original, MessageId{7});
    QVERIFY(!draft.forwards);
    for (const auto* list : {&draft.to, &draft.cc})
        for (const Address& address : *list)
            QVERIFY(address.address != "anna@work.example");
}

void ComposeActionsTest::putsNoNameIntoTheAttributionTwice()
{
    OpenedMessage message = opened();
    message.parsed.from = {{"%1 %2 %3", "odd@example.org"}};
    QCOMPARE(attribution(message), u"On Sunday, 3 May 2026 at 14:02, %1 %2 %3 wrote:"_qs);
    message.parsed.date.reset();
    QCOMPARE(attribution(message), u"%1 %2 %3 wrote:"_qs);
}

void ComposeActionsTest::forwardsWithTheOriginalMarked()
{
    const Draft draft = replyDraft(context(2), ReplyKind::Forward, opened());
    QVERIFY(draft.to.empty());
    QVERIFY(draft.forwards);
    QCOMPARE(draft.original, MessageId{7});
    QVERIFY(QString::fromStdString(draft.text).contains(u"First line\nSecond line"_qs));
}

void ComposeActionsTest::sendsAgainToThoseAloneWhoDidNotGetIt()
{
    OpenedMessage message = opened();
    message.parsed.to = {{"Bo", "bo@x.org"}, {"Cy", "cy@x.org"}};
    message.parsed.cc = {{"Di", "di@x.org"}};
    message.parsed.inReplyTo = "before@x.org";
    const Draft draft = draftToResend(context(1), message, {u"CY@x.org"_qs, u"blind@x.org"_qs});
    QCOMPARE(draft.to.size(), std::size_t{1});
    QCOMPARE(draft.to.front().name, std::string("Cy"));
    QVERIFY(draft.cc.empty());
    QCOMPARE(draft.bcc.size(), std::size_t{1});
    QCOMPARE(draft.bcc.front().address, std::string("blind@x.org"));
    QCOMPARE(draft.subject, message.parsed.subject);
    QCOMPARE(draft.inReplyTo, std::string("before@x.org"));
}

void ComposeActionsTest::beginsANewMessageWithTheSignature()
{
    const Draft draft = newDraft(context(2));
    QCOMPARE(draft.identity, IdentityId{2});
    QVERIFY(draft.text.empty()); // that identity has none
    QCOMPARE(newDraft(context(1)).text, std::string("\n\n-- \nHome"));
    QCOMPARE(newDraft({}).identity, IdentityId{});
}

void ComposeActionsTest::takesSixFieldsFromAMailtoLink()
{
    const auto draft =
        mailtoDraft(context(1), "mailto:a@x.org?subject=Hi&body=Text&attach=/etc/passwd");
    QVERIFY(draft);
    QCOMPARE(draft->identity, IdentityId{1});
    QCOMPARE(draft->text, std::string("Text\n\n-- \nHome"));
    QVERIFY(draft->attachments.empty());
    QVERIFY(!mailtoDraft(context(1), "https://x.org"));
}

void ComposeActionsTest::noticesAttachmentsInManyLanguages_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("noticed");
    const auto row = [](const char* name, const QString& text, bool noticed) {
        QTest::newRow(name) << text << noticed;
    };
    row("English", u"Please find attached the file."_qs, true);
    row("English, capitals", u"SEE ATTACHMENT"_qs, true);
    row("German", u"Im Anhang die Rechnung."_qs, true);
    row("German, with an umlaut", u"Die Datei ist angehängt."_qs, true);
    row("French", u"Voir la pièce jointe."_qs, true);
    row("Russian", u"Файл во вложении."_qs, true);
    row("Chinese", u"请见附件。"_qs, true);
    row("Japanese", u"ファイルを添付します。"_qs, true);
    row("part of a word", u"He was reattachedly happy."_qs, false);
    row("a quoted line", u"> the attached file"_qs, false);
    row("the signature", u"Hello\n-- \nattached to nothing"_qs, false);
    row("what stood there before", u"An earlier attachment line"_qs, false);
    row("nothing of it", u"Hello there"_qs, false);
}

void ComposeActionsTest::noticesAttachmentsInManyLanguages()
{
    QFETCH(QString, text);
    const QSet<QString> given = linesOf(u"An earlier attachment line\nRe: attached"_qs);
    QTEST(mentionsAttachment(u"Re: attached"_qs, text, given), "noticed");
    QVERIFY(mentionsAttachment(u"Attachment"_qs, {}, given));
}

QTEST_GUILESS_MAIN(ComposeActionsTest)
#include "ComposeActionsTest.moc"
