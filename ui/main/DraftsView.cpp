// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main/DraftsView.h"

#include "ui/list/MessageDelegate.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/Labels.h"
#include "ui/words/DateWords.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace avocet {

namespace {

QString peopleOf(const Draft& draft)
{
    QStringList names;
    for (const auto* list : {&draft.to, &draft.cc, &draft.bcc}) {
        for (const Address& person : *list) {
            if (names.size() < 4) {
                names << QString::fromStdString(person.name.empty() ? person.address : person.name);
            }
        }
    }
    return names.isEmpty() ? DraftsModel::tr("No recipient yet") : names.join(QStringLiteral(", "));
}

} // namespace

void DraftsModel::setDrafts(std::vector<Draft> drafts)
{
    beginResetModel();
    m_drafts = std::move(drafts);
    endResetModel();
}

int DraftsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_drafts.size());
}

QVariant DraftsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const Draft& each = draft(index.row());
    const QString subject = QString::fromStdString(each.subject.substr(0, 1'000)).simplified();
    switch (role) {
    case Qt::DisplayRole:
        return subject.isEmpty() ? tr("No subject") : subject;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1. %2").arg(peopleOf(each), subject);
    case IdRole:
        return QVariant::fromValue<qlonglong>(each.id.value);
    case RecipientsRole:
        return peopleOf(each);
    case PreviewRole:
        return QString::fromStdString(each.text.substr(0, 1'000)).left(300).simplified();
    case DateRole:
        return QVariant::fromValue<qlonglong>(each.changed);
    default:
        return {};
    }
}

QSize DraftDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {option.rect.width(), MessageDelegate::cardHeight()};
}

void DraftDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const Tokens& t = tokens();
    const QRect card = option.rect;
    const auto visual = [&](const QRect& r) {
        return QStyle::visualRect(option.direction, card, r);
    };
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool focus = option.state.testFlag(QStyle::State_HasFocus);
    painter->save();
    painter->fillRect(
        card,
        selected ? (option.state.testFlag(QStyle::State_Active) ? t.selection : t.selectionInactive)
        : option.state.testFlag(QStyle::State_MouseOver) ? t.hover
                                                         : t.surface);
    if (selected) {
        painter->fillRect(visual(QRect(card.x(), card.y(), 3, card.height())), t.accent);
    }
    painter->fillRect(visual(QRect(28, card.bottom(), card.width() - 28, 1)), t.border);
    const int body = lineHeight(TextRole::Body, true);
    const int small = lineHeight(TextRole::Small);
    const int top = card.y() + (card.height() - 2 * body - small - 4) / 2;
    const auto left = static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) |
                                       Qt::AlignVCenter) |
                      Qt::TextSingleLine;
    const QString date = listDate(index.data(DraftsModel::DateRole).toLongLong());
    const QFont smallFont = themeFont(TextRole::Small);
    const int dateWidth = QFontMetrics(smallFont).horizontalAdvance(date) + 1;
    const int width = card.width() - 28 - metrics::space3;
    const auto line = [&](int y, int height, int lineWidth, const QFont& font, const QColor& ink,
                          const QString& text) {
        painter->setFont(font);
        painter->setPen(ink);
        drawOwnDirection(*painter, visual(QRect(28, y, lineWidth, height)), left,
                         QFontMetrics(font).elidedText(text, Qt::ElideRight, lineWidth));
    };
    painter->setFont(smallFont);
    painter->setPen(t.text2);
    painter->drawText(visual(QRect(28 + width - dateWidth, top, dateWidth, body)), left, date);
    line(top, body, width - dateWidth - metrics::space2, themeFont(TextRole::Body), t.text,
         index.data(DraftsModel::RecipientsRole).toString());
    line(top + body + 2, body, width, themeFont(TextRole::Body), t.text, index.data().toString());
    line(top + 2 * body + 4, small, width, smallFont, t.text2,
         index.data(DraftsModel::PreviewRole).toString());
    if (focus && option.state.testFlag(QStyle::State_KeyboardFocusChange)) {
        drawFocusRing(*painter, card, 0);
    }
    painter->restore();
}

DraftsView::DraftsView(MailEngine& engine, QWidget* parent)
    : QWidget(parent)
    , m_engine(engine)
    , m_model(new DraftsModel(this))
    , m_list(new QListView(this))
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyState(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new DraftDelegate(this));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setAccessibleName(tr("Drafts"));
    m_list->installEventFilter(this);
    m_empty->setContent("drafts", tr("No drafts"),
                        tr("What you begin to write is kept here by itself."));
    auto* title = makeLabel(tr("Drafts"), TextRole::Title, Ink::Text, true, this);
    title->setContentsMargins(
        readingMargins(28, metrics::space3, metrics::space3, metrics::space3));
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(title);
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    layout->addWidget(m_stack, 1);
    connect(m_list, &QListView::activated, this, [this](const QModelIndex& index) {
        Q_EMIT openRequested(m_model->draft(index.row()).id);
    });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) {
        Q_EMIT openRequested(m_model->draft(index.row()).id);
    });
    connect(&m_engine, &MailEngine::draftsChanged, this, &DraftsView::reload);
    reload();
}

void DraftsView::reload()
{
    const int row = m_list->currentIndex().row();
    m_model->setDrafts(m_engine.queries().drafts());
    if (row >= 0 && m_model->rowCount() > 0) {
        m_list->setCurrentIndex(m_model->index(std::min(row, m_model->rowCount() - 1)));
    }
    m_stack->setCurrentWidget(m_model->rowCount() > 0 ? static_cast<QWidget*>(m_list) : m_empty);
}

bool DraftsView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress &&
        m_list->currentIndex().isValid()) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const DraftId id = m_model->draft(m_list->currentIndex().row()).id;
        if (key == Qt::Key_Delete) {
            Q_EMIT discardRequested(id);
            return true;
        }
        if (key == Qt::Key_O) {
            Q_EMIT openRequested(id);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace avocet
