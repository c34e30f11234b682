// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ContactStore.h"
#include "tests/core/store/StoreFixture.h"

using namespace avocet;
using namespace avocet::test;

class ContactStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsContactsByFile();
    void writesOverWhatAFileSaidBefore();
    void refusesMoreThanItHolds();
    void hidesSuggestionsDurably();
    void tellsEveryChange();
};

namespace {

struct Fixture {
    Folders folder;
    std::unique_ptr<Database> user =
        std::move(*Database::open(folder.path("user.db"), Schema::User, Access::ReadWrite));
    ContactStore store{*user};
};

Contact contact(const std::string& address, const std::string& name)
{
    return {{}, address, name, "Nordlys", {}};
}

} // namespace

void ContactStoreTest::keepsContactsByFile()
{
    Fixture f;
    VERIFY_RESULT(f.store.add("a.vcf", std::vector{contact("b@example.org", "Bo"),
                                                   contact("a@example.org", "Anna"),
                                                   contact("no address", "Nobody")}));
    VERIFY_RESULT(f.store.add("b.vcf", std::vector{contact("A@example.org", "Annie")}));
    auto all = f.store.all();
    VERIFY_RESULT(all);
    QCOMPARE(all->size(), std::size_t{3});
    QCOMPARE(all->at(0).name, std::string("Anna"));
    QCOMPARE(all->at(0).source, std::string("a.vcf"));
    QCOMPARE(all->at(0).organisation, std::string("Nordlys"));
    QCOMPARE(all->at(1).name, std::string("Annie"));
    VERIFY_RESULT(f.store.remove(std::vector{all->at(0).id, all->at(2).id}));
    all = f.store.all();
    QCOMPARE(all->size(), std::size_t{1});
    QCOMPARE(all->at(0).source, std::string("b.vcf"));
}

void ContactStoreTest::writesOverWhatAFileSaidBefore()
{
    Fixture f;
    VERIFY_RESULT(f.store.add("a.vcf", std::vector{contact("a@example.org", "Anna")}));
    VERIFY_RESULT(f.store.add("a.vcf", std::vector{contact("A@Example.org", "Anna Berg")}));
    const auto all = f.store.all();
    QCOMPARE(all->size(), std::size_t{1});
    QCOMPARE(all->front().name, std::string("Anna Berg"));
}

void ContactStoreTest::refusesMoreThanItHolds()
{
    Fixture f;
    std::vector<Contact> many;
    for (int i = 0; i < 100'000; ++i)
        many.push_back(contact("a" + std::to_string(i) + "@example.org", "A"));
    VERIFY_RESULT(f.store.add("a.vcf", many));
    VERIFY_FAILS(f.store.add("b.vcf", std::vector{contact("x@example.org", "X")}),
                 ErrorKind::Rejected, ErrorCode::TooLarge);
    QCOMPARE(f.store.all()->size(), many.size());
}

void ContactStoreTest::hidesSuggestionsDurably()
{
    Fixture f;
    VERIFY_RESULT(f.store.hide("Anna@example.org", 100));
    VERIFY_RESULT(f.store.hide("anna@example.org", 200));
    VERIFY_FAILS(f.store.hide("nobody", 100), ErrorKind::Rejected, ErrorCode::InvalidInput);
    f.user = std::move(*Database::open(f.folder.path("user.db"), Schema::User, Access::ReadWrite));
    ContactStore store(*f.user);
    const auto hidden = store.hidden();
    VERIFY_RESULT(hidden);
    QCOMPARE(hidden->size(), std::size_t{1});
    QCOMPARE(hidden->at("anna@example.org"), std::int64_t{200});
    VERIFY_RESULT(store.unhideAll());
    QVERIFY(store.hidden()->empty());
}

void ContactStoreTest::tellsEveryChange()
{
    Fixture f;
    const auto at = [&] { return f.store.revision().value(); };
    auto before = at();
    VERIFY_RESULT(f.store.add("a.vcf", std::vector{contact("a@example.org", "Anna")}));
    QVERIFY(at() > std::exchange(before, at()));
    VERIFY_RESULT(f.store.hide("a@example.org", 1));
    QVERIFY(at() > std::exchange(before, at()));
    VERIFY_RESULT(f.store.unhideAll());
    QVERIFY(at() > std::exchange(before, at()));
    VERIFY_RESULT(f.store.remove(std::vector{f.store.all()->front().id}));
    QVERIFY(at() > before);
}

QTEST_APPLESS_MAIN(ContactStoreTest)
#include "ContactStoreTest.moc"
