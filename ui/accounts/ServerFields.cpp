// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accounts/ServerFields.h"

#include "ui/accounts/FormField.h"
#include "ui/accounts/ProviderPresets.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QIntValidator>
#include <QUrl>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int portWidth = 88;

std::string hostText(const QString& typed)
{
    const QString host = typed.trimmed();
    const QByteArray ascii = QUrl::toAce(host);
    return (ascii.isEmpty() ? host.toLatin1() : ascii).toStdString();
}

bool isUsable(const QString& typed)
{
    const std::string host = hostText(typed);
    return !host.empty() && host.size() <= 253 &&
           host.find_first_of(" /\\@\"'<>,;") == std::string::npos;
}

} // namespace

ServerFields::ServerFields(QWidget* parent)
    : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(metrics::space3);
    m_imap = makeServer(tr("Incoming server"), true);
    m_smtp = makeServer(tr("Outgoing server"), false);
    m_user = new FormEdit(this);
    m_userField = new FormField(tr("User name"), m_user, this);
    layout->addWidget(m_userField);

    m_advanced = new Button(tr("Advanced"), ButtonKind::Quiet, this);
    m_advanced->setIconName("chevron-right");
    auto* advancedRow = new QHBoxLayout;
    advancedRow->addWidget(m_advanced);
    advancedRow->addStretch(1);
    layout->addLayout(advancedRow);
    m_advancedBox = new QWidget(this);
    auto* advanced = new QHBoxLayout(m_advancedBox);
    advanced->setContentsMargins(0, 0, 0, 0);
    advanced->setSpacing(metrics::space2);
    m_caFile = new FormEdit(m_advancedBox);
    m_caField = new FormField(tr("Own certificate authority (PEM file)"), m_caFile, m_advancedBox);
    m_caField->setHint(tr("For servers whose certificates your organisation issues itself."));
    auto* browse = new Button(tr("Choose"), ButtonKind::Secondary, m_advancedBox);
    browse->setTall(true);
    browse->setAccessibleName(tr("Choose a PEM file"));
    auto* browseColumn = new QVBoxLayout;
    browseColumn->setSpacing(metrics::space1);
    browseColumn->addSpacing(lineHeight(TextRole::Body) + metrics::space1);
    browseColumn->addWidget(browse);
    browseColumn->addStretch(1);
    advanced->addWidget(m_caField, 1);
    advanced->addLayout(browseColumn);
    layout->addWidget(m_advancedBox);
    m_advancedBox->hide();

    connect(m_advanced, &QPushButton::clicked, this,
            [this] { showAdvanced(m_advancedBox->isHidden()); });
    connect(browse, &QPushButton::clicked, this, &ServerFields::chooseCaFile);
    for (FormEdit* edit : {m_user, m_caFile})
        connect(edit, &QLineEdit::textEdited, this, &ServerFields::edited);
    connect(m_user, &QLineEdit::textEdited, m_userField, &FormField::clearProblem);
    connect(m_caFile, &QLineEdit::textEdited, m_caField, &FormField::clearProblem);
}

ServerFields::Server ServerFields::makeServer(const QString& title, bool imap)
{
    Server server;
    server.host = new FormEdit(this);
    server.security = new QComboBox(this);
    server.port = new FormEdit(this);
    server.security->addItem(tr("Encrypted"), static_cast<int>(Security::Tls));
    server.security->addItem(tr("Encrypted after greeting"), static_cast<int>(Security::StartTls));
    server.security->addItem(tr("None, this computer only"), static_cast<int>(Security::Plain));
    server.port->setValidator(new QIntValidator(1, 65535, server.port));
    server.port->setInputMethodHints(Qt::ImhDigitsOnly);
    server.port->setFixedWidth(portWidth);

    server.hostField = new FormField(title, server.host, this);
    server.securityField = new FormField(tr("Encryption"), server.security, this);
    server.portField = new FormField(tr("Port"), server.port, this);
    server.security->setAccessibleName(tr("%1, encryption").arg(title));
    server.port->setAccessibleName(tr("%1, port").arg(title));
    layout()->addWidget(server.hostField);
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::space2);
    row->addWidget(server.securityField, 1, Qt::AlignTop);
    row->addWidget(server.portField, 0, Qt::AlignTop);
    auto* lines = new QVBoxLayout;
    lines->setSpacing(metrics::space1);
    lines->addLayout(row);
    static_cast<QVBoxLayout*>(layout())->addLayout(lines);
    server.securityField->tellProblemsIn(lines);
    server.portField->tellProblemsIn(lines);

    for (FormField* field : {server.hostField, server.portField}) {
        auto* edit = static_cast<FormEdit*>(field->field());
        connect(edit, &QLineEdit::textEdited, this, &ServerFields::edited);
        connect(edit, &QLineEdit::textEdited, field, &FormField::clearProblem);
    }
    connect(server.security, &QComboBox::activated, this, [this, server, imap] {
        const auto security = static_cast<Security>(server.security->currentData().toInt());
        const int port = server.port->text().toInt();
        const auto usual = imap ? usualImapPort : usualSmtpPort;
        if (port == 0 || port == usual(Security::Tls) || port == usual(Security::StartTls))
            server.port->setText(QString::number(usual(security)));
        server.securityField->clearProblem();
        Q_EMIT edited();
    });
    return server;
}

