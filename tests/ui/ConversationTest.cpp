// SPDX-License-Identifier: GPL-3.0-or-later
#include "ConversationBench.h"

#include "core/engine/Stores.h"
#include "ui/reader/FindBar.h"
#include "ui/reader/FoldedLine.h"
#include "ui/reader/InvitationCard.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/MessageCard.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/PrintedConversation.h"
#include "ui/reader/ReaderWindow.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextDocument>
#include <QToolButton>

#include <functional>
#include <memory>
#include <span>

using namespace avocet;
using Bench = ConversationBench;

using Change = std::function<void(NewMessage&, std::string&)>;

class ConversationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }
    void opensTheSelectedAndTheUnreadOnes();
    void foldsALongRunOfReadMessages();
    void showsWhatWasSentAmongWhatCame();
    void bringsTheSelectedOneToTheTop();
    void staysWhereAnotherMessageOfItIsSelected();
    void loadsAFoldedMessageOnlyOnceItIsOpened();
    void opensAMessageWhereItsLineWas();
    void readsEachMessageOnce();
    void stepsThroughTheMessagesByKey();
    void foldsAndOpensByKey();
    void appendsNewMailWithoutScrolling();
    void showsOneMailOfTwoFoldersOnce();
    void aRepeatedIdHidesNoOtherMail_data();
    void aRepeatedIdHidesNoOtherMail();
    void dropsWhatIsDeletedAndKeepsTheRest();
    void followsFlags();
    void marksReadWhatIsInView();
    void leavesUnreadWhatAnotherWindowCovers();
    void leavesUnreadWhatWasMarkedUnread();
    void actsOnTheMessageWithTheFocus();
    void actsOnTheWholeConversationInItsFolder();
    void aSingleMessageDoesNotFold();
    void boundsAHugeConversation();
    void opensABoundedNumberAtOnce();
    void opensABoundedSizeAtOnce();
    void showsWhoseALinkIs_data();
    void showsWhoseALinkIs();
    void findsWordsInOpenAndFoldedMessages();
    void goesThroughThePlacesInOrder();
    void showsTextInTheSizeThatIsWished();
    void showsHowFarALargeMessageIsAndStops();
    void saysWhyALinkIsNotOpened();
    void answersAnInvitation();
    void printsWhatIsOpenAndCountsTheRest();
    void savesAPdf();
    void opensInAWindowOfItsOwn();
    void everyPartHasANameForThoseWhoHearIt();
    void tabGoesDownThePage();
};

void ConversationTest::opensTheSelectedAndTheUnreadOnes()
{
    Bench bench;
    QVERIFY(bench.open(6));
    QCOMPARE(bench.openMessages(), (QList<MessageId>{bench.at(6), bench.at(7), bench.at(8)}));
    QTRY_VERIFY(bench.text(8).contains(QStringLiteral("sign on Friday")));
    QVERIFY(bench.text(6).contains(QStringLiteral("Their offer")));
    QCOMPARE(bench.reader->message(), bench.at(6));
    QCOMPARE(bench.view().count(), 9);
}

void ConversationTest::foldsALongRunOfReadMessages()
{
    Bench bench;
    QVERIFY(bench.open(8));
    // Seven read ones before: the first, a line for five, the last.
    QVERIFY(bench.run());
    QCOMPARE(bench.run()->text(), QStringLiteral("5 older messages"));
    QCOMPARE(bench.view().cards().size(), 4);
    QTest::mouseClick(bench.run(), Qt::LeftButton);
    QTRY_VERIFY(!bench.run());
    QCOMPARE(bench.view().cards().size(), 9);
    QList<MessageId> order;
    for (MessageCard* card : bench.view().cards()) {
        order.append(card->message());
    }
    QCOMPARE(order, QList<MessageId>(bench.conversation.messages.begin(),
                                     bench.conversation.messages.end()));
}

void ConversationTest::bringsTheSelectedOneToTheTop()
{
    Bench bench;
    bench.reader->resize(500, 420);
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.view().card(bench.at(7))->opened());
    const MessageCard* card = bench.view().card(bench.at(8));
    QTRY_VERIFY(card->height() > 200);
    QTRY_VERIFY(card->mapTo(&bench.view(), QPoint(0, 0)).y() <= 48);
    QVERIFY(card->mapTo(&bench.view(), QPoint(0, 0)).y() >= 0);
}

