// SPDX-License-Identifier: GPL-3.0-or-later
// Plain text as people read it: who is quoted how deep, and which lines hardly anybody wants to see.
#pragma once

#include <QString>
#include <QStringView>

#include <vector>

namespace avocet {

struct ReadableLine {
    qsizetype start = 0, length = 0; ///< without its quote marks
    int depth = 0;                   ///< how many times it was quoted
    bool quiet = false;              ///< a signature
    bool goesOn = false;             ///< with the one before, which would be too long otherwise
    int fold = -1;                   ///< index into ReadableText::folds
};

/// Lines that stand behind one line until they are wanted.
struct TextFold {
    enum class Kind { Quote, PgpSigned, PgpSignature, PgpMessage, PgpKey };
    Kind kind = Kind::Quote;
    int lines = 0;
    int depth = 0; ///< of what is shown in their place

    QString words() const;
};

struct ReadableText {
    std::vector<ReadableLine> lines;
    std::vector<TextFold> folds;
};

/// Quotes of quotes of quotes are folded, and what OpenPGP wraps around a text. Linear.
ReadableText readableText(QStringView text);

} // namespace avocet
