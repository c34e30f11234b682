// SPDX-License-Identifier: GPL-3.0-or-later
// How a draft begins: as a new message, an answer, a forward, or from a mailto: link.
#pragma once

#include "core/engine/MailQueries.h"
#include "core/mime/ReplyBuilder.h"
#include "core/model/Account.h"
#include "core/model/Error.h"
#include "core/model/IdentityMatch.h"
#include "core/model/Outgoing.h"
#include "ui/compose/ComposeSettings.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <vector>

namespace avocet {

/// Who writes: all identities, and the account that the draft should be written from where several
/// could (the one of the folder on show, or of the original message).
struct ComposeContext {
    std::vector<Identity> identities;
    AccountId account;
    ComposeSettings settings = {};
};

/// The context of a folder: its account first. An unknown folder leaves the account open.
ComposeContext composeContext(MailQueries& queries, FolderId folder = {},
                              const ComposeSettings& settings = {});

struct AnswerWish {
    QString selection = {};    ///< what was selected in the reader: quoted alone
    bool asAttachment = false; ///< forwards the message as a file
};

/// Who answers a message, and as what: the one that it was written to, or, of one's own, that wrote it.
AnsweringIdentity answering(const ComposeContext& context, const OpenedMessage& original);

/// An empty message with the identity's signature.
Draft newDraft(const ComposeContext& context);
/// The same for one that has recipients or text already.
Draft begunDraft(const ComposeContext& context, Draft given);
Result<Draft> mailtoDraft(const ComposeContext& context, const QByteArray& url);
/// An answer to, or a forward of, a message whose body is here. The identity is the one that the
/// original was sent to, else the first of the account.
Draft replyDraft(const ComposeContext& context, ReplyKind kind, const OpenedMessage& original,
                 const AnswerWish& how = {});
/// The same message to be written once more: sender where that is the user, recipients, text, pictures and attachments.
Draft draftAsNew(const ComposeContext& context, const OpenedMessage& original);
/// A message that was sent, for those of its recipients alone: the others have it. It stays in its conversation.
Draft draftToResend(const ComposeContext& context, const OpenedMessage& original,
                    const QStringList& recipients);

/// "On 3 May 2026 at 14:02, Anna Berg wrote:", in the user's language and time zone.
QString attribution(const OpenedMessage& original);

const Identity* findIdentity(const std::vector<Identity>& identities, IdentityId id);

} // namespace avocet
