// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/MailQueries.h"

#include "core/engine/DraftPickup.h"

#include "core/engine/AddressBook.h"
#include "core/engine/EngineThread.h"
#include "core/engine/SenderHistory.h"
#include "core/engine/Stores.h"
#include "core/engine/Worker.h"

#include <QCryptographicHash>
#include <QPointer>

#include <algorithm>
#include <map>
#include <stop_token>

namespace avocet {

namespace {

constexpr std::size_t headOfList = 200;
constexpr std::size_t headOfThreads = 100;
constexpr std::size_t threadsPerPiece = 5000;
constexpr std::int64_t headOfSearch = 50;

template <class T>
T valueOr(Result<T> result)
{
    return result ? std::move(*result) : T();
}

/// Which request of a context is the one that counts: asking it again ends the one before.
class Latest {
public:
    /// A token that is stopped when the context asks again or goes.
    std::stop_token begin(MailQueries* queries, QObject* context)
    {
        auto [found, isNew] = m_stops.try_emplace(context);
        if (isNew)
            QObject::connect(context, &QObject::destroyed, queries,
                             [this, context] { end(context); });
        found->second.request_stop();
        found->second = std::stop_source();
        return found->second.get_token();
    }
    void end(QObject* context)
    {
        const auto found = m_stops.find(context);
        if (found == m_stops.end())
            return;
        found->second.request_stop();
        m_stops.erase(found);
    }
    void endAll()
    {
        for (auto& [context, stop] : m_stops)
            stop.request_stop();
    }

private:
    std::map<QObject*, std::stop_source> m_stops;
};

/// A list that is read in pieces: what was read so far, and who waits for it.
template <class Item, class Position>
struct Reading {
    std::shared_ptr<Stores> stores;
    Worker* reader = nullptr;
    QObject* home = nullptr;
    std::size_t headSize = 0;
    /// Appends the next piece and moves the position; true: it was the last.
    std::function<Result<bool>(Stores&, Position&, std::vector<Item>&)> next;
    std::function<void(std::vector<Item>, bool)> done;
    std::stop_token stop;

    Position position;
    std::vector<Item> items;
    bool headSent = false;

    void deliver(bool last)
    {
        runOn(home,
              [items = last ? std::move(items) : items, stop = stop, done = done, last]() mutable {
                  if (!stop.stop_requested())
                      done(std::move(items), last);
              });
    }

