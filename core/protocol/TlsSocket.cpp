// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/TlsSocket.h"

#include "core/protocol/CancelSignal.h"
#include "core/protocol/HostConnector.h"
#include "core/protocol/TlsHandshake.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <netinet/in.h>
#include <openssl/err.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace avocet {
namespace {

using Clock = std::chrono::steady_clock;

std::string message(int error)
{
    return std::error_code(error, std::generic_category()).message();
}

Error lost(std::string detail)
{
    return Error{ErrorKind::Offline, std::move(detail), {}, ErrorCode::ConnectionLost, 0};
}

} // namespace

struct TlsSocket::Private {
    Private(ConnectOptions o, std::stop_token stop)
        : options(std::move(o))
        , cancel(std::move(stop))
        , ioTimeout(options.ioTimeout)
        , connectDeadline(Clock::now() + options.connectTimeout)
    {
    }

    enum class Turn { Again, Done };

    ConnectOptions options;
    bool cancelled() const { return cancel.raised() || (job && job->raised()); }

    CancelSignal cancel;
    const CancelSignal* job = nullptr;
    int fd = -1;
    std::unique_ptr<TlsHandshake> tls;
    bool established = false;
    std::chrono::milliseconds ioTimeout;
    std::optional<Clock::time_point> connectDeadline;
    Traffic traffic;

    Clock::time_point deadline() const
    {
        return connectDeadline ? *connectDeadline : Clock::now() + ioTimeout;
    }

    tl::unexpected<Error> broken(Error error)
    {
        close();
        return tl::unexpected(std::move(error));
    }

    void close()
    {
        if (established) {
            SSL_shutdown(tls->ssl());
            ERR_clear_error();
        }
        established = false;
        tls.reset();
        if (fd >= 0)
            ::close(fd);
        fd = -1;
    }

    /// true: an event; false: the deadline passed or `interrupt` was raised.
    Result<bool> wait(short events, Clock::time_point until, const CancelSignal* interrupt)
    {
        for (;;) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
            const int milliseconds =
                static_cast<int>(std::clamp<long long>(left.count(), 0, 1'000'000'000));
            pollfd fds[4] = {{fd, events, 0},
                             {cancel.fd(), POLLIN, 0},
                             {interrupt ? interrupt->fd() : -1, POLLIN, 0},
                             {job ? job->fd() : -1, POLLIN, 0}};
            const int ready = ::poll(fds, 4, milliseconds);
            if (ready < 0 && errno == EINTR)
                continue;
            if (ready < 0)
                return broken(lost("poll: " + message(errno)));
            if (fds[1].revents || fds[3].revents)
                return broken(Error{ErrorKind::Cancelled, "cancelled", {}, ErrorCode::None, 0});
            if (fds[2].revents)
                return false;
            if (fds[0].revents)
                return true;
            if (ready == 0)
                return false;
        }
    }

    Status waitFor(short events, Clock::time_point until, const char* what)
    {
        auto ready = wait(events, until, nullptr);
        if (!ready)
            return tl::unexpected(ready.error());
        if (!*ready)
            return broken(Error{ErrorKind::Timeout,
                                options.server.host + " did not answer in time (" + what + ")",
                                {},
                                ErrorCode::None,
                                0});
        return {};
    }

    /// What to do after an SSL call said `code`: wait and go round again, or fail.
    Status afterSsl(int code, Clock::time_point until, const char* what)
    {
        const int reason = SSL_get_error(tls->ssl(), code);
        const int systemError = errno;
        switch (reason) {
        case SSL_ERROR_WANT_READ:
            return waitFor(POLLIN, until, what);
        case SSL_ERROR_WANT_WRITE:
            return waitFor(POLLOUT, until, what);
        case SSL_ERROR_ZERO_RETURN:
            return broken(lost("the server closed the connection"));
        case SSL_ERROR_SYSCALL:
            ERR_clear_error();
            return broken(lost(systemError ? message(systemError) : "the connection was cut"));
        default:
            break;
        }
        if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
            ERR_clear_error();
            return broken(lost("the connection was cut"));
        }
        if (!established)
            return broken(tls->failure());
        return broken(lost("TLS: " + drainSslErrors()));
    }
};

TlsSocket::TlsSocket(std::unique_ptr<Private> p)
    : d(std::move(p))
{
    // OpenSSL writes with write(2): a peer that is gone must be an error, never the end of the program.
    static const auto ignored = std::signal(SIGPIPE, SIG_IGN);
    static_cast<void>(ignored);
}

TlsSocket::~TlsSocket()
{
    d->close();
}

Result<std::unique_ptr<TlsSocket>> TlsSocket::connect(const ConnectOptions& options,
                                                      std::stop_token stop)
{
    const ServerSettings& server = options.server;
    const bool plain = server.security == Security::Plain;
    if (plain && !isLoopbackHost(server.host))
        return fail(ErrorKind::Tls,
                    "a connection without TLS may only go to this machine, not to " + server.host,
                    ErrorCode::PlaintextForbidden);
    std::unique_ptr<TlsSocket> self(
        new TlsSocket(std::make_unique<Private>(options, std::move(stop))));
    auto fd =
        connectHost(server.host, server.port, plain, *self->d->connectDeadline, self->d->cancel);
    if (!fd)
        return tl::unexpected(fd.error());
    self->d->fd = *fd;
    if (server.security == Security::Tls) {
        // A server that waits for nobody has spoken already: then this port has no TLS, and the
        // handshake says so; no check for early bytes here.
        auto handshake = TlsHandshake::create(options, *fd);
        if (!handshake)
            return tl::unexpected(handshake.error());
        self->d->tls = std::move(*handshake);
        if (auto done = self->startTls(); !done)
            return tl::unexpected(done.error());
    }
    return self;
}

