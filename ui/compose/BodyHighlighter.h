// SPDX-License-Identifier: GPL-3.0-or-later
// How quotes, links and code look while they are written: from the theme, and no part of the text.
#pragma once

#include <QSyntaxHighlighter>

namespace avocet {

/// How many marks "> > >" a line of plain text begins with, and where its words start.
struct LineQuote {
    int depth = 0;
    int textStart = 0;
};
LineQuote quoteOf(const QString& line);

class BodyHighlighter : public QSyntaxHighlighter {
    Q_OBJECT
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;
    void setRich(bool rich) { m_rich = rich; }

protected:
    void highlightBlock(const QString& line) override;

private:
    void highlightRich();

    bool m_rich = false;
};

} // namespace avocet
