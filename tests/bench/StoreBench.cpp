// SPDX-License-Identifier: GPL-3.0-or-later
// Times the store as a header sync and a message list use it. Not a test and not run by CI:
// StoreBench [messages] [directory]
#include "core/store/FolderStore.h"
#include "core/store/MessageStore.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

using namespace avocet;

namespace {

using Clock = std::chrono::steady_clock;

double microseconds(Clock::time_point since)
{
    return std::chrono::duration<double, std::micro>(Clock::now() - since).count();
}

/// CPU time of this thread: steadier than the clock on a busy machine.
double cpuMicroseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

std::string messageId(int number)
{
    return "bench." + std::to_string(number * 7919LL) + ".0123456789abcdef@mail.example.org";
}

/// Two of three messages answer an earlier one, as in a busy mailbox; fields have the usual lengths.
NewMessage sample(int number)
{
    NewMessage message;
    message.uid = static_cast<std::uint32_t>(number);
    message.modSeq = static_cast<std::uint64_t>(number) + 1000;
    message.flags = number % 5 == 0 ? 0u : Flags{Seen};
    message.internalDate = 1500000000 + number * 600LL;
    message.date = message.internalDate - 3;
    message.size = 4000 + number % 30000;
    message.subject = "Re: A subject of the usual length, number " + std::to_string(number);
    message.from = {{"Some Sender " + std::to_string(number % 500),
                     "sender" + std::to_string(number % 500) + "@example.org"}};
    message.sender = message.from;
    message.replyTo = message.from;
    message.to = {{"The Reader", "reader@example.net"}};
    if (number % 4 == 0)
        message.cc = {{"Another", "another@example.com"}, {"Third", "third@example.com"}};
    message.messageIdHeader = messageId(number);
    const int first = number - number % 6;
    if (number != first) {
        message.inReplyTo = messageId(number - 1);
        for (int earlier = first; earlier < number; ++earlier)
            message.references.push_back(messageId(earlier));
    }
    if (number % 3 == 0)
        message.listId = "<list.example.org>";
    message.bodyStructure =
        "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"QUOTED-PRINTABLE\" 1152 23 NIL NIL "
        "NIL NIL)(\"TEXT\" \"HTML\" (\"CHARSET\" \"utf-8\") NIL NIL \"BASE64\" 4554 73 NIL NIL NIL "
        "NIL) \"ALTERNATIVE\" (\"BOUNDARY\" \"b1_a0b1c2d3e4f5\") NIL NIL NIL)";
    return message;
}

[[noreturn]] void stop(const Error& error)
{
    std::fprintf(stderr, "%s\n", error.detail.c_str());
    std::exit(1);
}

template <class T>
T check(Result<T> result)
{
    if (!result)
        stop(result.error());
    return std::move(*result);
}

void check(const Status& status)
{
    if (!status)
        stop(status.error());
}

void measureInsert(Database& mail, FolderId folder, int count, bool newestFirst)
{
    MessageStore messages(mail);
    double total = 0;
    double slowest = 0;
    double cpu = 0;
    for (int batch = 0; batch < count; batch += 1000) {
        std::vector<NewMessage> rows;
        const int start = newestFirst ? count - batch - 1000 : batch;
        for (int i = 1; i <= 1000; ++i)
            rows.push_back(sample(start + i));
        const auto began = Clock::now();
        const double cpuBegan = cpuMicroseconds();
        check(mail.transaction([&]() -> Status {
            check(messages.insert(folder, rows));
            return {};
        }));
        const double time = microseconds(began);
        total += time;
        cpu += cpuMicroseconds() - cpuBegan;
        slowest = std::max(slowest, time);
    }
    std::printf("insert, %s first: %.2f us a message (CPU %.2f), slowest batch of 1,000: %.1f ms\n",
                newestFirst ? "newest" : "oldest", total / count, cpu / count, slowest / 1000);
}

void measureReads(Database& mail, FolderId folder)
{
    MessageStore messages(mail);
    check(messages.list(folder, {}, 1));
    auto began = Clock::now();
    const auto head = check(messages.list(folder, {}, 200));
    std::printf("list, head of %zu: %.3f ms\n", head.size(), microseconds(began) / 1000);
    began = Clock::now();
    const auto all = check(messages.list(folder));
    std::printf("list, all %zu: %.1f ms\n", all.size(), microseconds(began) / 1000);
    const std::span<const MessageId> page(all.data() + all.size() / 2, 50);
    check(messages.rows(folder, page.first(1)));
    began = Clock::now();
    check(messages.rows(folder, page));
    std::printf("rows, 50 ids: %.3f ms\n", microseconds(began) / 1000);
    ListFilter filter;
    filter.text = "number 77";
    began = Clock::now();
    const auto found = check(messages.list(folder, filter));
    std::printf("list, text filter, %zu found: %.1f ms\n", found.size(),
                microseconds(began) / 1000);
}

} // namespace

int main(int argc, char** argv)
{
    const int count = argc > 1 ? std::atoi(argv[1]) / 1000 * 1000 : 50000;
    const std::filesystem::path directory =
        argc > 2 ? std::filesystem::path(argv[2])
                 : std::filesystem::temp_directory_path() / "avocet-store-bench";
    std::filesystem::create_directories(directory);
    for (const bool newestFirst : {false, true}) {
        for (const char* suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(directory / (std::string("mail.db") + suffix));
        auto mail = check(Database::open(directory / "mail.db", Schema::Mail));
        FolderStore folders(*mail);
        Folder inbox;
        inbox.mailbox = inbox.path = "INBOX";
        inbox.role = FolderRole::Inbox;
        check(folders.replaceAll(AccountId{1}, {inbox}));
        const Folder folder = check(folders.findByMailbox(AccountId{1}, "INBOX"));
        measureInsert(*mail, folder.id, count, newestFirst);
        measureReads(*mail, folder.id);
    }
    std::printf("file: %.0f bytes a message\n",
                static_cast<double>(std::filesystem::file_size(directory / "mail.db")) / count);
    std::filesystem::remove_all(directory);
}
