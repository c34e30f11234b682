// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a message card: sender and date, subject, one line of preview.
#pragma once

#include "core/model/Message.h"

#include <QRect>
#include <QStyledItemDelegate>

#include <array>

namespace avocet {

/// Measures and paints; the view asks it where the hover buttons are. Cards have one height, so
/// that a million rows need no layout.
class MessageDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    /// The buttons that a hovered card shows, from left to right.
    enum class HoverAction { None, ToggleRead, ToggleStar };

    explicit MessageDelegate(QObject* parent = nullptr);

    static int cardHeight();
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

    /// The rectangle of a hover button in a card.
    static QRect hoverRect(const QRect& card, HoverAction action, Qt::LayoutDirection direction);
    static HoverAction hoverActionAt(const QRect& card, const QPoint& pos,
                                     Qt::LayoutDirection direction);
    static QString hoverLabel(HoverAction action, const MessageSummary& message);

    /// Which button is under the pointer, for its own fill.
    void setHot(HoverAction action) { m_hot = action; }
    /// Shows recipients in place of the sender: Sent and Drafts.
    void setOutgoing(bool outgoing) { m_outgoing = outgoing; }

private:
    void paintHoverButtons(QPainter& painter, const QStyleOptionViewItem& option,
                           const MessageSummary& message, const QColor& ground) const;

    HoverAction m_hot = HoverAction::None;
    bool m_outgoing = false;
};

} // namespace avocet
