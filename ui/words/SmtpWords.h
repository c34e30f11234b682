// SPDX-License-Identifier: GPL-3.0-or-later
// What a mail server's number means, in plain words (RFC 3463).
#pragma once

#include <QString>

namespace avocet {

/// Of what a reply is: three digits alone mean something else for each.
enum class SmtpSubject { Recipient, Message };

/// "the mailbox is full" for "552 5.2.2 ..." or "5.2.2"; empty where nothing can be told.
QString smtpReason(const QString& reply, SmtpSubject subject = SmtpSubject::Recipient);

} // namespace avocet