Status TlsSocket::startTls()
{
    if (d->fd < 0)
        return tl::unexpected(lost("not connected"));
    if (!d->tls) {
        char byte = 0;
        if (::recv(d->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
            return d->broken(Error{ErrorKind::Tls,
                                   "the server sent plaintext behind its reply",
                                   {},
                                   ErrorCode::PlaintextInjected,
                                   0});
        auto handshake = TlsHandshake::create(d->options, d->fd);
        if (!handshake)
            return d->broken(handshake.error());
        d->tls = std::move(*handshake);
    }
    const auto until = d->deadline();
    for (;;) {
        ERR_clear_error();
        errno = 0;
        const int code = SSL_connect(d->tls->ssl());
        if (code == 1)
            break;
        if (auto next = d->afterSsl(code, until, "TLS handshake"); !next)
            return next;
    }
    d->established = true;
    return {};
}

void TlsSocket::finishConnecting()
{
    d->connectDeadline.reset();
}

Result<std::size_t> TlsSocket::read(char* into, std::size_t capacity)
{
    const auto until = d->deadline();
    while (d->fd >= 0) {
        if (d->cancelled())
            return d->broken(Error{ErrorKind::Cancelled, "cancelled", {}, ErrorCode::None, 0});
        Status next;
        if (d->established) {
            ERR_clear_error();
            errno = 0;
            std::size_t got = 0;
            if (const int code = SSL_read_ex(d->tls->ssl(), into, capacity, &got); code == 1) {
                d->traffic.in += got;
                return got;
            } else {
                next = d->afterSsl(code, until, "read");
            }
        } else {
            const ssize_t got = ::recv(d->fd, into, capacity, 0);
            if (got > 0) {
                d->traffic.in += static_cast<std::size_t>(got);
                return static_cast<std::size_t>(got);
            }
            if (got == 0)
                return d->broken(lost("the server closed the connection"));
            if (errno == EINTR)
                continue;
            if (errno != EAGAIN && errno != EWOULDBLOCK)
                return d->broken(lost(message(errno)));
            next = d->waitFor(POLLIN, until, "read");
        }
        if (!next)
            return tl::unexpected(next.error());
    }
    return tl::unexpected(lost("not connected"));
}

Status TlsSocket::write(std::string_view bytes)
{
    auto until = d->deadline();
    while (!bytes.empty()) {
        if (d->fd < 0)
            return tl::unexpected(lost("not connected"));
        if (d->cancelled())
            return d->broken(Error{ErrorKind::Cancelled, "cancelled", {}, ErrorCode::None, 0});
        std::size_t put = 0;
        Status next;
        if (d->established) {
            ERR_clear_error();
            errno = 0;
            if (const int code = SSL_write_ex(d->tls->ssl(), bytes.data(), bytes.size(), &put);
                code != 1)
                next = d->afterSsl(code, until, "write");
        } else {
            const ssize_t sent = ::send(d->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent >= 0)
                put = static_cast<std::size_t>(sent);
            else if (errno == EAGAIN || errno == EWOULDBLOCK)
                next = d->waitFor(POLLOUT, until, "write");
            else if (errno != EINTR)
                return d->broken(lost(message(errno)));
        }
        if (!next)
            return next;
        if (put) {
            d->traffic.out += put;
            bytes.remove_prefix(put);
            until = d->deadline();
        }
    }
    return {};
}

Result<TlsSocket::Wait> TlsSocket::waitReadable(std::chrono::milliseconds limit,
                                                const CancelSignal* interrupt)
{
    const auto until = Clock::now() + limit;
    for (;;) {
        if (d->fd < 0)
            return tl::unexpected(lost("not connected"));
        if (interrupt && interrupt->raised())
            return Wait::Interrupted;
        short events = POLLIN;
        if (d->established) {
            // Peeking tells application data from a session ticket or a half record.
            ERR_clear_error();
            errno = 0;
            char byte = 0;
            std::size_t got = 0;
            const int code = SSL_peek_ex(d->tls->ssl(), &byte, 1, &got);
            if (code == 1)
                return Wait::Readable;
            const int reason = SSL_get_error(d->tls->ssl(), code);
            if (reason == SSL_ERROR_WANT_WRITE)
                events = POLLOUT;
            else if (reason != SSL_ERROR_WANT_READ)
                return Wait::Readable; // the read that follows reports what is wrong
        }
        auto ready = d->wait(events, until, interrupt);
        if (!ready)
            return tl::unexpected(ready.error());
        if (*ready && !d->established)
            return Wait::Readable;
        if (!*ready)
            return interrupt && interrupt->raised() ? Wait::Interrupted : Wait::TimedOut;
    }
}

void TlsSocket::setJobSignal(const CancelSignal* signal)
{
    d->job = signal;
}

void TlsSocket::setIoTimeout(std::chrono::milliseconds timeout)
{
    d->ioTimeout = timeout;
}

std::chrono::milliseconds TlsSocket::ioTimeout() const
{
    return d->ioTimeout;
}

void TlsSocket::close()
{
    d->close();
}

bool TlsSocket::isOpen() const
{
    return d->fd >= 0;
}

bool TlsSocket::encrypted() const
{
    return d->established;
}

Traffic TlsSocket::traffic() const
{
    return d->traffic;
}

std::string TlsSocket::localAddressLiteral() const
{
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    char text[INET6_ADDRSTRLEN] = {};
    if (d->fd < 0 || ::getsockname(d->fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0)
        return "[127.0.0.1]";
    if (storage.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &storage, sizeof v4);
        ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
        return std::string("[") + text + "]";
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &storage, sizeof v6);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    return std::string("[IPv6:") + text + "]";
}

} // namespace avocet
