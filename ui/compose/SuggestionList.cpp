// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/SuggestionList.h"

#include "ui/compose/RecipientParser.h"
#include "ui/compose/SuggestionText.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyle>
#include <QStyledItemDelegate>
#include <QTextLayout>

#include <algorithm>

namespace avocet {

namespace {

enum Role { NameRole = Qt::UserRole, AddressRole, TypedRole };

constexpr int crossSize = 16;
constexpr int crossPlace = 32;
constexpr int listPadding = 4;

int suggestionHeight()
{
    return lineHeight(TextRole::Body) + lineHeight(TextRole::Small) + metrics::space2;
}

QRect crossOf(const QRect& row, Qt::LayoutDirection direction)
{
    return QStyle::visualRect(
        direction, row, QRect(row.right() + 1 - crossPlace, row.top(), crossPlace, row.height()));
}

/// One line in the direction of its own script, the matched parts in 600.
void drawLine(QPainter& painter, const QRect& place, const QString& text, const QString& typed,
              TextRole role, const QColor& ink, Qt::TextElideMode elide,
              Qt::LayoutDirection direction)
{
    const QFont font = themeFont(role);
    // The emphasised parts are wider than what the elision is measured with.
    const QString shown =
        QFontMetrics(themeFont(role, true)).elidedText(text, elide, place.width());
    QTextLayout layout(shown, font);
    QTextOption option(text.isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft);
    option.setTextDirection(text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    option.setAlignment(direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft);
    option.setWrapMode(QTextOption::NoWrap);
    layout.setTextOption(option);
    QList<QTextLayout::FormatRange> formats;
    for (const TextPart& part : matchedParts(shown, typed)) {
        QTextLayout::FormatRange range;
        range.start = static_cast<int>(part.begin);
        range.length = static_cast<int>(part.length);
        range.format.setFontWeight(QFont::DemiBold);
        formats.append(range);
    }
    layout.setFormats(formats);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    if (line.isValid())
        line.setLineWidth(place.width());
    layout.endLayout();
    painter.setPen(ink);
    const double height = line.isValid() ? line.height() : 0;
    layout.draw(&painter, QPointF(place.left(), place.top() + (place.height() - height) / 2));
}

class SuggestionRow : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {0, suggestionHeight()};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Tokens& t = tokens();
        const bool current = option.state.testFlag(QStyle::State_Selected);
        const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
        const QRect row = option.rect.adjusted(listPadding, 0, -listPadding, 0);
        if (current) {
            fillRounded(*painter, row, metrics::radiusControl, t.selection);
            const QRect bar = QStyle::visualRect(
                option.direction, row, QRect(row.left(), row.top() + 8, 3, row.height() - 16));
            fillRounded(*painter, bar, 1.5, t.accent);
        } else if (hovered) {
            fillRounded(*painter, row, metrics::radiusControl, t.hover);
        }
        const QString name = index.data(NameRole).toString();
        const QString address = index.data(AddressRole).toString();
        const QString typed = index.data(TypedRole).toString();
        const QRect texts = QStyle::visualRect(option.direction, row,
                                               row.adjusted(metrics::space3, 0, -crossPlace, 0));
        const int small = lineHeight(TextRole::Small), body = lineHeight(TextRole::Body);
        if (name.isEmpty()) {
            drawLine(*painter, texts, address, typed, TextRole::Body, t.text, Qt::ElideMiddle,
                     option.direction);
        } else {
            const int top = texts.top() + (texts.height() - small - body) / 2;
            drawLine(*painter, QRect(texts.left(), top, texts.width(), body), name, typed,
                     TextRole::Body, t.text, Qt::ElideRight, option.direction);
            drawLine(*painter, QRect(texts.left(), top + body, texts.width(), small), address,
                     typed, TextRole::Small, t.text2, Qt::ElideMiddle, option.direction);
        }
        if (current || hovered) {
            const QRect place = crossOf(row, option.direction);
            QRect cross(0, 0, crossSize, crossSize);
            cross.moveCenter(place.center());
            paintIcon(*painter, cross, "close", t.text2);
        }
    }
};

} // namespace

SuggestionList::SuggestionList(QWidget* window)
    : QListView(window)
    , m_model(new QStandardItemModel(this))
{
    setObjectName(QStringLiteral("suggestions"));
    setAccessibleName(tr("Suggestions"));
    setFocusPolicy(Qt::NoFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMouseTracking(true);
    setUniformItemSizes(true);
    setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    viewport()->setCursor(Qt::ArrowCursor);
    setItemDelegate(new SuggestionRow(this));
    setModel(m_model);
    hide();
}

void SuggestionList::setSuggestions(const std::vector<Suggestion>& suggestions,
                                    const QString& typed, int row)
{
    m_model->clear();
    for (const Suggestion& one : suggestions) {
        const QString name = QString::fromStdString(one.name);
        const QString address = shownAddress(Address{one.name, one.address});
        auto* item = new QStandardItem;
        item->setData(name, NameRole);
        item->setData(address, AddressRole);
        item->setData(typed, TypedRole);
        item->setData(name.isEmpty() ? address : tr("%1, %2").arg(name, address),
                      Qt::AccessibleTextRole);
        item->setToolTip(address);
        m_model->appendRow(item);
    }
    setRow(row);
}

int SuggestionList::count() const
{
    return m_model->rowCount();
}

int SuggestionList::row() const
{
    return currentIndex().isValid() ? currentIndex().row() : -1;
}

void SuggestionList::setRow(int row)
{
    setCurrentIndex(row < 0 ? QModelIndex() : m_model->index(row, 0));
    if (row < 0)
        clearSelection();
}

int SuggestionList::wantedHeight() const
{
    return count() * suggestionHeight() + 2; // with the outline
}

QString SuggestionList::words(int row) const
{
    return m_model->index(row, 0).data(Qt::AccessibleTextRole).toString();
}

void SuggestionList::paintEvent(QPaintEvent* event)
{
    {
        QPainter painter(viewport());
        painter.fillRect(event->rect(), tokens().raised);
    }
    QListView::paintEvent(event);
    QPainter painter(viewport());
    painter.setPen(tokens().control);
    painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
}

void SuggestionList::mouseMoveEvent(QMouseEvent* event)
{
    QListView::mouseMoveEvent(event);
    viewport()->update();
}

void SuggestionList::mousePressEvent(QMouseEvent* event)
{
    event->accept(); // the choice is made where the button is let go
}

void SuggestionList::mouseReleaseEvent(QMouseEvent* event)
{
    const QPoint at = event->position().toPoint();
    const QModelIndex index = indexAt(at);
    if (!index.isValid() || event->button() != Qt::LeftButton)
        return;
    const QRect row = visualRect(index).adjusted(listPadding, 0, -listPadding, 0);
    if (crossOf(row, layoutDirection()).contains(at))
        Q_EMIT removeRequested(index.row());
    else
        Q_EMIT chosen(index.row());
}

void SuggestionList::leaveEvent(QEvent* event)
{
    QListView::leaveEvent(event);
    viewport()->update();
}

} // namespace avocet
