// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ImapStatus.h"
#include "core/protocol/LineReader.h"
#include "core/protocol/ProtocolLog.h"
#include "core/protocol/SaslMechanisms.h"
#include "core/protocol/SignIn.h"
#include "core/protocol/VmimeGuard.h"
#include "core/protocol/VmimeSession.h"
#include "core/protocol/VmimeSocket.h"

#include <algorithm>
#include <vmime/vmime.hpp>

namespace avocet {
namespace {

constexpr std::size_t maxUntagged = 1000;

/// The dialogue before vmime: greeting, capabilities, STARTTLS.
class Opening {
public:
    Opening(const ConnectOptions& options, TlsSocket& socket, LineReader& lines, std::string label)
        : m_options(options)
        , m_socket(socket)
        , m_lines(lines)
        , m_label(std::move(label))
    {
    }

    bool preAuthenticated = false;
    std::vector<std::string> capabilities;

    bool offers(std::string_view name) const
    {
        return std::find(capabilities.begin(), capabilities.end(), name) != capabilities.end();
    }

    Status run()
    {
        if (auto greeted = greeting(); !greeted)
            return greeted;
        if (m_options.server.security == Security::StartTls) {
            if (auto secured = startTls(); !secured)
                return secured;
        }
        m_socket.finishConnecting();
        if (capabilities.empty()) {
            auto status = command("P3", "CAPABILITY");
            if (!status)
                return tl::unexpected(status.error());
            if (status->condition != ImapStatus::Condition::Ok)
                return tl::unexpected(refusal(*status, "CAPABILITY"));
        }
        return {};
    }

private:
    Result<std::string> line()
    {
        auto text = m_lines.line();
        if (text && m_options.log)
            m_options.log->received(m_label, *text);
        return text;
    }

    Status greeting()
    {
        auto first = line();
        if (!first)
            return tl::unexpected(first.error());
        std::optional<ImapStatus> status;
        if (first->starts_with("* "))
            status = parseImapStatus(std::string_view(*first).substr(2));
        if (!status)
            return fail(ErrorKind::Protocol, "this is not an IMAP server", ErrorCode::NotImap,
                        printable(*first));
        switch (status->condition) {
        case ImapStatus::Condition::Bye:
            return fail(ErrorKind::Transient, "the server takes no connections now",
                        ErrorCode::None, printable(status->text));
        case ImapStatus::Condition::PreAuth:
            if (m_options.server.security == Security::StartTls)
                return fail(ErrorKind::Tls, "PREAUTH greeting before TLS", ErrorCode::PreAuth,
                            printable(status->text));
            preAuthenticated = true;
            break;
        case ImapStatus::Condition::Ok:
            break;
        default:
            return fail(ErrorKind::Protocol, "this is not an IMAP server", ErrorCode::NotImap,
                        printable(*first));
        }
        if (status->code == "CAPABILITY" && m_options.server.security != Security::StartTls)
            capabilities = parseCapabilities(status->arguments);
        return {};
    }

    Result<ImapStatus> command(std::string_view tag, std::string_view text)
    {
        std::string out(tag);
        out.append(" ").append(text);
        if (m_options.log)
            m_options.log->sent(m_label, out);
        if (auto done = m_socket.write(out + "\r\n"); !done)
            return tl::unexpected(done.error());
        for (std::size_t count = 0; count < maxUntagged; ++count) {
            auto answer = line();
            if (!answer)
                return tl::unexpected(answer.error());
            if (startsNoCase(*answer, "* CAPABILITY "))
                capabilities = parseCapabilities(std::string_view(*answer).substr(13));
            if (startsNoCase(*answer, "* BYE"))
                return fail(ErrorKind::Transient, "the server said good-bye", ErrorCode::None,
                            printable(*answer));
            if (answer->size() <= tag.size() || answer->compare(0, tag.size(), tag) != 0 ||
                (*answer)[tag.size()] != ' ')
                continue;
            if (auto status = parseImapStatus(std::string_view(*answer).substr(tag.size() + 1)))
                return *status;
            return fail(ErrorKind::Protocol, "this is not an IMAP server", ErrorCode::NotImap,
                        printable(*answer));
        }
        return fail(ErrorKind::Protocol, "the server's reply does not end",
                    ErrorCode::LimitExceeded);
    }

