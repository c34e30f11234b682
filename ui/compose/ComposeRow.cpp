// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeRow.h"

#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace avocet {

namespace {

constexpr int labelWidth = 64;
constexpr int sideMargin = 20;
constexpr int ringInset = 8;

} // namespace

ComposeRow::ComposeRow(const QString& label, QWidget* field, QWidget* focused, QWidget* parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
    , m_label(makeLabel(label, TextRole::Body, Ink::Text2, false, this))
    , m_focused(focused)
{
    applyMargins();
    m_layout->setSpacing(metrics::space1);
    m_label->setMinimumWidth(labelWidth);
    m_label->setFixedHeight(metrics::field);
    m_label->setAlignment(Qt::AlignVCenter | Qt::AlignLeading);
    m_label->setBuddy(focused);
    field->setParent(this);
    m_layout->addWidget(m_label, 0, Qt::AlignTop);
    m_layout->addWidget(field, 1);
    setMinimumHeight(metrics::field + 1);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_focused->installEventFilter(this);
}

/// Layouts mirror their widgets, not their margins.
void ComposeRow::applyMargins()
{
    const int trailing = sideMargin - metrics::space2; // a quiet button's padding comes on top
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    m_layout->setContentsMargins(mirrored ? trailing : sideMargin, 0,
                                 mirrored ? sideMargin : trailing, 1);
}

void ComposeRow::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange)
        applyMargins();
}

void ComposeRow::addTrailing(QWidget* widget)
{
    m_layout->addWidget(widget, 0, Qt::AlignTop);
}

void ComposeRow::setInvalid(bool invalid)
{
    if (invalid != m_invalid) {
        m_invalid = invalid;
        update();
    }
}

bool ComposeRow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return QWidget::eventFilter(watched, event);
}

void ComposeRow::mousePressEvent(QMouseEvent*)
{
    m_focused->setFocus(Qt::MouseFocusReason);
}

void ComposeRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(QRect(sideMargin, height() - 1, width() - 2 * sideMargin, 1), tokens().border);
    const QRectF ring = QRectF(rect()).adjusted(ringInset, 1, -ringInset, -2);
    if (m_focused->hasFocus())
        drawFocusRing(painter, ring);
    else if (m_invalid)
        strokeRounded(painter, ring, metrics::radiusControl, tokens().danger);
}

} // namespace avocet
