// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that programs read: an answer in words with the same answer for the other side's program beside it.
#pragma once

#include "core/mime/MessageBuilder.h"

#include <string>
#include <vector>

namespace avocet::mime {

struct AnswerPart {
    std::string type; ///< Content-Type's whole value, ASCII
    std::string content;
};

/// `words`, a text message as buildMessage() makes it, turned into a multipart of `type` (with its parameters, but for the
/// boundary) that holds the text and `parts`.
BuiltMessage withAnswer(BuiltMessage words, const std::string& type,
                        const std::vector<AnswerPart>& parts);

} // namespace avocet::mime