void ConversationTest::showsWhatWasSentAmongWhatCame()
{
    Bench bench;
    QVERIFY(bench.open(1));
    QCOMPARE(bench.view().card(bench.at(1))->folder(), bench.sample.sent);
    QCOMPARE(bench.view().card(bench.at(0))->folder(), bench.conversation.folder);
}

void ConversationTest::staysWhereAnotherMessageOfItIsSelected()
{
    Bench bench;
    QVERIFY(bench.open(8));
    const QPointer<MessageCard> before = bench.view().card(bench.at(8));
    bench.reader->showMessage(bench.conversation.folder, bench.at(6));
    QVERIFY(before);
    QCOMPARE(bench.reader->message(), bench.at(6));
    QVERIFY(bench.view().card(bench.at(6))->isOpen());
    // One that stands behind the line for the older ones.
    bench.reader->showMessage(bench.conversation.folder, bench.at(2));
    QCOMPARE(bench.reader->message(), bench.at(2));
    QVERIFY(bench.view().card(bench.at(2))->isOpen());
}

void ConversationTest::loadsAFoldedMessageOnlyOnceItIsOpened()
{
    Bench bench;
    QVERIFY(bench.open(8));
    MessageCard* first = bench.view().card(bench.at(0));
    QVERIFY(!first->isOpen());
    QVERIFY(!first->opened());
    QTest::mouseClick(first, Qt::LeftButton, {}, first->rect().center());
    QTRY_VERIFY(first->opened());
    QTRY_VERIFY(bench.text(0).contains(QStringLiteral("landlord")));
    QTest::mouseClick(first, Qt::LeftButton, {}, QPoint(300, 14));
    QVERIFY(!first->isOpen());
}

