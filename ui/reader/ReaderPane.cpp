// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ReaderPane.h"

#include "ui/list/MessageListModel.h"
#include "ui/reader/MessageHeader.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/ReaderFiles.h"
#include "ui/reader/ReaderParts.h"
#include "ui/reader/ReceivedAttachmentCard.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"
#include "ui/words/DateWords.h"
#include "ui/words/ErrorWords.h"

#include <QCoreApplication>
#include <QFile>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPointer>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QThreadPool>
#include <QVBoxLayout>

namespace avocet {

using namespace std::chrono_literals;

namespace {

constexpr int iconsAloneBelow = 560;
/// More is laid out only when asked for: a hostile megabyte would stall the window.
constexpr qsizetype textAtFirst = 60'000;
constexpr qsizetype textAtMost = 2'000'000;
constexpr qint64 maxFile = 100'000'000;

} // namespace

ReaderPane::ReaderPane(MailEngine& engine, QWidget* parent)
    : QWidget(parent)
    , m_engine(engine)
    , m_files(new ReaderFiles(this))
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
    connect(m_back, &QToolButton::clicked, this, &ReaderPane::backRequested);
    m_subject = new SubjectLabel(m_page);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(
        readingMargins(metrics::space6, metrics::space4, metrics::space4, metrics::space2));
    head->setSpacing(metrics::space1);
    head->addWidget(m_back, 0, Qt::AlignTop);
    head->addWidget(m_subject, 1, Qt::AlignVCenter);
    head->addSpacing(metrics::space3);
    buildActions(head);

    auto* content = new QWidget;
    content->setBackgroundRole(QPalette::Base);
    m_header = new MessageHeader(content);
    m_bars = new InfoBarStack(content);
    m_bars->layout()->setContentsMargins(0, metrics::space4, 0, 0);
    m_text = new MessageText(content);
    m_skeleton = new TextSkeleton(content);
    m_bodyState = new EmptyState(content);
    m_rest = new Button(tr("Show the rest"), ButtonKind::Quiet, content);
    m_attachmentBox = new QWidget(content);
    m_attachmentTitle = makeLabel({}, TextRole::Small, Ink::Text2, true, m_attachmentBox);
    m_saveAll = new Button(tr("Save all"), ButtonKind::Quiet, m_attachmentBox);
    m_cards = new FlowRow(m_attachmentBox);
    // The text has room for its focus ring around it; all else stands in by as much.
    constexpr int ring = MessageText::margin;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(readingMargins(metrics::space6 - ring, metrics::space2,
                                              metrics::space3 - ring, metrics::space6));
    column->setSpacing(0);
    const auto inset = [column](QWidget* widget, Qt::Alignment alignment = {}) {
        auto* row = new QHBoxLayout;
        row->setContentsMargins(ring, 0, ring, 0);
        row->addWidget(widget, alignment ? 0 : 1, alignment);
        if (alignment) {
            row->addStretch(1);
        }
        column->addLayout(row);
    };
    inset(m_header);
    inset(m_bars);
    column->addSpacing(metrics::space6 - ring);
    column->addWidget(m_text);
    inset(m_skeleton);
    inset(m_bodyState);
    inset(m_rest, Qt::AlignLeft);
    column->addSpacing(metrics::space6 - ring);
    inset(m_attachmentBox);
    column->addStretch(1);
    auto* boxLayout = new QVBoxLayout(m_attachmentBox);
    boxLayout->setContentsMargins(0, 0, 0, 0);
    boxLayout->setSpacing(metrics::space2);
    boxLayout->addWidget(new Hairline(Qt::Horizontal, m_attachmentBox));
    auto* boxHead = new QHBoxLayout;
    boxHead->addWidget(m_attachmentTitle);
    boxHead->addWidget(m_saveAll);
    boxHead->addStretch(1);
    boxLayout->addLayout(boxHead);
    boxLayout->addWidget(m_cards);

    m_scroll = new QScrollArea(m_page);
    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // Always, so that nothing moves sideways between a short and a long message.
    m_scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    m_scroll->viewport()->setBackgroundRole(QPalette::Base);
    m_scroll->setFocusPolicy(Qt::NoFocus);

