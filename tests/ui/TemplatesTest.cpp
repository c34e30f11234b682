// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/SignatureText.h"
#include "tests/ui/support/ProfileFixture.h"
#include "ui/accounts/FormField.h"
#include "ui/compose/ComposeActions.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposePictures.h"
#include "ui/compose/ComposeTemplates.h"
#include "ui/compose/ComposeWindow.h"
#include "ui/compose/Placeholders.h"
#include "ui/compose/RecipientField.h"
#include "ui/compose/TemplateSheet.h"
#include "ui/settings/Preferences.h"
#include "ui/settings/SettingsDialog.h"
#include "ui/settings/TemplateForm.h"
#include "ui/settings/TemplatesPage.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"

#include <QApplication>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPointer>

#include <algorithm>
#include <memory>

using namespace avocet;

/// Texts that are used again, from the store to the message.
class TemplatesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void fillsInWhatIsKnown_data();
    void fillsInWhatIsKnown();
    void insertsAtTheCursor_data();
    void insertsAtTheCursor();
    void isUndoneAtOnce();
    void fillsInTheRecipientsOnceTheyAreWritten();
    void asksBeforeAnOpenPlaceholderIsSent();
    void leavesBracesAloneWhereThereAreNoTemplates();
    void takesNothingHarmfulIn();
    void keepsWhatWasWritten();
    void replacesOneOfTheSameName();
    void isReachedByKeyboard();
    void isEditedInTheSettings();

private:
    TemplateId store(Template one);
    ComposeWindow* open(const std::vector<Address>& to = {}, bool rich = true);
    ComposeTemplates* templates() { return m_window->findChild<ComposeTemplates*>(); }
    ComposeBody* body() { return m_window->findChild<ComposeBody*>(); }
    QLineEdit* subject();
    std::vector<Template> stored() { return m_profile->engine().queries().templates(); }
    static void press(QWidget& in, const QString& text);

    std::unique_ptr<ProfileFixture> m_profile;
    QPointer<ComposeWindow> m_window;
};

namespace {

const std::vector<Address> dora{{"Dora Lund", "dora@nordlys.example"}};

} // namespace

void TemplatesTest::init()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_profile = std::make_unique<ProfileFixture>();
    m_profile->addAccount("anna@example.org");
}

void TemplatesTest::cleanup()
{
    delete m_window;
    m_profile.reset();
}

TemplateId TemplatesTest::store(Template one)
{
    const auto saved = m_profile->run(command::SaveTemplate{std::move(one)});
    return saved ? TemplateId{saved->value(u"templateId"_qs).toInteger()} : TemplateId{};
}

ComposeWindow* TemplatesTest::open(const std::vector<Address>& to, bool rich)
{
    ComposeSettings settings;
    settings.rich = rich;
    ComposeContext context = composeContext(m_profile->engine().queries(), {}, settings);
    Draft draft;
    draft.to = to;
    m_window = new ComposeWindow(m_profile->engine(), begunDraft(context, std::move(draft)));
    m_window->show();
    QApplication::setActiveWindow(m_window);
    return m_window;
}

QLineEdit* TemplatesTest::subject()
{
    for (QLineEdit* edit : m_window->findChildren<QLineEdit*>())
        if (edit->accessibleName() == u"Subject"_qs)
            return edit;
    return nullptr;
}

void TemplatesTest::press(QWidget& in, const QString& text)
{
    Button* found = nullptr;
    const auto look = [&] { // rows that were filled anew come into view a moment later
        for (Button* button : in.findChildren<Button*>())
            if (!found && button->text() == text && button->isVisible())
                found = button;
        return found != nullptr;
    };
    if (!QTest::qWaitFor(look))
        QFAIL(qPrintable(u"no button "_qs + text));
    found->click();
}

