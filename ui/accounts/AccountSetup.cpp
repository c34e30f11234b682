// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accounts/AccountSetup.h"

#include "ui/accounts/FormField.h"
#include "ui/accounts/ProviderPresets.h"
#include "ui/accounts/ServerFields.h"
#include "ui/accounts/StepList.h"
#include "ui/compose/RecipientParser.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"

#include <QAction>
#include <QHBoxLayout>
#include <QJsonObject>
#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int columnWidth = 400;
const QString problemBar = QStringLiteral("problem");

qsizetype indexOf(SignInStep step)
{
    return step == SignInStep::Imap ? 0 : 1;
}

} // namespace

AccountSetup::AccountSetup(MailEngine& engine, QWidget* parent)
    : QWidget(parent)
    , m_engine(engine)
{
    build();
    connect(m_name, &QLineEdit::textEdited, m_nameField, &FormField::clearProblem);
    connect(m_email, &QLineEdit::textEdited, this, &AccountSetup::emailEdited);
    connect(m_password, &QLineEdit::textEdited, m_passwordField, &FormField::clearProblem);
    connect(m_servers, &ServerFields::edited, this, [this] { m_serversTouched = true; });
    for (QLineEdit* edit : findChildren<QLineEdit*>())
        connect(edit, &QLineEdit::returnPressed, this, &AccountSetup::submit);
    connect(&m_engine, &MailEngine::reported, this,
            [this](RequestId request, const QJsonObject& line) {
                if (m_request && request == m_request)
                    noteStep(line);
            });
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (m_request && request == m_request)
                    finish(reply);
            });
    showManual(false);
    setBusy(false);
}

AccountSetup::~AccountSetup()
{
    if (m_request)
        m_engine.cancel(m_request);
}

void AccountSetup::build()
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    outer->addWidget(m_scroll);
    auto* page = new QWidget;
    page->setBackgroundRole(QPalette::Base);
    m_scroll->setWidget(page);
    auto* centre = new QHBoxLayout(page);
    centre->setContentsMargins(metrics::space4, metrics::space8, metrics::space4, metrics::space8);
    m_column = new QWidget(page);
    m_column->setFixedWidth(columnWidth);
    centre->addStretch(1);
    auto* vertical = new QVBoxLayout;
    vertical->addStretch(1);
    vertical->addWidget(m_column);
    vertical->addStretch(3);
    centre->addLayout(vertical);
    centre->addStretch(1);

    auto* column = new QVBoxLayout(m_column);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::space4);
    m_title = makeLabel(tr("Add your email account"), TextRole::Display, Ink::Text, true, m_column);
    m_subtitle = makeLabel(tr("Avocet signs in to both servers before it saves anything."),
                           TextRole::Body, Ink::Text2, false, m_column);
    m_subtitle->setWordWrap(true);
    auto* heading = new QVBoxLayout;
    heading->setSpacing(metrics::space1);
    heading->addWidget(m_title);
    heading->addWidget(m_subtitle);
    column->addLayout(heading);
    column->addSpacing(metrics::space2);
    m_bars = new InfoBarStack(m_column);
    m_bars->layout()->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_bars);

    m_name = new FormEdit(m_column);
    m_email = new FormEdit(m_column);
    m_password = new FormEdit(m_column);
    m_email->setInputMethodHints(Qt::ImhEmailCharactersOnly);
    m_password->setEchoMode(QLineEdit::Password);
    m_nameField = new FormField(tr("Your name"), m_name, m_column);
    m_emailField = new FormField(tr("Email address"), m_email, m_column);
    m_passwordField = new FormField(tr("Password"), m_password, m_column);
    auto* reveal =
        m_password->addAction(themeIcon("eye", Tint::Text2), QLineEdit::TrailingPosition);
    reveal->setText(tr("Show password"));
    reveal->setToolTip(tr("Show password"));
    reveal->setCheckable(true);
    connect(reveal, &QAction::toggled, this, [this, reveal](bool on) {
        m_password->setEchoMode(on ? QLineEdit::Normal : QLineEdit::Password);
        reveal->setIcon(themeIcon(on ? "eye-off" : "eye", Tint::Text2));
    });
    m_servers = new ServerFields(m_column);
    for (QWidget* field :
         {static_cast<QWidget*>(m_nameField), static_cast<QWidget*>(m_emailField),
          static_cast<QWidget*>(m_passwordField), static_cast<QWidget*>(m_servers)})
        column->addWidget(field);
    column->addSpacing(metrics::space1);
    column->addWidget(makeButtons());
    m_steps = new StepList(m_column);
    column->addWidget(m_steps);
    m_steps->hide();
    setFocusProxy(m_name);
}

