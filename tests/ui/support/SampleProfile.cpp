// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleProfile.h"

#include "core/engine/Stores.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

namespace avocet {

namespace {

template <class T>
T must(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "sample profile: %s\n", result.error().detail.c_str());
        std::abort();
    }
    return std::move(*result);
}

void must(const Status& status)
{
    if (!status) {
        std::fprintf(stderr, "sample profile: %s\n", status.error().detail.c_str());
        std::abort();
    }
}

struct Letter {
    const char* name;
    const char* address;
    const char* subject;
    const char* text;
};

/// The newest ones, worth reading; the rest of the mailbox is made from their parts.
constexpr std::array<Letter, 14> letters = {{
    {"Bj\xc3\xb8rn Halvorsen", "bjorn@fjordworks.example", "Floor plan for the new office",
     "Hi Anna,\n\nthe architect sent the second draft this morning. The meeting rooms moved to the "
     "north side, which gives the quiet zone the afternoon sun. I put both versions side by side "
     "at https://plans.fjordworks.example/office/2026-draft-2 so that you can compare "
     "them.\n\nThree "
     "things I would like your view on:\n\n1. The kitchen lost two metres to the corridor.\n2. "
     "There "
     "is no place left for bicycles.\n3. The glass wall needs a permit, which takes six "
     "weeks.\n\nCould "
     "you look at it before Thursday? Then I can answer them in time.\n\nBest\nBj\xc3\xb8rn\n\n> "
     "On "
     "Monday Anna Berg wrote:\n> Let me know as soon as the plan is there. I would rather\n> "
     "decide "
     "late and once than early and twice.\n"},
    {"Marta Nowak", "marta.nowak@polnoc.example",
     "Faktury za wrzesie\xc5\x84 i pa\xc5\xba"
     "dziernik",
     "Cze\xc5\x9b\xc4\x87 Anno,\n\nw za\xc5\x82\xc4\x85"
     "czeniu faktury za oba miesi\xc4\x85"
     "ce. Termin p\xc5\x82"
     "atno\xc5\x9b"
     "ci to 14 dni.\n\nPozdrawiam\nMarta\n"},
    {"\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e", "taro@yamada.example",
     "\xe6\x9d\xa5\xe9\x80\xb1\xe3\x81\xae\xe6\x89\x93\xe3\x81\xa1\xe5\x90\x88\xe3\x82\x8f\xe3\x81"
     "\x9b\xe3\x81\xab\xe3\x81\xa4\xe3\x81\x84\xe3\x81\xa6",
     "\xe3\x82\xa2\xe3\x83\xb3\xe3\x83\x8a\xe6\xa7\x98\n\n\xe6\x9d\xa5\xe9\x80\xb1\xe3\x81\xae\xe6"
     "\x89\x93\xe3\x81\xa1\xe5\x90\x88\xe3\x82\x8f\xe3\x81\x9b\xe3\x81\xaf\xe6\xb0\xb4\xe6\x9b\x9c"
     "\xe6\x97\xa5\xe3\x81\xae\xe5\x8d\x88\xe5\xbe\x8c\xe3\x81\xa7\xe3\x82\x88\xe3\x82\x8d\xe3\x81"
     "\x97\xe3\x81\x84\xe3\x81\xa7\xe3\x81\x97\xe3\x82\x87\xe3\x81\x86\xe3\x81\x8b\xe3\x80\x82\n"},
    {"Clara Jensen", "clara@jensen.example", "Dinner on Saturday \xf0\x9f\x8d\x9d",
     "We are eight now, so I booked the long table at seven. Bring nothing but yourselves.\n"},
    {"Build farm", "noreply@builds.example", "Build 4812 passed: release/2.4",
     "All 312 checks passed in 11 min 4 s.\n\nhttps://builds.example/4812\n"},
    {"\xd8\xb3\xd8\xa7\xd8\xb1\xd8\xa9 \xd8\xa7\xd9\x84\xd8\xad\xd8\xaf\xd8\xa7\xd8\xaf",
     "sara@haddad.example",
     "\xd9\x85\xd9\x88\xd8\xb9\xd8\xaf \xd8\xa7\xd9\x84\xd8\xa7\xd8\xac\xd8\xaa\xd9\x85\xd8\xa7\xd8"
     "\xb9 \xd8\xa7\xd9\x84\xd9\x82\xd8\xa7\xd8\xaf\xd9\x85",
     "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 "
     "\xd8\xa2\xd9\x86\xd8\xa7\xd8\x8c\n\n\xd9\x87\xd9\x84 "
     "\xd9\x8a\xd9\x86\xd8\xa7\xd8\xb3\xd8\xa8\xd9\x83 \xd9\x8a\xd9\x88\xd9\x85 "
     "\xd8\xa7\xd9\x84\xd8\xab\xd9\x84\xd8\xa7\xd8\xab\xd8\xa7\xd8\xa1\xd8\x9f\n"},
    {"Jonas Weber", "jonas.weber@uni-lichtenau.example",
     "Re: Review of chapter three, with all remarks of the second reader worked in and some of "
     "mine",
     "Thank you for the careful reading. Most remarks are in; two I would like to discuss.\n"},
    {"Northern Rail", "tickets@northernrail.example", "Your ticket for Friday, 27 November",
     "Coach 7, seat 41, window. Departure 08:12, platform 3.\n"},
    {"Priya Raman", "priya@raman.example", "Photos from the hike",
     "Here are the best ones. The fog lifted just when we had reached the top.\n"},
    {"Lucia Ferri", "lucia.ferri@ferri.example", "Preventivo aggiornato",
     "Gentile Anna, in allegato il preventivo aggiornato con le modifiche richieste.\n"},
    {"Tom\xc3\xa1\xc5\xa1 Novotn\xc3\xbd", "tomas@novotny.example", "Key handover",
     "I leave the key with the neighbour on the second floor.\n"},
    {"Emma Clarke", "emma.clarke@harbour.example", "Minutes of Tuesday's meeting",
     "Short this time. Open points are at the end, each with a name.\n"},
    {"Newsletter of the Botanical Garden", "news@botanical.example", "What flowers in November",
     "Witch hazel, winter jasmine, and the first hellebores in the greenhouse.\n"},
    {"\xce\x9d\xce\xaf\xce\xba\xce\xbf\xcf\x82 \xce\xa0\xce\xb1\xcf\x80\xce\xb1\xce\xb4\xcf\x8c\xcf"
     "\x80\xce\xbf\xcf\x85\xce\xbb\xce\xbf\xcf\x82",
     "nikos@papadopoulos.example",
     "\xce\xa4\xce\xb1\xce\xbe\xce\xaf\xce\xb4\xce\xb9 \xcf\x83\xcf\x84"
     "\xce\xb7\xce\xbd \xce\x98\xce\xb5\xcf\x83\xcf\x83\xce\xb1\xce\xbb"
     "\xce\xbf\xce\xbd\xce\xaf\xce\xba\xce\xb7",
     "\xce\x9a\xce\xb1\xce\xbb\xce\xb7\xce\xbc\xce\xad\xcf\x81\xce\xb1 \xce\x86\xce\xbd\xce\xbd\xce"
     "\xb1, \xcf\x84\xce\xb1 "
     "\xce\xb5\xce\xb9\xcf\x83\xce\xb9\xcf\x84\xce\xae\xcf\x81\xce\xb9\xce\xb1 "
     "\xce\xb5\xce\xaf\xce\xbd\xce\xb1\xce\xb9 "
     "\xce\xad\xcf\x84\xce\xbf\xce\xb9\xce\xbc\xce\xb1.\n"},
}};

