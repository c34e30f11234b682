// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/AttachmentStrip.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QFocusEvent>
#include <QKeyEvent>
#include <QMimeDatabase>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace avocet {

namespace {

constexpr int cardWidth = 240;
constexpr int cardHeight = 56;
constexpr int iconSide = 32;
constexpr int mostRows = 2;
constexpr int lowWindow = 560; ///< below this height the text needs the room more
constexpr int sideMargin = 20;

} // namespace

QString attachmentKind(const QString& name, const QString& type, qint64 size)
{
    const QString bytes = sizeWords(size);
    QString ending = name.mid(name.lastIndexOf(u'.') + 1).toUpper();
    if (!name.contains(u'.') || ending.isEmpty() || ending.size() > 5)
        ending = QMimeDatabase().mimeTypeForName(type).preferredSuffix().toUpper();
    return ending.isEmpty() ? bytes : AttachmentStrip::tr("%1, %2").arg(ending, bytes);
}

AttachmentCard::AttachmentCard(const QString& name, const QString& type, qint64 size,
                               QWidget* parent)
    : QWidget(parent)
    , m_name(name)
    , m_kind(attachmentKind(name, type, size))
    , m_icon(fileIconName(type, name))
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Attachment %1, %2").arg(name, m_kind));
    setAccessibleDescription(tr("Delete removes it"));
    setToolTip(name);
    setAttribute(Qt::WA_Hover);
    auto* remove = new IconButton("close", tr("Remove %1").arg(name), this);
    remove->setIconSize(QSize(metrics::iconSmall, metrics::iconSmall));
    remove->setFixedSize(28, 28);
    remove->setFocusPolicy(Qt::NoFocus); // Delete on the card does the same
    connect(remove, &QToolButton::clicked, this, &AttachmentCard::removeRequested);
    m_remove = remove;
}

QSize AttachmentCard::sizeHint() const
{
    const int text = lineHeight(TextRole::Body) + lineHeight(TextRole::Small) + metrics::space4;
    return {cardWidth, std::max(cardHeight, text)};
}

void AttachmentCard::resizeEvent(QResizeEvent*)
{
    const QRect place(width() - 28 - metrics::space2, (height() - 28) / 2, 28, 28);
    m_remove->setGeometry(QStyle::visualRect(layoutDirection(), rect(), place));
}

void AttachmentCard::enterEvent(QEnterEvent*)
{
    update();
}

void AttachmentCard::leaveEvent(QEvent*)
{
    update();
}

void AttachmentCard::focusInEvent(QFocusEvent* event)
{
    m_ringed = event->reason() != Qt::MouseFocusReason;
    update();
}

void AttachmentCard::keyPressEvent(QKeyEvent* event)
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        Q_EMIT removeRequested();
        break;
    case Qt::Key_Left:
        Q_EMIT moveRequested(mirrored ? 1 : -1);
        break;
    case Qt::Key_Right:
        Q_EMIT moveRequested(mirrored ? -1 : 1);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void AttachmentCard::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    const QRectF box(rect());
    fillRounded(painter, box, metrics::radiusCard, underMouse() ? t.hover : t.surface);
    strokeRounded(painter, box, metrics::radiusCard, t.border);
    if (hasFocus() && m_ringed)
        drawFocusRing(painter, box, metrics::radiusCard);

    const auto visual = [this](const QRect& place) {
        return QStyle::visualRect(layoutDirection(), rect(), place);
    };
    paintIcon(painter,
              visual(QRect(metrics::space3, (height() - iconSide) / 2, iconSide, iconSide)), m_icon,
              t.text2);
    const int left = metrics::space3 + iconSide + metrics::space2;
    const int textWidth = width() - left - 28 - metrics::space2 - metrics::space1;
    const int nameHeight = lineHeight(TextRole::Body);
    const int kindHeight = lineHeight(TextRole::Small);
    const int top = (height() - nameHeight - kindHeight) / 2;
    const int alignment = static_cast<int>(
        QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) | Qt::AlignVCenter);
    painter.setFont(themeFont(TextRole::Body));
    painter.setPen(t.text);
    painter.drawText(visual(QRect(left, top, textWidth, nameHeight)), alignment,
                     painter.fontMetrics().elidedText(m_name, Qt::ElideMiddle, textWidth));
    painter.setFont(themeFont(TextRole::Small));
    painter.setPen(t.text2);
    painter.drawText(visual(QRect(left, top + nameHeight, textWidth, kindHeight)), alignment,
                     m_kind);
}

