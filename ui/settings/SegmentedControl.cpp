// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/SegmentedControl.h"

#include "ui/theme/Theme.h"

#include <QAccessible>
#include <QFocusEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace avocet {

namespace {

constexpr int inset = 2;

} // namespace

SegmentedControl::SegmentedControl(const QStringList& choices, QWidget* parent)
    : QWidget(parent)
    , m_choices(choices)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setFont(themeFont(TextRole::Body));
    describe();
}

void SegmentedControl::describe()
{
    setAccessibleDescription(m_choices.value(m_current));
}

void SegmentedControl::setCurrent(int index)
{
    m_current = std::clamp(index, 0, static_cast<int>(m_choices.size()) - 1);
    describe();
    update();
}

void SegmentedControl::choose(int index)
{
    if (index < 0 || index >= m_choices.size() || index == m_current)
        return;
    setCurrent(index);
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
    Q_EMIT chosen(m_current);
}

QSize SegmentedControl::sizeHint() const
{
    const QFontMetrics strong(themeFont(TextRole::Body, true));
    int widest = 0;
    for (const QString& choice : m_choices)
        widest = std::max(widest, strong.horizontalAdvance(choice));
    const int each = widest + 2 * metrics::space3;
    return {each * static_cast<int>(m_choices.size()) + 2 * inset,
            std::max(metrics::button, strong.height() + metrics::space3)};
}

QRect SegmentedControl::segment(int index) const
{
    const int each = (width() - 2 * inset) / static_cast<int>(m_choices.size());
    return QStyle::visualRect(layoutDirection(), rect(),
                              QRect(inset + index * each, inset, each, height() - 2 * inset));
}

void SegmentedControl::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    fillRounded(painter, QRectF(rect()), metrics::radiusControl, t.selectionInactive);
    for (int i = 0; i < m_choices.size(); ++i) {
        const bool taken = i == m_current;
        if (taken) {
            fillRounded(painter, QRectF(segment(i)), metrics::radiusMark, t.surface);
            strokeRounded(painter, QRectF(segment(i)), metrics::radiusMark, t.control);
        }
        painter.setFont(themeFont(TextRole::Body, taken));
        painter.setPen(t.text);
        painter.drawText(segment(i), Qt::AlignCenter, m_choices[i]);
    }
    if (hasFocus() && m_ringed)
        drawFocusRing(painter, QRectF(rect()));
}

void SegmentedControl::mousePressEvent(QMouseEvent* event)
{
    for (int i = 0; i < m_choices.size(); ++i)
        if (segment(i).contains(event->position().toPoint()))
            choose(i);
}

void SegmentedControl::keyPressEvent(QKeyEvent* event)
{
    const int step = layoutDirection() == Qt::RightToLeft ? -1 : 1;
    if (event->key() == Qt::Key_Right || event->key() == Qt::Key_Down)
        choose(m_current + (event->key() == Qt::Key_Down ? 1 : step));
    else if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Up)
        choose(m_current - (event->key() == Qt::Key_Up ? 1 : step));
    else
        QWidget::keyPressEvent(event);
}

void SegmentedControl::focusInEvent(QFocusEvent* event)
{
    m_ringed = event->reason() != Qt::MouseFocusReason;
    QWidget::focusInEvent(event);
}

} // namespace avocet