void ConversationTest::opensAMessageWhereItsLineWas()
{
    Bench bench;
    bench.reader->resize(700, 3'000);
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.view().card(bench.at(8))->opened());
    QTest::qWait(50); // until it is laid out
    // It just fits, and so the one that was selected is not at the top, where it would else be kept.
    const int spare =
        bench.view().viewport()->height() - bench.view().cards().back()->geometry().bottom();
    bench.reader->resize(700, bench.reader->height() - spare + 40);
    QTRY_COMPARE(bench.view().verticalScrollBar()->maximum(), 0);
    QVERIFY(bench.view().viewport()->height() < 2'500);
    MessageCard* first = bench.view().card(bench.at(0));
    const auto place = [&] { return first->y() - bench.view().verticalScrollBar()->value(); };
    const int before = place();
    QVERIFY(before >= 0);
    QTest::mouseClick(first, Qt::LeftButton, {}, first->rect().center());
    QTRY_VERIFY(bench.text(0).contains(QStringLiteral("landlord")));
    QTest::qWait(50); // until it is laid out
    QCOMPARE(place(), before);
}

void ConversationTest::readsEachMessageOnce()
{
    Bench bench;
    bench.reader->showMessage({}, bench.at(8));
    QSignalSpy loaded(bench.view().card(bench.at(8)), &MessageCard::loaded);
    QTRY_VERIFY(!loaded.isEmpty());
    QSignalSpy other(bench.view().open(bench.at(0)), &MessageCard::loaded);
    QTRY_COMPARE(other.count(), 1); // asked for behind all that was asked for the first
    QCOMPARE(loaded.count(), 1);
}

void ConversationTest::stepsThroughTheMessagesByKey()
{
    Bench bench;
    QVERIFY(bench.open(8));
    QTest::keyClick(bench.reader.get(), Qt::Key_P);
    QCOMPARE(bench.reader->message(), bench.at(7));
    QTest::keyClick(bench.reader.get(), Qt::Key_P);
    QCOMPARE(bench.reader->message(), bench.at(6));
    QVERIFY(bench.view().card(bench.at(6))->isOpen());
    QTest::keyClick(bench.reader.get(), Qt::Key_N);
    QTest::keyClick(bench.reader.get(), Qt::Key_N);
    QTest::keyClick(bench.reader.get(), Qt::Key_N);
    QCOMPARE(bench.reader->message(), bench.at(8));
}

void ConversationTest::foldsAndOpensByKey()
{
    Bench bench;
    QVERIFY(bench.open(8));
    MessageCard* first = bench.view().card(bench.at(0));
    QTest::keyClick(first, Qt::Key_Return);
    QVERIFY(first->isOpen());
    QTest::keyClick(first, Qt::Key_Return);
    QVERIFY(!first->isOpen());
    // Space pages, it does not open.
    QTest::keyClick(first, Qt::Key_Space);
    QVERIFY(!first->isOpen());
}

void ConversationTest::appendsNewMailWithoutScrolling()
{
    std::vector<SampleLetter> letters = sampleLetters();
    letters.back().body = plainBody(std::string(6'000, 'a') + "\n");
    std::string lines;
    for (int i = 0; i < 200; ++i) {
        lines += "Line " + std::to_string(i) + "\n";
    }
    letters.back().body = plainBody(lines);
    Bench bench(letters);
    QVERIFY(bench.open(8));
    QScrollBar* bar = bench.view().verticalScrollBar();
    QTRY_VERIFY(bar->maximum() > 1'000);
    bar->setValue(600);
    const int place = bench.view().card(bench.at(8))->mapTo(bench.reader.get(), QPoint(0, 0)).y();
    auto stores = Stores::open(bench.profile, Access::ReadWrite);
    QVERIFY(stores.has_value());
    NewMessage fresh;
    fresh.uid = 6'000;
    fresh.internalDate = fresh.date = std::time(nullptr);
    fresh.subject = "Re: Move of the office in spring";
    fresh.from = {{"Marta Nowak", "marta.nowak@polnoc.example"}};
    fresh.messageIdHeader = "new@conversation.example";
    const std::string parent = "8.28@conversation.example";
    fresh.inReplyTo = parent;
    fresh.references = {parent};
    const auto inserted =
        (*stores)->messages.insert(bench.conversation.folder, std::span(&fresh, 1));
    QVERIFY(inserted.has_value());
    Q_EMIT bench.engine->messagesAdded(bench.conversation.folder, inserted->appeared);
    QTRY_COMPARE(bench.view().count(), 10);
    QVERIFY(!bench.view().cards().last()->isOpen());
    QCOMPARE(bench.view().card(bench.at(8))->mapTo(bench.reader.get(), QPoint(0, 0)).y(), place);
}

void ConversationTest::showsOneMailOfTwoFoldersOnce()
{
    Bench bench;
    const auto byTheList = [](NewMessage& row, std::string& raw) {
        raw = "Received: from list.example\r\nList-Id: <all.example>\r\n" + raw;
        row.internalDate += 3;
        row.size += 60;
    };
    const MessageId copy = bench.addCopy(8, bench.sample.sent, byTheList);
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.view().card(bench.at(7))->opened());
    QCOMPARE(bench.view().count(), 9);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(bench.syncTells());
        QCOMPARE(bench.view().count(), 9);
    }
    // One that comes while the other is read.
    bench.addCopy(7, bench.sample.sent, byTheList);
    QVERIFY(bench.syncTells());
    QCOMPARE(bench.view().count(), 9);
    // Where the one that was shown goes, there is still the other.
    bench.engine->submit(command::Delete{{bench.at(8)}, bench.conversation.folder, false, 0});
    QTRY_VERIFY(!bench.view().card(bench.at(8)));
    QTRY_VERIFY(bench.view().card(copy));
}

void ConversationTest::aRepeatedIdHidesNoOtherMail_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char* name, const Change& change) { QTest::newRow(name) << change; };
    row("by another sender", [](NewMessage& message, std::string&) {
        message.from = {{"Bjorn", "bjorn@evil.example"}};
    });
    row("with other words",
        [](NewMessage&, std::string& raw) { raw.replace(raw.find("Friday"), 6, "Monday"); });
    row("of another date", [](NewMessage&, std::string& raw) {
        raw.replace(raw.find("Date: "), 6, "Date:  Mon, 1 Jan 2024 10:00:00 +0000 (");
    });
    row("shown in another way", [](NewMessage&, std::string& raw) {
        raw.replace(raw.find("text/plain"), 10, "text/html");
    });
    row("of another size, whose text is not here", [](NewMessage& message, std::string& raw) {
        raw.clear();
        message.size += 7;
    });
    row("that came later, whose text is not here", [](NewMessage& message, std::string& raw) {
        raw.clear();
        message.internalDate += 7;
    });
}

