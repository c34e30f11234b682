// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/MessageCard.h"

#include "ui/reader/AttachmentArea.h"
#include "ui/reader/CardNotices.h"
#include "ui/reader/FileDrag.h"
#include "ui/reader/FoldedLine.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/MessageHeader.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/ReaderContext.h"
#include "ui/reader/ReaderParts.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"
#include "ui/words/DateWords.h"
#include "ui/words/ErrorWords.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace avocet {

using namespace std::chrono_literals;

MessageCard::MessageCard(ReaderContext& context, const MessageSummary& summary, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_summary(summary)
    , m_line(new FoldedLine(this))
{
    setFocusPolicy(Qt::StrongFocus);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_line);
    m_skeletonDelay.setSingleShot(true);
    m_skeletonDelay.setInterval(150ms);
    updateNames();
}

void MessageCard::build()
{
    // The text has room for its focus ring around it; all else stands in by as much.
    constexpr int ring = MessageText::margin;
    m_content = new QWidget(this);
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins(readingMargins(metrics::space6 - ring, metrics::space3,
                                              metrics::space6 - ring, metrics::space4));
    column->setSpacing(0);
    const auto inset = [column](QWidget* widget) {
        auto* row = new QHBoxLayout;
        row->setContentsMargins(ring, 0, ring, 0);
        row->addWidget(widget);
        column->addLayout(row);
    };
    m_head = buildHead(m_content);
    m_bars = new InfoBarStack(m_content);
    m_bars->layout()->setContentsMargins(0, metrics::space4, 0, 0);
    m_body = new MessageBody(m_context.bodies(), *m_bars, m_content);
    m_skeleton = new TextSkeleton(m_content);
    m_bodyState = new EmptyState(m_content);
    m_attachments = new AttachmentArea(m_context, *m_bars, m_content);
    m_notices = new CardNotices(m_context, *m_bars, m_content);
    m_body->hide();
    m_skeleton->hide();
    m_bodyState->hide();
    inset(m_head);
    inset(m_bars);
    column->addSpacing(metrics::space6 - ring);
    column->addWidget(m_body);
    inset(m_skeleton);
    inset(m_bodyState);
    inset(m_attachments);
    static_cast<QVBoxLayout*>(layout())->addWidget(m_content);

    connect(m_body, &MessageBody::linkActivated, this, &MessageCard::openLink);
    connect(m_body, &MessageBody::linkHovered, &m_context, &ReaderContext::linkHovered);
    connect(m_body, &MessageBody::shown, this, &MessageCard::bodyShown);
    connect(m_body, &MessageBody::shown, this, &MessageCard::textShown);
    connect(m_body, &MessageBody::moved, this, &MessageCard::moved);
    connect(&m_skeletonDelay, &QTimer::timeout, m_skeleton, &QWidget::show);
    followEngine();
}

QWidget* MessageCard::buildHead(QWidget* parent)
{
    auto* head = new QWidget(parent);
    m_header = new MessageHeader(head);
    m_tools = new QWidget(head);
    m_star = new IconButton("star", tr("Add star"), m_tools);
    auto* reply = new IconButton("reply", tr("Reply"), m_tools);
    reply->setLabel(tr("Reply"), QStringLiteral("R"));
    m_more = new IconButton("more", tr("More for this message"), m_tools);
    auto* tools = new QHBoxLayout(m_tools);
    tools->setContentsMargins(0, 0, 0, 0);
    tools->setSpacing(metrics::space1);
    for (IconButton* button : {m_star, reply, m_more}) {
        tools->addWidget(button);
    }
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(metrics::space2);
    layout->addWidget(m_header, 1);
    layout->addWidget(m_tools, 0, Qt::AlignTop);
    m_tools->setVisible(!m_alone);
    connect(m_star, &QToolButton::clicked, this, &MessageCard::toggleStar);
    connect(reply, &QToolButton::clicked, this, [this] { this->reply(ReplyKind::Reply); });
    connect(m_more, &QToolButton::clicked, this, &MessageCard::showMore);
    return head;
}

