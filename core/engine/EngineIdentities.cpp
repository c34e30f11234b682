// SPDX-License-Identifier: GPL-3.0-or-later
// Who the user writes as.
#include "core/engine/EngineCore.h"

#include "core/engine/EngineThread.h"
#include "core/model/IdentityMatch.h"

#include <algorithm>

namespace avocet {

namespace {

constexpr std::size_t mostAliases = 200;
constexpr std::size_t longestSignature = 256 * 1024;

Status checkIdentity(const Identity& identity)
{
    const auto refuse = [](const char* what) {
        return fail(ErrorKind::Rejected, what, ErrorCode::InvalidInput);
    };
    if (!isPlainAddress(identity.email))
        return refuse("not a mail address");
    if (identity.aliases.size() > mostAliases ||
        !std::all_of(identity.aliases.begin(), identity.aliases.end(), isAliasPattern))
        return refuse("an alias is neither an address nor *@ and a domain");
    if (!identity.replyTo.empty() && !isPlainAddress(identity.replyTo))
        return refuse("the address for replies is none");
    const auto isLine = [](const std::string& text) {
        return text.size() < 1000 && std::none_of(text.begin(), text.end(), [](char c) {
                   return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
               });
    };
    if (!isLine(identity.name) || !isLine(identity.organisation))
        return refuse("a name has a line break");
    if (identity.signature.size() > longestSignature ||
        identity.signatureHtml.size() > longestSignature)
        return fail(ErrorKind::Rejected, "the signature is too long", ErrorCode::TooLarge);
    return {};
}

} // namespace

void EngineCore::run(RequestId request, const command::SaveIdentity& command)
{
    const Identity& identity = command.identity;
    const bool addresses = !hasAddressesOf(identity);
    Result<IdentityId> saved = identity.id;
    if (const Status valid = checkIdentity(identity); !valid)
        saved = tl::unexpected(valid.error());
    else if (!identity.id)
        saved = m_stores->accounts.addIdentity(identity);
    else if (const Status updated = m_stores->accounts.updateIdentity(identity); !updated)
        saved = tl::unexpected(updated.error());
    if (!saved) {
        finish(request, tl::unexpected(saved.error()));
        return;
    }
    identitiesChanged(addresses);
    finish(request, QJsonObject{{QStringLiteral("identityId"), static_cast<qint64>(saved->value)}});
}

/// Whether the stored identity has the same ones, so that what was counted by them holds.
bool EngineCore::hasAddressesOf(const Identity& identity)
{
    const auto stored = m_stores->accounts.identities();
    return stored && std::any_of(stored->begin(), stored->end(), [&](const Identity& one) {
               return one.id == identity.id && one.email == identity.email &&
                      one.aliases == identity.aliases;
           });
}

Result<Identity> EngineCore::identityOf(IdentityId id)
{
    const auto identities = m_stores->accounts.identities();
    if (!identities)
        return tl::unexpected(identities.error());
    for (const Identity& identity : *identities)
        if (identity.id == id)
            return identity;
    return fail(ErrorKind::Rejected, "the sender is gone", ErrorCode::NotFound);
}

void EngineCore::run(RequestId request, const command::SetIdentityFormat& command)
{
    auto identity = identityOf(command.identity);
    if (!identity) {
        finish(request, tl::unexpected(identity.error()));
        return;
    }
    identity->format = command.format;
    const Status saved = m_stores->accounts.updateIdentity(*identity);
    if (saved)
        identitiesChanged(false);
    finish(request, saved);
}

void EngineCore::run(RequestId request, const command::RemoveIdentity& command)
{
    const Status removed = m_stores->accounts.removeIdentity(command.identity);
    if (removed) {
        identitiesChanged(true);
        m_announce([](MailEngine& engine) { Q_EMIT engine.draftsChanged(); });
    }
    finish(request, removed);
}

void EngineCore::run(RequestId request, const command::OrderIdentities& command)
{
    const Status ordered = m_stores->accounts.orderIdentities(command.account, command.identities);
    if (ordered)
        identitiesChanged(false);
    finish(request, ordered);
}

/// `addresses`: what the user wrote is told by them.
void EngineCore::identitiesChanged(bool addresses)
{
    if (addresses && m_stores->correspondents.startOver())
        m_maintenance->wake();
    m_announce([](MailEngine& engine) { Q_EMIT engine.accountsChanged(); });
}

} // namespace avocet