void ConversationTest::aRepeatedIdHidesNoOtherMail()
{
    QFETCH(const Change, change);
    Bench bench;
    const MessageId other = bench.addCopy(8, bench.sample.sent, change);
    QVERIFY(bench.open(8));
    QCOMPARE(bench.view().count(), 10);
    QVERIFY(bench.view().card(bench.at(8)));
    bench.reader->showNothing();
    bench.reader->showMessage(bench.sample.sent, other);
    QCOMPARE(bench.view().count(), 10);
    QVERIFY(bench.view().card(bench.at(8)) && bench.view().card(other));
}

void ConversationTest::dropsWhatIsDeletedAndKeepsTheRest()
{
    Bench bench;
    QVERIFY(bench.open(8));
    bench.engine->submit(command::Delete{{bench.at(7)}, bench.conversation.folder, false, 0});
    QTRY_VERIFY(!bench.view().card(bench.at(7)));
    QCOMPARE(bench.reader->message(), bench.at(8));
    bench.engine->submit(command::Delete{{bench.at(8)}, bench.conversation.folder, false, 0});
    QTRY_VERIFY(!bench.view().card(bench.at(8)));
    QCOMPARE(bench.reader->message(), bench.at(6));
}

void ConversationTest::followsFlags()
{
    Bench bench;
    QVERIFY(bench.open(8));
    bench.engine->submit(command::Mark{{bench.at(0)}, Flagged, 0, false});
    QTRY_VERIFY(bench.view().card(bench.at(0))->summary().flags & Flagged);
    QVERIFY(bench.view().card(bench.at(0))->accessibleName().contains(QStringLiteral("starred")));
}

void ConversationTest::marksReadWhatIsInView()
{
    Bench bench;
    bench.reader->setMarkReadAfter(std::chrono::milliseconds(30));
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.view().card(bench.at(8))->summary().flags & Seen);
    QVERIFY(!(bench.view().card(bench.at(7))->summary().flags & Seen));
    bench.view().scrollToEnd(false);
    QTRY_VERIFY(bench.view().card(bench.at(7))->summary().flags & Seen);
}

void ConversationTest::leavesUnreadWhatAnotherWindowCovers()
{
    Bench bench;
    QWidget other;
    other.show();
    QApplication::setActiveWindow(&other);
    bench.reader->setMarkReadAfter(std::chrono::milliseconds(10));
    QVERIFY(bench.open(8));
    QTest::qWait(100); // ten times the wait
    QVERIFY(!(bench.view().card(bench.at(8))->summary().flags & Seen));
    QApplication::setActiveWindow(bench.reader.get());
    QTRY_VERIFY(bench.view().card(bench.at(8))->summary().flags & Seen);
}

void ConversationTest::leavesUnreadWhatWasMarkedUnread()
{
    Bench bench;
    bench.reader->setMarkReadAfter(std::chrono::milliseconds(30));
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.view().card(bench.at(8))->summary().flags & Seen);
    bench.reader->toggleRead();
    QTRY_VERIFY(!(bench.view().card(bench.at(8))->summary().flags & Seen));
    QVERIFY(!bench.view().card(bench.at(8))->countsAsSeen());
}

void ConversationTest::actsOnTheMessageWithTheFocus()
{
    Bench bench;
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.view().card(bench.at(7))->opened());
    QSignalSpy replies(&bench.reader->context(), &ReaderContext::replyRequested);
    bench.reader->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(bench.reader.get()));
    bench.view().card(bench.at(7))->setFocus();
    bench.reader->reply(ReplyKind::Reply);
    QCOMPARE(replies.size(), 1);
    QCOMPARE(replies.first().at(1).value<OpenedMessage>().summary.id, bench.at(7));
}

