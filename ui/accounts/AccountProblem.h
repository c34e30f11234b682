// SPDX-License-Identifier: GPL-3.0-or-later
// Where a failed sign-in is shown in the account form: beside the field that mends it.
#pragma once

#include "core/model/Account.h"
#include "core/model/Error.h"

#include <QString>

#include <string>

namespace avocet {

enum class AccountField {
    None, ///< no field mends it: a bar above the form
    Name,
    Email,
    Password,
    User,
    CaFile,
    ImapHost,
    ImapPort,
    ImapSecurity,
    SmtpHost,
    SmtpPort,
    SmtpSecurity,
};

/// Receiving is asked first, sending after it.
enum class SignInStep { Imap, Smtp };

struct AccountProblem {
    AccountField field = AccountField::None;
    QString words;
    QString details; ///< for "Details", or empty
    /// "host:port=sha256" that the user may trust (case S7), or empty: the error names no fingerprint, or
    /// trusting would not help.
    std::string pin;
    QString fingerprint; ///< the same for reading: pairs with colons
};

/// Pure. `account`: what was tried. `guessed`: the servers were not entered by the user but guessed from
/// the address.
AccountProblem accountProblem(const Error& error, SignInStep step, const Account& account,
                              bool guessed);

} // namespace avocet