void TemplatesTest::fillsInWhatIsKnown_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QString>("expected");
    const QStringList one{u"Dora Lund"_qs};
    QTest::newRow("a first name") << u"Dear {first name},"_qs << one << u"Dear Dora,"_qs;
    QTest::newRow("capitals and blanks") << u"{ First  Name}"_qs << one << u"Dora"_qs;
    QTest::newRow("a family name in front")
        << u"{first name}|{name}"_qs << QStringList{u"Lund, Dora"_qs} << u"Dora|Dora Lund"_qs;
    QTest::newRow("two people") << u"Dear {first name},"_qs
                                << QStringList{u"Dora Lund"_qs, u"Bo Ek"_qs}
                                << u"Dear Dora and Bo,"_qs;
    QTest::newRow("somebody without a name")
        << u"Dear {first name},"_qs << QStringList{QString()} << u"Dear {first name},"_qs;
    QTest::newRow("nobody yet") << u"{name}, {address}"_qs << QStringList()
                                << u"{name}, {address}"_qs;
    QTest::newRow("a name that is an address")
        << u"{name}"_qs << QStringList{u"dora@x.example"_qs} << u"{name}"_qs;
    QTest::newRow("an unknown one")
        << u"{project} by {my name}"_qs << one << u"{project} by Anna Berg"_qs;
    QTest::newRow("a name that is a placeholder")
        << u"{name}"_qs << QStringList{u"{my address} X"_qs} << u"my address X"_qs;
    QTest::newRow("the cursor") << u"a{cursor}b"_qs << one << u"ab"_qs;
    QTest::newRow("subject") << u"About {subject}"_qs << one << u"About Plans"_qs;
    QTest::newRow("no placeholders")
        << u"f() { return 1; } {} {1}"_qs << one << u"f() { return 1; } {} {1}"_qs;
}

void TemplatesTest::fillsInWhatIsKnown()
{
    QFETCH(QString, line);
    QFETCH(QStringList, names);
    PlaceholderFacts facts{
        {}, u"Anna Berg"_qs, u"anna@example.org"_qs, u"Plans"_qs, QDate(2026, 11, 29)};
    for (const QString& name : names)
        facts.to.push_back({name.toStdString(), "x@x.example"});
    QTEST(filled(line, facts), "expected");
}

void TemplatesTest::insertsAtTheCursor_data()
{
    QTest::addColumn<bool>("rich");
    QTest::addColumn<QString>("html");
    QTest::newRow("formatted into formatted")
        << true
        << u"<div>Dear <b>{first name}</b>,</div><div>{cursor}</div><div>{my name}</div>"_qs;
    QTest::newRow("formatted into plain")
        << false
        << u"<div>Dear <b>{first name}</b>,</div><div>{cursor}</div><div>{my name}</div>"_qs;
    QTest::newRow("plain into formatted") << true << QString();
    QTest::newRow("plain into plain") << false << QString();
}

void TemplatesTest::insertsAtTheCursor()
{
    QFETCH(bool, rich);
    QFETCH(QString, html);
    const TemplateId id = store({{},
                                 "Offer",
                                 "Offer for {first name}",
                                 "Dear {first name},\n{cursor}\n{my name}",
                                 html.toStdString()});
    open(dora, rich);
    templates()->insert(stored().front());
    QVERIFY(id);
    QCOMPARE(subject()->text(), u"Offer for Dora"_qs);
    QCOMPARE(body()->text().trimmed(), u"Dear Dora,\n\nAnna Berg"_qs);
    QCOMPARE(body()->textCursor().blockNumber(), 1);
    QVERIFY(templates()->firstOpen().isEmpty());
    if (rich && !html.isEmpty())
        QVERIFY(writeHtml(body()->richText()).find("<b>Dora</b>") != std::string::npos);
    // A subject that is there stays.
    subject()->setText(u"Mine"_qs);
    templates()->insert(stored().front());
    QCOMPARE(subject()->text(), u"Mine"_qs);
    QVERIFY(m_window->draft().text.find("Dear Dora,") != std::string::npos);
}

void TemplatesTest::isUndoneAtOnce()
{
    store({{}, "Offer", "", "Dear {first name},\n{cursor}\n{my name}"});
    open(dora);
    QTest::keyClicks(body(), u"Hello "_qs);
    const QString before = body()->text();
    templates()->insert(stored().front());
    QVERIFY(body()->text() != before);
    body()->undo();
    QCOMPARE(body()->text(), before);
}

