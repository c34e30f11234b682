// SPDX-License-Identifier: GPL-3.0-or-later
// How the user wants to write, as a value that a composer is opened with.
#pragma once

#include "core/model/Outgoing.h"

#include <string>
#include <vector>

namespace avocet {

struct ComposeSettings {
    bool rich = true;               ///< where the identity does not say: formatted text
    bool replyBelow = false;        ///< the answer goes below the quoted text
    bool signReplies = true;        ///< answers and forwards get the signature, too
    bool attachmentReminder = true; ///< asks where the text speaks of one
    bool deliveryReport = false;    ///< asks servers to tell of delivery (RFC 3461)
    bool readReceipt = false;       ///< asks readers' programs to tell of reading (RFC 8098)

    bool hideTimeZone = false; ///< dates are in UTC
    bool userAgent = false;    ///< messages name this program

    int undoSeconds = 0; ///< how long the outbox holds a message back, so that it can be undone
    std::string ownWords =
        {}; ///< the file of words that the user added to the dictionaries; empty: none

    bool spelling = true;                       ///< marks what no dictionary knows
    std::vector<std::string> dictionaries = {}; ///< empty: those of the desktop and English

    SendingStyle style() const { return {hideTimeZone, userAgent}; }

    friend bool operator==(const ComposeSettings&, const ComposeSettings&) = default;
};

} // namespace avocet
