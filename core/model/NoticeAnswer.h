// SPDX-License-Identifier: GPL-3.0-or-later
// The user's answer to a question that stands above a message, as it is kept.
#pragma once

#include <cstdint>
#include <string>

namespace avocet {

struct NoticeAnswer {
    std::string kind;          ///< "receipt" or "list"
    std::string key;           ///< the message, or the list; at most 1,000 bytes count
    std::string answer;        ///< "sent" or "no"; "left" or "kept"
    std::int64_t answered = 0; ///< seconds since 1970

    friend bool operator==(const NoticeAnswer&, const NoticeAnswer&) = default;
};

} // namespace avocet
