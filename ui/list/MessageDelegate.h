// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a message card: sender and date, subject, one line of preview.
#pragma once

#include "core/model/Message.h"

#include <QRect>
#include <QStyledItemDelegate>

#include <array>
#include <functional>

namespace avocet {

/// Measures and paints; the view asks it where the hover buttons are. Cards have one height, so
/// that a million rows need no layout.
class MessageDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    /// The buttons that a hovered card shows, from left to right.
    enum class HoverAction { None, Archive, Delete, ToggleRead, ToggleStar };
    /// Where a message lies: the folder's name, and its account's number where there are several.
    struct Place {
        QString name;
        int account = -1;
    };

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
    /// Each card names its folder: the list holds those of several. None: it does not.
    void setPlaces(std::function<Place(FolderId)> places) { m_places = std::move(places); }

private:
    void paintHoverButtons(QPainter& painter, const QStyleOptionViewItem& option,
                           const MessageSummary& message, const QColor& ground) const;

    /// Returns the width that is left for the text before it.
    int paintPlace(QPainter& painter, const QStyleOptionViewItem& option, const QRect& line,
                   FolderId folder) const;

    HoverAction m_hot = HoverAction::None;
    std::function<Place(FolderId)> m_places;
    bool m_outgoing = false;
};

} // namespace avocet
