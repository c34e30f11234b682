// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/MessageLists.h"
#include "tests/core/store/StoreFixture.h"

using namespace avocet;
using namespace avocet::test;

namespace {

class Fixture {
public:
    explicit Fixture(int count)
        : mail(std::move(Database::open(folders.path("mail.db"), Schema::Mail).value()))
        , messages(*mail)
        , lists(*mail)
        , inbox(addFolder(*mail, "INBOX"))
    {
        std::vector<NewMessage> rows(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].uid = static_cast<std::uint32_t>(i + 1);
            rows[i].internalDate = 1000 + static_cast<std::int64_t>(i / 3); // some of one second
            rows[i].subject = "Number " + std::to_string(i);
            rows[i].from = {{"Zoë", "zoe@example.org"}};
            rows[i].flags = i % 2 == 0 ? Seen : Flags{0};
            if (i % 5 == 0)
                rows[i].flags |= Flagged;
            rows[i].hasAttachment = i % 4 == 0;
        }
        ids = messages.insert(inbox, rows).value().appeared;
    }

    std::vector<MessageId> walk(const ListFilter& filter, int rows)
    {
        std::vector<MessageId> all;
        ListPosition position;
        for (;;) {
            const auto piece = lists.piece(inbox, filter, position, rows);
            if (!piece)
                return {};
            for (const ListRow& row : piece->rows)
                all.push_back(row.id);
            position = piece->next;
            if (piece->last)
                return all;
        }
    }

    Folders folders;
    std::unique_ptr<Database> mail;
    MessageStore messages;
    MessageLists lists;
    FolderId inbox;
    std::vector<MessageId> ids;
};

} // namespace

class MessageListsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void givesTheWholeListInPieces_data();
    void givesTheWholeListInPieces();
    void looksAtNoMoreRowsThanAsked();
    void leavesOutWhatIsHidden();
    void goesOnBehindAMessageThatIsGone();
};

void MessageListsTest::givesTheWholeListInPieces_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("filter");
    for (const int rows : {1, 7, 100, 101, 1000})
        for (const int filter : {0, 1, 2, 3, 4})
            QTest::addRow("pieces of %d, filter %d", rows, filter) << rows << filter;
}

void MessageListsTest::givesTheWholeListInPieces()
{
    QFETCH(int, rows);
    QFETCH(int, filter);
    Fixture fixture(101);
    ListFilter wanted;
    wanted.unread = filter == 1 || filter == 4;
    wanted.starred = filter == 2;
    wanted.attachments = filter == 3;
    wanted.text = filter == 4 ? "NUMBER 1" : "";
    const auto pieces = fixture.walk(wanted, rows);
    QVERIFY(!pieces.empty());
    QVERIFY(pieces == fixture.messages.list(fixture.inbox, wanted).value());
    if (filter == 0)
        QCOMPARE(pieces.size(), std::size_t{101});
}

void MessageListsTest::looksAtNoMoreRowsThanAsked()
{
    Fixture fixture(50);
    ListFilter filter;
    filter.text = "nowhere";
    const auto piece = fixture.lists.piece(fixture.inbox, filter, {}, 10).value();
    QVERIFY(piece.rows.empty());
    QVERIFY(!piece.last);
    QCOMPARE(piece.next.message.value, fixture.ids[40].value);
    QVERIFY(MessageLists::stepOf(filter) < MessageLists::stepOf({}));
}

void MessageListsTest::leavesOutWhatIsHidden()
{
    Fixture fixture(6);
    VERIFY_RESULT(fixture.messages.overlay(fixture.inbox, 3, {Deleted, 0}));
    const MessageId here[]{fixture.ids[5], fixture.ids[4], fixture.ids[3], fixture.ids[1],
                           fixture.ids[0]};
    QVERIFY(fixture.walk({}, 2) == std::vector<MessageId>(std::begin(here), std::end(here)));
    ListFilter filter;
    filter.text = "number";
    QCOMPARE(fixture.walk(filter, 2).size(), std::size_t{5});
}

void MessageListsTest::goesOnBehindAMessageThatIsGone()
{
    Fixture fixture(9);
    const auto first = fixture.lists.piece(fixture.inbox, {}, {}, 4).value();
    const std::uint32_t uids[]{6, 5};
    VERIFY_RESULT(fixture.messages.removeUids(fixture.inbox, uids));
    const auto second = fixture.lists.piece(fixture.inbox, {}, first.next, 10).value();
    QVERIFY(second.last);
    // Of one second are the first three, and the fourth is of the next.
    QVERIFY(second.rows == (std::vector<ListRow>{{fixture.ids[3], 1001},
                                                 {fixture.ids[2], 1000},
                                                 {fixture.ids[1], 1000},
                                                 {fixture.ids[0], 1000}}));
}

QTEST_APPLESS_MAIN(MessageListsTest)
#include "MessageListsTest.moc"
