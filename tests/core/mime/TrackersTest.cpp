// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Trackers.h"

#include <QtTest>

using namespace avocet;

class TrackersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stripsWhatRecognisesTheReader_data();
    void stripsWhatRecognisesTheReader();
    void findsTheHost_data();
    void findsTheHost();
};

void TrackersTest::stripsWhatRecognisesTheReader_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("stripped");
    const auto row = [](const char* address, const char* stripped) {
        QTest::newRow(address) << QString::fromUtf8(address) << QString::fromUtf8(stripped);
    };
    row("https://a.example/", "https://a.example/");
    row("https://a.example/?utm_source=x&utm_medium=y", "https://a.example/");
    row("https://a.example/p?id=1&utm_source=x&page=2#top", "https://a.example/p?id=1&page=2#top");
    row("https://a.example/?UTM_Source=x;id=1", "https://a.example/?id=1");
    row("https://a.example/?fbclid=1&gclid=2&mc_eid=3&mkt_tok=4", "https://a.example/");
    row("https://a.example/?q=utm_source", "https://a.example/?q=utm_source");
    row("https://a.example/?a=1&b=%26utm_x=1&a=2", "https://a.example/?a=1&b=%26utm_x=1&a=2");
    row("https://a.example/#?utm_source=x", "https://a.example/#?utm_source=x");
    row("https://a.example/?fbclid", "https://a.example/");
    row("https://a.example/?a&gclid=1&b", "https://a.example/?a&b");
    row("https://a.example/?", "https://a.example/");
    row("", "");
}

void TrackersTest::stripsWhatRecognisesTheReader()
{
    QFETCH(QString, address);
    QFETCH(QString, stripped);
    QCOMPARE(QString::fromStdString(stripTracking(address.toStdString())), stripped);
}

void TrackersTest::findsTheHost_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("host");
    const auto row = [](const char* address, const char* host) {
        QTest::newRow(address) << QString::fromUtf8(address) << QString::fromUtf8(host);
    };
    row("https://A.Example/x", "a.example");
    row("https://a.example", "a.example");
    row("https://user:pass@a.example:8080/x", "a.example");
    row("https://a.example.?x", "a.example");
    row("https://b.example\\@a.example/", "b.example");
    row("https://[::1]:80/", "[::1]");
    row("mailto:x@a.example", "");
    row("https://", "");
}

void TrackersTest::findsTheHost()
{
    QFETCH(QString, address);
    QFETCH(QString, host);
    QCOMPARE(QString::fromStdString(hostOf(address.toStdString())), host);
}

QTEST_GUILESS_MAIN(TrackersTest)
#include "TrackersTest.moc"
