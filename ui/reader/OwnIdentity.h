// SPDX-License-Identifier: GPL-3.0-or-later
// As whom the user answers what a message asks for: receipts, invitations, leaving a list.
#pragma once

#include "core/engine/MailQueries.h"

#include <optional>

namespace avocet {

/// The identity that the message was written to, with the address that was meant as its own; else the first one of the
/// account that it lies in. Nothing where it lies in none and no address of the user's fits.
std::optional<Identity> identityWrittenTo(MailQueries& queries, FolderId folder,
                                          const OpenedMessage& message);

} // namespace avocet