void MessageCard::followEngine()
{
    MailEngine& engine = m_context.engine();
    connect(&engine, &MailEngine::bodyProgress, this,
            [this](MessageId id, qint64 received, qint64 total) {
                if (m_fetch && !m_opened && id == m_summary.id)
                    showProgress(received, total);
            });
    connect(&engine, &MailEngine::bodyArrived, this, [this](MessageId id) {
        if (id && id == m_summary.id && m_open && (!m_opened || !m_opened->hasBody)) {
            m_loadAgain = m_loading;
            load();
        }
    });
    connect(&engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (m_fetch && request == m_fetch) {
                    m_fetch = {};
                    if (!reply) {
                        fetchFailed(reply.error());
                    }
                }
            });
}

void MessageCard::setOpen(bool open)
{
    if (open && !m_content) {
        build();
        presentHeader();
        waitForText();
    }
    const bool first = open && !m_opened && !m_fetch && !m_loading;
    m_open = open;
    m_line->setVisible(!open);
    if (m_content) {
        m_content->setVisible(open);
    }
    updateNames();
    updateGeometry();
    if (first && m_summary.id) {
        load();
    }
}

void MessageCard::setAlone(bool alone)
{
    m_alone = alone;
    setFocusPolicy(alone ? Qt::NoFocus : Qt::StrongFocus);
    if (m_tools) {
        m_tools->setVisible(!alone);
    }
    update();
}

void MessageCard::setSummary(const MessageSummary& summary)
{
    m_summary = summary;
    updateNames();
}

void MessageCard::updateNames()
{
    const bool own = !m_summary.from.empty() &&
                     m_context.ownAddresses().contains(
                         QString::fromStdString(m_summary.from.front().address).toLower());
    m_line->setSummary(m_summary, own);
    setAccessibleName(m_open ? tr("Message from %1").arg(m_line->spoken())
                             : tr("Folded message from %1").arg(m_line->spoken()));
    if (m_star) {
        const bool on = (m_summary.flags & Flagged) != 0;
        m_star->setIconName(on ? "star-filled" : "star", on ? Tint::Star : Tint::Text2);
        m_star->setLabel(on ? tr("Remove star") : tr("Add star"), QStringLiteral("S"));
    }
}

bool MessageCard::countsAsSeen() const
{
    return m_open && m_opened && m_opened->hasBody && m_summary.id && !m_keptUnread &&
           !(m_summary.flags & Seen);
}

void MessageCard::load()
{
    if (std::exchange(m_loading, true)) {
        return;
    }
    m_context.engine().queries().openMessage(
        this, m_summary.id, [this](Result<OpenedMessage> result) { arrived(std::move(result)); });
}

void MessageCard::arrived(Result<OpenedMessage> result)
{
    m_loading = false;
    if (std::exchange(m_loadAgain, false) && result && !result->hasBody) {
        load();
        return;
    }
    if (!result) {
        hideBodyState();
        m_skeletonDelay.stop();
        m_skeleton->hide();
        m_bars->show({QStringLiteral("open"),
                      Severity::Danger,
                      errorSentence(result.error(), {}),
                      {{tr("Try again"), [this] { load(); }}},
                      false});
        return;
    }
    if (!result->hasBody) {
        fetchBody();
        return;
    }
    present(std::make_shared<const OpenedMessage>(std::move(*result)));
}

void MessageCard::present(std::shared_ptr<const OpenedMessage> message)
{
    m_opened = std::move(message);
    if (!m_content) {
        build();
    }
    hideBodyState();
    m_bars->dismiss(QStringLiteral("open"));
    m_bars->dismiss(QStringLiteral("fetch"));
    presentHeader();
    m_body->show();
    m_body->setMessage(m_opened);
    if (m_body->isEmpty()) {
        bodyShown();
        if (m_opened->parsed.attachments.empty()) {
            m_bodyState->setContent("mail-read", tr("This message has no text"));
            m_bodyState->show();
        }
    }
    m_attachments->setMessage(m_opened);
    presentNotes();
    m_notices->setMessage(m_opened);
    lookForInvitation();
    delete m_drag;
    m_drag = new FileDrag(this, m_context.files(), messageFileName(m_summary), rawContent());
    Q_EMIT loaded();
}

void MessageCard::presentHeader()
{
    HeaderContent content{m_summary.from, m_summary.to, {}, {}, {}, m_summary.date, {}};
    if (m_opened) {
        const ParsedMessage& parsed = m_opened->parsed;
        content = {parsed.from,
                   parsed.to,
                   parsed.cc,
                   parsed.bcc,
                   {},
                   parsed.date.value_or(m_summary.date),
                   m_opened->insight.authentication};
        if (!parsed.replyTo.empty() && parsed.replyTo != parsed.from) {
            content.replyTo = parsed.replyTo;
        }
    }
    m_header->setContent(content, m_context.ownAddresses());
}

