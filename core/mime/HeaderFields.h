// SPDX-License-Identifier: GPL-3.0-or-later
// Lines and header fields of a message (RFC 5322 section 2.2), with whatever line ends it has.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet::mime {

struct Line {
    std::size_t start = 0;
    std::size_t end = 0;  ///< behind the last byte of its content
    std::size_t next = 0; ///< behind its line end
};

/// Cuts bytes into lines. LF and CRLF end a line; a CR alone does only where the very first line
/// of the message ends with one, so that a stray CR cannot smuggle a header field in.
bool usesBareCr(std::string_view message);

class LineCutter {
public:
    LineCutter(std::string_view bytes, bool bareCr);
    /// The line that starts at `pos`, which must be less than the size.
    Line at(std::size_t pos) const;

private:
    std::string_view m_bytes;
    bool m_bareCr = false;
};

struct HeaderField {
    std::string_view name;
    std::string_view value;         ///< raw, still folded
    std::size_t start = 0, end = 0; ///< the whole field with its line ends
};

/// Length of the field name that a line starts with, 0 where there is none.
std::size_t fieldNameLength(std::string_view line);
/// A name that mail headers do have, rather than a word before a colon in a text.
bool isLikelyFieldName(std::string_view name);
bool isMboxLine(std::string_view line);

/// Line ends before a continuation made a space, other line ends and NULs too; trimmed.
std::string unfolded(std::string_view value);

/// All fields of a block that ends at its first empty line or at its end; lines that are no field
/// are left out.
std::vector<HeaderField> headerFields(std::string_view block, bool bareCr);

} // namespace avocet::mime
