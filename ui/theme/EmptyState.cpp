// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/EmptyState.h"

#include "ui/theme/Labels.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int columnWidth = 320;

} // namespace

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_title(makeLabel({}, TextRole::Title, Ink::Text, true, this))
    , m_line(makeLabel({}, TextRole::Body, Ink::Text2, false, this))
{
    auto* holder = new QWidget(this);
    holder->setMaximumWidth(columnWidth);
    m_column = new QVBoxLayout(holder);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(metrics::space2);
    for (QLabel* label : {m_icon, m_title, m_line}) {
        label->setAlignment(Qt::AlignHCenter);
        m_column->addWidget(label);
    }
    m_row = new QHBoxLayout;
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(metrics::space2);
    auto* centred = new QHBoxLayout;
    centred->setContentsMargins(0, 0, 0, 0);
    centred->addStretch(1);
    centred->addLayout(m_row);
    centred->addStretch(1);
    m_column->addLayout(centred);
    m_title->setWordWrap(true);
    m_line->setWordWrap(true);
    m_icon->setFixedHeight(metrics::iconLarge + metrics::space2);
    // Stretches beside the column would take its width away: the column has one too, up to its maximum.
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->addStretch(1);
    row->addWidget(holder, 1'000);
    row->addStretch(1);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(metrics::space4, metrics::space4, metrics::space4, metrics::space4);
    outer->addStretch(2);
    outer->addLayout(row);
    outer->addStretch(3);
}

void EmptyState::setContent(const char* iconName, const QString& title, const QString& line)
{
    m_iconName = iconName;
    m_title->setText(title);
    m_line->setText(line);
    m_line->setVisible(!line.isEmpty());
    setAccessibleName(line.isEmpty() ? title : title + QStringLiteral(". ") + line);
    refreshIcon();
}

QString EmptyState::title() const
{
    return m_title->text();
}

Button* EmptyState::addButton(const QString& text, ButtonKind kind)
{
    auto* button = new Button(text, kind, this);
    m_row->addWidget(button, 0, Qt::AlignHCenter);
    m_buttons.append(button);
    int wide = 0;
    for (const Button* each : std::as_const(m_buttons)) {
        wide += each->sizeHint().width() + metrics::space2;
    }
    m_row->setDirection(wide > columnWidth ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_row->setContentsMargins(0, metrics::space2, 0, 0);
    return button;
}

void EmptyState::clearButtons()
{
    for (Button* button : std::as_const(m_buttons)) {
        m_row->removeWidget(button);
        button->hide();
        button->deleteLater();
    }
    m_buttons.clear();
    m_row->setContentsMargins(0, 0, 0, 0);
}

void EmptyState::refreshIcon()
{
    if (m_iconName) {
        const QSize size(metrics::iconLarge, metrics::iconLarge);
        m_icon->setPixmap(themeIcon(m_iconName, Tint::Text2).pixmap(size, devicePixelRatioF()));
    }
}

void EmptyState::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        refreshIcon();
    }
}

} // namespace avocet
