// SPDX-License-Identifier: GPL-3.0-or-later
// COMPRESS=DEFLATE (RFC 4978) between the socket and the IMAP reader: header syncs shrink to a
// quarter, which is what counts on a slow line.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/TlsSocket.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace avocet {

/// Thread: the session's worker. Owner: the connection. After an error the stream is of no use any
/// more, and the owner closes the socket.
class DeflateStream final : public ByteSource {
public:
    /// What may come out since the last write() beyond `maxRatio` times what went in. Bodies of zeros
    /// shrink to a thousandth honestly; without an end they are a bomb.
    static constexpr std::uint64_t allowance = std::uint64_t{256} << 20;
    static constexpr std::uint64_t maxRatio = 100;

    /// `leftover`: bytes behind the server's OK, compressed already.
    DeflateStream(TlsSocket& socket, std::string leftover);
    ~DeflateStream() override;
    DeflateStream(const DeflateStream&) = delete;
    DeflateStream& operator=(const DeflateStream&) = delete;

    /// Protocol for bytes that are no deflate stream, or an ended one; LimitExceeded for a bomb.
    Result<std::size_t> read(char* into, std::size_t capacity) override;
    /// Compresses and flushes, so that the server can act on it.
    Status write(std::string_view bytes);
    /// Whether read() has bytes without reading from the socket.
    bool pending();

private:
    struct Streams;

    Result<std::size_t> inflateSome(char* into, std::size_t capacity);
    Result<std::size_t> inflateOnce(char* into, std::size_t capacity);

    TlsSocket& m_socket;
    std::unique_ptr<Streams> m_streams;
    std::string m_input;
    std::string m_ahead; ///< what pending() had to inflate to know
    std::optional<Error> m_broken;
    bool m_full = false; ///< the last output ended because its space did
    std::uint64_t m_in = 0;
    std::uint64_t m_out = 0;
};

} // namespace avocet
