// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/EncodedWords.h"

#include "core/mime/Ascii.h"
#include "core/mime/Charset.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MessageReader.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <optional>

namespace avocet::mime {
namespace {

struct Word {
    std::string_view charset; ///< without an RFC 2231 language
    bool base64 = false;
    std::string_view payload;
    std::size_t end = 0;
};

/// Where the payload ends: at "?=", but never behind the start of another word, which also keeps
/// a field full of unfinished words linear.
std::size_t payloadEnd(std::string_view text, std::size_t pos)
{
    for (; pos + 1 < text.size(); ++pos) {
        if (text[pos] == '?' && text[pos + 1] == '=')
            return pos;
        const bool padding = pos + 2 < text.size() && text[pos + 2] == '=';
        if (text[pos] == '=' && text[pos + 1] == '?' && !padding)
            break;
    }
    return std::string_view::npos;
}

std::optional<Word> wordAt(std::string_view text, std::size_t pos)
{
    constexpr std::size_t longestCharset = 80;
    if (text.substr(pos, 2) != "=?")
        return std::nullopt;
    const std::size_t charsetStart = pos + 2;
    std::size_t mark = charsetStart;
    while (mark < text.size() && mark - charsetStart < longestCharset && text[mark] > ' ' &&
           text[mark] != '?' && byte(text[mark]) < 0x7F)
        ++mark;
    if (mark == charsetStart || mark + 2 >= text.size() || text[mark] != '?' ||
        text[mark + 2] != '?')
        return std::nullopt;
    Word word;
    word.charset = text.substr(charsetStart, mark - charsetStart);
    word.charset = word.charset.substr(0, word.charset.find('*'));
    const char encoding = lower(text[mark + 1]);
    if (encoding != 'b' && encoding != 'q')
        return std::nullopt;
    word.base64 = encoding == 'b';
    const std::size_t end = payloadEnd(text, mark + 3);
    if (end == std::string_view::npos)
        return std::nullopt;
    word.payload = text.substr(mark + 3, end - mark - 3);
    word.end = end + 2;
    const auto foreign = [](char c) {
        return !isAlpha(c) && !isDigit(c) && !isSpace(c) && c != '+' && c != '/' && c != '=';
    };
    if (word.base64 && std::any_of(word.payload.begin(), word.payload.end(), foreign))
        return std::nullopt;
    return word;
}

std::string decodeQ(std::string_view payload)
{
    std::string result;
    result.reserve(payload.size());
    for (std::size_t i = 0; i < payload.size(); ++i) {
        if (payload[i] == '=' && i + 2 < payload.size() && hexValue(payload[i + 1]) >= 0 &&
            hexValue(payload[i + 2]) >= 0) {
            result += static_cast<char>(hexValue(payload[i + 1]) << 4 | hexValue(payload[i + 2]));
            i += 2;
        } else {
            result += payload[i] == '_' ? ' ' : payload[i];
        }
    }
    return result;
}

/// Adjacent words of one charset, waiting to be converted together. Base64 comes without padding from
/// some mailers, and cut anywhere from others: both readings are kept until it shows which one fits.
class WordRun {
public:
    bool active() const { return m_active; }

    void add(const Word& word, std::string& out)
    {
        if (m_active && !equalsIgnoreCase(m_charset, word.charset))
            flush(out);
        m_active = true;
        m_charset = word.charset;
        if (word.base64) {
            m_bytes += decodeBase64(word.payload);
            m_base64 += word.payload;
            m_cut = m_cut || word.payload.size() % 4 == 1;
            if (m_base64.size() % 4 == 0 || m_base64.ends_with('='))
                endBase64();
        } else {
            endBase64();
            const std::string bytes = decodeQ(word.payload);
            m_bytes += bytes;
            m_joined += bytes;
        }
    }

    void flush(std::string& out)
    {
        if (!m_active)
            return;
        endBase64();
        CharsetOutcome outcome = CharsetOutcome::AsDeclared;
        std::string text = toUtf8(m_bytes, m_charset, &outcome);
        if (m_joined != m_bytes && (m_cut || outcome != CharsetOutcome::AsDeclared)) {
            std::string other = toUtf8(m_joined, m_charset, &outcome);
            if (outcome == CharsetOutcome::AsDeclared)
                text = std::move(other);
        }
        out += text;
        *this = WordRun();
    }

private:
    void endBase64()
    {
        m_joined += decodeBase64(m_base64);
        m_base64.clear();
    }

    bool m_active = false;
    bool m_cut = false; ///< a word's length can only come from cutting
    std::string_view m_charset;
    std::string m_bytes;  ///< each word decoded by itself
    std::string m_joined; ///< base64 decoded across words
    std::string m_base64;
};

} // namespace

std::size_t encodedWordLength(std::string_view text, std::size_t pos)
{
    const auto word = wordAt(text, pos);
    return word ? word->end - pos : 0;
}

std::string headerUtf8(std::string_view raw)
{
    if (!isAscii(raw))
        return guessedUtf8(raw, true);
    // Japanese mail of old sends ISO-2022-JP without saying so.
    if (raw.find("\x1B$") != std::string_view::npos)
        return toUtf8(raw, "iso-2022-jp");
    return std::string(raw);
}

std::string decodeWords(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    WordRun run;
    std::size_t pos = 0;
    while (pos < text.size()) {
        const std::size_t start = text.find("=?", pos);
        const auto word = start == std::string_view::npos ? std::nullopt : wordAt(text, start);
        if (!word && start != std::string_view::npos) {
            run.flush(result);
            result.append(text.substr(pos, start + 2 - pos));
            pos = start + 2;
            continue;
        }
        const std::string_view between = text.substr(pos, std::min(start, text.size()) - pos);
        const bool joined = run.active() && word && trimmed(between).empty();
        if (!joined) {
            run.flush(result);
            result.append(between);
        }
        if (!word)
            break;
        run.add(*word, result);
        pos = word->end;
    }
    run.flush(result);
    return result;
}

} // namespace avocet::mime

namespace avocet {

namespace {

/// Printable ASCII with single spaces inside and no encoded word: what decoding would give back as it
/// is. Most fields of most mail.
bool needsNoDecoding(std::string_view raw)
{
    if (raw.empty() || raw.front() == ' ' || raw.back() == ' ')
        return raw.empty();
    char before = '\0';
    for (const char c : raw) {
        if (c < 0x20 || c > 0x7E || (c == ' ' && before == ' ') || (c == '?' && before == '='))
            return false;
        before = c;
    }
    return true;
}

} // namespace

std::string decodeHeaderText(std::string_view raw)
{
    if (needsNoDecoding(raw))
        return std::string(raw);
    return mime::cleanLine(mime::decodeWords(mime::headerUtf8(mime::unfolded(raw))));
}

} // namespace avocet
