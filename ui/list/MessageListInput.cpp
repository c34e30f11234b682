// SPDX-License-Identifier: GPL-3.0-or-later
// Keys and pointer of MessageListView.
#include "ui/list/DraggedMessages.h"
#include "ui/list/MessageListModel.h"
#include "ui/list/MessageListView.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QContextMenuEvent>
#include <QDrag>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace avocet {

using HoverAction = MessageDelegate::HoverAction;

namespace {

/// What hangs at the pointer: how many they are, not what they look like.
/// More are not written on the chance that they are dropped outside.
constexpr std::size_t mostFiles = 50;

QPixmap dragPicture(const QString& words, double scale)
{
    const QFont font = themeFont(TextRole::Body, true);
    const int width = QFontMetrics(font).horizontalAdvance(words) + metrics::icon +
                      2 * metrics::space3 + metrics::space2;
    const QRect chip(0, 0, width, metrics::buttonMain);
    QPixmap picture(chip.size() * scale);
    picture.setDevicePixelRatio(scale);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    fillRounded(painter, chip, metrics::radiusCard, tokens().toast);
    const QRect icon(metrics::space3, (chip.height() - metrics::icon) / 2, metrics::icon,
                     metrics::icon);
    paintIcon(painter, icon, "mail-unread", tokens().toastText);
    painter.setFont(font);
    painter.setPen(tokens().toastText);
    painter.drawText(chip.adjusted(icon.right() + 1 + metrics::space2, 0, 0, 0), Qt::AlignVCenter,
                     words);
    return picture;
}

} // namespace

void MessageListView::keyPressEvent(QKeyEvent* event)
{
    if (m_picking && event->key() == Qt::Key_Escape) {
        m_picking = false;
        selectionModel()->setCurrentIndex(currentIndex(), QItemSelectionModel::ClearAndSelect);
        return;
    }
    const bool plain =
        !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    const QString typed = event->text();
    if (plain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        if (currentIndex().isValid()) {
            Q_EMIT openRequested(m_messages->idAt(currentIndex().row()));
        }
        return;
    }
    if (event->modifiers() == Qt::ControlModifier &&
        (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        if (currentIndex().isValid()) {
            Q_EMIT windowRequested(m_messages->idAt(currentIndex().row()));
        }
        return;
    }
    if (event->key() == Qt::Key_Delete && !(event->modifiers() & Qt::ControlModifier)) {
        Q_EMIT deleteRequested(selectedMessages(), event->modifiers() & Qt::ShiftModifier);
        return;
    }
    if (!plain || typed.size() != 1 || !typed.at(0).isPrint()) {
        QAbstractItemView::keyPressEvent(event);
        return;
    }
    switch (typed.at(0).unicode()) {
    case u'j':
        step(1);
        return;
    case u'k':
        step(-1);
        return;
    case u'o':
        if (currentIndex().isValid()) {
            Q_EMIT openRequested(m_messages->idAt(currentIndex().row()));
        }
        return;
    case u'x':
        pick();
        return;
    case u'u':
        Q_EMIT readToggled(selectedMessages());
        return;
    case u's':
        Q_EMIT starToggled(selectedMessages());
        return;
    case u' ':
        QAbstractItemView::keyPressEvent(event);
        return;
    default:
        Q_EMIT keyPressed(typed.at(0));
    }
}

void MessageListView::pick()
{
    if (!currentIndex().isValid()) {
        return;
    }
    // The message that is read is picked by the first one.
    if (std::exchange(m_picking, true) || !selectionModel()->isSelected(currentIndex())) {
        selectionModel()->select(currentIndex(), QItemSelectionModel::Toggle);
    }
    viewport()->update();
}

QItemSelectionModel::SelectionFlags MessageListView::selectionCommand(const QModelIndex& index,
                                                                      const QEvent* event) const
{
    if (m_picking && event && event->type() == QEvent::KeyPress &&
        static_cast<const QKeyEvent*>(event)->modifiers() == Qt::NoModifier) {
        return QItemSelectionModel::NoUpdate;
    }
    return QAbstractItemView::selectionCommand(index, event);
}

void MessageListView::setHover(const QModelIndex& index, HoverAction action)
{
    m_delegate->setHot(action);
    const QModelIndex before = m_hovered;
    m_hovered = index;
    if (before.isValid()) {
        viewport()->update(visualRect(before));
    }
    if (index.isValid()) {
        viewport()->update(visualRect(index));
    }
}

void MessageListView::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint pos = event->position().toPoint();
    const QModelIndex index = indexAt(pos);
    const HoverAction action =
        index.isValid() ? MessageDelegate::hoverActionAt(visualRect(index), pos, layoutDirection())
                        : HoverAction::None;
    setHover(index, action);
    if (event->buttons() == Qt::NoButton || action == HoverAction::None) {
        QAbstractItemView::mouseMoveEvent(event);
    }
}

