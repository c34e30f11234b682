// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/SettingsDialog.h"
#include "tests/ui/support/ProfileFixture.h"
#include "ui/accounts/AccountSetup.h"
#include "ui/accounts/FormField.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/SpellMenu.h"
#include "ui/settings/AccountsPage.h"
#include "ui/settings/ContactsPage.h"
#include "ui/settings/IdentitiesPage.h"
#include "ui/settings/IdentityForm.h"
#include "ui/settings/SegmentedControl.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>

using namespace avocet;

class SettingsDialogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void storesTheThemeAtOnce();
    void storesWhenMailBecomesRead();
    void storesTheSimpleView();
    void storesHowMailIsWritten();
    void storesTheLanguagesOfSpelling();
    void editsAnAccountsIdentities();
    void refusesAnIdentityThatIsNone();
    void importsAndRemovesContacts();
    void listsAndRemovesTrustedSenders();
    void readsOddSettingsFilesSafely();
    void findsAPageByASettingsWords_data();
    void findsAPageByASettingsWords();
    void listsEditsAndRemovesAccounts();
    void saysWhyATestFailed();
    void namesEveryControl();

private:
    /// The first, or after `skip` others, that is in view.
    static void press(QWidget& within, const QString& text, int skip = 0);
};

void SettingsDialogTest::press(QWidget& within, const QString& text, int skip)
{
    QList<Button*> found;
    const auto look = [&] { // rows that were filled anew come into view a moment later
        found = within.findChildren<Button*>();
        found.removeIf([&](Button* one) { return one->text() != text || !one->isVisible(); });
        return found.size() > skip;
    };
    if (!QTest::qWaitFor(look))
        QFAIL(qPrintable(u"no button "_qs + text));
    found.at(skip)->click();
}

void SettingsDialogTest::storesTheThemeAtOnce()
{
    ProfileFixture profile;
    const QString file = profile.path(u"settings.ini"_qs);
    Preferences preferences(file);
    QCOMPARE(preferences.theme(), ThemeChoice::Desktop);
    QSignalSpy changed(&preferences, &Preferences::themeChanged);
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    dialog.openPage(SettingsDialog::Page::Appearance);
    auto* theme = dialog.findChild<SegmentedControl*>(u"theme"_qs);
    QTest::keyClick(theme, Qt::Key_Right);
    QTest::keyClick(theme, Qt::Key_Right);
    QTest::keyClick(theme, Qt::Key_Right); // stays at the end
    QCOMPARE(changed.size(), 2);
    QCOMPARE(Preferences(file).theme(), ThemeChoice::Dark);
}

void SettingsDialogTest::storesWhenMailBecomesRead()
{
    ProfileFixture profile;
    const QString file = profile.path(u"settings.ini"_qs);
    Preferences preferences(file);
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    auto* after = dialog.findChild<QComboBox*>(u"markRead"_qs);
    QCOMPARE(after->currentData().toInt(), 1500);
    QSignalSpy changed(&preferences, &Preferences::markReadAfterChanged);
    after->setCurrentIndex(after->findData(-1));
    Q_EMIT after->activated(after->currentIndex());
    QCOMPARE(changed.size(), 1);
    QCOMPARE(QSettings(file, QSettings::IniFormat).value(u"reading/markReadAfterMs"_qs).toInt(),
             -1);
    QVERIFY(!Preferences(file).markReadAfter());
}

void SettingsDialogTest::storesTheSimpleView()
{
    ProfileFixture profile;
    const QString file = profile.path(u"settings.ini"_qs);
    Preferences preferences(file);
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    dialog.openPage(SettingsDialog::Page::Reading);
    QSignalSpy changed(&preferences, &Preferences::simpleViewChanged);
    QTest::keyClick(dialog.findChild<SegmentedControl*>(u"html"_qs), Qt::Key_Right);
    QCOMPARE(changed.size(), 1);
    QVERIFY(Preferences(file).simpleView());
}

void SettingsDialogTest::storesHowMailIsWritten()
{
    ProfileFixture profile;
    const QString file = profile.path(u"settings.ini"_qs);
    Preferences preferences(file);
    ComposeSettings before;
    before.undoSeconds = preferences.undoSeconds();
    before.ownWords = profile.path(u"words.txt"_qs).toStdString();
    QVERIFY(preferences.composing() == before);
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    dialog.openPage(SettingsDialog::Page::Composing);
    QTest::keyClick(dialog.findChild<SegmentedControl*>(u"format"_qs), Qt::Key_Left);
    QTest::keyClick(dialog.findChild<SegmentedControl*>(u"reply"_qs), Qt::Key_Right);
    for (const QString& name : {u"signReplies"_qs, u"reminder"_qs, u"deliveryReport"_qs,
                                u"readReceipt"_qs, u"hideTimeZone"_qs, u"userAgent"_qs})
        dialog.findChild<QCheckBox*>(name)->click();
    QVERIFY((Preferences(file).composing() == ComposeSettings{false, true, false, false, true, true,
                                                              true, true, before.undoSeconds,
                                                              before.ownWords}));
}

