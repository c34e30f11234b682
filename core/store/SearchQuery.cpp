// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/SearchQuery.h"

#include "core/store/SearchTokens.h"

#include <array>
#include <charconv>
#include <chrono>

namespace avocet {

namespace {

constexpr std::size_t maxTerms = 32;
constexpr std::size_t maxTermBytes = 200;

/// A piece of the text: [name:]value, the value bare or in quotes.
struct Piece {
    std::string name; ///< lower case, empty: none
    std::string value;
    std::string raw; ///< both, for where the name means nothing
    bool quoted = false;
    bool finished = false; ///< something follows it, so that no more is typed to it
};

bool isSpace(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/// The typographic quotes are what some keyboards put where people mean the plain one.
std::size_t quoteAt(std::string_view text, std::size_t at)
{
    if (text[at] == '"')
        return 1;
    for (const std::string_view quote : {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E"})
        if (text.substr(at, quote.size()) == quote)
            return quote.size();
    return 0;
}

class Scanner {
public:
    explicit Scanner(std::string_view text)
        : m_text(text)
    {
    }

    bool next(Piece& piece)
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
        if (m_at >= m_text.size())
            return false;
        piece = {};
        const std::size_t start = m_at;
        readName(piece);
        if (const std::size_t quote = m_at < m_text.size() ? quoteAt(m_text, m_at) : 0; quote > 0)
            readQuoted(piece, quote);
        else
            readBare(piece);
        piece.raw = m_text.substr(start, m_at - start);
        return true;
    }

private:
    void readName(Piece& piece)
    {
        std::size_t end = m_at;
        std::string name;
        for (; end < m_text.size() && name.size() < 12; ++end) {
            const char byte = m_text[end];
            if (byte >= 'a' && byte <= 'z')
                name += byte;
            else if (byte >= 'A' && byte <= 'Z')
                name += static_cast<char>(byte - 'A' + 'a');
            else
                break;
        }
        if (name.empty() || end >= m_text.size() || m_text[end] != ':')
            return;
        piece.name = std::move(name);
        m_at = end + 1;
    }

    void readQuoted(Piece& piece, std::size_t quote)
    {
        piece.quoted = true;
        m_at += quote;
        const std::size_t start = m_at;
        for (; m_at < m_text.size(); ++m_at) {
            if (const std::size_t closing = quoteAt(m_text, m_at); closing > 0) {
                piece.value = m_text.substr(start, m_at - start);
                piece.finished = true;
                m_at += closing;
                return;
            }
        }
        piece.value = m_text.substr(start);
        piece.finished = !piece.value.empty() && isSpace(piece.value.back());
    }

    void readBare(Piece& piece)
    {
        const std::size_t start = m_at;
        while (m_at < m_text.size() && !isSpace(m_text[m_at]) && quoteAt(m_text, m_at) == 0)
            ++m_at;
        piece.value = m_text.substr(start, m_at - start);
        piece.finished = m_at < m_text.size();
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

std::optional<int> number(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return {};
    return value;
}

/// A day, a month or a year.
struct Span {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

std::optional<Span> spanOf(std::string_view text, std::int64_t utcOffset)
{
    std::array<int, 3> part{0, 1, 1};
    std::size_t count = 0;
    for (std::string_view rest = text;; ++count) {
        const std::size_t end = rest.find_first_of("-/.");
        const auto value = number(rest.substr(0, end));
        if (!value || count == part.size())
            return {};
        part[count] = *value;
        if (end == std::string_view::npos)
            break;
        rest.remove_prefix(end + 1);
    }
    using namespace std::chrono;
    const auto day = [](int y, int m, int d) {
        return year_month_day(year(y), month(static_cast<unsigned>(m)),
                              std::chrono::day(static_cast<unsigned>(d)));
    };
    if (part[0] < 1000 || part[0] > 9998 || part[1] < 1 || part[1] > 12 || part[2] < 1 ||
        !day(part[0], part[1], part[2]).ok())
        return {};
    const year_month_day first = day(part[0], part[1], part[2]);
    const sys_days begin(first);
    const sys_days end = count == 0   ? sys_days(first + years(1))
                         : count == 1 ? sys_days(first + months(1))
                                      : begin + days(1);
    const auto seconds = [&](sys_days midnight) {
        return std::int64_t{midnight.time_since_epoch().count()} * 86400 - utcOffset;
    };
    return Span{seconds(begin), seconds(end)};
}

bool takeState(const std::string& value, SearchQuery& query)
{
    if (value == "unread")
        query.unread = true;
    else if (value == "read")
        query.unread = false;
    else if (value == "starred" || value == "flagged")
        query.starred = true;
    else if (value == "unstarred" || value == "unflagged")
        query.starred = false;
    else
        return false;
    return true;
}

bool takeDate(const Piece& piece, std::int64_t utcOffset, SearchQuery& query)
{
    const auto span = spanOf(piece.value, utcOffset);
    if (!span)
        return false;
    if (piece.name != "before")
        query.after = std::max(query.after.value_or(span->begin), span->begin);
    if (piece.name == "before")
        query.before = std::min(query.before.value_or(span->begin), span->begin);
    if (piece.name == "on")
        query.before = std::min(query.before.value_or(span->end), span->end);
    return true;
}

/// The operators that are no words to look for; false where the piece is none of them.
bool takeOperator(const Piece& piece, std::int64_t utcOffset, SearchQuery& query)
{
    const std::string value = searchTokens(piece.value);
    if (piece.name == "is")
        return value.empty() || takeState(value, query);
    if (piece.name == "has") {
        if (value == "attachment" || value == "attachments")
            query.attachment = true;
        else
            return value.empty();
        return true;
    }
    if (piece.name == "in") {
        if (!piece.value.empty() && query.in.size() < maxTerms)
            query.in.push_back(piece.value.substr(0, maxTermBytes));
        return true;
    }
    if (piece.name == "before" || piece.name == "after" || piece.name == "on")
        return piece.value.empty() || takeDate(piece, utcOffset, query);
    return false;
}

std::optional<SearchField> fieldNamed(std::string_view name)
{
    if (name == "from")
        return SearchField::From;
    if (name == "to" || name == "cc")
        return SearchField::To;
    if (name == "subject")
        return SearchField::Subject;
    return {};
}

} // namespace

bool SearchQuery::empty() const
{
    return terms.empty() && in.empty() && !unread && !starred && !attachment && !after && !before;
}

SearchQuery parseSearchQuery(std::string_view text, std::int64_t utcOffset)
{
    SearchQuery query;
    Scanner scanner(text);
    for (Piece piece; scanner.next(piece);) {
        if (!piece.name.empty() && takeOperator(piece, utcOffset, query))
            continue;
        SearchTerm term;
        const auto field = fieldNamed(piece.name);
        term.field = field.value_or(SearchField::Any);
        term.words =
            (field || piece.name.empty() ? piece.value : piece.raw).substr(0, maxTermBytes);
        term.prefix = !piece.finished;
        if (!term.words.empty() && query.terms.size() < maxTerms)
            query.terms.push_back(std::move(term));
    }
    return query;
}

} // namespace avocet
