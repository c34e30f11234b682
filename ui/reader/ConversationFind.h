// SPDX-License-Identifier: GPL-3.0-or-later
// Looks for words in all messages of a conversation: in what is open at once, in what is folded by reading it.
#pragma once

#include "core/model/Ids.h"
#include "ui/reader/HtmlView.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <memory>
#include <unordered_map>
#include <vector>

namespace avocet {

class ConversationView;
class MessageCard;
class ReaderContext;

/// Thread: the GUI's. A folded message is opened when its turn comes. What an open one shows is looked through once it is
/// laid out, and again when it is laid out anew; until then, and where it is folded, its text is counted.
class ConversationFind : public QObject {
    Q_OBJECT
public:
    ConversationFind(ReaderContext& context, ConversationView& view);

    /// Empty words end it.
    void search(const QString& words);
    void step(bool backward);
    bool isActive() const { return !m_words.isEmpty(); }

Q_SIGNALS:
    void counted(int active, int all, bool counting);

private:
    void countNext();
    void mark(MessageCard* card);
    void go(bool backward);
    void goTo(std::size_t place, bool backward);
    void enter(MessageCard* card, bool backward);
    void look(MessageCard* card, bool backward);
    void shown(MessageCard* card);
    void found(MessageId id, const HtmlFound& places, bool backward);
    void tell();

    ReaderContext& m_context;
    ConversationView& m_view;
    QString m_words;
    std::vector<MessageId> m_order; ///< oldest first
    std::unordered_map<MessageId, int> m_counts;
    std::size_t m_place = 0; ///< where in m_order the active one is
    int m_active = 0;        ///< within that message; 0: none yet
    MessageId m_entering;    ///< is to be gone into once it is laid out
    bool m_enterBackward = false;
    std::weak_ptr<char> m_looking; ///< for a place, which the page has yet to tell
    int m_stepsToCome = 0;         ///< that were asked for meanwhile; less than none: back
    QPointer<QObject> m_round;
};

} // namespace avocet
