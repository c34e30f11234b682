// SPDX-License-Identifier: GPL-3.0-or-later
// Which parts of a suggested name or address match what was typed.
#pragma once

#include <QList>
#include <QString>

namespace avocet {

struct TextPart {
    qsizetype begin = 0;
    qsizetype length = 0;

    friend bool operator==(const TextPart&, const TextPart&) = default;
};

/// The beginnings of words in `text` that each word of `typed` matches, whatever case and accents; in order, apart from each
/// other. Linear in the text for each word typed.
QList<TextPart> matchedParts(const QString& text, const QString& typed);

} // namespace avocet
