// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/SearchMatch.h"

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

struct FieldColumn {
    SearchField field;
    const char* filter;
    std::optional<SearchColumn> column;
};
constexpr FieldColumn fieldColumns[]{
    {SearchField::Any, "", std::nullopt},
    {SearchField::From, "sender : ", SearchColumn::From},
    {SearchField::To, "recipients : ", SearchColumn::To},
    {SearchField::Subject, "subject : ", SearchColumn::Subject},
};

const FieldColumn& columnOf(SearchField field)
{
    for (const FieldColumn& entry : fieldColumns)
        if (entry.field == field)
            return entry;
    return fieldColumns[0];
}

/// One term's part of a SearchMatch.
struct Expression {
    std::string exact; ///< empty: there is no word in the term
    std::string quick;
    std::optional<Beginning> check;
};

Expression expressionOf(const SearchTerm& term)
{
    std::string tokens = searchTokens(term.words);
    if (tokens.empty())
        return {};
    const FieldColumn& field = columnOf(term.field);
    const auto quoted = [&](const std::string& words) {
        return std::string("(") + field.filter + '"' + words + "\")";
    };
    const std::size_t space = tokens.rfind(' ');
    const std::string last = tokens.substr(space == std::string::npos ? 0 : space + 1);
    const std::string mark = searchStartMark(last, field.column);
    if (!term.prefix || mark.empty()) {
        // A single letter begins too many words to be of use; other single characters are words.
        const bool isLetter = term.prefix && last.size() == 1 && space != std::string::npos;
        if (isLetter)
            tokens.resize(space);
        return {quoted(tokens), quoted(tokens), {}};
    }
    const std::string marked = "(\"" + mark + "\")";
    if (space == std::string::npos && mark.ends_with(last) && mark.size() == last.size() + 3)
        return {marked, marked, {}};
    Expression expression;
    expression.exact = std::string("(") + field.filter + '"' + tokens + "\" *)";
    expression.quick = marked;
    if (space != std::string::npos)
        expression.quick += " AND " + quoted(tokens.substr(0, space));
    expression.check = {field.column, tokens, marked};
    return expression;
}

} // namespace

bool Beginning::isIn(std::string_view text) const
{
    if (column) {
        for (auto skip = static_cast<std::size_t>(*column); skip > 0; --skip)
            text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
        text = text.substr(0, text.find('\n'));
    }
    for (std::size_t at = text.find(tokens); at != std::string_view::npos;
         at = text.find(tokens, at + 1))
        if (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n')
            return true;
    return false;
}

std::optional<SearchMatch> searchMatchOf(const SearchQuery& query)
{
    SearchMatch match;
    const auto add = [](std::string& all, const std::string& one) {
        all += (all.empty() ? "" : " AND ") + one;
    };
    for (const SearchTerm& term : query.terms) {
        Expression one = expressionOf(term);
        if (one.exact.empty())
            continue;
        add(match.exact, one.exact);
        add(match.quick, one.quick);
        if (one.check)
            match.checks.push_back(std::move(*one.check));
    }
    SearchQuery operators = query;
    operators.terms.clear();
    if (match.exact.empty() && operators.empty())
        return {};
    if (query.account && !match.exact.empty()) {
        const std::string mark = '"' + searchAccountMark(query.account) + '"';
        add(match.exact, mark);
        add(match.quick, mark);
    }
    return match;
}

} // namespace avocet