void SettingsDialogTest::storesTheLanguagesOfSpelling()
{
    ProfileFixture profile;
    const QString file = profile.path(u"settings.ini"_qs);
    Preferences preferences(file);
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    dialog.openPage(SettingsDialog::Page::Composing);
    auto* button = dialog.findChild<Button*>(u"spelling"_qs);
    QCOMPARE(button->text(), u"Automatic"_qs);
    const QStringList installed{u"de_DE"_qs, u"en_US"_qs, u"nb_NO"_qs};
    QMenu menu;
    SpellChoice now;
    const auto choose = [&](int entry) {
        fillSpellMenu(menu, installed, now, [&](const SpellChoice& choice) { now = choice; });
        menu.actions().at(entry)->trigger();
        preferences.setComposing(withSpellChoice(preferences.composing(), now));
    };
    choose(3); // behind Off, Automatic and a line
    choose(5);
    QVERIFY((spellChoice(Preferences(file).composing()) ==
             SpellChoice{true, {u"de_DE"_qs, u"nb_NO"_qs}}));
    choose(3); // takes it away again
    QCOMPARE(now.languages, QStringList(u"nb_NO"_qs));
    choose(0);
    QVERIFY(!Preferences(file).composing().spelling);
    choose(1);
    QVERIFY((spellChoice(Preferences(file).composing()) == SpellChoice{}));
    now.languages = {u"xx_XX"_qs}; // is not installed any more
    choose(4);
    QCOMPARE(now.languages, QStringList(u"en_US"_qs));
}

void SettingsDialogTest::editsAnAccountsIdentities()
{
    ProfileFixture profile;
    const AccountId account = profile.addAccount("anna@example.org");
    Preferences preferences(profile.path(u"settings.ini"_qs));
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    press(dialog, u"Identities"_qs);
    IdentitiesPage* page = dialog.accounts()->identities();
    QVERIFY(page);
    press(*page, u"Add identity"_qs);
    const auto fields = page->form()->findChildren<FormEdit*>();
    const auto fill = [&](const QString& label, const QString& text) {
        for (FormEdit* field : fields)
            if (field->accessibleName() == label)
                field->setText(text);
    };
    fill(u"Your name"_qs, u"Anna at work"_qs);
    fill(u"Email address"_qs, u"anna@work.example"_qs);
    fill(u"Other addresses"_qs, u"a.b@work.example, *@anna.example"_qs);
    fill(u"Replies go to"_qs, u"desk@work.example"_qs);
    auto* signature = page->form()->findChild<ComposeBody*>();
    signature->insert(readRichText("<div>Anna</div><div><b>Work</b></div>"));
    QTest::keyClick(page->form()->findChild<SegmentedControl*>(u"place"_qs), Qt::Key_Right);
    press(*page, u"Save"_qs);
    QTRY_VERIFY(!page->form());
    auto identities = profile.engine().queries().identities();
    QCOMPARE(identities.size(), std::size_t{2});
    const Identity added = identities.at(1);
    QCOMPARE(added.account, account);
    QCOMPARE(added.name, std::string("Anna at work"));
    QCOMPARE(added.email, std::string("anna@work.example"));
    QVERIFY((added.aliases == std::vector<std::string>{"a.b@work.example", "*@anna.example"}));
    QCOMPARE(added.replyTo, std::string("desk@work.example"));
    QCOMPARE(added.signature, std::string("Anna\nWork"));
    QCOMPARE(added.signatureHtml, std::string("<div>Anna</div>\n<div><b>Work</b></div>\n"));
    press(*page, u"Edit"_qs, 1); // and what is not touched stays as it was
    press(*page, u"Save"_qs);
    QTRY_VERIFY(!page->form());
    QCOMPARE(profile.engine().queries().identities().at(1).signatureHtml, added.signatureHtml);
    QVERIFY(added.signatureAbove && added.signatureDashes);
    press(*page, u"Use first"_qs);
    QTRY_COMPARE(profile.engine().queries().identities().front().id, added.id);
    QTRY_VERIFY(page->findChildren<Button*>().size() > 3);
    press(*page, u"Remove"_qs);
    press(*page->findChild<InfoBarStack*>(), u"Remove"_qs);
    QTRY_COMPARE(profile.engine().queries().identities().size(), std::size_t{1});
    press(*page, u"Accounts"_qs);
    QVERIFY(!dialog.accounts()->identities());
}

