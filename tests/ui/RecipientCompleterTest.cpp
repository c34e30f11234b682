// SPDX-License-Identifier: GPL-3.0-or-later
// Suggestions in a recipient field: keys, what is emphasised, what is taken away for good.
#include "ui/compose/RecipientCompleter.h"
#include "tests/ui/support/ProfileFixture.h"
#include "ui/compose/RecipientChip.h"
#include "ui/compose/RecipientField.h"
#include "ui/compose/RecipientGroup.h"
#include "ui/compose/SuggestionList.h"
#include "ui/compose/SuggestionText.h"

#include <QElapsedTimer>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace avocet;

class RecipientCompleterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void suggestsWhileTyping();
    void enterAndTabTakeTheChosenOne_data();
    void enterAndTabTakeTheChosenOne();
    void enterWaitsForTheAnswer();
    void leavesAWholeAddressAsItIs();
    void escapeClosesTheListAlone();
    void deleteTakesASuggestionAwayForGood();
    void theMouseChoosesAndRemoves();
    void suggestsNobodyTwice();
    void tellsAssistiveToolsWhatItOffers();
    void staysInsideANarrowWindow();
    void emphasisesWhatMatches_data();
    void emphasisesWhatMatches();
    void keepsOneOfTwoFields();
    void readsAThousandPastedAddressesAtOnce();

private:
    void typeInto(RecipientField* field, const QString& text);
    SuggestionList* list() { return m_window->findChild<SuggestionList*>(); }
    bool isOpen() { return list() && list()->isVisible(); }

    std::unique_ptr<ProfileFixture> m_profile;
    std::unique_ptr<QWidget> m_window;
    RecipientField *m_to = nullptr, *m_cc = nullptr, *m_bcc = nullptr;
    RecipientGroup* m_group = nullptr;
};

