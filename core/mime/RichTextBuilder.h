// SPDX-License-Identifier: GPL-3.0-or-later
// Collects the paragraphs of a page as they would be shown: what readRichText writes to.
#pragma once

#include "core/mime/RichText.h"

#include <string>
#include <string_view>
#include <vector>

namespace avocet::mime {

class RichTextBuilder {
public:
    explicit RichTextBuilder(const RichLimits& limits)
        : m_limits(limits)
    {
    }

    /// White space folds.
    void words(std::string_view text, const RichStyle& style);
    /// White space stays; in code a line is a paragraph of its own.
    void verbatim(std::string_view text, const RichStyle& style, bool code);
    void picture(RichRun run);
    void lineBreak(const RichStyle& style);
    void rule();
    /// Between two cells of a table's row.
    void cell();
    /// What follows begins a paragraph.
    void endBlock();
    /// An empty line before what follows, unless it is at the start.
    void gap() { m_gap = true; }
    void quote(int by);
    void openList(RichBlock::Kind kind);
    void closeList();
    void item() { m_item = true; }
    void endItem();
    void setCode(bool code);
    void setHeading(int level) { m_heading = level; }

    bool isFull() const { return m_result.cut; }
    RichText take();

private:
    void put(std::string_view text, const RichStyle& style);
    void finish();
    void add(RichBlock block);
    RichBlock started() const;

    RichLimits m_limits;
    RichText m_result;
    std::size_t m_bytes = 0;
    std::size_t m_images = 0;
    std::vector<RichRun> m_runs;
    std::vector<RichBlock::Kind> m_lists;
    int m_quote = 0; ///< as deep as it is, however deep may be shown
    int m_heading = 0;
    RichStyle m_spaceStyle;
    bool m_space = false; ///< white space that folds is waiting
    bool m_gap = false;
    bool m_item = false; ///< the next paragraph is an item's first
    bool m_code = false;
    bool m_codeLine = false; ///< a line of code has begun
    bool m_codeStart = false;
};

/// A CSS or HTML colour as "#rrggbb"; empty for what is none, or is as black or white as text and paper are: it would not be
/// readable on the other ground.
std::string inkOf(std::string_view colour);

} // namespace avocet::mime
