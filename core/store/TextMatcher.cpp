// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/TextMatcher.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/stringoptions.h>

#include <algorithm>

namespace avocet {

namespace {

std::string folded(std::string_view text)
{
    const bool ascii = std::all_of(text.begin(), text.end(), [](char byte) {
        return static_cast<unsigned char>(byte) < 0x80;
    });
    std::string result;
    if (ascii) {
        result.assign(text);
        for (char& byte : result)
            if (byte >= 'A' && byte <= 'Z')
                byte = static_cast<char>(byte - 'A' + 'a');
        return result;
    }
    icu::StringByteSink<std::string> sink(&result);
    UErrorCode error = U_ZERO_ERROR;
    icu::CaseMap::utf8Fold(U_FOLD_CASE_DEFAULT,
                           icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())),
                           sink, nullptr, error);
    return U_SUCCESS(error) ? result : std::string(text);
}

} // namespace

TextMatcher::TextMatcher(std::string_view wanted)
    : m_wanted(folded(wanted))
{
}

bool TextMatcher::matches(std::string_view text) const
{
    return folded(text).find(m_wanted) != std::string::npos;
}

} // namespace avocet
