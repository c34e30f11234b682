// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting a stream into responses: any split of the bytes gives the same, and nothing is believed
// that was only announced (cases I1, I3).
#include "core/protocol/ImapReader.h"
#include "core/protocol/ImapCursor.h"
#include "tests/core/protocol/ProtocolFixture.h"

#include <QObject>
#include <algorithm>
#include <cstring>

using namespace avocet;

namespace {

/// Hands out bytes in pieces of a given size, then says that the connection is lost.
class Pieces final : public ByteSource {
public:
    Pieces(std::string bytes, std::size_t size)
        : m_bytes(std::move(bytes))
        , m_size(size)
    {
    }
    Result<std::size_t> read(char* into, std::size_t capacity) override
    {
        largestRead = std::max(largestRead, capacity);
        const std::size_t count = std::min({m_size, capacity, m_bytes.size() - m_at});
        if (count == 0)
            return fail(ErrorKind::Offline, "end", ErrorCode::ConnectionLost);
        std::memcpy(into, m_bytes.data() + m_at, count);
        m_at += count;
        return count;
    }
    std::size_t largestRead = 0;

private:
    std::string m_bytes;
    std::size_t m_size;
    std::size_t m_at = 0;
};

/// The same bytes again and again.
class Endless final : public ByteSource {
public:
    Endless(std::string start, char fill)
        : m_start(std::move(start))
        , m_fill(fill)
    {
    }
    Result<std::size_t> read(char* into, std::size_t capacity) override
    {
        total += capacity;
        std::memset(into, m_fill, capacity);
        const std::size_t count = std::min(capacity, m_start.size());
        std::memcpy(into, m_start.data(), count);
        m_start.erase(0, count);
        return capacity;
    }
    std::size_t total = 0;

private:
    std::string m_start;
    char m_fill;
};

std::vector<std::string> readAll(ImapReader& reader)
{
    std::vector<std::string> result;
    for (;;) {
        const auto next = reader.next();
        if (!next)
            return result;
        result.emplace_back(*next);
    }
}

} // namespace

class ImapReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cutsResponses_data();
    void cutsResponses();
    void takesLeftoverFirst();
    void refuses_data();
    void refuses();
    void endsEndlessInput_data();
    void endsEndlessInput();
    void endsWhatDripsIn();
    void allocatesOnlyWhatArrived();
    void takesLargeBody();
    void shrinksAfterLargeBody();
    void readsNumbers_data();
    void readsNumbers();
    void readsStrings_data();
    void readsStrings();
    void skipsAnyDepth();
};

void ImapReaderTest::cutsResponses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArrayList>("responses");
    const auto row = [](const char* name, const QByteArray& bytes, const QByteArrayList& expected) {
        QTest::newRow(name) << bytes << expected;
    };
    row("two lines", "* OK hi\r\nT1 OK done\r\n", {"* OK hi", "T1 OK done"});
    row("bare line feeds", "* OK hi\nT1 OK\n", {"* OK hi", "T1 OK"});
    row("an empty line between", "* OK\r\n\r\nT1 OK\r\n", {"* OK", "", "T1 OK"});
    row("a literal", "* 1 FETCH (BODY[] {5}\r\na\r\nbc)\r\nT1 OK\r\n",
        {"* 1 FETCH (BODY[] {5}\r\na\r\nbc)", "T1 OK"});
    row("an empty literal", "* 1 FETCH (BODY[] {0}\r\n)\r\n", {"* 1 FETCH (BODY[] {0}\r\n)"});
    row("two literals", "* LIST () {1}\r\n/ {3}\r\nabc\r\n", {"* LIST () {1}\r\n/ {3}\r\nabc"});
    row("a literal8", "* 1 FETCH (BINARY[1] ~{2}\r\n\r\n)\r\n",
        {"* 1 FETCH (BINARY[1] ~{2}\r\n\r\n)"});
    row("a literal that looks like literals", "* 1 FETCH (BODY[] {6}\r\n {9}\r\n)\r\n",
        {"* 1 FETCH (BODY[] {6}\r\n {9}\r\n)"});
    row("a status text that ends like a literal", "* OK wait {3}\r\nT1 NO {12}\r\n* OK\r\n",
        {"* OK wait {3}", "T1 NO {12}", "* OK"});
    row("a continuation that ends like a literal", "+ go {3}\r\nT1 OK\r\n", {"+ go {3}", "T1 OK"});
    row("no digits", "* X {}\r\n* X {a}\r\n* X 3}\r\n", {"* X {}", "* X {a}", "* X 3}"});
    row("NUL and eight-bit bytes", QByteArray("* X \0\xff y\r\n", 10),
        {QByteArray("* X \0\xff y", 8)});
}