void SettingsDialogTest::refusesAnIdentityThatIsNone()
{
    ProfileFixture profile;
    profile.addAccount("anna@example.org");
    Preferences preferences(profile.path(u"settings.ini"_qs));
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    press(dialog, u"Identities"_qs);
    IdentitiesPage* page = dialog.accounts()->identities();
    press(*page, u"Add identity"_qs);
    press(*page, u"Save"_qs); // without an address
    QVERIFY(page->form());
    const auto problems = page->form()->findChildren<FormField*>();
    QVERIFY(std::any_of(problems.begin(), problems.end(),
                        [](FormField* field) { return field->hasProblem(); }));
    press(*page, u"Cancel"_qs);
    QVERIFY(!page->form());
    Identity broken{{}, AccountId{1}, "A", "a@example.org"};
    broken.aliases = {"x@y.org\r\nBcc: z@y.org"};
    QCOMPARE(profile.run(command::SaveIdentity{broken}).error().code, ErrorCode::InvalidInput);
    broken.aliases.clear();
    broken.organisation = "A\r\nBcc: z@y.org";
    QCOMPARE(profile.run(command::SaveIdentity{broken}).error().code, ErrorCode::InvalidInput);
}

void SettingsDialogTest::importsAndRemovesContacts()
{
    ProfileFixture profile;
    Preferences preferences(profile.path(u"settings.ini"_qs));
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    dialog.openPage(SettingsDialog::Page::Contacts);
    auto* page = dialog.findChild<ContactsPage*>();
    auto* list = page->findChild<QListView*>(u"contacts"_qs);
    QFile file(profile.path(u"people.vcf"_qs));
    QVERIFY(file.open(QIODevice::WriteOnly));
    for (int i = 0; i < 2500; ++i)
        file.write("BEGIN:VCARD\nFN:P " + QByteArray::number(i) + "\nEMAIL:p" +
                   QByteArray::number(i) + "@example.org\nEND:VCARD\n");
    file.close();
    page->importFiles({file.fileName()});
    QTRY_COMPARE(list->model()->rowCount(), 2500);
    page->findChild<QLineEdit*>(u"find"_qs)->setText(u"p 2499"_qs);
    QCOMPARE(list->model()->rowCount(), 1);
    list->setCurrentIndex(list->model()->index(0, 0));
    press(*page, u"Remove"_qs);
    QTRY_COMPARE(list->model()->rowCount(), 0);
    page->findChild<QLineEdit*>(u"find"_qs)->clear();
    QTRY_COMPARE(list->model()->rowCount(), 2499);
    QVERIFY(profile.run(command::HideSuggestion{"p1@example.org"}));
    const auto buttons = page->findChildren<Button*>();
    QTRY_VERIFY(std::any_of(buttons.begin(), buttons.end(), [](Button* button) {
        return button->text() == u"Suggest 1 again" && button->isEnabled();
    }));
    // A file that is none leaves all as it is.
    page->importFiles({profile.path(u"settings.ini"_qs), profile.path({})});
    QTRY_VERIFY(page->findChild<InfoBarStack*>()->count() > 0);
    QCOMPARE(list->model()->rowCount(), 2499);
}

void SettingsDialogTest::listsAndRemovesTrustedSenders()
{
    ProfileFixture profile;
    Preferences preferences(profile.path(u"settings.ini"_qs));
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    dialog.openPage(SettingsDialog::Page::Privacy);
    dialog.findChild<QCheckBox*>(u"stripTracking"_qs)->click();
    QVERIFY(preferences.stripTracking());
    auto* field = dialog.findChild<QLineEdit*>(u"trust"_qs);
    QSignalSpy changed(&profile.engine(), &MailEngine::trustChanged);
    for (const char* text : {"no address", " Anna@example.org ", "@shop.example"}) {
        field->setText(QString::fromLatin1(text));
        QTest::keyClick(field, Qt::Key_Return);
        if (text[0] == 'n') { // stays to be mended
            QTRY_VERIFY(QTest::qWaitFor([&] {
                const auto labels = dialog.findChildren<QLabel*>();
                return std::any_of(labels.begin(), labels.end(), [](QLabel* label) {
                    return label->isVisible() && label->text().contains(u"Write an address"_qs);
                });
            }));
            QVERIFY(!field->text().isEmpty());
        } else {
            QTRY_VERIFY(field->text().isEmpty());
        }
    }
    QTRY_COMPARE(changed.size(), 2);
    QVERIFY(profile.engine().queries().isTrusted("anna@example.org"));
    for (Button* button : dialog.findChildren<Button*>())
        if (button->accessibleName() == u"Remove @shop.example"_qs)
            button->click();
    QTRY_COMPARE(changed.size(), 3);
    QCOMPARE(profile.engine().queries().trusted(), std::vector<std::string>{"anna@example.org"});
}

