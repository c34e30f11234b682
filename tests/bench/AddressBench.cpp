// SPDX-License-Identifier: GPL-3.0-or-later
// Times suggestions over 50,000 addresses: an answer, reading all of them, counting the messages that they come from. Not a
// test and not run by CI: AddressBench [addresses] [directory]
#include "tests/bench/BenchSupport.h"

#include "core/engine/AddressIndex.h"
#include "core/engine/MailQueries.h"
#include "core/engine/Stores.h"

#include <QCoreApplication>
#include <QEventLoop>

#include <array>
#include <random>

using namespace avocet;
using namespace avocet::bench;

namespace {

constexpr std::int64_t now = 1'700'000'000;
constexpr double answerGoal = 10; // ms, the slowest
constexpr double stepGoal = 20;   // ms, counting a step of messages
constexpr std::int64_t perStep = 250;

const std::array heads{"An", "Bjør", "Ce", "Da", "El", "Fri", "Gun", "Hå", "In", "Jo", "Ka", "Lu"};
const std::array tails{"na",  "n",   "lia", "vid",    "sa",  "da",
                       "nar", "kon", "ga",  "hannes", "rin", "cas"};

std::string word(std::mt19937& random)
{
    std::string made = heads[random() % heads.size()];
    for (std::size_t i = 0; i <= random() % 2; ++i)
        made += tails[random() % tails.size()];
    return made;
}

NewMessage letter(std::uint32_t number, std::mt19937& random)
{
    NewMessage message;
    const std::string first = word(random), last = word(random);
    message.uid = number;
    message.from = {{first + " " + last, "p" + std::to_string(number) + "." +
                                             std::to_string(random() % 1000) + "@host" +
                                             std::to_string(random() % 5000) + ".example"}};
    message.to = {{"Me", "me@example.org"}};
    message.subject = "A letter";
    message.date = message.internalDate = now - static_cast<std::int64_t>(random() % 100'000'000);
    if (number % 5 == 0)
        std::swap(message.from, message.to);
    return message;
}

void fill(Stores& stores, int addresses)
{
    std::mt19937 random(7);
    const FolderId inbox = addInbox(*stores.mail);
    std::uint32_t uid = 0;
    while (static_cast<int>(uid) < addresses) {
        std::vector<NewMessage> batch;
        for (int i = 0; i < 1000; ++i)
            batch.push_back(letter(++uid, random));
        check(stores.messages.insert(inbox, batch).map([](const auto&) {}));
    }
}

/// The answer as the composer gets it: through the reader thread and back.
double askThrough(MailQueries& queries, const std::string& typed)
{
    QEventLoop loop;
    const auto start = Clock::now();
    queries.suggest(&loop, typed, 8, [&](const std::vector<Suggestion>&) { loop.quit(); });
    loop.exec();
    return milliseconds(start);
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const int addresses = argc > 1 ? std::atoi(argv[1]) : 50'000;
    const Directory directory(argc > 2 ? argv[2] : nullptr, "avocet-address-bench");
    const auto stores = check(Stores::open(directory.path(), Access::ReadWrite));
    fill(*stores, addresses);

    Worst steps;
    const double countStart = cpuMicroseconds();
    for (int counted = 1; counted > 0;) {
        const auto start = Clock::now();
        counted = check(stores->correspondents.countSome(
            perStep, [](std::string_view address) { return address == "me@example.org"; }, now));
        steps.add(milliseconds(start));
    }
    const double countCpu = cpuMilliseconds(countStart);

    MailQueries queries;
    check(queries.open(directory.path()));
    const double first = askThrough(queries, "zz");
    Worst answers;
    for (const char* typed : {"a", "an", "ann", "bjo", "x", "nobody", "an ka", "p77", "host49",
                              "p4999@host1", "zz", "e", "ha in", "example", "ka lu host3"})
        for (int i = 0; i < 20; ++i)
            answers.add(askThrough(queries, typed));

    std::printf("%d addresses\n", addresses);
    std::printf("  %-46s %8.2f ms   %8.2f ms   goal %g\n", "an answer: median, slowest",
                answers.part(0.5), answers.worst(), answerGoal);
    std::printf("  %-46s %8.1f ms\n", "the first answer, with reading all of them", first);
    std::printf("  %-46s %8.2f ms   %8.2f ms   goal %g\n", "counting 250 messages: median, slowest",
                steps.part(0.5), steps.worst(), stepGoal);
    std::printf("  %-46s %8.1f ms CPU\n", "counting all", countCpu);
    const bool met = answers.worst() <= answerGoal && steps.part(0.99) <= stepGoal;
    std::printf("%s\n", met ? "goals met" : "GOALS NOT MET");
    return met ? 0 : 1;
}