    auto* page = new QVBoxLayout(m_page);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(0);
    page->addLayout(head);
    page->addWidget(m_scroll, 1);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);

    m_target = makeLabel({}, TextRole::Small, Ink::Text, false, this);
    m_target->setAutoFillBackground(true);
    m_target->setBackgroundRole(QPalette::Window);
    m_target->setContentsMargins(metrics::space2, metrics::space1, metrics::space2,
                                 metrics::space1);
    m_target->hide();

    connect(m_text, &MessageText::linkActivated, this, &ReaderPane::openLink);
    connect(m_text, &MessageText::linkHovered, this, &ReaderPane::showTarget);
    connect(m_saveAll, &QPushButton::clicked, this, &ReaderPane::saveAllAttachments);
    connect(m_rest, &QPushButton::clicked, this, [this] {
        m_wholeText = true;
        presentText();
    });
    m_readTimer.setSingleShot(true);
    connect(&m_readTimer, &QTimer::timeout, this, [this] { mark(Seen, 0); });
    m_skeletonDelay.setSingleShot(true);
    m_skeletonDelay.setInterval(150ms);
    connect(&m_skeletonDelay, &QTimer::timeout, m_skeleton, &QWidget::show);
    connectEngine();
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
    m_archive->setLabel(tr("Archive"), QStringLiteral("E"));
    connect(m_archive, &QToolButton::clicked, this, &ReaderPane::archiveRequested);
    m_delete = new IconButton("trash", tr("Delete"), m_page);
    m_delete->setLabel(tr("Delete"), QStringLiteral("#"));
    connect(m_delete, &QToolButton::clicked, this, &ReaderPane::deleteRequested);
    row->addWidget(m_archive, 0, Qt::AlignTop);
    row->addWidget(m_delete, 0, Qt::AlignTop);
    m_star = new IconButton("star", tr("Add star"), m_page);
    connect(m_star, &QToolButton::clicked, this, &ReaderPane::toggleStar);
    m_more = new IconButton("more", tr("More"), m_page);
    connect(m_more, &QToolButton::clicked, this, &ReaderPane::showMore);
    row->addWidget(m_star, 0, Qt::AlignTop);
    row->addWidget(m_more, 0, Qt::AlignTop);
}

void ReaderPane::connectEngine()
{
    connect(&m_engine, &MailEngine::bodyArrived, this, [this](MessageId id) {
        if (id == m_message && (!m_opened || !m_opened->hasBody)) {
            load();
        }
    });
    connect(&m_engine, &MailEngine::messagesChanged, this,
            [this](FolderId folder, const std::vector<MessageId>& ids) {
                if (folder == m_folder &&
                    std::find(ids.begin(), ids.end(), m_message) != ids.end()) {
                    const auto rows = m_engine.queries().rows(m_folder, std::span(&m_message, 1));
                    if (!rows.empty()) {
                        m_summary.flags = rows.front().flags;
                        refreshStar();
                    }
                }
            });
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (m_fetch && request == m_fetch) {
                    m_fetch = {};
                    if (!reply) {
                        fetchFailed(reply.error());
                    }
                }
            });
}

void ReaderPane::showNothing()
{
    m_message = {};
    m_opened.reset();
    m_readTimer.stop();
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
            &ReaderPane::archiveRequested);
    connect(m_empty->addButton(tr("Delete")), &QPushButton::clicked, this,
            &ReaderPane::deleteRequested);
    connect(m_empty->addButton(tr("Move to\u2026")), &QPushButton::clicked, this,
            [this] { Q_EMIT moveRequested(false); });
}

void ReaderPane::showMessage(FolderId folder, MessageId message)
{
    if (!message) {
        showNothing();
        return;
    }
    if (message == m_message && m_opened) {
        return;
    }
    m_folder = folder;
    m_message = message;
    m_opened.reset();
    m_wholeText = false;
    m_readTimer.stop();
    m_bars->clear();
    m_target->hide();
    m_scroll->verticalScrollBar()->setValue(0);
    const auto rows = m_engine.queries().rows(folder, std::span(&message, 1));
    if (rows.empty()) {
        showNothing();
        return;
    }
    presentSummary(rows.front());
    m_stack->setCurrentWidget(m_page);
    load();
}

void ReaderPane::load()
{
    m_engine.queries().openMessage(this, m_message,
                                   [this, id = m_message](Result<OpenedMessage> result) {
                                       if (id == m_message) {
                                           opened(std::move(result));
                                       }
                                   });
}

