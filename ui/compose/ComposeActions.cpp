// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeActions.h"

#include "core/mime/DeliveredTo.h"
#include "core/mime/DraftReader.h"
#include "core/mime/SignatureText.h"
#include "core/model/IdentityMatch.h"
#include "ui/compose/MailtoUrl.h"
#include "ui/words/DateWords.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <iterator>

namespace avocet {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("avocet::ComposeActions", text);
}

bool wantsRich(const ComposeContext& context, const Identity* identity)
{
    const TextFormat format = identity ? identity->format : TextFormat::Default;
    return format == TextFormat::Default ? context.settings.rich : format == TextFormat::Rich;
}

bool hasPage(const ParsedMessage& message)
{
    return std::any_of(message.shown.begin(), message.shown.end(),
                       [](const ShownPart& part) { return part.isHtml; });
}

/// `text` with the signature under it.
void begin(Draft& draft, RichText text, const ComposeContext& context, const Identity* identity)
{
    if (text.blocks.empty())
        text.blocks.emplace_back();
    if (identity) {
        draft.identity = identity->id;
        RichText signature = signatureText(*identity);
        std::move(signature.blocks.begin(), signature.blocks.end(),
                  std::back_inserter(text.blocks));
    }
    setText(draft, text, wantsRich(context, identity));
}

const Identity* firstOf(const ComposeContext& context)
{
    for (const Identity& identity : context.identities)
        if (identity.account == context.account)
            return &identity;
    return context.identities.empty() ? nullptr : &context.identities.front();
}

std::vector<std::string> addressesOf(const std::vector<Address>& list)
{
    std::vector<std::string> addresses;
    for (const Address& address : list)
        addresses.push_back(address.address);
    return addresses;
}

/// A reply to all leaves these out. Not a whole domain: colleagues have addresses there, too.
std::vector<std::string> ownAddresses(const ComposeContext& context, const std::string& from)
{
    std::vector<std::string> own;
    for (const Identity& identity : context.identities) {
        own.push_back(identity.email);
        for (const std::string& alias : identity.aliases)
            if (!alias.starts_with('*'))
                own.push_back(alias);
    }
    if (!from.empty())
        own.push_back(from);
    return own;
}

} // namespace

ComposeContext composeContext(MailQueries& queries, FolderId folder,
                              const ComposeSettings& settings)
{
    ComposeContext context{queries.identities(), {}, settings};
    if (folder)
        for (const Folder& candidate : queries.folders())
            if (candidate.id == folder)
                context.account = candidate.account;
    return context;
}

const Identity* findIdentity(const std::vector<Identity>& identities, IdentityId id)
{
    const auto found = std::find_if(identities.begin(), identities.end(),
                                    [&](const Identity& identity) { return identity.id == id; });
    return found == identities.end() ? nullptr : &*found;
}

AnsweringIdentity answering(const ComposeContext& context, const OpenedMessage& original)
{
    std::vector<std::string> visible = addressesOf(original.parsed.to);
    for (std::string& address : addressesOf(original.parsed.cc))
        visible.push_back(std::move(address));
    const auto wrote = answeringIdentity(context.identities, context.account, {},
                                         addressesOf(original.parsed.from));
    if (wrote)
        return *wrote;
    if (const auto found = answeringIdentity(context.identities, context.account,
                                             deliveredTo(original.raw), visible))
        return *found;
    const Identity* first = firstOf(context);
    return {first ? first->id : IdentityId{}, {}};
}

/// What every new message gets, under the words that it was given.
Draft begunDraft(const ComposeContext& context, Draft given)
{
    given.reportDelivery = context.settings.deliveryReport;
    given.readReceipt = context.settings.readReceipt;
    begin(given, richFromPlain(given.text), context, firstOf(context));
    return given;
}

Draft newDraft(const ComposeContext& context)
{
    return begunDraft(context, {});
}

