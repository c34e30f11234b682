// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Zstd.h"

#include <zstd.h>

#include <memory>

namespace avocet {

namespace {

struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// One a thread: making one costs as much as a small message.
ZSTD_CCtx* packer()
{
    thread_local const std::unique_ptr<ZSTD_CCtx, Free> context = [] {
        std::unique_ptr<ZSTD_CCtx, Free> made(ZSTD_createCCtx());
        if (made) {
            ZSTD_CCtx_setParameter(made.get(), ZSTD_c_compressionLevel, 1);
            ZSTD_CCtx_setParameter(made.get(), ZSTD_c_checksumFlag, 1);
        }
        return made;
    }();
    return context.get();
}

ZSTD_DCtx* unpacker()
{
    thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
    return context.get();
}

} // namespace

bool appendZstd(std::string_view raw, std::string& packed)
{
    ZSTD_CCtx* const context = packer();
    if (!context || raw.empty())
        return false;
    const std::size_t before = packed.size();
    packed.resize(before + ZSTD_compressBound(raw.size()));
    const std::size_t size = ZSTD_compress2(context, packed.data() + before, packed.size() - before,
                                            raw.data(), raw.size());
    const bool shorter = !ZSTD_isError(size) && size < raw.size();
    packed.resize(shorter ? before + size : before);
    return shorter;
}

bool appendUnzstd(std::string_view frame, std::size_t size, std::string& raw)
{
    ZSTD_DCtx* const context = unpacker();
    if (!context)
        return false;
    const std::size_t before = raw.size();
    raw.resize(before + size);
    const std::size_t made =
        ZSTD_decompressDCtx(context, raw.data() + before, size, frame.data(), frame.size());
    const bool whole = !ZSTD_isError(made) && made == size;
    if (!whole)
        raw.resize(before);
    return whole;
}

std::optional<std::size_t> zstdSize(std::string_view frame)
{
    const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR)
        return {};
    return static_cast<std::size_t>(size);
}

} // namespace avocet
