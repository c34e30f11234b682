// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/TemplateSheet.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int templateSheetWidth = 360;

} // namespace

TemplateSheet::TemplateSheet(std::vector<Template> all, const QString& suggestion, QWidget* parent)
    : QDialog(parent)
    , m_all(std::move(all))
    , m_name(new QLineEdit(suggestion.simplified().left(longestTemplateTitle), this))
    , m_hint(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_save(new Button(tr("Save"), ButtonKind::Primary, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Save as template"));
    setObjectName(QStringLiteral("templateSheet"));
    setMinimumWidth(templateSheetWidth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(metrics::space4, metrics::space4, metrics::space4, metrics::space4);
    layout->setSpacing(metrics::space1);
    auto* label = makeLabel(tr("Name of the template"), TextRole::Body, Ink::Text2, false, this);
    label->setBuddy(m_name);
    m_name->setAccessibleName(label->text());
    m_name->setMaxLength(longestTemplateTitle);
    m_name->setMinimumHeight(metrics::field);
    m_name->selectAll();
    m_hint->setWordWrap(true);
    m_hint->setMinimumHeight(2 * lineHeight(TextRole::Small)); // the sheet keeps its size
    m_hint->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* cancel = new Button(tr("Cancel"), ButtonKind::Quiet, this);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::space2);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    layout->addWidget(label);
    layout->addWidget(m_name);
    layout->addWidget(m_hint);
    layout->addSpacing(metrics::space2);
    layout->addLayout(buttons);
    m_save->setDefault(true);
    connect(m_name, &QLineEdit::textChanged, this, &TemplateSheet::check);
    connect(m_save, &QPushButton::clicked, this, &TemplateSheet::choose);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    check();
}

const Template* TemplateSheet::sameName() const
{
    const QString name = m_name->text().simplified();
    for (const Template& one : m_all)
        if (QString::fromStdString(one.name).compare(name, Qt::CaseInsensitive) == 0)
            return &one;
    return nullptr;
}

void TemplateSheet::check()
{
    const bool replaces = sameName() != nullptr;
    m_save->setText(replaces ? tr("Replace") : tr("Save"));
    m_save->setEnabled(!m_name->text().simplified().isEmpty());
    m_hint->setText(replaces
                        ? tr("A template of this name is there. It would be replaced.")
                        : tr("Subject and text are kept, without signature, quotes and files."));
}

void TemplateSheet::choose()
{
    const Template* same = sameName();
    Q_EMIT chosen(m_name->text().simplified(), same ? same->id : TemplateId{});
    accept();
}

} // namespace avocet
