// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/Maintenance.h"

#include "core/model/IdentityMatch.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace avocet {

namespace {

using namespace std::chrono_literals;

using Clock = std::chrono::steady_clock;

constexpr auto pause = 2ms;
/// A sync that is under way brings more at once; it is quicker without us.
constexpr auto rest = 2s;
/// The same for bodies, which come in one group after the other; only so long as to let storing go first, and a step now and
/// then meanwhile.
constexpr auto settle = 30ms;
constexpr auto longestWait = 300ms;
constexpr auto betweenNews = 1s;
constexpr int placementsPerStep = 150;
constexpr int leftBodiesPerStep = 50;
constexpr int threadedPerStep = 1500;
constexpr int headersPerStep = 60;
constexpr int countedPerStep = 250;
constexpr int purgedPerStep = 12;
constexpr int bodiesLookedFor = 200;
constexpr int pagesPerStep = 256;

} // namespace

Maintenance::Maintenance(Stores& stores, std::filesystem::path bodies,
                         BodyIndexer::Announce announce)
    : m_stores(stores)
    , m_indexer(stores, std::move(bodies), std::move(announce))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Maintenance::step);
    connect(&m_indexer, &BodyIndexer::prepared, this, [this] { start({}); });
}

void Maintenance::wake()
{
    if (m_indexer.idle())
        m_timer.start(rest);
}

/// Whatever wants to be earlier wins.
void Maintenance::start(std::chrono::milliseconds delay)
{
    if (!m_timer.isActive() || m_timer.remainingTimeAsDuration() > delay)
        m_timer.start(delay);
}

void Maintenance::bodiesStored(const std::vector<MessageId>& stored, bool first)
{
    m_stored = Clock::now();
    m_indexer.add(stored, first);
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
    if (!more) {
        m_indexer.forget();
        if (more.error().code == ErrorCode::Corrupt)
            (void)m_stores.search.clear(); // it can be made again from what is there
    } else if (*more) {
        start(pause);
    }
    const bool pauses = !m_timer.isActive() || !m_sinceTold.isValid() ||
                        std::chrono::milliseconds(m_sinceTold.elapsed()) >= betweenNews;
    if (m_untold && pauses) {
        m_untold = false;
        m_sinceTold.start();
        Q_EMIT indexed();
    }
}

/// Whether there is more to do. Bodies before envelopes: a body is indexed with its envelope.
Result<bool> Maintenance::nextStep()
{
    const auto counted = countThreads();
    if (!counted || *counted)
        return counted;
    const auto now = Clock::now();
    if (now - m_stored < settle && now - m_stepped < longestWait) {
        start(settle);
        return false;
    }
    m_stepped = now;
    if (m_indexer.ready())
        if (auto written = m_indexer.step(); !written)
            return tl::unexpected(written.error());
    if (!m_indexer.idle())
        return m_indexer.ready();
    const auto removed = m_stores.removal.removeSome(placementsPerStep);
    if (!removed || *removed)
        return removed;
    const auto left = removeLeftBodies(m_stores, leftBodiesPerStep);
    if (!left || *left)
        return left;
    const auto purged = m_stores.search.purge(purgedPerStep);
    if (!purged || *purged > 0)
        return purged ? Result<bool>(true) : tl::unexpected(purged.error());
    const auto indexed = m_stores.search.indexHeaders(headersPerStep);
    m_untold = m_untold || (indexed && *indexed > 0);
    if (!indexed || *indexed > 0)
        return indexed ? Result<bool>(true) : tl::unexpected(indexed.error());
    const auto people = countCorrespondents();
    if (!people || *people)
        return people;
    const auto bodies = addUnindexed();
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

/// For suggestions. True as long as there are messages to count.
Result<bool> Maintenance::countCorrespondents()
{
    const auto identities = m_stores.accounts.identities();
    if (!identities)
        return tl::unexpected(identities.error());
    // Colleagues share the domain of a catch-all: what was sent as one of its addresses lies in Sent.
    const auto isOwn = [&](std::string_view address) {
        return std::any_of(identities->begin(), identities->end(), [&](const Identity& identity) {
            return matchOf(identity, address) < AddressMatch::Pattern;
        });
    };
    const auto counted =
        m_stores.correspondents.countSome(countedPerStep, isOwn, std::time(nullptr));
    if (!counted)
        return tl::unexpected(counted.error());
    return *counted > 0;
}

/// Bodies that were stored and not indexed before the last end of the program. True as long as there is something to look at.
Result<bool> Maintenance::addUnindexed()
{
    const auto wanted = m_stores.search.bodiesWanted(m_behind, bodiesLookedFor);
    if (!wanted)
        return tl::unexpected(wanted.error());
    m_indexer.add(wanted->bodies, false);
    if (!wanted->more && wanted->bodies.empty())
        m_behind = {};
    return wanted->more || !wanted->bodies.empty();
}

} // namespace avocet
