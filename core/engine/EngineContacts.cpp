// SPDX-License-Identifier: GPL-3.0-or-later
// The user's cards, and what is not suggested.
#include "core/engine/EngineCore.h"

#include "core/engine/EngineThread.h"

#include <ctime>

namespace avocet {

void EngineCore::run(RequestId request, const command::AddContacts& command)
{
    finishContacts(request, m_stores->contacts.add(command.source, command.contacts));
}

void EngineCore::run(RequestId request, const command::RemoveContacts& command)
{
    finishContacts(request, m_stores->contacts.remove(command.contacts));
}

void EngineCore::run(RequestId request, const command::HideSuggestion& command)
{
    finishContacts(request, command.address.empty()
                                ? m_stores->contacts.unhideAll()
                                : m_stores->contacts.hide(command.address, std::time(nullptr)));
}

void EngineCore::finishContacts(RequestId request, const Status& changed)
{
    if (changed)
        m_announce([](MailEngine& engine) { Q_EMIT engine.contactsChanged(); });
    finish(request, changed);
}

} // namespace avocet
