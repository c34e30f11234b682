// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/MessageDelegate.h"

#include "ui/list/MessageListModel.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QLinearGradient>
#include <QPainter>

#include <algorithm>

namespace avocet {

namespace {

constexpr int textX = 28;
constexpr int dotX = 15;
constexpr int dotSize = 8;
constexpr int markSize = 14;
constexpr int buttonSize = 28;
/// The scroll bar's 12 px, always there, stand behind it.
constexpr int rightPadding = metrics::space1;
constexpr int lineGap = 2;

using HoverAction = MessageDelegate::HoverAction;

constexpr std::array hoverActions{HoverAction::Archive, HoverAction::Delete,
                                  HoverAction::ToggleRead, HoverAction::ToggleStar};

/// Long strings are cut before they are laid out.
QString elided(const QFont& font, const QString& text, int width)
{
    return QFontMetrics(font).elidedText(text, Qt::ElideRight, width);
}

struct Lines {
    QRect first, second, third;
};

Lines linesOf(const QRect& card)
{
    const int body = lineHeight(TextRole::Body, true);
    const int small = lineHeight(TextRole::Small);
    const int content = 2 * body + small + 2 * lineGap;
    const int top = card.y() + (card.height() - content) / 2;
    const int width = card.width() - textX - rightPadding;
    const QRect first(card.x() + textX, top, width, body);
    return {first, first.translated(0, body + lineGap),
            QRect(first.x(), top + 2 * (body + lineGap), width, small)};
}

} // namespace

MessageDelegate::MessageDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

int MessageDelegate::cardHeight()
{
    return std::max(76, 2 * lineHeight(TextRole::Body, true) + lineHeight(TextRole::Small) + 28);
}

QSize MessageDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {option.rect.width(), cardHeight()};
}

void MessageDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const auto* model = qobject_cast<const MessageListModel*>(index.model());
    const MessageSummary* message = model ? model->summary(index.row()) : nullptr;
    const Tokens& t = tokens();
    const QRect card = option.rect;
    const auto visual = [&option, &card](const QRect& r) {
        return QStyle::visualRect(option.direction, card, r);
    };
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    const bool active = option.state.testFlag(QStyle::State_Active);
    const QColor ground = selected  ? (active ? t.selection : t.selectionInactive)
                          : hovered ? t.hover
                                    : t.surface;
    painter->fillRect(card, ground);
    if (selected) {
        painter->fillRect(visual(QRect(card.x(), card.y(), 3, card.height())), t.accent);
    }
    const QRect line(card.x() + textX, card.bottom(), card.width() - textX, 1);
    painter->fillRect(visual(line), t.border);
    if (!message) {
        return;
    }

    const bool unread = !(message->flags & Seen);
    const Lines lines = linesOf(card);
    const auto left = static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) |
                                       Qt::AlignVCenter) |
                      Qt::TextSingleLine;
    if (unread) {
        const QRect dot(card.x() + dotX - dotSize / 2,
                        lines.first.y() + (lines.first.height() - dotSize) / 2, dotSize, dotSize);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(t.unread);
        painter->drawEllipse(visual(dot));
    }

    // Line 1: the date is never cut, marks stand before it, the sender takes what is left.
    const QFont dateFont = themeFont(TextRole::Small, unread);
    const QString date = listDate(message->date);
    const int dateWidth = QFontMetrics(dateFont).horizontalAdvance(date) + 1;
    int right = lines.first.right() + 1 - dateWidth;
    painter->setFont(dateFont);
    painter->setPen(unread ? t.text : t.text2);
    painter->drawText(visual(QRect(right, lines.first.y(), dateWidth, lines.first.height())), left,
                      date);
    std::vector<const char*> marks;
    if (message->hasAttachment) {
        marks.push_back("attach");
    }
    if (message->flags & Forwarded) {
        marks.push_back("forward");
    }
    if (message->flags & Answered) {
        marks.push_back("reply");
    }
    right -= marks.empty() ? 0 : metrics::space1;
    for (const char* mark : marks) {
        right -= markSize + metrics::space1;
        const QRect r(right + metrics::space1 / 2, lines.first.center().y() - markSize / 2 + 1,
                      markSize, markSize);
        paintIcon(*painter, visual(r), mark, t.text2);
    }
    const QFont nameFont = themeFont(TextRole::Body, unread);
    painter->setFont(nameFont);
    painter->setPen(t.text);
    const int nameWidth = right - metrics::space2 - lines.first.x();
    drawOwnDirection(
        *painter, visual(QRect(lines.first.x(), lines.first.y(), nameWidth, lines.first.height())),
        left, elided(nameFont, correspondents(*message, m_outgoing), nameWidth));

    // Line 2: subject, star.
    int subjectWidth = lines.second.width();
    if ((message->flags & Flagged) && !hovered) {
        const QRect star(lines.second.right() + 1 - metrics::iconSmall,
                         lines.second.center().y() - metrics::iconSmall / 2 + 1, metrics::iconSmall,
                         metrics::iconSmall);
        paintIcon(*painter, visual(star), "star-filled", t.star);
        subjectWidth -= metrics::iconSmall + metrics::space2;
    }
    drawOwnDirection(
        *painter,
        visual(QRect(lines.second.x(), lines.second.y(), subjectWidth, lines.second.height())),
        left, elided(nameFont, subjectWords(*message), subjectWidth));

    // Line 3.
    const QFont small = themeFont(TextRole::Small);
    painter->setFont(small);
    painter->setPen(t.text2);
    const QString preview =
        QString::fromStdString(message->preview.substr(0, 1'000)).left(300).simplified();
    QRect third = lines.third;
    if (m_places) {
        third.setWidth(paintPlace(*painter, option, third, message->folder));
        painter->setFont(small);
        painter->setPen(t.text2);
    }
    drawOwnDirection(*painter, visual(third), left, elided(small, preview, third.width()));

    if (hovered) {
        paintHoverButtons(*painter, option, *message, ground);
    }
    if (option.state.testFlag(QStyle::State_HasFocus) &&
        option.state.testFlag(QStyle::State_KeyboardFocusChange)) {
        drawFocusRing(*painter, QRectF(card).adjusted(0, 0, 0, -1), 0);
    }
}

int MessageDelegate::paintPlace(QPainter& painter, const QStyleOptionViewItem& option,
                                const QRect& line, FolderId folder) const
{
    const Tokens& t = tokens();
    const Place place = m_places(folder);
    if (place.name.isEmpty()) {
        return line.width();
    }
    const QFont font = themeFont(TextRole::Small);
    const int dot = place.account < 0 ? 0 : dotSize + metrics::space1;
    const QString name = elided(font, place.name, line.width() / 2);
    const int words = QFontMetrics(font).horizontalAdvance(name) + 1;
    const int width = words + dot + 2 * metrics::space2;
    const auto visual = [&](const QRect& r) {
        return QStyle::visualRect(option.direction, option.rect, r);
    };
    const QRect chip(line.right() + 1 - width, line.y() - 1, width, line.height() + 2);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    fillRounded(painter, visual(chip), chip.height() / 2.0,
                selected ? t.surface : t.selectionInactive);
    if (dot > 0) {
        const QRect mark(chip.x() + metrics::space2, chip.center().y() - dotSize / 2 + 1, dotSize,
                         dotSize);
        fillRounded(painter, visual(mark), dotSize / 2.0, accountColor(place.account));
    }
    painter.setFont(font);
    painter.setPen(t.text);
    painter.drawText(visual(chip.adjusted(metrics::space2 + dot, 0, -metrics::space2 + 1, 0)),
                     Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine, name);
    return line.width() - width - metrics::space2;
}

QRect MessageDelegate::hoverRect(const QRect& card, HoverAction action,
                                 Qt::LayoutDirection direction)
{
    const int fromRight = 1 + static_cast<int>(HoverAction::ToggleStar) - static_cast<int>(action);
    const int x = card.right() + 1 - metrics::space1 - fromRight * buttonSize -
                  (fromRight - 1) * metrics::space1;
    const QRect r(x, card.y() + metrics::space1 + 2, buttonSize, buttonSize);
    return QStyle::visualRect(direction, card, r);
}

MessageDelegate::HoverAction MessageDelegate::hoverActionAt(const QRect& card, const QPoint& pos,
                                                            Qt::LayoutDirection direction)
{
    for (const HoverAction action : hoverActions) {
        if (hoverRect(card, action, direction).contains(pos)) {
            return action;
        }
    }
    return HoverAction::None;
}

QString MessageDelegate::hoverLabel(HoverAction action, const MessageSummary& message)
{
    switch (action) {
    case HoverAction::Archive:
        return tr("Archive (E)");
    case HoverAction::Delete:
        return tr("Delete (#)");
    case HoverAction::ToggleRead:
        return message.flags & Seen ? tr("Mark unread") : tr("Mark read");
    case HoverAction::ToggleStar:
        return message.flags & Flagged ? tr("Remove star") : tr("Add star");
    case HoverAction::None:
        break;
    }
    return {};
}

void MessageDelegate::paintHoverButtons(QPainter& painter, const QStyleOptionViewItem& option,
                                        const MessageSummary& message, const QColor& ground) const
{
    const Tokens& t = tokens();
    constexpr int fade = 24;
    const QRect card = option.rect;
    const QRect first = hoverRect(card, hoverActions.front(), Qt::LeftToRight);
    const QRect solid(first.x() - metrics::space1, first.y(), card.right() - first.x() + 5,
                      buttonSize);
    const QRect soft(solid.x() - fade, solid.y(), fade, solid.height());
    const auto visual = [&option, &card](const QRect& r) {
        return QStyle::visualRect(option.direction, card, r);
    };
    const QRect softVisual = visual(soft);
    QLinearGradient gradient(softVisual.topLeft(), softVisual.topRight());
    QColor clear = ground;
    clear.setAlpha(0);
    const bool mirrored = option.direction == Qt::RightToLeft;
    gradient.setColorAt(0, mirrored ? ground : clear);
    gradient.setColorAt(1, mirrored ? clear : ground);
    painter.fillRect(softVisual, gradient);
    painter.fillRect(visual(solid), ground);
    for (const HoverAction action : hoverActions) {
        const QRect r = hoverRect(card, action, option.direction);
        if (action == m_hot) {
            QColor fill = t.text;
            fill.setAlphaF(0.1F);
            fillRounded(painter, r, metrics::radiusControl, fill);
        }
        const bool on = action == HoverAction::ToggleStar && (message.flags & Flagged);
        const char* name = action == HoverAction::Archive      ? "archive"
                           : action == HoverAction::Delete     ? "trash"
                           : action == HoverAction::ToggleStar ? (on ? "star-filled" : "star")
                           : message.flags & Seen              ? "mail-unread"
                                                               : "mail-read";
        paintIcon(painter, r.adjusted(5, 5, -5, -5), name, on ? t.star : t.text2);
    }
}

} // namespace avocet
