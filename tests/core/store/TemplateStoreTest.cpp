// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/TemplateStore.h"
#include "tests/core/store/StoreFixture.h"

using namespace avocet;
using namespace avocet::test;

class TemplateStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsTemplatesByName();
    void changesAndRemovesOne();
    void keepsNamesApart();
    void refusesWhatIsNoTemplate_data();
    void refusesWhatIsNoTemplate();
    void holdsFiveHundred();
};

namespace {

struct Fixture {
    Folders folder;
    std::unique_ptr<Database> user =
        std::move(*Database::open(folder.path("user.db"), Schema::User, Access::ReadWrite));
    TemplateStore store{*user};
};

Template named(const std::string& name)
{
    return {{}, name, "Offer", "Dear {name},", "<div>Dear {name},</div>"};
}

} // namespace

void TemplateStoreTest::keepsTemplatesByName()
{
    Fixture f;
    VERIFY_RESULT(f.store.save(named("thanks")));
    const auto id = f.store.save(named("Offer"));
    VERIFY_RESULT(id);
    const auto all = f.store.all();
    VERIFY_RESULT(all);
    QCOMPARE(all->size(), std::size_t{2});
    Template expected = named("Offer");
    expected.id = *id;
    QVERIFY(all->front() == expected);
    QCOMPARE(all->back().name, std::string("thanks"));
}

void TemplateStoreTest::changesAndRemovesOne()
{
    Fixture f;
    Template one = named("Offer");
    const auto id = f.store.save(one);
    VERIFY_RESULT(id);
    one = {*id, "OFFER", "", "Hello", ""};
    VERIFY_RESULT(f.store.save(one));
    QVERIFY(f.store.all()->front() == one);
    VERIFY_RESULT(f.store.remove(*id));
    QVERIFY(f.store.all()->empty());
    QCOMPARE(f.store.save(one).error().code, ErrorCode::NotFound);
}

void TemplateStoreTest::keepsNamesApart()
{
    Fixture f;
    VERIFY_RESULT(f.store.save(named("Offer")));
    QCOMPARE(f.store.save(named("offer")).error().code, ErrorCode::AlreadyExists);
    auto other = named("Thanks");
    other.id = *f.store.save(other);
    other.name = "OFFER";
    QCOMPARE(f.store.save(other).error().code, ErrorCode::AlreadyExists);
    QCOMPARE(f.store.all()->size(), std::size_t{2});
}

void TemplateStoreTest::refusesWhatIsNoTemplate_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("code");
    const int invalid = static_cast<int>(ErrorCode::InvalidInput);
    const int large = static_cast<int>(ErrorCode::TooLarge);
    QTest::newRow("no name") << QByteArray() << 1 << invalid;
    QTest::newRow("a name of blanks") << QByteArray("  ") << 1 << invalid;
    QTest::newRow("two lines") << QByteArray("a\nb") << 1 << invalid;
    QTest::newRow("a name without end") << QByteArray(241, 'n') << 1 << invalid;
    QTest::newRow("a text without end") << QByteArray("a") << (512 << 10) + 1 << large;
}

void TemplateStoreTest::refusesWhatIsNoTemplate()
{
    QFETCH(QByteArray, name);
    QFETCH(int, size);
    Fixture f;
    Template one = named(name.toStdString());
    one.text.assign(static_cast<std::size_t>(size), 'x');
    const auto saved = f.store.save(one);
    QVERIFY(!saved);
    QTEST(static_cast<int>(saved.error().code), "code");
    QVERIFY(f.store.all()->empty());
}

void TemplateStoreTest::holdsFiveHundred()
{
    Fixture f;
    for (int i = 0; i < 500; ++i)
        VERIFY_RESULT(f.store.save(named("No " + std::to_string(i))));
    QCOMPARE(f.store.save(named("One more")).error().code, ErrorCode::TooLarge);
    Template first = f.store.all()->front();
    first.subject = "Changed";
    VERIFY_RESULT(f.store.save(first));
}

QTEST_APPLESS_MAIN(TemplateStoreTest)
#include "TemplateStoreTest.moc"
