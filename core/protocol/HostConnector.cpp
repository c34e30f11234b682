// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/HostConnector.h"

#include "core/protocol/CancelSignal.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stop_token>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

namespace avocet {
namespace {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

// RFC 8305, "Connection Attempt Delay".
constexpr std::chrono::milliseconds attemptDelay{250};

struct Endpoint {
    sockaddr_storage storage{};
    socklen_t length = 0;
    int family = AF_UNSPEC;
};

struct LookUp {
    std::mutex mutex;
    std::stop_source finished; ///< stopped when the answer is there
    int status = EAI_AGAIN;
    std::vector<Endpoint> endpoints;
};

int millisecondsUntil(TimePoint when)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000'000));
}

bool isLoopback(const Endpoint& endpoint)
{
    if (endpoint.family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &endpoint.storage, sizeof v4);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &endpoint.storage, sizeof v6);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

int resolve(const std::string& host, std::uint16_t port, int flags, std::vector<Endpoint>& into)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* list = nullptr;
    const int status = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
    if (status != 0)
        return status;
    for (const addrinfo* entry = list; entry; entry = entry->ai_next) {
        if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6)
            continue;
        Endpoint endpoint;
        endpoint.family = entry->ai_family;
        endpoint.length = entry->ai_addrlen;
        std::memcpy(&endpoint.storage, entry->ai_addr, entry->ai_addrlen);
        into.push_back(endpoint);
    }
    ::freeaddrinfo(list);
    return into.empty() ? EAI_NONAME : 0;
}

tl::unexpected<Error> notFound(const std::string& host, int status)
{
    return fail(ErrorKind::Offline, "name look-up of " + host + ": " + ::gai_strerror(status),
                ErrorCode::HostNotFound);
}

Result<std::vector<Endpoint>> lookUp(const std::string& host, std::uint16_t port,
                                     TimePoint deadline, const CancelSignal& cancel)
{
    std::vector<Endpoint> numeric;
    if (resolve(host, port, AI_NUMERICHOST, numeric) == 0)
        return numeric;

    // getaddrinfo() cannot be interrupted. Its thread keeps the shared state alive and, when
    // nobody waits any more, drops it.
    auto state = std::make_shared<LookUp>();
    const CancelSignal finished(state->finished.get_token());
    try {
        std::thread([state, host, port] {
            std::vector<Endpoint> endpoints;
            // AI_ADDRCONFIG looks at the network's addresses and would hide one of localhost's.
            const int flags = isLoopbackHost(host) ? 0 : AI_ADDRCONFIG;
            const int status = resolve(host, port, flags, endpoints);
            {
                const std::lock_guard lock(state->mutex);
                state->status = status;
                state->endpoints = std::move(endpoints);
            }
            state->finished.request_stop();
        }).detach();
    } catch (const std::system_error& error) {
        return fail(ErrorKind::Offline, std::string("name look-up thread: ") + error.what());
    }

    for (;;) {
        pollfd fds[2] = {{finished.fd(), POLLIN, 0}, {cancel.fd(), POLLIN, 0}};
        const int ready = ::poll(fds, 2, millisecondsUntil(deadline));
        if (ready < 0 && errno == EINTR)
            continue;
        if (fds[1].revents)
            return fail(ErrorKind::Cancelled, "cancelled during the name look-up");
        if (ready == 0)
            return fail(ErrorKind::Timeout, "the name look-up of " + host + " did not end in time");
        break;
    }
    const std::lock_guard lock(state->mutex);
    if (state->status != 0)
        return notFound(host, state->status);
    return std::move(state->endpoints);
}

/// Alternates the families, beginning with the one that the resolver put first.
std::vector<Endpoint> interleave(const std::vector<Endpoint>& endpoints)
{
    std::vector<Endpoint> first, second, result;
    for (const Endpoint& endpoint : endpoints)
        (endpoint.family == endpoints.front().family ? first : second).push_back(endpoint);
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size())
            result.push_back(first[i]);
        if (i < second.size())
            result.push_back(second[i]);
    }
    return result;
}

/// The attempts of one connectHost() call; closes every descriptor that did not win.
class Race {
public:
    Race(std::vector<Endpoint> endpoints, std::string name)
        : m_endpoints(std::move(endpoints))
        , m_name(std::move(name))
    {
    }
    ~Race()
    {
        for (const pollfd& attempt : m_attempts)
            ::close(attempt.fd);
    }
    Race(const Race&) = delete;
    Race& operator=(const Race&) = delete;

