// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/BodyStore.h"
#include "core/store/Sql.h"
#include "core/store/Zstd.h"
#include "tests/core/store/StoreFixture.h"

#include <zlib.h>

using namespace avocet;
using namespace avocet::test;

namespace {

std::string noise(std::size_t size)
{
    std::string bytes(size, '\0');
    std::uint32_t state = 7;
    for (char& byte : bytes)
        byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    return bytes;
}

std::string mailText(std::size_t size)
{
    std::string text;
    while (text.size() < size)
        text += "A line of the text, number " + std::to_string(text.size()) + ".\r\n";
    text.resize(size);
    return text;
}

} // namespace

class BodyStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void givesBackWhatItTook_data();
    void givesBackWhatItTook();
    void readsRanges_data();
    void readsRanges();
    void replacesAndRemoves();
    void compressesText();
    void packsOnAnyThread();
    void readsWhatZlibPacked();
    void reportsDamage_data();
    void reportsDamage();
    void unpacksNoMoreThanTheRecordedSize();
    void givesSpaceBack();
    void givesSpaceBackInSteps();
    void removesMany();

private:
    BodyStore store() { return BodyStore(*m_bodies); }

    std::unique_ptr<Folders> m_folders;
    std::unique_ptr<Database> m_bodies;
};

void BodyStoreTest::init()
{
    m_folders = std::make_unique<Folders>();
    auto bodies = Database::open(m_folders->path("bodies.db"), Schema::Bodies);
    VERIFY_RESULT(bodies);
    m_bodies = std::move(*bodies);
}

void BodyStoreTest::cleanup()
{
    m_bodies.reset();
    m_folders.reset();
}

void BodyStoreTest::givesBackWhatItTook_data()
{
    QTest::addColumn<QByteArray>("raw");
    const auto row = [](const char* name, const std::string& raw) {
        QTest::newRow(name) << QByteArray::fromStdString(raw);
    };
    row("nothing", {});
    row("one byte", "x");
    row("NULs", std::string(1000, '\0'));
    row("text", mailText(5000));
    row("noise, stored as it is", noise(5000));
    row("one chunk exactly", mailText(256 * 1024));
    row("one byte more than a chunk", mailText(256 * 1024 + 1));
    row("several chunks", mailText(1'000'000));
    row("several chunks of noise", noise(1'000'000));
}

void BodyStoreTest::givesBackWhatItTook()
{
    QFETCH(QByteArray, raw);
    const std::string sent = raw.toStdString();
    QCOMPARE(store().has(MessageId{5}).value(), false);
    QVERIFY(!store().get(MessageId{5}).value());
    VERIFY_RESULT(store().put(MessageId{5}, sent));
    QCOMPARE(store().has(MessageId{5}).value(), true);
    const auto found = store().get(MessageId{5});
    VERIFY_RESULT(found);
    QVERIFY(found->has_value());
    QVERIFY(**found == sent);
}

