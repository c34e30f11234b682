// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/SearchText.h"

#include "core/store/Zstd.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>

namespace avocet {

namespace {

constexpr char codecStored = 0;
/// Read, and no longer written: then the size of what was packed, four bytes, the lowest first.
constexpr char codecZlib = 1;
constexpr char codecZstd = 2;
constexpr std::size_t zlibHeader = 5;
/// More than the bounds of the columns together can ever become by normalisation (U+FDFA alone grows to 18 characters).
constexpr std::size_t maxUnpacked = 16u << 20;

// All begin with a character for private use, which no text has left after normalisation.
constexpr std::string_view anyStart = "\xEE\x80\x80";
constexpr std::string_view accountMark = "\xEE\x80\x81";
constexpr std::array<std::pair<SearchColumn, std::string_view>, 3> columnStarts{
    {{SearchColumn::Subject, "\xEE\x80\x82"},
     {SearchColumn::From, "\xEE\x80\x83"},
     {SearchColumn::To, "\xEE\x80\x84"}}};

/// Cut between two characters.
std::string_view bounded(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit)
        return text;
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80)
        --limit;
    return text.substr(0, limit);
}

/// Appends what still fits into `room` bytes of input.
void appendBounded(std::string_view text, std::size_t& room, std::string& tokens)
{
    text = bounded(text, room);
    room -= text.size();
    appendSearchTokens(text, tokens);
}

std::string peopleTokens(const std::vector<Address>& people)
{
    std::string tokens;
    std::size_t room = maxSearchedField;
    for (const Address& person : people) {
        if (room == 0)
            break;
        appendBounded(person.name, room, tokens);
        appendBounded(person.address, room, tokens);
    }
    return tokens;
}

std::string packed(const std::array<std::string, searchColumns>& columns)
{
    std::string raw;
    for (const std::string& column : columns) {
        raw += column;
        raw += '\n';
    }
    constexpr std::size_t worthPacking = 256;
    if (std::string result(1, codecZstd); raw.size() >= worthPacking && appendZstd(raw, result))
        return result;
    raw.insert(raw.begin(), codecStored);
    return raw;
}

std::size_t sequenceSize(char lead)
{
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Bytes of the first `count` characters; 0 where there are fewer.
std::size_t charactersSize(std::string_view token, int count)
{
    std::size_t size = 0;
    for (int i = 0; i < count; ++i) {
        if (size >= token.size())
            return 0;
        size += sequenceSize(token[size]);
    }
    return size <= token.size() ? size : 0;
}

void collectStarts(std::string_view tokens, std::vector<std::string_view>& starts)
{
    while (!tokens.empty()) {
        const std::size_t end = std::min(tokens.find(' '), tokens.size());
        const std::string_view token = tokens.substr(0, end);
        for (const int count : {2, 3, 4})
            if (const std::size_t size = charactersSize(token, count); size > 0)
                starts.push_back(token.substr(0, size));
        tokens.remove_prefix(std::min(end + 1, tokens.size()));
    }
}

void appendMarks(std::string_view mark, std::vector<std::string_view>& starts, std::string& marks)
{
    // Sorting views is faster than hashing them: a message has some hundreds.
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    marks.reserve(marks.size() + starts.size() * 8);
    for (const std::string_view start : starts) {
        marks += ' ';
        marks += mark;
        marks += start;
    }
}

} // namespace

SearchText prepareSearchText(const SearchFields& fields)
{
    SearchText text;
    const auto column = [&](SearchColumn which) -> std::string& {
        return text.columns[static_cast<std::size_t>(which)];
    };
    appendSearchTokens(bounded(fields.subject, maxSearchedField), column(SearchColumn::Subject));
    column(SearchColumn::From) = peopleTokens(fields.from);
    column(SearchColumn::To) = peopleTokens(fields.to);
    std::size_t room = maxSearchedText;
    for (const std::string_view part : fields.texts)
        appendBounded(part, room, column(SearchColumn::Text));
    room = maxSearchedField;
    for (const std::string& name : fields.names)
        appendBounded(name, room, column(SearchColumn::Names));
    text.stored = packed(text.columns);
    text.whole = fields.whole;
    return text;
}

struct SearchTextReader::Private {
    z_stream stream{};
    bool ready = false;
    std::string raw;

    std::optional<std::string_view> unpackZlib(std::string_view stored);
};

std::optional<std::string_view> SearchTextReader::Private::unpackZlib(std::string_view stored)
{
    if (stored.size() < zlibHeader || !ready)
        return {};
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < 4; ++i)
        size |= static_cast<std::uint32_t>(static_cast<unsigned char>(stored[1 + i])) << (8 * i);
    if (size > maxUnpacked || inflateReset(&stream) != Z_OK)
        return {};
    if (raw.size() < size)
        raw.resize(size);
    stored.remove_prefix(zlibHeader);
    // zlib's interface is older than const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(stored.data()));
    stream.avail_in = static_cast<uInt>(stored.size());
    stream.next_out = reinterpret_cast<Bytef*>(raw.data());
    stream.avail_out = size;
    if (inflate(&stream, Z_FINISH) != Z_STREAM_END || stream.avail_out != 0)
        return {};
    return std::string_view(raw).substr(0, size);
}

SearchTextReader::SearchTextReader()
    : d(std::make_unique<Private>())
{
    d->ready = inflateInit(&d->stream) == Z_OK;
}

SearchTextReader::~SearchTextReader()
{
    if (d->ready)
        inflateEnd(&d->stream);
}

std::optional<std::string_view> SearchTextReader::read(std::string_view stored)
{
    if (stored.empty())
        return {};
    if (stored.front() == codecStored)
        return stored.substr(1);
    if (stored.front() == codecZstd) {
        stored.remove_prefix(1);
        const auto size = zstdSize(stored);
        d->raw.clear();
        if (!size || *size > maxUnpacked || !appendUnzstd(stored, *size, d->raw))
            return {};
        return d->raw;
    }
    return stored.front() == codecZlib ? d->unpackZlib(stored) : std::nullopt;
}

bool SearchTextReader::read(std::string_view stored,
                            std::array<std::string, searchColumns>& columns)
{
    std::optional<std::string_view> rest = read(stored);
    if (!rest)
        return false;
    for (std::string& column : columns) {
        const std::size_t end = rest->find('\n');
        if (end == std::string_view::npos)
            return false;
        column = rest->substr(0, end);
        rest->remove_prefix(end + 1);
    }
    return rest->empty();
}

std::string searchStartMark(std::string_view token, std::optional<SearchColumn> column)
{
    std::string_view mark = anyStart;
    for (const auto& [which, start] : columnStarts)
        if (column == which)
            mark = start;
    for (const int count : {4, 3, 2})
        if (const std::size_t size = charactersSize(token, count); size > 0)
            return std::string(mark).append(token.substr(0, size));
    return {};
}

std::string searchAccountMark(AccountId account)
{
    return std::string(accountMark) + std::to_string(account.value);
}

std::string searchMarks(const std::array<std::string, searchColumns>& columns, AccountId account)
{
    std::string marks = searchAccountMark(account);
    std::vector<std::string_view> all;
    for (const std::string& column : columns)
        collectStarts(column, all);
    appendMarks(anyStart, all, marks);
    for (const auto& [column, mark] : columnStarts) {
        std::vector<std::string_view> some;
        collectStarts(columns[static_cast<std::size_t>(column)], some);
        appendMarks(mark, some, marks);
    }
    return marks;
}

} // namespace avocet