void ImapReaderTest::cutsResponses()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArrayList, responses);
    for (const std::size_t size : {1u, 2u, 3u, 7u, 1000u}) {
        Pieces source(bytes.toStdString(), size);
        ImapReader reader(source, {});
        const auto got = readAll(reader);
        QCOMPARE(got.size(), static_cast<std::size_t>(responses.size()));
        for (qsizetype i = 0; i < responses.size(); ++i)
            QCOMPARE(QByteArray::fromStdString(got[static_cast<std::size_t>(i)]), responses[i]);
    }
}

void ImapReaderTest::takesLeftoverFirst()
{
    Pieces source("hi\r\nT2 OK\r\n", 100);
    ImapReader reader(source, "T1 OK\r\n* OK ");
    QVERIFY(reader.buffered());
    const auto got = readAll(reader);
    QCOMPARE(got, (std::vector<std::string>{"T1 OK", "* OK hi", "T2 OK"}));
    QVERIFY(!reader.buffered());
}

void ImapReaderTest::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a literal of 4 GB") << QByteArray("* 1 FETCH (BODY[] {4294967295}\r\n");
    QTest::newRow("a literal beyond 64 bits")
        << QByteArray("* 1 FETCH (BODY[] {99999999999999999999999}\r\n");
    QTest::newRow("a body over 64 MB") << QByteArray("* 1 FETCH (BODY[] {67108865}\r\n");
    QTest::newRow("header fields over 1 MB")
        << QByteArray("* 1 FETCH (BODY[HEADER.FIELDS (FROM)] {1048577}\r\n");
    QTest::newRow("a mailbox name over 1 MB") << QByteArray("* LIST () \"/\" {1048577}\r\n");
}

void ImapReaderTest::refuses()
{
    QFETCH(QByteArray, bytes);
    Pieces source(bytes.toStdString(), 1000);
    ImapReader reader(source, {});
    VERIFY_ERROR(reader.next(), ErrorKind::Protocol, ErrorCode::LimitExceeded);
}

void ImapReaderTest::endsEndlessInput_data()
{
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<char>("fill");
    QTest::addColumn<qulonglong>("most");
    const qulonglong megabyte = 1 << 20;
    QTest::newRow("a status line") << QByteArray("* OK ") << 'a' << 4 * megabyte;
    QTest::newRow("a tagged line") << QByteArray("T1 OK ") << ' ' << 4 * megabyte;
    QTest::newRow("no line at all") << QByteArray() << '\0' << 4 * megabyte;
    QTest::newRow("a FETCH line") << QByteArray("* 1 FETCH (") << '(' << 40 * megabyte;
    QTest::newRow("a SEARCH line") << QByteArray("* SEARCH ") << '1' << 40 * megabyte;
}

void ImapReaderTest::endsEndlessInput()
{
    QFETCH(QByteArray, start);
    QFETCH(char, fill);
    QFETCH(qulonglong, most);
    Endless source(start.toStdString(), fill);
    ImapReader reader(source, {});
    VERIFY_ERROR(reader.next(), ErrorKind::Protocol, ErrorCode::LimitExceeded);
    QVERIFY(source.total <= most);
}

void ImapReaderTest::endsWhatDripsIn()
{
    using namespace std::chrono_literals;
    Pieces inTime("* OK ready\r\n", 1);
    QVERIFY(ImapReader(inTime, {}, 1h).next().has_value());
    // An hour ago it should have been there.
    Pieces late("* OK ready\r\n", 1);
    const auto next = ImapReader(late, {}, -1h).next();
    QVERIFY(!next && next.error().kind == ErrorKind::Timeout);
}

void ImapReaderTest::allocatesOnlyWhatArrived()
{
    Pieces source("* 1 FETCH (BODY[] {60000000}\r\nfew", 1000);
    ImapReader reader(source, {});
    VERIFY_ERROR(reader.next(), ErrorKind::Offline, ErrorCode::ConnectionLost);
    QVERIFY2(source.largestRead <= (1u << 18), "the buffer grew by an announcement");
}

