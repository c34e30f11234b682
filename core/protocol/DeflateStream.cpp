// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/DeflateStream.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <zlib.h>

namespace avocet {
namespace {

constexpr std::size_t inputSize = 16'384;
constexpr std::size_t aheadSize = 256;
// Commands are short: a window of 8 KB and a small table save 200 KB a connection.
constexpr int sendWindow = -13;
constexpr int sendMemory = 6;
constexpr int receiveWindow = -15;

Bytef* bytesOf(char* text)
{
    return reinterpret_cast<Bytef*>(text);
}

uInt clamped(std::size_t size)
{
    return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

tl::unexpected<Error> broken(const char* what)
{
    return fail(ErrorKind::Protocol, std::string("compression: ") + what);
}

} // namespace

struct DeflateStream::Streams {
    z_stream in{};
    z_stream out{};
    bool good = false;

    Streams()
    {
        good = inflateInit2(&in, receiveWindow) == Z_OK;
        good = deflateInit2(&out, Z_DEFAULT_COMPRESSION, Z_DEFLATED, sendWindow, sendMemory,
                            Z_DEFAULT_STRATEGY) == Z_OK &&
               good;
    }
    ~Streams()
    {
        inflateEnd(&in);
        deflateEnd(&out);
    }
    Streams(const Streams&) = delete;
    Streams& operator=(const Streams&) = delete;
};

DeflateStream::DeflateStream(TlsSocket& socket, std::string leftover)
    : m_socket(socket)
    , m_streams(std::make_unique<Streams>())
    , m_input(std::move(leftover))
{
    m_in = m_input.size();
    m_streams->in.next_in = bytesOf(m_input.data());
    m_streams->in.avail_in = clamped(m_input.size());
}

DeflateStream::~DeflateStream() = default;

Result<std::size_t> DeflateStream::inflateSome(char* into, std::size_t capacity)
{
    if (m_broken)
        return tl::unexpected(*m_broken);
    auto got = inflateOnce(into, capacity);
    if (!got)
        m_broken = got.error();
    return got;
}

Result<std::size_t> DeflateStream::inflateOnce(char* into, std::size_t capacity)
{
    z_stream& stream = m_streams->in;
    if (!m_streams->good)
        return fail(ErrorKind::Storage, "no memory for compression");
    stream.next_out = bytesOf(into);
    stream.avail_out = clamped(capacity);
    const uInt space = stream.avail_out;
    const int code = inflate(&stream, Z_SYNC_FLUSH);
    if (code == Z_STREAM_END)
        return broken("the server ended the stream");
    if (code != Z_OK && code != Z_BUF_ERROR)
        return broken("the server's bytes are no deflate stream");
    const std::size_t got = space - stream.avail_out;
    m_full = stream.avail_out == 0;
    m_out += got;
    if (m_out > allowance + maxRatio * m_in)
        return fail(ErrorKind::Protocol, "the server sent too much: a compressed reply",
                    ErrorCode::LimitExceeded);
    return got;
}

Result<std::size_t> DeflateStream::read(char* into, std::size_t capacity)
{
    if (!m_ahead.empty()) {
        const std::size_t count = std::min(capacity, m_ahead.size());
        std::memcpy(into, m_ahead.data(), count);
        m_ahead.erase(0, count);
        return count;
    }
    z_stream& stream = m_streams->in;
    for (;;) {
        if (stream.avail_in > 0 || m_full || m_broken) {
            const auto got = inflateSome(into, capacity);
            if (!got || *got > 0)
                return got;
        }
        m_input.resize(inputSize);
        const auto got = m_socket.read(m_input.data(), m_input.size());
        if (!got)
            return got;
        m_in += *got;
        stream.next_in = bytesOf(m_input.data());
        stream.avail_in = clamped(*got);
    }
}

bool DeflateStream::pending()
{
    if (!m_ahead.empty())
        return true;
    if (m_streams->in.avail_in == 0 && !m_full && !m_broken)
        return false;
    // What is left may be no more than the end of a flushed block.
    m_ahead.resize(aheadSize);
    const auto got = inflateSome(m_ahead.data(), m_ahead.size());
    m_ahead.resize(got.value_or(0));
    return !got || *got > 0; // the read that follows tells the error
}

Status DeflateStream::write(std::string_view bytes)
{
    m_in = m_out = 0;
    z_stream& stream = m_streams->out;
    if (!m_streams->good)
        return fail(ErrorKind::Storage, "no memory for compression");
    char chunk[8192];
    while (!bytes.empty()) {
        const uInt count = clamped(bytes.size());
        // zlib's interface has no const here; it only reads.
        stream.next_in = bytesOf(const_cast<char*>(bytes.data()));
        stream.avail_in = count;
        bytes.remove_prefix(count);
        do {
            stream.next_out = bytesOf(chunk);
            stream.avail_out = sizeof chunk;
            if (const int code = deflate(&stream, Z_SYNC_FLUSH);
                code != Z_OK && code != Z_BUF_ERROR)
                return fail(ErrorKind::Bug, "deflate failed");
            if (auto sent = m_socket.write({chunk, sizeof chunk - stream.avail_out}); !sent)
                return sent;
        } while (stream.avail_out == 0);
    }
    return {};
}

} // namespace avocet
