// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageReader.h"
#include "tests/core/mime/TestFiles.h"
#include "tests/support/Bombs.h"

#include <QFile>
#include <QtTest>

#include <ctime>
#include <malloc.h>

using namespace avocet;
using namespace avocet::test;

/// B1-15. The goal is 2 s and 300 MB. Of the time the guard is twice the goal (ten times with a sanitizer), so that a slow
/// build does not fail it while a quadratic step still does; of the memory it is the goal, beside the message itself.
class BombTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listsBombsInTime_data();
    void listsBombsInTime();
    void holdsEachCase();
};

namespace {

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

/// Of this process: other programs on the machine must not fail the test.
double cpuSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// A line of /proc/self/status in megabytes.
long megabytes(const QByteArray& name)
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray all = file.readAll();
    const qsizetype at = all.indexOf('\n' + name + ':');
    return at < 0 ? 0 : all.mid(at + name.size() + 2).trimmed().split(' ').front().toLong() / 1024;
}

/// What this process has in memory, from where its peak counts anew.
long beginMeasuring()
{
    malloc_trim(0);
    QFile file(QStringLiteral("/proc/self/clear_refs"));
    if (file.open(QIODevice::WriteOnly))
        file.write("5");
    return megabytes("VmRSS");
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
    const std::string message = bomb(QByteArray(QTest::currentDataTag()).mid(1).toInt());
    QVERIFY(!message.empty());
    const long before = beginMeasuring();
    const double start = cpuSeconds();
    const ParsedMessage parsed = readMessage(message);
    const double used = cpuSeconds() - start;
    const long grown = megabytes("VmHWM") - before;
    QVERIFY2(used < (kInstrumented ? 20 : 4), qPrintable(QString::number(used)));
    if (!kInstrumented)
        QVERIFY2(grown <= 300, qPrintable(QString::number(grown)));
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