Result<Draft> mailtoDraft(const ComposeContext& context, const QByteArray& url)
{
    return draftFromMailto(url).map(
        [&](Draft draft) { return begunDraft(context, std::move(draft)); });
}

QString attribution(const OpenedMessage& original)
{
    const std::vector<Address>& from =
        original.parsed.from.empty() ? original.summary.from : original.parsed.from;
    QString sender;
    if (!from.empty())
        sender = QString::fromStdString(from.front().name.empty() ? from.front().address
                                                                  : from.front().name);
    const std::int64_t seconds = original.parsed.date.value_or(original.summary.date);
    if (seconds == 0)
        return sender.isEmpty() ? QString() : tr("%1 wrote:").arg(sender);
    const QDateTime date = QDateTime::fromSecsSinceEpoch(seconds);
    const QLocale locale;
    // One replacement each: a name that holds "%2" must not be filled in.
    return tr("On %1 at %2, %3 wrote:")
        .arg(locale.toString(date.date(), QLocale::LongFormat), clockTime(date, locale), sender);
}

Draft replyDraft(const ComposeContext& context, ReplyKind kind, const OpenedMessage& original,
                 const AnswerWish& how)
{
    const AnsweringIdentity answer = answering(context, original);
    const Identity* identity = findIdentity(context.identities, answer.identity);
    const Identity none;
    ReplyOptions options;
    options.sign = context.settings.signReplies;
    options.below = context.settings.replyBelow;
    options.rich = wantsRich(context, identity) && hasPage(original.parsed);
    options.selection = how.selection.toStdString();
    options.asAttachment = how.asAttachment;
    options.cutWords = tr("[The rest is too long to be quoted.]").toStdString();
    Draft draft = draftReply(kind, original.raw, original.parsed, identity ? *identity : none,
                             ownAddresses(context, answer.from),
                             attribution(original).toStdString(), options);
    draft.original = original.summary.id;
    draft.from = answer.from;
    draft.reportDelivery = context.settings.deliveryReport;
    draft.readReceipt = context.settings.readReceipt;
    return draft;
}

Draft draftAsNew(const ComposeContext& context, const OpenedMessage& original)
{
    Draft draft = draftFromMessage(original.raw, original.parsed);
    draft.inReplyTo.clear();
    draft.references.clear();
    const auto wrote = answeringIdentity(context.identities, context.account, {},
                                         addressesOf(original.parsed.from));
    const Identity* first = firstOf(context);
    if (wrote) {
        draft.identity = wrote->identity;
        draft.from = wrote->from;
    } else if (first) {
        draft.identity = first->id;
    }
    draft.reportDelivery = context.settings.deliveryReport;
    // Another's wish to hear of it is not the user's.
    draft.readReceipt = context.settings.readReceipt || (wrote && draft.readReceipt);
    return draft;
}

Draft draftToResend(const ComposeContext& context, const OpenedMessage& original,
                    const QStringList& recipients)
{
    Draft draft = draftAsNew(context, original);
    draft.inReplyTo = original.parsed.inReplyTo;
    draft.references = original.parsed.references;
    const auto isSame = [](const QString& recipient, const Address& address) {
        return recipient.compare(QString::fromStdString(address.address), Qt::CaseInsensitive) == 0;
    };
    QStringList unnamed = recipients;
    for (std::vector<Address>* people : {&draft.to, &draft.cc, &draft.bcc}) {
        std::erase_if(*people, [&](const Address& address) {
            return std::none_of(recipients.begin(), recipients.end(),
                                [&](const QString& each) { return isSame(each, address); });
        });
        unnamed.removeIf([&](const QString& each) {
            return std::any_of(people->begin(), people->end(),
                               [&](const Address& address) { return isSame(each, address); });
        });
    }
    // The message may not tell of them, and nobody else is to learn it now.
    for (const QString& address : unnamed)
        draft.bcc.push_back({{}, address.toStdString()});
    return draft;
}

} // namespace avocet
