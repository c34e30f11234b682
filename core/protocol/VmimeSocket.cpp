// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/VmimeSocket.h"

#include "core/protocol/ProtocolLog.h"

#include <algorithm>
#include <cstring>
#include <vmime/exception.hpp>

namespace avocet {
namespace {

constexpr std::size_t maxIgnoredLines = 10'000;
constexpr std::size_t maxReplyLines = 512;
constexpr std::size_t maxReplyBytes = 65'536;

Error tooMuch()
{
    return Error{
        ErrorKind::Protocol, "the server's reply does not end", {}, ErrorCode::LimitExceeded, 0};
}

} // namespace

VmimeSocket::VmimeSocket(TlsSocket& below, LineReader& lines, const ConnectOptions& options,
                         const SecretScrubber& scrubber, std::string label)
    : m_socket(below)
    , m_lines(lines)
    , m_log(options.log)
    , m_scrubber(scrubber)
    , m_label(std::move(label))
    , m_host(options.server.host)
{
}

void VmimeSocket::replay(std::string_view line)
{
    m_toVmime.append(line).append("\r\n");
}

void VmimeSocket::abort(Error error)
{
    if (!m_failure)
        m_failure = std::move(error);
    throw vmime::exceptions::socket_exception("connection broken");
}

void VmimeSocket::connect(const vmime::string&, const vmime::port_t) {}

void VmimeSocket::disconnect()
{
    m_detached = true;
}

bool VmimeSocket::isConnected() const
{
    return !m_detached && !m_failure && m_socket.isOpen();
}

bool VmimeSocket::waitForRead(const int)
{
    return isConnected();
}

bool VmimeSocket::waitForWrite(const int)
{
    return isConnected();
}

void VmimeSocket::receive(vmime::string& buffer)
{
    flush();
    while (m_toVmime.empty()) {
        if (m_detached || m_failure)
            throw vmime::exceptions::socket_exception("not connected");
        auto line = m_lines.line();
        if (!line)
            abort(line.error());
        if (m_log)
            m_log->received(m_label, m_scrubber.scrub(*line));
        if (auto seen = incoming(*line))
            m_toVmime = *seen + "\r\n";
    }
    // Never more than a line: what vmime has buffered when the sign-in ends would be lost.
    const std::size_t end = m_toVmime.find('\n');
    buffer = m_toVmime.substr(0, end + 1);
    m_toVmime.erase(0, end + 1);
}

std::size_t VmimeSocket::receiveRaw(vmime::byte_t* buffer, const std::size_t count)
{
    std::string line;
    receive(line);
    const std::size_t taken = std::min(count, line.size());
    std::memcpy(buffer, line.data(), taken);
    m_toVmime.insert(0, line.substr(taken));
    return taken;
}

void VmimeSocket::send(const vmime::string& buffer)
{
    put(buffer);
}

void VmimeSocket::send(const char* text)
{
    put(text);
}

void VmimeSocket::sendRaw(const vmime::byte_t* buffer, const std::size_t count)
{
    put({reinterpret_cast<const char*>(buffer), count});
}

std::size_t VmimeSocket::sendRawNonBlocking(const vmime::byte_t* buffer, const std::size_t count)
{
    sendRaw(buffer, count);
    return count;
}

void VmimeSocket::put(std::string_view bytes)
{
    if (m_detached || m_failure)
        return;
    m_fromVmime.append(bytes);
    if (m_fromVmime.ends_with('\n'))
        flush();
}

void VmimeSocket::flush()
{
    if (m_detached || m_failure)
        return;
    while (!m_fromVmime.empty()) {
        const std::size_t end = m_fromVmime.find("\r\n");
        if (end == std::string::npos)
            return;
        const std::string line = m_fromVmime.substr(0, end);
        m_fromVmime.erase(0, end + 2);
        const auto leaving = outgoing(line);
        if (!leaving)
            continue;
        if (m_log)
            m_log->sent(m_label, *leaving);
        if (auto done = m_socket.write(*leaving + "\r\n"); !done)
            abort(done.error());
    }
}

std::optional<std::string> ImapSignInSocket::incoming(const std::string& line)
{
    if (line.starts_with('+'))
        return line.size() > 1 && line[1] == ' ' ? line : "+ " + line.substr(1);
    const std::size_t space = line.find(' ');
    if (space == std::string::npos)
        abort(Error{ErrorKind::Protocol, "not an IMAP response", printable(line), ErrorCode::None,
                    0});
    const std::string tag = line.substr(0, space);
    const auto status = parseImapStatus(std::string_view(line).substr(space + 1));
    if (tag == "*") {
        // Data that comes before we are signed in is not ours to believe (S4).
        if (status && status->condition == ImapStatus::Condition::Bye)
            bye = status;
        else if (startsNoCase(line, "* CAPABILITY "))
            capabilities = parseCapabilities(std::string_view(line).substr(13));
        if (++m_ignored > maxIgnoredLines)
            abort(tooMuch());
        return std::nullopt;
    }
    if (!status)
        abort(Error{ErrorKind::Protocol, "not an IMAP response", printable(line), ErrorCode::None,
                    0});
    if (status->condition == ImapStatus::Condition::Ok) {
        if (status->code == "CAPABILITY")
            capabilities = parseCapabilities(status->arguments);
        return tag + " OK done";
    }
    refused = status;
    if (isTemporary(*status))
        abort(Error{ErrorKind::Transient, "the server cannot sign anybody in now",
                    printable(scrubber().scrub(status->text)), ErrorCode::None, 0});
    return tag + (status->condition == ImapStatus::Condition::No ? " NO refused" : " BAD refused");
}

std::optional<std::string> ImapSignInSocket::outgoing(const std::string& line)
{
    // vmime asks for the hierarchy separator; LIST is ours, so its question costs no round trip.
    const std::size_t space = line.find(' ');
    if (space != std::string::npos &&
        line.compare(space, std::string::npos, " LIST \"\" \"\"") == 0) {
        replay("* LIST (\\Noselect) \"/\" \"\"");
        replay(line.substr(0, space) + " OK done");
        return std::nullopt;
    }
    return line;
}

std::optional<std::string> SmtpSignInSocket::incoming(const std::string& line)
{
    m_replyBytes += line.size();
    if (++m_replyLines > maxReplyLines || m_replyBytes > maxReplyBytes)
        abort(tooMuch());
    const bool digits = line.size() >= 3 && std::all_of(line.begin(), line.begin() + 3, [](char c) {
                            return c >= '0' && c <= '9';
                        });
    if (!digits)
        abort(Error{ErrorKind::Protocol, "not an SMTP reply", printable(line), ErrorCode::NotSmtp,
                    0});
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    const bool last = line.size() == 3 || line[3] != '-';
    const std::string text = line.size() > 4 ? line.substr(4) : std::string();
    // vmime compares what the server offers without folding case.
    std::string seen = line.size() == 3 ? line + " " : line;
    if (m_helloPending && code == 250) {
        extensions.push_back(upperCase(text));
        seen = upperCase(seen);
        if (offerPlain && seen.compare(4, 4, "AUTH") == 0)
            seen += " PLAIN";
    }
    if (last) {
        m_replyLines = m_replyBytes = 0;
        m_helloPending = false;
        if (code >= 400) {
            refusedCode = code;
            refusedText = printable(scrubber().scrub(text));
        }
        if (authenticating && code >= 400 && code < 500)
            abort(Error{ErrorKind::Transient, "the server cannot sign anybody in now", refusedText,
                        ErrorCode::None, code});
    }
    return seen;
}

std::optional<std::string> SmtpSignInSocket::outgoing(const std::string& line)
{
    if (line.starts_with("EHLO ") || line.starts_with("HELO ")) {
        m_helloPending = line[0] == 'E';
        extensions.clear();
        return line.substr(0, 5) + helloName;
    }
    if (line.starts_with("AUTH "))
        authenticating = true;
    return line;
}

} // namespace avocet