void MessageCard::bodyShown()
{
    m_skeletonDelay.stop();
    m_skeleton->hide();
}

void MessageCard::presentNotes()
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

void MessageCard::hideBodyState()
{
    m_stop = nullptr;
    m_bodyState->clearButtons();
    m_bodyState->hide();
}

void MessageCard::waitForText()
{
    hideBodyState();
    m_skeletonDelay.start();
}

void MessageCard::fetchBody()
{
    if (m_context.isOffline()) {
        notDownloaded();
        return;
    }
    if (!m_fetch) {
        m_fetch = m_context.engine().submit(command::FetchBody{m_summary.id});
    }
}

void MessageCard::showProgress(qint64 received, qint64 total)
{
    m_skeletonDelay.stop();
    m_skeleton->hide();
    m_bodyState->setContent("download", tr("Downloading"),
                            tr("%1 of %2").arg(sizeWords(received), sizeWords(total)));
    if (!m_stop) {
        m_bodyState->clearButtons();
        m_stop = m_bodyState->addButton(tr("Cancel"));
        connect(m_stop, &QPushButton::clicked, this,
                [this] { m_context.engine().cancel(m_fetch); });
        m_bodyState->show();
    }
}

void MessageCard::notDownloaded()
{
    m_skeletonDelay.stop();
    m_skeleton->hide();
    m_stop = nullptr;
    m_bodyState->clearButtons();
    m_bodyState->setContent("download", tr("Not downloaded yet"),
                            m_context.isOffline()
                                ? tr("You are offline. The text comes once you are connected.")
                                : tr("The text of this message is still on the server."));
    auto* download = m_bodyState->addButton(tr("Download"));
    connect(download, &QPushButton::clicked, this, [this] {
        waitForText();
        m_bars->dismiss(QStringLiteral("fetch"));
        m_fetch = m_context.engine().submit(command::FetchBody{m_summary.id});
    });
    m_bodyState->show();
}

void MessageCard::fetchFailed(const Error& error)
{
    if (m_opened) {
        return;
    }
    notDownloaded();
    if (error.kind != ErrorKind::Cancelled && error.kind != ErrorKind::Offline) {
        m_bars->show(
            {QStringLiteral("fetch"), Severity::Danger, errorSentence(error, {}), {}, true});
    }
}

bool MessageCard::focusText()
{
    QWidget* taker = m_open && m_body->focusTaker() ? m_body->focusTaker() : this;
    if (taker->focusPolicy() == Qt::NoFocus) {
        return false;
    }
    taker->setFocus(Qt::OtherFocusReason);
    return true;
}

void MessageCard::paintEvent(QPaintEvent*)
{
    if (m_alone) {
        return;
    }
    QPainter painter(this);
    painter.fillRect(QRect(metrics::space6, height() - 1, width() - 2 * metrics::space6, 1),
                     tokens().border);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        const int bottom = m_open ? m_head->mapTo(this, m_head->rect().bottomLeft()).y()
                                  : height() - metrics::space1;
        drawFocusRing(painter, QRect(metrics::space2, 2, width() - 2 * metrics::space2, bottom));
    }
}

bool MessageCard::isOnHead(const QPoint& point) const
{
    return !m_open || point.y() <= m_head->mapTo(this, m_head->rect().bottomLeft()).y();
}

void MessageCard::mousePressEvent(QMouseEvent* event)
{
    if (m_drag && event->button() == Qt::LeftButton && isOnHead(event->pos())) {
        m_drag->pressed(*event);
    }
}

void MessageCard::mouseMoveEvent(QMouseEvent* event)
{
    if (m_drag) {
        m_drag->moved(*event);
    }
}

void MessageCard::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && !m_alone && isOnHead(event->pos()) &&
        rect().contains(event->pos())) {
        Q_EMIT foldWished(!m_open);
    }
}

void MessageCard::keyPressEvent(QKeyEvent* event)
{
    const bool fold = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
                      (event->text() == u"o" && event->modifiers() == Qt::NoModifier);
    if (fold && !m_alone && event->modifiers() == Qt::NoModifier) {
        Q_EMIT foldWished(!m_open);
    } else {
        event->ignore();
    }
}

} // namespace avocet
