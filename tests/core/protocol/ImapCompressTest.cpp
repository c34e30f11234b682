// SPDX-License-Identifier: GPL-3.0-or-later
// COMPRESS=DEFLATE (RFC 4978) against a server that compresses, one that refuses, and bombs.
#include "tests/core/protocol/ImapFixture.h"

#include <QElapsedTimer>
#include <QObject>
#include <thread>

using namespace avocet;
using namespace avocet::test;

namespace {

const std::string compressed = "C: {t} COMPRESS DEFLATE\nS: {t} OK active\nDEFLATE:\n";

/// One raw deflate block without compression, as a script's escapes.
std::string stored(const std::string& text)
{
    std::string bytes{'\0'};
    const auto length = static_cast<unsigned>(text.size());
    for (const unsigned half : {length, ~length}) {
        bytes += static_cast<char>(half & 0xFF);
        bytes += static_cast<char>(half >> 8 & 0xFF);
    }
    bytes += text;
    std::string escaped;
    for (const char c : bytes) {
        char hex[8];
        std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned char>(c));
        escaped += hex;
    }
    return escaped;
}

} // namespace

class ImapCompressTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void speaksCompressed();
    void doesNothingWhereNotOffered();
    void staysPlainWhereRefused();
    void takesBytesBehindTheOk();
    void countsBytesOfTheWire();
    void carriesLargeMessagesBothWays();
    void waitsCompressed();
    void endsWaitWhenStopped();
    void diesOfGarbage_data();
    void diesOfGarbage();
    void noticesGarbageWhileWaiting();
    void diesOfBomb();
    void takesBodiesOfZeros();
    void noticesCut();
    void tellsBye();
};

