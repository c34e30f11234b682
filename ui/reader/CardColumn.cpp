// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/CardColumn.h"

#include <QEvent>

#include <algorithm>

namespace avocet {

CardColumn::CardColumn(QWidget* parent)
    : QWidget(parent)
{
    setBackgroundRole(QPalette::Base);
}

void CardColumn::insert(int at, QWidget* item)
{
    item->setParent(this);
    m_items.insert(at, item);
    m_ordered.clear();
    item->show();
    Q_EMIT heightsChanged();
}

void CardColumn::remove(QWidget* item)
{
    if (m_items.removeOne(item)) {
        item->hide();
        item->deleteLater();
        Q_EMIT heightsChanged();
    }
}

void CardColumn::clear()
{
    for (QWidget* item : std::as_const(m_items)) {
        item->hide();
        item->deleteLater();
    }
    m_items.clear();
}

void CardColumn::layOut(int width)
{
    int y = 0;
    for (QWidget* item : std::as_const(m_items)) {
        const int wanted = item->heightForWidth(width);
        const int height = wanted >= 0 ? wanted : item->sizeHint().height();
        item->setGeometry(0, y, width, height);
        y += height;
    }
    resize(width, y);
    orderTabs();
}

void CardColumn::orderTabs()
{
    // Cards are put in anywhere and filled later, and what is made last would be reached last.
    const QList<QWidget*> all = findChildren<QWidget*>();
    if (!m_tabAnchor || all == m_ordered) {
        return;
    }
    m_ordered = all;
    QWidget* before = m_tabAnchor;
    const auto follow = [&before](QWidget* next) {
        if (next->focusPolicy() & Qt::TabFocus) {
            setTabOrder(before, next);
            before = next;
        }
    };
    for (QWidget* item : std::as_const(m_items)) {
        follow(item);
        for (QWidget* part : item->findChildren<QWidget*>()) {
            follow(part);
        }
    }
}

bool CardColumn::event(QEvent* event)
{
    if (event->type() == QEvent::LayoutRequest) {
        Q_EMIT heightsChanged();
        return true;
    }
    return QWidget::event(event);
}

} // namespace avocet
