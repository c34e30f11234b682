// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/BodyIndexer.h"

#include "core/engine/EngineThread.h"
#include "core/engine/SearchFeed.h"
#include "core/mime/Reports.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iterator>
#include <optional>

namespace avocet {

namespace {

using namespace std::chrono_literals;

/// So many are prepared ahead, or fewer where they are large.
constexpr std::size_t preparedAhead = 32;
constexpr std::size_t bytesAhead = 4 << 20;
/// A step grows and shrinks with what the last ones took: each writes a segment of the index, so larger ones cost less.
constexpr std::size_t mostPerStep = 64;
constexpr auto longStep = 15ms;
constexpr auto shortStep = 10ms;

/// Of this thread: on a busy machine smaller steps would only make more work.
std::chrono::nanoseconds workDone()
{
    timespec spent{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec);
}

} // namespace

/// Thread: the worker's. Opened there at the first use.
class BodyIndexer::Reader {
public:
    explicit Reader(std::filesystem::path file)
        : m_file(std::move(file))
    {
    }

    /// As many of `wanted`, from its beginning, as are to be prepared at once. Nothing: bodies.db cannot be read.
    std::vector<Prepared> prepare(const std::vector<MessageId>& wanted, const std::stop_token& stop)
    {
        std::vector<Prepared> made;
        if (!open())
            return made;
        std::size_t bytes = 0;
        for (const MessageId message : wanted) {
            if (stop.stop_requested() || bytes > bytesAhead)
                break;
            const auto raw = m_bodies->get(message);
            if (!raw && raw.error().code != ErrorCode::Corrupt)
                break;
            Prepared& one = made.emplace_back();
            one.message = message;
            one.there = raw && *raw;
            if (!one.there)
                continue;
            const ParsedMessage parsed = readMessage(**raw);
            one.preview = previewOf(parsed);
            one.text = searchTextOf(**raw, parsed);
            one.reportsAbout = reportedMessageId(**raw, parsed);
            bytes += (*raw)->size();
        }
        return made;
    }

private:
    bool open()
    {
        if (m_bodies)
            return true;
        auto opened = Database::open(m_file, Schema::Bodies, Access::ReadOnly);
        if (!opened)
            return false;
        m_database = std::move(*opened);
        m_bodies.emplace(*m_database);
        return true;
    }

    std::filesystem::path m_file;
    std::unique_ptr<Database> m_database;
    std::optional<BodyStore> m_bodies;
};

BodyIndexer::BodyIndexer(Stores& stores, std::filesystem::path bodies, Announce announce)
    : m_stores(stores)
    , m_announce(std::move(announce))
    , m_reader(std::make_shared<Reader>(std::move(bodies)))
{
}

BodyIndexer::~BodyIndexer() = default;

void BodyIndexer::add(const std::vector<MessageId>& stored, bool first)
{
    m_waiting.insert(first ? m_waiting.begin() : m_waiting.end(), stored.begin(), stored.end());
    m_added += stored.size();
    prepare();
}

void BodyIndexer::prepare()
{
    if (m_preparing || m_waiting.empty() || m_ready.size() >= preparedAhead)
        return;
    const auto count = static_cast<std::ptrdiff_t>(std::min(m_waiting.size(), preparedAhead));
    std::vector<MessageId> wanted(m_waiting.begin(), m_waiting.begin() + count);
    m_waiting.erase(m_waiting.begin(), m_waiting.begin() + count);
    m_preparing = true;
    m_worker.post([this, reader = m_reader, generation = m_generation,
                   wanted = std::move(wanted)](std::stop_token stop) {
        auto made = std::make_shared<std::vector<Prepared>>(reader->prepare(wanted, stop));
        runOn(this, [this, generation, made, wanted] {
            m_preparing = false;
            if (generation == m_generation) {
                const auto rest = static_cast<std::ptrdiff_t>(made->size());
                m_waiting.insert(m_waiting.begin(), wanted.begin() + rest, wanted.end());
                std::move(made->begin(), made->end(), std::back_inserter(m_ready));
                if (made->empty())
                    forget();
                else
                    Q_EMIT prepared();
            }
            prepare();
        });
    });
}

Status BodyIndexer::step()
{
    const auto count = static_cast<std::ptrdiff_t>(std::min(m_ready.size(), m_perStep));
    std::vector<Prepared> group(std::make_move_iterator(m_ready.begin()),
                                std::make_move_iterator(m_ready.begin() + count));
    m_ready.erase(m_ready.begin(), m_ready.begin() + count);
    prepare();
    const auto before = workDone();
    Status written = write(group);
    const auto took = workDone() - before;
    if (took > longStep)
        m_perStep = std::max<std::size_t>(1, m_perStep * 2 / 3);
    else if (took < shortStep && group.size() == m_perStep)
        m_perStep = std::min(m_perStep + 2, mostPerStep);
    m_handled += group.size();
    release();
    return written;
}

/// The preview and the words together, so that what is indexed has its preview too.
Status BodyIndexer::write(const std::vector<Prepared>& group)
{
    Status written = m_stores.mail->transaction([&]() -> Status {
        std::vector<SearchEntry> entries;
        for (const Prepared& one : group) {
            // A body that is not there any more, or is damaged, is fetched again.
            Status noted = one.there ? m_stores.messages.setPreview(one.message, one.preview)
                                     : m_stores.messages.setBody(one.message, false);
            if (noted && one.there)
                noted = m_stores.reports.add(one.message, one.reportsAbout);
            if (!noted)
                return noted;
            if (one.there)
                entries.push_back({one.message, &one.text});
        }
        return m_stores.search.put(entries);
    });
    if (!written)
        return written;
    std::vector<MessageId> ids;
    for (const Prepared& one : group)
        ids.push_back(one.message);
    m_announce([ids = std::move(ids)](MailEngine& engine) { Q_EMIT engine.previewsArrived(ids); });
    return {};
}

void BodyIndexer::forget()
{
    ++m_generation;
    m_waiting.clear();
    m_ready.clear();
    m_handled = m_added;
    release();
}

void BodyIndexer::whenIndexed(std::function<void()> done)
{
    m_waiters.emplace_back(m_added, std::move(done));
    release();
}

void BodyIndexer::release()
{
    std::vector<std::function<void()>> due;
    std::erase_if(m_waiters, [&](auto& waiter) {
        if (waiter.first > m_handled)
            return false;
        due.push_back(std::move(waiter.second));
        return true;
    });
    for (const auto& done : due)
        done();
}

} // namespace avocet