void ImapCompressTest::speaksCompressed()
{
    OPEN(o, "COMPRESS=DEFLATE",
         compressed + "C: {t} NOOP\nS: * 3 EXISTS\nS: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_RESULT(o.session().startCompression());
    QCOMPARE(o.session().poll()->exists.value_or(0), 3u);
    VERIFY_RESULT(o.session().startCompression()); // already: nothing is sent
    QVERIFY(o.session().poll()->empty());
    VERIFY_SCRIPT(o.server);
}

void ImapCompressTest::doesNothingWhereNotOffered()
{
    OPEN(o, "", "C: {t} NOOP\nS: {t} OK\n");
    VERIFY_RESULT(o.session().startCompression());
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapCompressTest::staysPlainWhereRefused()
{
    OPEN(o, "COMPRESS=DEFLATE",
         "C: {t} COMPRESS DEFLATE\nS: {t} NO [COMPRESSIONACTIVE] TLS does it\n"
         "C: {t} NOOP\nS: {t} OK\n");
    VERIFY_ERROR(o.session().startCompression(), ErrorKind::Rejected, ErrorCode::None);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapCompressTest::takesBytesBehindTheOk()
{
    OPEN(o, "COMPRESS=DEFLATE",
         "C: {t} COMPRESS DEFLATE\nR: {t} OK\\r\\n" + stored("* 5 EXISTS\r\n") +
             "\nDEFLATE:\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_RESULT(o.session().startCompression());
    QCOMPARE(o.session().poll()->exists.value_or(0), 5u);
    VERIFY_SCRIPT(o.server);
}

void ImapCompressTest::countsBytesOfTheWire()
{
    const std::string large(1'000'000, 'x');
    OPEN(o, "COMPRESS=DEFLATE",
         compressed + "C: {t} UID FETCH ...\nS: * 1 FETCH (UID 7 BODY[1] {1000000}\nR: " + large +
             ")\\r\\n\nS: {t} OK\n");
    VERIFY_RESULT(o.session().startCompression());
    const Traffic before = o.session().traffic();
    QCOMPARE(section(o.session(), 7, {"1", 0, 0}).value_or("").size(), large.size());
    const Traffic after = o.session().traffic();
    QVERIFY(after.in - before.in < 10'000);
    QVERIFY(after.out > before.out && after.out - before.out < 100);
}

void ImapCompressTest::carriesLargeMessagesBothWays()
{
    // Bytes that do not shrink, across every buffer's border.
    std::string noise;
    std::uint32_t state = 1;
    while (noise.size() < 700'000) {
        state = state * 1'664'525 + 1'013'904'223;
        noise += static_cast<char>('A' + (state >> 24) % 50);
    }
    std::erase(noise, '\\');
    const std::string size = std::to_string(noise.size());
    OPEN(o, "COMPRESS=DEFLATE LITERAL+",
         compressed + "C: {t} APPEND \"A\" () ...\nN: " + size +
             "\nC:\nS: {t} OK\nC: {t} UID FETCH ...\nS: * 1 FETCH (UID 7 BODY[] {" + size +
             "}\nR: " + noise + ")\\r\\n\nS: {t} OK\n");
    VERIFY_RESULT(o.session().startCompression());
    VERIFY_RESULT(o.session().append("A", noise, 0, 0));
    std::string got;
    const std::vector<std::uint32_t> uids{7};
    VERIFY_RESULT(o.session().fetchBodies(uids, [&](std::uint32_t, std::string body) {
        got = std::move(body);
        return true;
    }));
    QVERIFY(got == noise);
    VERIFY_SCRIPT(o.server);
    QVERIFY(o.server.received().find(noise) != std::string::npos);
}

void ImapCompressTest::waitsCompressed()
{
    // Two notices in one piece: the second one lies in the stream when the first one is read.
    OPEN(o, "COMPRESS=DEFLATE IDLE",
         compressed +
             "C: {t} IDLE\nR: + idling\\r\\n* 5 EXISTS\\r\\n* 1 EXPUNGE\\r\\n\nC: DONE\nS: {t} OK\n"
             "C: {t} IDLE\nS: + idling\nC: DONE\nS: {t} OK\n");
    VERIFY_RESULT(o.session().startCompression());
    auto change = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_RESULT(change);
    QCOMPARE(change->exists.value_or(0), 5u);
    QVERIFY(change->expunged);
    change = o.session().idle(std::chrono::seconds(0), {});
    VERIFY_RESULT(change);
    QVERIFY(change->empty());
    VERIFY_SCRIPT(o.server);
}

void ImapCompressTest::endsWaitWhenStopped()
{
    OPEN(o, "COMPRESS=DEFLATE IDLE",
         compressed + "C: {t} IDLE\nS: + idling\nC: DONE\nS: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_RESULT(o.session().startCompression());
    std::stop_source stop;
    QElapsedTimer sinceStop;
    Result<MailboxChange> change;
    std::jthread worker(
        [&] { change = o.session().idle(std::chrono::seconds(20), stop.get_token()); });
    QVERIFY(o.server.waitForStep(8)); // the server waits for DONE
    sinceStop.start();
    stop.request_stop();
    worker.join();
    QVERIFY(sinceStop.elapsed() < 500);
    VERIFY_ERROR(change, ErrorKind::Cancelled, ErrorCode::None);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapCompressTest::diesOfGarbage_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("plain text") << QByteArray("* 3 EXISTS\\r\\n");
    QTest::newRow("a block of the reserved type") << QByteArray("\\xff\\xff\\xff");
    QTest::newRow("a stored block that contradicts itself")
        << QByteArray("\\x00\\x05\\x00\\x00\\x00");
    QTest::newRow("the stream's end") << QByteArray("\\x03\\x00");
    QTest::newRow("a gzip header") << QByteArray("\\x1f\\x8b\\x08\\x00");
}

void ImapCompressTest::diesOfGarbage()
{
    QFETCH(QByteArray, bytes);
    OPEN(o, "COMPRESS=DEFLATE",
         "C: {t} COMPRESS DEFLATE\nR: {t} OK\\r\\n" + bytes.toStdString() + "\n");
    VERIFY_RESULT(o.session().startCompression());
    const auto change = o.session().poll();
    VERIFY_ERROR(change, ErrorKind::Protocol, ErrorCode::None);
    QVERIFY(!o.session().alive());
}

void ImapCompressTest::noticesGarbageWhileWaiting()
{
    // The garbage is found by the question whether there is more to read.
    for (const std::string garbage : {"\\xff\\xff\\xff", "\\x03\\x00"}) {
        OPEN(o, "COMPRESS=DEFLATE IDLE",
             "C: {t} COMPRESS DEFLATE\nR: {t} OK\\r\\n" + stored("+ idling\r\n* OK wait\r\n") +
                 "\nSYNC: idling\nR: " + garbage + "\n");
        VERIFY_RESULT(o.session().startCompression());
        o.server.release("idling");
        QElapsedTimer waited;
        waited.start();
        VERIFY_ERROR(o.session().idle(std::chrono::seconds(20), {}), ErrorKind::Protocol,
                     ErrorCode::None);
        QVERIFY(waited.elapsed() < 4'000);
        QVERIFY(!o.session().alive());
    }
}

void ImapCompressTest::diesOfBomb()
{
    OPEN(o, "COMPRESS=DEFLATE",
         compressed + "C: {t} NOOP\nFLOOD: * OK " + std::string(900'000, 'x') + "\n");
    VERIFY_RESULT(o.session().startCompression());
    VERIFY_ERROR(o.session().poll(), ErrorKind::Protocol, ErrorCode::LimitExceeded);
    QVERIFY(!o.session().alive());
    QVERIFY(o.session().traffic().in < 1'000'000);
}

void ImapCompressTest::takesBodiesOfZeros()
{
    const std::string zeros(2'000'000, 'A');
    std::string answer;
    for (int uid = 1; uid <= 3; ++uid)
        answer += "S: * 1 FETCH (UID " + std::to_string(uid) + " BODY[] {2000000}\nR: " + zeros +
                  ")\\r\\n\n";
    OPEN(o, "COMPRESS=DEFLATE", compressed + "C: {t} UID FETCH ...\n" + answer + "S: {t} OK\n");
    VERIFY_RESULT(o.session().startCompression());
    const std::vector<std::uint32_t> uids{1, 2, 3};
    std::size_t total = 0;
    VERIFY_RESULT(o.session().fetchBodies(uids, [&](std::uint32_t, std::string body) {
        total += body.size();
        return true;
    }));
    QCOMPARE(total, 3 * zeros.size());
}

void ImapCompressTest::noticesCut()
{
    OPEN(o, "COMPRESS=DEFLATE", compressed + "C: {t} NOOP\nCLOSE:\n");
    VERIFY_RESULT(o.session().startCompression());
    VERIFY_ERROR(o.session().poll(), ErrorKind::Offline, ErrorCode::ConnectionLost);
    OPEN(early, "COMPRESS=DEFLATE", "C: {t} COMPRESS DEFLATE\nCLOSE:\n");
    VERIFY_ERROR(early.session().startCompression(), ErrorKind::Offline, ErrorCode::ConnectionLost);
}

void ImapCompressTest::tellsBye()
{
    OPEN(o, "COMPRESS=DEFLATE", compressed + "C: {t} NOOP\nS: * BYE maintenance\nCLOSE:\n");
    VERIFY_RESULT(o.session().startCompression());
    const auto change = o.session().poll();
    VERIFY_ERROR(change, ErrorKind::Offline, ErrorCode::ConnectionLost);
    QCOMPARE(change.error().serverText, std::string("maintenance"));
}

QTEST_GUILESS_MAIN(ImapCompressTest)
#include "ImapCompressTest.moc"
