// SPDX-License-Identifier: GPL-3.0-or-later
// The calls into vmime's services that sign in. Internal: vmime types; throws vmime's exceptions
// and is only called inside vmimeGuard().
#pragma once

#include "core/protocol/SaslMechanisms.h"
#include "core/protocol/VmimeSocket.h"

namespace avocet {

/// Reads the replayed greeting and signs in by SASL or by LOGIN; afterwards `socket` is detached.
void vmimeSignInImap(vmime::shared_ptr<SignInAuthenticator> authenticator,
                     vmime::shared_ptr<ImapSignInSocket> socket, bool sasl);

/// Reads the replayed greeting, says EHLO, and signs in by SASL where `needAuth`.
void vmimeSignInSmtp(vmime::shared_ptr<SignInAuthenticator> authenticator,
                     vmime::shared_ptr<SmtpSignInSocket> socket, bool needAuth);

} // namespace avocet
