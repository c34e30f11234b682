// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with the message of one card.
#include "ui/list/MessageListModel.h"
#include "ui/reader/AttachmentArea.h"
#include "ui/reader/CardNotices.h"
#include "ui/reader/Linkify.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/MessageCard.h"
#include "ui/reader/ReaderContext.h"
#include "ui/reader/ReceivedAttachmentCard.h"
#include "ui/reader/SourceWindow.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"
#include "ui/words/ErrorWords.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QPointer>

namespace avocet {

void MessageCard::reply(ReplyKind kind)
{
    if (m_opened && kind == ReplyKind::ReplyList && !takesListReplies()) {
        Q_EMIT m_context.toastRequested(tr("This message names no list that takes replies."));
    } else if (m_opened) {
        Q_EMIT m_context.replyRequested(kind, *m_opened,
                                        m_body ? m_body->quotedSelection() : QString());
    } else {
        Q_EMIT m_context.toastRequested(tr("The message is not downloaded yet."));
    }
}

void MessageCard::reuse(Reuse how)
{
    if (m_opened) {
        Q_EMIT m_context.reuseRequested(how, *m_opened);
    } else {
        Q_EMIT m_context.toastRequested(tr("The message is not downloaded yet."));
    }
}

bool MessageCard::takesListReplies() const
{
    return m_opened && !m_opened->insight.list.post.empty() &&
           !m_opened->insight.list.postingClosed;
}

void MessageCard::mark(Flags add, Flags remove)
{
    if (m_summary.id) {
        m_context.engine().submit(command::Mark{{m_summary.id}, add, remove, false});
    }
}

void MessageCard::toggleStar()
{
    const bool on = (m_summary.flags & Flagged) != 0;
    mark(on ? Flags(0) : Flags(Flagged), on ? Flags(Flagged) : Flags(0));
}

void MessageCard::toggleRead()
{
    const bool read = (m_summary.flags & Seen) != 0;
    m_keptUnread = read;
    mark(read ? Flags(0) : Flags(Seen), read ? Flags(Seen) : Flags(0));
}

void MessageCard::showMore()
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addActions(*menu);
    menu->popup(m_more->mapToGlobal(
        QPoint(m_more->width() - menu->sizeHint().width(), m_more->height() + metrics::space1)));
}

void MessageCard::addActions(QMenu& menu)
{
    const bool here = m_opened != nullptr;
    if (!m_alone) {
        menu.addAction(themeIcon("reply"), tr("Reply"), this, [this] { reply(ReplyKind::Reply); });
        menu.addAction(themeIcon("reply-all"), tr("Reply all"), this,
                       [this] { reply(ReplyKind::ReplyAll); });
        menu.addAction(themeIcon("forward"), tr("Forward"), this,
                       [this] { reply(ReplyKind::Forward); });
    }
    if (takesListReplies()) {
        menu.addAction(themeIcon("reply-all"), tr("Reply to list\tCtrl+Shift+L"), this,
                       [this] { reply(ReplyKind::ReplyList); });
    }
    menu.addAction(themeIcon("attach"), tr("Forward as attachment\tCtrl+Shift+F"), this,
                   [this] { reuse(Reuse::ForwardAsFile); })
        ->setEnabled(here);
    menu.addAction(themeIcon("send"), tr("Redirect\u2026\tCtrl+Shift+E"), this,
                   [this] { reuse(Reuse::Redirect); })
        ->setEnabled(here);
    menu.addAction(themeIcon("edit"), tr("Edit as new\tCtrl+E"), this,
                   [this] { reuse(Reuse::EditAsNew); })
        ->setEnabled(here);
    if (m_notices && m_notices->canUnsubscribe()) {
        menu.addAction(themeIcon("close"), tr("Unsubscribe"), m_notices,
                       &CardNotices::askUnsubscribe);
    }
    if (!menu.isEmpty()) {
        menu.addSeparator();
    }
    if (m_summary.id) {
        const std::vector<MessageId> self{m_summary.id};
        const FolderId from = m_summary.folder;
        const bool read = (m_summary.flags & Seen) != 0;
        menu.addAction(themeIcon(read ? "mail-unread" : "mail-read"),
                       read ? tr("Mark unread\tU") : tr("Mark read\tU"), this,
                       &MessageCard::toggleRead);
        if (!m_alone) {
            menu.addAction(themeIcon("archive"), tr("Archive this message"), &m_context,
                           [this, self, from] { Q_EMIT m_context.archiveRequested(self, from); });
            menu.addAction(themeIcon("trash"), tr("Delete this message"), &m_context,
                           [this, self, from] { Q_EMIT m_context.deleteRequested(self, from); });
        }
        menu.addAction(themeIcon("folder"), m_alone ? tr("Move to\u2026\tV") : tr("Move to\u2026"),
                       &m_context,
                       [this, self, from] { Q_EMIT m_context.moveRequested(self, from, false); });
        menu.addAction(themeIcon("copy"), tr("Copy to\u2026"), &m_context,
                       [this, self, from] { Q_EMIT m_context.moveRequested(self, from, true); });
        const QString junk = m_context.isJunk(from) ? tr("Not junk") : tr("Mark as junk");
        menu.addAction(themeIcon("junk"), m_alone ? junk + QStringLiteral("\t!") : junk, &m_context,
                       [this, self, from] { Q_EMIT m_context.junkRequested(self, from); });
        menu.addSeparator();
    }
    if (m_body) {
        m_body->addActions(menu);
    }
    menu.addAction(themeIcon("source"), tr("View source"), this, &MessageCard::showSource)
        ->setEnabled(here);
    menu.addAction(themeIcon("save"), tr("Save as file\u2026"), this, &MessageCard::saveAs)
        ->setEnabled(here);
}

