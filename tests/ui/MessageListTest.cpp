// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/MessageDelegate.h"
#include "ui/list/MessageListModel.h"
#include "ui/list/MessageListView.h"
#include "ui/theme/Theme.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <map>
#include <random>

using namespace avocet;

namespace {

/// A mailbox in memory; counts how many rows were asked for.
struct Mailbox {
    std::map<MessageId, MessageSummary> messages;
    std::size_t asked = 0;

    MessageId add(std::int64_t id, std::int64_t date, Flags flags = Seen)
    {
        MessageSummary summary;
        summary.id = {id};
        summary.date = date;
        summary.flags = flags;
        summary.subject = "Subject " + std::to_string(id);
        summary.from = {{"Anna", "anna@x.org"}};
        messages[summary.id] = summary;
        return summary.id;
    }

    std::vector<ListRow> rows() const
    {
        std::vector<ListRow> all;
        for (const auto& [id, summary] : messages) {
            all.push_back({id, summary.date});
        }
        std::sort(all.begin(), all.end(), isAbove);
        return all;
    }
    std::vector<MessageId> ordered() const { return idsOf(rows()); }

    MessageListModel::RowSource source()
    {
        return [this](FolderId, std::span<const MessageId> ids) {
            std::vector<MessageSummary> rows;
            for (const MessageId id : ids) {
                ++asked;
                if (const auto found = messages.find(id); found != messages.end()) {
                    rows.push_back(found->second);
                }
            }
            return rows;
        };
    }
};

constexpr std::int64_t now = 1'790'000'000;

/// Messages 1..count, a minute apart, the newest with the highest id.
void fill(Mailbox& mailbox, int count)
{
    for (int i = 1; i <= count; ++i) {
        mailbox.add(i, now - std::int64_t(count - i) * 60);
    }
}

} // namespace

class MessageListTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }

    void placesNewMailByDateAndKeepsTheRest()
    {
        Mailbox mailbox;
        fill(mailbox, 100);
        MessageListModel model(mailbox.source());
        QAbstractItemModelTester tester(&model);
        model.reset({1});
        model.setIds(mailbox.ordered());
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const MessageId newest = mailbox.add(101, now + 60);
        const MessageId old = mailbox.add(102, now - 50 * 60 - 30);
        QVERIFY(model.add(std::vector{old, newest}));
        QCOMPARE(model.ids(), mailbox.ordered());
        QCOMPARE(model.rowOf(newest), 0);
        QCOMPARE(resets.size(), 0);
        QVERIFY(model.add(std::vector{old, newest}));
        QCOMPARE(model.rowCount(), 102);
    }

    void removesAndRefreshesSingleRows()
    {
        Mailbox mailbox;
        fill(mailbox, 50);
        MessageListModel model(mailbox.source());
        QAbstractItemModelTester tester(&model);
        model.reset({1});
        model.setIds(mailbox.ordered());
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        mailbox.messages.erase({10});
        mailbox.messages.erase({11});
        mailbox.messages.erase({30});
        model.remove(std::vector<MessageId>{{10}, {11}, {30}});
        QCOMPARE(removed.size(), 2);
        QCOMPARE(model.ids(), mailbox.ordered());
        QVERIFY(!model.index(0).data(MessageListModel::UnreadRole).toBool());
        mailbox.messages[{50}].flags = 0;
        model.refresh(std::vector<MessageId>{{50}});
        QCOMPARE(changed.size(), 1);
        QVERIFY(model.index(0).data(MessageListModel::UnreadRole).toBool());
    }

    void appliesANewListAsPatches()
    {
        Mailbox mailbox;
        fill(mailbox, 200);
        MessageListModel model(mailbox.source());
        QAbstractItemModelTester tester(&model);
        model.reset({1});
        const std::vector<MessageId> all = mailbox.ordered();
        model.setIds({all.begin(), all.begin() + 50});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.setIds(all);
        QCOMPARE(model.rowCount(), 200);
        mailbox.messages.erase({77});
        mailbox.add(300, now - 3'001);
        model.setIds(mailbox.ordered());
        QCOMPARE(model.ids(), mailbox.ordered());
        QCOMPARE(resets.size(), 0);
    }

    void followsAnyChangeOfTheList_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("seed");
        for (const int count : {0, 1, 3, 40, 3'000}) {
            for (const int seed : {1, 2, 3}) {
                QTest::addRow("a list of %d, seed %d", count, seed) << count << seed;
            }
        }
    }

    void followsAnyChangeOfTheList()
    {
        QFETCH(int, count);
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        Mailbox mailbox;
        fill(mailbox, count);
        MessageListModel model(mailbox.source());
        QAbstractItemModelTester tester(&model);
        model.reset({1});
        model.setRows(mailbox.rows());
        std::int64_t next = count + 1;
        const auto change = [&](int some, std::vector<MessageId>* added,
                                std::vector<MessageId>* gone) {
            for (int i = 0; i < some; ++i) {
                const std::int64_t date = now - std::int64_t(random() % 200'000);
                added->push_back(mailbox.add(next++, date));
                const MessageId victim{1 + std::int64_t(random()) % next};
                if (mailbox.messages.erase(victim) > 0) {
                    gone->push_back(victim);
                }
            }
        };
        for (const int some : {1, 2, 20, 400}) {
            std::vector<MessageId> added;
            std::vector<MessageId> gone;
            change(some, &added, &gone);
            model.setRows(mailbox.rows());
            QCOMPARE(model.ids(), mailbox.ordered());
            change(some, &added, &gone);
            model.remove(gone);
            if (!model.add(added)) {
                model.setIds(mailbox.ordered());
            }
            QCOMPARE(model.ids(), mailbox.ordered());
            if (!added.empty() && mailbox.messages.contains(added.back())) {
                QCOMPARE(model.idAt(model.rowOf(added.back())), added.back());
            }
        }
    }

    void aListThatIsShownAnewStaysInPlace()
    {
        Mailbox mailbox;
        fill(mailbox, 30'000);
        MessageListModel model(mailbox.source());
        model.reset({1});
        model.setRows(mailbox.rows());
        MessageListView view;
        view.setMessages(&model);
        view.resize(392, 600);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QVERIFY(view.selectMessage({20'000}));
        const QRect place = view.visualRect(view.currentIndex());
        for (int i = 1; i <= 30'000; i += 3) {
            mailbox.messages.erase({i});
        }
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        view.changeQuietly([&] { model.setRows(mailbox.rows()); });
        QCOMPARE(resets.size(), 1);
        QCOMPARE(view.selectedMessages(), std::vector{MessageId{20'000}});
        QCOMPARE(view.visualRect(view.currentIndex()), place);
    }

    void staysFastWith200000Rows()
    {
        Mailbox mailbox;
        fill(mailbox, 200'000);
        MessageListModel model(mailbox.source());
        const std::vector<ListRow> rows = mailbox.rows();
        QElapsedTimer timer;
        timer.start();
        model.reset({1});
        model.setRows(rows);
        MessageListView view;
        view.setMessages(&model);
        view.resize(392, 800);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() / 2);
        view.grab();
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
        view.grab();
        // Rows that are not in view are never read.
        QVERIFY2(mailbox.asked < 400, QByteArray::number(int(mailbox.asked)).constData());
        const MessageId fresh = mailbox.add(200'001, now + 60);
        QVERIFY(model.add(std::vector{fresh}));
        QCOMPARE(model.rowOf(fresh), 0);
        view.selectAll();
        QCOMPARE(view.selectedMessages().size(), std::size_t(200'001));
        QVERIFY2(timer.elapsed() < 10'000, "far beyond what a loaded machine needs");
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
    }

    void groupsByDate()
    {
        Mailbox mailbox;
        const QDateTime today = QDateTime::currentDateTime();
        const auto seconds = [&today](int days) { return today.addDays(-days).toSecsSinceEpoch(); };
        mailbox.add(5, seconds(0));
        mailbox.add(4, seconds(0) - 1);
        mailbox.add(3, seconds(1));
        mailbox.add(2, seconds(400));
        MessageListModel model(mailbox.source());
        model.reset({1});
        model.setIds(mailbox.ordered());
        QVERIFY(model.sections().size() >= 3);
        QCOMPARE(model.sections().front().title, QStringLiteral("Today"));
        QCOMPARE(model.sections().front().first, 0);
        QCOMPARE(model.sections().back().first, 3);
    }

    void newMailDoesNotMoveAScrolledList()
    {
        Mailbox mailbox;
        fill(mailbox, 500);
        MessageListModel model(mailbox.source());
        model.reset({1});
        model.setIds(mailbox.ordered());
        MessageListView view;
        view.setMessages(&model);
        view.resize(392, 600);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.verticalScrollBar()->setValue(5'000);
        const QPoint middle(100, 300);
        const MessageId there = model.idAt(view.indexAt(middle).row());
        QSignalSpy pill(&view, &MessageListView::newAboveChanged);
        std::vector<MessageId> fresh;
        for (int i = 0; i < 3; ++i) {
            fresh.push_back(mailbox.add(501 + i, now + 60 + i));
        }
        QVERIFY(model.add(fresh));
        QCOMPARE(model.idAt(view.indexAt(middle).row()), there);
        QCOMPARE(view.newAbove(), 3);
        view.scrollToNewest();
        QCOMPARE(view.newAbove(), 0);
        QCOMPARE(model.idAt(view.indexAt(QPoint(100, 60)).row()), model.idAt(0));
    }

    void theNextOlderOneTakesOver()
    {
        Mailbox mailbox;
        fill(mailbox, 20);
        MessageListModel model(mailbox.source());
        model.reset({1});
        model.setIds(mailbox.ordered());
        MessageListView view;
        view.setMessages(&model);
        QVERIFY(view.selectMessage({15}));
        model.remove(std::vector<MessageId>{{15}});
        QCOMPARE(view.selectedMessages(), std::vector<MessageId>{MessageId{14}});
        QVERIFY(view.selectMessage({1}));
        model.remove(std::vector<MessageId>{{1}});
        QCOMPARE(view.selectedMessages(), std::vector<MessageId>{MessageId{2}});
    }

    void singleKeysMoveAndMark()
    {
        Mailbox mailbox;
        fill(mailbox, 30);
        MessageListModel model(mailbox.source());
        model.reset({1});
        model.setIds(mailbox.ordered());
        MessageListView view;
        view.setMessages(&model);
        view.resize(392, 600);
        view.show();
        QSignalSpy read(&view, &MessageListView::readToggled);
        QSignalSpy star(&view, &MessageListView::starToggled);
        QSignalSpy open(&view, &MessageListView::openRequested);
        QSignalSpy other(&view, &MessageListView::keyPressed);
        const auto current = [&] { return view.currentIndex().row(); };
        QTest::keyClicks(&view, QStringLiteral("jjj"));
        QCOMPARE(current(), 2);
        QTest::keyClick(&view, Qt::Key_K);
        QCOMPARE(current(), 1);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(current(), 2);
        QTest::keyClick(&view, Qt::Key_End);
        QCOMPARE(current(), 29);
        QTest::keyClick(&view, Qt::Key_Home);
        QCOMPARE(current(), 0);
        QTest::keyClicks(&view, QStringLiteral("us"));
        QCOMPARE(read.size(), 1);
        QCOMPARE(star.size(), 1);
        QTest::keyClick(&view, Qt::Key_O);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(open.size(), 2);
        QTest::keyClicks(&view, QStringLiteral("raf"));
        QCOMPARE(other.size(), 3);
        QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(view.selectedMessages().size(), std::size_t(30));
    }

    void picksRowsOneByOneByKey()
    {
        Mailbox mailbox;
        fill(mailbox, 30);
        MessageListModel model(mailbox.source());
        model.reset({1});
        model.setIds(mailbox.ordered());
        MessageListView view;
        view.setMessages(&model);
        view.resize(392, 600);
        view.show();
        const auto selected = [&view] {
            QList<qint64> ids;
            for (const MessageId id : view.selectedMessages())
                ids.append(id.value);
            std::sort(ids.rbegin(), ids.rend());
            return ids;
        };
        // The message that is read stays, the cursor goes past one.
        QTest::keyClicks(&view, QStringLiteral("jxjjx"));
        QCOMPARE(selected(), QList<qint64>({30, 28}));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(selected(), QList<qint64>({30, 28}));
        QTest::keyClicks(&view, QStringLiteral("xx"));
        QCOMPARE(selected(), QList<qint64>({30, 28}));
        // What is done with them ends it where the cursor stands.
        model.remove(std::vector<MessageId>{{30}, {28}});
        QCOMPARE(selected(), QList<qint64>({27}));
        QTest::keyClicks(&view, QStringLiteral("j"));
        QCOMPARE(selected(), QList<qint64>({26}));
        QTest::keyClicks(&view, QStringLiteral("xjx"));
        QCOMPARE(selected(), QList<qint64>({26, 25}));
        QTest::keyClick(&view, Qt::Key_Escape);
        QCOMPARE(selected(), QList<qint64>({25}));
        QTest::keyClicks(&view, QStringLiteral("j"));
        QCOMPARE(selected(), QList<qint64>({24}));
    }

    void namesRowsForAssistiveTools()
    {
        Mailbox mailbox;
        fill(mailbox, 3);
        mailbox.messages[{3}].flags = 0;
        MessageListModel model(mailbox.source());
        model.reset({1});
        model.setIds(mailbox.ordered());
        MessageListView view;
        view.setMessages(&model);
        view.resize(392, 600);
        view.show();
        QAccessibleInterface* seen = QAccessible::queryAccessibleInterface(&view);
        QVERIFY(seen);
        QCOMPARE(seen->role(), QAccessible::List);
        QCOMPARE(seen->childCount(), 3);
        QCOMPARE(seen->indexOfChild(seen->child(2)), 2);
        const QString name = seen->child(0)->text(QAccessible::Name);
        QVERIFY2(name.contains(QStringLiteral("Unread. Anna. Subject 3")), qPrintable(name));
    }

    void aFilterDoesNotOpenAnotherMessage()
    {
        Mailbox mailbox;
        fill(mailbox, 20);
        MessageListModel model(mailbox.source());
        model.reset({1});
        model.setIds(mailbox.ordered());
        MessageListView view;
        view.setMessages(&model);
        QVERIFY(view.selectMessage({10}));
        QSignalSpy selected(&view, &MessageListView::messageSelected);
        std::vector<MessageId> without = mailbox.ordered();
        std::erase(without, MessageId{10});
        view.changeQuietly([&] { model.setIds(without); });
        QVERIFY(selected.isEmpty());
        QVERIFY(view.selectedMessages().empty());
        QVERIFY(view.selectMessage({5}));
        view.changeQuietly([&] { model.setIds(mailbox.ordered()); });
        QCOMPARE(selected.size(), 1);
        QCOMPARE(view.selectedMessages(), std::vector<MessageId>{MessageId{5}});
    }

    void hoverButtonsActWithoutSelecting()
    {
        Mailbox mailbox;
        fill(mailbox, 5);
        MessageListModel model(mailbox.source());
        model.reset({1});
        model.setIds(mailbox.ordered());
        MessageListView view;
        view.setMessages(&model);
        view.resize(392, 600);
        view.show();
        QSignalSpy star(&view, &MessageListView::starToggled);
        const QRect card = view.visualRect(model.index(1));
        const QRect button = MessageDelegate::hoverRect(
            card, MessageDelegate::HoverAction::ToggleStar, Qt::LeftToRight);
        QVERIFY(card.contains(button));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, button.center());
        QCOMPARE(star.size(), 1);
        QVERIFY(view.selectedMessages().empty());
    }

    void cardsGrowWithTheFont()
    {
        QVERIFY(MessageDelegate::cardHeight() >= 76);
        QCOMPARE(MessageDelegate().sizeHint({}, {}).height(), MessageDelegate::cardHeight());
        const QFont before = QApplication::font();
        QFont large = before;
        large.setPointSizeF(before.pointSizeF() * 1.5);
        const int plain = MessageDelegate::cardHeight();
        QApplication::setFont(large);
        const int grown = MessageDelegate::cardHeight();
        QApplication::setFont(before);
        QVERIFY(grown > plain);
    }
};

QTEST_MAIN(MessageListTest)
#include "MessageListTest.moc"
