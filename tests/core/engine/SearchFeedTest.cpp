// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/SearchFeed.h"

#include <QTest>

using namespace avocet;

class SearchFeedTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesWhatPeopleLookFor_data();
    void takesWhatPeopleLookFor();
    void namesThePeople();
};

namespace {

const std::string head = "From: Anna <anna@a.org>\r\nTo: ben@b.org\r\nCc: Cleo <c@c.org>\r\n"
                         "Bcc: d@d.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
                         "MIME-Version: 1.0\r\n";

std::string multipart(const std::string& kind, const std::vector<std::string>& parts)
{
    std::string raw = head + "Content-Type: multipart/" + kind + "; boundary=xx\r\n\r\n";
    for (const std::string& part : parts)
        raw += "--xx\r\n" + part + "\r\n";
    return raw + "--xx--\r\n";
}

} // namespace

void SearchFeedTest::takesWhatPeopleLookFor_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("names");
    const auto row = [](const char* name, const std::string& raw, const char* text,
                        const char* names) {
        QTest::newRow(name) << QByteArray::fromStdString(raw) << QString::fromUtf8(text)
                            << QString::fromUtf8(names);
    };
    row("plain text", head + "\r\nGood morning\r\n", "good morning", "");
    row("HTML alone",
        head + "Content-Type: text/html\r\n\r\n<style>p{}</style><p>Good <b>morning</b></p>",
        "good morning", "");
    row("an alternative once",
        multipart("alternative", {"Content-Type: text/plain\r\n\r\nThe text",
                                  "Content-Type: text/html\r\n\r\n<p>The markup</p>"}),
        "the text", "");
    row("an attached text",
        multipart("mixed",
                  {"Content-Type: text/plain\r\n\r\nSee there",
                   "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=\"Zahlen "
                   "2026.csv\"\r\n\r\nUmsatz;7"}),
        "see there umsatz 7", "zahlen 2026 csv");
    row("an attached page",
        multipart("mixed", {"Content-Type: text/plain\r\n\r\nSee there",
                            "Content-Type: text/html\r\nContent-Disposition: attachment; "
                            "filename=p.html\r\n\r\n<p>Inside</p>"}),
        "see there inside", "p html");
    row("a picture by its name",
        multipart("mixed", {"Content-Type: text/plain\r\n\r\nLook",
                            "Content-Type: image/png; name=cat.png\r\nContent-Transfer-Encoding: "
                            "base64\r\n\r\niVBORw0KGgo="}),
        "look", "cat png");
    row("an attached message",
        multipart("mixed", {"Content-Type: text/plain\r\n\r\nForwarded",
                            "Content-Type: message/rfc822\r\nContent-Disposition: attachment; "
                            "filename=old.eml\r\n\r\nFrom: x@x.org\r\nSubject: Old\r\n\r\nOriginal "
                            "words"}),
        "forwarded original words", "old eml");
}

void SearchFeedTest::takesWhatPeopleLookFor()
{
    QFETCH(QByteArray, raw);
    QFETCH(QString, text);
    QFETCH(QString, names);
    const std::string bytes = raw.toStdString();
    const SearchText made = searchTextOf(bytes, readMessage(bytes));
    QCOMPARE(QString::fromStdString(made.columns[3]), text);
    QCOMPARE(QString::fromStdString(made.columns[4]), names);
    QVERIFY(made.whole);
}

void SearchFeedTest::namesThePeople()
{
    const std::string raw = head + "\r\nx\r\n";
    const SearchText made = searchTextOf(raw, readMessage(raw));
    QCOMPARE(made.columns[0], std::string("grusse"));
    QCOMPARE(made.columns[1], std::string("anna anna a org"));
    QCOMPARE(made.columns[2], std::string("ben b org cleo c c org d d org"));
}

QTEST_APPLESS_MAIN(SearchFeedTest)
#include "SearchFeedTest.moc"
