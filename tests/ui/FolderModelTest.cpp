// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/FolderModel.h"
#include "ui/folders/FolderPane.h"
#include "ui/theme/Theme.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace avocet;

namespace {

Account account(std::int64_t id, const char* email)
{
    Account made;
    made.id = {id};
    made.email = email;
    return made;
}

Folder folder(std::int64_t id, std::int64_t of, const char* path,
              FolderRole role = FolderRole::None, char delimiter = '/')
{
    Folder made;
    made.id = {id};
    made.account = {of};
    made.path = made.mailbox = path;
    made.role = role;
    made.delimiter = delimiter;
    return made;
}

QStringList titles(const QAbstractItemModel& model, const QModelIndex& under)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(under); ++row) {
        all << model.index(row, 0, under).data().toString();
    }
    return all;
}

} // namespace

class FolderModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }

    void putsSpecialFoldersFirstInTheUsersWords()
    {
        FolderModel model;
        QAbstractItemModelTester tester(&model);
        model.setAll({account(1, "a@x.org")},
                     {folder(1, 1, "Zebra"), folder(2, 1, "Papierkorb", FolderRole::Trash),
                      folder(3, 1, "INBOX", FolderRole::Inbox), folder(4, 1, "Alpha"),
                      folder(5, 1, "Gesendet", FolderRole::Sent),
                      folder(6, 1, "Entwuerfe", FolderRole::Drafts)});
        const QModelIndex top = model.index(0, 0);
        QCOMPARE(titles(model, top), (QStringList{QStringLiteral("Inbox"), QStringLiteral("Drafts"),
                                                  QStringLiteral("Outbox"), QStringLiteral("Sent"),
                                                  QStringLiteral("Trash"), QStringLiteral("Alpha"),
                                                  QStringLiteral("Zebra")}));
        QCOMPARE(model.firstChoice().data().toString(), QStringLiteral("Inbox"));
    }

    void showsLocalPlacesOnTopOfSeveralAccounts()
    {
        FolderModel model;
        QAbstractItemModelTester tester(&model);
        model.setAll(
            {account(1, "a@x.org"), account(2, "b@y.org")},
            {folder(1, 1, "INBOX", FolderRole::Inbox), folder(2, 2, "INBOX", FolderRole::Inbox)});
        QCOMPARE(titles(model, {}),
                 (QStringList{QStringLiteral("Drafts"), QStringLiteral("Outbox"),
                              QStringLiteral("a@x.org"), QStringLiteral("b@y.org")}));
        QCOMPARE(model.index(3, 0).data(FolderModel::AccountIndexRole).toInt(), 1);
    }

    void buildsTheTreeWithStepsThatAreNoFolders()
    {
        FolderModel model;
        QAbstractItemModelTester tester(&model);
        model.setAll({account(1, "a@x.org")},
                     {folder(1, 1, "INBOX", FolderRole::Inbox), folder(2, 1, "Lists/qt/interest"),
                      folder(3, 1, "Lists/kde")});
        const QModelIndex lists = model.indexOfKey(QStringLiteral("path/1/Lists"));
        QVERIFY(lists.isValid());
        QVERIFY(!lists.data(FolderModel::SelectableRole).toBool());
        QCOMPARE(titles(model, lists), (QStringList{QStringLiteral("kde"), QStringLiteral("qt")}));
        QVERIFY(model.indexOfFolder({2}).data(FolderModel::SelectableRole).toBool());
    }

    void hidesTheLevelThatSomeServersPutBelowTheInbox()
    {
        FolderModel model;
        model.setAll({account(1, "a@x.org")},
                     {folder(1, 1, "INBOX", FolderRole::Inbox, '.'),
                      folder(2, 1, "INBOX.Travel", FolderRole::None, '.')});
        QCOMPARE(model.indexOfFolder({2}).parent(), model.index(0, 0));
        QCOMPARE(model.indexOfFolder({2}).data().toString(), QStringLiteral("Travel"));
    }

    void changesCountsWithoutReset()
    {
        FolderModel model;
        QAbstractItemModelTester tester(&model);
        Folder inbox = folder(1, 1, "INBOX", FolderRole::Inbox);
        model.setAll({account(1, "a@x.org")}, {inbox});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        inbox.unread = 7;
        model.setFolders({inbox});
        model.setDraftCount(2);
        model.setOutbox(3, true);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(changes.size(), 3);
        QCOMPARE(model.indexOfFolder({1}).data(FolderModel::CountRole).toInt(), 7);
        const QModelIndex outbox = model.indexOfKind(FolderModel::Kind::Outbox);
        QCOMPARE(outbox.data(FolderModel::CountRole).toInt(), 3);
        QVERIFY(outbox.data(FolderModel::AttentionRole).toBool());
    }

    void keepsSelectionAndFoldsWhenFoldersComeAndGo()
    {
        FolderModel model;
        FolderPane pane;
        pane.setFolders(&model);
        model.setAll({account(1, "a@x.org")}, {folder(1, 1, "INBOX", FolderRole::Inbox),
                                               folder(2, 1, "Lists"), folder(3, 1, "Lists/kde")});
        QSignalSpy chosen(&pane, &FolderPane::chosen);
        pane.selectKey(QStringLiteral("folder/2"));
        pane.collapse(model.indexOfFolder({2}));
        model.setAll({account(1, "a@x.org")},
                     {folder(1, 1, "INBOX", FolderRole::Inbox), folder(2, 1, "Lists"),
                      folder(3, 1, "Lists/kde"), folder(4, 1, "New")});
        QCOMPARE(pane.currentIndex(), model.indexOfFolder({2}));
        QVERIFY(!pane.isExpanded(model.indexOfFolder({2})));
        QVERIFY(pane.isExpanded(model.index(0, 0)));
        QVERIFY(!chosen.isEmpty());
    }

    void rowsHaveTheirHeights()
    {
        FolderModel model;
        model.setAll({account(1, "a@x.org")}, {folder(1, 1, "INBOX", FolderRole::Inbox)});
        FolderDelegate delegate;
        QStyleOptionViewItem option;
        QVERIFY(delegate.sizeHint(option, model.indexOfFolder({1})).height() >= metrics::folderRow);
        delegate.setRail(true);
        QCOMPARE(delegate.sizeHint(option, model.index(0, 0)).height(), int(metrics::space4));
    }
};

QTEST_MAIN(FolderModelTest)
#include "FolderModelTest.moc"