void ImapReaderTest::takesLargeBody()
{
    const std::string body(10'000'000, 'b');
    Pieces source("* 1 FETCH (UID 7 BODY[] {10000000}\r\n" + body + ")\r\nT1 OK\r\n", 65'536);
    ImapReader reader(source, {});
    const auto got = readAll(reader);
    QCOMPARE(got.size(), std::size_t{2});
    QVERIFY(got[0].ends_with("bbb)"));
    QCOMPARE(got[0].size(), body.size() + 37);
}

void ImapReaderTest::shrinksAfterLargeBody()
{
    const std::string body(10'000'000, 'b');
    Pieces source("* 1 FETCH (UID 7 BODY[] {10000000}\r\n" + body + ")\r\n", 65'536);
    ImapReader reader(source, {});
    VERIFY_RESULT(reader.next());
    QVERIFY(!reader.next());
    source.largestRead = 0;
    QVERIFY(!reader.next());
    QVERIFY(source.largestRead <= (1u << 18));
}

void ImapReaderTest::readsNumbers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    QTest::addColumn<quint32>("value");
    QTest::newRow("zero") << QByteArray("0") << true << 0u;
    QTest::newRow("largest UID") << QByteArray("4294967295)") << true << 4294967295u;
    QTest::newRow("NIL counts as none") << QByteArray("NIL") << true << 0u;
    QTest::newRow("over 2^32") << QByteArray("4294967296") << false << 0u;
    QTest::newRow("over 2^64") << QByteArray("18446744073709551617") << false << 0u;
    QTest::newRow("negative") << QByteArray("-1") << false << 0u;
    QTest::newRow("a word") << QByteArray("many") << false << 0u;
    QTest::newRow("nothing") << QByteArray() << false << 0u;
}

void ImapReaderTest::readsNumbers()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    QFETCH(quint32, value);
    const std::string bytes = text.toStdString();
    ImapCursor cursor(bytes);
    QCOMPARE(cursor.number32(), value);
    QCOMPARE(!cursor.bad(), good);
}

void ImapReaderTest::readsStrings_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("quoted") << QByteArray("\"a b\"") << true << QByteArray("a b");
    QTest::newRow("escapes") << QByteArray(R"("a\"b\\c")") << true << QByteArray("a\"b\\c");
    QTest::newRow("empty") << QByteArray("\"\"") << true << QByteArray();
    QTest::newRow("atom") << QByteArray("INBOX ") << true << QByteArray("INBOX");
    QTest::newRow("NIL") << QByteArray("nil)") << true << QByteArray();
    QTest::newRow("begins like NIL") << QByteArray("NILS") << true << QByteArray("NILS");
    QTest::newRow("literal") << QByteArray("{3}\r\na)b") << true << QByteArray("a)b");
    QTest::newRow("literal beyond the end") << QByteArray("{9}\r\nabc") << false << QByteArray();
    QTest::newRow("unfinished quotes") << QByteArray("\"abc") << false << QByteArray();
    QTest::newRow("unfinished escape") << QByteArray("\"abc\\") << false << QByteArray();
    QTest::newRow("nothing") << QByteArray() << false << QByteArray();
}

void ImapReaderTest::readsStrings()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    QFETCH(QByteArray, value);
    const std::string bytes = text.toStdString();
    ImapCursor cursor(bytes);
    std::string store;
    const auto got = cursor.string(store);
    QCOMPARE(!cursor.bad(), good);
    if (good)
        QCOMPARE(QByteArray(got.data(), static_cast<qsizetype>(got.size())), value);
}

void ImapReaderTest::skipsAnyDepth()
{
    const std::string deep = std::string(100'000, '(') + "x" + std::string(100'000, ')') + " next";
    ImapCursor cursor(deep);
    QCOMPARE(cursor.skip().size(), deep.size() - 5);
    QCOMPARE(cursor.atom(), std::string_view("next"));
    const std::string open(100'000, '(');
    ImapCursor broken(open);
    broken.skip();
    QVERIFY(broken.bad());
}

QTEST_GUILESS_MAIN(ImapReaderTest)
#include "ImapReaderTest.moc"
