// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation of nine messages in three folders of a sample profile: for tests and screenshots of the reader.
#pragma once

#include "SampleProfile.h"

#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// One message of a conversation. The first one begins it, the others answer the one before.
struct SampleLetter {
    std::string name, address;
    std::string body; ///< with its Content-Type field: what stands behind the header that all have
    bool seen = true;
    bool withBody = true;
    bool sent = false; ///< lies in Sent
};

struct SampleConversation {
    FolderId folder;
    std::vector<MessageId> messages; ///< oldest first
};

/// The nine: read but for the last two, quotes of several levels, a signature, attachments.
std::vector<SampleLetter> sampleLetters();
/// Adds them to "Projects/Office move" and Sent; no engine may be open. `from` continues a conversation.
SampleConversation addConversation(const std::filesystem::path& profile,
                                   const SampleProfile& sample,
                                   const std::vector<SampleLetter>& letters = sampleLetters(),
                                   const std::string& subject = "Move of the office in spring");

/// Content-Type field and body of a plain text.
std::string plainBody(std::string_view text);

} // namespace avocet
