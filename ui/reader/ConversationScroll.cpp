// SPDX-License-Identifier: GPL-3.0-or-later
// Where a conversation is scrolled to, what stays in its place, and what counts as seen.
#include "ui/reader/CardColumn.h"
#include "ui/reader/ConversationView.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/ReaderContext.h"
#include "ui/theme/Theme.h"

#include <QEvent>
#include <QScrollBar>

namespace avocet {

namespace {

constexpr int lineStep = 48;

} // namespace

/// Through which one looks at what lies in the middle; null where that is no HTML.
HtmlView* ConversationView::htmlInView() const
{
    const int middle = verticalScrollBar()->value() + viewport()->height() / 2;
    for (const MessageCard* each : cards()) {
        HtmlView* html = each->isOpen() && each->body() ? each->body()->htmlView() : nullptr;
        if (html) {
            const int top = html->mapTo(m_column, QPoint(0, 0)).y();
            if (top <= middle && top + html->height() > middle) {
                return html;
            }
        }
    }
    return nullptr;
}

void ConversationView::scrollBy(int pixels)
{
    if (HtmlView* html = htmlInView()) {
        pixels -= html->scrollWithin(pixels);
    }
    verticalScrollBar()->setValue(verticalScrollBar()->value() + pixels);
}

void ConversationView::scrollPage(int direction)
{
    scrollBy(direction * (viewport()->height() - metrics::space8));
}

void ConversationView::scrollLine(int direction)
{
    scrollBy(direction * lineStep);
}

void ConversationView::scrollToEnd(bool bottom)
{
    constexpr int farther = 1'000'000'000; // than anything is tall
    for (const MessageCard* each : cards()) {
        if (HtmlView* html = each->body() ? each->body()->htmlView() : nullptr) {
            html->scrollWithin(bottom ? farther : -farther);
        }
    }
    QScrollBar* bar = verticalScrollBar();
    bar->setValue(bottom ? bar->maximum() : 0);
}

void ConversationView::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    layOut();
}

void ConversationView::layOut()
{
    m_layoutSoon.stop();
    m_layingOut = true;
    m_column->layOut(viewport()->width());
    if (m_anchor) {
        verticalScrollBar()->setValue(m_anchor->y() - m_anchorOffset);
    }
    m_layingOut = false;
}

void ConversationView::noteScrolled()
{
    const int y = verticalScrollBar()->value();
    if (!m_layingOut) {
        for (QWidget* item : m_column->items()) {
            if (item->geometry().bottom() >= y) {
                m_anchor = item;
                m_anchorOffset = item->y() - y;
                break;
            }
        }
    }
    restartReadTimer();
}

void ConversationView::restartReadTimer()
{
    if (m_readDelay) {
        m_readTimer.start(*m_readDelay);
    }
}

bool ConversationView::event(QEvent* event)
{
    if (event->type() == QEvent::WindowActivate) {
        restartReadTimer();
    }
    return QScrollArea::event(event);
}

void ConversationView::noteSeen()
{
    if (!isVisible() || !isActiveWindow()) { // or covered by another one, which is what is read
        return;
    }
    std::vector<MessageId> seen;
    const int y = verticalScrollBar()->value();
    for (const MessageCard* each : cards()) {
        const bool inView = each->geometry().bottom() > y && each->y() < y + viewport()->height();
        if (inView && each->countsAsSeen()) {
            seen.push_back(each->message());
        }
    }
    if (!seen.empty()) {
        m_context.engine().submit(command::Mark{std::move(seen), Seen, 0, false});
    }
}

void ConversationView::reveal(MessageCard* shown)
{
    shown->setOpen(true);
    const int y = verticalScrollBar()->value();
    layOut();
    // A little of what came before stays in view, all of it where it is little.
    const int above = shown->y();
    const int before = static_cast<int>(m_column->items().indexOf(shown)) - 1;
    const int peek = before >= 0 && m_column->items()[before]->height() <= lineStep
                         ? m_column->items()[before]->height()
                         : 0;
    const bool inView = shown->y() >= y && shown->geometry().bottom() <= y + viewport()->height();
    if (above <= viewport()->height() / 4) {
        m_anchor = m_column->items().front();
        m_anchorOffset = 0;
    } else if (!inView || m_current != shown) {
        m_anchor = shown;
        m_anchorOffset = peek;
    }
    layOut();
    setCurrent(shown);
}

void ConversationView::showArea(const QWidget& part, const QRect& area)
{
    layOut();
    const int top = part.mapTo(m_column, area.topLeft()).y();
    QScrollBar* bar = verticalScrollBar();
    const int margin = viewport()->height() / 4;
    if (top < bar->value() + lineStep ||
        top + area.height() > bar->value() + viewport()->height() - lineStep) {
        bar->setValue(top - margin);
    }
}

void ConversationView::focusMoved(QWidget* now)
{
    if (!now || !m_column->isAncestorOf(now)) {
        return;
    }
    QWidget* item = now;
    while (item->parentWidget() != m_column) {
        item = item->parentWidget();
    }
    auto* each = qobject_cast<MessageCard*>(item);
    if (each && each != m_current) {
        setCurrent(each);
    }
    if (now->window()->testAttribute(Qt::WA_KeyboardFocusChange) &&
        now->height() < viewport()->height()) {
        ensureWidgetVisible(now, 0, metrics::space2);
    }
}

} // namespace avocet
