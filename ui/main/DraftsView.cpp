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

#include <algorithm>
#include <map>

namespace avocet {

namespace {

QString peopleOf(const DraftEntry& entry)
{
    constexpr qsizetype shown = 4;
    QStringList names;
    for (const Address& person : entry.people) {
        if (names.size() < shown) {
            names << QString::fromStdString(person.name.empty() ? person.address : person.name);
        }
    }
    return names.isEmpty() ? DraftsModel::tr("No recipient yet") : names.join(QStringLiteral(", "));
}

QString lineOf(const std::string& text, qsizetype longest)
{
    return QString::fromStdString(text.substr(0, 1'000)).left(longest).simplified();
}

DraftEntry entryOf(const Draft& draft)
{
    DraftEntry entry;
    entry.draft = draft.id;
    for (const auto* list : {&draft.to, &draft.cc, &draft.bcc}) {
        entry.people.insert(entry.people.end(), list->begin(), list->end());
    }
    entry.subject = lineOf(draft.subject, 1'000);
    entry.preview = lineOf(draft.text, 300);
    entry.changed = draft.changed;
    return entry;
}

DraftEntry entryOf(const MessageSummary& row)
{
    return {
        {},      row.id, row.folder, row.to, lineOf(row.subject, 1'000), lineOf(row.preview, 300),
        row.date};
}

} // namespace

void DraftsModel::setEntries(std::vector<DraftEntry> entries)
{
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

int DraftsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant DraftsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const DraftEntry& each = entry(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return each.subject.isEmpty() ? tr("No subject") : each.subject;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1. %2").arg(peopleOf(each), each.subject);
    case RecipientsRole:
        return peopleOf(each);
    case PreviewRole:
        return each.preview;
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
    connect(m_list, &QListView::activated, this, &DraftsView::open);
    connect(m_list, &QListView::clicked, this, &DraftsView::open);
    m_soon.setSingleShot(true);
    m_soon.setInterval(200);
    connect(&m_soon, &QTimer::timeout, this, &DraftsView::reload);
    connect(&m_engine, &MailEngine::draftsChanged, this, &DraftsView::reload);
    connect(&m_engine, &MailEngine::messagesAdded, this, &DraftsView::reloadSoon);
    connect(&m_engine, &MailEngine::messagesChanged, this, &DraftsView::reloadSoon);
    connect(&m_engine, &MailEngine::messagesRemoved, this, &DraftsView::reloadSoon);
    connect(&m_engine, &MailEngine::folderReset, this, &DraftsView::reloadSoon);
    connect(&m_engine, &MailEngine::foldersChanged, this, &DraftsView::followFolders);
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (!m_opening || request != m_opening) {
                    return;
                }
                m_opening = {};
                if (reply) {
                    Q_EMIT openRequested(
                        DraftId{reply->value(QLatin1String("draftId")).toInteger()});
                } else {
                    Q_EMIT openFailed(reply.error());
                }
            });
    followFolders();
    reload();
}

void DraftsView::followFolders()
{
    std::set<FolderId> folders;
    for (const Folder& folder : m_engine.queries().folders()) {
        if (folder.role == FolderRole::Drafts) {
            folders.insert(folder.id);
        }
    }
    if (folders != m_folders) {
        m_folders = std::move(folders);
        m_soon.start();
    }
}

void DraftsView::reloadSoon(FolderId folder)
{
    if (m_folders.contains(folder)) {
        m_soon.start();
    }
}

void DraftsView::reload()
{
    m_soon.stop();
    std::vector<DraftEntry> entries;
    for (const Draft& draft : m_engine.queries().drafts()) {
        entries.push_back(entryOf(draft));
    }
    for (const MessageSummary& row : m_engine.queries().draftsElsewhere()) {
        entries.push_back(entryOf(row));
    }
    std::stable_sort(entries.begin(), entries.end(), [](const DraftEntry& a, const DraftEntry& b) {
        return a.changed > b.changed;
    });
    const int row = m_list->currentIndex().row();
    m_model->setEntries(std::move(entries));
    if (row >= 0 && m_model->rowCount() > 0) {
        m_list->setCurrentIndex(m_model->index(std::min(row, m_model->rowCount() - 1)));
    }
    m_stack->setCurrentWidget(m_model->rowCount() > 0 ? static_cast<QWidget*>(m_list) : m_empty);
    Q_EMIT countChanged(m_model->rowCount());
    if (isVisible()) {
        fetchPreviews();
    }
}

/// The first words of what is on the server alone.
void DraftsView::fetchPreviews()
{
    std::map<FolderId, std::vector<MessageId>> missing;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const DraftEntry& entry = m_model->entry(row);
        if (!entry.draft && entry.preview.isEmpty()) {
            missing[entry.folder].push_back(entry.message);
        }
    }
    for (auto& [folder, messages] : missing) {
        m_engine.submit(command::FetchPreviews{folder, std::move(messages)});
    }
}

void DraftsView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    fetchPreviews();
}

void DraftsView::openMessage(MessageId message)
{
    m_opening = m_engine.submit(command::OpenDraft{message});
}

void DraftsView::open(const QModelIndex& index)
{
    const DraftEntry& entry = m_model->entry(index.row());
    if (entry.draft) {
        Q_EMIT openRequested(entry.draft);
    } else {
        openMessage(entry.message);
    }
}

void DraftsView::discard(const QModelIndex& index)
{
    const DraftEntry& entry = m_model->entry(index.row());
    if (entry.draft) {
        Q_EMIT discardRequested(entry.draft);
    } else {
        Q_EMIT discardMessageRequested(entry.folder, entry.message);
    }
}

bool DraftsView::eventFilter(QObject* watched, QEvent* event)
{
    const QModelIndex current = m_list->currentIndex();
    if (watched == m_list && event->type() == QEvent::KeyPress && current.isValid()) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Delete) {
            discard(current);
            return true;
        }
        if (key == Qt::Key_O) {
            open(current);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace avocet
