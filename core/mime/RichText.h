// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a message that is written, between the composer's document and the HTML and plain text that leave: a list of
// paragraphs that knows only what people format with, so nothing else can come in or go out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

struct RichStyle {
    bool bold = false, italic = false, underline = false, strike = false, code = false;
    std::string colour = {}; ///< "#rrggbb", empty: the reader's own
    std::string link = {};   ///< an address, empty: none

    friend bool operator==(const RichStyle&, const RichStyle&) = default;
};

/// Characters of one style, or a picture.
struct RichRun {
    std::string text =
        {}; ///< UTF-8; \n is a line break inside the paragraph; of a picture what stands for it
    RichStyle style = {};
    std::string image = {};    ///< "cid:..." or a data: address of a bitmap; empty: no picture
    int width = 0, height = 0; ///< of a picture, in pixels, 0: its own

    friend bool operator==(const RichRun&, const RichRun&) = default;
};

struct RichBlock {
    enum class Kind { Paragraph, Bullet, Number, Code, Rule };
    Kind kind = Kind::Paragraph;
    int quote = 0;   ///< how deep it is quoted
    int level = 0;   ///< of a list item, 1 is outermost
    int heading = 0; ///< 1 to 3, 0: none
    std::vector<RichRun> runs = {};

    bool isItem() const { return kind == Kind::Bullet || kind == Kind::Number; }
    friend bool operator==(const RichBlock&, const RichBlock&) = default;
};

struct RichText {
    std::vector<RichBlock> blocks = {};
    bool cut = false; ///< there was more than the limits allow

    friend bool operator==(const RichText&, const RichText&) = default;
};

struct RichLimits {
    std::size_t blocks = 10'000;
    std::size_t text = 512 << 10; ///< bytes
    std::size_t images = 200;
};

inline constexpr int deepestQuote = 24;
inline constexpr int deepestList = 8;

/// What people format with, out of HTML of any origin. Addresses of pictures other than cid: and data: bitmaps become their
/// alternative text, tables lines. Through the sanitiser; what it refuses is read as text. Linear, never throws.
RichText readRichText(std::string_view html, const RichLimits& limits = {});
/// Paragraphs of plain text: a line each, leading ">" are quotes.
RichText richFromPlain(std::string_view text, const RichLimits& limits = {});

/// Clean HTML, the same for what readRichText makes of it: few tags, fewer inline styles.
std::string writeHtml(const RichText& text);
/// The same as plain text, a paragraph a line, no line end behind the last; quotes behind ">", links as "text <address>".
std::string writePlain(const RichText& text);

/// All paragraphs `by` levels deeper.
void quoteDeeper(RichText& text, int by = 1);

} // namespace avocet
