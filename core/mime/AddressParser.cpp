// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Ascii.h"
#include "core/mime/EncodedWords.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MessageReader.h"
#include "core/mime/Utf8.h"

#include <algorithm>

namespace avocet {
namespace {

using namespace mime;

/// A word of a phrase or of an address without brackets.
struct Word {
    std::string text;
    bool quoted = false;
    bool spaced = false;  ///< white space before it
    bool encoded = false; ///< an encoded word: never an address, whatever it says

    bool hasAt() const { return !quoted && !encoded && text.find('@') != std::string::npos; }
    /// As it stands in an address, where a quoted local part keeps its quotes.
    std::string written() const { return quoted ? '"' + text + '"' : text; }
};

/// An address keeps neither white space nor control characters.
std::string cleanAddress(std::string_view raw)
{
    std::string result = cleanLine(raw);
    bool quoted = false;
    std::erase_if(result, [&quoted](char c) {
        if (c == '"')
            quoted = !quoted;
        return c == ' ' && !quoted;
    });
    return result;
}

/// One pass over an address list (RFC 5322 section 3.4 with the obsolete forms), state by state. A
/// quote or a comment that is never closed counts as a plain character.
class ListParser {
public:
    explicit ListParser(std::string_view text)
        : m_text(text)
    {
    }

    std::vector<Address> run()
    {
        while (m_pos < m_text.size())
            step();
        endGroup();
        return std::move(m_result);
    }

private:
    void step()
    {
        const char c = m_text[m_pos];
        switch (c) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
            m_space = true;
            ++m_pos;
            return;
        case '"':
            if (takeQuoted())
                return;
            break;
        case '(':
            if (takeComment())
                return;
            break;
        case '<':
            takeAngle();
            return;
        case ',':
            ++m_pos;
            finish();
            return;
        case ';':
            ++m_pos;
            endGroup();
            return;
        case ':':
            ++m_pos;
            startGroup();
            return;
        default:
            break;
        }
        takeAtom();
    }

    void addWord(Word word)
    {
        word.spaced = m_space;
        m_space = false;
        m_words.push_back(std::move(word));
    }

    bool takeQuoted()
    {
        if (m_noMoreQuotes)
            return false;
        Word word;
        word.quoted = true;
        for (std::size_t i = m_pos + 1; i < m_text.size(); ++i) {
            if (m_text[i] == '"') {
                m_pos = i + 1;
                addWord(std::move(word));
                return true;
            }
            if (m_text[i] == '\\' && i + 1 < m_text.size())
                ++i;
            word.text += m_text[i];
        }
        m_noMoreQuotes = true;
        return false;
    }

    bool takeComment()
    {
        if (m_noMoreComments)
            return false;
        std::string text;
        int depth = 0;
        for (std::size_t i = m_pos; i < m_text.size(); ++i) {
            const char c = m_text[i];
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                m_pos = i + 1;
                m_space = true;
                if (m_comment.empty())
                    m_comment = text.substr(1);
                return true;
            }
            if (c == '\\' && i + 1 < m_text.size())
                ++i;
            text += m_text[i];
        }
        m_noMoreComments = true;
        return false;
    }

    /// "<...>"; a missing ">" ends at the next comma, unless a route (RFC 5322 4.4) holds it.
    void takeAngle()
    {
        if (m_hasAngle)
            finish();
        ++m_pos;
        while (m_pos < m_text.size() && (m_text[m_pos] == '<' || isSpace(m_text[m_pos])))
            ++m_pos;
        const bool route = m_pos < m_text.size() && m_text[m_pos] == '@';
        std::size_t colon = std::string_view::npos;
        const std::size_t start = m_pos;
        const std::size_t close = m_text.find('>', m_pos);
        bool quoted = false;
        for (; m_pos < m_text.size(); ++m_pos) {
            const char c = m_text[m_pos];
            if (c == '"')
                quoted = !quoted && m_text.find('"', m_pos + 1) < close;
            if (quoted)
                continue;
            if (c == '>' || c == '<' || (c == ',' && !(route && colon == std::string_view::npos)))
                break;
            if (c == ':' && route && colon == std::string_view::npos)
                colon = m_pos;
        }
        const std::size_t from = colon != std::string_view::npos ? colon + 1 : start;
        m_angle = m_text.substr(from, m_pos - from);
        m_hasAngle = true;
        while (m_pos < m_text.size() && m_text[m_pos] == '>')
            ++m_pos;
    }

    void takeAtom()
    {
        if (const std::size_t length = encodedWordLength(m_text, m_pos)) {
            Word word;
            word.encoded = true;
            word.text = m_text.substr(m_pos, length);
            m_pos += length;
            addWord(std::move(word));
            return;
        }
        const std::size_t start = m_pos;
        bool literal = false; // [IPv6:...] holds colons
        for (++m_pos; m_pos < m_text.size(); ++m_pos) {
            const char c = m_text[m_pos];
            if (c == '[' && m_text[m_pos - 1] == '@')
                literal = true;
            if (c == ']')
                literal = false;
            if (isSpace(c) || c == ',' || c == ';' || c == '<' || (c == ':' && !literal) ||
                (c == '"' && !m_noMoreQuotes) || (c == '(' && !m_noMoreComments))
                break;
        }
        Word word;
        word.text = m_text.substr(start, m_pos - start);
        addWord(std::move(word));
    }

