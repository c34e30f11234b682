// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/VmimeSession.h"

#include <vmime/net/imap/IMAPStore.hpp>
#include <vmime/net/smtp/SMTPTransport.hpp>
#include <vmime/vmime.hpp>

namespace avocet {
namespace {

/// vmime makes its socket through a factory; ours is connected already.
class OneSocketFactory final : public vmime::net::socketFactory {
public:
    explicit OneSocketFactory(vmime::shared_ptr<vmime::net::socket> socket)
        : m_socket(std::move(socket))
    {
    }
    vmime::shared_ptr<vmime::net::socket> create() override { return m_socket; }
    vmime::shared_ptr<vmime::net::socket>
    create(vmime::shared_ptr<vmime::net::timeoutHandler>) override
    {
        return m_socket;
    }

private:
    vmime::shared_ptr<vmime::net::socket> m_socket;
};

/// vmime's services send LOGOUT or QUIT when they are destroyed; by then they must hold nothing.
class Detacher {
public:
    explicit Detacher(VmimeSocket& socket)
        : m_socket(socket)
    {
    }
    ~Detacher() { m_socket.detach(); }
    Detacher(const Detacher&) = delete;
    Detacher& operator=(const Detacher&) = delete;

private:
    VmimeSocket& m_socket;
};

} // namespace

void vmimeSignInImap(vmime::shared_ptr<SignInAuthenticator> authenticator,
                     vmime::shared_ptr<ImapSignInSocket> socket, bool sasl)
{
    const auto session = vmime::net::session::create();
    vmime::propertySet& properties = session->getProperties();
    properties["store.imap.options.sasl"] = sasl;
    properties["store.imap.options.sasl.fallback"] = false;
    properties["store.imap.connection.tls"] = false;
    properties["store.imap.connection.tls.required"] = false;
    properties["store.imap.auth.username"] = authenticator->getUsername();
    properties["store.imap.auth.password"] = authenticator->getPassword();
    const auto store =
        session->getStore(vmime::utility::url("imap://connected.invalid"), authenticator);
    store->setSocketFactory(vmime::make_shared<OneSocketFactory>(socket));
    const Detacher detacher(*socket);
    store->connect();
}

void vmimeSignInSmtp(vmime::shared_ptr<SignInAuthenticator> authenticator,
                     vmime::shared_ptr<SmtpSignInSocket> socket, bool needAuth)
{
    const auto session = vmime::net::session::create();
    vmime::propertySet& properties = session->getProperties();
    properties["transport.smtp.options.need-authentication"] = needAuth;
    properties["transport.smtp.options.sasl"] = true;
    properties["transport.smtp.options.sasl.fallback"] = false;
    properties["transport.smtp.connection.tls"] = false;
    properties["transport.smtp.connection.tls.required"] = false;
    properties["transport.smtp.auth.username"] = authenticator->getUsername();
    properties["transport.smtp.auth.password"] = authenticator->getPassword();
    const auto transport =
        session->getTransport(vmime::utility::url("smtp://connected.invalid"), authenticator);
    transport->setSocketFactory(vmime::make_shared<OneSocketFactory>(socket));
    const Detacher detacher(*socket);
    transport->connect();
}

} // namespace avocet
