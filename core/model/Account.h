// SPDX-License-Identifier: GPL-3.0-or-later
// An account as the user set it up: who, which servers, how trusted. Never a secret.
#pragma once

#include "core/model/Ids.h"

#include <cstdint>
#include <string>
#include <vector>

namespace avocet {

enum class Security {
    Plain,    ///< only to this machine (loopback)
    StartTls, ///< required: the connection ends where it is not offered
    Tls,      ///< implicit TLS
};

struct ServerSettings {
    Security security = Security::Tls;
    std::string host; ///< as entered, ASCII (IDNs in A-label form)
    std::uint16_t port = 0;

    friend bool operator==(const ServerSettings&, const ServerSettings&) = default;
};

/// Where the account's password lies. Recorded so that a locked keyring is never
/// mistaken for "no password".
enum class SecretPlace { Keyring, File };

struct Account {
    AccountId id;
    std::string fullName; ///< UTF-8, used as the first identity's name
    std::string email;
    std::string user; ///< sign-in name; the address where the user gave none
    ServerSettings imap;
    ServerSettings smtp;
    std::string caFile; ///< PEM with extra roots for this account, or empty
    /// "host:port=SHA-256 in lower-case hex" of a certificate that the user trusted.
    std::vector<std::string> pins;
    SecretPlace secretPlace = SecretPlace::Keyring;
    bool enabled = true;
};

/// What a new message of an identity begins as; Default: as the settings say.
enum class TextFormat { Default, Rich, Plain };

/// A sender's address; an account has at least one, and the first in its order is the one it writes as.
struct Identity {
    IdentityId id;
    AccountId account;
    std::string name;
    std::string email;
    std::string signature{}; ///< UTF-8, \n line ends
    std::string
        signatureHtml{}; ///< the same as rich text, as the editor wrote it; empty: the text is all
    bool signatureAbove = false; ///< in front of the quoted text
    bool signatureDashes = true; ///< behind a line of "-- "
    std::string replyTo{};       ///< an address list as in a Reply-To field; empty: none
    std::string organisation{};
    /// What else is received under this identity: "old@example.org", or "*@example.org" for all of a domain.
    std::vector<std::string> aliases{};
    TextFormat format = TextFormat::Default;
};

} // namespace avocet
