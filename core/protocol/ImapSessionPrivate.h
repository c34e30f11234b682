// SPDX-License-Identifier: GPL-3.0-or-later
// What the translation units of ImapSession share. Internal.
#pragma once

#include "core/protocol/CancelSignal.h"
#include "core/protocol/ImapConnection.h"
#include "core/protocol/ImapSession.h"

#include <optional>
#include <string>
#include <string_view>

namespace avocet {

struct ImapSession::Private {
    Private(SignedIn signedIn, const ConnectOptions& options)
        : connection(std::move(signedIn), options)
    {
    }

    ImapConnection connection;
    bool selected = false;
    bool condstore = false; ///< of the selected mailbox

    Status afterSignIn();
    std::string fetchItems() const;
    std::string statusItems() const;
};

/// "1:3,7" for UIDs in any order; each UID once.
std::string uidSet(std::span<const std::uint32_t> uids);
std::string uidSet(const UidRange& range);

/// The parenthesis behind "n FETCH", or nothing where the response is another.
std::optional<std::string_view> fetchItemsOf(std::string_view untagged);

/// Commands that ask for FETCH data are no news of the mailbox; only what nobody asked for is.
class ExpectedFetches {
public:
    explicit ExpectedFetches(ImapConnection& connection)
        : m_connection(connection)
        , m_before(connection.change().flagsChanged)
    {
    }
    ~ExpectedFetches() { m_connection.change().flagsChanged = m_before; }
    ExpectedFetches(const ExpectedFetches&) = delete;
    ExpectedFetches& operator=(const ExpectedFetches&) = delete;
    void sawUnexpected() { m_before = true; }

private:
    ImapConnection& m_connection;
    bool m_before;
};

} // namespace avocet
