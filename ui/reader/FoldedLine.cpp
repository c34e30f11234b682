// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/FoldedLine.h"

#include "ui/theme/Icons.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace avocet {

namespace {

constexpr int foldedHeight = 48;
constexpr int circle = 28;
constexpr int textX = metrics::space6 + 36 + metrics::space3; ///< where the header's name begins
constexpr int nameRoom = 144;
constexpr int mark = 14;

} // namespace

FoldedLine::FoldedLine(QWidget* parent)
    : QWidget(parent)
{
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void FoldedLine::setSummary(const MessageSummary& summary, bool own)
{
    m_summary = summary;
    const Address sender = summary.from.empty() ? Address{} : summary.from.front();
    const QString address = QString::fromStdString(sender.address);
    const QString name = QString::fromStdString(sender.name);
    m_name = own                 ? tr("Me")
             : !name.isEmpty()   ? name
             : address.isEmpty() ? tr("Unknown sender")
                                 : address;
    m_initials = initialsOf(name, address);
    update();
}

QString FoldedLine::spoken() const
{
    QStringList parts{m_name};
    if (!(m_summary.flags & Seen)) {
        parts << tr("unread");
    }
    if (m_summary.flags & Flagged) {
        parts << tr("starred");
    }
    if (m_summary.hasAttachment) {
        parts << tr("with attachment");
    }
    parts << messageDate(m_summary.date);
    if (!m_summary.preview.empty()) {
        parts << QString::fromStdString(m_summary.preview).simplified().left(200);
    }
    return parts.join(QStringLiteral(", "));
}

QSize FoldedLine::sizeHint() const
{
    return {320, std::max(foldedHeight, lineHeight(TextRole::Body) + 2 * metrics::space3)};
}

void FoldedLine::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    const auto visual = [this](const QRect& r) {
        return QStyle::visualRect(layoutDirection(), rect(), r);
    };
    const auto align = static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) |
                                        Qt::AlignVCenter);
    if (underMouse()) {
        fillRounded(painter, rect().adjusted(metrics::space2, 2, -metrics::space2, -3),
                    metrics::radiusControl, t.hover);
    }
    const QString address =
        m_summary.from.empty() ? QString() : QString::fromStdString(m_summary.from.front().address);
    paintInitials(
        painter,
        visual(QRect(metrics::space6 + (36 - circle) / 2, (height() - circle) / 2, circle, circle)),
        m_initials, colorForKey(address));
    const bool unread = !(m_summary.flags & Seen);
    const QFont small = themeFont(TextRole::Small, unread);
    const QString date = listDate(m_summary.date);
    const int dateWidth = QFontMetrics(small).horizontalAdvance(date) + 2;
    int end = width() - metrics::space6 - dateWidth;
    painter.setFont(small);
    painter.setPen(unread ? t.text : t.text2);
    painter.drawText(visual(QRect(end, 0, dateWidth, height())),
                     static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignRight) |
                                      Qt::AlignVCenter),
                     date);
    end -= metrics::space2;
    const auto icon = [&](const char* name, const QColor& color) {
        end -= mark;
        paintIcon(painter, visual(QRect(end, (height() - mark) / 2, mark, mark)), name, color);
        end -= metrics::space1;
    };
    if (m_summary.flags & Flagged) {
        icon("star-filled", t.star);
    }
    if (m_summary.hasAttachment) {
        icon("attach", t.text2);
    }
    const QFont nameFont = themeFont(TextRole::Body, unread);
    const QFontMetrics fm(nameFont);
    const int room = std::min(nameRoom, (end - textX) * 2 / 5);
    painter.setFont(nameFont);
    painter.setPen(t.text);
    drawOwnDirection(painter, visual(QRect(textX, 0, room, height())), align,
                     fm.elidedText(m_name, Qt::ElideRight, room));
    const int x = textX + room + metrics::space3;
    const QFont body = themeFont(TextRole::Body);
    const QString preview = QString::fromStdString(m_summary.preview).simplified();
    painter.setFont(body);
    painter.setPen(t.text2);
    drawOwnDirection(painter, visual(QRect(x, 0, end - x, height())), align,
                     QFontMetrics(body).elidedText(preview, Qt::ElideRight, end - x));
}

void FoldedLine::enterEvent(QEnterEvent*)
{
    update();
}

void FoldedLine::leaveEvent(QEvent*)
{
    update();
}

RunLine::RunLine(std::vector<MessageId> messages, QWidget* parent)
    : QAbstractButton(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setMessages(std::move(messages));
}

void RunLine::setMessages(std::vector<MessageId> messages)
{
    m_messages = std::move(messages);
    setText(m_messages.size() == 1
                ? tr("1 older message")
                : tr("%1 older messages")
                      .arg(countWords(static_cast<std::int64_t>(m_messages.size()))));
    setAccessibleName(tr("Show %1").arg(text()));
    update();
}

QSize RunLine::sizeHint() const
{
    return {320, std::max(40, lineHeight(TextRole::Body) + 2 * metrics::space2)};
}

void RunLine::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    const auto visual = [this](const QRect& r) {
        return QStyle::visualRect(layoutDirection(), rect(), r);
    };
    const QRect inner = rect().adjusted(metrics::space2, 2, -metrics::space2, -3);
    if (underMouse()) {
        fillRounded(painter, inner, metrics::radiusControl, t.hover);
    }
    paintIcon(painter,
              visual(QRect(metrics::space6 + 10, (height() - metrics::iconSmall) / 2,
                           metrics::iconSmall, metrics::iconSmall)),
              "chevron-down", t.text2);
    painter.setFont(themeFont(TextRole::Body));
    painter.setPen(t.accent);
    painter.drawText(visual(QRect(textX, 0, width() - textX - metrics::space6, height())),
                     static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) |
                                      Qt::AlignVCenter),
                     text());
    painter.fillRect(visual(QRect(metrics::space6, height() - 1, width() - 2 * metrics::space6, 1)),
                     t.border);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        drawFocusRing(painter, inner);
    }
}

void RunLine::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        click();
    } else {
        event->ignore(); // Space pages, as everywhere in the reader
    }
}

} // namespace avocet