void ConversationTest::actsOnTheWholeConversationInItsFolder()
{
    Bench bench;
    QVERIFY(bench.open(8));
    QSignalSpy archived(&bench.reader->context(), &ReaderContext::archiveRequested);
    for (QToolButton* button : bench.reader->findChildren<QToolButton*>()) {
        if (button->accessibleName() == u"Archive conversation") {
            button->click();
        }
    }
    QCOMPARE(archived.size(), 1);
    // All but the two in Sent.
    QCOMPARE(archived.first().at(0).value<std::vector<MessageId>>().size(), std::size_t(7));
    QCOMPARE(archived.first().at(1).value<FolderId>(), bench.conversation.folder);
}

void ConversationTest::aSingleMessageDoesNotFold()
{
    Bench bench;
    bench.reader->showMessage(bench.sample.inbox, bench.sample.newest.front());
    QTRY_VERIFY(bench.reader->opened());
    QCOMPARE(bench.view().count(), 1);
    MessageCard* only = bench.view().current();
    QTest::mouseClick(only, Qt::LeftButton, {}, QPoint(300, 14));
    QTest::keyClick(only, Qt::Key_Return);
    QVERIFY(only->isOpen());
}

void ConversationTest::boundsAHugeConversation()
{
    std::vector<SampleLetter> letters(
        600, {"Build farm", "noreply@builds.example", plainBody("Passed.\n"), true, false});
    Bench bench(letters);
    bench.reader->showMessage(bench.conversation.folder, bench.at(599));
    QCOMPARE(bench.view().count(), 600);
    QVERIFY(bench.view().cards().size() <= 4);
    QVERIFY(bench.run());
    bench.run()->click();
    QVERIFY(bench.view().cards().size() <= 60);
    QCOMPARE(bench.view().count(), 600);
    bench.reader->showMessage(bench.conversation.folder, bench.at(3));
    QCOMPARE(bench.reader->message(), bench.at(3));
    QCOMPARE(bench.view().count(), 600);
}

void ConversationTest::opensABoundedNumberAtOnce()
{
    std::vector<SampleLetter> letters(
        120, {"Build farm", "noreply@builds.example", plainBody("Passed.\n"), true});
    Bench bench(letters);
    QVERIFY(bench.open(119));
    QSignalSpy said(&bench.reader->context(), &ReaderContext::toastRequested);
    bench.reader->openMore();
    QCOMPARE(bench.openMessages().size(), 26);
    QVERIFY(bench.view().card(bench.at(94)) && bench.view().card(bench.at(94))->isOpen());
    QCOMPARE(said.size(), 1);
    QVERIFY(said.first().first().toString().startsWith(QStringLiteral("94 messages are still")));
    for (int i = 0; i < 3; ++i)
        bench.reader->openMore();
    QCOMPARE(bench.openMessages().size(), 101);
    QCOMPARE(said.size(), 4);
    bench.reader->openMore();
    QCOMPARE(bench.openMessages().size(), 120);
    QCOMPARE(said.size(), 4);
}

void ConversationTest::opensABoundedSizeAtOnce()
{
    std::vector<SampleLetter> letters(
        4, {"Marta", "marta@polnoc.example", plainBody(std::string(12'000'000, 'a')), true});
    Bench bench(letters);
    QVERIFY(bench.open(3));
    bench.reader->openMore();
    QCOMPARE(bench.openMessages(), (QList<MessageId>{bench.at(1), bench.at(2), bench.at(3)}));
}

void ConversationTest::showsWhoseALinkIs_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("begins");
    QTest::addColumn<QString>("has");
    const QString padding = QStringLiteral(".secure-login").repeated(12);
    QTest::newRow("one that fits") << QStringLiteral("https://a.example/b?c=1#d")
                                   << QStringLiteral("https://a.example/b?c=1#d") << QString();
    QTest::newRow("a long host")
        << QStringLiteral("https://www.paypal.com%1.evil.example/login").arg(padding)
        << QStringLiteral("https://\u2026") << QStringLiteral("evil.example\u2026");
    QTest::newRow("a long path")
        << QStringLiteral("https://evil.example/www.paypal.com%1").arg(padding)
        << QStringLiteral("https://evil.example/www.paypal.com") << QStringLiteral("\u2026");
    QTest::newRow("a user name that looks like a host")
        << QStringLiteral("https://www.paypal.com@evil.example/")
        << QStringLiteral("https://evil.example/") << QString();
    QTest::newRow("a long user name")
        << QStringLiteral("https://www.paypal.com%1@evil.example:8080/a").arg(padding)
        << QStringLiteral("https://evil.example:8080/a") << QString();
    QTest::newRow("a long address to write to")
        << QStringLiteral("mailto:boss.bank.example%1@evil.example?subject=a").arg(padding)
        << QStringLiteral("mailto:\u2026") << QStringLiteral("@evil.example\u2026");
}

