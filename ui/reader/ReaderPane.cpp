// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ReaderPane.h"

#include "ui/list/MessageListModel.h"
#include "ui/reader/ConversationFind.h"
#include "ui/reader/FindBar.h"
#include "ui/reader/LinkTarget.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/MessageHeader.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/Labels.h"
#include "ui/words/DateWords.h"
#include "ui/words/ErrorWords.h"

#include <QCoreApplication>
#include <QFile>
#include <QHBoxLayout>
#include <QPointer>
#include <QStackedWidget>
#include <QThreadPool>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int iconsAloneBelow = 560;
constexpr qint64 maxFile = 100'000'000;

Result<OpenedMessage> readFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > maxFile) {
        return fail(ErrorKind::Storage, path.toStdString(), ErrorCode::NotFound);
    }
    return looseMessage(file.readAll().toStdString());
}

} // namespace

ReaderPane::ReaderPane(MailEngine& engine, BodySettings& bodies, QWidget* parent)
    : QWidget(parent)
    , m_context(new ReaderContext(engine, bodies, this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Message"));
    setFocusPolicy(Qt::ClickFocus);

    m_stack = new QStackedWidget(this);
    m_empty = new EmptyState(m_stack);
    m_page = new QWidget(m_stack);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_page);

    m_back = new IconButton("back", tr("Back to the list"), m_page);
    m_back->hide();
    m_subject = new SubjectLabel(m_page);
    m_count = makeLabel({}, TextRole::Small, Ink::Text2, false, m_page);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(
        readingMargins(metrics::space6, metrics::space4, metrics::space4, metrics::space2));
    head->setSpacing(metrics::space1);
    auto* title = new QVBoxLayout;
    title->setSpacing(0);
    title->addWidget(m_subject);
    title->addWidget(m_count);
    head->addWidget(m_back, 0, Qt::AlignTop);
    head->addLayout(title, 1);
    head->setAlignment(title, Qt::AlignVCenter);
    head->addSpacing(metrics::space3);
    buildActions(head);
    m_conversation = new ConversationView(*m_context, m_page);
    m_finder = new ConversationFind(*m_context, *m_conversation);
    m_findBar = new FindBar(tr("Find in conversation"), m_page);
    m_conversation->setTabAnchor(m_findBar->lastStop());

    auto* page = new QVBoxLayout(m_page);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(0);
    page->addLayout(head);
    page->addWidget(m_findBar);
    page->addWidget(m_conversation, 1);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);

    m_target = makeLabel({}, TextRole::Small, Ink::Text, false, this);
    m_target->setAutoFillBackground(true);
    m_target->setBackgroundRole(QPalette::Window);
    m_target->setContentsMargins(metrics::space2, metrics::space1, metrics::space2,
                                 metrics::space1);
    m_target->hide();
    connectParts();
    addKeys();
    showNothing();
}

ReaderPane::~ReaderPane() = default;

void ReaderPane::buildActions(QBoxLayout* row)
{
    struct Action {
        const char* icon;
        QString text;
        QString keys;
        ReplyKind kind;
    };
    const Action actions[] = {
        {"reply", tr("Reply"), QStringLiteral("R"), ReplyKind::Reply},
        {"reply-all", tr("Reply all"), QStringLiteral("A"), ReplyKind::ReplyAll},
        {"forward", tr("Forward"), QStringLiteral("F"), ReplyKind::Forward},
    };
    for (const Action& action : actions) {
        auto* wide = new Button(action.text, ButtonKind::Quiet, m_page);
        wide->setIconName(action.icon);
        wide->setToolTip(QStringLiteral("%1 (%2)").arg(action.text, action.keys));
        auto* narrow = new IconButton(action.icon, action.text, m_page);
        narrow->setLabel(action.text, action.keys);
        const ReplyKind kind = action.kind;
        connect(wide, &QPushButton::clicked, this, [this, kind] { reply(kind); });
        connect(narrow, &QToolButton::clicked, this, [this, kind] { reply(kind); });
        row->addWidget(wide, 0, Qt::AlignTop);
        row->addWidget(narrow, 0, Qt::AlignTop);
        m_wide.append(wide);
        m_narrow.append(narrow);
    }
    m_archive = new IconButton("archive", tr("Archive"), m_page);
    m_delete = new IconButton("trash", tr("Delete"), m_page);
    m_star = new IconButton("star", tr("Add star"), m_page);
    m_more = new IconButton("more", tr("More"), m_page);
    for (IconButton* button : {m_archive, m_delete, m_star, m_more}) {
        row->addWidget(button, 0, Qt::AlignTop);
    }
}

