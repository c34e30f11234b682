// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/AddressIndex.h"

#include "core/mime/Ascii.h"
#include "core/store/SearchTokens.h"

#include <algorithm>
#include <array>
#include <limits>

namespace avocet {

namespace {

constexpr std::size_t mostPeople = 500'000;
constexpr std::size_t longestTyped = 200;
constexpr std::size_t mostWordBytes = 1000;
constexpr double daySeconds = 86'400;
/// An address that was written to this long ago counts half as much as one of today.
constexpr double halfAfterDays = 60;

/// The worse the higher.
enum class Tier { WrittenTo, Card, Wrote, Named, Automatic };

/// Addresses that machines write from and nobody reads.
bool isAutomatic(std::string_view address)
{
    std::string local = mime::lowered(address.substr(0, address.find('@')));
    std::erase_if(local, [](char c) { return c == '-' || c == '_' || c == '.'; });
    constexpr std::array heads{"noreply", "donotreply", "mailerdaemon", "postmaster", "bounce"};
    return local.find("noreply") != std::string::npos ||
           std::any_of(heads.begin(), heads.end(),
                       [&](const char* head) { return local.starts_with(head); });
}

double weight(std::int64_t count, std::int64_t last, std::int64_t now)
{
    const double days = static_cast<double>(std::max<std::int64_t>(0, now - last)) / daySeconds;
    return static_cast<double>(count) / (1 + days / halfAfterDays);
}

struct Ranked {
    Tier tier = Tier::Named;
    double weight = 0;
    const std::string* key = nullptr;

    /// The key last, so that equals keep one order.
    bool operator<(const Ranked& other) const
    {
        if (tier != other.tier)
            return tier < other.tier;
        return weight != other.weight ? weight > other.weight : *key < *other.key;
    }
};

Ranked rankOf(const Correspondent& person, bool hasCard, std::int64_t now)
{
    Ranked rank;
    const double sent = weight(person.sent, person.lastSent, now);
    const double received = weight(person.received, person.lastReceived, now);
    // A conversation says more than one letter, but nobody gets to the top by writing much.
    rank.weight = sent > 0 ? sent + std::min(sent, received / 10) : received;
    if (isAutomatic(person.address))
        rank.tier = Tier::Automatic;
    else if (person.sent > 0)
        rank.tier = Tier::WrittenTo;
    else if (hasCard)
        rank.tier = Tier::Card;
    else if (person.received > 0)
        rank.tier = person.bulk == person.received ? Tier::Automatic : Tier::Wrote;
    return rank;
}

std::string_view cut(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
        --most;
    return text.substr(0, most);
}

} // namespace

void AddressIndex::Builder::add(const Correspondent& person)
{
    if (m_people.size() < mostPeople)
        m_people[person.address].counted = person;
}

void AddressIndex::Builder::add(const Contact& contact)
{
    if (m_people.size() >= mostPeople)
        return;
    Person& person = m_people[mime::lowered(contact.address)];
    person.address = contact.address;
    if (!contact.name.empty() && contact.name.find('@') == std::string::npos)
        person.name = contact.name;
}

AddressIndex AddressIndex::Builder::build(std::int64_t now)
{
    std::vector<Ranked> order;
    order.reserve(m_people.size());
    for (auto& [key, person] : m_people) {
        person.counted.address = key;
        const auto hidden = m_hidden.find(key);
        if (hidden != m_hidden.end() && person.counted.lastSent <= hidden->second)
            continue;
        order.push_back(rankOf(person.counted, !person.address.empty(), now));
        order.back().key = &key;
    }
    std::sort(order.begin(), order.end());
    AddressIndex index;
    index.m_people.reserve(order.size());
    for (const Ranked& ranked : order) {
        const Person& person = m_people[*ranked.key];
        const std::string_view name =
            cut(person.name.empty() ? std::string_view(person.counted.name) : person.name, 500);
        const std::string_view address = person.address.empty() ? *ranked.key : person.address;
        std::string words = " " + searchTokens(name);
        appendSearchTokens(address, words);
        words = cut(words, mostWordBytes);
        if (index.m_text.size() + words.size() + name.size() + address.size() >
            std::numeric_limits<std::uint32_t>::max())
            break;
        index.m_people.push_back({static_cast<std::uint32_t>(index.m_text.size()),
                                  static_cast<std::uint16_t>(words.size()),
                                  static_cast<std::uint16_t>(name.size()),
                                  static_cast<std::uint16_t>(address.size())});
        index.m_text.append(words).append(name).append(address);
    }
    return index;
}

std::vector<Suggestion> AddressIndex::find(std::string_view typed, std::size_t limit) const
{
    std::vector<std::string> wanted;
    const std::string tokens = searchTokens(cut(typed, longestTyped));
    for (std::size_t at = 0; at < tokens.size();) {
        const std::size_t end = std::min(tokens.find(' ', at), tokens.size());
        wanted.push_back(" " + tokens.substr(at, end - at));
        at = end + 1;
    }
    std::vector<Suggestion> found;
    if (wanted.empty())
        return found;
    // Rare beginnings first: a word of many letters throws most out.
    std::sort(wanted.begin(), wanted.end(),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
    const std::string_view text(m_text);
    for (const Entry& entry : m_people) {
        const std::string_view words = text.substr(entry.begin, entry.words);
        const bool matches =
            std::all_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
                return words.find(word) != std::string_view::npos;
            });
        if (!matches)
            continue;
        const std::string_view shown = text.substr(entry.begin + entry.words);
        found.push_back({std::string(shown.substr(0, entry.name)),
                         std::string(shown.substr(entry.name, entry.address))});
        if (found.size() >= limit)
            break;
    }
    return found;
}

} // namespace avocet