QWidget* AccountSetup::makeButtons()
{
    auto* box = new QWidget(m_column);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::space2);
    m_continue = new Button(tr("Continue"), ButtonKind::Primary, box);
    m_continue->setTall(true);
    m_cancel = new Button(tr("Cancel"), ButtonKind::Secondary, box);
    m_cancel->setTall(true);
    m_manualButton = new Button(tr("Set up manually"), ButtonKind::Quiet, box);
    m_manualButton->setTall(true);
    row->addWidget(m_continue);
    row->addWidget(m_cancel);
    row->addStretch(1);
    row->addWidget(m_manualButton);
    connect(m_continue, &QPushButton::clicked, this, &AccountSetup::submit);
    connect(m_cancel, &QPushButton::clicked, this, &AccountSetup::cancel);
    connect(m_manualButton, &QPushButton::clicked, this, [this] { showManual(!m_manual); });
    return box;
}

void AccountSetup::editAccount(const Account& account)
{
    m_edited = account;
    m_pins = account.pins;
    m_title->setText(tr("Edit account"));
    m_subtitle->setText(tr("Avocet signs in to both servers before it saves anything."));
    m_name->setText(QString::fromStdString(account.fullName));
    m_email->setText(QString::fromStdString(account.email));
    m_servers->setAccount(account);
    m_serversTouched = true;
    m_continue->setText(tr("Test and save"));
    m_password->setPlaceholderText(tr("Unchanged"));
    passwordHint();
    showManual(true);
    m_manualButton->hide();
    setCancellable(true);
}

void AccountSetup::setCancellable(bool on)
{
    m_cancellable = on;
    m_cancel->setVisible(on || isBusy());
}

void AccountSetup::setTitleVisible(bool on)
{
    m_title->setVisible(on);
    m_subtitle->setVisible(on);
}

FormField* AccountSetup::fieldFor(AccountField field) const
{
    switch (field) {
    case AccountField::Name:
        return m_nameField;
    case AccountField::Email:
        return m_emailField;
    case AccountField::Password:
        return m_passwordField;
    default:
        return m_servers->fieldFor(field);
    }
}

void AccountSetup::showManual(bool on)
{
    m_manual = on;
    if (on)
        suggestServers();
    m_servers->setVisible(on);
    m_manualButton->setText(on ? tr("Find servers for me") : tr("Set up manually"));
}

void AccountSetup::emailEdited()
{
    m_emailField->clearProblem();
    passwordHint();
    if (m_manual)
        suggestServers();
}

void AccountSetup::suggestServers()
{
    if (!m_serversTouched && !m_edited)
        m_servers->setAccount(suggestedAccount(m_name->text(), m_email->text()));
}

void AccountSetup::passwordHint()
{
    const auto preset = presetFor(m_email->text());
    QString hint;
    if (preset && preset->password == PasswordKind::App)
        hint = tr("%1 takes an app password here, made on its web site.").arg(preset->name);
    else if (preset && preset->password == PasswordKind::Bridge)
        hint = tr("The password that %1 shows, on this computer.").arg(preset->name);
    else if (preset && preset->enableOnWeb)
        hint =
            tr("Turn on access for mail programs on the web site of %1 first.").arg(preset->name);
    m_passwordField->setHint(hint);
}

bool AccountSetup::validateBasics()
{
    const QString email = m_email->text().trimmed();
    bool fine = true;
    if (m_password->text().isEmpty() && !m_edited) {
        m_passwordField->setProblem(tr("Enter the password."));
        fine = false;
    }
    const auto preset = presetFor(email);
    if (!isValidAddress(email)) {
        m_emailField->setProblem(tr("Enter an address such as anna@example.org."));
        fine = false;
    } else if (preset && preset->password == PasswordKind::None && !m_manual) {
        m_emailField->setProblem(
            tr("%1 takes no passwords from mail programs, and this build cannot sign in to it "
               "otherwise.")
                .arg(preset->name));
        fine = false;
    } else if (!m_edited) {
        for (const Account& account : m_engine.queries().accounts())
            if (email.compare(QString::fromStdString(account.email), Qt::CaseInsensitive) == 0) {
                m_emailField->setProblem(tr("This account is set up already."));
                fine = false;
            }
    }
    if (m_name->text().trimmed().isEmpty()) {
        m_nameField->setProblem(tr("Enter the name that others see."));
        fine = false;
    }
    return fine;
}

bool AccountSetup::validate()
{
    clearProblems();
    bool fine = validateBasics();
    if (m_manual)
        fine = m_servers->validate() && fine;
    if (!fine) {
        for (FormField* field : findChildren<FormField*>())
            if (field->hasProblem()) {
                field->field()->setFocus(Qt::OtherFocusReason);
                m_scroll->ensureWidgetVisible(field, 0, metrics::space6);
                break;
            }
    }
    return fine;
}