    Result<int> run(TimePoint deadline, const CancelSignal& cancel)
    {
        TimePoint nextStart = Clock::now();
        for (;;) {
            while (m_next < m_endpoints.size() &&
                   (m_attempts.empty() || Clock::now() >= nextStart)) {
                start(m_endpoints[m_next++]);
                nextStart = Clock::now() + attemptDelay;
            }
            if (m_attempts.empty())
                return failure();
            const TimePoint until =
                m_next < m_endpoints.size() ? std::min(deadline, nextStart) : deadline;
            std::vector<pollfd> fds = m_attempts;
            fds.push_back({cancel.fd(), POLLIN, 0});
            const int ready = ::poll(fds.data(), fds.size(), millisecondsUntil(until));
            if (ready < 0 && errno == EINTR)
                continue;
            if (fds.back().revents)
                return fail(ErrorKind::Cancelled, "cancelled while connecting");
            if (ready == 0 && Clock::now() >= deadline)
                return fail(ErrorKind::Timeout, m_name + " did not answer in time");
            fds.pop_back();
            if (const int winner = harvest(fds); winner >= 0)
                return winner;
        }
    }

private:
    void start(const Endpoint& endpoint)
    {
        const int fd = ::socket(endpoint.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            m_lastError = errno;
            return;
        }
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        const int status =
            ::connect(fd, reinterpret_cast<const sockaddr*>(&endpoint.storage), endpoint.length);
        if (status != 0 && errno != EINPROGRESS) {
            m_lastError = errno;
            ::close(fd);
            return;
        }
        m_attempts.push_back({fd, POLLOUT, 0});
    }

    int harvest(const std::vector<pollfd>& fds)
    {
        for (const pollfd& ready : fds) {
            if (!ready.revents)
                continue;
            std::erase_if(m_attempts, [&](const pollfd& a) { return a.fd == ready.fd; });
            int error = 0;
            socklen_t length = sizeof error;
            ::getsockopt(ready.fd, SOL_SOCKET, SO_ERROR, &error, &length);
            if (error == 0)
                return ready.fd;
            m_lastError = error;
            ::close(ready.fd);
        }
        return -1;
    }

    tl::unexpected<Error> failure() const
    {
        const std::string detail =
            m_name + ": " + std::error_code(m_lastError, std::generic_category()).message();
        if (m_lastError == ETIMEDOUT)
            return fail(ErrorKind::Timeout, detail);
        return fail(ErrorKind::Offline, detail,
                    m_lastError == ECONNREFUSED ? ErrorCode::ConnectionRefused : ErrorCode::None);
    }

    std::vector<Endpoint> m_endpoints;
    std::string m_name;
    std::vector<pollfd> m_attempts;
    std::size_t m_next = 0;
    int m_lastError = ENETUNREACH;
};

} // namespace

std::string canonicalHost(const std::string& host)
{
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        return host.substr(1, host.size() - 2);
    if (host.size() > 1 && host.back() == '.')
        return host.substr(0, host.size() - 1);
    return host;
}

bool isLoopbackHost(const std::string& name)
{
    const std::string host = canonicalHost(name);
    in_addr v4{};
    if (::inet_pton(AF_INET, host.c_str(), &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    in6_addr v6{};
    if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return ::strcasecmp(host.c_str(), "localhost") == 0;
}

Result<int> connectHost(const std::string& host, std::uint16_t port, bool loopbackOnly,
                        TimePoint deadline, const CancelSignal& cancel)
{
    const std::string name = canonicalHost(host);
    if (name.empty() || name.size() > 255 || name.find('\0') != std::string::npos)
        return fail(ErrorKind::Offline, "no usable host name", ErrorCode::HostNotFound);
    auto endpoints = lookUp(name, port, deadline, cancel);
    if (!endpoints)
        return tl::unexpected(endpoints.error());
    if (loopbackOnly)
        std::erase_if(*endpoints, [](const Endpoint& e) { return !isLoopback(e); });
    if (endpoints->empty())
        return fail(ErrorKind::Tls, name + " does not resolve to this machine",
                    ErrorCode::PlaintextForbidden);
    Race race(interleave(*endpoints), name + ":" + std::to_string(port));
    return race.run(deadline, cancel);
}

} // namespace avocet
