// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Generation.h"
#include "core/store/BodyStore.h"
#include "core/store/DraftStore.h"

#include <QTemporaryDir>
#include <QTest>

using namespace avocet;

class GenerationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsBodiesOfTheSameMailDatabase();
    void aNewMailDatabaseNeverGetsTheOldBodies();
    void draftsForgetWhichMessageTheyAnswered();
};

namespace {

struct Profile {
    std::unique_ptr<Database> user, mail, bodies;

    explicit Profile(const QTemporaryDir& folder)
    {
        const std::filesystem::path path = folder.path().toStdString();
        user = std::move(*Database::open(path / "user.db", Schema::User));
        mail = std::move(*Database::open(path / "mail.db", Schema::Mail));
        bodies = std::move(*Database::open(path / "bodies.db", Schema::Bodies));
    }
    Status match() { return matchGenerations(*user, *mail, *bodies); }
};

void loseMailDatabase(const QTemporaryDir& folder)
{
    for (const char* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(folder.path().toStdString() + "/mail.db" + suffix);
}

} // namespace

void GenerationTest::keepsBodiesOfTheSameMailDatabase()
{
    const QTemporaryDir folder;
    {
        Profile profile(folder);
        QVERIFY(profile.match().has_value());
        QVERIFY(BodyStore(*profile.bodies).put(MessageId{1}, "mine").has_value());
    }
    Profile again(folder);
    QVERIFY(again.match().has_value());
    QVERIFY(*BodyStore(*again.bodies).has(MessageId{1}));
}

void GenerationTest::aNewMailDatabaseNeverGetsTheOldBodies()
{
    const QTemporaryDir folder;
    {
        Profile profile(folder);
        QVERIFY(profile.match().has_value());
        QVERIFY(BodyStore(*profile.bodies).put(MessageId{1}, "of another message").has_value());
    }
    loseMailDatabase(folder);
    Profile again(folder);
    QVERIFY(again.match().has_value());
    QVERIFY(!*BodyStore(*again.bodies).has(MessageId{1}));
}

void GenerationTest::draftsForgetWhichMessageTheyAnswered()
{
    const QTemporaryDir folder;
    DraftId id;
    {
        Profile profile(folder);
        QVERIFY(profile.match().has_value());
        Draft draft;
        draft.text = "every word";
        draft.original = MessageId{5};
        const auto saved = DraftStore(*profile.user).save(draft);
        QVERIFY(saved.has_value());
        id = *saved;
    }
    loseMailDatabase(folder);
    Profile again(folder);
    QVERIFY(again.match().has_value());
    const auto draft = DraftStore(*again.user).find(id);
    QVERIFY(draft.has_value());
    QCOMPARE(draft->text, std::string("every word"));
    QVERIFY(!draft->original);
}

QTEST_GUILESS_MAIN(GenerationTest)
#include "GenerationTest.moc"
