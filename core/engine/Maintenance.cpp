// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/Maintenance.h"

#include "core/engine/BodyIngest.h"
#include "core/engine/EngineThread.h"

#include <chrono>

namespace avocet {

namespace {

using namespace std::chrono_literals;

constexpr auto pause = 10ms;
/// A sync that is under way brings more at once; it is quicker without us.
constexpr auto rest = 2s;
constexpr auto betweenNews = 1s;
constexpr int placementsPerStep = 150;
constexpr int leftBodiesPerStep = 50;
constexpr int threadedPerStep = 1500;
constexpr int headersPerStep = 60;
constexpr int purgedPerStep = 12;
constexpr int bodiesPerStep = 8;
constexpr int pagesPerStep = 256;

} // namespace

Maintenance::Maintenance(Stores& stores)
    : m_stores(stores)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Maintenance::step);
}

void Maintenance::wake()
{
    m_timer.start(rest);
}

Status Maintenance::indexAllHeaders()
{
    for (;;) {
        const auto indexed = m_stores.search.indexHeaders(headersPerStep);
        if (!indexed)
            return tl::unexpected(indexed.error());
        if (*indexed == 0)
            return {};
    }
}

void Maintenance::step()
{
    const auto more = nextStep();
    if (!more && more.error().code == ErrorCode::Corrupt)
        (void)m_stores.search.clear(); // it can be made again from what is there
    else if (more && *more)
        m_timer.start(pause);
    const bool pauses = !m_timer.isActive() || !m_sinceTold.isValid() ||
                        std::chrono::milliseconds(m_sinceTold.elapsed()) >= betweenNews;
    if (m_untold && pauses) {
        m_untold = false;
        m_sinceTold.start();
        Q_EMIT indexed();
    }
}

/// Whether there is more to do.
Result<bool> Maintenance::nextStep()
{
    const auto removed = m_stores.removal.removeSome(placementsPerStep);
    if (!removed || *removed)
        return removed;
    const auto left = removeLeftBodies(m_stores, leftBodiesPerStep);
    if (!left || *left)
        return left;
    const auto counted = countThreads();
    if (!counted || *counted)
        return counted;
    const auto purged = m_stores.search.purge(purgedPerStep);
    if (!purged || *purged > 0)
        return purged ? Result<bool>(true) : tl::unexpected(purged.error());
    const auto indexed = m_stores.search.indexHeaders(headersPerStep);
    m_untold = m_untold || (indexed && *indexed > 0);
    if (!indexed || *indexed > 0)
        return indexed ? Result<bool>(true) : tl::unexpected(indexed.error());
    const auto bodies = indexBodies();
    if (!bodies || *bodies)
        return bodies;
    const auto vacuumed = m_stores.bodies.vacuumStep(pagesPerStep);
    if (!vacuumed || *vacuumed)
        return vacuumed;
    return m_stores.search.merge(pagesPerStep);
}

/// For folded lists. True as long as there is something to count.
Result<bool> Maintenance::countThreads()
{
    const auto folder = m_stores.threads.nextToBuild();
    if (!folder || !*folder)
        return folder ? Result<bool>(false) : tl::unexpected(folder.error());
    const auto complete = m_stores.threads.build(*folder, threadedPerStep);
    if (!complete)
        return complete;
    if (*complete)
        Q_EMIT threadsCounted(*folder);
    return true;
}

/// Bodies that were here before the index was. True as long as there is something to look at.
Result<bool> Maintenance::indexBodies()
{
    if (m_indexing)
        return true;
    const auto wanted = m_stores.search.bodiesWanted(m_behind, bodiesPerStep);
    if (!wanted)
        return tl::unexpected(wanted.error());
    if (wanted->bodies.empty()) {
        if (!wanted->more)
            m_behind = {};
        return wanted->more;
    }
    auto raw = std::make_shared<std::vector<std::pair<MessageId, std::string>>>();
    for (const MessageId message : wanted->bodies)
        if (auto body = m_stores.bodies.get(message); body && *body)
            raw->emplace_back(message, std::move(**body));
    m_indexing = true;
    m_worker.post([this, raw](std::stop_token stop) {
        auto texts = std::make_shared<std::vector<SearchText>>();
        for (const auto& [message, body] : *raw)
            if (!stop.stop_requested())
                texts->push_back(searchTextOf(body));
        runOn(this, [this, raw, texts] {
            m_indexing = false;
            std::vector<SearchEntry> entries;
            for (std::size_t i = 0; i < texts->size(); ++i)
                entries.push_back({(*raw)[i].first, &(*texts)[i]});
            m_untold = m_stores.search.put(entries).has_value() || m_untold;
        });
    });
    return true;
}

} // namespace avocet
