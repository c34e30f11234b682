// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/CssFilter.h"

#include "core/mime/Ascii.h"
#include "core/mime/CssRules.h"
#include "core/mime/CssTokens.h"

namespace avocet::mime {

namespace {

using Kind = CssToken::Kind;

constexpr int maxNesting = 4;   // @media within @media
constexpr int maxBrackets = 32; // in one value or selector

/// What would leave the message's own place: over other messages, or over our own banners.
bool isPinned(std::string_view property, std::string_view word)
{
    return property == "position" && word != "relative" && word != "absolute" && word != "static" &&
           word != "important";
}

std::string_view unquoted(std::string_view text)
{
    return text.substr(1, text.size() - 2);
}

/// Reads declarations up to the end, or up to a '}' that is not its own.
class Declarations {
public:
    Declarations(CssTokens& tokens, const UrlFilter& url)
        : m_tokens(tokens)
        , m_url(url)
    {
    }

    std::string all()
    {
        for (CssToken token = m_tokens.next(); !isEnd(token); token = m_tokens.next()) {
            if (token.kind == Kind::Space || token.is(';'))
                continue;
            declaration(token);
            if (m_ended)
                break;
        }
        return std::move(m_out);
    }

private:
    static bool isEnd(const CssToken& token) { return token.kind == Kind::End || token.is('}'); }

    void declaration(const CssToken& first)
    {
        const std::string property =
            first.kind == Kind::Ident ? lowered(first.text) : std::string();
        m_good = isShapingProperty(property);
        m_inUrl = m_seenString = false;
        CssToken token = m_tokens.next();
        if (token.kind == Kind::Space)
            token = m_tokens.next();
        m_good = m_good && token.is(':');
        std::string value;
        // What is no declaration is passed over to its end as well, bracket by bracket.
        std::string brackets = opening(first) ? std::string(1, closing(first)) : std::string();
        for (;; token = m_tokens.next()) {
            if (token.kind == Kind::End || (brackets.empty() && (token.is(';') || token.is('}'))))
                break;
            take(token, property, brackets, value);
        }
        m_ended = isEnd(token);
        m_good = m_good && brackets.empty();
        const std::string_view trimmedValue =
            trimmed(std::string_view(value).substr(!value.empty()));
        if (m_good && !trimmedValue.empty())
            m_out.append(property).append(":").append(trimmedValue).append(";");
    }

    static bool opening(const CssToken& token)
    {
        return token.kind == Kind::Function || token.is('(') || token.is('[') || token.is('{');
    }

    static char closing(const CssToken& token)
    {
        return token.is('[') ? ']' : token.is('{') ? '}' : ')';
    }

    void take(const CssToken& token, std::string_view property, std::string& brackets,
              std::string& value)
    {
        if (opening(token)) {
            m_good = m_good && !token.is('{') && brackets.size() < maxBrackets;
            brackets += closing(token);
        } else if (!brackets.empty() && token.is(brackets.back())) {
            brackets.pop_back();
        } else if (token.is(')') || token.is(']') || token.is('}') || token.is(';')) {
            m_good = false;
        }
        if (!m_good || m_inUrl || value.size() > maxValue) {
            m_good = m_good && value.size() <= maxValue && quotedUrl(token, value);
            return;
        }
        switch (token.kind) {
        case Kind::Bad:
        case Kind::AtKeyword:
        case Kind::End:
            m_good = false;
            break;
        case Kind::Space:
            value += ' ';
            break;
        case Kind::Ident:
            m_good = !isPinned(property, lowered(token.text));
            value += token.text;
            break;
        case Kind::Url:
            address(token.text, value);
            break;
        case Kind::Function:
            m_good = isValueFunction(lowered(token.text));
            m_inUrl = equalsIgnoreCase(token.text, "url");
            if (!m_inUrl)
                value.append(token.text).append("(");
            break;
        case Kind::String:
        case Kind::Other:
            value += token.text;
            break;
        }
    }

    /// Within url("..."): the string, and the parenthesis behind it.
    bool quotedUrl(const CssToken& token, std::string& value)
    {
        if (token.kind == Kind::String && !m_seenString) {
            m_seenString = true;
            address(unquoted(token.text), value);
            return m_good;
        }
        if (token.is(')') && m_seenString) {
            m_inUrl = m_seenString = false;
            return true;
        }
        return token.kind == Kind::Space;
    }

    void address(std::string_view text, std::string& value)
    {
        const auto written = m_url(text);
        m_good = written && written->find_first_of("\"\\<\n") == written->npos;
        if (m_good)
            value.append("url(\"").append(*written).append("\")");
    }

    static constexpr std::size_t maxValue = 64 << 10;

    CssTokens& m_tokens;
    const UrlFilter& m_url;
    std::string m_out;
    bool m_good = false;
    bool m_inUrl = false;
    bool m_seenString = false;
    bool m_ended = false;
};

class StyleSheet {
public:
    StyleSheet(std::string_view css, const UrlFilter& url)
        : m_tokens(css)
        , m_url(url)
    {
    }

