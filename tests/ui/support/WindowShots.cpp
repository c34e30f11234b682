// SPDX-License-Identifier: GPL-3.0-or-later
#include "WindowShots.h"

#include "ui/accounts/AccountSetup.h"
#include "ui/accounts/FormField.h"
#include "ui/compose/AddressSheet.h"
#include "ui/compose/ComposeTemplates.h"
#include "ui/compose/ComposeWindow.h"
#include "ui/compose/RecipientField.h"
#include "ui/outbox/OutboxRow.h"
#include "ui/outbox/OutboxView.h"
#include "ui/settings/AccountsPage.h"
#include "ui/settings/IdentitiesPage.h"
#include "ui/settings/Preferences.h"
#include "ui/settings/SettingsDialog.h"
#include "ui/settings/TemplatesPage.h"
#include "ui/theme/Buttons.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPointer>
#include <QProgressBar>
#include <QRadioButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTest>
#include <QTextEdit>
#include <QToolTip>
#include <QVBoxLayout>

#include <array>

namespace avocet {

namespace {

/// Offscreen there is no window manager that would do it.
void present(QWidget& window)
{
    window.show();
    QApplication::setActiveWindow(&window);
    QTest::qWait(100);
}

void storeTemplates(MailEngine& engine)
{
    engine.submit(command::SaveTemplate{{{},
                                         "Offer",
                                         "Offer for {project}",
                                         "Dear {first name},\n\nour offer for {project} is "
                                         "attached.\n\nBest\n{my name}",
                                         "<div>Dear <b>{first name}</b>,</div><div><br></div>"
                                         "<div>our offer for {project} is attached.</div>"
                                         "<div><br></div><div>Best</div><div>{my name}</div>"}});
    engine.submit(command::SaveTemplate{
        {{}, "Opening hours of the workshop in the old harbour", "", "We are open from 9 to 5."}});
    QTest::qWait(300);
}

void shootPopup(const Shots& shots, const QString& name)
{
    QTest::qWait(100);
    if (QWidget* popup = QApplication::activePopupWidget()) {
        shots.take(*popup, name);
        popup->close();
    }
}

} // namespace

void shootSettings(const Shots& shots, MailEngine& engine, const QString& profile)
{
    Preferences preferences(profile + QStringLiteral("/settings.ini"));
    storeTemplates(engine);
    SettingsDialog dialog(engine, preferences, profile);
    present(dialog);
    shots.take(dialog, QStringLiteral("20-settings-accounts"));
    shots.takeFocusStops(dialog, QStringLiteral("20-settings-accounts-tab"));
    using Page = SettingsDialog::Page;
    for (const auto& [page, name] :
         {std::pair(Page::Appearance, "appearance"), std::pair(Page::Reading, "reading"),
          std::pair(Page::Composing, "composing"), std::pair(Page::Templates, "templates"),
          std::pair(Page::Contacts, "contacts"), std::pair(Page::Privacy, "privacy"),
          std::pair(Page::Advanced, "advanced")}) {
        dialog.openPage(page);
        shots.take(dialog, QStringLiteral("20-settings-") + QLatin1String(name));
        shots.takeFocusStops(dialog, QStringLiteral("20-settings-%1-tab").arg(QLatin1String(name)));
        if (page == Page::Reading) {
            dialog.findChild<QComboBox*>(QStringLiteral("markRead"))->showPopup();
            shootPopup(shots, QStringLiteral("20-settings-combo"));
        }
    }
    dialog.openPage(Page::Composing);
    auto* spelling = dialog.findChild<Button*>(QStringLiteral("spelling"));
    spelling->menu()->popup(spelling->mapToGlobal(QPoint(0, spelling->height())));
    shootPopup(shots, QStringLiteral("20-settings-spelling"));
    dialog.openPage(Page::Templates);
    for (Button* button : dialog.findChild<TemplatesPage*>()->findChildren<Button*>())
        if (button->text() == QLatin1String("Edit")) {
            button->click();
            break;
        }
    shots.take(dialog, QStringLiteral("20-settings-template"));
    shots.takeFocusStops(dialog, QStringLiteral("20-settings-template-tab"));
    const std::vector<Account> accounts = engine.queries().accounts();
    if (!accounts.empty()) {
        dialog.openPage(Page::Accounts);
        dialog.accounts()->editIdentities(accounts.front().id);
        shots.take(dialog, QStringLiteral("20-settings-identities"));
        shots.takeFocusStops(dialog, QStringLiteral("20-settings-identities-tab"));
        for (Button* button : dialog.accounts()->identities()->findChildren<Button*>())
            if (button->text() == QLatin1String("Edit")) {
                button->click();
                break;
            }
        shots.take(dialog, QStringLiteral("20-settings-identity"));
        shots.takeFocusStops(dialog, QStringLiteral("20-settings-identity-tab"));
        dialog.accounts()->editAccount(accounts.front().id);
        shots.take(dialog, QStringLiteral("20-settings-edit"));
        shots.takeFocusStops(dialog, QStringLiteral("20-settings-edit-tab"));
    }
}

void shootSetUp(const Shots& shots, MailEngine& engine)
{
    AccountSetup setup(engine);
    setup.setBackgroundRole(QPalette::Base);
    setup.setAutoFillBackground(true);
    setup.resize(900, 1000);
    present(setup);
    shots.takeFocusStops(setup, QStringLiteral("21-setup-tab"));
    setup.showManual(true);
    shots.take(setup, QStringLiteral("21-setup-manual"));
    shots.takeFocusStops(setup, QStringLiteral("21-setup-manual-tab"));
    for (const auto& [field, text] : {std::pair(AccountField::Name, "Anna Berg"),
                                      std::pair(AccountField::Email, "anna@fjordworks.example"),
                                      std::pair(AccountField::ImapHost, "imap.fjordworks.example"),
                                      std::pair(AccountField::SmtpHost, "smtp.fjordworks.example"),
                                      std::pair(AccountField::User, "anna@fjordworks.example")}) {
        qobject_cast<QLineEdit*>(setup.fieldFor(field)->field())->setText(QLatin1String(text));
    }
    setup.showProblem({ErrorKind::Auth, "", "[AUTHENTICATIONFAILED] Authentication failed.",
                       ErrorCode::WrongPassword, 0},
                      SignInStep::Imap);
    setup.showProblem({ErrorKind::Offline, "", "", ErrorCode::HostNotFound, 0}, SignInStep::Smtp);
    shots.take(setup, QStringLiteral("21-setup-problem"));
}

namespace {

void shootTemplates(const Shots& shots, MailEngine& engine)
{
    Draft draft;
    draft.html = "<div><br></div>";
    draft.to = {{"Clara Jensen", "clara@jensen.example"}};
    const QPointer<ComposeWindow> window = new ComposeWindow(engine, draft);
    present(*window);
    window->findChild<Button*>(QStringLiteral("templates"))->click();
    shootPopup(shots, QStringLiteral("22-compose-templates-menu"));
    window->findChild<ComposeTemplates*>()->insert(engine.queries().templates().front());
    window->send();
    QTest::qWait(100);
    shots.take(*window, QStringLiteral("22-compose-template"));
    window->resize(480, 420);
    shots.take(*window, QStringLiteral("22-compose-template-small"));
    window->findChild<ComposeTemplates*>()->save();
    auto* sheet = window->findChild<QDialog*>(QStringLiteral("templateSheet"));
    present(*sheet);
    shots.take(*sheet, QStringLiteral("22-compose-template-sheet"));
    sheet->close();
    window->discard();
    window->discard();
    AddressSheet address(engine.queries().identities(), AccountId{1}, nullptr);
    address.setAttribute(Qt::WA_DeleteOnClose, false);
    present(address);
    shots.take(address, QStringLiteral("22-compose-address-sheet"));
}

} // namespace

void shootCompose(const Shots& shots, MailEngine& engine)
{
    Draft draft;
    shootTemplates(shots, engine);
    const QPointer<ComposeWindow> empty = new ComposeWindow(engine, draft);
    present(*empty);
    shots.take(*empty, QStringLiteral("22-compose-empty"));
    shots.takeFocusStops(*empty, QStringLiteral("22-compose-empty-tab"));
    auto* to = empty->findChild<RecipientField*>();
    to->addText(QStringLiteral("Dora Lund <dora@gmial.com>, half an address"));
    to->edit()->setFocus();
    QTest::keyClicks(to->edit(), QStringLiteral("c"));
    QTest::qWait(500);
    shots.take(*empty, QStringLiteral("22-compose-completion"));
    empty->resize(480, 420);
    shots.take(*empty, QStringLiteral("22-compose-completion-small"));
    QTest::keyClick(to->edit(), Qt::Key_Escape);
    empty->close();
    draft.to = {{"Bj\xc3\xb8rn Halvorsen", "bjorn@fjordworks.example"},
                {"\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e", "taro@yamada.example"},
                {"", "not an address"}};
    draft.cc = {{"Clara Jensen", "clara@jensen.example"}};
    draft.subject = "Re: Floor plan for the new office";
    draft.text =
        "Hi Bj\xc3\xb8rn,\n\nthe second draft is the better one. Two remarks are below.\n\n"
        "Best\nAnna\n\nOn Monday Bj\xc3\xb8rn Halvorsen wrote:\n> The kitchen lost two "
        "metres to the corridor.\n> There is no place left for bicycles.\n";
    draft.attachments = {{"Remarks on the second draft of the floor plan.pdf", "application/pdf",
                          std::string(1'200'000, 'x')},
                         {"kitchen.jpg", "image/jpeg", std::string(48'000, 'x')}};
    const QPointer<ComposeWindow> written = new ComposeWindow(engine, draft);
    present(*written);
    shots.take(*written, QStringLiteral("22-compose-written"));
    shots.takeFocusStops(*written, QStringLiteral("22-compose-written-tab"));
    written->resize(480, 420);
    shots.take(*written, QStringLiteral("22-compose-small"));
    written->resize(760, 640);
    draft.attachments.clear();
    draft.html =
        "<div>Hi Bj\xc3\xb8rn,</div><div><br></div><div>the <b>second</b> draft is the "
        "<i>better</i> one:</div>"
        "<ul><li>the stairs are <span style=\"color:#c62828\">too steep</span></li><li>see <a "
        "href=\"https://plans.fjordworks.example/\">the plans</a></li></ul><pre>cost = 12 * "
        "400</pre>"
        "<blockquote type=\"cite\"><div>The kitchen lost two metres to the "
        "corridor.</div></blockquote>";
    const QPointer<ComposeWindow> formatted = new ComposeWindow(engine, draft);
    present(*formatted);
    shots.take(*formatted, QStringLiteral("22-compose-formatted"));
    formatted->resize(480, 420);
    shots.take(*formatted, QStringLiteral("22-compose-formatted-small"));
    formatted->close();
    draft.html.clear();
    draft.to.pop_back();
    draft.text = "Hi Bj\xc3\xb8rn,\n\nthe plan is attached.\n";
    const QPointer<ComposeWindow> forgetful = new ComposeWindow(engine, draft);
    present(*forgetful);
    QTest::keyClicks(forgetful->findChild<QTextEdit*>(), QStringLiteral("It is attached. "));
    forgetful->send();
    QTest::qWait(200);
    for (const auto& window : {forgetful, written}) {
        if (window) {
            shots.take(*window, window == forgetful ? QStringLiteral("22-compose-reminder")
                                                    : QStringLiteral("22-compose-later"));
            window->close();
        }
    }
    QTest::qWait(300);
}

void shootOutboxStates(const Shots& shots, MailEngine& engine, const QSize& size)
{
    constexpr std::array states{
        OutboxState::Queued, OutboxState::Sending, OutboxState::Committing, OutboxState::Uncertain,
        OutboxState::Failed, OutboxState::Sent,    OutboxState::Filed};
    OutboxView view(engine);
    view.resize(size);
    present(view);
    std::vector<OutboxItem> items;
    for (const OutboxState state : states) {
        OutboxItem item;
        item.id = OutboxId{static_cast<std::int64_t>(items.size()) + 100};
        item.state = state;
        item.subject = "Offer for the glass wall, with the drawings of the second floor";
        item.size = 8'000'000;
        item.created = QDateTime::currentSecsSinceEpoch() - 600;
        item.recipients = {{"office@glaswerk.example", RecipientState::Pending, {}},
                           {"anna@x.example", RecipientState::Pending, {}}};
        if (state == OutboxState::Failed) {
            item.recipients[1].state = RecipientState::Refused;
            item.recipients[1].reply = item.reply = "550 5.1.1 No such user here";
        }
        items.push_back(std::move(item));
    }
    OutboxItem waiting = items.front();
    waiting.id = OutboxId{200};
    waiting.attempts = 2;
    waiting.nextTry = QDateTime::currentSecsSinceEpoch() + 900;
    waiting.reply = "451 Try later";
    items.push_back(waiting);
    view.model().setItems(items);
    QTest::qWait(100);
    shots.takeFocusStops(view, QStringLiteral("23-outbox-tab"));
    for (int i = 0; i < view.model().rowCount(); ++i) {
        if (view.model().item(i).state == OutboxState::Uncertain) {
            view.row(i)->askSendAgain(
                uncertainFacts(view.model().item(i), QDateTime::currentDateTime(), true));
        } else if (view.model().item(i).state == OutboxState::Failed) {
            view.row(i)->toggleDetails();
        }
    }
    shots.take(view, QStringLiteral("23-outbox-states"));
}

namespace {

/// All that a page could be made of, on and off.
QWidget* gallery()
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(8);
    auto* field = new QLineEdit(QStringLiteral("Text with a selection"), page);
    field->setClearButtonEnabled(true);
    column->addWidget(field);
    auto* number = new QSpinBox(page);
    number->setRange(1, 65'535);
    number->setValue(993);
    column->addWidget(number);
    auto* off = new QSpinBox(page);
    off->setEnabled(false);
    column->addWidget(off);
    column->addWidget(new QDateTimeEdit(QDateTime({2026, 11, 24}, {9, 0}), page));
    auto* choice = new QComboBox(page);
    choice->addItems({QStringLiteral("TLS"), QStringLiteral("STARTTLS")});
    column->addWidget(choice);
    auto* typed = new QComboBox(page);
    typed->setEditable(true);
    typed->addItem(QStringLiteral("Typed or chosen"));
    column->addWidget(typed);
    for (const bool on : {false, true}) {
        auto* check = new QCheckBox(QStringLiteral("Check box"), page);
        check->setChecked(on);
        column->addWidget(check);
        auto* radio = new QRadioButton(QStringLiteral("Radio button"), page);
        radio->setAutoExclusive(false);
        radio->setChecked(on);
        column->addWidget(radio);
    }
    auto* bar = new QProgressBar(page);
    bar->setTextVisible(false);
    bar->setValue(40);
    column->addWidget(bar);
    auto* text = new QTextEdit(page);
    text->setPlainText(QString(600, u'x') + QString(20, u'\n'));
    text->setFixedHeight(80);
    text->setTabChangesFocus(true);
    column->addWidget(text);
    column->addStretch(1);
    return page;
}

} // namespace

void shootControls(const Shots& shots, QWidget& window)
{
    {
        QMessageBox box(QMessageBox::Critical, QStringLiteral("Avocet"),
                        QStringLiteral("Another Avocet uses this profile and does not answer. Your "
                                       "mail is safe. Close it and start again."),
                        QMessageBox::Ok);
        box.setDetailedText(QStringLiteral("another avocet uses this profile"));
        present(box);
        shots.take(box, QStringLiteral("24-error-box"));
        shots.takeFocusStops(box, QStringLiteral("24-error-box-tab"));
        for (QAbstractButton* button : box.buttons()) {
            if (box.buttonRole(button) == QMessageBox::ActionRole) {
                button->click();
            }
        }
        shots.take(box, QStringLiteral("24-error-box-details"));
    }
    {
        QFileDialog dialog(nullptr, QStringLiteral("Save attachment"),
                           QStringLiteral("/usr/share"));
        dialog.setOption(QFileDialog::DontUseNativeDialog);
        dialog.resize(760, 480);
        present(dialog);
        QTest::qWait(300);
        shots.take(dialog, QStringLiteral("25-file-dialog"));
        shots.takeFocusStops(dialog, QStringLiteral("25-file-dialog-tab"));
        dialog.setViewMode(QFileDialog::List);
        shots.take(dialog, QStringLiteral("25-file-dialog-list"));
    }
    const std::unique_ptr<QWidget> page(gallery());
    page->resize(420, 640);
    present(*page);
    page->findChild<QLineEdit*>()->selectAll();
    shots.take(*page, QStringLiteral("26-controls"));
    shots.takeFocusStops(*page, QStringLiteral("26-controls-tab"));
    auto* menu = page->findChild<QLineEdit*>()->createStandardContextMenu();
    menu->popup(page->mapToGlobal(QPoint(10, 10)));
    shootPopup(shots, QStringLiteral("27-field-menu"));
    QToolTip::showText(window.mapToGlobal(QPoint(100, 100)), QStringLiteral("Reply (R)"), &window);
    QTest::qWait(200);
    for (QWidget* top : QApplication::topLevelWidgets()) {
        if (top->inherits("QTipLabel") && top->isVisible()) {
            shots.take(*top, QStringLiteral("28-tool-tip"));
        }
    }
    QToolTip::hideText();
}

} // namespace avocet
