// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps a message id from ever meaning another message after mail.db was made anew.
#pragma once

#include "core/store/Database.h"

namespace avocet {

/// A new mail.db counts its ids from one again. Where it is not the one that bodies.db and user.db know,
/// the bodies go and drafts and outbox forget which message they answer; then they know it.
Status matchGenerations(Database& user, Database& mail, Database& bodies);

} // namespace avocet
