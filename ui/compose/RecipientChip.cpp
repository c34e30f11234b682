// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/RecipientChip.h"

#include "ui/compose/DomainHint.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDrag>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QPointer>
#include <QStyle>

namespace avocet {

namespace {

constexpr int chipHeight = 24;
constexpr int widestText = 280;
constexpr int markSize = 14;
constexpr int removeSize = 16;

} // namespace

RecipientChip::RecipientChip(const TypedRecipient& recipient, QWidget* parent)
    : QAbstractButton(parent)
    , m_recipient(recipient)
{
    const QString address = shownAddress(recipient.address);
    if (recipient.valid)
        m_likely = likelyAddress(QString::fromStdString(recipient.address.address));
    setText(chipText(recipient.address));
    setFocusPolicy(Qt::ClickFocus);
    setMouseTracking(true);
    setCursor(Qt::ArrowCursor);
    if (!recipient.valid) {
        setToolTip(tr("This is not an email address"));
        setAccessibleName(tr("%1, not an email address").arg(text()));
    } else if (!m_likely.isEmpty()) {
        setToolTip(tr("%1. Did you mean %2?").arg(address, m_likely));
        setAccessibleName(toolTip());
    } else {
        setToolTip(address);
        setAccessibleName(text() == address ? address : tr("%1, %2").arg(text(), address));
    }
    setAccessibleDescription(tr("Delete removes it, Enter edits it"));
}

QSize RecipientChip::sizeHint() const
{
    const QFontMetrics metrics(font());
    const int mark = isMarked() ? markSize + metrics::space1 : 0;
    const int width = std::min(metrics.horizontalAdvance(text()), widestText) + 1;
    return {width + mark + 2 * metrics::space3 - 2, std::max(chipHeight, metrics.height() + 4)};
}

QRect RecipientChip::removeRect() const
{
    const QRect right(width() - removeSize - metrics::space1, (height() - removeSize) / 2,
                      removeSize, removeSize);
    return QStyle::visualRect(layoutDirection(), rect(), right);
}

void RecipientChip::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    const QRectF box(rect());
    const double radius = height() / 2.0;
    const bool strong = hasFocus() || isDown();
    const QColor fill = strong ? t.selection : t.selectionInactive;
    fillRounded(painter, box, radius, fill);
    if (!m_recipient.valid)
        strokeRounded(painter, box, radius, t.danger);
    if (hasFocus())
        drawFocusRing(painter, box, radius);

    QRect content = rect().adjusted(metrics::space3 - 1, 0, -metrics::space3 + 1, 0);
    if (isMarked()) {
        const QRect mark(content.left() - 2, (height() - markSize) / 2, markSize, markSize);
        paintIcon(painter, QStyle::visualRect(layoutDirection(), rect(), mark), "warning",
                  m_recipient.valid ? t.warning : t.danger);
        content.setLeft(content.left() + markSize + metrics::space1 - 2);
    }
    painter.setPen(t.text);
    const QRect place = QStyle::visualRect(layoutDirection(), rect(), content);
    painter.drawText(place, Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine,
                     fontMetrics().elidedText(text(), Qt::ElideRight, content.width()));
    if (underMouse()) {
        // Over the end of the text, so that nothing moves under the pointer.
        const QRect cross = removeRect();
        painter.setClipRect(cross.adjusted(-4, -4, 4, 4));
        fillRounded(painter, QRectF(cross).adjusted(-3, -3, 3, 3), radius,
                    m_overRemove ? mixed(fill, t.text, 0.12) : fill);
        paintIcon(painter, cross.adjusted(1, 1, -1, -1), "close", t.text);
    }
}

void RecipientChip::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return;
    }
    if (event->matches(QKeySequence::Cut)) {
        copy();
        Q_EMIT removeRequested();
        return;
    }
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        Q_EMIT removeRequested();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_F2:
        if (event->modifiers() & Qt::ControlModifier)
            break; // Ctrl+Return sends
        Q_EMIT editRequested();
        return;
    case Qt::Key_Left:
        Q_EMIT moveRequested(mirrored ? 1 : -1);
        return;
    case Qt::Key_Right:
        Q_EMIT moveRequested(mirrored ? -1 : 1);
        return;
    default:
        break;
    }
    const bool isText = !event->text().isEmpty() && event->text().front().isPrint() &&
                        !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
    if (isText)
        Q_EMIT typed(event->text());
    else
        event->ignore();
}

void RecipientChip::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->position().toPoint();
    event->accept();
}

void RecipientChip::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint at = event->position().toPoint();
    const bool over = removeRect().contains(at);
    if (over != m_overRemove) {
        m_overRemove = over;
        update();
    }
    const bool far = (at - m_pressed).manhattanLength() >= QApplication::startDragDistance();
    if ((event->buttons() & Qt::LeftButton) && far)
        startDrag();
}

void RecipientChip::mouseReleaseEvent(QMouseEvent* event)
{
    const QPoint at = event->position().toPoint();
    if (event->button() == Qt::LeftButton && removeRect().contains(at) &&
        removeRect().contains(m_pressed))
        Q_EMIT removeRequested();
}

void RecipientChip::mouseDoubleClickEvent(QMouseEvent*)
{
    Q_EMIT editRequested();
}

void RecipientChip::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (!m_likely.isEmpty())
        menu->addAction(tr("Change to %1").arg(m_likely), this, [this] {
            Q_EMIT corrected({m_recipient.address.name, m_likely.toStdString()});
        });
    menu->addAction(tr("Edit"), this, &RecipientChip::editRequested);
    menu->addAction(tr("Copy"), this, &RecipientChip::copy);
    menu->addSeparator();
    menu->addAction(tr("Remove"), this, &RecipientChip::removeRequested);
    menu->popup(event->globalPos());
}

void RecipientChip::enterEvent(QEnterEvent*)
{
    update();
}

void RecipientChip::leaveEvent(QEvent*)
{
    m_overRemove = false;
    update();
}

void RecipientChip::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    QAbstractButton::changeEvent(event);
}

void RecipientChip::copy() const
{
    QApplication::clipboard()->setText(m_recipient.valid ? editText(m_recipient.address) : text());
}

void RecipientChip::startDrag()
{
    // QDrag::exec runs a loop of its own; the platform offers no other way, and the chip may be
    // gone when it returns.
    const QPointer<RecipientChip> self(this);
    auto* drag = new QDrag(this);
    auto* mime = new QMimeData;
    mime->setText(m_recipient.valid ? editText(m_recipient.address) : text());
    drag->setMimeData(mime);
    drag->setPixmap(grab());
    drag->setHotSpot(m_pressed);
    m_dragged = true;
    const Qt::DropAction action = drag->exec(Qt::CopyAction | Qt::MoveAction, Qt::MoveAction);
    if (self)
        m_dragged = false;
    if (self && action == Qt::MoveAction)
        Q_EMIT draggedAway();
}

} // namespace avocet