Account AccountSetup::enteredAccount() const
{
    Account account = m_edited.value_or(Account{});
    const Account suggested = suggestedAccount(m_name->text(), m_email->text());
    account.fullName = suggested.fullName;
    account.email = wireAddress(QString::fromStdString(suggested.email)).toStdString();
    if (m_manual) {
        m_servers->apply(account);
    } else {
        account.user = suggested.user;
        account.imap = suggested.imap;
        account.smtp = suggested.smtp;
    }
    account.pins = m_pins;
    return account;
}

void AccountSetup::submit()
{
    if (m_request || !validate())
        return;
    const Account account = enteredAccount();
    m_step = SignInStep::Imap;
    m_steps->setSteps({tr("Signing in to receive"), tr("Signing in to send")});
    m_steps->setState(0, StepState::Running);
    const std::string password = m_password->text().toStdString();
    if (m_edited)
        m_request = m_engine.submit(command::UpdateAccount{account, password, true});
    else
        m_request = m_engine.submit(command::AddAccount{account, password, true});
    setBusy(true);
}

void AccountSetup::cancel()
{
    if (!m_request) {
        Q_EMIT cancelled();
        return;
    }
    m_engine.cancel(m_request);
    m_request = {};
    setBusy(false);
    m_steps->hide();
}

void AccountSetup::setBusy(bool busy)
{
    for (QWidget* part : {static_cast<QWidget*>(m_nameField), static_cast<QWidget*>(m_emailField),
                          static_cast<QWidget*>(m_passwordField), static_cast<QWidget*>(m_servers),
                          static_cast<QWidget*>(m_continue), static_cast<QWidget*>(m_manualButton)})
        part->setEnabled(!busy);
    m_cancel->setVisible(busy || m_cancellable);
    if (busy) {
        m_steps->show();
        m_cancel->setFocus(Qt::OtherFocusReason);
    }
}

void AccountSetup::noteStep(const QJsonObject& line)
{
    const QString name = line.value(QLatin1String("step")).toString();
    const bool done = line.value(QLatin1String("done")).toBool();
    if (name != QLatin1String("imap") && name != QLatin1String("smtp"))
        return;
    m_step = name == QLatin1String("imap") ? SignInStep::Imap : SignInStep::Smtp;
    m_steps->setState(indexOf(m_step), done ? StepState::Done : StepState::Running);
}

void AccountSetup::finish(const Result<QJsonObject>& reply)
{
    m_request = {};
    setBusy(false);
    if (!reply) {
        showProblem(reply.error(), m_step);
        return;
    }
    m_steps->hide();
    m_password->clear();
    if (m_edited)
        Q_EMIT saved(m_edited->id);
    else
        Q_EMIT added(AccountId{reply->value(QLatin1String("accountId")).toInteger()});
}

void AccountSetup::clearProblems()
{
    m_bars->clear();
    for (FormField* field : {m_nameField, m_emailField, m_passwordField})
        field->clearProblem();
    m_servers->clearProblems();
}

void AccountSetup::showProblem(const Error& error, SignInStep step)
{
    clearProblems();
    m_steps->setState(indexOf(step), StepState::Failed);
    const Account account = enteredAccount();
    const bool guessed = !m_manual && !presetFor(m_email->text());
    const AccountProblem problem = accountProblem(error, step, account, guessed);
    FormField* field = fieldFor(problem.field);
    if (!field) {
        m_bars->show({problemBar, Severity::Danger, problem.words, {}, true});
        m_scroll->ensureVisible(0, 0);
        return;
    }
    if (m_servers->fieldFor(problem.field) && !m_manual) {
        showManual(true); // the field that mends it is there
        m_servers->setAccount(account);
    }
    field->setProblem(problem.words, problem.details);
    if (!problem.pin.empty())
        offerTrust(problem);
    field->field()->setFocus(Qt::OtherFocusReason);
    // Laid out first: a field that was just shown has no place yet.
    QMetaObject::invokeMethod(
        this, [this, field] { m_scroll->ensureWidgetVisible(field, 0, metrics::space8); },
        Qt::QueuedConnection);
}

void AccountSetup::offerTrust(const AccountProblem& problem)
{
    FormField* field = fieldFor(problem.field);
    field->offer(
        tr("Trust this certificate"),
        tr("Only if you know that the server's fingerprint is\n%1").arg(problem.fingerprint),
        [this, pin = problem.pin] {
            const std::string place = pin.substr(0, pin.find('=') + 1);
            std::erase_if(m_pins, [&](const std::string& old) { return old.starts_with(place); });
            m_pins.push_back(pin);
            submit();
        });
}

} // namespace avocet
