// SPDX-License-Identifier: GPL-3.0-or-later
// Stored bodies become found and previewed by themselves, whatever happened in between.
#include "core/engine/Maintenance.h"

#include <QTemporaryDir>
#include <QTest>

using namespace avocet;

class MaintenanceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void indexesWhatIsStored();
    void tellsWhenAllIsFound();
    void indexesFirstWhatTheUserWaitsFor();
    void wantsAMissingBodyAgain();
    void wantsADamagedBodyAgain();
    void catchesUpAfterACrash();

private:
    std::vector<MessageId> fill(int count);
    void store(const std::vector<MessageId>& messages);
    std::int64_t whole() { return m_stores->search.coverage()->whole; }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Stores> m_stores;
    std::unique_ptr<MailEngine> m_door;
    std::unique_ptr<Maintenance> m_maintenance;
    std::vector<MessageId> m_previewed;
    FolderId m_inbox;
};

void MaintenanceTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const std::filesystem::path profile = m_folder->path().toStdString();
    auto stores = Stores::open(profile, Access::ReadWrite);
    QVERIFY(stores.has_value());
    m_stores = std::move(*stores);
    Folder inbox;
    inbox.mailbox = inbox.path = "INBOX";
    QVERIFY(m_stores->folders.replaceAll(AccountId{1}, {inbox}).has_value());
    m_inbox = m_stores->folders.findByMailbox(AccountId{1}, "INBOX")->id;
    m_previewed.clear();
    m_door = std::make_unique<MailEngine>(EngineOptions{});
    connect(m_door.get(), &MailEngine::previewsArrived, this,
            [this](const std::vector<MessageId>& ids) {
                m_previewed.insert(m_previewed.end(), ids.begin(), ids.end());
            });
    m_maintenance = std::make_unique<Maintenance>(
        *m_stores, bodiesDatabase(profile),
        [this](const std::function<void(MailEngine&)>& tell) { tell(*m_door); });
}

void MaintenanceTest::cleanup()
{
    m_maintenance.reset();
    m_door.reset();
    m_stores.reset();
}

std::vector<MessageId> MaintenanceTest::fill(int count)
{
    std::vector<NewMessage> rows(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].uid = static_cast<std::uint32_t>(i + 1);
        rows[i].internalDate = 1'700'000'000 + static_cast<std::int64_t>(i) * 60;
        rows[i].subject = "subject";
        rows[i].messageIdHeader = std::to_string(i) + "@example.org";
    }
    return m_stores->messages.insert(m_inbox, rows)->appeared;
}

/// As storeBodies does it, without telling anybody.
void MaintenanceTest::store(const std::vector<MessageId>& messages)
{
    for (const MessageId message : messages) {
        const std::string number = std::to_string(message.value);
        const std::string raw =
            "Subject: subject\r\n\r\nThe text word" + number + " of a letter.\r\n";
        QVERIFY(m_stores->bodies.put(message, raw).has_value());
        QVERIFY(m_stores->messages.setBody(message, true).has_value());
    }
}

void MaintenanceTest::indexesWhatIsStored()
{
    const auto ids = fill(150);
    store(ids);
    m_maintenance->bodiesStored(ids, false);
    QTRY_COMPARE(whole(), 150);
    QTRY_COMPARE(m_previewed.size(), ids.size());
    const std::string word = "word" + std::to_string(ids[77].value);
    const auto found = m_stores->search.search(parseSearchQuery(word + ' ', 0));
    QVERIFY(found.has_value());
    QVERIFY(*found == std::vector<MessageId>{ids[77]});
    QCOMPARE(m_stores->messages.row(ids[77])->preview, "The text " + word + " of a letter.");
}

void MaintenanceTest::tellsWhenAllIsFound()
{
    bool told = false;
    m_maintenance->whenIndexed([&] { told = true; });
    QVERIFY(told); // nothing waits
    const auto ids = fill(100);
    store(ids);
    m_maintenance->bodiesStored(ids, false);
    std::int64_t then = -1;
    m_maintenance->whenIndexed([&] { then = whole(); });
    QCOMPARE(then, -1);
    QTRY_COMPARE(then, 100);
}

void MaintenanceTest::indexesFirstWhatTheUserWaitsFor()
{
    const auto ids = fill(1000);
    store(ids);
    m_maintenance->bodiesStored({ids.begin(), ids.end() - 1}, false);
    m_maintenance->bodiesStored({ids.back()}, true);
    QTRY_COMPARE(whole(), 1000);
    const auto at = std::find(m_previewed.begin(), m_previewed.end(), ids.back());
    QVERIFY2(at - m_previewed.begin() < 200, "it came behind the others");
}

void MaintenanceTest::wantsAMissingBodyAgain()
{
    const auto ids = fill(3);
    store({ids[0], ids[2]});
    QVERIFY(m_stores->messages.setBody(ids[1], true).has_value());
    m_maintenance->bodiesStored(ids, false);
    QTRY_COMPARE(whole(), 2);
    QTRY_VERIFY(!m_stores->messages.row(ids[1])->hasBody);
    QVERIFY(m_stores->messages.row(ids[0])->hasBody);
}

void MaintenanceTest::wantsADamagedBodyAgain()
{
    const auto ids = fill(2);
    store(ids);
    PackedBody damaged = BodyStore::pack(std::string(5000, 'x'));
    damaged.chunks[0].resize(damaged.chunks[0].size() - 1);
    QVERIFY(m_stores->bodies.put(ids[0], damaged).has_value());
    m_maintenance->bodiesStored(ids, false);
    QTRY_VERIFY(!m_stores->messages.row(ids[0])->hasBody);
    QTRY_COMPARE(whole(), 1);
}

void MaintenanceTest::catchesUpAfterACrash()
{
    const auto ids = fill(50);
    store(ids); // and nobody was told
    m_maintenance->wake();
    QTRY_COMPARE_WITH_TIMEOUT(whole(), 50, 20'000);
    QVERIFY(!m_stores->messages.row(ids[0])->preview.empty());
}

QTEST_GUILESS_MAIN(MaintenanceTest)
#include "MaintenanceTest.moc"