void SettingsDialogTest::readsOddSettingsFilesSafely()
{
    ProfileFixture profile;
    const QString file = profile.path(u"settings.ini"_qs);
    {
        QSettings settings(file, QSettings::IniFormat);
        settings.setValue(u"appearance/theme"_qs, u"purple"_qs);
        settings.setValue(u"reading/markReadAfterMs"_qs, u"soon"_qs);
    }
    Preferences preferences(file);
    QCOMPARE(preferences.theme(), ThemeChoice::Desktop);
    QCOMPARE(preferences.markReadAfter()->count(), 1500);
    preferences.settings().setValue(u"reading/markReadAfterMs"_qs, 2'000'000'000);
    QCOMPARE(preferences.markReadAfter()->count(), 60'000);
}

void SettingsDialogTest::findsAPageByASettingsWords_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("page");
    QTest::addColumn<int>("shown");
    QTest::newRow("a setting's label") << u"theme"_qs << int(SettingsDialog::Page::Appearance) << 1;
    QTest::newRow("a description") << u"in view"_qs << int(SettingsDialog::Page::Reading) << 1;
    QTest::newRow("whose pictures are loaded")
        << u"from the internet"_qs << int(SettingsDialog::Page::Privacy) << 1;
    QTest::newRow("what accounts hold")
        << u"PASSWORD"_qs << int(SettingsDialog::Page::Accounts) << 1;
    QTest::newRow("nothing") << QString() << int(SettingsDialog::Page::Accounts) << 8;
    QTest::newRow("no such thing") << u"zebra"_qs << int(SettingsDialog::Page::Accounts) << 0;
}

void SettingsDialogTest::findsAPageByASettingsWords()
{
    QFETCH(QString, text);
    QFETCH(int, shown);
    ProfileFixture profile;
    Preferences preferences(profile.path(u"settings.ini"_qs));
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.findChild<QLineEdit*>(u"search"_qs)->setText(text);
    auto* list = dialog.findChild<QListWidget*>();
    int visible = 0;
    for (int i = 0; i < list->count(); ++i)
        visible += list->item(i)->isHidden() ? 0 : 1;
    QCOMPARE(visible, shown);
    QTEST(static_cast<int>(dialog.page()), "page");
}

void SettingsDialogTest::listsEditsAndRemovesAccounts()
{
    ProfileFixture profile;
    Preferences preferences(profile.path(u"settings.ini"_qs));
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    AccountsPage* page = dialog.accounts();
    profile.addAccount("anna@example.org");
    const auto isListed = [&] {
        for (const QWidget* widget : page->findChildren<QWidget*>())
            if (widget->accessibleName() == u"anna@example.org"_qs && widget->isVisible())
                return true;
        return false;
    };
    QTRY_VERIFY(isListed());
    press(*page, u"Edit"_qs);
    QVERIFY(page->form() && page->form()->isVisible());
    page->form()->cancel();
    QVERIFY(!page->form());
    press(*page, u"Remove"_qs);
    QVERIFY(isListed()); // asked first
    press(*page->bars(), u"Remove"_qs);
    QTRY_VERIFY(!isListed());
    QVERIFY(profile.engine().queries().accounts().empty());
}

void SettingsDialogTest::saysWhyATestFailed()
{
    ProfileFixture profile;
    profile.addAccount("anna@example.org");
    Preferences preferences(profile.path(u"settings.ini"_qs));
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    press(*dialog.accounts(), u"Test"_qs);
    const auto* bar = dialog.accounts()->bars()->findChild<InfoBar*>();
    QVERIFY(bar);
    QTRY_COMPARE_WITH_TIMEOUT(bar->message().severity, Severity::Danger, 30'000);
    // The set-up page's words, for the server that failed; the general ones speak of mail that waits.
    const QString words = bar->message().text;
    QVERIFY2(words.startsWith(u"anna@example.org: "_qs), qPrintable(words));
    QVERIFY2(!words.contains(u"sent later"_qs), qPrintable(words));
}

void SettingsDialogTest::namesEveryControl()
{
    ProfileFixture profile;
    profile.addAccount("anna@example.org");
    Preferences preferences(profile.path(u"settings.ini"_qs));
    SettingsDialog dialog(profile.engine(), preferences, profile.path({}));
    dialog.show();
    for (const auto page : {SettingsDialog::Page::Accounts, SettingsDialog::Page::Appearance,
                            SettingsDialog::Page::Reading, SettingsDialog::Page::Advanced}) {
        dialog.openPage(page);
        for (QWidget* widget : dialog.findChildren<QWidget*>())
            if (widget->focusPolicy() != Qt::NoFocus && widget->isVisible() &&
                !widget->focusProxy()) {
                const auto* button = qobject_cast<QAbstractButton*>(widget);
                const bool named =
                    !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
                QVERIFY2(named, widget->metaObject()->className());
            }
    }
}

QTEST_MAIN(SettingsDialogTest)
#include "SettingsDialogTest.moc"
