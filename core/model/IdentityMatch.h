// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the user's addresses a message was written to: the identity that answers it, and as what.
#pragma once

#include "core/model/Account.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// local@domain without white space, control characters, brackets, commas, quotes; at most 320 bytes (RFC 5321 4.5.3.1).
bool isPlainAddress(std::string_view address);

/// What may stand in Identity::aliases: an address, or "*@" and a domain.
bool isAliasPattern(std::string_view pattern);

/// How an identity came by an address, the closest first.
enum class AddressMatch {
    Own,     ///< its address, without regard to ASCII case
    Alias,   ///< one of its aliases
    Plus,    ///< its address or an alias with "+something" behind the local part (RFC 5233)
    Pattern, ///< everything at a domain
    None,
};

AddressMatch matchOf(const Identity& identity, std::string_view address);

/// The identity that received a message, and the address that it answers as.
struct AnsweringIdentity {
    IdentityId identity;
    std::string from; ///< for Draft::from; empty where it is the identity's own address
};

/// `visible`: the addresses of To and Cc; `delivered`: those of X-Original-To and Delivered-To, in this order, which decide
/// between several in To and Cc, and alone where none is (Bcc, lists). Identities of `account` go before all others, each
/// account's in their order; the closest match wins. Nothing where none matches.
std::optional<AnsweringIdentity> answeringIdentity(const std::vector<Identity>& identities,
                                                   AccountId account,
                                                   const std::vector<std::string>& delivered,
                                                   const std::vector<std::string>& visible);

} // namespace avocet