void ReaderPane::connectParts()
{
    connect(m_back, &QToolButton::clicked, this, &ReaderPane::backRequested);
    connect(m_archive, &QToolButton::clicked, this,
            [this] { Q_EMIT m_context->archiveRequested(acted(), m_folder); });
    connect(m_delete, &QToolButton::clicked, this,
            [this] { Q_EMIT m_context->deleteRequested(acted(), m_folder); });
    connect(m_star, &QToolButton::clicked, this, &ReaderPane::toggleStar);
    connect(m_more, &QToolButton::clicked, this, &ReaderPane::showMore);
    connect(m_context, &ReaderContext::linkHovered, this, &ReaderPane::showTarget);
    connect(m_findBar, &FindBar::wordsChanged, m_finder, &ConversationFind::search);
    connect(m_findBar, &FindBar::stepped, m_finder, &ConversationFind::step);
    connect(m_findBar, &FindBar::closed, this, &ReaderPane::endFind);
    connect(m_finder, &ConversationFind::counted, m_findBar, &FindBar::setCount);
    connect(m_conversation, &ConversationView::changed, this, &ReaderPane::refreshHead);
    connect(m_conversation, &ConversationView::emptied, this, &ReaderPane::showNothing);
}

MessageId ReaderPane::message() const
{
    const MessageCard* card = m_conversation->current();
    return card ? card->message() : MessageId{};
}

FolderId ReaderPane::folder() const
{
    const MessageCard* card = m_conversation->current();
    return card ? card->folder() : FolderId{};
}

const OpenedMessage* ReaderPane::opened() const
{
    const MessageCard* card = m_conversation->current();
    return card ? card->opened() : nullptr;
}

std::vector<MessageId> ReaderPane::acted() const
{
    if (m_conversation->count() > 1) {
        return m_conversation->messagesIn(m_folder);
    }
    const MessageId shown = message();
    return shown ? std::vector<MessageId>{shown} : std::vector<MessageId>{};
}

void ReaderPane::showNothing()
{
    m_findBar->hide();
    m_finder->search({});
    m_folder = {};
    m_conversation->clear();
    m_target->hide();
    m_empty->clearButtons();
    m_empty->setContent("mail-read", tr("No message selected"),
                        tr("Choose one from the list to read it here."));
    m_stack->setCurrentWidget(m_empty);
}

void ReaderPane::showSelection(int count)
{
    showNothing();
    m_empty->setContent("copy", tr("%1 messages selected").arg(countWords(count)));
    connect(m_empty->addButton(tr("Archive")), &QPushButton::clicked, this,
            [this] { Q_EMIT m_context->archiveRequested({}, {}); });
    connect(m_empty->addButton(tr("Delete")), &QPushButton::clicked, this,
            [this] { Q_EMIT m_context->deleteRequested({}, {}); });
    connect(m_empty->addButton(tr("Move to\u2026")), &QPushButton::clicked, this,
            [this] { Q_EMIT m_context->moveRequested({}, {}, false); });
}

void ReaderPane::showMessage(FolderId folder, MessageId message)
{
    m_target->hide();
    if (!m_conversation->card(message)) {
        m_findBar->hide();
        m_finder->search({});
    }
    if (!message || !m_conversation->showMessage(folder, message)) {
        showNothing();
        return;
    }
    m_folder = m_conversation->current()->folder();
    m_stack->setCurrentWidget(m_page);
    refreshHead();
}

void ReaderPane::showFile(const QString& path)
{
    showNothing();
    QThreadPool::globalInstance()->start([self = QPointer(this), path] {
        auto message = std::make_shared<Result<OpenedMessage>>(readFile(path));
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, message] {
                if (self) {
                    self->openFile(std::move(*message));
                }
            },
            Qt::QueuedConnection);
    });
}