void TemplatesTest::fillsInTheRecipientsOnceTheyAreWritten()
{
    store({{}, "Offer", "For {name}", "Dear {first name},"});
    open();
    templates()->insert(stored().front());
    QCOMPARE(templates()->firstOpen(), u"{name}"_qs);
    auto* to = m_window->findChild<RecipientField*>();
    to->edit()->setFocus();
    to->addText(u"Dora Lund <dora@nordlys.example>"_qs);
    body()->setFocus();
    QTRY_COMPARE(body()->text().trimmed(), u"Dear Dora,"_qs);
    QCOMPARE(subject()->text(), u"For Dora Lund"_qs);
    QVERIFY(templates()->firstOpen().isEmpty());
}

void TemplatesTest::asksBeforeAnOpenPlaceholderIsSent()
{
    store({{}, "Offer", "", "The {project} is ready, {first name}."});
    open(dora);
    templates()->insert(stored().front());
    QSignalSpy sent(m_window, &ComposeWindow::sent);
    m_window->send();
    auto* bars = m_window->findChild<InfoBarStack*>();
    QCOMPARE(bars->count(), 1); // the missing subject in the same question
    const QString words = m_window->findChild<InfoBar*>()->message().text;
    QVERIFY2(words.contains(u"{project}"_qs) && words.contains(u"subject"_qs), qPrintable(words));
    press(*bars, u"Fill in"_qs);
    QCOMPARE(body()->textCursor().selectedText(), u"{project}"_qs);
    QTest::keyClicks(body(), u"bridge"_qs);
    QVERIFY(templates()->firstOpen().isEmpty());
    QCOMPARE(body()->text().trimmed(), u"The bridge is ready, Dora."_qs);
    subject()->setText(u"Bridge"_qs);
    m_window->send();
    QTRY_COMPARE(sent.size(), 1);
}

void TemplatesTest::leavesBracesAloneWhereThereAreNoTemplates()
{
    open(dora);
    subject()->setText(u"Code"_qs);
    QTest::keyClicks(body(), u"Call f{name} and {date}."_qs);
    QSignalSpy sent(m_window, &ComposeWindow::sent);
    m_window->send();
    QTRY_COMPARE(sent.size(), 1);
    QVERIFY(m_profile->engine().queries().outbox().size() == 1);
}

void TemplatesTest::takesNothingHarmfulIn()
{
    store(
        {{},
         "Evil",
         "",
         "x",
         "<script>alert(1)</script><div onclick=\"x()\" style=\"position:fixed;color:#c62828\">"
         "Hi <a href=\"javascript:x()\">there</a><img src=\"https://spy.example/p.gif\" alt=\"p\">"
         "<iframe src=\"https://spy.example\"></iframe></div>"});
    QCOMPARE(stored().size(), std::size_t{1});
    open(dora);
    templates()->insert(stored().front());
    for (const std::string& html : {stored().front().html, m_window->draft().html})
        for (const char* bad : {"script", "onclick", "fixed", "spy.example", "iframe"})
            QVERIFY2(html.find(bad) == std::string::npos, html.c_str());
    QVERIFY(body()->text().contains(u"Hi there"_qs));
}

void TemplatesTest::keepsWhatWasWritten()
{
    std::vector<Identity> identities = m_profile->engine().queries().identities();
    identities.front().signature = "Anna\nNordlys";
    QVERIFY(m_profile->run(command::SaveIdentity{identities.front()}));
    open(dora);
    subject()->setText(u"Opening hours"_qs);
    QTest::keyClicks(body(), u"We are open. "_qs);
    body()->insert(readRichText("<div><b>Always</b></div><blockquote>quoted</blockquote>"));
    DraftAttachment picture{"dot.png", "image/png", "\x89PNG", "dot@x"};
    body()->insertPicture(picture, 10);
    templates()->save();
    auto* sheet = m_window->findChild<TemplateSheet*>();
    auto* name = sheet->findChild<QLineEdit*>();
    QCOMPARE(name->text(), u"Opening hours"_qs);
    name->setText(u"Hours"_qs);
    press(*sheet, u"Save"_qs);
    QTRY_COMPARE(stored().size(), std::size_t{1});
    const Template one = stored().front();
    QCOMPARE(one.name, std::string("Hours"));
    QCOMPARE(one.subject, std::string("Opening hours"));
    QVERIFY(one.text.find("We are open.") != std::string::npos);
    QVERIFY(one.text.find("Nordlys") == std::string::npos);
    QVERIFY(one.html.find("<b>Always</b>") != std::string::npos);
    QVERIFY(one.html.find("cid:") == std::string::npos);
}

