// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes in whatever charset a mail declares, or should have declared, to UTF-8. Over ICU.
#pragma once

#include <string>
#include <string_view>

namespace avocet::mime {

enum class CharsetOutcome {
    AsDeclared,
    Guessed, ///< the declared charset was missing, unknown or wrong
    Damaged, ///< decoded as declared, but some bytes had to be replaced
};

/// Labels are read as browsers do (WHATWG): gb2312 is gb18030, iso-8859-1 is windows-1252. Where
/// the charset is missing, us-ascii, unknown or fails: UTF-8 if the bytes are valid, else ICU's
/// detector, else windows-1252. The result is always valid UTF-8.
std::string toUtf8(std::string_view bytes, std::string_view charset,
                   CharsetOutcome* outcome = nullptr);

/// The chain for bytes without any declaration. `header`: short text on one line, where the
/// detector may not take it for UTF-16 or a stateful charset.
std::string guessedUtf8(std::string_view bytes, bool header = false);

} // namespace avocet::mime
