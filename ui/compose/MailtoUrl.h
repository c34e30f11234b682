// SPDX-License-Identifier: GPL-3.0-or-later
// mailto: URLs come from web pages and other programs, so only harmless fields are taken.
#pragma once

#include "core/model/Error.h"
#include "core/model/Outgoing.h"

#include <QByteArray>

namespace avocet {

/// RFC 6068. Reads to, cc, bcc, subject, body and in-reply-to, and nothing else: a file named by
/// "attach" is never opened (case U1). Bounded to 1 MB. Rejected/InvalidInput where it is no mailto URL.
Result<Draft> draftFromMailto(const QByteArray& url);

} // namespace avocet
