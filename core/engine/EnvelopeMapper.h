// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a row for the store from what a FETCH said: the place where protocol meets MIME.
#pragma once

#include "core/model/Message.h"
#include "core/protocol/ImapSession.h"

namespace avocet {

/// Decodes encoded words, addresses, ids and dates. Any thread; never fails.
NewMessage mapEnvelope(const Envelope& envelope);

} // namespace avocet
