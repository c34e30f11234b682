// SPDX-License-Identifier: GPL-3.0-or-later
// The open messages of a conversation on paper, or in a PDF file.
#pragma once

#include "core/engine/MailQueries.h"
#include "ui/reader/HtmlView.h"

#include <QList>

#include <cstdint>
#include <memory>

class QTextDocument;

namespace avocet {

class ConversationView;

/// What is printed: each open message with its header, its attachments by name. HTML mail among others by its text.
std::unique_ptr<QTextDocument> printedConversation(const ConversationView& view);
/// Who wrote what to whom, as it stands above a message. `date` counts where the message names none.
QList<HtmlField> printedHead(const OpenedMessage& message, std::int64_t date);
/// How many messages are folded and so left out.
int leftOutOfPrint(const ConversationView& view);

} // namespace avocet
