// SPDX-License-Identifier: GPL-3.0-or-later
// A text that is used again: with a subject and with placeholders such as {first name}, which whoever inserts it fills.
#pragma once

#include "core/model/Ids.h"

#include <string>

namespace avocet {

using TemplateId = Id<struct TemplateTag>;

struct Template {
    TemplateId id;
    std::string name;    ///< one line, unique without regard to ASCII case
    std::string subject; ///< or empty
    std::string text;    ///< UTF-8, \n line ends
    std::string html{};  ///< the same formatted, pictures as data: addresses; empty: plain text

    friend bool operator==(const Template&, const Template&) = default;
};

} // namespace avocet
