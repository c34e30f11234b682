// SPDX-License-Identifier: GPL-3.0-or-later
// What an opened message says of itself beyond its words, and what is to be doubted about it; made off the GUI thread.
#pragma once

#include "core/mime/AuthenticationResults.h"
#include "core/mime/MailingList.h"
#include "core/mime/Reports.h"
#include "core/mime/SenderChecks.h"
#include "core/model/Ids.h"

#include <optional>
#include <string>
#include <vector>

namespace avocet {

struct Stores;

struct MessageInsight {
    bool own = false; ///< from one of the user's addresses: nothing is doubted or offered
    std::vector<SenderFinding> doubts;            ///< the worst first
    std::optional<Authentication> authentication; ///< what the user's own server says of the sender
    MailingList list;
    std::optional<DeliveryReport> delivery;
    std::optional<ReadReceipt> receipt;
    std::optional<ReceiptRequest> receiptWish;
};

/// `message` is what the cache calls it. Thread: that of `stores`.
MessageInsight insightInto(Stores& stores, MessageId message, const std::string& raw,
                           const ParsedMessage& parsed);
/// Of a message that is in no cache: nobody is known.
MessageInsight insightInto(const std::string& raw, const ParsedMessage& parsed);

} // namespace avocet
