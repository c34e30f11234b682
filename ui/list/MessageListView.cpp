// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/MessageListView.h"

#include "ui/list/MessageListAccessible.h"
#include "ui/list/MessageListModel.h"
#include "ui/theme/Theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace avocet {

using HoverAction = MessageDelegate::HoverAction;

MessageListView::MessageListView(QWidget* parent)
    : QAbstractItemView(parent)
    , m_delegate(new MessageDelegate(this))
    , m_rowHeight(MessageDelegate::cardHeight())
{
    MessageListAccessible::install();
    setItemDelegate(m_delegate);
    setSelectionMode(ExtendedSelection);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // Always: dates keep their place, and the header above lines up with them.
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setVerticalScrollMode(ScrollPerPixel);
    setEditTriggers(NoEditTriggers);
    setDragEnabled(true);
    setAccessibleName(tr("Messages"));
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        keepAnchor();
        if (m_newAbove > 0 && isAtTop()) {
            setNewAbove(0);
        }
    });
    m_rest.setSingleShot(true);
    m_rest.setInterval(150);
    connect(&m_rest, &QTimer::timeout, this, &MessageListView::rested);
}

void MessageListView::setMessages(MessageListModel* model)
{
    m_messages = model;
    setModel(model);
    connect(model, &MessageListModel::sectionsChanged, this, [this] {
        updateGeometries();
        restoreAnchor();
        viewport()->update();
    });
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &MessageListView::notePlace);
    connect(model, &QAbstractItemModel::modelReset, this, &MessageListView::returnToPlace);
}

qint64 MessageListView::rowTop(int row) const
{
    const auto& sections = m_messages->sections();
    const auto after =
        std::upper_bound(sections.begin(), sections.end(), row,
                         [](int r, const MessageListModel::Section& s) { return r < s.first; });
    const qint64 headers = after - sections.begin();
    return qint64(row) * m_rowHeight + headers * metrics::dateHeader;
}

int MessageListView::rowAt(qint64 y) const
{
    const int row = firstRowFrom(y);
    return row < m_messages->rowCount() && rowTop(row) <= y ? row : -1;
}

int MessageListView::firstRowFrom(qint64 y) const
{
    int low = 0;
    int high = m_messages->rowCount();
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (rowTop(middle) + m_rowHeight <= y) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

qint64 MessageListView::contentHeight() const
{
    if (!m_messages) {
        return 0;
    }
    return qint64(m_messages->rowCount()) * m_rowHeight +
           qint64(m_messages->sections().size()) * metrics::dateHeader;
}

int MessageListView::verticalOffset() const
{
    return verticalScrollBar()->value();
}

QRect MessageListView::visualRect(const QModelIndex& index) const
{
    if (!index.isValid() || !m_messages) {
        return {};
    }
    return {0, static_cast<int>(rowTop(index.row()) - verticalOffset()), viewport()->width(),
            m_rowHeight};
}

QModelIndex MessageListView::indexAt(const QPoint& point) const
{
    if (!m_messages) {
        return {};
    }
    const int row = rowAt(qint64(point.y()) + verticalOffset());
    return row < 0 ? QModelIndex() : m_messages->index(row);
}

void MessageListView::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    if (!index.isValid() || !m_messages) {
        return;
    }
    QScrollBar* bar = verticalScrollBar();
    const int top = static_cast<int>(rowTop(index.row()));
    const int height = viewport()->height();
    // With its date header, where it has one.
    const int above =
        index.row() == 0 || rowTop(index.row()) - rowTop(index.row() - 1) > m_rowHeight
            ? metrics::dateHeader
            : 0;
    if (hint == PositionAtTop || top - above < bar->value()) {
        bar->setValue(top - above);
    } else if (hint == PositionAtCenter) {
        bar->setValue(top - (height - m_rowHeight) / 2);
    } else if (hint == PositionAtBottom || top + m_rowHeight > bar->value() + height) {
        bar->setValue(top + m_rowHeight - height);
    }
}