void MessageCard::showSource()
{
    if (m_opened) {
        auto* window = new SourceWindow(subjectWords(m_summary), m_opened->raw);
        window->show();
    }
}

QString messageFileName(const MessageSummary& message)
{
    return safeFileName(subjectWords(message).replace(u'/', u'-').remove(u':').left(80)) +
           QStringLiteral(".eml");
}

FileContent MessageCard::rawContent() const
{
    return FileContent([message = m_opened](const FileContent::Take& take) { take(message->raw); });
}

void MessageCard::saveAs()
{
    if (!m_opened) {
        return;
    }
    auto* dialog = new QFileDialog(this, tr("Save message"),
                                   downloadsPlace() + QLatin1Char('/') + messageFileName(m_summary),
                                   tr("Messages (*.eml)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("eml"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [context = QPointer(&m_context), content = rawContent()](const QString& path) {
                context->files().save(path, content, [context](const Result<QString>& saved) {
                    if (context) {
                        Q_EMIT context->toastRequested(saved ? tr("Message saved")
                                                             : errorSentence(saved.error(), {}));
                    }
                });
            });
    dialog->open();
}

void MessageCard::openLink(const QUrl& target, const QString& words)
{
    const QString scheme = target.scheme().toLower();
    if (scheme == u"mailto") {
        Q_EMIT m_context.mailtoRequested(target);
        return;
    }
    if (scheme != u"http" && scheme != u"https") {
        // Which program such a link starts nobody could tell, so it is only handed out.
        showLinkBar(
            scheme.isEmpty()
                ? tr("This link names no page, so it is not opened.")
                : tr("Links that begin with %1: are not opened from mail.").arg(scheme.left(20)),
            target, false);
        return;
    }
    if (wordsFitTarget(words, target)) {
        QDesktopServices::openUrl(target);
        return;
    }
    showLinkBar(
        tr("This link leads to %1, but its words name another place.").arg(linkHost(target)),
        target, true);
}

void MessageCard::showLinkBar(const QString& words, const QUrl& target, bool mayOpen)
{
    QList<BarAction> actions;
    if (mayOpen) {
        actions.append({tr("Open"), [this, target] {
                            m_bars->dismiss(QStringLiteral("link"));
                            QDesktopServices::openUrl(target);
                        }});
    }
    actions.append({tr("Copy link"), [this, target] {
                        m_bars->dismiss(QStringLiteral("link"));
                        QGuiApplication::clipboard()->setText(target.toString(QUrl::FullyEncoded));
                    }});
    m_bars->show({QStringLiteral("link"), Severity::Warning, words, actions, true});
}

} // namespace avocet
