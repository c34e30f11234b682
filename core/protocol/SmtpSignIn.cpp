// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ImapStatus.h"
#include "core/protocol/LineReader.h"
#include "core/protocol/ProtocolLog.h"
#include "core/protocol/SaslMechanisms.h"
#include "core/protocol/SignIn.h"
#include "core/protocol/SmtpReply.h"
#include "core/protocol/VmimeGuard.h"
#include "core/protocol/VmimeSession.h"
#include "core/protocol/VmimeSocket.h"

#include <algorithm>
#include <vmime/vmime.hpp>

namespace avocet {
namespace {

Result<SmtpReply> command(TlsSocket& socket, LineReader& lines, const ConnectOptions& options,
                          const std::string& label, const std::string& text)
{
    if (options.log)
        options.log->sent(label, text);
    if (auto done = socket.write(text + "\r\n"); !done)
        return tl::unexpected(done.error());
    return readSmtpReply(lines, options.log, label);
}

Status greeting(LineReader& lines, const ConnectOptions& options, const std::string& label)
{
    const auto reply = readSmtpReply(lines, options.log, label);
    if (!reply)
        return tl::unexpected(reply.error());
    if (reply->code == 220)
        return {};
    if (reply->code >= 400)
        return tl::unexpected(smtpRefusal(*reply, "the connection"));
    return fail(ErrorKind::Protocol, "this is not an SMTP server", ErrorCode::NotSmtp,
                reply->words(), reply->code);
}

Status startTls(TlsSocket& socket, LineReader& lines, const ConnectOptions& options,
                const std::string& label)
{
    const auto hello =
        command(socket, lines, options, label, "EHLO " + socket.localAddressLiteral());
    if (!hello)
        return tl::unexpected(hello.error());
    if (hello->code >= 400 && hello->code < 500)
        return tl::unexpected(smtpRefusal(*hello, "EHLO"));
    const bool offered =
        hello->code == 250 &&
        std::any_of(hello->lines.begin(), hello->lines.end(),
                    [](const std::string& line) { return equalsNoCase(line, "STARTTLS"); });
    if (!offered)
        return fail(ErrorKind::Tls, "the server does not offer STARTTLS",
                    ErrorCode::StartTlsMissing);
    const auto reply = command(socket, lines, options, label, "STARTTLS");
    if (!reply)
        return tl::unexpected(reply.error());
    if (reply->code != 220)
        return fail(ErrorKind::Tls, "the server refused STARTTLS", ErrorCode::StartTlsRefused,
                    reply->words(), reply->code);
    if (lines.buffered())
        return fail(ErrorKind::Tls, "the server sent plaintext behind its STARTTLS reply",
                    ErrorCode::PlaintextInjected);
    return socket.startTls();
}

std::vector<std::string> offeredMechanisms(const std::vector<std::string>& extensions)
{
    for (const std::string& line : extensions) {
        if (line.starts_with("AUTH ") || line.starts_with("AUTH="))
            return parseCapabilities(std::string_view(line).substr(5));
    }
    return {};
}

Error signInError(const SmtpSignInSocket& socket, bool haveToken, Error fallback)
{
    if (socket.failure() &&
        (socket.failure()->code != ErrorCode::ConnectionLost || socket.refusedCode == 0))
        return *socket.failure();
    if (!socket.authenticating && socket.refusedCode == 0 &&
        chooseMechanisms(offeredMechanisms(socket.extensions), haveToken).empty())
        return Error{ErrorKind::Auth,
                     "the server offers no sign-in method that can be used",
                     {},
                     ErrorCode::NoMechanism,
                     0};
    if (!socket.authenticating && socket.refusedCode != 0)
        return Error{socket.refusedCode < 500 ? ErrorKind::Transient : ErrorKind::Rejected,
                     "the server refused EHLO", socket.refusedText, ErrorCode::None,
                     socket.refusedCode};
    if (socket.refusedCode == 504 || socket.refusedCode == 534 || socket.refusedCode == 538)
        return Error{ErrorKind::Auth, "the server does not take the sign-in method",
                     socket.refusedText, ErrorCode::NoMechanism, socket.refusedCode};
    if (socket.refusedCode != 0)
        return Error{ErrorKind::Auth, "the server did not accept the sign-in", socket.refusedText,
                     ErrorCode::WrongPassword, socket.refusedCode};
    return fallback;
}

} // namespace

Result<SignedIn> signInSmtp(const ConnectOptions& options, const Credentials& credentials,
                            std::stop_token stop)
{
    SignedIn result;
    result.label = "smtp " + options.server.host + ":" + std::to_string(options.server.port);
    auto connected = TlsSocket::connect(options, std::move(stop));
    if (!connected)
        return tl::unexpected(connected.error());
    result.socket = std::move(*connected);
    TlsSocket& socket = *result.socket;
    LineReader lines(socket);
    const SecretScrubber scrubber(credentials);
    if (auto greeted = greeting(lines, options, result.label); !greeted)
        return tl::unexpected(greeted.error());
    if (options.server.security == Security::StartTls) {
        if (auto secured = startTls(socket, lines, options, result.label); !secured)
            return tl::unexpected(secured.error());
    }
    socket.finishConnecting();

    const bool needAuth = !credentials.user.empty();
    const bool haveToken = !credentials.accessToken.empty();
    const auto adapter =
        vmime::make_shared<SmtpSignInSocket>(socket, lines, options, scrubber, result.label);
    adapter->helloName = socket.localAddressLiteral();
    adapter->offerPlain = haveToken;
    adapter->replay("220 ready");
    const Status done = vmimeGuard([&] {
        const auto authenticator =
            vmime::make_shared<SignInAuthenticator>(credentials, options.server.host, "smtp", true);
        vmimeSignInSmtp(authenticator, adapter, needAuth);
    });
    if (!done)
        return tl::unexpected(signInError(*adapter, haveToken, done.error()));
    result.offers = adapter->extensions;
    result.leftover = lines.take();
    return result;
}

} // namespace avocet
