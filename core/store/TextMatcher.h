// SPDX-License-Identifier: GPL-3.0-or-later
// The list's quick filter: does a text hold these words, whatever their case.
#pragma once

#include <string>
#include <string_view>

namespace avocet {

/// Case folded by Unicode's rules; ASCII text, most of it, takes the short way.
class TextMatcher {
public:
    explicit TextMatcher(std::string_view wanted);
    bool matches(std::string_view text) const;

private:
    std::string m_wanted;
};

} // namespace avocet