void ReaderPane::openFile(Result<OpenedMessage> message)
{
    if (!message) {
        m_empty->setContent("error", tr("This file cannot be shown"),
                            errorSentence(message.error(), {}));
        return;
    }
    showLoose(std::make_shared<const OpenedMessage>(std::move(*message)));
}

void ReaderPane::showLoose(std::shared_ptr<const OpenedMessage> message)
{
    m_conversation->showFile(std::move(message));
    m_stack->setCurrentWidget(m_page);
    refreshHead();
}

void ReaderPane::refreshHead()
{
    const MessageCard* card = m_conversation->current();
    if (!card) {
        return;
    }
    const MessageSummary& summary = card->summary();
    const int count = m_conversation->count();
    const bool several = count > 1;
    m_subject->setText(subjectWords(summary));
    m_count->setText(tr("%1 messages").arg(countWords(count)));
    m_count->setVisible(several);
    const bool on = (summary.flags & Flagged) != 0;
    m_star->setIconName(on ? "star-filled" : "star", on ? Tint::Star : Tint::Text2);
    m_star->setLabel(on ? tr("Remove star") : tr("Add star"), QStringLiteral("S"));
    several ? m_archive->setLabel(tr("Archive conversation"))
            : m_archive->setLabel(tr("Archive"), QStringLiteral("E"));
    several ? m_delete->setLabel(tr("Delete conversation"))
            : m_delete->setLabel(tr("Delete"), QStringLiteral("#"));
    m_archive->setVisible(bool(summary.id));
    m_delete->setVisible(bool(summary.id));
    m_star->setVisible(bool(summary.id) && !several);
}

void ReaderPane::showTarget(const QUrl& target)
{
    if (target.isEmpty()) {
        m_target->hide();
        return;
    }
    const int most = width() - metrics::space6;
    m_target->setText(shownTarget(target, m_target->fontMetrics(), most - metrics::space4));
    m_target->adjustSize();
    m_target->move(0, height() - m_target->height());
    m_target->show();
    m_target->raise();
}

void ReaderPane::setMarkReadAfter(std::optional<std::chrono::milliseconds> delay)
{
    m_conversation->setMarkReadAfter(delay);
}

void ReaderPane::setBackVisible(bool visible)
{
    m_back->setVisible(visible);
}

void ReaderPane::reply(ReplyKind kind)
{
    if (MessageCard* card = m_conversation->current()) {
        card->reply(kind);
    }
}

void ReaderPane::reuse(Reuse how)
{
    if (MessageCard* card = m_conversation->current()) {
        card->reuse(how);
    }
}

void ReaderPane::toggleStar()
{
    if (MessageCard* card = m_conversation->current()) {
        card->toggleStar();
    }
}

void ReaderPane::toggleRead()
{
    if (MessageCard* card = m_conversation->current()) {
        card->toggleRead();
    }
}

void ReaderPane::saveAs()
{
    if (MessageCard* card = m_conversation->current()) {
        card->saveAs();
    }
}

void ReaderPane::showSource()
{
    if (MessageCard* card = m_conversation->current()) {
        card->showSource();
    }
}

void ReaderPane::find()
{
    const MessageCard* card = m_conversation->current();
    if (card) {
        const QString selected = card->body() ? card->body()->selectedText() : QString();
        m_findBar->begin(selected.contains(u'\n') ? QString() : selected.left(200));
    }
}

void ReaderPane::endFind()
{
    if (m_findBar->isVisible()) {
        m_finder->search({});
        focusText(); // before the field goes, or Qt gives the keyboard to whatever comes next
        m_findBar->hide();
    }
}

void ReaderPane::focusText()
{
    MessageCard* card = m_conversation->current();
    if (!card || !card->focusText()) {
        setFocus(Qt::OtherFocusReason);
    }
}

void ReaderPane::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // With a large font the words need more room than the number of the specification.
    int words = 0;
    for (const Button* button : std::as_const(m_wide)) {
        words += button->sizeHint().width();
    }
    const bool narrow = width() < std::max(iconsAloneBelow, words * 11 / 5);
    for (Button* button : std::as_const(m_wide)) {
        button->setVisible(!narrow);
    }
    for (IconButton* button : std::as_const(m_narrow)) {
        button->setVisible(narrow);
    }
}

} // namespace avocet
