// SPDX-License-Identifier: GPL-3.0-or-later
// The keys and menus of ReaderPane.
#include "ui/reader/FindBar.h"
#include "ui/reader/ReaderPane.h"
#include "ui/reader/ReaderWindow.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QKeyEvent>
#include <QMenu>
#include <QShortcut>

namespace avocet {

namespace {

constexpr double zoomStep = 1.1;

} // namespace

void ReaderPane::addKeys()
{
    BodySettings* settings = &m_context->bodies();
    const auto add = [this](const QKeySequence& keys, auto run) {
        connect(new QShortcut(keys, this), &QShortcut::activated, this, run);
    };
    const auto grow = [settings] { settings->setZoom(settings->zoom() * zoomStep); };
    add(QKeySequence::ZoomIn, grow);
    add(Qt::CTRL | Qt::Key_Equal, grow); // where the plus is a shifted key
    add(QKeySequence::ZoomOut, [settings] { settings->setZoom(settings->zoom() / zoomStep); });
    add(Qt::CTRL | Qt::Key_0, [settings] { settings->setZoom(1); });
    add(QKeySequence::Print, [this] { print(); });
    add(Qt::CTRL | Qt::SHIFT | Qt::Key_L, [this] { reply(ReplyKind::ReplyList); });
    add(Qt::CTRL | Qt::SHIFT | Qt::Key_F, [this] { reuse(Reuse::ForwardAsFile); });
    add(Qt::CTRL | Qt::SHIFT | Qt::Key_E, [this] { reuse(Reuse::Redirect); });
    add(Qt::CTRL | Qt::Key_E, [this] { reuse(Reuse::EditAsNew); });
}

bool ReaderPane::actOn(QChar key)
{
    const std::vector<MessageId> self =
        message() ? std::vector<MessageId>{message()} : std::vector<MessageId>{};
    switch (key.unicode()) {
    case u'r':
        reply(ReplyKind::Reply);
        return true;
    case u'a':
        reply(ReplyKind::ReplyAll);
        return true;
    case u'f':
        reply(ReplyKind::Forward);
        return true;
    case u's':
        toggleStar();
        return true;
    case u'u':
        toggleRead();
        return true;
    case u'e':
        Q_EMIT m_context->archiveRequested(self, folder());
        return true;
    case u'#':
        Q_EMIT m_context->deleteRequested(self, folder());
        return true;
    case u'!':
        Q_EMIT m_context->junkRequested(self, folder());
        return true;
    case u'v':
        Q_EMIT m_context->moveRequested(self, folder(), false);
        return true;
    default:
        return false;
    }
}

void ReaderPane::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_PageDown:
    case Qt::Key_Space:
        m_conversation->scrollPage(event->modifiers() & Qt::ShiftModifier ? -1 : 1);
        return;
    case Qt::Key_PageUp:
        m_conversation->scrollPage(-1);
        return;
    case Qt::Key_Down:
    case Qt::Key_Up:
        m_conversation->scrollLine(event->key() == Qt::Key_Down ? 1 : -1);
        return;
    case Qt::Key_Home:
    case Qt::Key_End:
        m_conversation->scrollToEnd(event->key() == Qt::Key_End);
        return;
    case Qt::Key_Escape:
        m_findBar->isVisible() ? endFind() : Q_EMIT backRequested();
        return;
    default:
        break;
    }
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers() & Qt::ControlModifier && message() &&
        !qobject_cast<ReaderWindow*>(window())) {
        Q_EMIT m_context->windowRequested(folder(), message());
        return;
    }
    const bool plain =
        !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    const QString typed = event->text();
    if (plain && (typed == u"n" || typed == u"p")) {
        m_conversation->step(typed == u"n" ? 1 : -1);
    } else if (plain && typed.size() == 1 && typed.at(0).isPrint() && !actOn(typed.at(0))) {
        Q_EMIT keyPressed(typed.at(0));
    } else {
        QWidget::keyPressEvent(event);
    }
}

void ReaderPane::showMore()
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    MessageCard* card = m_conversation->current();
    if (card && m_conversation->count() > 1) {
        addConversationActions(*menu);
    } else if (card) {
        card->addActions(*menu);
    }
    if (card) {
        menu->addSeparator();
        addCommonActions(*menu);
    }
    menu->popup(m_more->mapToGlobal(
        QPoint(m_more->width() - menu->sizeHint().width(), m_more->height() + metrics::space1)));
}

void ReaderPane::addCommonActions(QMenu& menu)
{
    if (message() && !qobject_cast<ReaderWindow*>(window())) {
        menu.addAction(themeIcon("open"), tr("Open in own window\tCtrl+Enter"), this,
                       [this] { Q_EMIT m_context->windowRequested(folder(), message()); });
    }
    menu.addAction(themeIcon("search"), tr("Find\tCtrl+F"), this, &ReaderPane::find);
    menu.addAction(themeIcon("file-text"), tr("Print\u2026\tCtrl+P"), this, &ReaderPane::print)
        ->setEnabled(opened() != nullptr);
    menu.addAction(themeIcon("save"), tr("Save as PDF\u2026"), this, &ReaderPane::saveAsPdf)
        ->setEnabled(opened() != nullptr);
}

void ReaderPane::addConversationActions(QMenu& menu)
{
    const std::vector<MessageId> all = acted();
    const auto mark = [this, all](Flags add, Flags remove) {
        m_context->engine().submit(command::Mark{all, add, remove, false});
    };
    menu.addAction(themeIcon("mail-read"), tr("Mark conversation read"), this,
                   [mark] { mark(Seen, 0); });
    menu.addAction(themeIcon("mail-unread"), tr("Mark conversation unread"), this,
                   [mark] { mark(0, Seen); });
    menu.addAction(themeIcon("folder"), tr("Move conversation to\u2026"), this,
                   [this, all] { Q_EMIT m_context->moveRequested(all, m_folder, false); });
    menu.addAction(themeIcon("copy"), tr("Copy conversation to\u2026"), this,
                   [this, all] { Q_EMIT m_context->moveRequested(all, m_folder, true); });
    menu.addAction(themeIcon("junk"),
                   m_context->isJunk(m_folder) ? tr("Conversation is not junk")
                                               : tr("Mark conversation as junk"),
                   this, [this, all] { Q_EMIT m_context->junkRequested(all, m_folder); });
    menu.addSeparator();
    menu.addAction(themeIcon("chevron-down"), tr("Open all messages"), this, &ReaderPane::openMore);
    menu.addAction(themeIcon("chevron-up"), tr("Fold all but this one"), this,
                   [this] { m_conversation->foldOthers(); });
}

void ReaderPane::openMore()
{
    if (const int folded = m_conversation->openMore(); folded > 0) {
        Q_EMIT m_context->toastRequested(
            folded == 1 ? tr("1 message is still folded, since so many at once take much memory. "
                             "Choose Open all messages again for it.")
                        : tr("%1 messages are still folded, since so many at once take much "
                             "memory. Choose Open all messages again for the next ones.")
                              .arg(countWords(folded)));
    }
}

} // namespace avocet