    void startGroup()
    {
        const bool address =
            std::any_of(m_words.begin(), m_words.end(), [](const Word& w) { return w.hasAt(); });
        if (m_hasAngle || address) {
            finish();
            return;
        }
        m_groupName = nameOf(0, m_words.size());
        m_inGroup = true;
        m_groupSize = m_result.size();
        clear();
    }

    void endGroup()
    {
        finish();
        if (m_inGroup && m_result.size() == m_groupSize && !m_groupName.empty())
            m_result.push_back({m_groupName, {}});
        m_inGroup = false;
    }

    std::string nameOf(std::size_t from, std::size_t to) const
    {
        std::string raw;
        for (std::size_t i = from; i < to; ++i) {
            if (m_words[i].spaced && !raw.empty())
                raw += ' ';
            raw += m_words[i].text;
        }
        return cleanLine(decodeWords(raw));
    }

    void finish()
    {
        if (m_hasAngle)
            finishAngle();
        else if (!m_words.empty())
            finishWords();
        else if (!m_comment.empty())
            add(cleanLine(decodeWords(m_comment)), {});
        clear();
    }

    void finishAngle() { add(nameOf(0, m_words.size()), cleanAddress(m_angle)); }

    void finishWords()
    {
        const auto hasAt = [](const Word& w) { return w.hasAt(); };
        if (m_words.size() > 1 && std::all_of(m_words.begin(), m_words.end(), hasAt)) {
            for (const Word& word : m_words)
                add({}, cleanAddress(word.text));
            return;
        }
        const auto last = std::find_if(m_words.rbegin(), m_words.rend(), hasAt);
        if (last == m_words.rend()) {
            const bool local = m_words.size() == 1 && !m_words[0].quoted && !m_words[0].encoded;
            if (local)
                add({}, cleanAddress(m_words[0].text));
            else
                add(nameOf(0, m_words.size()), {});
            return;
        }
        auto first = static_cast<std::size_t>(m_words.rend() - last) - 1;
        std::size_t end = first + 1;
        std::string address = m_words[first].written();
        // "anna @ example . org" is one address (RFC 5322 4.4).
        const auto goesOn = [&] {
            const Word& word = m_words[first];
            return address.front() == '@' || address.front() == '.' ||
                   (word.encoded && !word.spaced);
        };
        while (first > 0 && goesOn())
            address.insert(0, m_words[--first].written());
        while (end < m_words.size() && (address.back() == '@' || address.back() == '.' ||
                                        m_words[end].text.starts_with('.')))
            address += m_words[end++].written();
        std::string name = nameOf(0, first);
        const std::string behind = nameOf(end, m_words.size());
        if (!name.empty() && !behind.empty())
            name += ' ';
        add(name + behind, cleanAddress(address));
    }

    void add(std::string name, std::string address)
    {
        if (name.empty() && !m_comment.empty())
            name = cleanLine(decodeWords(m_comment));
        if (!name.empty() || !address.empty())
            m_result.push_back({std::move(name), std::move(address)});
    }

    void clear()
    {
        m_words.clear();
        m_comment.clear();
        m_angle = {};
        m_hasAngle = false;
        m_space = false;
    }

    std::string_view m_text;
    std::size_t m_pos = 0;
    bool m_space = false;
    bool m_noMoreQuotes = false;
    bool m_noMoreComments = false;
    std::vector<Word> m_words;
    std::string m_comment;
    std::string_view m_angle;
    bool m_hasAngle = false;
    bool m_inGroup = false;
    std::string m_groupName;
    std::size_t m_groupSize = 0;
    std::vector<Address> m_result;
};

} // namespace

std::vector<Address> parseAddressList(std::string_view raw)
{
    return ListParser(headerUtf8(unfolded(raw))).run();
}

namespace {

/// "<" printable ASCII without spaces and brackets ">": an id as every program writes it.
bool isPlainId(std::string_view raw)
{
    return raw.size() > 2 && raw.front() == '<' && raw.back() == '>' &&
           std::all_of(raw.begin() + 1, raw.end() - 1,
                       [](char c) { return c > 0x20 && c < 0x7F && c != '<' && c != '>'; });
}

} // namespace

std::vector<std::string> parseMessageIds(std::string_view raw)
{
    if (isPlainId(raw))
        return {std::string(raw.substr(1, raw.size() - 2))};
    const std::string text = headerUtf8(unfolded(raw));
    std::vector<std::string> ids;
    const auto add = [&ids](std::string_view id) {
        std::string clean = cleanLine(id);
        std::erase(clean, ' ');
        if (!clean.empty())
            ids.push_back(std::move(clean));
    };
    if (text.find('<') == std::string::npos) {
        for (std::size_t pos = 0; pos < text.size();) {
            const std::size_t end = std::min(text.find_first_of(" \t,", pos), text.size());
            add(std::string_view(text).substr(pos, end - pos));
            pos = end + 1;
        }
        return ids;
    }
    for (std::size_t open = text.find('<'); open != std::string::npos;
         open = text.find('<', open + 1)) {
        const std::size_t close = std::min(text.find_first_of("<>", open + 1), text.size());
        add(std::string_view(text).substr(open + 1, close - open - 1));
    }
    return ids;
}

} // namespace avocet
