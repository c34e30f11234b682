// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/AttachmentPieces.h"
#include "core/mime/TransferEncoding.h"

#include <QtTest>

#include <algorithm>

using namespace avocet;

/// Whatever the encoding and its damage: the pieces together are what is decoded at once.
class AttachmentPiecesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bringsTheSameAsAtOnce_data();
    void bringsTheSameAsAtOnce();
    void endsWhereItIsToldTo();
};

namespace {

std::string message(const std::string& encoding, const std::string& body)
{
    return "Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: " +
           encoding + "\n\n" + body;
}

std::string bytes(std::size_t size)
{
    std::string all(size, '\0');
    unsigned seed = 7;
    std::generate(all.begin(), all.end(), [&seed] {
        return static_cast<char>((seed = seed * 1103515245u + 12345u) >> 16);
    });
    return all;
}

std::string inLinesOf(std::string text, std::size_t length)
{
    std::string all;
    std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
    for (std::size_t i = 0; i < text.size(); i += length)
        all += text.substr(i, length) + " \n";
    return all;
}

} // namespace

void AttachmentPiecesTest::bringsTheSameAsAtOnce_data()
{
    QTest::addColumn<std::string>("raw");
    QTest::addColumn<bool>("small");
    const std::string base64 = mime::encodeBase64(bytes(5'000'003));
    QTest::newRow("base64") << message("base64", base64) << true;
    QTest::newRow("in lines that split its groups")
        << message("base64", inLinesOf(base64, 71)) << true;
    QTest::newRow("with padding in its middle")
        << message("base64", "QUI=\n" + base64 + base64) << false;
    std::string quoted;
    for (int i = 0; i < 60'000; ++i)
        quoted += "some words =C3=A6 that go on, and end here with a soft break =\n";
    QTest::newRow("quoted-printable") << message("quoted-printable", quoted) << true;
    QTest::newRow("as it is") << message("8bit", inLinesOf(base64, 60)) << true;
    QTest::newRow("an encoding that nobody knows") << message("rot13", base64) << true;
    QTest::newRow("empty") << message("base64", "") << true;
}

void AttachmentPiecesTest::bringsTheSameAsAtOnce()
{
    QFETCH(std::string, raw);
    QFETCH(bool, small);
    const ParsedMessage parsed = readMessage(raw);
    QCOMPARE(parsed.attachments.size(), std::size_t(1));
    std::string all;
    std::size_t largest = 0;
    decodeInPieces(raw, parsed, parsed.attachments.front(), [&](std::string_view piece) {
        all += piece;
        largest = std::max(largest, piece.size());
        return true;
    });
    QVERIFY(all == decodedAttachment(raw, parsed, parsed.attachments.front()));
    if (small)
        QVERIFY(largest <= (1 << 20));
}

void AttachmentPiecesTest::endsWhereItIsToldTo()
{
    const std::string raw = message("base64", mime::encodeBase64(bytes(5'000'000)));
    const ParsedMessage parsed = readMessage(raw);
    int pieces = 0;
    decodeInPieces(raw, parsed, parsed.attachments.front(),
                   [&](std::string_view) { return ++pieces < 2; });
    QCOMPARE(pieces, 2);
}

QTEST_GUILESS_MAIN(AttachmentPiecesTest)
#include "AttachmentPiecesTest.moc"
