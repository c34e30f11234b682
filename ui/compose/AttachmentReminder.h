// SPDX-License-Identifier: GPL-3.0-or-later
// "You mention an attachment": noticed before the message leaves without it.
#pragma once

#include <QSet>
#include <QString>

namespace avocet {

/// The lines that were there before the user typed: quotes, forwarded text, the signature.
QSet<QString> linesOf(const QString& text);

/// Whether the subject or the user's own lines speak of an attachment, in any of the languages known.
/// Quoted lines, lines of `given` and what follows the signature's mark do not count.
bool mentionsAttachment(const QString& subject, const QString& text, const QSet<QString>& given);

} // namespace avocet
