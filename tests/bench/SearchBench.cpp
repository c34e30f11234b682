// SPDX-License-Identifier: GPL-3.0-or-later
// Times the search index: what a message costs, how large it is, how fast it answers. Not a test and not run by CI:
// SearchBench [messages] [directory]
#include "tests/bench/BenchSupport.h"

#include "core/store/FolderStore.h"
#include "core/store/MessageStore.h"
#include "core/store/SearchIndex.h"

#include <SQLiteCpp/Database.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <span>

using namespace avocet;
using namespace avocet::bench;

namespace {

/// Words as a language has them: 60,000, the n-th of them 1/n as frequent as the first, frequent ones short.
class Language {
public:
    Language()
    {
        const std::vector<std::string> heads{"b", "c",  "d",  "f",  "g",  "h", "l", "m",
                                             "n", "p",  "r",  "s",  "t",  "v", "w", "j",
                                             "k", "st", "tr", "pr", "ch", "sh"};
        const std::vector<std::string> hearts{"a", "e", "i", "o", "u", "ea", "ou", "ai", "ü", "é"};
        const std::vector<std::string> ends{"", "", "n", "r", "s", "t", "l", "nd", "ng", "m"};
        const auto pick = [this](const auto& from) { return from[m_random() % from.size()]; };
        double sum = 0;
        for (std::size_t rank = 1; rank <= 60'000; ++rank) {
            std::string word;
            const std::size_t syllables = 1 + (rank > 200) + (rank > 2000) + m_random() % 2;
            for (std::size_t i = 0; i < syllables; ++i)
                word += pick(heads) + pick(hearts) + pick(ends);
            words.push_back(word);
            sum += 1.0 / static_cast<double>(rank);
            m_upTo.push_back(sum);
        }
    }

    const std::string& word()
    {
        const double at = std::uniform_real_distribution<double>(0, m_upTo.back())(m_random);
        return words[static_cast<std::size_t>(std::lower_bound(m_upTo.begin(), m_upTo.end(), at) -
                                              m_upTo.begin())];
    }

