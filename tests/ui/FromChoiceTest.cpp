// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/FromChoice.h"
#include "ui/compose/AddressSheet.h"
#include "ui/theme/Buttons.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace avocet;

/// Which of one's own addresses a message is written from.
class FromChoiceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isNeededForAWholeDomain();
    void takesAnAddressThatIsOnesOwn_data();
    void takesAnAddressThatIsOnesOwn();
    void staysWhereItWasWhenNothingIsTyped();
    void isNotAskedByAnArrow();

private:
    static std::vector<Identity> identities();
};

std::vector<Identity> FromChoiceTest::identities()
{
    Identity home{IdentityId{1}, AccountId{1}, "Anna", "anna@example.org"};
    home.aliases = {"*@anna.example"};
    Identity work{IdentityId{2}, AccountId{2}, "Anna Berg", "anna@work.example"};
    return {home, work};
}

void FromChoiceTest::isNeededForAWholeDomain()
{
    std::vector<Identity> one{identities().front()};
    QVERIFY(FromChoice::isNeeded(one, {}));
    one.front().aliases.clear();
    QVERIFY(!FromChoice::isNeeded(one, {}));
}

void FromChoiceTest::takesAnAddressThatIsOnesOwn_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("identity"); // 0: refused
    QTest::addColumn<QString>("from");
    QTest::newRow("any of a domain") << u"shop@anna.example"_qs << 1 << u"shop@anna.example"_qs;
    QTest::newRow("a plus address")
        << u" anna+news@example.org "_qs << 1 << u"anna+news@example.org"_qs;
    QTest::newRow("a plus address of another identity")
        << u"anna+x@work.example"_qs << 2 << u"anna+x@work.example"_qs;
    QTest::newRow("an identity's own") << u"anna@work.example"_qs << 2 << QString();
    QTest::newRow("a stranger's") << u"bo@example.org"_qs << 0 << QString();
    QTest::newRow("no address") << u"anna.example"_qs << 0 << QString();
    QTest::newRow("two lines") << u"a@anna.example\nBcc: b@x.org"_qs << 0 << QString();
}

void FromChoiceTest::takesAnAddressThatIsOnesOwn()
{
    QFETCH(QString, typed);
    QFETCH(int, identity);
    QWidget window;
    auto* from = new FromChoice(identities(), IdentityId{1}, {}, &window);
    window.show();
    from->setCurrentIndex(from->count() - 1);
    Q_EMIT from->activated(from->count() - 1);
    auto* sheet = window.findChild<AddressSheet*>();
    QVERIFY(sheet);
    sheet->findChild<QLineEdit*>()->setText(typed);
    Button* use = nullptr;
    for (Button* button : sheet->findChildren<Button*>())
        if (button->kind() == ButtonKind::Primary)
            use = button;
    QCOMPARE(use->isEnabled(), identity != 0);
    if (identity == 0)
        return;
    use->click();
    QCOMPARE(from->identity(), IdentityId{identity});
    QTEST(QString::fromStdString(from->from()), "from");
}

void FromChoiceTest::staysWhereItWasWhenNothingIsTyped()
{
    QWidget window;
    auto* from = new FromChoice(identities(), IdentityId{2}, {}, &window);
    window.show();
    from->setCurrentIndex(from->count() - 1);
    Q_EMIT from->activated(from->count() - 1);
    window.findChild<AddressSheet*>()->reject();
    QCOMPARE(from->identity(), IdentityId{2});
}

void FromChoiceTest::isNotAskedByAnArrow()
{
    QWidget window;
    auto* from = new FromChoice(identities(), IdentityId{1}, {}, &window);
    window.show();
    QSignalSpy changed(from, &QComboBox::currentIndexChanged);
    for (int i = 0; i < 5; ++i)
        QTest::keyClick(from, Qt::Key_Down);
    QTest::keyClick(from, Qt::Key_End);
    QCOMPARE(from->identity(), IdentityId{2});
    QVERIFY(!window.findChild<AddressSheet*>());
    QCOMPARE(changed.size(), 1);
}

QTEST_MAIN(FromChoiceTest)
#include "FromChoiceTest.moc"