void RecipientCompleterTest::init()
{
    m_profile = std::make_unique<ProfileFixture>();
    QSignalSpy stored(&m_profile->engine(), &MailEngine::contactsChanged);
    m_profile->engine().submit(
        command::AddContacts{"people.vcf",
                             {{{}, "anna@example.org", "Anna Berg", "", ""},
                              {{}, "annika@nordlys.example", "Annika Lund", "", ""},
                              {{}, "bo@example.org", "", "", ""},
                              {{}, "evil@evil.example", std::string(10'000, 'x'), "", ""},
                              {{}, "spoof@evil.example", "ceo@bank.example", "", ""}}});
    QTRY_COMPARE(stored.size(), 1);
    m_window = std::make_unique<QWidget>();
    m_window->resize(700, 500);
    auto* layout = new QVBoxLayout(m_window.get());
    m_to = new RecipientField(u"To"_qs, m_window.get());
    m_cc = new RecipientField(u"Cc"_qs, m_window.get());
    m_bcc = new RecipientField(u"Bcc"_qs, m_window.get());
    for (RecipientField* field : {m_to, m_cc, m_bcc})
        layout->addWidget(field);
    layout->addStretch(1);
    m_group = new RecipientGroup(m_to, m_cc, m_bcc, m_window.get());
    for (RecipientField* field : {m_to, m_cc, m_bcc})
        new RecipientCompleter(m_profile->engine(), field, [this](const std::string& address) {
            return m_group->holds(address);
        });
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_to->edit()->setFocus();
}

void RecipientCompleterTest::cleanup()
{
    m_window.reset();
    m_profile.reset();
}

void RecipientCompleterTest::typeInto(RecipientField* field, const QString& text)
{
    field->edit()->setFocus();
    QTest::keyClicks(field->edit(), text);
}

void RecipientCompleterTest::suggestsWhileTyping()
{
    typeInto(m_to, u"ann"_qs);
    QTRY_VERIFY(isOpen());
    QCOMPARE(list()->count(), 2);
    QCOMPARE(list()->row(), 0);
    typeInto(m_to, u"i"_qs);
    QTRY_COMPARE(list()->count(), 1);
    QCOMPARE(list()->words(0), u"Annika Lund, annika@nordlys.example"_qs);
    typeInto(m_to, u"x"_qs);
    QTRY_VERIFY(!isOpen());
}

void RecipientCompleterTest::enterAndTabTakeTheChosenOne_data()
{
    QTest::addColumn<int>("key");
    QTest::newRow("Enter") << int(Qt::Key_Return);
    QTest::newRow("Tab") << int(Qt::Key_Tab);
}

void RecipientCompleterTest::enterAndTabTakeTheChosenOne()
{
    QFETCH(int, key);
    typeInto(m_to, u"ann"_qs);
    QTRY_VERIFY(isOpen());
    QTest::keyClick(m_to->edit(), Qt::Key_Down);
    QCOMPARE(list()->row(), 1);
    QTest::keyClick(m_to->edit(), Qt::Key_Down); // round the end
    QTest::keyClick(m_to->edit(), Qt::Key_Up);
    QTest::keyClick(m_to->edit(), static_cast<Qt::Key>(key));
    QVERIFY(!isOpen());
    QVERIFY(m_to->edit()->hasFocus());
    QVERIFY((m_to->addresses() == std::vector<Address>{{"Annika Lund", "annika@nordlys.example"}}));
    QVERIFY(m_to->edit()->text().isEmpty());
}

void RecipientCompleterTest::enterWaitsForTheAnswer()
{
    typeInto(m_to, u"annik"_qs);
    QTest::keyClick(m_to->edit(), Qt::Key_Return);
    QTRY_COMPARE(m_to->chips().size(), 1);
    QCOMPARE(m_to->addresses().front().address, std::string("annika@nordlys.example"));
    QVERIFY(!isOpen());
}

void RecipientCompleterTest::leavesAWholeAddressAsItIs()
{
    typeInto(m_to, u"bo@example.or"_qs);
    QTest::keyClick(m_to->edit(), Qt::Key_Return);
    QTRY_COMPARE(m_to->chips().size(), 1);
    QCOMPARE(m_to->addresses().front().address, std::string("bo@example.or"));
}

void RecipientCompleterTest::escapeClosesTheListAlone()
{
    QSignalSpy closed(m_window.get(), &QObject::destroyed);
    typeInto(m_to, u"ann"_qs);
    QTRY_VERIFY(isOpen());
    QTest::keyClick(m_to->edit(), Qt::Key_Escape);
    QVERIFY(!isOpen());
    QCOMPARE(m_to->edit()->text(), u"ann"_qs);
    QTest::keyClick(m_to->edit(), Qt::Key_Down); // and opens again
    QTRY_VERIFY(isOpen());
}

void RecipientCompleterTest::deleteTakesASuggestionAwayForGood()
{
    QSignalSpy hidden(&m_profile->engine(), &MailEngine::contactsChanged);
    typeInto(m_to, u"ann"_qs);
    QTRY_VERIFY(isOpen());
    QTest::keyClick(m_to->edit(), Qt::Key_Delete, Qt::ShiftModifier);
    QCOMPARE(list()->count(), 1);
    QCOMPARE(list()->words(0), u"Annika Lund, annika@nordlys.example"_qs);
    QTRY_COMPARE(hidden.size(), 1);
    m_to->edit()->clear();
    typeInto(m_to, u"ann"_qs);
    QTRY_VERIFY(isOpen());
    QCOMPARE(list()->count(), 1);
    // Elsewhere, too, from the next refresh on.
    m_profile->engine().queries().refreshSuggestions();
    std::size_t found = 0;
    const auto ask = [&] {
        m_profile->engine().queries().suggest(
            m_to, "ann", 8, [&](const std::vector<Suggestion>& all) { found = all.size(); });
        return found == 1;
    };
    QTRY_VERIFY(ask());
}

void RecipientCompleterTest::theMouseChoosesAndRemoves()
{
    typeInto(m_to, u"ann"_qs);
    QTRY_VERIFY(isOpen());
    const QRect first = list()->visualRect(list()->model()->index(0, 0));
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {},
                      {first.right() - 20, first.center().y()});
    QCOMPARE(list()->count(), 1);
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, first.center());
    QCOMPARE(m_to->addresses().front().address, std::string("annika@nordlys.example"));
}

void RecipientCompleterTest::suggestsNobodyTwice()
{
    m_cc->addText(u"Anna@Example.org"_qs);
    typeInto(m_to, u"ann"_qs);
    QTRY_VERIFY(isOpen());
    QCOMPARE(list()->count(), 1);
    QCOMPARE(list()->words(0), u"Annika Lund, annika@nordlys.example"_qs);
}

