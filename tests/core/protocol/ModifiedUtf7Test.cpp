// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ModifiedUtf7.h"
#include "core/protocol/FolderRoles.h"

#include <QTest>
#include <random>

using namespace avocet;

class ModifiedUtf7Test : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decodes_data();
    void decodes();
    void encodesWhatPeopleType_data();
    void encodesWhatPeopleType();
    void isReversibleForAnyBytes();
    void showsNothingThatTurnsText();
    void findsRolesByName_data();
    void findsRolesByName();
    void prefersAttributesToNames();
};

void ModifiedUtf7Test::decodes_data()
{
    QTest::addColumn<QByteArray>("mailbox");
    QTest::addColumn<QByteArray>("path");
    const auto row = [](const char* name, const QByteArray& mailbox, const QByteArray& path) {
        QTest::newRow(name) << mailbox << path;
    };
    row("ASCII", "INBOX/Work", "INBOX/Work");
    row("umlaut", "Entw&APw-rfe", "Entw\xc3\xbcrfe");
    row("the standard's example", "~peter/mail/&U,BTFw-/&ZeVnLIqe-",
        "~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e");
    row("ampersand", "Fish &- chips", "Fish & chips");
    row("surrogates", "&2D3eAA-", "\xf0\x9f\x98\x80");
    row("dots and slashes stay names", "..", "..");
    row("run without end", "&APw", "\\x26APw");
    row("run with bad base64", "&A!w-", "\\x26A!w-");
    row("run of printable ASCII", "&AGE-", "\\x26AGE-");
    row("two runs where one would do", "&APw-&APw-", "\xc3\xbc\\x26APw-");
    row("a lone surrogate", "&2D0-", "\\x262D0-");
    row("bits left over", "&APx-", "\\x26APx-");
    row("a raw byte", "a\xff", "a\\xFF");
    row("a control character", "a\nb", "a\\x0Ab");
    row("a name that looks escaped", "a\\x0Ab", "a\\x5Cx0Ab");
    row("a backslash", "a\\b", "a\\b");
    row("right-to-left override", "&IC4-cod.exe", "\\x26IC4-cod.exe");
}

void ModifiedUtf7Test::decodes()
{
    QFETCH(QByteArray, mailbox);
    QFETCH(QByteArray, path);
    QCOMPARE(QByteArray::fromStdString(mailboxToUtf8(mailbox.toStdString())), path);
    QCOMPARE(QByteArray::fromStdString(mailboxFromUtf8(path.toStdString())), mailbox);
}

void ModifiedUtf7Test::encodesWhatPeopleType_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("mailbox");
    QTest::newRow("umlauts side by side")
        << QByteArray("\xc3\xbc\xc3\xa4") << QByteArray("&APwA5A-");
    QTest::newRow("ampersand behind an umlaut") << QByteArray("\xc3\xbc&") << QByteArray("&APw-&-");
    QTest::newRow("emoji") << QByteArray("\xf0\x9f\x98\x80") << QByteArray("&2D3eAA-");
}

void ModifiedUtf7Test::encodesWhatPeopleType()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, mailbox);
    QCOMPARE(QByteArray::fromStdString(mailboxFromUtf8(path.toStdString())), mailbox);
    QCOMPARE(QByteArray::fromStdString(mailboxToUtf8(mailbox.toStdString())), path);
}

void ModifiedUtf7Test::isReversibleForAnyBytes()
{
    std::mt19937 random(7);
    // Mostly the characters that matter, so that runs and escapes meet each other.
    const std::string letters =
        "&&&---\\\\xx0123456789ABCDEFabc,+/\xc3\xbc\xe5\x8f\xb0\xff\x01 U,BTFw";
    for (int round = 0; round < 200'000; ++round) {
        std::string mailbox;
        const auto length = random() % 14;
        for (auto i = length; i > 0; --i)
            mailbox += random() % 8 ? letters[random() % letters.size()]
                                    : static_cast<char>(random() % 256);
        const std::string path = mailboxToUtf8(mailbox);
        QVERIFY(isShowableUtf8(path));
        if (mailboxFromUtf8(path) != mailbox)
            QFAIL(QByteArray::fromStdString(mailbox).toPercentEncoding().constData());
    }
}

void ModifiedUtf7Test::showsNothingThatTurnsText()
{
    QVERIFY(!isShowableUtf8("a\xe2\x80\xae"));
    QVERIFY(!isShowableUtf8("a\xe2\x80\x8b"));
    QVERIFY(!isShowableUtf8("a\x7f"));
    QVERIFY(!isShowableUtf8("a\xc2\x85"));
    QVERIFY(!isShowableUtf8("\xed\xa0\x80"));
    QVERIFY(!isShowableUtf8("\xc0\xaf"));
    QVERIFY(isShowableUtf8("Entw\xc3\xbcrfe"));
}

void ModifiedUtf7Test::findsRolesByName_data()
{
    QTest::addColumn<QByteArray>("mailbox");
    QTest::addColumn<int>("role");
    const auto row = [](const char* mailbox, FolderRole role) {
        QTest::newRow(mailbox) << QByteArray(mailbox) << static_cast<int>(role);
    };
    row("INBOX", FolderRole::Inbox);
    row("inbox", FolderRole::Inbox);
    row("Sent", FolderRole::Sent);
    row("Sent Items", FolderRole::Sent);
    row("INBOX.Sent", FolderRole::Sent);
    row("Gesendete Elemente", FolderRole::Sent);
    row("Entw&APw-rfe", FolderRole::Drafts);
    row("&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-", FolderRole::Sent);
    row("Corbeille", FolderRole::Trash);
    row("Papierkorb", FolderRole::Trash);
    row("Spam", FolderRole::Junk);
    row("Archiv", FolderRole::Archive);
    row("Projects.Sent", FolderRole::None);
    row("Sentinel", FolderRole::None);
}

void ModifiedUtf7Test::findsRolesByName()
{
    QFETCH(QByteArray, mailbox);
    QFETCH(int, role);
    std::vector<ListedMailbox> list(1);
    list[0].mailbox = mailbox.toStdString();
    list[0].path = mailboxToUtf8(list[0].mailbox);
    list[0].delimiter = '.';
    assignRolesByName(list);
    QCOMPARE(static_cast<int>(list[0].role), role);
}

void ModifiedUtf7Test::prefersAttributesToNames()
{
    std::vector<ListedMailbox> list(3);
    list[0].path = list[0].mailbox = "Sent";
    list[1].path = list[1].mailbox = "Outgoing";
    list[1].role = FolderRole::Sent;
    list[2].path = list[2].mailbox = "Trash";
    list[2].selectable = false;
    assignRolesByName(list);
    QCOMPARE(list[0].role, FolderRole::None);
    QCOMPARE(list[1].role, FolderRole::Sent);
    QCOMPARE(list[2].role, FolderRole::None);
}

QTEST_GUILESS_MAIN(ModifiedUtf7Test)
#include "ModifiedUtf7Test.moc"