void BodyStoreTest::readsRanges_data()
{
    QTest::addColumn<qint64>("offset");
    QTest::addColumn<qint64>("length");
    const qint64 chunk = 256 * 1024;
    QTest::newRow("the start") << qint64{0} << qint64{10};
    QTest::newRow("over a border") << chunk - 5 << qint64{10};
    QTest::newRow("one whole chunk") << chunk << chunk;
    QTest::newRow("two borders") << chunk - 1 << chunk + 2;
    QTest::newRow("the end and beyond") << qint64{599'990} << qint64{1000};
    QTest::newRow("beyond the end") << qint64{700'000} << qint64{5};
    QTest::newRow("nothing") << qint64{5} << qint64{0};
    QTest::newRow("all there could be") << qint64{3} << std::numeric_limits<qint64>::max();
}

void BodyStoreTest::readsRanges()
{
    QFETCH(qint64, offset);
    QFETCH(qint64, length);
    const std::string raw = mailText(600'000);
    VERIFY_RESULT(store().put(MessageId{1}, raw));
    const auto found = store().getRange(MessageId{1}, offset, length);
    VERIFY_RESULT(found);
    const std::string expected =
        offset >= static_cast<qint64>(raw.size())
            ? std::string()
            : raw.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
    QVERIFY(**found == expected);
    VERIFY_FAILS(store().getRange(MessageId{1}, -1, 5), ErrorKind::Rejected,
                 ErrorCode::InvalidInput);
    VERIFY_FAILS(store().getRange(MessageId{1}, 1, -5), ErrorKind::Rejected,
                 ErrorCode::InvalidInput);
}

void BodyStoreTest::replacesAndRemoves()
{
    VERIFY_RESULT(store().put(MessageId{1}, mailText(600'000)));
    VERIFY_RESULT(store().put(MessageId{2}, "two"));
    VERIFY_RESULT(store().put(MessageId{1}, "short"));
    QCOMPARE(**store().get(MessageId{1}), std::string("short"));
    VERIFY_RESULT(store().remove(MessageId{1}));
    VERIFY_RESULT(store().remove(MessageId{1}));
    QVERIFY(!store().has(MessageId{1}).value());
    QCOMPARE(**store().get(MessageId{2}), std::string("two"));
    QCOMPARE(m_bodies->raw().execAndGet("SELECT count(*) FROM body_chunk").getInt(), 1);
}

void BodyStoreTest::compressesText()
{
    const std::string raw = mailText(1'000'000);
    VERIFY_RESULT(store().put(MessageId{1}, raw));
    const auto stored =
        m_bodies->raw().execAndGet("SELECT sum(length(data)) FROM body_chunk").getInt64();
    QVERIFY(stored < static_cast<std::int64_t>(raw.size() / 3));
    QCOMPARE(m_bodies->raw().execAndGet("SELECT count(*) FROM body_chunk").getInt(), 4);
    VERIFY_RESULT(store().put(MessageId{2}, noise(100'000)));
    QVERIFY(m_bodies->raw()
                .execAndGet("SELECT length(data) FROM body_chunk WHERE message = 2")
                .getInt64() <= 100'005);
}

void BodyStoreTest::packsOnAnyThread()
{
    const std::string raw = mailText(600'000);
    const PackedBody packed = BodyStore::pack(raw);
    QCOMPARE(packed.size, 600'000);
    QCOMPARE(packed.chunks.size(), std::size_t{3});
    VERIFY_RESULT(store().put(MessageId{9}, packed));
    QVERIFY(**store().get(MessageId{9}) == raw);
    PackedBody endless;
    endless.size = std::int64_t{1} << 40;
    VERIFY_FAILS(store().put(MessageId{10}, endless), ErrorKind::Rejected, ErrorCode::TooLarge);
}

void BodyStoreTest::readsWhatZlibPacked()
{
    const std::string raw = mailText(50'000);
    uLongf size = compressBound(raw.size());
    std::string packed(size + 1, '\1');
    QCOMPARE(compress(reinterpret_cast<Bytef*>(packed.data() + 1), &size,
                      reinterpret_cast<const Bytef*>(raw.data()), raw.size()),
             Z_OK);
    packed.resize(size + 1);
    VERIFY_RESULT(store().put(MessageId{1}, PackedBody{50'000, {packed}}));
    QVERIFY(**store().get(MessageId{1}) == raw);
    packed.resize(size);
    VERIFY_RESULT(store().put(MessageId{1}, PackedBody{50'000, {packed}}));
    VERIFY_FAILS(store().get(MessageId{1}), ErrorKind::Storage, ErrorCode::Corrupt);
}

void BodyStoreTest::reportsDamage_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("an empty chunk") << "UPDATE body_chunk SET data = x'' WHERE number = 1";
    QTest::newRow("an unknown codec") << "UPDATE body_chunk SET data = x'63aabb' WHERE number = 1";
    QTest::newRow("a cut stream")
        << "UPDATE body_chunk SET data = substr(data, 1, length(data) / 2) WHERE number = 1";
    QTest::newRow("bytes changed in a stream")
        << "UPDATE body_chunk SET data = CAST(substr(data, 1, 500) || x'00112233' || "
           "substr(data, 505) AS BLOB) WHERE number = 1";
    QTest::newRow("a chunk missing in the middle") << "DELETE FROM body_chunk WHERE number = 1";
    QTest::newRow("a chunk missing at the end") << "DELETE FROM body_chunk WHERE number = 2";
    QTest::newRow("a size that is too small") << "UPDATE body SET size = 300000";
    QTest::newRow("a size that is too large") << "UPDATE body SET size = 1073741824";
    QTest::newRow("an impossible size") << "UPDATE body SET size = 9223372036854775807";
    QTest::newRow("a negative size") << "UPDATE body SET size = -1";
    QTest::newRow("text in place of a size") << "UPDATE body SET size = 'much'";
    QTest::newRow("NULL-like data") << "UPDATE body_chunk SET data = 0 WHERE number = 1";
}

void BodyStoreTest::reportsDamage()
{
    QFETCH(QString, sql);
    VERIFY_RESULT(store().put(MessageId{1}, mailText(600'000)));
    m_bodies->raw().exec(sql.toStdString());
    const auto found = store().get(MessageId{1});
    if (sql.contains(QStringLiteral("'much'"))) {
        VERIFY_RESULT(found); // read as 0
        return;
    }
    VERIFY_FAILS(found, ErrorKind::Storage, ErrorCode::Corrupt);
    VERIFY_RESULT(store().put(MessageId{1}, "again"));
    QCOMPARE(**store().get(MessageId{1}), std::string("again"));
    // One bad body is no reason to throw all of them away at the next start.
    QVERIFY(!std::filesystem::exists(m_folders->path("bodies.db.suspect")));
}

void BodyStoreTest::unpacksNoMoreThanTheRecordedSize()
{
    const std::string zeros(50'000'000, '\0');
    std::string frame(1, '\2');
    QVERIFY(appendZstd(zeros, frame));
    uLongf size = compressBound(zeros.size());
    std::string bomb(size + 1, '\1');
    QCOMPARE(compress(reinterpret_cast<Bytef*>(bomb.data() + 1), &size,
                      reinterpret_cast<const Bytef*>(zeros.data()), zeros.size()),
             Z_OK);
    bomb.resize(size + 1);
    VERIFY_RESULT(store().put(MessageId{1}, mailText(1000)));
    for (const std::string& one : {bomb, frame}) {
        sql::run(m_bodies->raw(), "UPDATE body_chunk SET data = ?1", sql::Blob{one});
        VERIFY_FAILS(store().get(MessageId{1}), ErrorKind::Storage, ErrorCode::Corrupt);
    }
}

void BodyStoreTest::givesSpaceBack()
{
    for (std::int64_t id = 1; id <= 20; ++id)
        VERIFY_RESULT(store().put(MessageId{id}, noise(200'000)));
    const auto pages = [&] { return m_bodies->raw().execAndGet("PRAGMA page_count").getInt(); };
    const int before = pages();
    for (std::int64_t id = 1; id <= 20; ++id)
        VERIFY_RESULT(store().remove(MessageId{id}));
    QVERIFY2(pages() < before / 4, qPrintable(QString::number(pages())));
}

void BodyStoreTest::givesSpaceBackInSteps()
{
    for (std::int64_t id = 1; id <= 10; ++id)
        VERIFY_RESULT(store().put(MessageId{id}, noise(1'000'000)));
    // As pruning does it, without the bite that remove() takes each time.
    m_bodies->raw().exec("DELETE FROM body WHERE message > 1");
    const auto pages = [&] { return m_bodies->raw().execAndGet("PRAGMA page_count").getInt(); };
    int before = pages();
    for (int steps = 0;; ++steps) {
        const auto more = store().vacuumStep(100);
        VERIFY_RESULT(more);
        const int now = pages();
        QVERIFY(now <= before && before - now <= 101);
        before = now;
        if (!*more)
            break;
        QVERIFY(steps < 20);
    }
    QVERIFY2(before < 100, qPrintable(QString::number(before)));
    QCOMPARE(m_bodies->raw().execAndGet("PRAGMA freelist_count").getInt(), 0);
    QVERIFY(!store().vacuumStep(0).value());
    QCOMPARE(store().get(MessageId{1})->value().size(), std::size_t{1'000'000});
}

void BodyStoreTest::removesMany()
{
    for (const std::int64_t id : {9, 3, 7})
        VERIFY_RESULT(store().put(MessageId{id}, "x"));
    const MessageId some[]{MessageId{3}, MessageId{8}, MessageId{9}};
    VERIFY_RESULT(store().remove(some));
    QVERIFY(!store().has(MessageId{3}).value());
    QVERIFY(store().has(MessageId{7}).value());
    QVERIFY(!store().has(MessageId{9}).value());
}

QTEST_APPLESS_MAIN(BodyStoreTest)
#include "BodyStoreTest.moc"
