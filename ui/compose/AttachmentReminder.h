// SPDX-License-Identifier: GPL-3.0-or-later
// "You mention an attachment": noticed before the message leaves without it.
#pragma once

#include "core/model/Account.h"
#include "core/model/Outgoing.h"

#include <QSet>
#include <QString>

namespace avocet {

QSet<QString> linesOf(const QString& text);

/// The lines that are not the user's own words, also where the draft was begun long ago: the attribution, forwarded text, the
/// signature, the subject of an answer. `text`: the draft's, as the editor has it.
QSet<QString> givenLines(const Draft& draft, const QString& text, const Identity* identity);

/// Whether the subject or the user's own lines speak of an attachment, in any of the languages known.
/// Quoted lines, lines of `given` and what follows the signature's mark do not count.
bool mentionsAttachment(const QString& subject, const QString& text, const QSet<QString>& given);

} // namespace avocet
