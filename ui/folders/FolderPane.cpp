// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/FolderPane.h"

#include "ui/list/DraggedMessages.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QContextMenuEvent>
#include <QDragMoveEvent>
#include <QHeaderView>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace avocet {

namespace {

using Kind = FolderModel::Kind;

constexpr int inset = metrics::space2;
constexpr int iconX = 20;
constexpr int rowTextX = 48;
constexpr int indent = 16;

Kind kindOf(const QModelIndex& index)
{
    return index.data(FolderModel::KindRole).value<Kind>();
}

/// Steps below the account: its direct folders are 0.
int depthOf(const QModelIndex& index)
{
    int depth = 0;
    for (QModelIndex above = index.parent();
         above.isValid() && kindOf(above) != Kind::AccountHeader; above = above.parent()) {
        ++depth;
    }
    return depth;
}

} // namespace

FolderDelegate::FolderDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

QSize FolderDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const int line = lineHeight(TextRole::Body, true);
    if (kindOf(index) == Kind::AccountHeader) {
        return {option.rect.width(), m_rail ? metrics::space4 : std::max(36, line + 20)};
    }
    return {option.rect.width(), std::max(metrics::folderRow, line + metrics::space3)};
}

QRect FolderDelegate::arrowRect(const QRect& row, const QModelIndex& index,
                                Qt::LayoutDirection direction)
{
    const int x = iconX - 14 + depthOf(index) * indent;
    const QRect r(row.x() + x, row.y() + (row.height() - 12) / 2, 12, 12);
    return QStyle::visualRect(direction, row, r);
}

void FolderDelegate::paintHeader(QPainter& painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const
{
    const Tokens& t = tokens();
    const QRect row = option.rect;
    const QColor color = accountColor(index.data(FolderModel::AccountIndexRole).toInt());
    if (m_rail) {
        painter.fillRect(QRect(row.x() + 16, row.center().y(), row.width() - 32, 1), t.border);
        return;
    }
    const auto visual = [&](const QRect& r) {
        return QStyle::visualRect(option.direction, row, r);
    };
    const QRect dot(iconX + 2, row.y() + row.height() - 20, 8, 8);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(visual(dot));
    const QFont font = themeFont(TextRole::Small, true);
    const QFontMetrics fm(font);
    painter.setFont(font);
    painter.setPen(t.text2);
    const QRect text(iconX + 20, dot.center().y() - fm.height() / 2, row.width() - iconX - 28,
                     fm.height());
    drawOwnDirection(painter, visual(text),
                     static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) |
                                      Qt::AlignVCenter),
                     fm.elidedText(index.data().toString(), Qt::ElideRight, text.width()));
}

void FolderDelegate::paintRail(QPainter& painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const
{
    const Tokens& t = tokens();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QRect square((option.rect.width() - 20) / 2 + option.rect.x(),
                       option.rect.center().y() - 9, 20, 20);
    paintIcon(painter, square, index.data(FolderModel::IconRole).toByteArray().constData(),
              selected ? t.accent : t.text2);
    const bool attention = index.data(FolderModel::AttentionRole).toBool();
    // A dot says "something new", which a draft is not.
    const char* drafts = "drafts";
    if (index.data(FolderModel::CountRole).toLongLong() > 0 &&
        index.data(FolderModel::IconRole).toByteArray() != drafts) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(t.sidebar, 2));
        painter.setBrush(attention ? t.warning : t.unread);
        painter.drawEllipse(QRectF(square.right() - 4, square.y() - 3, 9, 9));
    }
}

void FolderDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const
{
    const Tokens& t = tokens();
    painter->save();
    if (kindOf(index) == Kind::AccountHeader) {
        paintHeader(*painter, option, index);
        painter->restore();
        return;
    }
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool selectable = index.data(FolderModel::SelectableRole).toBool();
    const QRect row = option.rect;
    const auto visual = [&](const QRect& r) {
        return QStyle::visualRect(option.direction, row, r);
    };
    const QRectF fill = QRectF(row).adjusted(inset, 1, -inset, -1);
    if (m_drop.isValid() && m_drop == index) {
        fillRounded(*painter, fill, metrics::radiusControl, t.selection);
        strokeRounded(*painter, fill, metrics::radiusControl, t.accent, metrics::focusRing);
    } else if (selected) {
        fillRounded(*painter, fill, metrics::radiusControl, t.selection);
    } else if (selectable && option.state.testFlag(QStyle::State_MouseOver)) {
        fillRounded(*painter, fill, metrics::radiusControl, t.hoverSidebar);
    }
    if (option.state.testFlag(QStyle::State_HasFocus) &&
        option.state.testFlag(QStyle::State_KeyboardFocusChange)) {
        drawFocusRing(*painter, fill);
    }
    if (m_rail) {
        paintRail(*painter, option, index);
        painter->restore();
        return;
    }
    const int shift = depthOf(index) * indent;
    const QRect square(row.x() + iconX + shift, row.y() + (row.height() - 20) / 2, 20, 20);
    paintIcon(*painter, visual(square), index.data(FolderModel::IconRole).toByteArray().constData(),
              selected ? t.accent : t.text2);
    if (index.model()->rowCount(index) > 0) {
        const bool open = option.state.testFlag(QStyle::State_Open);
        const bool mirrored = option.direction == Qt::RightToLeft;
        paintIcon(*painter, arrowRect(row, index, option.direction),
                  open       ? "chevron-down"
                  : mirrored ? "chevron-left"
                             : "chevron-right",
                  t.text2);
    }
    int right = row.right() + 1 - inset - metrics::space3;
    const qint64 count = index.data(FolderModel::CountRole).toLongLong();
    if (count > 0) {
        const QFont countFont = themeFont(TextRole::Small, true);
        const QString words = countWords(count);
        const int width = QFontMetrics(countFont).horizontalAdvance(words) + 1;
        painter->setFont(countFont);
        painter->setPen(selected ? t.text : t.text2);
        painter->drawText(visual(QRect(right - width, row.y(), width, row.height())),
                          Qt::AlignCenter, words);
        right -= width + metrics::space2;
    }
    if (index.data(FolderModel::AttentionRole).toBool()) {
        const QRect mark(right - 16, row.y() + (row.height() - 16) / 2, 16, 16);
        paintIcon(*painter, visual(mark), "warning", t.warning);
        right -= 16 + metrics::space1;
    }
    const QFont font = themeFont(TextRole::Body, selected);
    painter->setFont(font);
    painter->setPen(selectable ? t.text : t.text2);
    const QRect text(row.x() + rowTextX + shift, row.y(), right - row.x() - rowTextX - shift,
                     row.height());
    drawOwnDirection(
        *painter, visual(text),
        static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) |
                         Qt::AlignVCenter),
        QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, text.width()));
    painter->restore();
}

FolderPane::FolderPane(QWidget* parent)
    : QTreeView(parent)
    , m_delegate(new FolderDelegate(this))
{
    setItemDelegate(m_delegate);
    setHeaderHidden(true);
    setRootIsDecorated(false);
    setIndentation(0);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setUniformRowHeights(false);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setExpandsOnDoubleClick(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(metrics::space4);
    setProperty("avocetSidebar", true);
    setVerticalScrollMode(ScrollPerPixel);
    setAccessibleName(tr("Folders"));
    viewport()->setAutoFillBackground(false);
    setAcceptDrops(true);
    setDropIndicatorShown(false);
    m_unfold.setSingleShot(true);
    m_unfold.setInterval(600);
    connect(&m_unfold, &QTimer::timeout, this, [this] { expand(m_delegate->dropRow()); });
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex& index) {
        if (!m_restoring) {
            m_folded.insert(index.data(FolderModel::KeyRole).toString());
        }
    });
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex& index) {
        if (!m_restoring) {
            m_folded.remove(index.data(FolderModel::KeyRole).toString());
        }
    });
}

void FolderPane::setFolders(FolderModel* model)
{
    m_folders = model;
    setModel(model);
    connect(model, &QAbstractItemModel::modelReset, this, &FolderPane::restore);
    restore();
    header()->resizeSection(0, viewport()->width());
}

void FolderPane::setRail(bool rail)
{
    if (m_rail != rail) {
        m_rail = rail;
        m_delegate->setRail(rail);
        setVerticalScrollBarPolicy(rail ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
        scheduleDelayedItemsLayout();
    }
}

void FolderPane::setFoldedKeys(const QStringList& keys)
{
    m_folded = QSet<QString>(keys.begin(), keys.end());
    restore();
}

void FolderPane::selectKey(const QString& key)
{
    m_selectedKey = key;
    restore();
}

void FolderPane::restore()
{
    if (!m_folders) {
        return;
    }
    m_restoring = true;
    expandAll();
    const QSet<QString> folded = m_folded;
    for (const QString& key : folded) {
        const QModelIndex index = m_folders->indexOfKey(key);
        if (index.isValid()) {
            collapse(index);
        }
    }
    QModelIndex wanted = m_folders->indexOfKey(m_selectedKey);
    if (!wanted.isValid()) {
        wanted = m_folders->firstChoice();
    }
    m_restoring = false;
    if (wanted.isValid()) {
        setCurrentIndex(wanted);
    }
}

void FolderPane::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    if (m_restoring || !current.data(FolderModel::SelectableRole).toBool()) {
        return;
    }
    m_selectedKey = current.data(FolderModel::KeyRole).toString();
    Q_EMIT chosen(current);
}