    /// Goes to the end of the queue after each piece, so that what the user opens has not to wait for a million ids.
    static void step(const std::shared_ptr<Reading>& self)
    {
        if (self->stop.stop_requested())
            return;
        const Result<bool> last = self->next(*self->stores, self->position, self->items);
        // What was read of a damaged file is shown; the next start deals with it.
        if (!last || *last) {
            self->deliver(true);
            return;
        }
        if (!self->headSent && self->items.size() >= self->headSize) {
            self->headSent = true;
            self->deliver(false);
        }
        self->reader->post([self](std::stop_token) { step(self); });
    }
};

} // namespace

OpenedMessage looseMessage(std::string raw)
{
    OpenedMessage message;
    message.raw = std::move(raw);
    message.parsed = readMessage(message.raw);
    message.insight = insightInto(message.raw, message.parsed);
    message.hasBody = true;
    message.summary.from = message.parsed.from;
    message.summary.to = message.parsed.to;
    message.summary.subject = message.parsed.subject;
    message.summary.date = message.parsed.date.value_or(0);
    message.summary.flags = Seen;
    return message;
}

struct MailQueries::Private {
    std::unique_ptr<Stores> here;   // the owner's thread
    std::shared_ptr<Stores> behind; // the reader thread's
    Latest lists, foldedLists, searches;
    std::shared_ptr<AddressBook> book; // the reader thread's
    std::unique_ptr<Worker> reader;    // last: joined first
};

MailQueries::MailQueries(QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
}

MailQueries::~MailQueries()
{
    // The reader thread is joined below, and should not have to end a search first.
    d->searches.endAll();
}

Status MailQueries::open(const std::filesystem::path& profile)
{
    auto here = Stores::open(profile, Access::ReadOnly);
    if (!here)
        return tl::unexpected(here.error());
    auto behind = Stores::open(profile, Access::ReadOnly);
    if (!behind)
        return tl::unexpected(behind.error());
    d->here = std::move(*here);
    d->behind = std::move(*behind);
    d->reader = std::make_unique<Worker>("reader");
    d->book = std::make_shared<AddressBook>(d->behind, *d->reader);
    return {};
}

std::vector<Account> MailQueries::accounts()
{
    return valueOr(d->here->accounts.all());
}

std::vector<Identity> MailQueries::identities()
{
    return valueOr(d->here->accounts.identities());
}

std::vector<Folder> MailQueries::folders()
{
    return valueOr(d->here->folders.all());
}

std::vector<MessageSummary> MailQueries::rows(FolderId folder, std::span<const MessageId> ids)
{
    return valueOr(d->here->messages.rows(folder, ids));
}

std::vector<MessageSummary> MailQueries::rows(std::span<const MessageId> ids)
{
    std::vector<MessageSummary> found;
    for (const MessageId id : ids)
        if (auto row = d->here->messages.row(id))
            found.push_back(std::move(*row));
    return found;
}

std::vector<MessageId> MailQueries::threadMessages(ThreadId thread)
{
    return valueOr(d->here->threads.threadMessages(thread));
}

bool MailQueries::threadsComplete(FolderId folder)
{
    return valueOr(d->here->threads.isComplete(folder));
}

SearchCoverage MailQueries::coverage()
{
    return valueOr(d->here->search.coverage());
}

std::vector<OutboxItem> MailQueries::outbox()
{
    return valueOr(d->here->outbox.all());
}

std::vector<Draft> MailQueries::drafts()
{
    return valueOr(d->here->drafts.all());
}

Result<Draft> MailQueries::draft(DraftId id)
{
    return d->here->drafts.find(id);
}

bool MailQueries::hasDraft(DraftId id)
{
    return d->here->drafts.exists(id).value_or(true);
}

std::vector<MessageSummary> MailQueries::draftsElsewhere()
{
    constexpr std::int64_t mostOfAFolder = 500;
    std::vector<MessageSummary> found;
    for (const Folder& folder : folders()) {
        if (folder.role != FolderRole::Drafts)
            continue;
        const auto copies = valueOr(draftCopiesIn(*d->here, folder));
        auto ids = valueOr(d->here->messages.list(folder.id, {}, mostOfAFolder));
        std::erase_if(ids, [&](MessageId id) { return copies.contains(id); });
        for (MessageSummary& row : rows(folder.id, ids))
            found.push_back(std::move(row));
    }
    return found;
}

bool MailQueries::isTrusted(const std::string& address)
{
    return valueOr(d->here->trust.isTrusted(address));
}

std::vector<std::string> MailQueries::trusted()
{
    return valueOr(d->here->trust.all());
}

std::vector<Template> MailQueries::templates()
{
    return valueOr(d->here->templates.all());
}

std::size_t MailQueries::hiddenSuggestions()
{
    return valueOr(d->here->contacts.hidden()).size();
}

void MailQueries::refreshSuggestions()
{
    d->reader->post([book = d->book](std::stop_token) { AddressBook::refresh(book); });
}

void MailQueries::suggest(QObject* context, const std::string& typed, std::size_t limit,
                          std::function<void(std::vector<Suggestion>)> done)
{
    const auto deliver = [this, context = QPointer<QObject>(context),
                          done = std::move(done)](std::vector<Suggestion> found) {
        runOn(this, [context, done, found = std::move(found)]() mutable {
            if (context)
                done(std::move(found));
        });
    };
    d->reader->postFirst([book = d->book, typed, limit, deliver](std::stop_token) {
        AddressBook::suggest(book, typed, limit, deliver);
    });
}

void MailQueries::contacts(QObject* context, std::function<void(std::vector<Contact>)> done)
{
    answer(context, std::move(done), [](Stores& stores) { return valueOr(stores.contacts.all()); });
}

std::optional<InvitationAnswer> MailQueries::answerTo(const std::string& uid,
                                                      std::int64_t occurrence)
{
    return valueOr(d->here->answers.find(uid, occurrence));
}

std::optional<NoticeAnswer> MailQueries::noticeAnswer(const std::string& kind,
                                                      const std::string& key)
{
    return valueOr(d->here->answers.findNotice(kind, key));
}

std::string MailQueries::messageIdHeader(MessageId message)
{
    const auto places = valueOr(d->here->messages.placements(message));
    return places.empty() ? std::string() : places.front().messageIdHeader;
}

MessageId MailQueries::messageCalled(const std::string& messageIdHeader)
{
    for (const Account& account : accounts())
        if (const auto found = valueOr(d->here->reports.messageCalled(account.id, messageIdHeader)))
            return *found;
    return {};
}

std::string MailQueries::contentDigest(MessageId message)
{
    constexpr std::int64_t most = 256 * 1024; // one chunk: what the window's thread may read
    const auto found = valueOr(d->here->bodies.getRange(message, 0, most + 1));
    if (!found || std::ssize(*found) > most)
        return {};
    const std::string_view raw = *found;
    const std::size_t end = std::min(raw.find("\r\n\r\n"), raw.size());
    // A list adds fields of its own, and a server says how it came; these stay.
    QCryptographicHash digest(QCryptographicHash::Sha256);
    for (const char* name : {"From", "Date", "Content-Type", "Content-Transfer-Encoding"}) {
        digest.addData(
            QByteArray::fromStdString(headerField(raw.substr(0, end), name).value_or("")));
        digest.addData(QByteArrayLiteral("\n"));
    }
    const std::string_view body = raw.substr(end);
    digest.addData(QByteArrayView(body.data(), static_cast<qsizetype>(body.size())));
    return digest.result().toStdString();
}

void MailQueries::list(QObject* context, FolderId folder, const ListFilter& filter,
                       std::function<void(std::vector<ListRow>, bool)> done)
{
    using Job = Reading<ListRow, ListPosition>;
    auto job = std::make_shared<Job>();
    job->stores = d->behind;
    job->reader = d->reader.get();
    job->home = this;
    job->headSize = headOfList;
    job->done = std::move(done);
    job->stop = d->lists.begin(this, context);
    job->next = [folder, filter](Stores& stores, ListPosition& position,
                                 std::vector<ListRow>& rows) -> Result<bool> {
        const bool isFirst = rows.empty() && filter.empty();
        auto piece = stores.lists.piece(folder, filter, position,
                                        isFirst ? static_cast<int>(headOfList)
                                                : MessageLists::stepOf(filter));
        if (!piece)
            return tl::unexpected(piece.error());
        position = piece->next;
        rows.insert(rows.end(), piece->rows.begin(), piece->rows.end());
        return piece->last;
    };
    d->reader->postFirst([job](std::stop_token) { Job::step(job); });
}

void MailQueries::threads(QObject* context, FolderId folder,
                          std::function<void(std::vector<ThreadSummary>, bool)> done)
{
    using Job = Reading<ThreadSummary, ThreadPosition>;
    auto job = std::make_shared<Job>();
    job->stores = d->behind;
    job->reader = d->reader.get();
    job->home = this;
    job->headSize = headOfThreads;
    job->done = std::move(done);
    job->stop = d->foldedLists.begin(this, context);
    job->next = [folder](Stores& stores, ThreadPosition& position,
                         std::vector<ThreadSummary>& all) -> Result<bool> {
        const std::size_t limit = all.empty() ? headOfThreads : threadsPerPiece;
        const auto piece = stores.threads.threads(folder, static_cast<int>(limit), position);
        if (!piece)
            return tl::unexpected(piece.error());
        if (!piece->empty())
            position = {piece->back().date, piece->back().newest};
        all.insert(all.end(), piece->begin(), piece->end());
        return piece->size() < limit;
    };
    d->reader->postFirst([job](std::stop_token) { Job::step(job); });
}

void MailQueries::search(QObject* context, const SearchQuery& query,
                         std::function<void(Result<std::vector<MessageId>>, bool)> done)
{
    const std::stop_token stop = d->searches.begin(this, context);
    const auto deliver = [this, stop, done = std::move(done)](Result<std::vector<MessageId>> found,
                                                              bool last) {
        runOn(this, [stop, done, found = std::move(found), last]() mutable {
            if (!stop.stop_requested())
                done(std::move(found), last);
        });
    };
    const auto whole = [stores = d->behind, query, stop, deliver](std::stop_token) {
        if (!stop.stop_requested())
            deliver(stores->search.search(query, stop), true);
    };
    const bool oneCall =
        query.order == SearchOrder::Relevance || (query.limit > 0 && query.limit <= headOfSearch);
    d->reader->postFirst([stores = d->behind, reader = d->reader.get(), query, stop, deliver, whole,
                          oneCall](std::stop_token own) {
        if (oneCall) {
            whole(own);
            return;
        }
        if (stop.stop_requested())
            return;
        SearchQuery first = query;
        first.limit = headOfSearch;
        auto head = stores->search.search(first, stop);
        const bool last = !head || std::ssize(*head) < headOfSearch;
        deliver(std::move(head), last);
        if (!last)
            reader->post(whole);
    });
}

void MailQueries::cancelSearch(QObject* context)
{
    d->searches.end(context);
}

template <class Work, class Done>
void MailQueries::answer(QObject* context, Done done, Work work)
{
    d->reader->postFirst([this, stores = d->behind, context = QPointer<QObject>(context),
                          work = std::move(work), done = std::move(done)](std::stop_token) {
        // Shared, since what runOn() takes is copied with all that it holds: a whole message here.
        const auto result = std::make_shared<decltype(work(*stores))>(work(*stores));
        runOn(this, [context, done, result] {
            if (context)
                done(std::move(*result));
        });
    });
}

void MailQueries::openMessage(QObject* context, MessageId id,
                              std::function<void(Result<OpenedMessage>)> done)
{
    answer(context, std::move(done), [id](Stores& stores) -> Result<OpenedMessage> {
        auto row = stores.messages.row(id);
        if (!row)
            return tl::unexpected(row.error());
        auto raw = stores.bodies.get(id);
        if (!raw)
            return tl::unexpected(raw.error());
        OpenedMessage message;
        message.summary = std::move(*row);
        message.hasBody = raw->has_value();
        if (message.hasBody) {
            message.raw = std::move(**raw);
            message.parsed = readMessage(message.raw);
            message.insight = insightInto(stores, id, message.raw, message.parsed);
        }
        return message;
    });
}

void MailQueries::reportsAbout(QObject* context, const std::string& messageIdHeader,
                               std::function<void(std::vector<ReportOnSent>)> done)
{
    answer(context, std::move(done), [messageIdHeader](Stores& stores) {
        // The report itself stands first; what comes behind it is the returned message.
        constexpr std::int64_t largestReport = 256 * 1024;
        std::vector<ReportOnSent> found;
        for (const MessageId id : valueOr(stores.reports.about(messageIdHeader))) {
            const auto row = stores.messages.row(id);
            const auto raw = valueOr(stores.bodies.getRange(id, 0, largestReport));
            if (!row || !raw)
                continue;
            const ParsedMessage parsed = readMessage(*raw);
            ReportOnSent one{id, parsed.date.value_or(row->date), readDeliveryReport(*raw, parsed),
                             readReadReceipt(*raw, parsed)};
            if (one.delivery || one.receipt)
                found.push_back(std::move(one));
        }
        return found;
    });
}

void MailQueries::isKnownSender(QObject* context, const std::string& address, MessageId except,
                                std::function<void(bool)> done)
{
    answer(context, std::move(done), [address, except](Stores& stores) {
        return avocet::isKnownSender(stores, address, except)
            .value_or(true); // no warning about what cannot be told
    });
}

} // namespace avocet
