// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/VCard.h"

#include <QTest>

using namespace avocet;

class VCardTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsACard_data();
    void readsACard();
    void readsEveryCardOfAFile();
    void staysBounded_data();
    void staysBounded();
    void refusesWhatIsNoCard();
};

namespace {

std::string card(const std::string& inside)
{
    return "BEGIN:VCARD\r\nVERSION:3.0\r\n" + inside + "END:VCARD\r\n";
}

std::string shown(const VCards& read)
{
    std::string text;
    for (const Contact& contact : read.contacts)
        text += contact.name + "|" + contact.address + "|" + contact.organisation + "\n";
    return text;
}

} // namespace

void VCardTest::readsACard_data()
{
    QTest::addColumn<std::string>("file");
    QTest::addColumn<std::string>("contacts");
    QTest::newRow("version 3.0")
        << card("FN:Anna Berg\r\nEMAIL;TYPE=INTERNET,PREF:anna@example.org\r\nORG:Nordlys;Oslo\r\n")
        << std::string("Anna Berg|anna@example.org|Nordlys\n");
    QTest::newRow("version 4.0 with parameters in quotes and a group")
        << card("FN;LANGUAGE=\"no\":Bj\xC3\xB8rn\r\nitem1.EMAIL;TYPE=\"work,home:x\":b@example."
                "org\r\n"
                "item1.X-ABLabel:_$!<Work>!$_\r\n")
        << std::string("Bj\xC3\xB8rn|b@example.org|\n");
    QTest::newRow("an address as a mailto: URL")
        << card("FN:A\r\nEMAIL;VALUE=uri:mailto:a@example.org\r\n")
        << std::string("A|a@example.org|\n");
    QTest::newRow("lines folded in the middle of a character")
        << card("FN:Bj\xC3\r\n \xB8rn\r\nEMA\r\n IL:b@exam\r\n ple.org\r\n")
        << std::string("Bj\xC3\xB8rn|b@example.org|\n");
    QTest::newRow("version 2.1 in quoted-printable with soft line ends")
        << card("N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=85berg;=\r\nBj=C3=B8rn;;;\r\n"
                "EMAIL;INTERNET:b@example.org\r\n")
        << std::string("Bj\xC3\xB8rn \xC3\x85"
                       "berg|b@example.org|\n");
    QTest::newRow("version 2.1 in Latin-1 without a word of it")
        << card("FN:J\xFCrgen M\xFCller\r\nEMAIL:j@example.org\r\n")
        << std::string("J\xC3\xBCrgen M\xC3\xBCller|j@example.org|\n");
    QTest::newRow("two addresses are two contacts")
        << card("FN:A\r\nEMAIL:a@example.org\r\nEMAIL:b@example.org\r\n")
        << std::string("A|a@example.org|\nA|b@example.org|\n");
    QTest::newRow("escaped commas, semicolons and line ends")
        << card("FN:Berg\\, Anna\\nDr.\r\nORG:A\\;B;C\r\nEMAIL:a@example.org\r\n")
        << std::string("Berg, Anna Dr.|a@example.org|A;B\n");
    QTest::newRow("the parts of a name where there is no whole one")
        << card("N:Berg;Anna;Maria;Dr.;\r\nEMAIL:a@example.org\r\n")
        << std::string("Dr. Anna Maria Berg|a@example.org|\n");
    QTest::newRow("the organisation where there is no name")
        << card("ORG:Nordlys\r\nEMAIL:post@example.org\r\n")
        << std::string("Nordlys|post@example.org|Nordlys\n");
    QTest::newRow("an address for a name says nothing")
        << card("FN:ceo@bank.example\r\nEMAIL:a@example.org\r\n")
        << std::string("|a@example.org|\n");
    QTest::newRow("bidirectional and control characters in a name")
        << card("FN:An\xE2\x80\xAEna\x07\r\nEMAIL:a@example.org\r\n")
        << std::string("Anna|a@example.org|\n");
    QTest::newRow("no address") << card("FN:A\r\nTEL:1\r\n") << std::string();
    QTest::newRow("what is no address")
        << card("FN:A\r\nEMAIL:not an address\r\nEMAIL:a@b@c\r\nEMAIL:x@y.org\\nBcc: z@y.org\r\n")
        << std::string();
    QTest::newRow("a group of others")
        << card("KIND:group\r\nFN:All\r\nEMAIL:all@example.org\r\n") << std::string();
    QTest::newRow("a picture is passed over")
        << card("PHOTO;ENCODING=b;TYPE=JPEG:" + std::string(100, 'A') + "\r\n " +
                std::string(70, 'B') + "\r\nFN:A\r\nEMAIL:a@example.org\r\n")
        << std::string("A|a@example.org|\n");
    QTest::newRow("the card of an agent inside")
        << card("AGENT:\r\nBEGIN:VCARD\r\nFN:Agent\r\nEMAIL:agent@example.org\r\nEND:VCARD\r\n"
                "FN:A\r\nEMAIL:a@example.org\r\n")
        << std::string("A|a@example.org|\n");
    QTest::newRow("a card without an end")
        << std::string("BEGIN:VCARD\nFN:A\nEMAIL:a@example.org\nBEGIN:VCARD\nFN:B\n"
                       "EMAIL:b@example.org\n")
        << std::string("A|a@example.org|\nB|b@example.org|\n");
    QTest::newRow("lower case, a byte order mark and old Macintosh line ends")
        << std::string("\xEF\xBB\xBF"
                       "begin:vcard\rfn:A\remail:a@example.org\rend:vcard\r")
        << std::string("A|a@example.org|\n");
    std::string wide = "\xFF\xFE";
    for (const char c : card("FN:A\r\nEMAIL:a@example.org\r\n"))
        wide += {c, '\0'};
    QTest::newRow("UTF-16") << wide << std::string("A|a@example.org|\n");
}

