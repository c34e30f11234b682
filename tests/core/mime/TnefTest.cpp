// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Tnef.h"
#include "core/mime/CompressedRtf.h"

#include <QtTest>

using namespace avocet;
using namespace avocet::mime;

class TnefTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsFilesAndText();
    void namesFilesInTheirCodepage();
    void readsMessagesWithin();
    void readsWhatIsLeftOfDamagedOnes();
    void believesNoSize_data();
    void believesNoSize();
    void unpacksRichText();
    void listsFilesInPlaceOfWinmail();
    void givesTheTextWhereThereIsNoOther();
    void keepsWhatIsNoTnef();
};

namespace {

std::string number(std::uint32_t value, int size)
{
    std::string bytes;
    for (int i = 0; i < size; ++i)
        bytes += static_cast<char>(value >> (8 * i) & 0xFF);
    return bytes;
}

std::string attribute(int level, std::uint32_t id, const std::string& data)
{
    unsigned sum = 0;
    for (const char c : data)
        sum += static_cast<unsigned char>(c);
    return number(static_cast<unsigned>(level), 1) + number(id, 4) +
           number(static_cast<unsigned>(data.size()), 4) + data + number(sum & 0xFFFF, 2);
}

std::string mapi(unsigned id, unsigned type, const std::string& data)
{
    const std::string padding(data.size() % 4 == 0 ? 0 : 4 - data.size() % 4, '\0');
    return number(type, 2) + number(id, 2) + number(1, 4) +
           number(static_cast<unsigned>(data.size()), 4) + data + padding;
}

std::string utf16(const char16_t* text)
{
    std::string bytes;
    for (; *text != 0; ++text)
        bytes += number(*text, 2);
    return bytes + std::string(2, '\0');
}

std::string tnef(const std::string& attributes)
{
    return number(0x223E9F78, 4) + number(1, 2) + attributes;
}

std::string file(const std::string& title, const std::string& data,
                 const std::string& properties = {}, unsigned count = 0)
{
    return attribute(2, 0x00069002, std::string(14, '\0')) +
           attribute(2, 0x00018010, title + '\0') + attribute(2, 0x0006800F, data) +
           (properties.empty() ? std::string()
                               : attribute(2, 0x00069005, number(count, 4) + properties));
}

std::string mail(const std::string& winmail, const std::string& text)
{
    const QByteArray encoded = QByteArray::fromStdString(winmail).toBase64();
    return "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + text +
           "\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: "
           "base64\n\n" +
           encoded.toStdString() + "\n--b--\n";
}

} // namespace

void TnefTest::readsFilesAndText()
{
    const auto content =
        readTnef(tnef(attribute(1, 0x00069003,
                                number(2, 4) + mapi(0x1000, 0x1F, utf16(u"Grüße\r\nda")) +
                                    mapi(0x1013, 0x102, "<p>x")) +
                      file("A~1.PDF", "pdf bytes",
                           mapi(0x3707, 0x1F, utf16(u"A long ñame.pdf")) +
                               mapi(0x370E, 0x1E, std::string("Application/PDF\0", 16)) +
                               mapi(0x3712, 0x1E, std::string("<one@x>\0", 8)),
                           3) +
                      file("b.txt", "two")));
    QVERIFY(content);
    QCOMPARE(content->text, std::string("Grüße\nda"));
    QCOMPARE(content->html, std::string("<p>x"));
    QCOMPARE(content->files.size(), std::size_t{2});
    QCOMPARE(content->files[0].name, std::string("A long ñame.pdf"));
    QCOMPARE(content->files[0].type, std::string("application/pdf"));
    QCOMPARE(content->files[0].contentId, std::string("one@x"));
    QCOMPARE(content->files[0].data, std::string("pdf bytes"));
    QCOMPARE(content->files[1].name, std::string("b.txt"));
    QCOMPARE(content->files[1].type, std::string("application/octet-stream"));
}

void TnefTest::namesFilesInTheirCodepage()
{
    const auto content = readTnef(tnef(attribute(1, 0x00069007, number(1251, 4) + number(0, 4)) +
                                       file("\xEF\xF0\xE8\xE2\xE5\xF2.txt", "x") +
                                       file("../../\x01"
                                            "evil\x07.exe",
                                            "y") +
                                       file("", "z")));
    QVERIFY(content);
    QCOMPARE(content->files.size(), std::size_t{3});
    QCOMPARE(content->files[0].name, std::string("привет.txt"));
    QCOMPARE(content->files[1].name, std::string("evil.exe"));
    QVERIFY(!content->files[2].name.empty());
}

void TnefTest::readsMessagesWithin()
{
    std::string inner = tnef(attribute(1, 0x0002800C, "inner words") + file("inner.txt", "deep"));
    for (int i = 0; i < 3; ++i)
        inner = tnef(file("", "", mapi(0x3701, 0x0D, std::string(16, 'i') + inner), 1));
    const auto content = readTnef(inner);
    QVERIFY(content);
    QCOMPARE(content->files.size(), std::size_t{2});
    QCOMPARE(content->files[0].data, std::string("deep"));
    QCOMPARE(content->files[1].name, std::string("message.txt"));
    QCOMPARE(content->files[1].data, std::string("inner words"));
    QVERIFY(content->text.empty());
}

