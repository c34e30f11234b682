// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageReader.h"
#include "tests/core/mime/TestFiles.h"

#include <QtTest>

#include <ctime>
#include <sys/resource.h>

using namespace avocet;
using namespace avocet::test;

/// B1-15. The goal is 2 s and 300 MB; the guards here are ten times the time (thirty
/// with a sanitizer), so that a slow build does not fail them while a quadratic step still does.
class BombTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listsBombsInTime_data();
    void listsBombsInTime();
    void holdsEachCase();
};

namespace {

constexpr std::size_t kMegabyte = 1 << 20;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kInstrumented = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kInstrumented = true;
#else
constexpr bool kInstrumented = false;
#endif
#else
constexpr bool kInstrumented = false;
#endif

std::string repeated(std::string_view text, std::size_t count)
{
    std::string result;
    result.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i)
        result += text;
    return result;
}

std::string filled(std::string_view text, std::size_t size)
{
    return repeated(text, size / text.size());
}

const std::string kStart = "From: a@example.org\nSubject: bomb\n";
const std::string kText = "\nafter the header\n";

std::string base64Part()
{
    return "Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: "
           "base64\n\n" +
           repeated("QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\n",
                    50 * kMegabyte / 48) +
           "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUI=\n";
}

std::string nestedMultiparts()
{
    std::string result = kStart;
    for (int i = 0; i < 10'000; ++i) {
        const std::string mark = "b" + std::to_string(i);
        result += "Content-Type: multipart/mixed; boundary=" + mark + "\n\n--" + mark + "\n";
    }
    return result + "\ninnermost\n";
}

std::string bomb(const QByteArray& id)
{
    const std::string html = kStart + "Content-Type: text/html\n\n";
    const std::string mixed = kStart + "Content-Type: multipart/mixed; boundary=b\n\n";
    switch (id.mid(1).toInt()) {
    case 1:
        return nestedMultiparts();
    case 2:
        return mixed + repeated("--b\n\nx\n", 1'000'000) + "--b--\n";
    case 3:
        return kStart + "X-Long: " + filled("a", kMegabyte) + "\n" + kText;
    case 4:
        return kStart + repeated("Content-Type: message/rfc822\n\n", 10'000) + "\ninnermost\n";
    case 5:
        return mixed + "--b\n" + base64Part() + "--b--\n";
    case 6:
        return kStart + "Content-Transfer-Encoding: base64\n\n" + filled("=", 50 * kMegabyte);
    case 7:
        return kStart + "Content-Transfer-Encoding: quoted-printable\n\n" +
               filled("=\n", 50 * kMegabyte);
    case 8:
        return kStart + repeated("X: y\n", 1'000'000) + kText;
    case 9:
        return kStart + "To: " + repeated("\"<(a@b.c,", 120'000) + "\n" + kText;
    case 10:
        return "Subject: " + repeated("=?utf-8?q?", 100'000) + "\n" + kText;
    case 11:
        return mixed + repeated("--b\nContent-Type: multipart/mixed; boundary=b\n\n", 100'000) +
               "--b\n\ninnermost\n";
    case 12:
        return html + filled("<ol><li><blockquote><table><td>", 20 * kMegabyte) + "innermost\n";
    case 13:
        return html + filled("<!--<a href=\"<script>&", 20 * kMegabyte) + "innermost\n";
    case 14:
        return kStart + "\n" + repeated("begin 644 a\n#86)C\n`\nend\n", 1'000'000) + "innermost\n";
    case 15:
        return kStart + repeated("Content-Type: message/rfc822\n\n", 99) + base64Part();
    default:
        return {};
    }
}

/// Of this process: other programs on the machine must not fail the test.
double cpuSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

long peakMegabytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

} // namespace

void BombTest::listsBombsInTime_data()
{
    QTest::addColumn<QByteArray>("wanted");
    for (const auto& row : tableRows(QStringLiteral("tests/cases/B1-15.tsv")))
        QTest::newRow(row.value(0).constData()) << row.value(2);
}

void BombTest::listsBombsInTime()
{
    QFETCH(QByteArray, wanted);
    const std::string message = bomb(QTest::currentDataTag());
    QVERIFY(!message.empty());
    const double start = cpuSeconds();
    const ParsedMessage parsed = readMessage(message);
    const double used = cpuSeconds() - start;
    QVERIFY2(used < (kInstrumented ? 60 : 20), qPrintable(QString::number(used)));
    if (!kInstrumented)
        QVERIFY2(peakMegabytes() < 3000, qPrintable(QString::number(peakMegabytes())));
    QVERIFY(parsed.parts.size() <= 10'000);

    const QByteArray value = wanted.mid(wanted.indexOf('=') + 1);
    if (wanted.startsWith("words=")) {
        QVERIFY(QByteArray::fromStdString(parsed.text).contains(value));
    } else if (wanted.startsWith("size=")) {
        QVERIFY(!parsed.attachments.empty());
        QCOMPARE(parsed.attachments.back().name, std::string("a.bin"));
        QCOMPARE(parsed.attachments.back().size, static_cast<std::int64_t>(value.toLongLong()));
    } else {
        QCOMPARE(QByteArray::number(static_cast<qulonglong>(parsed.parts.size())), value);
    }
}

void BombTest::holdsEachCase()
{
    QByteArrayList ids;
    for (const auto& row : tableRows(QStringLiteral("tests/cases/B1-15.tsv")))
        ids << row.value(0);
    QByteArrayList wanted;
    for (int i = 1; i <= 15; ++i)
        wanted << "B" + QByteArray::number(i);
    QCOMPARE(ids, wanted);
}

QTEST_GUILESS_MAIN(BombTest)
#include "BombTest.moc"
