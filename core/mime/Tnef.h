// SPDX-License-Identifier: GPL-3.0-or-later
// Outlook's winmail.dat (MS-OXTNEF): the files and the text that it hides. A bounded reader of our own: libytnef trusts the
// sizes that a file says, has been overflown for years, prints to the console and unpacks into the file system's names.
#pragma once

#include "core/mime/MessageReader.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet::mime {

struct TnefFile {
    std::string name; ///< safe, never empty
    std::string type; ///< media type, may be empty
    std::string contentId;
    std::string data;
};

struct TnefContent {
    std::vector<TnefFile> files; ///< of messages within it as well; at most a hundred
    std::string text;            ///< UTF-8, \n ends
    std::string html;            ///< UTF-8
};

/// Nothing where it is no TNEF. What is cut off or damaged is read as far as it goes. Linear, never throws, any thread.
std::optional<TnefContent> readTnef(std::string_view bytes);

/// Puts the files of each winmail.dat among the attachments in its place, and its text where the message has none.
void unpackTnef(std::string_view message, ParsedMessage& parsed);

} // namespace avocet::mime
