// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main/FolderSheets.h"

#include "ui/accounts/FormField.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int sheetWidth = 400;

QVBoxLayout* sheetLayout(QDialog& sheet, const QString& title)
{
    sheet.setAttribute(Qt::WA_DeleteOnClose);
    sheet.setModal(true);
    sheet.setWindowTitle(title);
    auto* column = new QVBoxLayout(&sheet);
    column->setContentsMargins(metrics::space6, metrics::space6, metrics::space6, metrics::space4);
    column->setSpacing(metrics::space3);
    column->setSizeConstraint(QLayout::SetFixedSize);
    QLabel* head = makeLabel(title, TextRole::Title, Ink::Text, true, &sheet);
    head->setWordWrap(true);
    head->setFixedWidth(sheetWidth);
    column->addWidget(head);
    return column;
}

void addButtons(QDialog& sheet, QVBoxLayout& column, Button* answer)
{
    auto* cancel = new Button(QDialog::tr("Cancel"), ButtonKind::Secondary, &sheet);
    cancel->setAutoDefault(false);
    QObject::connect(cancel, &QPushButton::clicked, &sheet, &QDialog::reject);
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::space2);
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(answer);
    column.addSpacing(metrics::space2);
    column.addLayout(row);
}

} // namespace

QuestionSheet::QuestionSheet(const QString& title, const QString& text, const QString& verb,
                             bool danger, QWidget* parent)
    : QDialog(parent)
    , m_answer(new Button(verb, danger ? ButtonKind::Danger : ButtonKind::Primary, this))
{
    QVBoxLayout* column = sheetLayout(*this, title);
    QLabel* body = makeLabel(text, TextRole::Body, Ink::Text2, false, this);
    body->setWordWrap(true);
    body->setFixedWidth(sheetWidth);
    column->addWidget(body);
    addButtons(*this, *column, m_answer);
    m_answer->setDefault(!danger);
    m_answer->setAutoDefault(!danger);
    connect(m_answer, &QPushButton::clicked, this, &QDialog::accept);
    if (!danger) {
        m_answer->setFocus();
    }
}

FolderNameSheet::FolderNameSheet(const QString& title, const QString& verb, const QString& name,
                                 std::function<QString(const QString&)> check, QWidget* parent)
    : QDialog(parent)
    , m_check(std::move(check))
    , m_edit(new FormEdit(this))
    , m_field(new FormField(tr("Name"), m_edit, this))
    , m_answer(new Button(verb, ButtonKind::Primary, this))
{
    QVBoxLayout* column = sheetLayout(*this, title);
    m_edit->setText(name);
    m_edit->setMaxLength(200);
    m_edit->selectAll();
    m_field->setFixedWidth(sheetWidth);
    column->addWidget(m_field);
    addButtons(*this, *column, m_answer);
    m_answer->setDefault(true);
    connect(m_answer, &QPushButton::clicked, this, &FolderNameSheet::submit);
    connect(m_edit, &QLineEdit::textEdited, this, [this] { m_field->clearProblem(); });
    m_edit->setFocus();
}

QString FolderNameSheet::name() const
{
    return m_edit->text().trimmed();
}

QString FolderNameSheet::problem() const
{
    return m_field->problem();
}

void FolderNameSheet::submit()
{
    const QString wrong = m_check(name());
    if (!wrong.isEmpty()) {
        m_field->setProblem(wrong);
        m_edit->setFocus();
        return;
    }
    Q_EMIT named(name());
    accept();
}

} // namespace avocet
