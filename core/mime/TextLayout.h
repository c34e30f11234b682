// SPDX-License-Identifier: GPL-3.0-or-later
// Words to lines of plain text: what htmlToText writes to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace avocet::mime {

/// Lays words out in lines: collapses white space, prefixes quotes, keeps at most one empty line.
class TextLayout {
public:
    /// Decoration stops once the text is larger than `budget`, so that no page can explode.
    explicit TextLayout(std::size_t budget);

    void word(std::string_view utf8);
    void space() { m_space = true; }
    /// At least `count` line ends between what came and what comes.
    void breakLine(int count);
    /// One more line end, for <br>.
    void addLine();
    /// Keeps white space as it is.
    void verbatim(std::string_view utf8);
    /// Goes `by` levels of quotation deeper.
    void quote(int by);

    bool mayDecorate() const { return m_out.size() < m_budget; }
    std::size_t size() const { return m_out.size(); }
    std::string_view since(std::size_t pos) const;
    std::string take();

private:
    void put(std::string_view utf8);
    void startLine();
    void prefix(int quotes, bool space);

    std::string m_out;
    std::size_t m_budget;
    bool m_space = false;
    bool m_lineEmpty = true;
    int m_pending = 0;
    int m_quotes = 0;
    int m_lineQuotes = 0;
};

} // namespace avocet::mime