void ConversationTest::showsWhoseALinkIs()
{
    QFETCH(QString, target);
    QFETCH(QString, begins);
    QFETCH(QString, has);
    Bench bench;
    QVERIFY(bench.open(8));
    Q_EMIT bench.reader->context().linkHovered(QUrl(target));
    const QLabel* shown = nullptr;
    for (const QLabel* label :
         bench.reader->findChildren<QLabel*>(QString(), Qt::FindDirectChildrenOnly)) {
        shown = label->isVisible() ? label : shown;
    }
    QVERIFY(shown);
    QVERIFY2(shown->text().startsWith(begins) && shown->text().contains(has),
             qPrintable(shown->text()));
    QVERIFY(shown->width() <= bench.reader->width());
    QVERIFY(!shown->text().contains(u'@') || target.startsWith(u"mailto"));
}

void ConversationTest::findsWordsInOpenAndFoldedMessages()
{
    Bench bench;
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.view().card(bench.at(7))->opened());
    bench.reader->find();
    auto* bar = bench.reader->findChild<FindBar*>();
    QVERIFY(bar->isVisible());
    // Stands in messages 6, 7 (quoted) and 8 (quoted twice over, which is folded), the first of them folded.
    QTest::keyClicks(bar->findChild<QLineEdit*>(), QStringLiteral("STAIRS"));
    auto* count = bar->findChild<QLabel*>();
    QTRY_COMPARE(count->text(), QStringLiteral("3 places"));
    QTest::keyClick(bar->findChild<QLineEdit*>(), Qt::Key_Escape);
    QVERIFY(!bar->isVisible());
}

void ConversationTest::goesThroughThePlacesInOrder()
{
    Bench bench;
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.view().card(bench.at(7))->opened());
    bench.reader->find();
    auto* bar = bench.reader->findChild<FindBar*>();
    auto* field = bar->findChild<QLineEdit*>();
    auto* count = bar->findChild<QLabel*>();
    QTest::keyClicks(field, QStringLiteral("stairs"));
    QTRY_COMPARE(count->text(), QStringLiteral("3 places"));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(count->text(), QStringLiteral("3 of 3"));
    QCOMPARE(bench.reader->message(), bench.at(8));
    // On from the end to the first one, which was folded.
    QVERIFY(!bench.view().card(bench.at(6))->isOpen());
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(count->text(), QStringLiteral("1 of 3"));
    QVERIFY(bench.view().card(bench.at(6))->isOpen());
    QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
    QTRY_COMPARE(count->text(), QStringLiteral("3 of 3"));
    // One that stands behind the line for the older ones.
    field->setText(QStringLiteral("server rack"));
    QTRY_COMPARE(count->text(), QStringLiteral("2 places"));
    QTest::keyClick(field, Qt::Key_Return);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(count->text(), QStringLiteral("1 of 2"));
    QCOMPARE(bench.reader->message(), bench.at(4));
}

void ConversationTest::showsTextInTheSizeThatIsWished()
{
    Bench bench;
    QVERIFY(bench.open(8));
    auto* text = bench.view().card(bench.at(8))->findChild<MessageText*>();
    const int before = text->columnWidth();
    bench.settings.setZoom(1.5);
    QVERIFY(text->columnWidth() > before * 5 / 4);
    bench.settings.setZoom(1);
    QCOMPARE(text->columnWidth(), before);
}

