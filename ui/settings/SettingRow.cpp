// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/SettingRow.h"

#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace avocet {

namespace {

constexpr int rowHeight = 48;
constexpr int pageWidth = 600;

} // namespace

SettingRow::SettingRow(const QString& label, const QString& description, QWidget* control,
                       QWidget* parent)
    : QWidget(parent)
    , m_searchText(label + u' ' + description)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, metrics::space2, 0, metrics::space2);
    layout->setSpacing(metrics::space4);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(0);
    auto* name = makeLabel(label, TextRole::Body, Ink::Text, false, this);
    name->setWordWrap(true);
    texts->addWidget(name);
    if (!description.isEmpty()) {
        auto* what = makeLabel(description, TextRole::Small, Ink::Text2, false, this);
        what->setWordWrap(true);
        texts->addWidget(what);
    }
    layout->addLayout(texts, 1);
    if (control) {
        control->setParent(this);
        name->setBuddy(control);
        if (control->accessibleName().isEmpty())
            control->setAccessibleName(label);
        control->setAccessibleDescription(description);
        layout->addWidget(control, 0, Qt::AlignVCenter);
    }
    setMinimumHeight(std::max(rowHeight, lineHeight(TextRole::Body) + metrics::space4));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
}

void SettingRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens().border);
}

SettingsPage::SettingsPage(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_title(title)
    , m_column(new QVBoxLayout)
{
    setBackgroundRole(QPalette::Base);
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(metrics::space8, metrics::space8, metrics::space8, metrics::space8);
    auto* column = new QWidget(this);
    column->setMaximumWidth(pageWidth);
    column->setLayout(m_column);
    outer->addWidget(column, 100);
    outer->addStretch(1);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addWidget(makeLabel(title, TextRole::Display, Ink::Text, true, column));
    m_column->addSpacing(metrics::space4);
    m_column->addStretch(1);
}

void SettingsPage::addWidget(QWidget* widget)
{
    m_column->insertWidget(m_column->count() - 1, widget);
}

void SettingsPage::addRow(SettingRow* row)
{
    m_rows.append(row);
    addWidget(row);
}

bool SettingsPage::filter(const QString& text)
{
    const bool titleHit = text.isEmpty() || m_title.contains(text, Qt::CaseInsensitive);
    bool any = titleHit;
    for (SettingRow* row : std::as_const(m_rows)) {
        const bool hit = titleHit || row->searchText().contains(text, Qt::CaseInsensitive);
        row->setVisible(hit);
        any |= hit;
    }
    return any;
}

} // namespace avocet
