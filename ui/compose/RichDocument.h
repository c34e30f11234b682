// SPDX-License-Identifier: GPL-3.0-or-later
// RichText in a QTextDocument and out of it again: the document holds what people format with, as properties of our own where
// Qt's would mean looks; how it looks is ComposeBody's.
#pragma once

#include "core/mime/RichText.h"

#include <QTextBlockFormat>
#include <QTextCharFormat>
#include <QTextListFormat>

class QTextBlock;
class QTextCursor;
class QTextDocument;

namespace avocet {

namespace rich {

enum Property {
    QuoteDepth = QTextFormat::UserProperty + 1, ///< of a block
    CodeBlock,                                  ///< of a block
    Rule,                                       ///< of a block
    Ink,                                        ///< of characters: the colour that was chosen
    Code,                                       ///< of characters
    Alternative,                                ///< of a picture: the words for it
};

inline constexpr double lineHeightFactor = 1.45;

int quoteDepth(const QTextBlock& block);
bool isCode(const QTextBlock& block);
/// Kind 0: none, else Bullet or Number.
RichBlock::Kind kindOf(const QTextBlock& block);

/// As browsers mark each level.
QTextListFormat::Style listStyle(RichBlock::Kind kind, int level);

QTextBlockFormat plainBlockFormat();
QTextBlockFormat blockFormat(const RichBlock& block);
QTextCharFormat charFormat(const RichStyle& style);
/// What a block's characters need to look as its heading does.
QTextCharFormat headingFormat(int level);
RichStyle styleOf(const QTextCharFormat& format, bool inHeading);
/// Sets margins and the like to what the block's properties say.
void refreshBlock(QTextCursor& cursor);

} // namespace rich

/// Inserts at the cursor; the first and last paragraph join what stands there where they are plain ones.
void insertRich(QTextCursor cursor, const RichText& text, bool joins = true);
/// In place of all there is.
void fillDocument(QTextDocument& document, const RichText& text);
RichText richTextOf(const QTextDocument& document);
RichText richTextOf(const QTextCursor& selection);
/// Whether plain text would lose something.
bool hasFormatting(const RichText& text);

} // namespace avocet