void ConversationTest::showsHowFarALargeMessageIsAndStops()
{
    Bench bench;
    const MessageId large =
        bench.addCopy(8, bench.sample.inbox, [](NewMessage&, std::string& raw) { raw.clear(); });
    bench.reader->showMessage({}, large);
    EmptyState* state = nullptr;
    const auto shows = [&](const QString& title) {
        MessageCard* card = bench.view().card(large);
        state = card ? card->findChild<EmptyState*>() : nullptr;
        return state && state->isVisible() && state->title() == title;
    };
    QTRY_VERIFY(shows(QStringLiteral("Not downloaded yet")));
    const auto press = [&](const QString& words) {
        for (Button* button : state->findChildren<Button*>())
            if (!button->isHidden() && button->text() == words) {
                button->click();
                return true;
            }
        return false;
    };
    QVERIFY(press(QStringLiteral("Download")));
    Q_EMIT bench.engine->bodyProgress(large, 3'200'000, 25'000'000); // as the engine tells it
    QVERIFY(shows(QStringLiteral("Downloading")));
    QVERIFY2(state->accessibleName().contains(QStringLiteral("3.2 MB of 25 MB")),
             qPrintable(state->accessibleName()));
    Q_EMIT bench.engine->bodyProgress(bench.at(8), 1, 2); // another one's
    QVERIFY(state->accessibleName().contains(QStringLiteral("3.2 MB")));
    QVERIFY(press(QStringLiteral("Cancel")));
    QTRY_VERIFY(shows(QStringLiteral("Not downloaded yet")));
}

void ConversationTest::saysWhyALinkIsNotOpened()
{
    Bench bench;
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.view().card(bench.at(8))->opened());
    MessageCard* card = bench.view().card(bench.at(8));
    Q_EMIT card->body()->linkActivated(QUrl(QStringLiteral("tel:+4512345678")),
                                       QStringLiteral("Call us"));
    const auto* bar = card->findChild<InfoBar*>();
    QVERIFY(bar);
    QCOMPARE(bar->message().text,
             QStringLiteral("Links that begin with tel: are not opened from mail."));
    QCOMPARE(bar->message().actions.size(), 1);
    bar->message().actions.front().run();
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("tel:+4512345678"));
}

void ConversationTest::answersAnInvitation()
{
    Bench bench({{"Ola", "ola@fjordworks.example",
                  "Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n"
                  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nMETHOD:REQUEST\r\n"
                  "BEGIN:VEVENT\r\nUID:u1@x\r\nDTSTAMP:20261120T100000Z\r\n"
                  "DTSTART:20261127T090000Z\r\nDTEND:20261127T100000Z\r\nSUMMARY:Signing\r\n"
                  "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=5\r\n"
                  "ORGANIZER;CN=Ola:mailto:ola@fjordworks.example\r\n"
                  "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:anna@fjordworks.example\r\n"
                  "END:VEVENT\r\nEND:VCALENDAR\r\n"}});
    QVERIFY(bench.open(0));
    QTRY_VERIFY(bench.reader->findChild<InvitationCard*>());
    auto* card = bench.reader->findChild<InvitationCard*>();
    QStringList words;
    for (const QLabel* label : card->findChildren<QLabel*>()) {
        words << label->text();
    }
    QVERIFY(words.contains(QStringLiteral("Signing")));
    QVERIFY2(words.contains(QStringLiteral("Every 2 weeks, 5 times")),
             qPrintable(words.join(u'|')));
    QVERIFY(bench.engine->queries().outbox().empty());
    for (QAbstractButton* button : card->findChildren<QAbstractButton*>()) {
        if (button->text() == u"Accept") {
            button->click();
        }
    }
    QTRY_COMPARE(bench.engine->queries().outbox().size(), std::size_t(1));
    QCOMPARE(bench.engine->queries().outbox().front().subject, "Accepted: Signing");
    QTRY_VERIFY(bench.engine->queries().answerTo("u1@x", 0));
    bench.reader->showNothing();
    QVERIFY(bench.open(0));
    const auto again = [&bench] {
        QStringList shown;
        for (const auto* made : bench.reader->findChildren<InvitationCard*>()) {
            for (const QLabel* label : made->findChildren<QLabel*>()) {
                shown << (label->isVisible() ? label->text() : QString());
            }
        }
        return shown;
    };
    QTRY_VERIFY2(again().contains(QStringLiteral("You accepted.")), qPrintable(again().join(u'|')));
}

