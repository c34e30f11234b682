// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MailingList.h"

#include <QtTest>

using namespace avocet;

class MailingListTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatAListSays_data();
    void readsWhatAListSays();
};

namespace {

QByteArray described(const MailingList& list)
{
    QByteArrayList words;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty())
            words << QByteArray(name) + '=' + QByteArray::fromStdString(value);
    };
    add("id", list.id);
    add("name", list.name);
    add("post", list.post);
    if (list.postingClosed)
        words << "closed";
    add("web", list.unsubscribeWeb);
    add("mail", list.unsubscribeMail);
    if (list.unsubscribesAtOnce)
        words << "at once";
    add("archive", list.archive);
    return words.join(' ');
}

} // namespace

void MailingListTest::readsWhatAListSays_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* header, const char* expected) {
        QTest::newRow(name) << QByteArray(header) << QByteArray(expected);
    };
    row("no list", "Subject: x\n", "");
    row("a discussion list",
        "List-Id: =?utf-8?Q?K=C3=A4se?= talk <cheese.lists.example>\nList-Post: "
        "<mailto:cheese@lists.example>\n"
        "List-Unsubscribe: <https://lists.example/cheese>,\n "
        "<mailto:cheese-request@lists.example?subject=unsubscribe>\n"
        "List-Archive: <https://lists.example/archive>\n",
        "id=cheese.lists.example name=Käse talk post=mailto:cheese@lists.example "
        "web=https://lists.example/cheese "
        "mail=mailto:cheese-request@lists.example?subject=unsubscribe "
        "archive=https://lists.example/archive");
    row("a newsletter that is left by one click",
        "List-Unsubscribe: <mailto:out@news.example>, <https://news.example/u?a=1&b=2>\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n",
        "web=https://news.example/u?a=1&b=2 mail=mailto:out@news.example at once");
    row("one click needs https",
        "List-Unsubscribe: <http://news.example/u>\nList-Unsubscribe-Post: "
        "List-Unsubscribe=One-Click\n",
        "web=http://news.example/u");
    row("https goes before http", "List-Unsubscribe: <http://a.example/>, <https://a.example/>\n",
        "web=https://a.example/");
    row("other schemes are nothing",
        "List-Unsubscribe: <javascript:x()>, <ftp://a>, <file:///etc/passwd>, <https://>\n", "");
    row("an announcement list", "List-Id: <a.b>\nList-Post: NO (moderated)\n", "id=a.b closed");
    row("an identifier without brackets", "List-Id: a.b.example\n", "id=a.b.example");
    row("a folded address", "List-Unsubscribe: <https://a.example/\n\tlong/way>\n",
        "web=https://a.example/long/way");
    row("comments hold no address",
        "List-Unsubscribe: (see <https://b.example/>) <https://a.example/>\n",
        "web=https://a.example/");
    row("the topmost field counts",
        "List-Unsubscribe: <https://a.example/>\nList-Unsubscribe: <https://b.example/>\n",
        "web=https://a.example/");
    row("control characters and quotes make an address nothing",
        "List-Unsubscribe: <https://a.example/\x01x>, <https://b.example/\"x>, "
        "<https://c.example/\xC3\xA4>\n",
        "");
    row("a bracket that does not close", "List-Unsubscribe: <https://a.example/\n", "");
    row("fields in the body", "\nList-Id: <a.b>\n", "");
}

void MailingListTest::readsWhatAListSays()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, expected);
    QCOMPARE(described(readMailingList((header + "\nbody\n").toStdString())), expected);
}

QTEST_GUILESS_MAIN(MailingListTest)
#include "MailingListTest.moc"
