// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/TemplateForm.h"

#include "ui/accounts/FormField.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/Placeholders.h"
#include "ui/compose/TemplateSheet.h"
#include "ui/settings/RichField.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Theme.h"
#include "ui/words/ErrorWords.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int templateLines = 6; // the buttons below stay in view

} // namespace

TemplateForm::TemplateForm(MailEngine& engine, const Template& one, bool rich, QWidget* parent)
    : QWidget(parent)
    , m_engine(engine)
    , m_id(one.id)
    , m_column(new QVBoxLayout(this))
    , m_name(new FormEdit(this))
    , m_subject(new FormEdit(this))
    , m_text(new RichField(RichField::Pictures::Yes, templateLines, this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(metrics::space3);
    m_name->setText(QString::fromStdString(one.name));
    m_name->setMaxLength(longestTemplateTitle);
    m_subject->setText(QString::fromStdString(one.subject));
    m_subject->setMaxLength(500);
    m_nameField = new FormField(tr("Name"), m_name, this);
    m_column->addWidget(m_nameField);
    auto* subject = new FormField(tr("Subject"), m_subject, this);
    subject->setHint(tr("Used where the message has none yet."));
    m_column->addWidget(subject);
    m_text->setObjectName(QStringLiteral("templateText"));
    m_text->setText(one.text, one.html, rich);
    m_text->body()->setPlaceholders([](const QString&) { return true; });
    m_text->body()->refreshPlaceholders();
    m_column->addWidget(new FormField(tr("Text"), m_text, this));
    m_text->body()->setAccessibleName(tr("Text"));
    addButtons();
    connect(m_name, &QLineEdit::textEdited, m_nameField, &FormField::clearProblem);
    for (FormEdit* edit : {m_name, m_subject})
        connect(edit, &QLineEdit::returnPressed, this, &TemplateForm::save);
    connect(m_text, &RichField::notice, this, &TemplateForm::notice);
    connect(m_text, &RichField::noticeOver, this, &TemplateForm::noticeOver);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        if (now == m_subject || now == m_text->body())
            m_subjectLast = now == m_subject;
    });
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (m_request && request == m_request)
                    finished(reply);
            });
    setFocusProxy(m_name);
}

void TemplateForm::addButtons()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::space2);
    auto* save = new Button(tr("Save"), ButtonKind::Primary, this);
    auto* cancel = new Button(tr("Cancel"), ButtonKind::Quiet, this);
    auto* insert = new Button(tr("Insert placeholder"), ButtonKind::Secondary, this);
    insert->setObjectName(QStringLiteral("placeholders"));
    auto* menu = new QMenu(insert);
    menu->setToolTipsVisible(true);
    for (const PlaceholderName& one : placeholderNames()) {
        QAction* action = menu->addAction(u'{' + one.name + u'}', this,
                                          [this, name = one.name] { insertPlaceholder(name); });
        action->setToolTip(one.description);
    }
    insert->setMenu(menu);
    row->addWidget(save);
    row->addWidget(cancel);
    row->addStretch(1);
    row->addWidget(insert);
    m_column->addSpacing(metrics::space2);
    m_column->addLayout(row);
    connect(save, &QPushButton::clicked, this, &TemplateForm::save);
    connect(cancel, &QPushButton::clicked, this, &TemplateForm::cancelled);
}

void TemplateForm::insertPlaceholder(const QString& name)
{
    const QString words = u'{' + name + u'}';
    if (m_subjectLast) {
        m_subject->insert(words);
        m_subject->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_text->body()->textCursor().insertText(words);
    m_text->body()->setFocus(Qt::OtherFocusReason);
}

Template TemplateForm::value() const
{
    return {m_id, m_name->text().simplified().toStdString(),
            m_subject->text().simplified().toStdString(), m_text->text(), m_text->html()};
}

void TemplateForm::save()
{
    if (m_request)
        return;
    const Template one = value();
    if (one.name.empty()) {
        m_nameField->setProblem(tr("Give it a name to find it by."));
        m_name->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_request = m_engine.submit(command::SaveTemplate{one});
}

void TemplateForm::finished(const Result<QJsonObject>& reply)
{
    m_request = {};
    if (reply) {
        Q_EMIT saved();
        return;
    }
    const ErrorCode code = reply.error().code;
    m_nameField->setProblem(code == ErrorCode::AlreadyExists ? tr("Another template has this name.")
                            : code == ErrorCode::TooLarge ? tr("This is too large for a template.")
                                                          : errorSentence(reply.error(), {}));
    m_name->setFocus(Qt::OtherFocusReason);
}

} // namespace avocet
