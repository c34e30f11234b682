// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleConversation.h"

#include "core/engine/Stores.h"
#include "core/mime/MessageReader.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace avocet {

namespace {

template <class T>
T must(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "sample conversation: %s\n", result.error().detail.c_str());
        std::abort();
    }
    return std::move(*result);
}

void must(const Status& status)
{
    if (!status) {
        std::fprintf(stderr, "sample conversation: %s\n", status.error().detail.c_str());
        std::abort();
    }
}

std::string crlf(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        out += c == '\n' ? std::string("\r\n") : std::string(1, c);
    }
    return out;
}

std::string rawLetter(const SampleLetter& letter, const std::string& subject, std::int64_t date,
                      const std::string& id, const std::string& parent)
{
    std::array<char, 64> stamp{};
    const std::time_t seconds = date;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::strftime(stamp.data(), stamp.size(), "%a, %d %b %Y %H:%M:%S +0000", &parts);
    return "From: \"" + letter.name + "\" <" + letter.address +
           ">\r\nTo: Anna Berg <anna@fjordworks.example>\r\nCc: office@fjordworks.example\r\n"
           "Subject: " +
           subject + "\r\nDate: " + stamp.data() + "\r\nMessage-ID: <" + id + ">\r\n" +
           (parent.empty() ? "" : "References: <" + parent + ">\r\n") + "MIME-Version: 1.0\r\n" +
           letter.body;
}

std::string withFiles(std::string_view text)
{
    const auto file = [](const char* name, const char* type, std::size_t size) {
        return std::string("--part\r\nContent-Type: ") + type + "; name=\"" + name +
               "\"\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\n\r\n" +
               std::string(size, 'x') + "\r\n";
    };
    return "Content-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\n" + plainBody(text) +
           "\r\n" + file("Offer of the movers, with insurance.pdf", "application/pdf", 240'000) +
           file("Stairs.jpg", "image/jpeg", 182'000) + "--part--\r\n";
}

} // namespace

std::string plainBody(std::string_view text)
{
    return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
           crlf(text);
}

std::vector<SampleLetter> sampleLetters()
{
    const std::string bjorn = "Bj\xc3\xb8rn Halvorsen", marta = "Marta Nowak";
    const std::string atFjord = "bjorn@fjordworks.example", atPolnoc = "marta.nowak@polnoc.example";
    const std::string me = "Anna Berg", own = "anna@fjordworks.example";
    return {
        {bjorn, atFjord,
         plainBody("The landlord gives us until the end of April. Who knows a good mover?\n")},
        {me, own, plainBody("I ask around. April is late enough to sort the archive first.\n"),
         true, true, true},
        {marta, atPolnoc, plainBody("We moved with Flyttehj\xc3\xa6lpen last year, all whole.\n")},
        {bjorn, atFjord, plainBody("Thank you, Marta. I write to them today.\n")},
        {marta, atPolnoc, plainBody("Give them the size of the server rack, they will ask.\n")},
        {me, own, plainBody("62 by 100 by 200 cm, and 180 kg when it is full.\n"), true, true,
         true},
        {bjorn, atFjord,
         withFiles("Their offer is here. The stairs cost extra, as on the photo.\n")},
        {marta, atPolnoc,
         plainBody("That is fair. I would take the insurance.\n\n"
                   "On Tuesday Bj\xc3\xb8rn Halvorsen wrote:\n"
                   "> Their offer is here. The stairs cost extra, as on the photo.\n"),
         false},
        {bjorn, atFjord,
         plainBody("Hi Anna,\n\nI would sign on Friday unless somebody objects. Two things are "
                   "still open:\n\n1. Who is there on the day? At least two of us.\n2. What goes "
                   "to the archive, and what to the cellar? The list is at "
                   "https://plans.fjordworks.example/move/list for everybody to fill in.\n\n"
                   "Best\nBj\xc3\xb8rn\n\n"
                   "On Wednesday Marta Nowak wrote:\n"
                   "> That is fair. I would take the insurance.\n>\n"
                   "> On Tuesday Bj\xc3\xb8rn Halvorsen wrote:\n"
                   ">> Their offer is here. The stairs cost extra, as on the photo.\n"
                   ">>\n>> On Monday Anna Berg wrote:\n"
                   ">>> 62 by 100 by 200 cm, and 180 kg when it is full.\n"
                   ">>>\n>>> On Monday Marta Nowak wrote:\n"
                   ">>>> Give them the size of the server rack, they will ask.\n"
                   ">>>>\n>>>> On Sunday Bj\xc3\xb8rn Halvorsen wrote:\n"
                   ">>>>> Thank you, Marta. I write to them today.\n\n"
                   "-- \nBj\xc3\xb8rn Halvorsen\nFjordworks, Strandgata 4\n"),
         false},
    };
}

SampleConversation addConversation(const std::filesystem::path& profile,
                                   const SampleProfile& sample,
                                   const std::vector<SampleLetter>& letters,
                                   const std::string& subject)
{
    auto stores = must(Stores::open(profile, Access::ReadWrite));
    SampleConversation made;
    made.folder = must(stores->folders.findByMailbox(sample.account, "Projects/Office move")).id;
    const std::int64_t now = std::time(nullptr);
    std::string parent;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const SampleLetter& letter = letters[i];
        const auto left = static_cast<std::int64_t>(letters.size() - i);
        NewMessage message;
        message.uid = static_cast<std::uint32_t>(5'000 + 1'000 * subject.size() + i);
        message.flags = letter.seen ? Flags(Seen) : Flags(0);
        message.internalDate = message.date = now - left * left * 5'000;
        message.subject = i == 0 ? subject : "Re: " + subject;
        message.from = {{letter.name, letter.address}};
        message.to = {{"Anna Berg", "anna@fjordworks.example"}};
        message.messageIdHeader =
            std::to_string(i) + "." + std::to_string(subject.size()) + "@conversation.example";
        message.inReplyTo = parent;
        if (!parent.empty()) {
            message.references = {parent};
        }
        const std::string raw =
            rawLetter(letter, message.subject, message.date, message.messageIdHeader, parent);
        message.size = static_cast<std::int64_t>(raw.size());
        message.hasAttachment = raw.find("attachment;") != std::string::npos;
        parent = message.messageIdHeader;
        must(stores->mail->transaction([&]() -> Status {
            auto inserted = stores->messages.insert(letter.sent ? sample.sent : made.folder,
                                                    std::span(&message, 1));
            if (!inserted) {
                return tl::unexpected(inserted.error());
            }
            const MessageId id = inserted->appeared.front();
            made.messages.push_back(id);
            if (auto set = stores->messages.setPreview(id, previewOf(readMessage(raw))); !set) {
                return set;
            }
            return stores->messages.setBody(id, letter.withBody);
        }));
        if (letter.withBody) {
            must(stores->bodies.put(made.messages.back(), raw));
        }
    }
    Folder synced = must(stores->folders.find(made.folder));
    synced.uidValidity = 1;
    must(stores->folders.saveSyncState(synced));
    return made;
}

} // namespace avocet
