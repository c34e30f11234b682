// SPDX-License-Identifier: GPL-3.0-or-later
// One TCP connection with TLS by OpenSSL below everything that speaks IMAP or SMTP. vmime's own
// TLS sends no server name and accepts injected plaintext, hence ours.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/Connection.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace avocet {

class CancelSignal;

/// Something that bytes come from. A read blocks until there is at least one byte.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    virtual Result<std::size_t> read(char* into, std::size_t capacity) = 0;
};

/// Thread: one at a time. Owner: the session. States: connected in the clear, encrypted, closed;
/// any error closes it, and nothing is read or written afterwards. Every wait ends with
/// Cancelled within half a second after the stop token given at connect() was stopped, and with
/// Timeout after `ioTimeout` without a byte.
class TlsSocket final : public ByteSource {
public:
    /// Refuses Security::Plain to other hosts than this one before anything is looked up or
    /// connected. Does the TLS handshake for Security::Tls; for StartTls the caller negotiates and
    /// then calls startTls(). `connectTimeout` runs until finishConnecting().
    static Result<std::unique_ptr<TlsSocket>> connect(const ConnectOptions& options,
                                                      std::stop_token stop);
    ~TlsSocket() override;
    TlsSocket(const TlsSocket&) = delete;
    TlsSocket& operator=(const TlsSocket&) = delete;

    /// The handshake, with server name, system roots, caFile, pins and host name check. Bytes that
    /// wait unread before it are PlaintextInjected.
    Status startTls();
    /// From here on the time-out is the one of a single read or write.
    void finishConnecting();

    Result<std::size_t> read(char* into, std::size_t capacity) override;
    /// Returns once the kernel has taken every byte (for TLS: the whole last record).
    Status write(std::string_view bytes);

    enum class Wait { Readable, TimedOut, Interrupted };
    /// Waits for data without reading it. `interrupt` ends the wait as well, without closing.
    Result<Wait> waitReadable(std::chrono::milliseconds limit,
                              const CancelSignal* interrupt = nullptr);

    /// Ends what goes on as the token of connect() does, while it is set: of a single job. Null: none.
    void setJobSignal(const CancelSignal* signal);

    void setIoTimeout(std::chrono::milliseconds timeout);
    std::chrono::milliseconds ioTimeout() const;

    void close();
    bool isOpen() const;
    bool encrypted() const;
    Traffic traffic() const;
    /// This end's address as SMTP's EHLO takes it: "[127.0.0.1]" or "[IPv6:::1]".
    std::string localAddressLiteral() const;

private:
    struct Private;
    explicit TlsSocket(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace avocet
