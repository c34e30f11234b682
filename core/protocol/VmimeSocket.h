// SPDX-License-Identifier: GPL-3.0-or-later
// What vmime takes for its socket during the sign-in: a filter over a connection that is already
// made, verified and greeted. Internal: vmime types.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/Connection.h"
#include "core/protocol/ImapStatus.h"
#include "core/protocol/LineReader.h"
#include "core/protocol/Redaction.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <vmime/net/socket.hpp>

namespace avocet {

/// Thread: the session's worker. Owner: vmime's service and signIn(), while the sign-in lasts.
/// vmime's parser throws on much that servers really send, and its buffer is private. So it sees
/// one clean line at a time: untagged data before login is dropped, response codes are cut, and what
/// the client needs to know of the dialogue is kept here. After detach() it is closed for vmime
/// and the connection lives on.
class VmimeSocket : public vmime::net::socket {
public:
    VmimeSocket(TlsSocket& below, LineReader& lines, const ConnectOptions& options,
                const SecretScrubber& scrubber, std::string label);

    /// What vmime reads first.
    void replay(std::string_view line);
    void detach() { m_detached = true; }
    /// What broke the connection below vmime, if anything did.
    const std::optional<Error>& failure() const { return m_failure; }

    void connect(const vmime::string& address, const vmime::port_t port) override;
    void disconnect() override;
    bool isConnected() const override;
    bool waitForRead(const int milliseconds) override;
    bool waitForWrite(const int milliseconds) override;
    void receive(vmime::string& buffer) override;
    std::size_t receiveRaw(vmime::byte_t* buffer, const std::size_t count) override;
    void send(const vmime::string& buffer) override;
    void send(const char* text) override;
    void sendRaw(const vmime::byte_t* buffer, const std::size_t count) override;
    std::size_t sendRawNonBlocking(const vmime::byte_t* buffer, const std::size_t count) override;
    std::size_t getBlockSize() const override { return 65'536; }
    unsigned int getStatus() const override { return 0; }
    const vmime::string getPeerName() const override { return m_host; }
    const vmime::string getPeerAddress() const override { return m_host; }
    vmime::shared_ptr<vmime::net::timeoutHandler> getTimeoutHandler() override { return {}; }
    void setTracer(vmime::shared_ptr<vmime::net::tracer>) override {}
    vmime::shared_ptr<vmime::net::tracer> getTracer() override { return {}; }

protected:
    /// What vmime shall see of a line from the server, or nothing.
    virtual std::optional<std::string> incoming(const std::string& line) = 0;
    /// What shall leave for a complete line of vmime, or nothing.
    virtual std::optional<std::string> outgoing(const std::string& line) = 0;
    [[noreturn]] void abort(Error error);
    const SecretScrubber& scrubber() const { return m_scrubber; }

private:
    void flush();
    void put(std::string_view bytes);

    TlsSocket& m_socket;
    LineReader& m_lines;
    ProtocolLog* m_log;
    const SecretScrubber& m_scrubber;
    std::string m_label;
    std::string m_host;
    std::string m_toVmime;
    std::string m_fromVmime;
    std::optional<Error> m_failure;
    bool m_detached = false;
};

/// The IMAP side: keeps the last refusal and the capabilities that came with the tagged OK.
class ImapSignInSocket final : public VmimeSocket {
public:
    using VmimeSocket::VmimeSocket;
    std::optional<ImapStatus> refused;
    std::optional<ImapStatus> bye;
    std::vector<std::string> capabilities;

protected:
    std::optional<std::string> incoming(const std::string& line) override;
    std::optional<std::string> outgoing(const std::string& line) override;

private:
    std::size_t m_ignored = 0;
};

/// The SMTP side: replaces the name in EHLO, keeps its reply and the last refusal.
class SmtpSignInSocket final : public VmimeSocket {
public:
    using VmimeSocket::VmimeSocket;
    std::string helloName; ///< address literal
    std::vector<std::string> extensions;
    int refusedCode = 0;
    std::string refusedText;
    bool authenticating = false;
    /// vmime gives up where the GSASL library has nothing to suggest, and it has not heard of the token
    /// methods. With a token, PLAIN is shown to vmime and never chosen.
    bool offerPlain = false;

protected:
    std::optional<std::string> incoming(const std::string& line) override;
    std::optional<std::string> outgoing(const std::string& line) override;

private:
    std::size_t m_replyLines = 0;
    std::size_t m_replyBytes = 0;
    bool m_helloPending = false;
};

} // namespace avocet