void TemplatesTest::replacesOneOfTheSameName()
{
    const TemplateId id = store({{}, "Hours", "Old", "Old"});
    open(dora);
    QTest::keyClicks(body(), u"New"_qs);
    templates()->save();
    auto* sheet = m_window->findChild<TemplateSheet*>();
    sheet->findChild<QLineEdit*>()->setText(u"hours"_qs);
    press(*sheet, u"Replace"_qs);
    QTRY_COMPARE(QString::fromStdString(stored().front().text).trimmed(), u"New"_qs);
    QCOMPARE(stored().size(), std::size_t{1});
    QCOMPARE(stored().front().id, id);
}

void TemplatesTest::isReachedByKeyboard()
{
    store({{}, "Offer", "", "Dear {first name},"});
    open(dora);
    body()->setFocus();
    QTest::keyClick(body(), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
    auto* menu = m_window->findChild<Button*>(u"templates"_qs)->findChild<QMenu*>();
    QTRY_VERIFY(menu->isVisible());
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);
    QTRY_COMPARE(body()->text().trimmed(), u"Dear Dora,"_qs);
}

void TemplatesTest::isEditedInTheSettings()
{
    Preferences preferences(m_profile->path(u"settings.ini"_qs));
    SettingsDialog dialog(m_profile->engine(), preferences, m_profile->path({}));
    dialog.show();
    QApplication::setActiveWindow(&dialog);
    dialog.openPage(SettingsDialog::Page::Templates);
    auto* page = dialog.findChild<TemplatesPage*>();
    press(*page, u"Add template"_qs);
    press(*page, u"Save"_qs); // without a name
    QVERIFY(page->form());
    page->form()->findChildren<FormEdit*>().first()->setText(u"Offer"_qs);
    auto* text = page->form()->findChild<ComposeBody*>();
    QTest::keyClicks(text, u"Dear "_qs);
    for (QAction* action : page->form()->findChild<Button*>(u"placeholders"_qs)->menu()->actions())
        if (action->text() == u"{first name}"_qs)
            action->trigger();
    text->selectAll();
    text->toggle(ComposeBody::Mark::Bold);
    press(*page, u"Save"_qs);
    QTRY_VERIFY(!page->form());
    QCOMPARE(stored().size(), std::size_t{1});
    QCOMPARE(stored().front().text, std::string("Dear {first name}"));
    QVERIFY(stored().front().html.find("<b>Dear {first name}</b>") != std::string::npos);

    press(*page, u"Edit"_qs);
    page->form()->findChildren<FormEdit*>().first()->setText(u"Quotation"_qs);
    press(*page, u"Save"_qs);
    QTRY_COMPARE(stored().front().name, std::string("Quotation"));
    QVERIFY(stored().front().html.find("<b>") != std::string::npos);
    QTRY_VERIFY(!page->form());

    press(*page, u"Add template"_qs);
    page->form()->findChildren<FormEdit*>().first()->setText(u"quotation"_qs);
    press(*page, u"Save"_qs);
    const auto fields = page->form()->findChildren<FormField*>();
    QTRY_VERIFY(std::any_of(fields.begin(), fields.end(),
                            [](FormField* field) { return field->hasProblem(); }));
    press(*page, u"Cancel"_qs);

    press(*page, u"Remove"_qs);
    QTRY_VERIFY(stored().empty());
    press(*page->findChild<InfoBarStack*>(), u"Undo"_qs);
    QTRY_COMPARE(stored().size(), std::size_t{1});
}

QTEST_MAIN(TemplatesTest)
#include "TemplatesTest.moc"