void MessageListView::mousePressEvent(QMouseEvent* event)
{
    const QPoint pos = event->position().toPoint();
    const QModelIndex index = indexAt(pos);
    m_picking = false;
    if (event->button() == Qt::LeftButton && index.isValid()) {
        const std::vector<MessageId> one{m_messages->idAt(index.row())};
        switch (MessageDelegate::hoverActionAt(visualRect(index), pos, layoutDirection())) {
        case HoverAction::Archive:
            Q_EMIT archiveRequested(one);
            return;
        case HoverAction::Delete:
            Q_EMIT deleteRequested(one, false);
            return;
        case HoverAction::ToggleRead:
            Q_EMIT readToggled(one);
            return;
        case HoverAction::ToggleStar:
            Q_EMIT starToggled(one);
            return;
        case HoverAction::None:
            break;
        }
    }
    QAbstractItemView::mousePressEvent(event);
}

void MessageListView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QPoint pos = event->position().toPoint();
    const QModelIndex index = indexAt(pos);
    if (!index.isValid()) {
        return;
    }
    if (MessageDelegate::hoverActionAt(visualRect(index), pos, layoutDirection()) !=
        HoverAction::None) {
        mousePressEvent(event);
        return;
    }
    Q_EMIT windowRequested(m_messages->idAt(index.row()));
}

void MessageListView::contextMenuEvent(QContextMenuEvent* event)
{
    const QModelIndex current = currentIndex();
    if (event->reason() == QContextMenuEvent::Mouse) {
        if (indexAt(event->pos()).isValid()) {
            Q_EMIT menuRequested(event->globalPos());
        }
    } else if (current.isValid() && selectionModel()->hasSelection()) {
        scrollTo(current);
        Q_EMIT menuRequested(viewport()->mapToGlobal(visualRect(current).center()));
    }
}

QModelIndexList MessageListView::selectedIndexes() const
{
    // The base class only asks whether there is something to drag; a million of them would take seconds.
    const QItemSelection selection = selectionModel()->selection();
    return selection.isEmpty() ? QModelIndexList() : QModelIndexList{selection.first().topLeft()};
}

void MessageListView::startDrag(Qt::DropActions actions)
{
    const std::vector<MessageId> messages = selectedMessages();
    if (messages.empty()) {
        return;
    }
    auto* drag = new QDrag(this);
    auto* files = new DraggedMessages(messages, m_messages->folder());
    if (m_files && messages.size() <= mostFiles) {
        std::vector<MessageSummary> rows;
        for (const MessageId id : messages) {
            if (const MessageSummary* row = m_messages->summary(m_messages->rowOf(id))) {
                rows.push_back(*row);
            }
        }
        files->setUrls(m_files(rows));
    }
    drag->setMimeData(files);
    const QString words =
        messages.size() == 1
            ? tr("1 message")
            : tr("%1 messages").arg(countWords(static_cast<std::int64_t>(messages.size())));
    drag->setPixmap(dragPicture(words, devicePixelRatioF()));
    drag->setHotSpot({-metrics::space3, -metrics::space2});
    // Qt knows no other way to drag than this loop of its own.
    drag->exec(actions, Qt::MoveAction);
}

void MessageListView::leaveEvent(QEvent* event)
{
    setHover({}, HoverAction::None);
    QAbstractItemView::leaveEvent(event);
}

bool MessageListView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave) {
        setHover({}, HoverAction::None);
    }
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QModelIndex index = indexAt(help->pos());
        const MessageSummary* message =
            index.isValid() ? m_messages->summary(index.row()) : nullptr;
        if (!message) {
            return false;
        }
        const QString label = MessageDelegate::hoverLabel(
            MessageDelegate::hoverActionAt(visualRect(index), help->pos(), layoutDirection()),
            *message);
        if (label.isEmpty()) {
            QToolTip::hideText();
        } else {
            QToolTip::showText(help->globalPos(), label, this);
        }
        return true;
    }
    return QAbstractItemView::viewportEvent(event);
}

void MessageListView::focusInEvent(QFocusEvent* event)
{
    // Not QAbstractItemView's, which would open the first message. The focus stands on a row, so
    // that it can be seen, but nothing is selected by it.
    QAbstractScrollArea::focusInEvent(event);
    if (!currentIndex().isValid() && m_messages && m_messages->rowCount() > 0) {
        m_quiet = true;
        const int row = std::min(firstRowFrom(verticalOffset()), m_messages->rowCount() - 1);
        selectionModel()->setCurrentIndex(m_messages->index(row), QItemSelectionModel::NoUpdate);
        m_quiet = false;
    }
    viewport()->update();
}

} // namespace avocet
