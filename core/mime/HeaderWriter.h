// SPDX-License-Identifier: GPL-3.0-or-later
// Header fields as they leave (RFC 5322, 2047, 2231): folded before 78 columns, ASCII but for the local parts of
// international addresses (RFC 6532). What comes in is UTF-8 without line breaks.
#pragma once

#include "core/model/Message.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace avocet::mime {

/// Each of these ends with CRLF.
std::string textField(std::string_view name, std::string_view text);
std::string addressField(std::string_view name, const std::vector<Address>& addresses);
/// `ids` without <>.
std::string idsField(std::string_view name, const std::vector<std::string>& ids);
/// "name: value; parameter=..." for Content-Type and Content-Disposition; `value` is a token.
std::string
parameterField(std::string_view name, std::string_view value,
               const std::vector<std::pair<std::string_view, std::string>>& parameters = {});
/// RFC 5322 3.3, in local time or, where that would tell too much, in UTC.
std::string dateField(std::int64_t now, bool utc);

/// The address with the ASCII form of its domain, which every server takes (RFC 5891).
std::string wireAddress(std::string_view address);

} // namespace avocet::mime
