// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ScriptedServer.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

namespace avocet::test {
namespace {

std::vector<std::string> splitScript(std::string_view script)
{
    std::vector<std::string> steps;
    while (!script.empty()) {
        std::string_view line = script.substr(0, script.find('\n'));
        script.remove_prefix(std::min(script.size(), line.size() + 1));
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        if (!line.empty() && line.front() != '#')
            steps.emplace_back(line);
    }
    return steps;
}

std::string unescaped(std::string_view text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            result += text[i];
            continue;
        }
        switch (text[++i]) {
        case 'r':
            result += '\r';
            break;
        case 'n':
            result += '\n';
            break;
        case 't':
            result += '\t';
            break;
        case '0':
            result += '\0';
            break;
        case 'x':
            result += static_cast<char>(
                std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
            i += 2;
            break;
        default:
            result += text[i];
        }
    }
    return result;
}

std::string_view argument(std::string_view line, std::string_view key)
{
    line.remove_prefix(key.size());
    if (line.starts_with(' '))
        line.remove_prefix(1);
    return line;
}

/// Raw deflate in both directions, flushed after each piece.
class Deflated {
public:
    Deflated()
    {
        inflateInit2(&m_in, -15);
        deflateInit2(&m_out, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    }
    ~Deflated()
    {
        inflateEnd(&m_in);
        deflateEnd(&m_out);
    }
    Deflated(const Deflated&) = delete;
    Deflated& operator=(const Deflated&) = delete;

    std::string packed(std::string_view bytes)
    {
        return passed(m_out, bytes, [](z_stream& s) { return deflate(&s, Z_SYNC_FLUSH); });
    }
    std::string unpacked(std::string_view bytes)
    {
        return passed(m_in, bytes, [](z_stream& s) { return inflate(&s, Z_SYNC_FLUSH); });
    }

private:
    template <class Pass>
    static std::string passed(z_stream& stream, std::string_view bytes, Pass pass)
    {
        std::string result;
        char chunk[16'384];
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream.avail_in = static_cast<uInt>(bytes.size());
        do {
            stream.next_out = reinterpret_cast<Bytef*>(chunk);
            stream.avail_out = sizeof chunk;
            if (const int code = pass(stream); code != Z_OK && code != Z_BUF_ERROR)
                break;
            result.append(chunk, sizeof chunk - stream.avail_out);
        } while (stream.avail_out == 0);
        return result;
    }

    z_stream m_in{};
    z_stream m_out{};
};

} // namespace

/// One accepted connection. Every wait ends when the server is told to stop.
class ScriptedServer::Peer {
public:
    Peer(ScriptedServer& server, int fd)
        : m_server(server)
        , m_fd(fd)
    {
        ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    }
    ~Peer() { close(); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    void close()
    {
        if (m_ssl)
            SSL_shutdown(m_ssl.get());
        m_ssl.reset();
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = -1;
        ERR_clear_error();
    }

    bool startTls(const ServerIdentity& identity)
    {
        m_context.reset(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
        SSL_CTX_use_certificate(m_context.get(), identity.certificate.get());
        SSL_CTX_use_PrivateKey(m_context.get(), identity.key.get());
        m_ssl.reset(SSL_new(m_context.get()), SSL_free);
        SSL_set_fd(m_ssl.get(), m_fd);
        for (;;) {
            const int code = SSL_accept(m_ssl.get());
            if (code == 1)
                return true;
            if (!waitSsl(code)) {
                m_ssl.reset();
                return false;
            }
        }
    }

    void startDeflate()
    {
        m_deflated = std::make_unique<Deflated>();
        m_buffer = m_deflated->unpacked(m_buffer);
    }

    bool send(std::string_view text)
    {
        std::string packed;
        if (m_deflated)
            packed = m_deflated->packed(text);
        std::string_view bytes = m_deflated ? packed : text;
        while (!bytes.empty()) {
            std::size_t put = 0;
            if (m_ssl) {
                const int code = SSL_write_ex(m_ssl.get(), bytes.data(), bytes.size(), &put);
                if (code != 1 && !waitSsl(code))
                    return false;
            } else {
                const ssize_t sent = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
                if (sent < 0 && (errno != EAGAIN || !wait(POLLOUT)))
                    return false;
                put = sent > 0 ? static_cast<std::size_t>(sent) : 0;
            }
            bytes.remove_prefix(put);
        }
        return true;
    }

    /// False: the client is gone, or the test wants no more.
    bool fill()
    {
        char chunk[65'536];
        for (;;) {
            std::size_t got = 0;
            if (m_ssl) {
                const int code = SSL_read_ex(m_ssl.get(), chunk, sizeof chunk, &got);
                if (code != 1) {
                    if (!waitSsl(code))
                        return false;
                    continue;
                }
            } else {
                const ssize_t count = ::recv(m_fd, chunk, sizeof chunk, 0);
                if (count == 0 || (count < 0 && errno != EAGAIN))
                    return false;
                if (count < 0) {
                    if (!wait(POLLIN))
                        return false;
                    continue;
                }
                got = static_cast<std::size_t>(count);
            }
            std::string text(chunk, got);
            if (m_deflated)
                text = m_deflated->unpacked(text);
            m_buffer += text;
            const std::lock_guard lock(m_server.m_mutex);
            m_server.m_received += text;
            return true;
        }
    }

    std::optional<std::string> readLine()
    {
        for (;;) {
            const std::size_t end = m_buffer.find("\r\n");
            if (end != std::string::npos) {
                std::string line = m_buffer.substr(0, end);
                m_buffer.erase(0, end + 2);
                return line;
            }
            if (!fill())
                return std::nullopt;
        }
    }

    bool readBytes(std::size_t count)
    {
        while (m_buffer.size() < count) {
            if (!fill())
                return false;
        }
        m_buffer.erase(0, count);
        return true;
    }

    bool readData()
    {
        for (;;) {
            const std::size_t end = m_buffer.find("\r\n.\r\n");
            if (end != std::string::npos) {
                m_buffer.erase(0, end + 5);
                return true;
            }
            if (!fill())
                return false;
        }
    }

    bool idle() const { return m_buffer.empty(); }

private:
    bool wait(short events)
    {
        for (;;) {
            pollfd fds[2] = {{m_fd, events, 0}, {m_server.m_wake, POLLIN, 0}};
            if (::poll(fds, 2, -1) < 0 && errno == EINTR)
                continue;
            return fds[1].revents == 0;
        }
    }

    bool waitSsl(int code)
    {
        const int reason = SSL_get_error(m_ssl.get(), code);
        ERR_clear_error();
        if (reason == SSL_ERROR_WANT_READ)
            return wait(POLLIN);
        if (reason == SSL_ERROR_WANT_WRITE)
            return wait(POLLOUT);
        return false;
    }

    ScriptedServer& m_server;
    int m_fd;
    std::shared_ptr<SSL_CTX> m_context;
    std::shared_ptr<SSL> m_ssl;
    std::unique_ptr<Deflated> m_deflated;
    std::string m_buffer;
};

ScriptedServer::ScriptedServer(std::string_view script)
    : m_script(splitScript(script))
{
    listen();
}

ScriptedServer::ScriptedServer(std::string_view script, ServerIdentity identity, bool implicitTls)
    : m_script(splitScript(script))
    , m_identity(std::move(identity))
    , m_implicitTls(implicitTls)
{
    listen();
}

ScriptedServer::~ScriptedServer()
{
    finish(0);
    m_thread.join();
    ::close(m_listener);
    ::close(m_wake);
}

void ScriptedServer::listen()
{
    m_wake = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(m_listener, 8) != 0 ||
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        throw std::runtime_error("cannot listen");
    m_port = ntohs(address.sin_port);
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void ScriptedServer::release(const std::string& name)
{
    const std::lock_guard lock(m_mutex);
    m_released.push_back(name);
    m_changed.notify_all();
}

bool ScriptedServer::waitForStep(std::size_t step, int milliseconds)
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, std::chrono::milliseconds(milliseconds),
                              [&] { return m_step >= step || m_finished; });
}

void ScriptedServer::finish(int milliseconds)
{
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, std::chrono::milliseconds(milliseconds),
                           [&] { return m_finished || m_step >= m_script.size(); });
    }
    m_thread.request_stop();
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_wake, &one, sizeof one);
    std::unique_lock lock(m_mutex);
    m_changed.notify_all();
    m_changed.wait(lock, [&] { return m_finished; });
}

std::string ScriptedServer::received() const
{
    const std::lock_guard lock(m_mutex);
    return m_received;
}

std::string ScriptedServer::problem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

int ScriptedServer::connections() const
{
    const std::lock_guard lock(m_mutex);
    return m_connections;
}

void ScriptedServer::setProblem(const std::string& text)
{
    const std::lock_guard lock(m_mutex);
    if (m_problem.empty())
        m_problem = text;
}

void ScriptedServer::run(const std::stop_token& stop)
{
    play(stop);
    const std::lock_guard lock(m_mutex);
    m_finished = true;
    m_changed.notify_all();
}

void ScriptedServer::play(const std::stop_token& stop)
{
    std::size_t next = 0;
    while (!stop.stop_requested()) {
        pollfd fds[2] = {{m_listener, POLLIN, 0}, {m_wake, POLLIN, 0}};
        if (::poll(fds, 2, -1) < 0 && errno == EINTR)
            continue;
        if (fds[1].revents) {
            if (next < m_script.size())
                setProblem("the client did not come for: " + m_script[next]);
            return;
        }
        Peer peer(*this, ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC));
        {
            const std::lock_guard lock(m_mutex);
            ++m_connections;
        }
        if (m_implicitTls && !peer.startTls(*m_identity)) {
            setProblem("no TLS handshake");
            return;
        }
        bool another = false;
        for (; next < m_script.size() && !another; ++next) {
            {
                const std::lock_guard lock(m_mutex);
                m_step = next;
                m_changed.notify_all();
            }
            another = m_script[next] == "NEXT:";
            if (!another && !step(peer, m_script[next], stop))
                return;
        }
        if (another)
            continue;
        {
            const std::lock_guard lock(m_mutex);
            m_step = next;
            m_changed.notify_all();
        }
        while (peer.fill()) {
        }
        return;
    }
}

