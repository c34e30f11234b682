// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation as a stack of messages, oldest first: which are open, where it is scrolled to, and keeping up with
// the mail.
#pragma once

#include "core/engine/MailEngine.h"
#include "ui/reader/ConversationCopies.h"
#include "ui/reader/MessageCard.h"

#include <QPointer>
#include <QScrollArea>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace avocet {

class CardColumn;
class HtmlView;
class ReaderContext;
class RunLine;

/// Nothing moves under the reader's eyes: what changes above, or arrives below, leaves the topmost card in its place.
class ConversationView : public QScrollArea {
    Q_OBJECT
public:
    ConversationView(ReaderContext& context, QWidget* parent);
    ~ConversationView() override;

    /// Its conversation, with this message open and in view. False: it is not there.
    bool showMessage(FolderId folder, MessageId message);
    /// One message that is in no folder.
    void showFile(std::shared_ptr<const OpenedMessage> message);
    void clear();
    /// The cards come behind this in the order of Tab.
    void setTabAnchor(QWidget* before);

    /// The message that actions are about; null where nothing is shown.
    MessageCard* current() const { return m_current; }
    QList<MessageCard*> cards() const;
    /// All of the conversation, oldest first, also those behind a line for several.
    std::vector<MessageId> messages() const;
    /// Opens it and makes it the current one; null where it has gone.
    MessageCard* open(MessageId id);
    /// Scrolls until this part of a card is in view.
    void showArea(const QWidget& part, const QRect& area);
    MessageCard* card(MessageId id) const;
    /// How many messages the conversation has, shown or folded away.
    int count() const;
    /// Those of the conversation that lie in this folder.
    std::vector<MessageId> messagesIn(FolderId folder) const;
    /// The n-th newer (+1) or older (-1) message becomes the current one.
    void step(int by);
    /// Opens the next folded ones, newest first, as many as the window can well hold; how many stay folded.
    int openMore();
    void foldOthers();
    /// What is taller within than its view goes first.
    void scrollPage(int direction);
    void scrollLine(int direction);
    void scrollToEnd(bool bottom);

    /// Time in view after which a message becomes read; none: never.
    void setMarkReadAfter(std::optional<std::chrono::milliseconds> delay) { m_readDelay = delay; }

Q_SIGNALS:
    void changed(); ///< another current message, other messages, other flags
    void emptied(); ///< the last one has gone
    void textShown(avocet::MessageCard* card); ///< that can be read now, or is laid out anew

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    std::vector<MessageSummary> rowsOf(std::span<const MessageId> ids) const;
    std::vector<MessageSummary> withoutCopies(std::vector<MessageSummary> rows,
                                              std::span<const MessageId> shown);
    std::vector<MessageId> conversationOf(const MessageSummary& message) const;
    void build(const std::vector<MessageId>& older, const std::vector<MessageSummary>& rows);
    MessageCard* makeCard(const MessageSummary& summary);
    void addRun(int at, std::vector<MessageId> messages);
    void unfoldRun(RunLine* run);
    void reveal(MessageCard* card);
    void setCurrent(MessageCard* card);
    void focusMoved(QWidget* now);
    void followEngine();
    void refreshRows(std::span<const MessageId> ids);
    void refresh();
    void dropMissing(const std::vector<MessageId>& now);
    void appendNew(const std::vector<MessageId>& now);
    void updateAlone();
    void layOut();
    HtmlView* htmlInView() const;
    void scrollBy(int pixels);
    void noteScrolled();
    void restartReadTimer();
    void noteSeen();

    ReaderContext& m_context;
    ConversationCopies m_copies;
    CardColumn* m_column;
    FolderId m_folder;
    MessageId m_selected;
    QPointer<MessageCard> m_current;
    QPointer<QWidget> m_anchor; ///< what stays in its place, this far below the top edge
    int m_anchorOffset = 0;
    bool m_layingOut = false;
    std::optional<std::chrono::milliseconds> m_readDelay = std::chrono::milliseconds(1'500);
    QTimer m_readTimer;
    QTimer m_layoutSoon;
    QTimer m_refreshSoon;
};

} // namespace avocet
