// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/SearchHits.h"

#include "core/model/Folder.h"
#include "core/store/SearchMatch.h"
#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace avocet {

namespace {

/// How many hits are ranked.
constexpr std::int64_t mostRanked = 2000;
/// What the two ways to a beginning cost, in microseconds, as measured: FTS5 joining a message's words to a list, reading a
/// kilobyte of stored text through, and getting at it.
constexpr double joinCost = 0.17;
constexpr double readCost = 4.5;
constexpr double lookUpCost = 6;
/// From so many looked at on, their share that holds means something.
constexpr int leastLooked = 8;
/// So many hits are looked at one by one; beyond, what a small scope holds is read first.
constexpr int hitsBeforeScopeIsRead = 2000;
constexpr std::int64_t smallScope = 20'000;

constexpr std::pair<std::string_view, FolderRole> roleNames[]{
    {"inbox", FolderRole::Inbox},     {"drafts", FolderRole::Drafts},
    {"sent", FolderRole::Sent},       {"archive", FolderRole::Archive},
    {"junk", FolderRole::Junk},       {"spam", FolderRole::Junk},
    {"trash", FolderRole::Trash},     {"all", FolderRole::All},
    {"flagged", FolderRole::Flagged}, {"starred", FolderRole::Flagged}};

/// Lets `stop` end the statements of this connection as long as it lives; unlike sqlite3_interrupt it can hit no
/// other query.
class Stoppable {
public:
    Stoppable(SQLite::Database& database, std::stop_token stop)
        : m_handle(database.getHandle())
        , m_stop(std::move(stop))
    {
        constexpr int everySteps = 1000;
        sqlite3_progress_handler(m_handle, everySteps, &Stoppable::asked, this);
    }
    ~Stoppable() { sqlite3_progress_handler(m_handle, 0, nullptr, nullptr); }
    Stoppable(const Stoppable&) = delete;
    Stoppable& operator=(const Stoppable&) = delete;

private:
    static int asked(void* self) { return static_cast<Stoppable*>(self)->m_stop.stop_requested(); }

    sqlite3* m_handle;
    std::stop_token m_stop;
};

std::string listOf(const std::vector<FolderId>& folders)
{
    std::string list;
    for (const FolderId folder : folders)
        list += (list.empty() ? "" : ", ") + std::to_string(folder.value);
    return '(' + list + ')';
}

class Search {
public:
    Search(Database& mail, const SearchQuery& query)
        : m_raw(mail.raw())
        , m_query(query)
    {
    }

    std::vector<MessageId> run();

private:
    bool narrowsToFolders() const { return m_query.folder || !m_query.in.empty(); }
    void findFolders();
    bool namesFolder(const std::string& wanted, FolderRole role, const std::string& path) const;
    std::string docFilter() const;
    std::string placementFilter() const;
    std::string hitsText(const std::string& match) const;
    void bindHits(SQLite::Statement& hits, const std::string& match) const;
    MessageId shown(std::int64_t doc);
    void readScope();
    bool hasEnough() const
    {
        return m_query.limit > 0 && static_cast<std::int64_t>(m_found.size()) >= m_query.limit;
    }
    bool holds(std::int64_t doc, const std::vector<Beginning>& checks);
    double frequency(const Beginning& beginning) const;
    bool shouldJoin(int looked, double joining) const;
    bool newest(const std::string& match, const std::vector<Beginning>& checks, double joining);
    void ranked(const SearchMatch& match);