void VCardTest::readsACard()
{
    QFETCH(std::string, file);
    QFETCH(std::string, contacts);
    const auto read = readVCards(file);
    QVERIFY(read.has_value());
    QCOMPARE(QString::fromStdString(shown(*read)), QString::fromStdString(contacts));
}

void VCardTest::readsEveryCardOfAFile()
{
    std::string file;
    for (int i = 0; i < 3000; ++i)
        file += card("FN:P " + std::to_string(i) + "\r\nEMAIL:p" + std::to_string(i) +
                     "@example.org\r\n\r\n");
    const auto read = readVCards(file);
    QVERIFY(read.has_value());
    QCOMPARE(read->cards, std::size_t{3000});
    QCOMPARE(read->contacts.size(), std::size_t{3000});
    QVERIFY(!read->cut);
    QCOMPARE(read->contacts.back().address, std::string("p2999@example.org"));
}

void VCardTest::staysBounded_data()
{
    QTest::addColumn<std::string>("file");
    constexpr std::size_t size = 2 * 1024 * 1024;
    const auto filled = [](const std::string& piece) {
        std::string text;
        text.reserve(size + piece.size());
        while (text.size() < size)
            text += piece;
        return text;
    };
    QTest::newRow("a name of 2 MB") << card("FN:" + filled("a") + "\r\nEMAIL:a@example.org\r\n");
    QTest::newRow("2 MB of folded lines")
        << card("FN:" + filled("a\r\n ") + "\r\nEMAIL:a@example.org\r\n");
    QTest::newRow("2 MB of soft line ends")
        << card("FN;QUOTED-PRINTABLE:" + filled("=\r\n") + "\r\nEMAIL:a@example.org\r\n");
    QTest::newRow("2 MB of parameters")
        << card("FN" + filled(";X=Y") + ":A\r\nEMAIL:a@example.org\r\n");
    QTest::newRow("2 MB of folds without a colon")
        << card("X" + filled("\r\n x") + "\r\nEMAIL:a@example.org\r\n");
    QTest::newRow("2 MB of quotes") << card("FN" + filled("\"") + ":A\r\nEMAIL:a@example.org\r\n");
    QTest::newRow("2 MB of escapes") << card("FN:" + filled("\\") + "\r\nEMAIL:a@example.org\r\n");
    QTest::newRow("cards within cards")
        << filled("BEGIN:VCARD\n") + card("EMAIL:a@example.org\r\n");
    QTest::newRow("ends without beginnings")
        << filled("END:VCARD\n") + card("EMAIL:a@example.org\r\n");
    QTest::newRow("a hundred thousand addresses in a card")
        << card(filled("EMAIL:a@example.org\r\n"));
    QTest::newRow("a card a line") << filled("BEGIN:VCARD\nEMAIL:a@b.org\nEND:VCARD\n");
    QTest::newRow("line ends alone") << card(filled("\r"));
}

void VCardTest::staysBounded()
{
    QFETCH(std::string, file);
    const auto read = readVCards(file);
    QVERIFY(read.has_value());
    QVERIFY(read->contacts.size() <= 50'000);
    for (const Contact& contact : read->contacts)
        QVERIFY(contact.name.size() <= 500 && contact.address.size() <= 320);
}

void VCardTest::refusesWhatIsNoCard()
{
    QCOMPARE(readVCards("").error().code, ErrorCode::InvalidInput);
    QCOMPARE(readVCards("%PDF-1.4").error().code, ErrorCode::InvalidInput);
    QCOMPARE(readVCards(std::string(65 * 1024 * 1024, ' ')).error().code, ErrorCode::TooLarge);
}

QTEST_APPLESS_MAIN(VCardTest)
#include "VCardTest.moc"
