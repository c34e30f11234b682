// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/MailQueries.h"

#include "core/engine/EngineThread.h"
#include "core/engine/Stores.h"
#include "core/engine/Worker.h"

#include <QPointer>

#include <atomic>
#include <map>

namespace avocet {

namespace {

constexpr std::int64_t headOfList = 200;

template <class T>
T valueOr(Result<T> result)
{
    return result ? std::move(*result) : T();
}

/// Says that a list query runs, which is what may be interrupted.
class ListingMark {
public:
    explicit ListingMark(std::atomic<bool>& flag)
        : m_flag(flag)
    {
        m_flag = true;
    }
    ~ListingMark() { m_flag = false; }
    ListingMark(const ListingMark&) = delete;
    ListingMark& operator=(const ListingMark&) = delete;

private:
    std::atomic<bool>& m_flag;
};

} // namespace

struct MailQueries::Private {
    std::unique_ptr<Stores> here;   // the owner's thread
    std::shared_ptr<Stores> behind; // the reader thread's
    std::map<QObject*, std::shared_ptr<std::atomic<int>>> listRequests;
    std::shared_ptr<std::atomic<bool>> listing = std::make_shared<std::atomic<bool>>(false);
    std::unique_ptr<Worker> reader; // last: joined first
};

MailQueries::MailQueries(QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
}

MailQueries::~MailQueries() = default;

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

void MailQueries::list(QObject* context, FolderId folder, const ListFilter& filter,
                       std::function<void(std::vector<MessageId>, bool)> done)
{
    auto& latest = d->listRequests[context];
    if (!latest) {
        latest = std::make_shared<std::atomic<int>>(0);
        connect(context, &QObject::destroyed, this,
                [this, context] { d->listRequests.erase(context); });
    }
    const int mine = ++*latest;
    if (*d->listing)
        d->behind->mail->interrupt(); // whatever is being listed is no longer wanted
    d->reader->postFirst([this, stores = d->behind, listing = d->listing, latest, mine, folder,
                          filter, context = QPointer<QObject>(context),
                          done = std::move(done)](std::stop_token) {
        const auto deliver = [&](std::vector<MessageId> ids, bool last) {
            runOn(this, [context, latest, mine, done, ids = std::move(ids), last] {
                if (context && *latest == mine)
                    done(ids, last);
            });
        };
        if (*latest != mine)
            return;
        const ListingMark mark(*listing);
        auto head = valueOr(stores->messages.list(folder, filter, headOfList));
        const bool whole = static_cast<std::int64_t>(head.size()) < headOfList;
        deliver(std::move(head), whole);
        if (whole || *latest != mine)
            return;
        auto all = stores->messages.list(folder, filter);
        if (all)
            deliver(std::move(*all), true);
    });
}

void MailQueries::openMessage(QObject* context, MessageId id,
                              std::function<void(Result<OpenedMessage>)> done)
{
    d->reader->postFirst([this, stores = d->behind, id, context = QPointer<QObject>(context),
                          done = std::move(done)](std::stop_token) {
        const auto open = [&]() -> Result<OpenedMessage> {
            auto row = stores->messages.row(id);
            if (!row && row.error().kind == ErrorKind::Cancelled)
                row =
                    stores->messages.row(id); // hit by the interrupt of a list that had just ended
            if (!row)
                return tl::unexpected(row.error());
            auto raw = stores->bodies.get(id);
            if (!raw)
                return tl::unexpected(raw.error());
            OpenedMessage message;
            message.summary = std::move(*row);
            message.hasBody = raw->has_value();
            if (message.hasBody) {
                message.raw = std::move(**raw);
                message.parsed = readMessage(message.raw);
            }
            return message;
        };
        runOn(this, [context, done, result = open()] {
            if (context)
                done(result);
        });
    });
}

void MailQueries::attachment(QObject* context, MessageId id, int attachmentIndex,
                             std::function<void(Result<std::string>)> done)
{
    d->reader->post([this, stores = d->behind, id, attachmentIndex,
                     context = QPointer<QObject>(context),
                     done = std::move(done)](std::stop_token) {
        const auto decode = [&]() -> Result<std::string> {
            auto raw = stores->bodies.get(id);
            if (!raw)
                return tl::unexpected(raw.error());
            if (!*raw)
                return fail(ErrorKind::Rejected, "not downloaded", ErrorCode::NotFound);
            const ParsedMessage parsed = readMessage(**raw);
            const auto index = static_cast<std::size_t>(attachmentIndex);
            if (index >= parsed.attachments.size())
                return fail(ErrorKind::Rejected, "no such attachment", ErrorCode::NotFound);
            return decodedAttachment(**raw, parsed, parsed.attachments[index]);
        };
        runOn(this, [context, done, result = decode()] {
            if (context)
                done(result);
        });
    });
}

} // namespace avocet