    FilteredCss all(std::string_view media)
    {
        if (trimmed(media).empty()) {
            rules(0);
            return std::move(m_result);
        }
        CssTokens tokens(media);
        const Prelude prelude = takePrelude(tokens, tokens.next(), false);
        if (prelude.good && prelude.end.kind == Kind::End)
            conditional("media", prelude.text, 0);
        return std::move(m_result);
    }

private:
    struct Prelude {
        std::string text;
        bool good = true;
        CssToken end;
    };

    /// Up to the end, or within a block up to its '}'.
    void rules(int depth)
    {
        for (;;) {
            const CssToken token = m_tokens.next();
            if (token.kind == Kind::End || (depth > 0 && token.is('}')))
                return;
            if (token.kind == Kind::AtKeyword)
                atRule(lowered(token.text), depth);
            else if (token.kind != Kind::Space && !token.is('}') && !token.is(';'))
                styleRule(token);
        }
    }

    void atRule(const std::string& name, int depth)
    {
        const Prelude prelude = takePrelude(m_tokens, m_tokens.next(), false);
        if (!prelude.end.is('{'))
            return;
        if (prelude.good && (name == "media" || name == "supports") && depth < maxNesting)
            conditional(name, prelude.text, depth);
        else
            skipBlock();
    }

    void conditional(const std::string& name, std::string_view prelude, int depth)
    {
        const bool dark = lowered(prelude).find("prefers-color-scheme") != std::string::npos;
        m_result.darkRules = m_result.darkRules || dark;
        const std::size_t before = m_result.css.size();
        m_result.css.append("@").append(name).append(" ").append(trimmed(prelude)).append("{");
        const std::size_t open = m_result.css.size();
        rules(depth + 1);
        if (m_result.css.size() == open)
            m_result.css.resize(before);
        else
            m_result.css += '}';
    }

    void styleRule(const CssToken& first)
    {
        const Prelude selector = takePrelude(m_tokens, first, true);
        if (!selector.end.is('{'))
            return;
        const UrlFilter none = [](std::string_view) { return std::optional<std::string>(); };
        const bool asks = selector.text.find(':') != std::string::npos;
        const std::string declarations = Declarations(m_tokens, asks ? none : m_url).all();
        const std::string_view text = trimmed(selector.text);
        if (selector.good && !declarations.empty() && !text.empty())
            m_result.css.append(text).append("{").append(declarations).append("}");
    }

    /// From `token` up to '{', or ';' for an at-rule. Brackets have to be paired, or a block would begin elsewhere.
    static Prelude takePrelude(CssTokens& tokens, CssToken token, bool selector)
    {
        Prelude prelude;
        std::string brackets;
        for (;; token = tokens.next()) {
            if (token.kind == Kind::End || token.is('{') || (!selector && token.is(';'))) {
                prelude.good = prelude.good && brackets.empty();
                prelude.end = token;
                return prelude;
            }
            const bool closes = token.is(')') || token.is(']');
            const bool paired = !closes || (!brackets.empty() && brackets.back() == token.text[0]);
            prelude.good = prelude.good && paired && acceptable(token, selector) &&
                           prelude.text.size() < maxPrelude && brackets.size() < maxBrackets;
            if (!prelude.good)
                continue;
            if (closes)
                brackets.pop_back();
            else if (token.kind == Kind::Function || token.is('('))
                brackets += ')';
            else if (token.is('['))
                brackets += ']';
            append(token, prelude.text);
        }
    }

    static bool acceptable(const CssToken& token, bool selector)
    {
        switch (token.kind) {
        case Kind::Bad:
        case Kind::Url:
        case Kind::AtKeyword:
        case Kind::End:
            return false;
        case Kind::Function:
            return selector && isSelectorFunction(lowered(token.text));
        default:
            return !token.is('}') && !token.is(';');
        }
    }

    static void append(const CssToken& token, std::string& text)
    {
        if (token.kind == Kind::Space)
            text += ' ';
        else
            text += token.text;
        if (token.kind == Kind::Function)
            text += '(';
    }

    void skipBlock()
    {
        for (std::size_t depth = 1; depth > 0;) {
            const CssToken token = m_tokens.next();
            if (token.kind == Kind::End)
                return;
            depth += token.is('{');
            depth -= token.is('}');
        }
    }

    static constexpr std::size_t maxPrelude = 16 << 10;

    CssTokens m_tokens;
    const UrlFilter& m_url;
    FilteredCss m_result;
};

} // namespace

std::string filterDeclarations(std::string_view css, const UrlFilter& url)
{
    CssTokens tokens(css);
    return Declarations(tokens, url).all();
}

FilteredCss filterStyleSheet(std::string_view css, std::string_view media, const UrlFilter& url)
{
    return StyleSheet(css, url).all(media);
}

} // namespace avocet::mime
