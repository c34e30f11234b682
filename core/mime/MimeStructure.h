// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of a message's parts with their byte offsets (RFC 2046), found in one pass over its lines
// with a stack of its own.
#pragma once

#include "core/mime/MessageReader.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace avocet::mime {

/// What the body is made from but callers need not know.
struct PartDetail {
    std::size_t headerEnd = 0; ///< behind the last field that was read
    bool isMessage = false;    ///< message/rfc822 whose child is its content
    bool unsplit = false;      ///< a multipart that never was taken apart: shown raw
};

/// Bytes that belong to no part but may hold words: text before the first or behind the last
/// boundary, header lines beyond the limit, everything beyond the part limit.
struct LooseRange {
    std::size_t start = 0, end = 0;
    enum class Kind { Preamble, Epilogue, HeaderRest, Rest } kind = Kind::Rest;
    int part = 0;
};

struct MimeStructure {
    std::vector<MimePart> parts; ///< in the order of the message: a parent before its children
    std::vector<PartDetail> details;
    std::vector<LooseRange> loose;
    bool bareCr = false;
};

/// Notes for people, each once, at most a hundred.
class Notes {
public:
    explicit Notes(std::vector<std::string>& notes)
        : m_notes(notes)
    {
    }
    void add(std::string_view note);

private:
    std::vector<std::string>& m_notes;
};

MimeStructure readStructure(std::string_view message, const ReaderLimits& limits, Notes& notes);

} // namespace avocet::mime