bool ScriptedServer::step(Peer& peer, std::string_view line, const std::stop_token& stop)
{
    const std::string where = "at \"" + std::string(line) + "\": ";
    bool good = true;
    if (line.starts_with("S:")) {
        good = peer.send(substituted(argument(line, "S:")) + "\r\n");
    } else if (line.starts_with("R:")) {
        good = peer.send(unescaped(substituted(argument(line, "R:"))));
    } else if (line.starts_with("C:")) {
        const auto got = peer.readLine();
        if (got && !matches(argument(line, "C:"), *got)) {
            setProblem(where + "the client said: " + *got);
            return false;
        }
        good = got.has_value();
    } else if (line.starts_with("N:")) {
        good = peer.readBytes(std::stoul(std::string(argument(line, "N:"))));
    } else if (line == "DATA:") {
        good = peer.readData();
    } else if (line == "TLS:") {
        if (!peer.idle())
            setProblem(where + "bytes before the handshake");
        if (!peer.startTls(*m_identity)) {
            setProblem(where + "no handshake");
            return false;
        }
    } else if (line == "DEFLATE:") {
        peer.startDeflate();
    } else if (line.starts_with("SYNC:")) {
        const std::string name(argument(line, "SYNC:"));
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] {
            return stop.stop_requested() ||
                   std::find(m_released.begin(), m_released.end(), name) != m_released.end();
        });
        return !stop.stop_requested();
    } else if (line.starts_with("FLOOD:")) {
        const std::string text = substituted(argument(line, "FLOOD:")) + "\r\n";
        while (peer.send(text)) {
        }
    } else if (line == "EOF:") {
        if (!peer.idle() || peer.fill())
            setProblem(where + "the client went on");
    } else if (line == "CLOSE:") {
        peer.close();
    } else {
        setProblem(where + "no such step");
        return false;
    }
    if (!good)
        setProblem(where + "the client is gone");
    return good;
}

std::string ScriptedServer::substituted(std::string_view text) const
{
    std::string result(text);
    for (const auto& [name, value] : m_captures) {
        const std::string key = "{" + name + "}";
        for (std::size_t at = result.find(key); at != std::string::npos; at = result.find(key))
            result.replace(at, key.size(), value);
    }
    return result;
}

bool ScriptedServer::matches(std::string_view pattern, std::string_view line)
{
    while (!pattern.empty()) {
        if (pattern == "...")
            return true;
        const bool capture = pattern.size() > 1 && pattern[0] == '{' &&
                             std::isalpha(static_cast<unsigned char>(pattern[1]));
        if (!capture) {
            if (line.empty() || line[0] != pattern[0])
                return false;
            line.remove_prefix(1);
            pattern.remove_prefix(1);
            continue;
        }
        const std::size_t end = pattern.find('}');
        const std::string name(pattern.substr(1, end - 1));
        pattern.remove_prefix(end + 1);
        const std::string_view word = line.substr(0, line.find_first_of(" "));
        std::erase_if(m_captures, [&](const auto& c) { return c.first == name; });
        m_captures.emplace_back(name, word);
        line.remove_prefix(word.size());
    }
    return line.empty();
}

} // namespace avocet::test