void ReaderPane::opened(Result<OpenedMessage> result)
{
    if (!result) {
        m_skeletonDelay.stop();
        m_skeleton->hide();
        m_bars->show({QStringLiteral("open"),
                      Severity::Danger,
                      errorSentence(result.error(), {}),
                      {{tr("Try again"), [this] { load(); }}},
                      false});
        return;
    }
    m_opened = std::move(*result);
    if (!m_opened->hasBody) {
        fetchBody();
        return;
    }
    present();
}

void ReaderPane::presentSummary(const MessageSummary& summary)
{
    m_summary = summary;
    m_subject->setText(subjectWords(summary));
    m_header->setContent({summary.from, summary.to, {}, {}, {}, summary.date}, ownAddresses());
    m_text->hide();
    m_rest->hide();
    m_bodyState->hide();
    m_skeleton->hide();
    m_attachmentBox->hide();
    m_skeletonDelay.start();
    refreshStar();
}

void ReaderPane::present()
{
    const ParsedMessage& parsed = m_opened->parsed;
    m_skeletonDelay.stop();
    m_skeleton->hide();
    m_bodyState->hide();
    m_bars->dismiss(QStringLiteral("open"));
    m_bars->dismiss(QStringLiteral("fetch"));
    HeaderContent header{parsed.from, parsed.to, parsed.cc, parsed.bcc, {}, m_summary.date};
    if (parsed.date) {
        header.date = *parsed.date;
    }
    if (!parsed.replyTo.empty() && parsed.replyTo != parsed.from) {
        header.replyTo = parsed.replyTo;
    }
    m_header->setContent(header, ownAddresses());
    presentText();
    presentAttachments();
    presentNotes();
    if (m_readDelay && !(m_summary.flags & Seen) && m_message) {
        m_readTimer.start(*m_readDelay);
    }
}

void ReaderPane::presentText()
{
    const ParsedMessage& parsed = m_opened->parsed;
    const std::string& utf8 = parsed.text;
    QString text = QString::fromUtf8(
        utf8.data(), static_cast<qsizetype>(std::min<std::size_t>(utf8.size(), textAtMost)));
    const qsizetype limit = m_wholeText ? textAtMost : textAtFirst;
    m_rest->setVisible(text.size() > limit);
    if (text.size() > limit) {
        text.truncate(limit);
    }
    while (text.endsWith(u'\n')) {
        text.chop(1);
    }
    m_text->setMessage(text);
    m_text->setVisible(!text.trimmed().isEmpty());
    if (text.trimmed().isEmpty() && parsed.attachments.empty()) {
        m_bodyState->clearButtons();
        m_bodyState->setContent("mail-read", tr("This message has no text"));
        m_bodyState->show();
    }
}

void ReaderPane::presentAttachments()
{
    m_cards->clear();
    const auto& attachments = m_opened->parsed.attachments;
    m_attachmentBox->setVisible(!attachments.empty());
    if (attachments.empty()) {
        return;
    }
    constexpr std::size_t maxCards = 100;
    for (std::size_t i = 0; i < std::min(attachments.size(), maxCards); ++i) {
        auto* card = new ReceivedAttachmentCard(static_cast<int>(i), attachments[i], m_cards);
        connect(card, &ReceivedAttachmentCard::openRequested, this, &ReaderPane::openAttachment);
        connect(card, &ReceivedAttachmentCard::saveRequested, this, &ReaderPane::saveAttachment);
        m_cards->add(card);
    }
    m_cards->setMinimumHeight(m_cards->heightForWidth(m_cards->width()));
    const int count = static_cast<int>(attachments.size());
    m_attachmentTitle->setText(count == 1 ? tr("1 attachment") : tr("%1 attachments").arg(count));
    m_saveAll->setVisible(count > 1);
}

void ReaderPane::presentNotes()
{
    const auto& notes = m_opened->parsed.notes;
    m_bars->dismiss(QStringLiteral("notes"));
    if (notes.empty()) {
        return;
    }
    QString words = QString::fromStdString(notes.front()).left(300);
    if (notes.size() > 1) {
        words += QLatin1Char(' ') + tr("(and %1 more)").arg(notes.size() - 1);
    }
    m_bars->show({QStringLiteral("notes"),
                  Severity::Warning,
                  tr("This message was damaged; all that could be read is shown. %1").arg(words),
                  {{tr("View source"), [this] { showSource(); }}},
                  true});
}

