// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a mail provider before asking its servers, from resources/providers.json.
#pragma once

#include "core/model/Account.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace avocet {

/// Which password a provider's servers take from a mail client.
enum class PasswordKind {
    Account, ///< the one of the web site
    App,     ///< one made for this program on the provider's web site
    Bridge,  ///< the one that the provider's local bridge shows
    None,    ///< none at all: sign-in in the browser only
};

struct ProviderPreset {
    QString name;
    QStringList domains;
    ServerSettings imap;
    ServerSettings smtp;
    bool userIsLocalPart = false;
    PasswordKind password = PasswordKind::Account;
    bool enableOnWeb = false; ///< IMAP is off until the user turns it on at the provider
};

/// Entries that are not complete are left out.
std::vector<ProviderPreset> parsePresets(const QByteArray& json);
const std::vector<ProviderPreset>& builtInPresets();
std::optional<ProviderPreset> presetFor(const QString& email);

/// What the manual fields start with: the preset's servers, else imap.DOMAIN and smtp.DOMAIN with
/// implicit TLS.
Account suggestedAccount(const QString& fullName, const QString& email);

/// Usual port of a security: IMAP 993 and 143, submission 465 and 587.
std::uint16_t usualImapPort(Security security);
std::uint16_t usualSmtpPort(Security security);

} // namespace avocet