void RecipientCompleterTest::tellsAssistiveToolsWhatItOffers()
{
    typeInto(m_to, u"ann"_qs);
    QTRY_VERIFY(isOpen());
    QVERIFY(m_to->edit()->accessibleDescription().contains(u"Anna Berg, anna@example.org"));
    QTest::keyClick(m_to->edit(), Qt::Key_Down);
    QVERIFY(m_to->edit()->accessibleDescription().contains(u"Annika Lund"));
    QTest::keyClick(m_to->edit(), Qt::Key_Escape);
    QVERIFY(m_to->edit()->accessibleDescription().isEmpty());
    QVERIFY(!list()->accessibleName().isEmpty());
}

void RecipientCompleterTest::staysInsideANarrowWindow()
{
    m_window->resize(300, 240);
    typeInto(m_to, u"evil"_qs);
    QTRY_VERIFY(isOpen());
    QVERIFY(m_window->rect().contains(list()->geometry()));
    // A name that is an address of another says nothing, so it is not there at all.
    for (int row = 0; row < list()->count(); ++row)
        QVERIFY(!list()->words(row).contains(u"bank.example"));
    m_window->resize(700, 500);
    QTRY_VERIFY(m_window->rect().contains(list()->geometry()));
    QVERIFY(!m_window->grab().isNull());
}

void RecipientCompleterTest::emphasisesWhatMatches_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("marked");
    QTest::newRow("the beginning of a word") << u"Anna Berg"_qs << u"be"_qs << u"Anna [Be]rg"_qs;
    QTest::newRow("without accents") << u"Bjørn Åberg"_qs << u"ab bjo"_qs << u"[Bjø]rn [Åb]erg"_qs;
    QTest::newRow("not inside") << u"Johanna"_qs << u"anna"_qs << u"Johanna"_qs;
    QTest::newRow("in an address")
        << u"a.berg@nordlys.example"_qs << u"nor"_qs << u"a.berg@[nor]dlys.example"_qs;
    QTest::newRow("a whole address") << u"a.b@c.org"_qs << u"a.b@c"_qs << u"[a].[b]@[c].org"_qs;
    QTest::newRow("nothing typed") << u"Anna"_qs << QString() << u"Anna"_qs;
    QTest::newRow("no spaces between words") << u"田中太郎"_qs << u"太"_qs << u"田中[太]郎"_qs;
}

void RecipientCompleterTest::emphasisesWhatMatches()
{
    QFETCH(QString, text);
    QFETCH(QString, typed);
    QString marked = text;
    const QList<TextPart> parts = matchedParts(text, typed);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        marked.insert(part->begin + part->length, u']');
        marked.insert(part->begin, u'[');
    }
    QTEST(marked, "marked");
}

void RecipientCompleterTest::keepsOneOfTwoFields()
{
    QSignalSpy merged(m_group, &RecipientGroup::merged);
    m_to->addText(u"Anna Berg <anna@example.org>"_qs);
    m_cc->addText(u"ANNA@example.org, bo@example.org"_qs);
    QCOMPARE(m_to->chips().size(), 1);
    QCOMPARE(m_cc->chips().size(), 1);
    QCOMPARE(merged.size(), 1);
    QCOMPARE(merged.front().front().toString(), u"ANNA@example.org is in To already"_qs);
    QCOMPARE(m_group->visibleCount(), 2);
    m_group->moveToBcc();
    QVERIFY(m_to->isEmpty() && m_cc->isEmpty());
    QCOMPARE(m_bcc->chips().size(), 2);
}

void RecipientCompleterTest::readsAThousandPastedAddressesAtOnce()
{
    QString text;
    for (int i = 0; i < 1000; ++i)
        text += u"Person %1 <p%1@example.org>; "_qs.arg(i);
    QElapsedTimer timer;
    timer.start();
    m_to->addText(text);
    QVERIFY(timer.elapsed() < 20'000); // a guard: it takes a fraction of a second
    QCOMPARE(m_to->chips().size(), 1000);
}

QTEST_MAIN(RecipientCompleterTest)
#include "RecipientCompleterTest.moc"