    SQLite::Database& m_raw;
    const SearchQuery& m_query;
    std::vector<FolderId> m_folders;
    std::vector<FolderId> m_removed; ///< what lies in them is not there any more
    std::int64_t m_scopeSize = 0;    ///< placements in m_folders
    bool m_scopeIsRead = false;
    std::unordered_map<std::int64_t, MessageId> m_scope; ///< by doc
    std::unique_ptr<SQLite::Statement> m_shown, m_stored;
    SearchTextReader m_reader;
    std::size_t m_read = 0;
    std::vector<MessageId> m_found;
};

bool Search::namesFolder(const std::string& wanted, FolderRole role, const std::string& path) const
{
    for (const auto& [name, named] : roleNames)
        if (wanted == name && role == named)
            return true;
    const std::string tokens = searchTokens(path);
    return tokens == wanted || tokens.ends_with(' ' + wanted);
}

void Search::findFolders()
{
    // The table of folders is read whole: it has tens of rows.
    SQLite::Statement rows(m_raw, "SELECT id, role, path, account, total FROM folder");
    while (rows.executeStep()) {
        const FolderId id{rows.getColumn(0).getInt64()};
        if (rows.getColumn(3).getInt64() == 0) {
            m_removed.push_back(id);
            continue;
        }
        if (!narrowsToFolders())
            continue;
        const auto role = static_cast<FolderRole>(rows.getColumn(1).getInt());
        const std::string path = rows.getColumn(2).getString();
        if (m_query.folder && id != m_query.folder)
            continue;
        if (m_query.account && rows.getColumn(3).getInt64() != m_query.account.value)
            continue;
        const bool named =
            std::all_of(m_query.in.begin(), m_query.in.end(), [&](const std::string& name) {
                return namesFolder(searchTokens(name), role, path);
            });
        if (!named)
            continue;
        m_folders.push_back(id);
        m_scopeSize += rows.getColumn(4).getInt64();
    }
}

std::string Search::placementFilter() const
{
    std::string filter = " AND p.hidden = 0";
    if (m_query.unread)
        filter += *m_query.unread ? " AND p.shown_flags & 1 = 0" : " AND p.shown_flags & 1 <> 0";
    if (m_query.starred)
        filter += *m_query.starred ? " AND p.shown_flags & 4 <> 0" : " AND p.shown_flags & 4 = 0";
    if (narrowsToFolders())
        filter += " AND p.folder IN " + listOf(m_folders);
    else if (!m_removed.empty())
        filter += " AND p.folder NOT IN " + listOf(m_removed);
    return filter;
}

std::string Search::docFilter() const
{
    std::string filter;
    if (m_query.account)
        filter += " AND d.account = " + std::to_string(m_query.account.value);
    if (m_query.attachment)
        filter += std::string(" AND (SELECT has_attachment FROM message WHERE id = d.message) = ") +
                  (*m_query.attachment ? "1" : "0");
    return filter;
}

std::string Search::hitsText(const std::string& match) const
{
    if (match.empty())
        return "SELECT doc FROM search_doc WHERE doc BETWEEN ?1 AND ?2 ORDER BY doc DESC";
    return "SELECT rowid FROM search WHERE rowid BETWEEN ?1 AND ?2 AND search MATCH ?3 "
           "ORDER BY rowid DESC";
}

void Search::bindHits(SQLite::Statement& hits, const std::string& match) const
{
    const auto docs = [](std::int64_t date) {
        return std::clamp(date, std::int64_t{0}, std::int64_t{1} << 40) << 4;
    };
    hits.bind(1, m_query.after ? docs(*m_query.after) : 0);
    hits.bind(2, m_query.before ? docs(*m_query.before) - 1
                                : std::numeric_limits<std::int64_t>::max());
    if (!match.empty())
        hits.bind(3, match);
}

/// The message of `doc` where it is there, shown, and all that the query asks besides words holds.
MessageId Search::shown(std::int64_t doc)
{
    if (m_scopeIsRead) {
        const auto found = m_scope.find(doc);
        return found == m_scope.end() ? MessageId{} : found->second;
    }
    if (!m_shown)
        m_shown = std::make_unique<SQLite::Statement>(
            m_raw, "SELECT d.message FROM search_doc AS d WHERE d.doc = ?1" + docFilter() +
                       " AND EXISTS (SELECT 1 FROM placement AS p WHERE p.message = d.message" +
                       placementFilter() + ")");
    m_shown->bind(1, doc);
    const MessageId message{m_shown->executeStep() ? m_shown->getColumn(0).getInt64() : 0};
    m_shown->reset();
    return message;
}

void Search::readScope()
{
    SQLite::Statement rows(m_raw,
                           "SELECT d.doc, d.message FROM placement AS p CROSS JOIN search_doc AS d "
                           "ON d.message = p.message WHERE TRUE" +
                               placementFilter() + docFilter());
    while (rows.executeStep())
        m_scope.emplace(rows.getColumn(0).getInt64(), MessageId{rows.getColumn(1).getInt64()});
    m_scopeIsRead = true;
}

bool Search::holds(std::int64_t doc, const std::vector<Beginning>& checks)
{
    if (checks.empty())
        return true;
    if (!m_stored)
        m_stored = std::make_unique<SQLite::Statement>(
            m_raw, "SELECT stored FROM search_text WHERE doc = ?1");
    m_stored->bind(1, doc);
    bool all = false;
    if (m_stored->executeStep()) {
        const SQLite::Column stored = m_stored->getColumn(0);
        const auto text = m_reader.read({static_cast<const char*>(stored.getBlob()),
                                         static_cast<std::size_t>(stored.getBytes())});
        m_read += text ? text->size() : 0;
        all = text && std::all_of(checks.begin(), checks.end(),
                                  [&](const Beginning& check) { return check.isIn(*text); });
    }
    m_stored->reset();
    return all;
}

/// About how many messages have the beginning's mark, by how close the newest of them lie.
double Search::frequency(const Beginning& beginning) const
{
    constexpr int sample = 200;
    SQLite::Statement newest(m_raw, R"sql(
        SELECT min(rowid), count(*) FROM (
            SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2))sql");
    newest.bind(1, beginning.mark);
    newest.bind(2, sample);
    if (!newest.executeStep() || newest.getColumn(1).getInt() < sample)
        return sample;
    SQLite::Statement among(m_raw, R"sql(
        SELECT count(*), (SELECT docs FROM search_state) FROM (
            SELECT 1 FROM search_doc WHERE doc >= ?1 LIMIT 10000))sql");
    among.bind(1, newest.getColumn(0).getInt64());
    if (!among.executeStep())
        return sample;
    return sample * among.getColumn(1).getDouble() / std::max(among.getColumn(0).getDouble(), 1.0);
}

/// Whether FTS5 had better join all words with the beginnings than we look at hit after hit. `joining` is what that costs
/// where every message with the marks has such a word.
bool Search::shouldJoin(int looked, double joining) const
{
    if (m_query.limit == 0)
        return true;
    if (looked < leastLooked)
        return false;
    const auto found = static_cast<double>(m_found.size());
    const double share = (found + 0.5) / (looked + 1.0);
    const double each = lookUpCost + readCost * static_cast<double>(m_read) / 1024 / looked;
    return (static_cast<double>(m_query.limit) - found) / share * each > joining * share;
}

/// False: too slow a way to find them, `joining` is the better one. 0: there is none.
bool Search::newest(const std::string& match, const std::vector<Beginning>& checks, double joining)
{
    SQLite::Statement hits(m_raw, hitsText(match));
    bindHits(hits, match);
    const bool mayRead = narrowsToFolders() && m_scopeSize <= smallScope;
    for (int looked = 0; !hasEnough() && hits.executeStep(); ++looked) {
        if (joining > 0 && shouldJoin(looked, joining))
            return false;
        if (mayRead && !m_scopeIsRead && looked == hitsBeforeScopeIsRead)
            readScope();
        const std::int64_t doc = hits.getColumn(0).getInt64();
        if (const MessageId message = shown(doc); message && holds(doc, checks))
            m_found.push_back(message);
    }
    return true;
}

/// bm25 over the newest hits alone: over all of them it would read every one before the first could be shown.
void Search::ranked(const SearchMatch& match)
{
    struct Hit {
        double rank;
        std::int64_t doc;
    };
    std::vector<Hit> hits;
    {
        SQLite::Statement rows(m_raw, "SELECT rowid, bm25(search, 6, 4, 2, 1, 2, 0) FROM search "
                                      "WHERE rowid BETWEEN ?1 AND ?2 AND search MATCH ?3 "
                                      "ORDER BY rowid DESC LIMIT ?4");
        bindHits(rows, match.quick);
        rows.bind(4, mostRanked);
        while (rows.executeStep())
            hits.push_back({rows.getColumn(1).getDouble(), rows.getColumn(0).getInt64()});
    }
    // Smaller is better; of equals the newer.
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Hit& a, const Hit& b) { return a.rank < b.rank; });
    for (const Hit& hit : hits) {
        if (hasEnough())
            break;
        if (const MessageId message = shown(hit.doc); message && holds(hit.doc, match.checks))
            m_found.push_back(message);
    }
}

std::vector<MessageId> Search::run()
{
    const std::optional<SearchMatch> match = searchMatchOf(m_query);
    if (!match)
        return {};
    findFolders();
    if (narrowsToFolders() && m_folders.empty())
        return {};
    if (m_query.order == SearchOrder::Relevance && !match->exact.empty()) {
        ranked(*match);
    } else if (match->checks.empty()) {
        newest(match->exact, {}, 0);
    } else {
        double joining = 1;
        for (const Beginning& check : match->checks)
            joining += joinCost * frequency(check);
        if (!newest(match->quick, match->checks, joining)) {
            m_found.clear();
            newest(match->exact, {}, 0);
        }
    }
    return std::move(m_found);
}

} // namespace

Result<std::vector<MessageId>> findMessages(Database& mail, const SearchQuery& query,
                                            std::stop_token stop)
{
    return guarded(mail, [&]() -> Result<std::vector<MessageId>> {
        const Stoppable stoppable(mail.raw(), std::move(stop));
        return Search(mail, query).run();
    });
}

} // namespace avocet
