// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/IdentityForm.h"

#include "core/model/IdentityMatch.h"
#include "ui/accounts/FormField.h"
#include "ui/compose/ComposeBody.h"
#include "ui/settings/RichField.h"
#include "ui/settings/SegmentedControl.h"
#include "ui/settings/SettingRow.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"
#include "ui/words/ErrorWords.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QJsonObject>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int signatureLines = 5;

std::string trimmed(const QLineEdit* edit)
{
    return edit->text().trimmed().toStdString();
}

} // namespace

IdentityForm::IdentityForm(MailEngine& engine, const Identity& identity, QWidget* parent)
    : QWidget(parent)
    , m_engine(engine)
    , m_identity(identity)
    , m_column(new QVBoxLayout(this))
    , m_name(new FormEdit(this))
    , m_email(new FormEdit(this))
    , m_replyTo(new FormEdit(this))
    , m_organisation(new FormEdit(this))
    , m_aliases(new FormEdit(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(metrics::space3);
    addField(tr("Your name"), m_name, identity.name);
    m_emailField = addField(tr("Email address"), m_email, identity.email);
    QStringList aliases;
    for (const std::string& alias : identity.aliases)
        aliases.append(QString::fromStdString(alias));
    m_aliasesField =
        addField(tr("Other addresses"), m_aliases, aliases.join(QLatin1String(", ")).toStdString(),
                 tr("Mail to these is answered from them. *@example.org stands for "
                    "every address there."));
    m_replyToField = addField(tr("Replies go to"), m_replyTo, identity.replyTo,
                              tr("Where that is not the address above."));
    addField(tr("Organisation"), m_organisation, identity.organisation);
    addSignature();
    addButtons();
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (m_request && request == m_request)
                    finished(reply);
            });
    setFocusProxy(m_name);
}

FormField* IdentityForm::addField(const QString& label, FormEdit* edit, const std::string& text,
                                  const QString& hint)
{
    edit->setText(QString::fromStdString(text));
    edit->setMaxLength(900);
    auto* field = new FormField(label, edit, this);
    field->setHint(hint);
    m_column->addWidget(field);
    connect(edit, &QLineEdit::textEdited, field, &FormField::clearProblem);
    return field;
}

void IdentityForm::addSignature()
{
    m_signature = new RichField(RichField::Pictures::No, signatureLines, this);
    m_signature->setObjectName(QStringLiteral("signature"));
    m_signature->setText(m_identity.signature, m_identity.signatureHtml,
                         m_identity.format != TextFormat::Plain);
    m_column->addWidget(new FormField(tr("Signature"), m_signature, this));
    m_signature->body()->setAccessibleName(tr("Signature"));
    connect(m_signature, &RichField::notice, this, &IdentityForm::notice);
    connect(m_signature, &RichField::noticeOver, this, &IdentityForm::noticeOver);

    m_place = new SegmentedControl({tr("Below the quote"), tr("Above it")}, this);
    m_place->setObjectName(QStringLiteral("place"));
    m_place->setCurrent(m_identity.signatureAbove ? 1 : 0);
    m_column->addWidget(new SettingRow(tr("Place of the signature"), tr("In replies and forwards."),
                                       m_place, this));
    m_dashes = new QCheckBox(this);
    m_dashes->setObjectName(QStringLiteral("dashes"));
    m_dashes->setChecked(m_identity.signatureDashes);
    m_column->addWidget(new SettingRow(tr("Line of two dashes above it"),
                                       tr("Mail programs know a signature by it and leave it out "
                                          "of their quotes."),
                                       m_dashes, this));
    m_format = new QComboBox(this);
    m_format->setObjectName(QStringLiteral("format"));
    m_format->addItems({tr("As in Composing"), tr("Formatted"), tr("Plain")});
    m_format->setCurrentIndex(static_cast<int>(m_identity.format));
    m_column->addWidget(
        new SettingRow(tr("New messages"), tr("Formatted text or plain text."), m_format, this));
}

void IdentityForm::addButtons()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::space2);
    auto* save = new Button(tr("Save"), ButtonKind::Primary, this);
    auto* cancel = new Button(tr("Cancel"), ButtonKind::Quiet, this);
    row->addWidget(save);
    row->addWidget(cancel);
    row->addStretch(1);
    m_column->addSpacing(metrics::space2);
    m_column->addLayout(row);
    connect(save, &QPushButton::clicked, this, &IdentityForm::save);
    connect(cancel, &QPushButton::clicked, this, &IdentityForm::cancelled);
    for (FormEdit* edit : {m_name, m_email, m_replyTo, m_organisation, m_aliases})
        connect(edit, &QLineEdit::returnPressed, this, &IdentityForm::save);
}

Identity IdentityForm::identity() const
{
    Identity identity = m_identity;
    identity.name = trimmed(m_name);
    identity.email = trimmed(m_email);
    identity.replyTo = trimmed(m_replyTo);
    identity.organisation = trimmed(m_organisation);
    identity.aliases.clear();
    static const QRegularExpression between(QStringLiteral("[\\s,;]+"));
    for (const QString& alias : m_aliases->text().split(between, Qt::SkipEmptyParts))
        identity.aliases.push_back(alias.toStdString());
    if (m_signature->body()->document()->isModified()) {
        identity.signature = m_signature->text();
        identity.signatureHtml = m_signature->html();
    }
    identity.signatureAbove = m_place->current() == 1;
    identity.signatureDashes = m_dashes->isChecked();
    identity.format = static_cast<TextFormat>(m_format->currentIndex());
    return identity;
}

bool IdentityForm::check()
{
    const Identity now = identity();
    bool right = true;
    const auto refuse = [&](FormField* field, const QString& words) {
        field->setProblem(words);
        if (right)
            field->field()->setFocus(Qt::OtherFocusReason);
        right = false;
    };
    if (!isPlainAddress(now.email))
        refuse(m_emailField, tr("Write an address such as robin@example.org."));
    for (const std::string& alias : now.aliases)
        if (!isAliasPattern(alias)) {
            refuse(m_aliasesField, tr("“%1” is neither an address nor *@ and a domain.")
                                       .arg(QString::fromStdString(alias)));
            break;
        }
    if (!now.replyTo.empty() && !isPlainAddress(now.replyTo))
        refuse(m_replyToField, tr("Write one address, or nothing."));
    return right;
}

void IdentityForm::save()
{
    if (!m_request && check())
        m_request = m_engine.submit(command::SaveIdentity{identity()});
}

void IdentityForm::finished(const Result<QJsonObject>& reply)
{
    m_request = {};
    if (reply)
        Q_EMIT saved();
    else
        m_emailField->setProblem(errorSentence(reply.error(), {}));
}

} // namespace avocet
