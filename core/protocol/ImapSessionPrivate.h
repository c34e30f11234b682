// SPDX-License-Identifier: GPL-3.0-or-later
// What the translation units of ImapSession share. Internal.
#pragma once

#include "core/protocol/CancelSignal.h"
#include "core/protocol/ImapConnection.h"
#include "core/protocol/ImapSession.h"
#include "core/protocol/UidSets.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

struct ImapSession::Private {
    Private(SignedIn signedIn, const ConnectOptions& options)
        : connection(std::move(signedIn), options)
    {
    }

    ImapConnection connection;
    bool selected = false;
    std::string opened; ///< the mailbox, while selected
    bool readOnly = false;
    bool condstore = false; ///< of the selected mailbox
    bool qresync = false;   ///< enabled

    /// An extension, or IMAP4rev2 that has it built in.
    bool offers(std::string_view name) const
    {
        return connection.has(name) || connection.has("IMAP4REV2");
    }
    bool offersCondstore() const
    {
        return connection.has("CONDSTORE") || connection.has("QRESYNC");
    }
    Status afterSignIn();
    /// Courier renames and deletes no mailbox that is open, and appends to none that is open read-only.
    Status leave(const std::string& mailbox);
    std::string fetchItems() const;
    std::string statusItems() const;
    Result<ImapStatus> listAndAsk(const ImapCommand& list, const std::vector<std::string>& known,
                                  const ImapConnection::Untagged& untagged);
    Result<ImapStatus> answers(std::vector<std::string> tags, const std::string& wanted,
                               const ImapConnection::Untagged& untagged);
};

/// The parenthesis behind "n FETCH", or nothing where the response is another.
std::optional<std::string_view> fetchItemsOf(std::string_view untagged);

/// The FETCH response that has flags of a UID, and a MODSEQ where there is one. False: malformed.
/// `into.uid` is 0 where it says something else.
bool parseFlagState(std::string_view items, FlagState& into);

tl::unexpected<Error> unsupported(const char* extension);

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

/// The same for LIST and STATUS.
class ExpectedListings {
public:
    explicit ExpectedListings(ImapConnection& connection)
        : m_connection(connection)
    {
        m_connection.expectListings(true);
    }
    ~ExpectedListings() { m_connection.expectListings(false); }
    ExpectedListings(const ExpectedListings&) = delete;
    ExpectedListings& operator=(const ExpectedListings&) = delete;

private:
    ImapConnection& m_connection;
};

} // namespace avocet
