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
    Result<std::vector<Identity>> identities(); ///< of all accounts
    Result<IdentityId> addIdentity(const Identity& identity);
    Status updateIdentity(const Identity& identity);

private:
    Database& m_db;
};

} // namespace avocet