void MessageListView::updateGeometries()
{
    QScrollBar* bar = verticalScrollBar();
    const qint64 beyond = contentHeight() - viewport()->height();
    bar->setSingleStep(m_rowHeight / 2);
    bar->setPageStep(std::max(1, viewport()->height() - m_rowHeight / 2));
    bar->setRange(0, static_cast<int>(std::clamp<qint64>(beyond, 0, INT_MAX)));
    QAbstractItemView::updateGeometries();
}

void MessageListView::resizeEvent(QResizeEvent* event)
{
    QAbstractItemView::resizeEvent(event);
    updateGeometries();
}

void MessageListView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        m_rowHeight = MessageDelegate::cardHeight();
        if (m_messages) {
            updateGeometries();
        }
    }
    QAbstractItemView::changeEvent(event);
}

std::pair<int, int> MessageListView::visibleRows() const
{
    const int first = firstRowFrom(verticalOffset());
    const qint64 bottom = qint64(verticalOffset()) + viewport()->height();
    int end = first;
    while (end < m_messages->rowCount() && rowTop(end) < bottom) {
        ++end;
    }
    return {first, end};
}

void MessageListView::paintEvent(QPaintEvent* event)
{
    m_rest.start();
    QPainter painter(viewport());
    painter.fillRect(event->rect(), tokens().surface);
    if (!m_messages || m_messages->rowCount() == 0) {
        return;
    }
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const bool focus = hasFocus();
    const bool byKeyboard = focus && window()->testAttribute(Qt::WA_KeyboardFocusChange);
    const auto& sections = m_messages->sections();
    int row = firstRowFrom(qint64(event->rect().top()) + verticalOffset());
    auto section =
        std::lower_bound(sections.begin(), sections.end(), row,
                         [](const MessageListModel::Section& s, int r) { return s.first < r; });
    for (; row < m_messages->rowCount(); ++row) {
        const QModelIndex index = m_messages->index(row);
        const QRect card = visualRect(index);
        if (section != sections.end() && section->first == row) {
            paintHeader(painter,
                        QRect(0, card.y() - metrics::dateHeader, card.width(), metrics::dateHeader),
                        section->title);
            ++section;
        }
        if (card.y() > event->rect().bottom()) {
            break;
        }
        option.rect = card;
        option.state = QStyle::State_Enabled;
        option.state.setFlag(QStyle::State_Selected, selectionModel()->isSelected(index));
        option.state.setFlag(QStyle::State_MouseOver, index == m_hovered);
        option.state.setFlag(QStyle::State_Active, focus);
        option.state.setFlag(QStyle::State_HasFocus, focus && index == currentIndex());
        option.state.setFlag(QStyle::State_KeyboardFocusChange, byKeyboard || m_picking);
        painter.save();
        m_delegate->paint(&painter, option, index);
        painter.restore();
    }
}

void MessageListView::paintHeader(QPainter& painter, const QRect& rect, const QString& title) const
{
    const Tokens& t = tokens();
    painter.fillRect(rect, t.surface);
    painter.setFont(themeFont(TextRole::Small, true));
    painter.setPen(t.text2);
    const QRect text = rect.adjusted(28, metrics::space1, -metrics::space3, 0);
    painter.drawText(QStyle::visualRect(layoutDirection(), rect, text),
                     static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) |
                                      Qt::AlignVCenter),
                     title);
    const QRect line(28, rect.bottom(), rect.width() - 28, 1);
    painter.fillRect(QStyle::visualRect(layoutDirection(), rect, line), t.border);
}

std::vector<MessageId> MessageListView::selectedMessages() const
{
    std::vector<MessageId> ids;
    if (!m_messages) {
        return ids;
    }
    // Ranges, not indexes: Ctrl+A over a million rows makes one range.
    for (const QItemSelectionRange& range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            ids.push_back(m_messages->idAt(row));
        }
    }
    return ids;
}

bool MessageListView::selectMessage(MessageId id)
{
    const int row = m_messages ? m_messages->rowOf(id) : -1;
    if (row < 0) {
        return false;
    }
    const QModelIndex index = m_messages->index(row);
    m_picking = false;
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
    scrollTo(index);
    return true;
}