void ConversationTest::printsWhatIsOpenAndCountsTheRest()
{
    Bench bench;
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.view().card(bench.at(7))->opened());
    const auto document = printedConversation(bench.view());
    const QString text = document->toPlainText();
    QVERIFY(text.contains(QStringLiteral("sign on Friday")));
    QVERIFY(text.contains(QStringLiteral("marta.nowak@polnoc.example")));
    QVERIFY2(text.contains(QStringLiteral("Thank you, Marta")), "folded quotes are printed whole");
    QVERIFY(!text.contains(QStringLiteral("landlord")));
    QCOMPARE(leftOutOfPrint(bench.view()), 7);
}

void ConversationTest::savesAPdf()
{
    Bench bench;
    QVERIFY(bench.open(8));
    QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("a.pdf"));
    QSignalSpy said(&bench.reader->context(), &ReaderContext::toastRequested);
    bench.reader->writePdf(path);
    QTRY_COMPARE(said.size(), 2);
    QVERIFY(said.first().first().toString().contains(QStringLiteral("folded messages")));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.read(5) == "%PDF-");
}

void ConversationTest::opensInAWindowOfItsOwn()
{
    Bench bench;
    QPointer<ReaderWindow> window = new ReaderWindow(*bench.engine, bench.settings);
    window->show();
    window->showMessage(bench.conversation.folder, bench.at(8));
    QTRY_VERIFY(window->reader().opened());
    QVERIFY(window->windowTitle().contains(QStringLiteral("Move of the office")));
    QTest::keyClick(&window->reader(), Qt::Key_Escape);
    QTRY_VERIFY(!window);

    // It goes with the last message that it shows.
    window = new ReaderWindow(*bench.engine, bench.settings);
    window->show();
    window->showMessage(bench.conversation.folder, bench.at(8));
    QTRY_VERIFY(window->reader().opened());
    ReaderContext& context = window->reader().context();
    Q_EMIT context.archiveRequested({bench.at(8)}, bench.conversation.folder);
    QTest::qWait(20);
    QVERIFY(window && window->isVisible());
    Q_EMIT context.archiveRequested(
        window->reader().conversation().messagesIn(bench.conversation.folder),
        bench.conversation.folder);
    QTRY_VERIFY(!window);
}

void ConversationTest::everyPartHasANameForThoseWhoHearIt()
{
    Bench bench;
    QVERIFY(bench.open(6));
    for (QWidget* widget : bench.reader->findChildren<QWidget*>()) {
        if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus)) {
            continue;
        }
        const auto* button = qobject_cast<QAbstractButton*>(widget);
        QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                 widget->metaObject()->className());
    }
    const QString folded = bench.view().card(bench.at(0))->accessibleName();
    QVERIFY2(folded.startsWith(QStringLiteral("Folded message from Bj\u00f8rn Halvorsen, ")),
             qPrintable(folded));
    QVERIFY(folded.contains(QStringLiteral("The landlord gives us")));
    QVERIFY(bench.view().card(bench.at(8))->accessibleName().contains(QStringLiteral("unread")));
}

void ConversationTest::tabGoesDownThePage()
{
    Bench bench;
    QVERIFY(bench.open(8));
    QTRY_VERIFY(bench.text(8).contains(QStringLiteral("sign on Friday")));
    bench.view().card(bench.at(0))->setOpen(true);
    QTRY_VERIFY(bench.text(0).contains(QStringLiteral("landlord")));
    const MessageCard* first = bench.view().card(bench.at(0));
    QTRY_COMPARE(first->height(), first->heightForWidth(first->width()));
    bench.reader->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(bench.reader.get()));
    bench.view().card(bench.at(0))->setFocus();
    int last = -1;
    bool back = false;
    for (int i = 0; i < 60 && !back; ++i) {
        const QWidget* focus = QApplication::focusWidget();
        QVERIFY(focus);
        if (!bench.view().widget()->isAncestorOf(focus)) {
            break;
        }
        const int y = focus->mapTo(bench.view().widget(), QPoint(0, 0)).y();
        QVERIFY2(y + 40 >= last, focus->metaObject()->className());
        last = y;
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    QVERIFY(last > 300);
}

QTEST_MAIN(ConversationTest)
#include "ConversationTest.moc"