void ReaderPane::fetchBody()
{
    if (m_offline) {
        notDownloaded();
        return;
    }
    if (!m_fetch) {
        m_fetch = m_engine.submit(command::FetchBody{m_message});
    }
}

void ReaderPane::notDownloaded()
{
    m_skeletonDelay.stop();
    m_skeleton->hide();
    m_bodyState->clearButtons();
    m_bodyState->setContent("download", tr("Not downloaded yet"),
                            m_offline
                                ? tr("You are offline. The text comes once you are connected.")
                                : tr("The text of this message is still on the server."));
    auto* download = m_bodyState->addButton(tr("Download"));
    connect(download, &QPushButton::clicked, this, [this] {
        m_bodyState->hide();
        m_skeleton->show();
        m_bars->dismiss(QStringLiteral("fetch"));
        m_fetch = m_engine.submit(command::FetchBody{m_message});
    });
    m_bodyState->show();
}

void ReaderPane::fetchFailed(const Error& error)
{
    if (m_opened && m_opened->hasBody) {
        return;
    }
    notDownloaded();
    if (error.kind != ErrorKind::Cancelled && error.kind != ErrorKind::Offline) {
        sayFailure(error);
    }
}

void ReaderPane::sayFailure(const Error& error)
{
    m_bars->show({QStringLiteral("fetch"), Severity::Danger, errorSentence(error, {}), {}, true});
}

QSet<QString> ReaderPane::ownAddresses() const
{
    QSet<QString> own;
    for (const Identity& identity : m_engine.queries().identities()) {
        own.insert(QString::fromStdString(identity.email).toLower());
    }
    return own;
}

void ReaderPane::showFile(const QString& path)
{
    m_message = {};
    m_folder = {};
    m_opened.reset();
    m_bars->clear();
    QPointer<ReaderPane> self(this);
    QThreadPool::globalInstance()->start([self, path] {
        auto message = std::make_shared<Result<OpenedMessage>>(
            fail(ErrorKind::Storage, path.toStdString(), ErrorCode::NotFound));
        QFile file(path);
        if (file.open(QIODevice::ReadOnly) && file.size() <= maxFile) {
            OpenedMessage read;
            read.raw = file.readAll().toStdString();
            read.parsed = readMessage(read.raw);
            read.hasBody = true;
            read.summary.from = read.parsed.from;
            read.summary.to = read.parsed.to;
            read.summary.subject = read.parsed.subject;
            read.summary.date = read.parsed.date.value_or(0);
            *message = std::move(read);
        }
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, message] {
                if (!self) {
                    return;
                }
                if (*message) {
                    self->presentSummary((*message)->summary);
                    self->m_stack->setCurrentWidget(self->m_page);
                }
                self->opened(std::move(*message));
            },
            Qt::QueuedConnection);
    });
}

void ReaderPane::setMarkReadAfter(std::optional<std::chrono::milliseconds> delay)
{
    m_readDelay = delay;
}

void ReaderPane::setBackVisible(bool visible)
{
    m_back->setVisible(visible);
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

void ReaderPane::scrollPage(int direction)
{
    QScrollBar* bar = m_scroll->verticalScrollBar();
    bar->setValue(bar->value() + direction * (m_scroll->viewport()->height() - metrics::space8));
}

void ReaderPane::focusText()
{
    m_text->isVisible() ? m_text->setFocus(Qt::OtherFocusReason) : setFocus(Qt::OtherFocusReason);
}

void ReaderPane::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_PageDown:
    case Qt::Key_Space:
        scrollPage(event->modifiers() & Qt::ShiftModifier ? -1 : 1);
        return;
    case Qt::Key_PageUp:
        scrollPage(-1);
        return;
    case Qt::Key_Down:
    case Qt::Key_Up: {
        QScrollBar* bar = m_scroll->verticalScrollBar();
        bar->setValue(bar->value() + (event->key() == Qt::Key_Down ? 48 : -48));
        return;
    }
    case Qt::Key_Home:
        m_scroll->verticalScrollBar()->setValue(0);
        return;
    case Qt::Key_End:
        m_scroll->verticalScrollBar()->setValue(m_scroll->verticalScrollBar()->maximum());
        return;
    case Qt::Key_Escape:
        Q_EMIT backRequested();
        return;
    default:
        break;
    }
    const bool plain =
        !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    if (plain && event->text().size() == 1 && event->text().at(0).isPrint()) {
        Q_EMIT keyPressed(event->text().at(0));
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace avocet
