// SPDX-License-Identifier: GPL-3.0-or-later
// Times the store as a header sync and a message list use it. Not a test and not run by CI:
// StoreBench [messages] [directory]
#include "tests/bench/BenchSupport.h"

#include "core/store/FolderRemoval.h"
#include "core/store/MessageLists.h"
#include "core/store/MessageStore.h"
#include "core/store/ThreadFolders.h"

#include <SQLiteCpp/Database.h>

#include <random>
#include <span>

using namespace avocet;
using namespace avocet::bench;

namespace {

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

/// Batches of 1,000, as a header sync hands them over; `first` is the lowest number.
double insertCpu(Database& mail, FolderId folder, int first, int count, bool newestFirst)
{
    MessageStore messages(mail);
    double cpu = 0;
    for (int batch = 0; batch < count; batch += 1000) {
        std::vector<NewMessage> rows;
        const int start = first + (newestFirst ? count - batch - 1000 : batch);
        for (int i = 1; i <= 1000; ++i)
            rows.push_back(sample(start + i));
        const double began = cpuMicroseconds();
        check(mail.transaction([&]() -> Status {
            check(messages.insert(folder, rows));
            return {};
        }));
        cpu += cpuMicroseconds() - began;
    }
    return cpu / count;
}

/// A fresh mail.db with an inbox.
class Profile {
public:
    explicit Profile(const Directory& directory)
    {
        for (const char* suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(directory.path() / (std::string("mail.db") + suffix));
        mail = check(Database::open(directory.path() / "mail.db", Schema::Mail));
        folder = addInbox(*mail);
    }
    std::unique_ptr<Database> mail;
    FolderId folder;
};

void measureInserts(const Directory& directory, int count)
{
    std::printf("insert, us of CPU a message (%d):\n", count);
    for (const bool newestFirst : {false, true}) {
        Profile without(directory);
        for (const char* trigger : {"search_forgets", "thread_displaced", "thread_emptied",
                                    "thread_read", "thread_changed", "thread_merged"})
            without.mail->raw().exec(std::string("DROP TRIGGER ") + trigger);
        const double bare = insertCpu(*without.mail, without.folder, 0, count, newestFirst);
        Profile with(directory);
        const double now = insertCpu(*with.mail, with.folder, 0, count, newestFirst);
        std::printf("  %s first: %.2f without the triggers of search and folded lists, %.2f with "
                    "them (%+.0f %%)\n",
                    newestFirst ? "newest" : "oldest", bare, now, (now / bare - 1) * 100);
    }
    Profile folded(directory);
    check(ThreadFolders(*folded.mail).build(folded.folder, 1));
    std::printf("  into a folder that is kept folded: %.2f\n",
                insertCpu(*folded.mail, folded.folder, 0, count, false));
}

void measureList(Database& mail, FolderId folder)
{
    MessageLists lists(mail);
    check(lists.piece(folder, {}, {}, 1));
    double began = cpuMicroseconds();
    const auto head = check(lists.piece(folder, {}, {}, 200));
    std::printf("list, head of %zu: %.3f ms\n", head.rows.size(), cpuMilliseconds(began));
    ListFilter unread, text;
    unread.unread = true;
    text.text = "number 77";
    std::vector<MessageId> all;
    for (const auto& [name, filter] :
         {std::pair{"all", ListFilter{}}, {"unread", unread}, {"by text", text}}) {
        Worst worst;
        std::vector<MessageId> ids;
        const double start = cpuMicroseconds();
        for (ListPosition position;;) {
            began = cpuMicroseconds();
            const auto piece =
                check(lists.piece(folder, filter, position, MessageLists::stepOf(filter)));
            worst.add(cpuMilliseconds(began));
            for (const ListRow& row : piece.rows)
                ids.push_back(row.id);
            position = piece.next;
            if (piece.last)
                break;
        }
        std::printf("list, %s: %zu ids in %.0f ms, %zu pieces, median %.2f ms, worst %.2f ms\n",
                    name, ids.size(), cpuMilliseconds(start), worst.size(), worst.part(0.5),
                    worst.worst());
        if (filter.empty())
            all = std::move(ids);
    }

    MessageStore messages(mail);
    std::mt19937 random(1);
    Worst jumps;
    for (int i = 0; i < 200; ++i) {
        const std::span<const MessageId> page(all.data() + random() % (all.size() - 50), 50);
        began = cpuMicroseconds();
        check(messages.rows(folder, page));
        jumps.add(cpuMilliseconds(began));
    }
    std::printf("rows, 50 anywhere in the list: median %.3f ms, worst %.3f ms\n", jumps.part(0.5),
                jumps.worst());
}

void measureThreads(Database& mail, FolderId folder)
{
    ThreadFolders threads(mail);
    Worst steps;
    double start = cpuMicroseconds();
    for (bool done = false; !done;) {
        const double began = cpuMicroseconds();
        done = check(threads.build(folder, 2000));
        steps.add(cpuMilliseconds(began));
    }
    std::printf("folded list, counting: %.0f ms in %zu steps, worst %.1f ms\n",
                cpuMilliseconds(start), steps.size(), steps.worst());
    start = cpuMicroseconds();
    const auto head = check(threads.threads(folder, 100));
    std::printf("folded list, head of %zu: %.3f ms\n", head.size(), cpuMilliseconds(start));
    start = cpuMicroseconds();
    Worst pieces;
    std::size_t count = 0;
    for (ThreadPosition position;;) {
        const double began = cpuMicroseconds();
        const auto piece = check(threads.threads(folder, 5000, position));
        pieces.add(cpuMilliseconds(began));
        count += piece.size();
        if (piece.size() < 5000)
            break;
        position = {piece.back().date, piece.back().newest};
    }
    std::printf("folded list, all %zu threads: %.0f ms, worst piece %.2f ms\n", count,
                cpuMilliseconds(start), pieces.worst());
}

void measureRemoval(Database& mail, FolderId folder)
{
    FolderRemoval removal(mail);
    Worst steps;
    const double start = cpuMicroseconds();
    for (bool done = false; !done && steps.size() < 500;) {
        const double began = cpuMicroseconds();
        done = check(removal.emptySome(folder, 200)).done;
        steps.add(cpuMilliseconds(began));
    }
    std::printf(
        "emptying the folder: %.1f us a message in steps of 200, median %.1f ms, worst %.1f ms\n",
        cpuMilliseconds(start) * 1000 / static_cast<double>(steps.size() * 200), steps.part(0.5),
        steps.worst());
}

} // namespace

int main(int argc, char** argv)
{
    const int count = std::max(argc > 1 ? std::atoi(argv[1]) / 1000 * 1000 : 50'000, 1000);
    const Directory directory(argc > 2 ? argv[2] : nullptr, "avocet-store-bench");
    measureInserts(directory, std::min(count, 50'000));
    Profile profile(directory);
    const double cpu = insertCpu(*profile.mail, profile.folder, 0, count, true);
    std::printf(
        "%d messages: %.2f us of CPU each to insert, %.0f bytes\n", count, cpu,
        static_cast<double>(profile.mail->raw().execAndGet("PRAGMA page_count").getInt64()) * 4096 /
            count);
    measureList(*profile.mail, profile.folder);
    measureThreads(*profile.mail, profile.folder);
    measureRemoval(*profile.mail, profile.folder);
}
