// SPDX-License-Identifier: GPL-3.0-or-later
// What it costs the GUI's thread that a large message comes from the cache: it is handed over, never copied.
#include "SampleConversation.h"

#include "ui/reader/ConversationView.h"
#include "ui/reader/ReaderContext.h"
#include "ui/reader/ReaderPane.h"
#include "ui/reader/ReaderWarmUp.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QPointer>
#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>
#include <memory>
#include <new>

namespace {

constexpr std::size_t large = 8'000'000;
thread_local int largeAllocations = 0; ///< of this thread

} // namespace

void* operator new(std::size_t size)
{
    largeAllocations += size >= large ? 1 : 0;
    if (void* memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}

// A sanitizer brings one of its own, which would not fit what deletes.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    largeAllocations += size >= large ? 1 : 0;
    return std::malloc(size);
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

using namespace avocet;

class OpeningTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }

    void warmingUpEndsAndMayBeCutShort()
    {
        const QTemporaryDir directory;
        MailEngine engine(EngineOptions{directory.path().toStdString(), false});
        QVERIFY(engine.open());
        BodySettings settings;
        const QPointer<ReaderWarmUp> whole = new ReaderWarmUp(engine, settings, &engine);
        QTRY_VERIFY(!whole);
        QVERIFY(QApplication::topLevelWidgets().isEmpty());
        for (int i = 0; i < 8; ++i) {
            const QPointer<ReaderWarmUp> cut = new ReaderWarmUp(engine, settings, nullptr);
            QTest::qWait(200 + 15 * i);
            delete cut;
        }
        QVERIFY(QApplication::topLevelWidgets().isEmpty());
    }

    void handsALargeMessageOverWithoutACopy()
    {
        qputenv("AVOCET_SECRETS", "file");
        const QTemporaryDir directory;
        const std::filesystem::path profile = directory.path().toStdString();
        SampleOptions options;
        options.inboxMessages = 1;
        const SampleProfile sample = fillProfile(profile, options);
        const std::string body =
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nText\r\n--b\r\n"
            "Content-Type: application/octet-stream; name=a.bin\r\n\r\n" +
            std::string(2 * large, 'x') + "\r\n--b--\r\n";
        const SampleConversation conversation =
            addConversation(profile, sample, {{"Ola", "ola@fjordworks.example", body}});
        MailEngine engine(EngineOptions{profile, false});
        QVERIFY(engine.open());
        BodySettings settings;
        ReaderPane reader(engine, settings);
        reader.show();
        largeAllocations = 0;
        reader.showMessage({}, conversation.messages.front());
        QTRY_VERIFY(reader.opened());
        QVERIFY(reader.opened()->raw.size() > 2 * large);
        QCOMPARE(largeAllocations, 0);
    }

    void handsAnEnclosedMessageOverWithoutACopy()
    {
        qputenv("AVOCET_SECRETS", "file");
        const QTemporaryDir directory;
        MailEngine engine(EngineOptions{directory.path().toStdString(), false});
        QVERIFY(engine.open());
        BodySettings settings;
        ReaderPane reader(engine, settings);
        const auto message = std::make_shared<const OpenedMessage>(
            looseMessage("Subject: enclosed\r\n\r\n" + std::string(2 * large, 'x')));
        largeAllocations = 0;
        reader.showLoose(message);
        QCOMPARE(reader.opened(), message.get());
        QCOMPARE(largeAllocations, 0);
    }
};

QTEST_MAIN(OpeningTest)
#include "OpeningTest.moc"