    /// As mail has it: half of them short, some very long, 450 words on average.
    std::string text()
    {
        const double length = std::lognormal_distribution<double>(5.6, 1.0)(m_random);
        std::string made;
        const auto count = static_cast<int>(std::clamp(length, 5.0, 20'000.0));
        for (int i = 0; i < count; ++i) {
            made += word();
            made += i % 14 == 13 ? ".\n" : i % 9 == 8 ? ", " : " ";
            if (i % 120 == 119)
                made += "https://www.example.org/" + word() + "/" +
                        std::to_string(m_random() % 99'999) + " ";
        }
        return made;
    }

    std::vector<std::string> words;

private:
    std::mt19937 m_random{42};
    std::vector<double> m_upTo;
};

NewMessage sample(int number, Language& language)
{
    NewMessage message;
    message.uid = static_cast<std::uint32_t>(number);
    message.flags = number % 5 == 0 ? 0u : Flags{Seen};
    message.internalDate = 1500000000 + number * 600LL;
    message.date = message.internalDate - 3;
    message.size = 12'700;
    message.subject = "Re: " + language.word() + " " + language.word() + " " + language.word();
    const int person = static_cast<int>(std::hash<int>()(number * 31) % 700);
    message.from = {{language.words[static_cast<std::size_t>(person)] + " " +
                         language.words[static_cast<std::size_t>(person) + 900],
                     "sender" + std::to_string(person) + "@example.org"}};
    message.to = {{"The Reader", "reader@example.net"}};
    message.messageIdHeader = std::to_string(number) + ".0123456789abcdef@mail.example.org";
    message.hasAttachment = number % 7 == 0;
    return message;
}

void insertMessages(Database& mail, FolderId folder, int count, Language& language)
{
    MessageStore messages(mail);
    for (int batch = count - 1000; batch >= 0; batch -= 1000) {
        std::vector<NewMessage> rows;
        for (int i = 1; i <= 1000; ++i)
            rows.push_back(sample(batch + i, language));
        check(messages.insert(folder, rows));
    }
}

void measureHeaders(SearchIndex& index, int count)
{
    Worst worst;
    const double cpu = cpuMicroseconds();
    for (;;) {
        const double began = cpuMicroseconds();
        const int done = check(index.indexHeaders(60));
        worst.add(cpuMilliseconds(began));
        if (done == 0)
            break;
    }
    std::printf(
        "envelopes, in steps of 60: %.0f us of CPU a message, worst step %.1f ms, 99 %% %.1f ms\n",
        (cpuMicroseconds() - cpu) / count, worst.worst(), worst.part(0.99));
}

void measureBodies(Database& mail, SearchIndex& index, const std::vector<MessageId>& ids,
                   Language& language)
{
    MessageStore messages(mail);
    Worst worst;
    double preparing = 0, putting = 0, bytes = 0, stored = 0;
    constexpr std::size_t batch = 12;
    for (std::size_t at = 0; at < ids.size(); at += batch) {
        std::vector<SearchText> texts;
        std::vector<SearchEntry> entries;
        const std::size_t end = std::min(at + batch, ids.size());
        for (std::size_t i = at; i < end; ++i) {
            const std::string text = language.text();
            const auto row = check(messages.row(ids[i]));
            SearchFields fields;
            fields.subject = row.subject;
            fields.from = row.from;
            fields.to = row.to;
            fields.texts = {text};
            fields.whole = true;
            bytes += static_cast<double>(text.size());
            const double cpu = cpuMicroseconds();
            texts.push_back(prepareSearchText(fields));
            preparing += cpuMicroseconds() - cpu;
            stored += static_cast<double>(texts.back().stored.size());
        }
        for (std::size_t i = at; i < end; ++i)
            entries.push_back({ids[i], &texts[i - at]});
        const double began = cpuMicroseconds();
        check(index.put(entries));
        putting += cpuMicroseconds() - began;
        worst.add(cpuMilliseconds(began));
    }
    const auto count = static_cast<double>(ids.size());
    std::printf(
        "bodies, %.0f bytes of text each, in steps of %zu: %.0f us of CPU a message to prepare, "
        "%.0f us to index\n  worst step %.1f ms, 99 %% %.1f ms, median %.1f ms; "
        "stored text %.0f bytes\n",
        bytes / count, batch, preparing / count, putting / count, worst.worst(), worst.part(0.99),
        worst.part(0.5), stored / count);
}

void measureQuery(SearchIndex& index, const char* kind, const std::vector<std::string>& texts,
                  SearchOrder order = SearchOrder::Newest)
{
    Worst worst;
    std::size_t hits = 0;
    std::string slowest;
    for (const std::string& text : texts) {
        SearchQuery query = parseSearchQuery(text);
        query.order = order;
        query.limit = 50;
        const double began = cpuMicroseconds();
        hits += check(index.search(query)).size();
        const double time = cpuMilliseconds(began);
        if (time >= worst.worst())
            slowest = text;
        worst.add(time);
    }
    std::printf("  %-34s %8.2f %8.2f %8.1f   %s\n", kind, worst.part(0.5), worst.worst(),
                static_cast<double>(hits) / static_cast<double>(texts.size()), slowest.c_str());
}

void measureQueries(SearchIndex& index, Language& language)
{
    std::vector<std::string> one, two, phrase, prefix, typed, from, operators;
    for (std::size_t rank = 0; rank < 20'000; rank = rank < 20 ? rank + 1 : rank * 3 / 2) {
        const std::string& word = language.words[rank];
        const std::string& other = language.words[rank / 2 + 5];
        one.push_back(word + " ");
        two.push_back(word + " " + other + " ");
        phrase.push_back("\"" + word + " " + other + "\"");
        for (std::size_t size = 2; size < word.size(); ++size)
            prefix.push_back(word.substr(0, size));
        for (std::size_t size = 1; size <= word.size(); ++size)
            typed.push_back(other + " " + word.substr(0, size));
        from.push_back("from:" + word.substr(0, 3));
        operators.push_back("is:unread has:attachment " + word + " ");
    }
    std::printf("newest 50, ms of CPU:%19s %8s %8s   slowest\n", "median", "worst", "found");
    measureQuery(index, "one word", one);
    measureQuery(index, "two words", two);
    measureQuery(index, "phrase", phrase);
    measureQuery(index, "prefix of one word", prefix);
    measureQuery(index, "while typing a second word", typed);
    measureQuery(index, "from: with a prefix", from);
    measureQuery(index, "word, unread, with attachment", operators);
    measureQuery(index, "one word, by relevance", one, SearchOrder::Relevance);
    measureQuery(index, "two words, by relevance", two, SearchOrder::Relevance);
}

void measurePurge(SearchIndex& index, const std::vector<MessageId>& ids)
{
    const std::size_t count = std::min<std::size_t>(ids.size(), 2000);
    check(index.remove(std::span(ids).first(count)));
    Worst worst;
    const double start = cpuMicroseconds();
    for (;;) {
        const double began = cpuMicroseconds();
        const int gone = check(index.purge(12));
        worst.add(cpuMilliseconds(began));
        if (gone == 0)
            break;
    }
    std::printf("taking messages out, in steps of 12: %.0f us of CPU each, worst step %.1f ms\n",
                cpuMilliseconds(start) * 1000 / static_cast<double>(count), worst.worst());
}

} // namespace

int main(int argc, char** argv)
{
    const int count = argc > 1 ? std::atoi(argv[1]) / 1000 * 1000 : 20'000;
    const Directory directory(argc > 2 ? argv[2] : nullptr, "avocet-search-bench");
    Language language;
    auto mail = check(Database::open(directory.path() / "mail.db", Schema::Mail));
    const FolderId folder = addInbox(*mail);
    insertMessages(*mail, folder, count, language);
    SearchIndex index(*mail);
    const auto ids = check(MessageStore(*mail).list(folder));
    std::printf("%d messages\n", count);
    const auto pages = [&] {
        return static_cast<double>(mail->raw().execAndGet("PRAGMA page_count").getInt64()) * 4096;
    };
    const double before = pages();
    measureHeaders(index, count);
    measureBodies(*mail, index, ids, language);
    std::printf(
        "size: %.0f bytes a message, of them the words %.0f\n", (pages() - before) / count,
        static_cast<double>(
            mail->raw().execAndGet("SELECT sum(length(block)) FROM search_data").getInt64()) /
            count);
    std::printf(
        "segments: %s\n",
        mail->raw().execAndGet("SELECT count(DISTINCT segid) FROM search_idx").getString().c_str());
    measureQueries(index, language);
    Worst worst;
    for (;;) {
        const double began = cpuMicroseconds();
        const bool more = check(index.merge(16));
        worst.add(cpuMilliseconds(began));
        if (!more)
            break;
    }
    std::printf("merged in %zu steps, worst %.1f ms\n", worst.size(), worst.worst());
    measureQueries(index, language);
    measurePurge(index, ids);
}
