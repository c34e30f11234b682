// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts and identities in user.db. Never a secret.
#pragma once

#include "core/model/Account.h"
#include "core/store/Database.h"

#include <vector>

namespace avocet {

class AccountStore {
public:
    explicit AccountStore(Database& user)
        : m_db(user)
    {
    }

    /// Adds the account and its first identity (fullName, email).
    Result<AccountId> add(const Account& account);
    Status update(const Account& account);
    /// Also its identities, drafts, operations and finished outbox rows. Refused (Rejected/InvalidInput)
    /// while messages of it still wait in the outbox.
    Status remove(AccountId id);
    Result<std::vector<Account>> all();
    Result<Account> find(AccountId id);         ///< Rejected/NotFound
    Result<std::vector<Identity>> identities(); ///< of all accounts, each account's in its order
    Result<IdentityId> addIdentity(const Identity& identity); ///< behind its account's others
    Status updateIdentity(const Identity& identity);
    /// Its drafts go on as the account's next. Rejected/InvalidInput where it is the account's only one.
    Status removeIdentity(IdentityId id);
    /// `order`: those of the account, the first is what it writes as.
    Status orderIdentities(AccountId account, const std::vector<IdentityId>& order);

private:
    Database& m_db;
};

} // namespace avocet
