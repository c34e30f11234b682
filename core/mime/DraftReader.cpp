// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/DraftReader.h"

#include "core/mime/OriginalText.h"
#include "core/mime/ReplyBuilder.h"
#include "core/mime/Reports.h"

#include <algorithm>

namespace avocet {

Draft draftFromMessage(std::string_view raw, const ParsedMessage& message)
{
    Draft draft;
    draft.to = message.to;
    draft.cc = message.cc;
    draft.bcc = message.bcc;
    draft.subject = message.subject;
    draft.inReplyTo = message.inReplyTo;
    draft.references = message.references;
    draft.readReceipt = receiptRequest(raw, message).has_value();
    OriginalText original;
    if (std::any_of(message.shown.begin(), message.shown.end(),
                    [](const ShownPart& part) { return part.isHtml; })) {
        original = originalText(raw, message, true);
        setText(draft, original.text, true);
        draft.attachments = std::move(original.pictures);
    } else {
        draft.text = message.text;
    }
    for (const ParsedAttachment& attachment : message.attachments)
        if (attachment.part < 0 || std::find(original.shownParts.begin(), original.shownParts.end(),
                                             attachment.part) == original.shownParts.end())
            draft.attachments.push_back(
                {attachment.name, attachment.type, decodedAttachment(raw, message, attachment)});
    return draft;
}

} // namespace avocet