    Status startTls()
    {
        auto asked = command("P1", "CAPABILITY");
        if (!asked)
            return tl::unexpected(asked.error());
        if (!offers("STARTTLS"))
            return fail(ErrorKind::Tls, "the server does not offer STARTTLS",
                        ErrorCode::StartTlsMissing);
        auto status = command("P2", "STARTTLS");
        if (!status)
            return tl::unexpected(status.error());
        if (status->condition != ImapStatus::Condition::Ok)
            return fail(ErrorKind::Tls, "the server refused STARTTLS", ErrorCode::StartTlsRefused,
                        printable(status->text));
        if (m_lines.buffered())
            return fail(ErrorKind::Tls, "the server sent plaintext behind its STARTTLS reply",
                        ErrorCode::PlaintextInjected);
        // What was said in the clear counts for nothing any more (S3).
        capabilities.clear();
        return m_socket.startTls();
    }

    const ConnectOptions& m_options;
    TlsSocket& m_socket;
    LineReader& m_lines;
    std::string m_label;
};

Error signInError(const ImapSignInSocket& socket, const SecretScrubber& scrubber, Error fallback)
{
    if (socket.failure()) {
        const Error& broken = *socket.failure();
        if (broken.code != ErrorCode::ConnectionLost || (!socket.refused && !socket.bye))
            return broken;
    }
    if (socket.refused) {
        Error error{ErrorKind::Auth, "the server did not accept the sign-in",
                    printable(scrubber.scrub(socket.refused->text)), ErrorCode::WrongPassword, 0};
        if (socket.refused->code == "PRIVACYREQUIRED")
            error.code = ErrorCode::NoMechanism;
        return error;
    }
    if (socket.bye)
        return Error{ErrorKind::Transient, "the server said good-bye during the sign-in",
                     printable(scrubber.scrub(socket.bye->text)), ErrorCode::None, 0};
    fallback.serverText = scrubber.scrub(fallback.serverText);
    return fallback;
}

Status authenticate(const ConnectOptions& options, const Credentials& credentials,
                    const Opening& opening, const SecretScrubber& scrubber,
                    const vmime::shared_ptr<ImapSignInSocket>& socket)
{
    std::vector<std::string> offered;
    for (const std::string& capability : opening.capabilities) {
        if (capability.starts_with("AUTH="))
            offered.push_back(capability.substr(5));
    }
    const auto order = chooseMechanisms(offered, !credentials.accessToken.empty());
    const bool login =
        order.empty() && credentials.accessToken.empty() && !opening.offers("LOGINDISABLED");
    if (order.empty() && !login)
        return fail(ErrorKind::Auth, "the server offers no sign-in method that can be used",
                    ErrorCode::NoMechanism);

    std::string greeting = "* OK [CAPABILITY IMAP4rev1";
    for (const std::string& name : order)
        greeting += " AUTH=" + name;
    if (!credentials.accessToken.empty())
        greeting += " AUTH=PLAIN"; // see SmtpSignInSocket::offerPlain
    socket->replay(greeting + "] ready");
    const Status done = vmimeGuard([&] {
        const auto authenticator = vmime::make_shared<SignInAuthenticator>(
            credentials, options.server.host, "imap", opening.offers("SASL-IR"));
        vmimeSignInImap(authenticator, socket, !login);
    });
    if (!done)
        return tl::unexpected(signInError(*socket, scrubber, done.error()));
    return {};
}

} // namespace

Result<SignedIn> signInImap(const ConnectOptions& options, const Credentials& credentials,
                            std::stop_token stop)
{
    SignedIn result;
    result.label = "imap " + options.server.host + ":" + std::to_string(options.server.port);
    auto socket = TlsSocket::connect(options, std::move(stop));
    if (!socket)
        return tl::unexpected(socket.error());
    result.socket = std::move(*socket);
    LineReader lines(*result.socket);
    const SecretScrubber scrubber(credentials);

    Opening opening(options, *result.socket, lines, result.label);
    if (auto opened = opening.run(); !opened)
        return tl::unexpected(opened.error());
    if (!opening.preAuthenticated) {
        const auto adapter = vmime::make_shared<ImapSignInSocket>(*result.socket, lines, options,
                                                                  scrubber, result.label);
        if (auto done = authenticate(options, credentials, opening, scrubber, adapter); !done)
            return tl::unexpected(done.error());
        result.offers = adapter->capabilities;
    }
    result.leftover = lines.take();
    return result;
}

} // namespace avocet