void MessageListView::step(int by)
{
    if (!m_messages || m_messages->rowCount() == 0) {
        return;
    }
    const QModelIndex current = currentIndex();
    int from = current.isValid() ? current.row() : 0;
    // A row that only has the focus is the first to be selected.
    if (!current.isValid() || (!m_picking && !selectionModel()->isSelected(current))) {
        from -= by > 0 ? 1 : 0;
    }
    const int row = std::clamp(from + by, 0, m_messages->rowCount() - 1);
    const QModelIndex index = m_messages->index(row);
    selectionModel()->setCurrentIndex(index, m_picking ? QItemSelectionModel::NoUpdate
                                                       : QItemSelectionModel::ClearAndSelect);
    scrollTo(index);
    viewport()->update();
}

bool MessageListView::isAtTop() const
{
    return verticalOffset() < m_rowHeight / 2;
}

void MessageListView::scrollToNewest()
{
    verticalScrollBar()->setValue(0);
    setNewAbove(0);
}

void MessageListView::setNewAbove(int count)
{
    if (m_newAbove != count) {
        m_newAbove = count;
        Q_EMIT newAboveChanged(count);
    }
}

void MessageListView::selectionChanged(const QItemSelection& selected,
                                       const QItemSelection& deselected)
{
    QAbstractItemView::selectionChanged(selected, deselected);
    int count = 0;
    for (const QItemSelectionRange& range : selectionModel()->selection()) {
        count += range.height();
    }
    viewport()->update();
    if (m_quiet) {
        return;
    }
    if (count == 1) {
        Q_EMIT messageSelected(m_messages->idAt(selectionModel()->selection().first().top()));
    }
    Q_EMIT selectionSizeChanged(count);
}

void MessageListView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QAbstractItemView::currentChanged(current, previous);
    if (QAccessible::isActive() && current.isValid() && hasFocus()) {
        QAccessibleEvent event(this, QAccessible::Focus);
        event.setChild(current.row());
        QAccessible::updateAccessibility(&event);
    }
}

QModelIndex MessageListView::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    const int count = m_messages ? m_messages->rowCount() : 0;
    if (count == 0) {
        return {};
    }
    const int current = currentIndex().isValid() ? currentIndex().row() : -1;
    if (current >= 0 && (action == MoveDown || action == MoveUp) && !m_picking &&
        selectionModel()->selection().isEmpty()) {
        return currentIndex();
    }
    const int page = std::max(1, viewport()->height() / m_rowHeight - 1);
    int row = current;
    switch (action) {
    case MoveUp:
    case MovePrevious:
        row = current - 1;
        break;
    case MoveDown:
    case MoveNext:
        row = current + 1;
        break;
    case MovePageUp:
        row = current - page;
        break;
    case MovePageDown:
        row = current + page;
        break;
    case MoveHome:
        row = 0;
        break;
    case MoveEnd:
        row = count - 1;
        break;
    case MoveLeft:
    case MoveRight:
        break;
    }
    return m_messages->index(std::clamp(row, 0, count - 1));
}

void MessageListView::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags flags)
{
    if (!m_messages || m_messages->rowCount() == 0) {
        return;
    }
    const QRect r = rect.normalized();
    const qint64 top = qint64(r.top()) + verticalOffset();
    const qint64 bottom = qint64(r.bottom()) + verticalOffset();
    const int first = firstRowFrom(top);
    int last = firstRowFrom(bottom);
    if (last >= m_messages->rowCount() || rowTop(last) > bottom) {
        --last;
    }
    QItemSelection selection;
    if (first <= last) {
        selection.select(m_messages->index(first), m_messages->index(last));
    }
    selectionModel()->select(selection, flags);
}

QRegion MessageListView::visualRegionForSelection(const QItemSelection& selection) const
{
    QRegion region;
    const QRect view = viewport()->rect();
    for (const QItemSelectionRange& range : selection) {
        const QRect top = visualRect(range.topLeft());
        const QRect bottom = visualRect(range.bottomRight());
        region += top.united(bottom).intersected(view);
    }
    return region;
}

} // namespace avocet
