// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeActions.h"

#include "ui/compose/MailtoUrl.h"
#include "ui/words/DateWords.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace avocet {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("avocet::ComposeActions", text);
}

QString signatureBlock(const Identity& identity)
{
    QString signature = QString::fromStdString(identity.signature);
    while (signature.endsWith(u'\n'))
        signature.chop(1);
    return signature.isEmpty() ? QString() : QLatin1String("\n\n-- \n") + signature;
}

bool isSame(const std::string& a, const std::string& b)
{
    return QString::fromStdString(a).compare(QString::fromStdString(b), Qt::CaseInsensitive) == 0;
}

const Identity* firstOf(const ComposeContext& context)
{
    for (const Identity& identity : context.identities)
        if (identity.account == context.account)
            return &identity;
    return context.identities.empty() ? nullptr : &context.identities.front();
}

/// The identity that the original was addressed to: of its own account first, then any.
const Identity* addressedIdentity(const ComposeContext& context, const ParsedMessage& message)
{
    const auto isAddressed = [&](const Identity& identity) {
        const auto matches = [&](const Address& to) { return isSame(to.address, identity.email); };
        return std::any_of(message.to.begin(), message.to.end(), matches) ||
               std::any_of(message.cc.begin(), message.cc.end(), matches);
    };
    const Identity* other = nullptr;
    for (const Identity& identity : context.identities) {
        if (!isAddressed(identity))
            continue;
        if (identity.account == context.account)
            return &identity;
        if (!other)
            other = &identity;
    }
    return context.account ? nullptr : other;
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

QString withSignature(const QString& text, const Identity& identity)
{
    const QString block = signatureBlock(identity);
    if (block.isEmpty())
        return text;
    QString body = text;
    while (body.endsWith(u'\n'))
        body.chop(1);
    return body + block;
}

QString withoutSignature(const QString& text, const Identity& identity)
{
    const QString block = signatureBlock(identity);
    return !block.isEmpty() && text.endsWith(block) ? text.chopped(block.size()) : text;
}

Draft newDraft(const ComposeContext& context)
{
    Draft draft;
    if (const Identity* identity = firstOf(context)) {
        draft.identity = identity->id;
        draft.text = withSignature(QString(), *identity).toStdString();
    }
    return draft;
}

Result<Draft> mailtoDraft(const ComposeContext& context, const QByteArray& url)
{
    Result<Draft> draft = draftFromMailto(url);
    if (const Identity* identity = firstOf(context); draft && identity) {
        draft->identity = identity->id;
        draft->text = withSignature(QString::fromStdString(draft->text), *identity).toStdString();
    }
    return draft;
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

Draft replyDraft(const ComposeContext& context, ReplyKind kind, const OpenedMessage& original)
{
    const Identity* identity = addressedIdentity(context, original.parsed);
    if (!identity)
        identity = firstOf(context);
    const Identity none;
    std::vector<std::string> own;
    for (const Identity& candidate : context.identities)
        own.push_back(candidate.email);
    ReplyOptions options;
    options.sign = true;
    options.cutWords = tr("[The rest is too long to be quoted.]").toStdString();
    Draft draft = draftReply(kind, original.raw, original.parsed, identity ? *identity : none, own,
                             attribution(original).toStdString(), options);
    draft.original = original.summary.id;
    return draft;
}

} // namespace avocet
