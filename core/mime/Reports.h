// SPDX-License-Identifier: GPL-3.0-or-later
// What mail systems report: a message could not be delivered (RFC 3464), somebody saw it (RFC 8098); and our own answer to
// who asks for such a receipt.
#pragma once

#include "core/mime/MessageBuilder.h"
#include "core/mime/MessageReader.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// The Message-ID of the message that this one reports about, without <>; empty: it is no report, or names none. Costs next to
/// nothing where it is none.
std::string reportedMessageId(std::string_view raw, const ParsedMessage& message);

enum class DeliveryAction { Failed, Delayed, Delivered, Relayed, Expanded };

/// All of it comes from strangers and is one line each.
struct RecipientReport {
    std::string recipient; ///< an address as it was given, may be empty
    DeliveryAction action = DeliveryAction::Failed;
    std::string status;     ///< "5.1.1" (RFC 3463), may be empty
    std::string diagnostic; ///< what the other server said, may be empty
    std::string server;     ///< that said it, may be empty
};

struct DeliveryReport {
    std::string reporter;                    ///< the server that reports
    std::vector<RecipientReport> recipients; ///< at least one, at most a thousand
    std::string messageId; ///< of the message that it is about, without <>; empty: not told
    std::string subject;   ///< of that message
};

/// Nothing where the message is no delivery report. Bounces of servers that know no RFC 3464 are read by X-Failed-Recipients.
std::optional<DeliveryReport> readDeliveryReport(std::string_view raw,
                                                 const ParsedMessage& message);

struct ReadReceipt {
    std::string recipient;
    std::string messageId;   ///< of the message that was seen, without <>
    bool displayed = false;  ///< else it was deleted or handled unseen
    bool bySomebody = false; ///< a person agreed to it, not a program
};

std::optional<ReadReceipt> readReadReceipt(std::string_view raw, const ParsedMessage& message);

/// Who asks to be told that this message was seen (Disposition-Notification-To). Never answered without asking the user.
struct ReceiptRequest {
    std::vector<Address> to;
    bool elsewhere =
        false; ///< not to whom the message is from: a sign that somebody collects addresses
};

std::optional<ReceiptRequest> receiptRequest(std::string_view raw, const ParsedMessage& message);

/// The receipt that the user agreed to. `words` say the same in the reader's language, with `subject`. Its envelope sender is
/// empty (RFC 8098 2.1).
Result<BuiltMessage> buildReadReceipt(const ReceiptRequest& request, const ParsedMessage& message,
                                      const Identity& identity, const std::string& subject,
                                      const std::string& words, std::int64_t now,
                                      const SendingStyle& style = {});

} // namespace avocet
