// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Parameters.h"

#include "core/mime/Ascii.h"
#include "core/mime/Charset.h"
#include "core/mime/EncodedWords.h"
#include "core/mime/TransferEncoding.h"

#include <algorithm>

namespace avocet::mime {
namespace {

/// Takes a quoted string that starts at `pos`; a missing quote ends it with the field.
std::string takeQuoted(std::string_view field, std::size_t& pos)
{
    std::string result;
    for (++pos; pos < field.size() && field[pos] != '"'; ++pos) {
        // Only these two are escapes: Windows paths come unescaped.
        if (field[pos] == '\\' && pos + 1 < field.size() &&
            (field[pos + 1] == '"' || field[pos + 1] == '\\'))
            ++pos;
        result += field[pos];
    }
    ++pos;
    return result;
}

std::string withoutComments(std::string_view text)
{
    std::string result;
    int depth = 0;
    for (const char c : text) {
        if (c == '(')
            ++depth;
        else if (c == ')' && depth > 0)
            --depth;
        else if (depth == 0 && !isSpace(c))
            result += lower(c);
    }
    return result;
}

} // namespace

ParameterizedValue::ParameterizedValue(std::string_view field)
{
    std::size_t pos = std::min(field.find(';'), field.size());
    m_value = withoutComments(field.substr(0, pos));
    while (pos < field.size()) {
        ++pos;
        const std::size_t nameEnd = std::min(field.find_first_of("=;", pos), field.size());
        const std::string_view name = trimmed(field.substr(pos, nameEnd - pos));
        pos = nameEnd;
        if (pos >= field.size() || field[pos] == ';')
            continue;
        ++pos;
        while (pos < field.size() && isSpace(field[pos]))
            ++pos;
        if (pos < field.size() && field[pos] == '"') {
            addParameter(name, takeQuoted(field, pos));
            pos = std::min(field.find(';', std::min(pos, field.size())), field.size());
            continue;
        }
        const std::size_t end = std::min(field.find(';', pos), field.size());
        addParameter(name, std::string(trimmed(field.substr(pos, end - pos))));
        pos = end;
    }
}

void ParameterizedValue::addParameter(std::string_view name, std::string value)
{
    Parameter parameter;
    parameter.value = std::move(value);
    if (name.ends_with('*')) {
        parameter.extended = true;
        name.remove_suffix(1);
    }
    const std::size_t star = name.find('*');
    if (star != std::string_view::npos) {
        const std::string_view digits = name.substr(star + 1);
        if (digits.empty() || digits.size() > 5 ||
            !std::all_of(digits.begin(), digits.end(), isDigit))
            return;
        parameter.section = 0;
        for (const char c : digits)
            parameter.section = parameter.section * 10 + (c - '0');
        name = name.substr(0, star);
    }
    parameter.name = lowered(name);
    m_parameters.push_back(std::move(parameter));
}

std::string ParameterizedValue::raw(std::string_view name) const
{
    const auto found =
        std::find_if(m_parameters.begin(), m_parameters.end(),
                     [&](const Parameter& p) { return p.name == name && p.section < 0; });
    if (found != m_parameters.end())
        return found->value;
    return text(name);
}

std::string ParameterizedValue::text(std::string_view name) const
{
    std::vector<const Parameter*> sections;
    const Parameter* plain = nullptr;
    for (const Parameter& p : m_parameters) {
        if (p.name != name)
            continue;
        if (p.section >= 0 || (p.extended && sections.empty()))
            sections.push_back(&p);
        else if (plain == nullptr && !p.extended)
            plain = &p;
    }
    if (sections.empty())
        return plain != nullptr ? decodeWords(headerUtf8(plain->value)) : std::string();
    std::stable_sort(sections.begin(), sections.end(), [](const Parameter* a, const Parameter* b) {
        return a->section < b->section;
    });
    // "name*" stands for itself; it wins over numbered sections.
    if (sections.front()->section < 0)
        sections.resize(1);
    std::string charset;
    std::string bytes;
    bool first = true;
    int last = -2;
    for (const Parameter* p : sections) {
        if (p->section == last)
            continue;
        last = p->section;
        std::string_view value = p->value;
        const std::size_t quote = first && p->extended ? value.find('\'') : std::string_view::npos;
        const std::size_t second =
            quote == std::string_view::npos ? quote : value.find('\'', quote + 1);
        if (second != std::string_view::npos) {
            charset = value.substr(0, quote);
            value.remove_prefix(second + 1);
        }
        bytes += p->extended ? percentDecoded(value) : std::string(value);
        first = false;
    }
    const bool anyExtended = std::any_of(sections.begin(), sections.end(),
                                         [](const Parameter* p) { return p->extended; });
    return anyExtended ? toUtf8(bytes, charset) : decodeWords(headerUtf8(bytes));
}

} // namespace avocet::mime
