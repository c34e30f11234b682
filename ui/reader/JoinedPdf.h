// SPDX-License-Identifier: GPL-3.0-or-later
// Puts PDF files of our own making one behind the other: each message of a conversation is printed by itself.
#pragma once

#include <QByteArray>
#include <QList>

namespace avocet {

/// For what QPdfWriter and Qt WebEngine write: a plain table of objects, nothing encrypted. Text stays text. Empty where one of
/// them is another kind of file. Any thread.
QByteArray joinedPdf(const QList<QByteArray>& files);

} // namespace avocet
