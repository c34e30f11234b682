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
class MessageCard;

/// What is printed where all is shown as text: each open message with its header, its attachments by name.
std::unique_ptr<QTextDocument> printedConversation(const ConversationView& view);
/// The same of these messages, which are here.
std::unique_ptr<QTextDocument> printedMessages(const QList<const MessageCard*>& cards);
/// Who wrote what to whom, as it stands above a message. `date` counts where the message names none.
QList<HtmlField> printedHead(const OpenedMessage& message, std::int64_t date);
/// How many messages are folded and so left out.
int leftOutOfPrint(const ConversationView& view);

} // namespace avocet
