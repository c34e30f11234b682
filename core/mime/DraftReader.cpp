// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/DraftReader.h"

namespace avocet {

Draft draftFromMessage(std::string_view raw, const ParsedMessage& message)
{
    Draft draft;
    draft.to = message.to;
    draft.cc = message.cc;
    draft.bcc = message.bcc;
    draft.subject = message.subject;
    draft.text = message.text;
    draft.inReplyTo = message.inReplyTo;
    draft.references = message.references;
    for (const ParsedAttachment& attachment : message.attachments)
        draft.attachments.push_back(
            {attachment.name, attachment.type, decodedAttachment(raw, message, attachment)});
    return draft;
}

} // namespace avocet