AttachmentStrip::AttachmentStrip(QWidget* parent)
    : QScrollArea(parent)
    , m_content(new QWidget)
{
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("Attachments"));
    setWidget(m_content);
    m_content->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    hide();
}

void AttachmentStrip::setAttachments(std::vector<DraftAttachment> attachments)
{
    qDeleteAll(m_cards);
    m_cards.clear();
    m_attachments = std::move(attachments);
    for (const DraftAttachment& attachment : m_attachments)
        addCard(attachment);
    arrange();
}

void AttachmentStrip::add(DraftAttachment attachment)
{
    m_attachments.push_back(std::move(attachment));
    addCard(m_attachments.back());
    arrange();
    ensureWidgetVisible(m_cards.last(), 0, metrics::space2);
    Q_EMIT changed();
}

void AttachmentStrip::remove(qsizetype at)
{
    if (at < 0 || at >= m_cards.size())
        return;
    AttachmentCard* card = m_cards.takeAt(at);
    const bool hadFocus = card->hasFocus();
    m_attachments.erase(m_attachments.begin() + at);
    card->hide();
    card->deleteLater();
    if (hadFocus && !m_cards.isEmpty())
        m_cards[std::min(at, m_cards.size() - 1)]->setFocus(Qt::OtherFocusReason);
    arrange();
    Q_EMIT changed();
}

void AttachmentStrip::addCard(const DraftAttachment& attachment)
{
    auto* card = new AttachmentCard(QString::fromStdString(attachment.name),
                                    QString::fromStdString(attachment.type),
                                    static_cast<qint64>(attachment.data.size()), m_content);
    m_cards.append(card);
    connect(card, &AttachmentCard::removeRequested, this,
            [this, card] { remove(m_cards.indexOf(card)); });
    connect(card, &AttachmentCard::moveRequested, this, [this, card](int step) {
        const qsizetype to = m_cards.indexOf(card) + step;
        if (to >= 0 && to < m_cards.size())
            m_cards[to]->setFocus(Qt::OtherFocusReason);
    });
    card->show();
}

void AttachmentStrip::arrange()
{
    setVisible(!m_cards.isEmpty());
    if (m_cards.isEmpty())
        return;
    const int width = viewport()->width();
    const QSize card = m_cards.first()->sizeHint();
    const int room = std::max(1, width - 2 * sideMargin + metrics::space2);
    const int columns = std::max(1, room / (card.width() + metrics::space2));
    const int rows = (static_cast<int>(m_cards.size()) + columns - 1) / columns;
    for (int i = 0; i < m_cards.size(); ++i) {
        const QRect place(sideMargin + (i % columns) * (card.width() + metrics::space2),
                          metrics::space3 + (i / columns) * (card.height() + metrics::space2),
                          card.width(), card.height());
        m_cards[i]->setGeometry(
            QStyle::visualRect(layoutDirection(), QRect(0, 0, width, 1), place));
    }
    const auto heightOf = [&](int shown) {
        return 2 * metrics::space3 + shown * card.height() + (shown - 1) * metrics::space2;
    };
    m_content->resize(width, heightOf(rows));
    setFixedHeight(heightOf(std::min(rows, window()->height() < lowWindow ? 1 : mostRows)));
}

void AttachmentStrip::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    arrange();
}

void AttachmentStrip::paintEvent(QPaintEvent* event)
{
    QScrollArea::paintEvent(event);
    QPainter painter(viewport());
    painter.fillRect(0, 0, viewport()->width(), 1, tokens().border);
}

} // namespace avocet