void TnefTest::readsWhatIsLeftOfDamagedOnes()
{
    const std::string whole = tnef(
        attribute(1, 0x00069003, number(1, 4) + mapi(0x1000, 0x1E, "words")) +
        file("a.txt", "one") + file("b.txt", "two", mapi(0x3707, 0x1F, utf16(u"long.txt")), 1));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto content = readTnef(whole.substr(0, size));
        QCOMPARE(content.has_value(), size >= 4);
        if (content && size > 100)
            QVERIFY(content->text == "words");
    }
    for (std::size_t at = 6; at < whole.size(); ++at)
        for (const char c : {'\0', '\x7F', '\xFF'}) {
            std::string damaged = whole;
            damaged[at] = c;
            const auto content = readTnef(damaged);
            QVERIFY(content && content->files.size() < 10);
        }
}

void TnefTest::believesNoSize_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    row("an attribute of 4 GB",
        tnef(std::string("\x02", 1) + number(0x0006800F, 4) + number(0xFFFFFFFF, 4) + "x"));
    row("four billion properties", tnef(attribute(1, 0x00069003, number(0xFFFFFFFF, 4))));
    row("a property of 4 GB", tnef(attribute(1, 0x00069003,
                                             number(1, 4) + number(0x1F, 2) + number(0x1000, 2) +
                                                 number(1, 4) + number(0xFFFFFFFF, 4) + "x")));
    row("four billion values", tnef(attribute(1, 0x00069003,
                                              number(1, 4) + number(0x101F, 2) + number(0x1000, 2) +
                                                  number(0xFFFFFFFF, 4) + number(0, 4))));
    row("a name of 4 GB",
        tnef(attribute(1, 0x00069003,
                       number(1, 4) + number(3, 2) + number(0x8000, 2) + std::string(16, 'g') +
                           number(1, 4) + number(0xFFFFFFFF, 4))));
    row("an unknown type",
        tnef(attribute(1, 0x00069003, number(1, 4) + number(0x99, 2) + number(0x1000, 2))));
}

void TnefTest::believesNoSize()
{
    QFETCH(QByteArray, bytes);
    const auto content = readTnef(bytes.toStdString());
    QVERIFY(content);
    QVERIFY(content->text.empty() && content->files.empty());
}

void TnefTest::unpacksRichText()
{
    // The example of MS-OXRTFCP 3.1.1 and one with a reference that overlaps itself.
    const std::string first =
        number(0x2D, 4) + number(0x2B, 4) + number(0x75465A4C, 4) + number(0, 4) +
        std::string("\x03\x00\x0a\x00rcpg125B2\x0a\xf3 hel\x09\x00 bw\x05\xb0ld}\x0a\x80\x0f\xa0",
                    33);
    QCOMPARE(decompressedRtf(first).value_or("-"),
             std::string("{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"));
    QCOMPARE(decompressedRtf(number(20, 4) + number(3, 4) + number(0x414C454D, 4) + number(0, 4) +
                             "abcd")
                 .value_or("-"),
             std::string("abc"));
    QVERIFY(!decompressedRtf("short"));
    QVERIFY(!decompressedRtf(std::string(40, 'x')));
    std::string huge = number(20, 4) + number(0xFFFFFFFF, 4) + number(0x75465A4C, 4) + number(0, 4);
    for (int i = 0; i < 1000; ++i)
        huge += std::string("\xFF") + std::string(16, '\x0F');
    QVERIFY(decompressedRtf(huge)->size() <= huge.size() * 17 / 2);
}

void TnefTest::listsFilesInPlaceOfWinmail()
{
    const std::string raw = mail(tnef(attribute(1, 0x0002800C, "other words") +
                                      file("a.txt", "one") + file("b.txt", "two!")),
                                 "words");
    const ParsedMessage parsed = readMessage(raw);
    QCOMPARE(parsed.text, std::string("words"));
    QCOMPARE(parsed.attachments.size(), std::size_t{2});
    QCOMPARE(parsed.attachments[1].name, std::string("b.txt"));
    QCOMPARE(parsed.attachments[1].size, std::int64_t{4});
    QCOMPARE(decodedAttachment(raw, parsed, parsed.attachments[0]), std::string("one"));
    QCOMPARE(decodedAttachment(raw, parsed, parsed.attachments[1]), std::string("two!"));
}

void TnefTest::givesTheTextWhereThereIsNoOther()
{
    const ParsedMessage parsed =
        readMessage(mail(tnef(attribute(1, 0x0002800C, "hidden words\r\n")), ""));
    QCOMPARE(parsed.text, std::string("hidden words\n"));
    QVERIFY(parsed.attachments.empty());
}

void TnefTest::keepsWhatIsNoTnef()
{
    QVERIFY(!readTnef("no TNEF"));
    const ParsedMessage parsed = readMessage(mail("no TNEF", "words"));
    QCOMPARE(parsed.attachments.size(), std::size_t{1});
    QCOMPARE(parsed.attachments[0].name, std::string("winmail.dat"));
    const ParsedMessage empty = readMessage(mail(tnef(""), "words"));
    QCOMPARE(empty.attachments.size(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TnefTest)
#include "TnefTest.moc"
