// SPDX-License-Identifier: GPL-3.0-or-later
// The open messages of a conversation on paper, or in a PDF file.
#pragma once

#include <memory>

class QTextDocument;

namespace avocet {

class ConversationView;

/// What is printed: each open message with its header, its attachments by name. HTML mail among others by its text.
std::unique_ptr<QTextDocument> printedConversation(const ConversationView& view);
/// How many messages are folded and so left out.
int leftOutOfPrint(const ConversationView& view);

} // namespace avocet
