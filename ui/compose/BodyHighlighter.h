// SPDX-License-Identifier: GPL-3.0-or-later
// How quotes, links and code look while they are written: from the theme, and no part of the text.
#pragma once

#include <QSyntaxHighlighter>

#include <functional>

namespace avocet {

/// How many marks "> > >" a line of plain text begins with, and where its words start.
struct LineQuote {
    int depth = 0;
    int textStart = 0;
};
LineQuote quoteOf(const QString& line);
/// Pixels that the bar beside a quote is wide.
inline constexpr int quoteBar = 2;

class BodyHighlighter : public QSyntaxHighlighter {
    Q_OBJECT
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;
    void setRich(bool rich) { m_rich = rich; }
    /// Told by name, without braces.
    void setPlaceholders(std::function<bool(const QString& name)> isOne)
    {
        m_isPlaceholder = std::move(isOne);
    }

protected:
    void highlightBlock(const QString& line) override;

private:
    void highlightRich();
    void highlightPlaceholders(const QString& line);

    std::function<bool(const QString& name)> m_isPlaceholder;
    bool m_rich = false;
};

} // namespace avocet