std::string rawMessage(const Letter& letter, std::int64_t date, bool attachments)
{
    std::array<char, 64> stamp{};
    const std::time_t seconds = date;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::strftime(stamp.data(), stamp.size(), "%a, %d %b %Y %H:%M:%S +0000", &parts);
    std::string text;
    for (const char* c = letter.text; *c; ++c) {
        text += *c == '\n' ? std::string("\r\n") : std::string(1, *c);
    }
    std::string head = std::string("From: \"") + letter.name + "\" <" + letter.address +
                       ">\r\nTo: Anna Berg <anna@fjordworks.example>, Clara Jensen "
                       "<clara@jensen.example>\r\nCc: office@fjordworks.example, Jonas Weber "
                       "<jonas.weber@uni-lichtenau.example>, Priya Raman <priya@raman.example>\r\n"
                       "Subject: " +
                       letter.subject + "\r\nDate: " + stamp.data() + "\r\nMIME-Version: 1.0\r\n";
    if (!attachments) {
        return head + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + text;
    }
    const auto file = [](const char* name, const char* type, std::size_t size) {
        return std::string("--part\r\nContent-Type: ") + type + "; name=\"" + name +
               "\"\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\n\r\n" +
               std::string(size, 'x') + "\r\n";
    };
    return head +
           "Content-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\nContent-Type: "
           "text/plain; charset=utf-8\r\n\r\n" +
           text + file("Floor plan, second draft, north side.pdf", "application/pdf", 1'240'000) +
           file("kitchen.jpg", "image/jpeg", 482'000) +
           file("Costs 2026.ods", "application/vnd.oasis.opendocument.spreadsheet", 38'000) +
           "--part--\r\n";
}

NewMessage envelope(const Letter& letter, std::uint32_t uid, std::int64_t date, Flags flags)
{
    NewMessage message;
    message.uid = uid;
    message.flags = flags;
    message.internalDate = message.date = date;
    message.size = 4'000 + uid % 977;
    message.subject = letter.subject;
    message.from = {{letter.name, letter.address}};
    message.to = {{"Anna Berg", "anna@fjordworks.example"}};
    message.messageIdHeader = "m" + std::to_string(uid) + "@sample.example";
    return message;
}

Folder folder(AccountId account, const char* path, FolderRole role)
{
    Folder made;
    made.account = account;
    made.mailbox = made.path = path;
    made.delimiter = '/';
    made.role = role;
    return made;
}

FolderId folderId(Stores& stores, AccountId account, const char* mailbox)
{
    return must(stores.folders.findByMailbox(account, mailbox)).id;
}

/// Minutes before now: close together at first, then a few a day over two years.
std::int64_t ageOf(int i)
{
    static constexpr std::array<std::int64_t, 8> first = {4, 38, 95, 150, 260, 1'500, 1'700, 2'950};
    return i < 8 ? first[static_cast<std::size_t>(i)] : 4'000 + std::int64_t(i) * 260;
}

void fillInbox(Stores& stores, SampleProfile& made, int count, std::int64_t now)
{
    std::vector<NewMessage> batch;
    const auto total = static_cast<std::uint32_t>(count);
    for (int i = 0; i < count; ++i) {
        const Letter& letter = letters[static_cast<std::size_t>(i) % letters.size()];
        const bool unread = i == 0 || i == 2 || i == 3 || i == 6 || (i > 12 && i % 37 == 0);
        Flags flags = unread ? Flags(0) : Flags(Seen);
        flags |= i == 3 || i == 8 || i % 41 == 7 ? Flags(Flagged) : Flags(0);
        flags |= i == 1 || i == 7 || i % 13 == 5 ? Flags(Answered) : Flags(0);
        NewMessage message =
            envelope(letter, total - static_cast<std::uint32_t>(i), now - ageOf(i) * 60, flags);
        message.hasAttachment = i == 0 || i == 1 || i % 9 == 8;
        batch.push_back(std::move(message));
    }
    must(stores.mail->transaction([&]() -> Status {
        auto inserted = stores.messages.insert(made.inbox, batch);
        if (!inserted) {
            return tl::unexpected(inserted.error());
        }
        std::vector<MessageId>& ids = inserted->appeared;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const std::string text = letters[i % letters.size()].text;
            const std::string preview = text.substr(0, std::min<std::size_t>(text.size(), 400));
            if (auto set = stores.messages.setBody(ids[i], i < 200); !set) {
                return set;
            }
            if (auto set = stores.messages.setPreview(ids[i], preview); !set) {
                return set;
            }
        }
        made.newest = std::move(ids);
        return {};
    }));
    for (std::size_t i = 0; i < std::min<std::size_t>(200, made.newest.size()); ++i) {
        must(stores.bodies.put(made.newest[i],
                               rawMessage(letters[i % letters.size()], batch[i].date, i == 0)));
    }
    Folder synced = must(stores.folders.find(made.inbox));
    synced.uidValidity = 1;
    synced.uidNext = total + 1;
    synced.syncedFrom = 1;
    synced.serverTotal = count;
    must(stores.folders.saveSyncState(synced));
}

void fillOutbox(Stores& stores, AccountId account, IdentityId identity, std::int64_t now)
{
    OutboxItem item;
    item.account = account;
    item.identity = identity;
    item.sender = "anna@fjordworks.example";
    item.created = now - 600;
    item.subject = "Offer for the glass wall";
    item.messageIdHeader = "out1@sample.example";
    item.recipients = {{"office@glaswerk.example", RecipientState::Pending, {}}};
    item.size = 2'400;
    must(stores.outbox.add(item, "Subject: Offer\r\n\r\nText\r\n"));
}

/// One that another device began.
void fillServerDrafts(Stores& stores, AccountId account, std::int64_t now)
{
    const FolderId drafts = folderId(stores, account, "Drafts");
    NewMessage message = envelope({"Anna Berg", "anna@fjordworks.example", "Minutes of Monday", ""},
                                  7, now - 9'000, Flag::Seen | Flag::DraftFlag);
    message.to = {{"Bjorn", "bjorn@fjordworks.example"}};
    must(stores.messages.insert(drafts, std::vector{message}));
    Folder synced = must(stores.folders.find(drafts));
    synced.uidValidity = 1;
    must(stores.folders.saveSyncState(synced));
    const MessageId id = must(stores.messages.list(drafts)).front();
    must(stores.bodies.put(id, "From: anna@fjordworks.example\r\nTo: Bjorn "
                               "<bjorn@fjordworks.example>\r\nSubject: Minutes of "
                               "Monday\r\n\r\nWe began at nine.\r\n"));
    must(stores.messages.setBody(id, true));
    must(stores.messages.setPreview(id, "We began at nine."));
}

void addAccount(Stores& stores, SampleProfile& made, const SampleOptions& options, int index,
                std::int64_t now)
{
    Account account;
    account.fullName = "Anna Berg";
    account.email = index == 0 ? "anna@fjordworks.example" : "anna.berg@home.example";
    account.user = account.email;
    account.imap = {Security::Tls, "imap.invalid", 993};
    if (options.imapPort) {
        account.imap = {Security::Plain, "127.0.0.1", static_cast<std::uint16_t>(options.imapPort)};
    }
    account.smtp = {Security::Tls, "smtp.invalid", 465};
    account.secretPlace = SecretPlace::File;
    const AccountId id = must(stores.accounts.add(account));
    must(stores.folders.replaceAll(
        id, {folder(id, "INBOX", FolderRole::Inbox), folder(id, "Drafts", FolderRole::Drafts),
             folder(id, "Sent", FolderRole::Sent), folder(id, "Archive", FolderRole::Archive),
             folder(id, "Junk", FolderRole::Junk), folder(id, "Trash", FolderRole::Trash),
             folder(id, "Projects", FolderRole::None),
             folder(id, "Projects/Office move", FolderRole::None),
             folder(id, "Projects/Release 2.4", FolderRole::None),
             folder(id, "Receipts", FolderRole::None), folder(id, "Travel", FolderRole::None)}));
    if (index > 0) {
        return;
    }
    made.account = id;
    made.inbox = folderId(stores, id, "INBOX");
    made.sent = folderId(stores, id, "Sent");
    made.archive = folderId(stores, id, "Archive");
    made.empty = folderId(stores, id, "Travel");
    fillInbox(stores, made, options.inboxMessages, now);
    Folder archive = must(stores.folders.find(made.archive));
    archive.serverTotal = 1'204; // known of, but not fetched
    must(stores.folders.saveSyncState(archive));
    const FolderId releases = folderId(stores, id, "Projects/Release 2.4");
    std::vector<NewMessage> few;
    for (std::uint32_t uid = 1; uid <= 12; ++uid) {
        few.push_back(
            envelope(letters[4], uid, now - uid * 90'000, uid < 4 ? Flags(Seen) : Flags(0)));
        few.back().messageIdHeader = "r" + std::to_string(uid) + "@sample.example";
    }
    must(stores.messages.insert(releases, few));
    for (const FolderId opened : {made.empty, releases, folderId(stores, id, "Receipts")}) {
        Folder synced = must(stores.folders.find(opened));
        synced.uidValidity = 1;
        must(stores.folders.saveSyncState(synced));
    }
}

} // namespace

SampleProfile fillProfile(const std::filesystem::path& profile, const SampleOptions& options)
{
    const std::int64_t now = options.now ? options.now : std::time(nullptr);
    auto stores = must(Stores::open(profile, Access::ReadWrite));
    SampleProfile made;
    for (int i = 0; i < options.accounts; ++i) {
        addAccount(*stores, made, options, i, now);
    }
    const std::vector<Identity> identities = must(stores->accounts.identities());
    if (options.drafts && !identities.empty()) {
        Draft draft;
        draft.identity = identities.front().id;
        draft.to = {{"Emma Clarke", "emma.clarke@harbour.example"}};
        draft.subject = "Harbour tour in spring";
        draft.text = "Dear Emma,\n\nthe tour you told me about in June, is it still on?";
        draft.changed = now - 5'000;
        must(stores->drafts.save(draft));
        fillServerDrafts(*stores, made.account, now);
    }
    if (options.outbox && !identities.empty()) {
        fillOutbox(*stores, made.account, identities.front().id, now);
    }
    return made;
}

} // namespace avocet
