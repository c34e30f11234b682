// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ImapStatus.h"

#include <algorithm>
#include <array>

namespace avocet {
namespace {

constexpr std::size_t maxText = 1000;
constexpr std::size_t maxCapabilities = 1000;

char upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

struct Word {
    std::string_view name;
    ImapStatus::Condition condition;
};

constexpr std::array<Word, 5> words{{{"OK", ImapStatus::Condition::Ok},
                                     {"NO", ImapStatus::Condition::No},
                                     {"BAD", ImapStatus::Condition::Bad},
                                     {"PREAUTH", ImapStatus::Condition::PreAuth},
                                     {"BYE", ImapStatus::Condition::Bye}}};

} // namespace

std::string upperCase(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), upper);
    return result;
}

bool differsInCaseAlone(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return upper(x) == upper(y); });
}

std::string printable(std::string_view text)
{
    std::string result;
    for (const char c : text.substr(0, 4 * maxText)) {
        if (static_cast<unsigned char>(c) >= 32 && c != 127)
            result += c;
        else if (!result.empty() && result.back() != ' ')
            result += ' ';
    }
    if (result.size() > maxText) {
        std::size_t end = maxText;
        while (end > 0 && (static_cast<unsigned char>(result[end]) & 0xC0) == 0x80)
            --end;
        result.resize(end);
    }
    return result;
}

std::optional<ImapStatus> parseImapStatus(std::string_view text)
{
    const std::string_view word = text.substr(0, text.find(' '));
    const auto known = std::find_if(words.begin(), words.end(),
                                    [&](const Word& w) { return equalsNoCase(w.name, word); });
    if (known == words.end())
        return std::nullopt;
    ImapStatus status;
    status.condition = known->condition;
    std::string_view rest = trimmed(text.substr(word.size()));
    if (!rest.empty() && rest.front() == '[') {
        const std::size_t end = rest.find(']');
        std::string_view inside = rest.substr(1, end == rest.npos ? rest.npos : end - 1);
        const std::string_view name = inside.substr(0, inside.find(' '));
        status.code = upperCase(name);
        status.arguments = trimmed(inside.substr(name.size()));
        rest = end == rest.npos ? std::string_view{} : trimmed(rest.substr(end + 1));
    }
    status.text = rest;
    return status;
}

bool isTemporary(const ImapStatus& status)
{
    static constexpr std::array<std::string_view, 5> codes{"UNAVAILABLE", "INUSE", "SERVERBUG",
                                                           "LIMIT", "CORRUPTION"};
    return std::find(codes.begin(), codes.end(), status.code) != codes.end();
}

Error refusal(const ImapStatus& status, std::string_view command)
{
    Error error;
    error.serverText = printable(status.text);
    error.detail = std::string(command) + " was refused";
    if (!status.code.empty())
        error.detail += " [" + printable(status.code) + "]";
    if (isTemporary(status)) {
        error.kind = ErrorKind::Transient;
    } else if (status.condition == ImapStatus::Condition::Bad) {
        error.kind = ErrorKind::Rejected;
        error.code = ErrorCode::InvalidInput;
        error.detail += " as malformed";
    } else {
        error.kind = ErrorKind::Rejected;
        if (status.code == "NONEXISTENT" || status.code == "TRYCREATE")
            error.code = ErrorCode::NoSuchFolder;
        else if (status.code == "ALREADYEXISTS")
            error.code = ErrorCode::AlreadyExists;
        else if (status.code == "TOOBIG")
            error.code = ErrorCode::TooLarge;
    }
    return error;
}

std::vector<std::string> parseCapabilities(std::string_view atoms)
{
    std::vector<std::string> result;
    while (!atoms.empty() && result.size() < maxCapabilities) {
        const std::string_view atom = atoms.substr(0, atoms.find(' '));
        if (!atom.empty())
            result.push_back(upperCase(atom));
        atoms.remove_prefix(std::min(atoms.size(), atom.size() + 1));
    }
    return result;
}

std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

bool isQuotable(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 32 && c < 127; });
}

} // namespace avocet
