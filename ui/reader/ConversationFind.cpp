// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ConversationFind.h"

#include "ui/reader/ConversationView.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/ReaderContext.h"

#include <algorithm>

namespace avocet {

namespace {

constexpr std::size_t mostRead = 300; ///< messages, the newest of them

bool isLaidOut(const MessageCard* card)
{
    return card && card->isOpen() && card->opened() && card->body()->isShown();
}

} // namespace

ConversationFind::ConversationFind(ReaderContext& context, ConversationView& view)
    : QObject(&view)
    , m_context(context)
    , m_view(view)
{
    connect(&view, &ConversationView::textShown, this, &ConversationFind::shown);
}

void ConversationFind::search(const QString& words)
{
    delete m_round;
    m_round = new QObject(this); // answers of an older round come to nobody
    m_words = words;
    m_counts.clear();
    m_active = 0;
    m_entering = {};
    m_looking.reset();
    m_order = m_view.messages();
    if (m_order.size() > mostRead) {
        m_order.erase(m_order.begin(), m_order.end() - mostRead);
    }
    const MessageCard* current = m_view.current();
    const auto at =
        current ? std::find(m_order.begin(), m_order.end(), current->message()) : m_order.end();
    m_place = at == m_order.end() ? 0 : static_cast<std::size_t>(at - m_order.begin());
    for (MessageCard* card : m_view.cards()) {
        if (isLaidOut(card)) {
            mark(card);
        }
    }
    if (!words.isEmpty()) {
        countNext();
    }
    tell();
}

void ConversationFind::mark(MessageCard* card)
{
    card->body()->mark(m_words, [this, round = m_round, id = card->message()](int count) {
        if (round && !m_words.isEmpty()) {
            m_counts[id] = count;
            tell();
        }
    });
}

void ConversationFind::shown(MessageCard* card)
{
    const MessageId id = card->message();
    if (m_words.isEmpty() || std::find(m_order.begin(), m_order.end(), id) == m_order.end() ||
        !isLaidOut(card)) {
        return;
    }
    if (m_entering == id) {
        enter(card, m_enterBackward);
        return;
    }
    if (m_order[m_place] == id) {
        m_active = 0; // its marks went with what was shown before
    }
    mark(card);
}

void ConversationFind::countNext()
{
    // Newest first: that is where people look.
    const auto next = std::find_if(m_order.rbegin(), m_order.rend(), [this](MessageId id) {
        return id && !m_counts.contains(id) && !isLaidOut(m_view.card(id));
    });
    if (next == m_order.rend()) {
        tell();
        return;
    }
    m_context.engine().queries().openMessage(
        m_round, *next, [this, id = *next](Result<OpenedMessage> message) {
            const auto count = [this, &message] {
                return message && message->hasBody
                           ? static_cast<int>(QString::fromStdString(message->parsed.text)
                                                  .count(m_words, Qt::CaseInsensitive))
                           : 0;
            };
            if (!m_counts.contains(id)) { // or what is shown was counted meanwhile
                m_counts[id] = count();
            }
            tell();
            countNext();
        });
}

void ConversationFind::step(bool backward)
{
    if (m_words.isEmpty() || m_order.empty()) {
        return;
    }
    if (!m_looking.expired()) {
        m_stepsToCome += backward ? -1 : 1;
        return;
    }
    m_stepsToCome = 0;
    go(backward);
}

void ConversationFind::go(bool backward)
{
    MessageCard* card = m_view.card(m_order[m_place]);
    const auto counted = m_counts.find(m_order[m_place]);
    const int here = counted == m_counts.end() ? 0 : counted->second;
    const bool more = m_active == 0 ? here > 0 : backward ? m_active > 1 : m_active < here;
    if (more && card && card->isOpen() && card->opened()) {
        if (m_active == 0 || !isLaidOut(card)) {
            enter(card, backward);
            return;
        }
        look(card, backward);
        return;
    }
    const std::size_t count = m_order.size();
    for (std::size_t i = more ? 0 : 1; i <= count; ++i) {
        const std::size_t place = (m_place + (backward ? count * 2 - i : i)) % count;
        const auto known = m_counts.find(m_order[place]);
        if (known != m_counts.end() && known->second > 0) {
            goTo(place, backward);
            return;
        }
    }
}

void ConversationFind::goTo(std::size_t place, bool backward)
{
    m_place = place;
    m_active = 0;
    MessageCard* card = m_view.open(m_order[place]);
    if (!card) {
        m_counts[m_order[place]] = 0;
        return;
    }
    enter(card, backward);
}

void ConversationFind::enter(MessageCard* card, bool backward)
{
    m_active = 0;
    if (!isLaidOut(card)) {
        m_entering = card->message();
        m_enterBackward = backward;
        return;
    }
    m_entering = {};
    card->body()->find({}, false, [](const HtmlFound&) {});
    look(card, backward);
}

void ConversationFind::look(MessageCard* card, bool backward)
{
    // Who asks is held by the question, and so by none where the view goes before it answers.
    const auto looking = std::make_shared<char>();
    m_looking = looking;
    card->body()->find(
        m_words, backward,
        [this, round = m_round, looking, id = card->message(), backward](const HtmlFound& places) {
            if (round && m_looking.lock() == looking) {
                m_looking.reset();
                found(id, places, backward);
            }
        });
}

void ConversationFind::found(MessageId id, const HtmlFound& places, bool backward)
{
    if (m_words.isEmpty() || m_order.empty() || m_order[m_place] != id) {
        return;
    }
    m_counts[id] = places.all;
    m_active = places.active;
    if (places.all == 0) {
        go(backward); // its text has the words, and what it shows does not
        return;
    }
    if (MessageCard* card = m_view.card(id)) {
        m_view.showArea(*card->body(), places.where);
    }
    tell();
    while (m_stepsToCome != 0 && m_looking.expired() && !m_entering) {
        const bool back = m_stepsToCome < 0;
        m_stepsToCome += back ? 1 : -1;
        go(back);
    }
}

void ConversationFind::tell()
{
    int all = 0;
    int active = 0;
    bool counting = false;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        const auto known = m_counts.find(m_order[i]);
        counting = counting || known == m_counts.end();
        if (known == m_counts.end()) {
            continue;
        }
        if (i == m_place && m_active > 0) {
            active = all + m_active;
        }
        all += known->second;
    }
    Q_EMIT counted(active, all, counting && !m_words.isEmpty());
}

} // namespace avocet
