// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/AddressBook.h"

#include <ctime>

namespace avocet {

namespace {

constexpr int peoplePerPiece = 2000;

} // namespace

AddressBook::State AddressBook::state()
{
    return {m_stores->correspondents.progress().value_or(0),
            m_stores->contacts.revision().value_or(0)};
}

void AddressBook::refresh(const std::shared_ptr<AddressBook>& self)
{
    const State now = self->state();
    if (self->m_reading || (self->m_ready && now == self->m_state))
        return;
    self->m_reading = true;
    self->m_readingState = now;
    self->m_builder = {};
    self->m_after.clear();
    if (const auto contacts = self->m_stores->contacts.all())
        for (const Contact& contact : *contacts)
            self->m_builder.add(contact);
    if (const auto hidden = self->m_stores->contacts.hidden())
        for (const auto& [address, since] : *hidden)
            self->m_builder.hide(address, since);
    read(self);
}

void AddressBook::read(const std::shared_ptr<AddressBook>& self)
{
    const auto piece = self->m_stores->correspondents.piece(self->m_after, peoplePerPiece);
    // Of a damaged file that is what there is; the next start deals with it.
    if (!piece || piece->empty()) {
        self->finish();
        return;
    }
    for (const Correspondent& person : *piece)
        self->m_builder.add(person);
    self->m_after = piece->back().address;
    self->m_reader.post([self](std::stop_token stop) {
        if (!stop.stop_requested())
            read(self);
    });
}

void AddressBook::finish()
{
    m_index = m_builder.build(std::time(nullptr));
    m_builder = {};
    m_state = m_readingState;
    m_reading = false;
    m_ready = true;
    for (const Question& question : std::exchange(m_waiting, {}))
        question.done(m_index.find(question.typed, question.limit));
}

void AddressBook::suggest(const std::shared_ptr<AddressBook>& self, const std::string& typed,
                          std::size_t limit, const Done& done)
{
    if (self->m_ready) {
        done(self->m_index.find(typed, limit));
        return;
    }
    self->m_waiting.push_back({typed, limit, done});
    refresh(self);
}

} // namespace avocet
