// SPDX-License-Identifier: GPL-3.0-or-later
// Which sign-in methods are tried in which order, and the two that vmime does not bring itself.
// Internal: vmime types; nothing outside core/protocol includes this.
#pragma once

#include "core/protocol/Connection.h"

#include <string>
#include <vector>
#include <vmime/security/sasl/SASLMechanism.hpp>
#include <vmime/security/sasl/defaultSASLAuthenticator.hpp>

namespace avocet {

/// What to try among what the server offers, best first. With an access token: OAUTHBEARER, else
/// XOAUTH2. With a password: the strongest challenge method, then one that sends the password
/// (TLS protects it; servers often announce challenge methods that an account's stored hash does
/// not allow). At most two, so that a wrong password does not run into a server's lockout.
std::vector<std::string> chooseMechanisms(const std::vector<std::string>& offered, bool haveToken);

/// Makes XOAUTH2 and OAUTHBEARER known to vmime; once a process.
void registerMechanisms();

/// Hands vmime the credentials and, by chooseMechanisms(), the mechanisms to try.
class SignInAuthenticator final : public vmime::security::sasl::defaultSASLAuthenticator {
public:
    using Mechanism = vmime::shared_ptr<vmime::security::sasl::SASLMechanism>;

    /// initialResponse: the server takes the first response with the command (SASL-IR; in SMTP always).
    SignInAuthenticator(Credentials credentials, std::string host, std::string service,
                        bool initialResponse);

    const std::vector<Mechanism> getAcceptableMechanisms(const std::vector<Mechanism>& available,
                                                         Mechanism suggested) const override;
    const vmime::string getUsername() const override;
    const vmime::string getPassword() const override;
    const vmime::string getAccessToken() const override;
    const vmime::string getHostname() const override;
    const vmime::string getServiceName() const override;

private:
    Credentials m_credentials;
    std::string m_host;
    std::string m_service;
    bool m_initialResponse;
};

} // namespace avocet