void ServerFields::fill(Server& server, const ServerSettings& settings)
{
    server.host->setText(QString::fromStdString(settings.host));
    server.port->setText(settings.port ? QString::number(settings.port) : QString());
    server.security->setCurrentIndex(
        server.security->findData(static_cast<int>(settings.security)));
}

ServerSettings ServerFields::read(const Server& server)
{
    return {static_cast<Security>(server.security->currentData().toInt()),
            hostText(server.host->text()), server.port->text().toUShort()};
}

void ServerFields::setAccount(const Account& account)
{
    fill(m_imap, account.imap);
    fill(m_smtp, account.smtp);
    m_user->setText(QString::fromStdString(account.user));
    m_caFile->setText(QString::fromStdString(account.caFile));
    if (!account.caFile.empty())
        showAdvanced(true);
    clearProblems();
}

void ServerFields::apply(Account& account) const
{
    account.imap = read(m_imap);
    account.smtp = read(m_smtp);
    account.caFile = m_caFile->text().trimmed().toStdString();
    const QString user = m_user->text().trimmed();
    account.user = user.isEmpty() ? account.email : user.toStdString();
}

bool ServerFields::validate(const Server& server)
{
    bool fine = true;
    if (!isUsable(server.host->text())) {
        server.hostField->setProblem(tr("Enter the server's name, such as mail.example.org."));
        fine = false;
    }
    if (server.port->text().toInt() < 1 || server.port->text().toInt() > 65535) {
        server.portField->setProblem(tr("A port is a number from 1 to 65535."));
        fine = false;
    }
    return fine;
}

bool ServerFields::validate()
{
    bool fine = validate(m_imap);
    fine = validate(m_smtp) && fine;
    const QString ca = m_caFile->text().trimmed();
    if (!ca.isEmpty() && !QFileInfo(ca).isReadable()) {
        showAdvanced(true);
        m_caField->setProblem(tr("This file cannot be read."));
        fine = false;
    }
    return fine;
}

FormField* ServerFields::fieldFor(AccountField field) const
{
    switch (field) {
    case AccountField::User:
        return m_userField;
    case AccountField::CaFile:
        return m_caField;
    case AccountField::ImapHost:
        return m_imap.hostField;
    case AccountField::ImapPort:
        return m_imap.portField;
    case AccountField::ImapSecurity:
        return m_imap.securityField;
    case AccountField::SmtpHost:
        return m_smtp.hostField;
    case AccountField::SmtpPort:
        return m_smtp.portField;
    case AccountField::SmtpSecurity:
        return m_smtp.securityField;
    default:
        return nullptr;
    }
}

void ServerFields::clearProblems()
{
    for (FormField* field :
         {m_imap.hostField, m_imap.portField, m_imap.securityField, m_smtp.hostField,
          m_smtp.portField, m_smtp.securityField, m_userField, m_caField})
        field->clearProblem();
}

void ServerFields::showAdvanced(bool on)
{
    m_advancedBox->setVisible(on);
    m_advanced->setIconName(on ? "chevron-down" : "chevron-right");
}

void ServerFields::chooseCaFile()
{
    auto* dialog = new QFileDialog(this, tr("Certificate authority"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_caFile->setText(path);
        m_caField->clearProblem();
        Q_EMIT edited();
    });
    dialog->open();
}

} // namespace avocet
