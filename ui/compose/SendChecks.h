// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked before a message leaves: all of it in one sentence, and never twice.
#pragma once

#include <QString>

#include <optional>

namespace avocet {

/// What the composer knows when Send is pressed.
struct SendFacts {
    bool noSubject = false;
    bool attachmentMissing = false; ///< the text speaks of one
    int visibleRecipients = 0;      ///< in To and Cc
    bool isReply = false;
    QString placeholder = {}; ///< of a template, with braces, that nobody filled in
};

struct SendQuestion {
    QString words;
    bool offersAttach = false;
    bool offersFill = false; ///< goes before the other two
    bool offersBcc = false;  ///< only where it does not offer to attach: a bar has two actions
};

/// From this many on the recipients of To and Cc are worth a question.
inline constexpr int manyRecipients = 15;

std::optional<SendQuestion> questionBeforeSending(const SendFacts& facts);

/// `facts` without what was answered before.
SendFacts unanswered(SendFacts facts, const SendFacts& answered);

} // namespace avocet
