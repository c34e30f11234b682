// SPDX-License-Identifier: GPL-3.0-or-later
// What sanitised HTML may hold, told by another parser and a list of its own: the sanitiser's tests and its fuzz target.
#pragma once

#include "core/mime/HtmlSanitizer.h"

#include <gumbo.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace avocet::test {

constexpr std::string_view oraclePicture = "https://picture.invalid/";
constexpr std::string_view oracleLink = "https://link.invalid/";

/// All pictures are let through, under one address; links are numbered under another.
inline HtmlPolicy oraclePolicy()
{
    HtmlPolicy policy;
    policy.linkPrefix = oracleLink;
    policy.picture = [](const HtmlPicture&) { return std::optional<std::string>(oraclePicture); };
    return policy;
}

class HtmlOracle {
public:
    /// What is wrong with a page made under oraclePolicy(), or empty.
    static std::string breachIn(const std::string& html)
    {
        GumboOptions options = kGumboDefaultOptions;
        options.max_errors = 0;
        const auto destroy = [&options](GumboOutput* output) {
            gumbo_destroy_output(&options, output);
        };
        const std::unique_ptr<GumboOutput, decltype(destroy)> parsed(
            gumbo_parse_with_options(&options, html.data(), html.size()), destroy);
        if (!parsed)
            return "cannot be parsed";
        std::vector<const GumboNode*> waiting{parsed->root};
        while (!waiting.empty()) {
            const GumboNode* node = waiting.back();
            waiting.pop_back();
            if (node->type == GUMBO_NODE_COMMENT || node->type == GUMBO_NODE_CDATA ||
                node->type == GUMBO_NODE_TEMPLATE)
                return "a comment, CDATA or a template";
            if (node->type != GUMBO_NODE_ELEMENT)
                continue;
            if (std::string breach = breachInElement(node->v.element); !breach.empty())
                return breach;
            const GumboVector& children = node->v.element.children;
            for (unsigned i = 0; i < children.length; ++i)
                waiting.push_back(static_cast<const GumboNode*>(children.data[i]));
        }
        return {};
    }

private:
    static std::string breachInElement(const GumboElement& element)
    {
        static const std::set<std::string_view> elements{
            "html",    "head",    "meta",       "style",   "body",    "a",          "abbr",
            "acronym", "address", "area",       "article", "aside",   "b",          "bdi",
            "bdo",     "big",     "blockquote", "br",      "caption", "center",     "cite",
            "code",    "col",     "colgroup",   "dd",      "del",     "details",    "dfn",
            "dir",     "div",     "dl",         "dt",      "em",      "figcaption", "figure",
            "font",    "footer",  "h1",         "h2",      "h3",      "h4",         "h5",
            "h6",      "header",  "hr",         "i",       "img",     "ins",        "kbd",
            "label",   "li",      "main",       "map",     "mark",    "menu",       "nav",
            "nobr",    "ol",      "p",          "pre",     "q",       "rp",         "rt",
            "ruby",    "s",       "samp",       "section", "small",   "span",       "strike",
            "strong",  "sub",     "summary",    "sup",     "table",   "tbody",      "td",
            "tfoot",   "th",      "thead",      "time",    "tr",      "tt",         "u",
            "ul",      "var",     "wbr"};
        std::string name = gumbo_normalized_tagname(element.tag);
        if (element.tag == GUMBO_TAG_UNKNOWN) {
            GumboStringPiece piece = element.original_tag;
            gumbo_tag_from_original_text(&piece);
            name.assign(piece.data, piece.length);
        }
        if (element.tag_namespace != GUMBO_NAMESPACE_HTML || elements.count(name) == 0)
            return "element " + name;
        if (name == "style" && element.children.length > 0) {
            const auto* text = static_cast<const GumboNode*>(element.children.data[0]);
            if (std::string breach = breachInStyle(text->v.text.text); !breach.empty())
                return breach;
        }
        for (unsigned i = 0; i < element.attributes.length; ++i) {
            const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
            if (!isAttributeFine(name, attribute.name, attribute.value))
                return name + " " + attribute.name + "=" + attribute.value;
        }
        return {};
    }

    static bool isAttributeFine(std::string_view tag, const std::string& name,
                                std::string_view value)
    {
        static const std::set<std::string_view> harmless{
            "abbr",        "align",       "alink",       "alt",     "bgcolor", "border",
            "bordercolor", "cellpadding", "cellspacing", "char",    "charoff", "class",
            "clear",       "color",       "colspan",     "compact", "coords",  "datetime",
            "dir",         "face",        "frame",       "headers", "height",  "hspace",
            "id",          "lang",        "link",        "noshade", "nowrap",  "open",
            "reversed",    "role",        "rowspan",     "rules",   "scope",   "shape",
            "size",        "span",        "start",       "summary", "text",    "title",
            "type",        "valign",      "value",       "vlink",   "vspace",  "width"};
        if (tag == "meta")
            return name == "charset" && value == "utf-8";
        if (name == "style")
            return breachInStyle(value).empty();
        if (name == "src" || name == "background")
            return value == oraclePicture && (name != "src" || tag == "img");
        if (name == "href")
            return (tag == "a" || tag == "area") &&
                   (value.starts_with(oracleLink) || value.starts_with('#'));
        if (name == "usemap")
            return value.starts_with('#');
        if (name == "name")
            return tag == "a" || tag == "map";
        return harmless.count(name) > 0 || name.starts_with("aria-");
    }

    /// Words with a '(' behind them, and those that a style could act by.
    static std::string breachInStyle(std::string_view css)
    {
        static const std::set<std::string> functions{"",
                                                     "and",
                                                     "or",
                                                     "not",
                                                     "calc",
                                                     "clamp",
                                                     "fit-content",
                                                     "hsl",
                                                     "hsla",
                                                     "linear-gradient",
                                                     "max",
                                                     "min",
                                                     "minmax",
                                                     "radial-gradient",
                                                     "repeat",
                                                     "repeating-linear-gradient",
                                                     "rgb",
                                                     "rgba",
                                                     "url",
                                                     "is",
                                                     "lang",
                                                     "nth-child",
                                                     "nth-last-child",
                                                     "nth-last-of-type",
                                                     "nth-of-type",
                                                     "where"};
        std::string word;
        char quote = '\0';
        for (std::size_t i = 0; i < css.size(); ++i) {
            const char c = css[i];
            if (c == '<' || c == '\\')
                return "a style may end here: " + std::string(css.substr(i, 20));
            if (quote != '\0') {
                quote = c == quote ? '\0' : quote;
                continue;
            }
            const bool isWord = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                                (static_cast<unsigned char>(c) & 0x80) != 0;
            if (isWord) {
                word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
                continue;
            }
            if (c == '(' && functions.count(word) == 0)
                return "function " + word;
            if (c == '(' && word == "url" &&
                !css.substr(i + 1).starts_with("\"https://picture.invalid/\")"))
                return "url " + std::string(css.substr(i, 40));
            if (c == '@' && !css.substr(i + 1).starts_with("media ") &&
                !css.substr(i + 1).starts_with("supports "))
                return "rule " + std::string(css.substr(i, 20));
            word.clear();
            quote = c == '"' || c == '\'' ? c : '\0';
        }
        return {};
    }
};

} // namespace avocet::test
