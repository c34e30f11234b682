// SPDX-License-Identifier: GPL-3.0-or-later
// Tells pages whose tree would be far larger or deeper than themselves: what stays open is repeated by browsers in each
// block (HTML 13.2.4.3, 13.2.6.4.7).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace avocet::mime {

/// Follows the tags that come out, as browsers open and close them; where it simplifies, the tree is thought larger than
/// it is. Each call takes time bounded by a constant.
class HtmlNesting {
public:
    void start(std::string_view name, std::string_view attributes);
    void end(std::string_view name);
    void text() { reopen(); }
    /// False: 5,000 elements are deeper than browsers nest them, or they would make more than a million that the page does
    /// not hold itself.
    bool isBounded() const { return m_bounded; }

private:
    struct Open {
        std::string name;
        int format = -1; ///< index into m_formats
    };
    struct Format {
        std::string name; ///< empty: a cell began, what is behind it counts for itself
        std::string attributes;
        bool open = true; ///< else its block ended and it opens again in the next
    };

    void push(std::string_view name, int format);
    void popTo(std::size_t size);
    void reopen();
    void startFormat(std::string_view name, std::string_view attributes);
    void endFormat(std::string_view name);
    void closeInScope(std::string_view name);
    void closeIn(std::string_view name, bool (*isBarrier)(std::string_view));
    void endCell(std::string_view name);
    void dropFormatsOfCell();

    std::vector<Open> m_open;
    std::vector<Format> m_formats;
    long m_beyond = 0;
    long m_repeated = 0;
    bool m_bounded = true;
};

} // namespace avocet::mime
