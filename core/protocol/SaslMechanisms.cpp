// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/SaslMechanisms.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <string_view>
#include <vmime/security/sasl/SASLContext.hpp>
#include <vmime/security/sasl/SASLMechanismFactory.hpp>
#include <vmime/security/sasl/SASLSession.hpp>

namespace avocet {
namespace {

namespace sasl = vmime::security::sasl;

constexpr std::array<std::string_view, 2> tokenMethods{"OAUTHBEARER", "XOAUTH2"};
constexpr std::array<std::string_view, 3> challengeMethods{"SCRAM-SHA-256", "SCRAM-SHA-1",
                                                           "CRAM-MD5"};
constexpr std::array<std::string_view, 2> passwordMethods{"PLAIN", "LOGIN"};

template <std::size_t N>
void addFirst(std::vector<std::string>& into, const std::array<std::string_view, N>& methods,
              const std::vector<std::string>& offered)
{
    for (const std::string_view method : methods) {
        if (std::find(offered.begin(), offered.end(), method) != offered.end()) {
            into.emplace_back(method);
            return;
        }
    }
}

/// vmime frees what a mechanism returns with delete[].
void hand(std::string_view bytes, vmime::byte_t** out, std::size_t* length)
{
    *out = new vmime::byte_t[bytes.size() + 1];
    std::memcpy(*out, bytes.data(), bytes.size());
    *length = bytes.size();
}

/// XOAUTH2 (Google, Microsoft) and OAUTHBEARER (RFC 7628): the token goes with the first
/// response; after an error the server explains itself in a challenge that wants an answer.
class TokenMechanism final : public sasl::SASLMechanism {
public:
    TokenMechanism(vmime::shared_ptr<sasl::SASLContext>, const vmime::string& name)
        : m_name(name)
    {
    }

    const vmime::string getName() const override { return m_name; }
    bool hasInitialResponse() const override { return true; }
    bool isComplete() const override { return m_sent; }

    bool step(vmime::shared_ptr<sasl::SASLSession> session, const vmime::byte_t*, const std::size_t,
              vmime::byte_t** response, std::size_t* length) override
    {
        const bool bearer = m_name == "OAUTHBEARER";
        if (m_sent) {
            hand(bearer ? "\x01" : "", response, length);
            return true;
        }
        m_sent = true;
        const auto authenticator = session->getAuthenticator();
        const std::string user = authenticator->getUsername();
        const std::string token = authenticator->getAccessToken();
        hand((bearer ? "n,a=" + escaped(user) + "," : "user=" + user) + "\x01" + "auth=Bearer " +
                 token + "\x01\x01",
             response, length);
        return true;
    }

    void encode(vmime::shared_ptr<sasl::SASLSession>, const vmime::byte_t* input,
                const std::size_t size, vmime::byte_t** out, std::size_t* length) override
    {
        *out = new vmime::byte_t[size + 1];
        std::memcpy(*out, input, size);
        *length = size;
    }

    void decode(vmime::shared_ptr<sasl::SASLSession> session, const vmime::byte_t* input,
                const std::size_t size, vmime::byte_t** out, std::size_t* length) override
    {
        encode(std::move(session), input, size, out, length);
    }

private:
    // RFC 5801: a comma or an equals sign would end the name.
    static std::string escaped(const std::string& user)
    {
        std::string result;
        for (const char c : user)
            result += c == ','   ? std::string("=2C")
                      : c == '=' ? std::string("=3D")
                                 : std::string(1, c);
        return result;
    }

    vmime::string m_name;
    bool m_sent = false;
};

/// The same mechanism, but we say whether its first response goes with the command. vmime never does
/// that for its own ones, which costs a round trip, and always for the token methods, which
/// servers without SASL-IR refuse.
class FirstResponse final : public sasl::SASLMechanism {
public:
    FirstResponse(vmime::shared_ptr<sasl::SASLMechanism> inner, bool atOnce)
        : m_inner(std::move(inner))
        , m_atOnce(atOnce)
    {
    }
    const vmime::string getName() const override { return m_inner->getName(); }
    bool hasInitialResponse() const override { return m_atOnce; }
    bool isComplete() const override { return m_inner->isComplete(); }
    bool step(vmime::shared_ptr<sasl::SASLSession> session, const vmime::byte_t* challenge,
              const std::size_t size, vmime::byte_t** response, std::size_t* length) override
    {
        return m_inner->step(std::move(session), challenge, size, response, length);
    }
    void encode(vmime::shared_ptr<sasl::SASLSession> session, const vmime::byte_t* input,
                const std::size_t size, vmime::byte_t** out, std::size_t* length) override
    {
        m_inner->encode(std::move(session), input, size, out, length);
    }
    void decode(vmime::shared_ptr<sasl::SASLSession> session, const vmime::byte_t* input,
                const std::size_t size, vmime::byte_t** out, std::size_t* length) override
    {
        m_inner->decode(std::move(session), input, size, out, length);
    }

private:
    vmime::shared_ptr<sasl::SASLMechanism> m_inner;
    bool m_atOnce;
};

} // namespace

std::vector<std::string> chooseMechanisms(const std::vector<std::string>& offered, bool haveToken)
{
    std::vector<std::string> result;
    if (haveToken) {
        addFirst(result, tokenMethods, offered);
        return result;
    }
    addFirst(result, challengeMethods, offered);
    addFirst(result, passwordMethods, offered);
    return result;
}

void registerMechanisms()
{
    static std::once_flag once;
    std::call_once(once, [] {
        auto* factory = sasl::SASLMechanismFactory::getInstance();
        for (const std::string_view name : tokenMethods)
            factory->registerMechanism<TokenMechanism>(std::string(name));
    });
}

SignInAuthenticator::SignInAuthenticator(Credentials credentials, std::string host,
                                         std::string service, bool initialResponse)
    : m_credentials(std::move(credentials))
    , m_host(std::move(host))
    , m_service(std::move(service))
    , m_initialResponse(initialResponse)
{
}

const std::vector<SignInAuthenticator::Mechanism>
SignInAuthenticator::getAcceptableMechanisms(const std::vector<Mechanism>& available,
                                             Mechanism) const
{
    std::vector<std::string> names;
    for (const Mechanism& mechanism : available)
        names.push_back(mechanism->getName());
    std::vector<Mechanism> result;
    for (const std::string& name : chooseMechanisms(names, !m_credentials.accessToken.empty())) {
        const auto found = std::find_if(available.begin(), available.end(),
                                        [&](const Mechanism& m) { return m->getName() == name; });
        if (found == available.end())
            continue;
        const bool serverSpeaksFirst = name == "LOGIN" || name == "CRAM-MD5";
        result.push_back(
            vmime::make_shared<FirstResponse>(*found, m_initialResponse && !serverSpeaksFirst));
    }
    return result;
}

const vmime::string SignInAuthenticator::getUsername() const
{
    return m_credentials.user;
}

const vmime::string SignInAuthenticator::getPassword() const
{
    return m_credentials.password;
}

const vmime::string SignInAuthenticator::getAccessToken() const
{
    return m_credentials.accessToken;
}

const vmime::string SignInAuthenticator::getHostname() const
{
    return m_host;
}

const vmime::string SignInAuthenticator::getServiceName() const
{
    return m_service;
}

} // namespace avocet