void FolderPane::mousePressEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (index.isValid() && !m_rail && model()->rowCount(index) > 0 &&
        kindOf(index) == Kind::Folder) {
        const QRect arrow = FolderDelegate::arrowRect(visualRect(index), index, layoutDirection());
        // Larger than the arrow, which is small to hit.
        if (arrow.adjusted(-6, -10, 2, 10).contains(event->position().toPoint())) {
            setExpanded(index, !isExpanded(index));
            return;
        }
    }
    QTreeView::mousePressEvent(event);
}

void FolderPane::contextMenuEvent(QContextMenuEvent* event)
{
    const bool pointed = event->reason() == QContextMenuEvent::Mouse;
    const QModelIndex index = pointed ? indexAt(event->pos()) : currentIndex();
    if (index.isValid()) {
        Q_EMIT menuRequested(index, pointed ? event->globalPos()
                                            : viewport()->mapToGlobal(visualRect(index).center()));
    }
}

void FolderPane::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_F2) {
        Q_EMIT renameRequested(currentIndex());
    } else if (event->key() == Qt::Key_Delete) {
        Q_EMIT deleteRequested(currentIndex());
    } else {
        QTreeView::keyPressEvent(event);
    }
}

const Folder* FolderPane::dropTarget(const QDropEvent& event) const
{
    const auto* dragged = qobject_cast<const DraggedMessages*>(event.mimeData());
    const Folder* folder =
        dragged && m_folders ? m_folders->folderAt(indexAt(event.position().toPoint())) : nullptr;
    if (!folder || !folder->selectable || folder->id == dragged->from()) {
        return nullptr;
    }
    const QModelIndex from = m_folders->indexOfFolder(dragged->from());
    const Folder* home = m_folders->folderAt(from);
    return !home || home->account == folder->account ? folder : nullptr;
}

void FolderPane::setDropRow(const QModelIndex& index)
{
    if (m_delegate->dropRow() == index) {
        return;
    }
    m_delegate->setDropRow(index);
    index.isValid() && !isExpanded(index) ? m_unfold.start() : m_unfold.stop();
    viewport()->update();
}

void FolderPane::dragEnterEvent(QDragEnterEvent* event)
{
    if (qobject_cast<const DraggedMessages*>(event->mimeData())) {
        event->acceptProposedAction();
    }
}

void FolderPane::dragMoveEvent(QDragMoveEvent* event)
{
    const Folder* target = dropTarget(*event);
    setDropRow(target ? indexAt(event->position().toPoint()) : QModelIndex());
    if (target) {
        event->setDropAction(event->modifiers() & Qt::ControlModifier ? Qt::CopyAction
                                                                      : Qt::MoveAction);
        event->accept();
    } else {
        event->ignore();
    }
}

void FolderPane::dragLeaveEvent(QDragLeaveEvent*)
{
    setDropRow({});
}

void FolderPane::dropEvent(QDropEvent* event)
{
    setDropRow({});
    const auto* dragged = qobject_cast<const DraggedMessages*>(event->mimeData());
    if (const Folder* target = dropTarget(*event)) {
        const bool copy = event->modifiers() & Qt::ControlModifier;
        event->setDropAction(copy ? Qt::CopyAction : Qt::MoveAction);
        event->accept();
        Q_EMIT messagesDropped(dragged->messages(), dragged->from(), target->id, copy);
    }
}

void FolderPane::drawBranches(QPainter*, const QRect&, const QModelIndex&) const {}

void FolderPane::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    // A hidden header keeps its column wider than the rail.
    header()->resizeSection(0, viewport()->width());
}

void FolderPane::paintEvent(QPaintEvent* event)
{
    {
        QPainter painter(viewport());
        painter.fillRect(event->rect(), tokens().sidebar);
    }
    QTreeView::paintEvent(event);
}

} // namespace avocet
