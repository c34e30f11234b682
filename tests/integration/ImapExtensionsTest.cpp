// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession's extensions against real servers, as far as each has them; a second connection without any of our code
// does what "somewhere else" does.
#include "core/protocol/ImapSession.h"
#include "tests/integration/MailServers.h"

#include <QTest>
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>

using namespace avocet;
using namespace avocet::integration;
using namespace Qt::Literals::StringLiterals;

namespace {

using Uids = std::vector<std::uint32_t>;
constexpr std::chrono::seconds patience{20};

template <class T>
QByteArray words(const Result<T>& result)
{
    if (result)
        return "success";
    return QByteArray::fromStdString(result.error().detail + " | " + result.error().serverText);
}

const ListedMailbox* named(const std::vector<ListedMailbox>& list, std::string_view name)
{
    const auto found = std::find_if(list.begin(), list.end(),
                                    [&](const auto& entry) { return entry.mailbox == name; });
    return found == list.end() ? nullptr : &*found;
}

bool contains(const std::vector<UidRange>& ranges, std::uint32_t uid)
{
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const UidRange& r) { return r.first <= uid && uid <= r.last; });
}

} // namespace

#define WORKS(result)                                                                              \
    do {                                                                                           \
        const auto& got_ = (result);                                                               \
        QVERIFY2(got_.has_value(), words(got_).constData());                                       \
    } while (false)

class ImapExtensionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();
    void learnsWhatHappenedElsewhere();
    void movesAndKnowsWhere();
    void movesToNowhere();
    void copiesAndRemovesOnlyWhatIsNamed();
    void makesRenamesSubscribesDeletes();
    void tellsNamespaces();
    void hearsOfOtherMailboxes();
    void speaksCompressed();
    void fetchesPartsAndPreviews();
    void managesWithoutExtensions();

private:
    std::unique_ptr<ImapSession> open(const MailServers& servers, bool tls = false) const
    {
        ConnectOptions options;
        options.server = {tls ? Security::Tls : Security::Plain, "localhost",
                          servers.port(tls ? "imaps" : "imap")};
        options.caFile = servers.caFile().toStdString();
        const MailUser user = servers.sender();
        auto session = ImapSession::open(
            options, {user.address.toStdString(), user.password.toStdString(), ""}, {});
        return session ? std::move(*session) : nullptr;
    }
    /// A fresh mailbox with `count` messages, UIDs 1 to count.
    std::string filled(const MailServers& servers, int count)
    {
        const QByteArray name = servers.mailbox("Box" + QByteArray::number(++m_serial));
        ImapPeer peer(servers, servers.sender());
        peer.command("CREATE " + name);
        for (int i = 1; i <= count; ++i)
            peer.append(name, message(servers.reader(), servers.sender().address, freshId(),
                                      "Number " + QByteArray::number(i),
                                      "Words of message " + QByteArray::number(i) + ".\r\n"));
        return name.toStdString();
    }

    MailServers& servers() const { return m_rows.at(m_server); }
    bool offers(const char* extension) const
    {
        const auto session = open(servers());
        return session && session->capabilities().has(extension);
    }

    ServerRows m_rows{u"rich"_s};
    QString m_server;
    int m_serial = 0;
};

/// Ends a test on a server without the extension: what the session does there is another test's.
#define NEEDS(extension)                                                                           \
    if (!offers(extension))                                                                        \
    QSKIP("this server has no " extension)

void ImapExtensionsTest::initTestCase_data()
{
    QTest::addColumn<QString>("server");
    for (const ServerKind& kind : m_rows.kinds())
        QTest::newRow(kind.sentence) << kind.name;
}

void ImapExtensionsTest::initTestCase()
{
    const QString problem = m_rows.start({u"--no-postfix"_s, u"--compress"_s});
    if (m_rows.missing())
        QSKIP(qPrintable(problem));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void ImapExtensionsTest::init()
{
    QFETCH_GLOBAL(QString, server);
    m_server = server;
}

void ImapExtensionsTest::learnsWhatHappenedElsewhere()
{
    NEEDS("QRESYNC");
    const std::string box = filled(servers(), 9);
    KnownState known;
    {
        const auto session = open(servers());
        QVERIFY(session && session->qresync());
        const auto selected = session->select(box);
        WORKS(selected);
        QVERIFY(!selected->resynced);
        known = {selected->uidValidity, selected->highestModSeq, selected->uidNext - 1};
        QCOMPARE(known.lastUid, 9u);
    }
    ImapPeer peer(servers(), servers().sender());
    peer.command("SELECT " + QByteArray::fromStdString(box));
    peer.command("UID STORE 3 +FLAGS (\\Flagged)");
    peer.command("UID STORE 5,8 +FLAGS (\\Deleted)");
    peer.command("EXPUNGE");
    peer.append(QByteArray::fromStdString(box),
                message(servers().reader(), servers().sender().address, freshId(), "New"));

    const auto session = open(servers(), true);
    QVERIFY(session);
    const Traffic before = session->traffic();
    const auto selected = session->select(box, false, &known);
    WORKS(selected);
    const Traffic after = session->traffic();
    QVERIFY(selected->resynced);
    QVERIFY(contains(selected->vanished, 5) && contains(selected->vanished, 8));
    QVERIFY(!contains(selected->vanished, 4) && !contains(selected->vanished, 9));
    QCOMPARE(selected->changed.size(), std::size_t{1});
    QCOMPARE(selected->changed[0].uid, 3u);
    QVERIFY(selected->changed[0].flags & Flag::Flagged);
    QCOMPARE(selected->exists, 8u);
    QVERIFY2(after.in + after.out - before.in - before.out < 2'000,
             "one round trip tells all in less than 2 KB");

    // Another mailbox of that name: what the cache knew is of no use.
    peer.command("CLOSE");
    peer.command("DELETE " + QByteArray::fromStdString(box));
    peer.command("CREATE " + QByteArray::fromStdString(box));
    const auto anew = open(servers());
    const auto other = anew->select(box, false, &known);
    WORKS(other);
    QVERIFY(other->uidValidity != known.uidValidity);
    QVERIFY(!other->resynced);
}

void ImapExtensionsTest::movesAndKnowsWhere()
{
    NEEDS("MOVE");
    const std::string from = filled(servers(), 6);
    const std::string to = filled(servers(), 2);
    const auto session = open(servers());
    QVERIFY(session);
    const auto selected = session->select(from);
    WORKS(selected);
    const auto target = session->status(to);
    WORKS(target);
    const auto moved = session->moveMessages(Uids{2, 5, 3, 99}, to);
    WORKS(moved);
    QCOMPARE(moved->uidValidity, target->uidValidity.value_or(0));
    QCOMPARE(moved->from, (Uids{2, 3, 5}));
    QCOMPARE(moved->to, (Uids{3, 4, 5}));
    QVERIFY(session->poll()->expunged);
    QCOMPARE(*session->searchUids(), (Uids{1, 4, 6}));
    ImapPeer peer(servers(), servers().sender());
    QVERIFY(peer.raw(QByteArray::fromStdString(to), "4").contains("Subject: Number 3"));
    // A second time they are not there: nothing happens, and nothing is said.
    const auto again = session->moveMessages(Uids{2, 5, 3}, to);
    WORKS(again);
    QVERIFY(again->from.empty());
}

void ImapExtensionsTest::movesToNowhere()
{
    const std::string from = filled(servers(), 1);
    const auto session = open(servers());
    QVERIFY(session);
    WORKS(session->select(from));
    const std::string nowhere = servers().mailbox("Not there").toStdString();
    std::vector<Result<CopiedUids>> results{session->copyMessages(Uids{1}, nowhere)};
    if (session->capabilities().has("MOVE"))
        results.push_back(session->moveMessages(Uids{1}, nowhere));
    for (const auto& result : results) {
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Rejected);
        QCOMPARE(result.error().code, ErrorCode::NoSuchFolder);
    }
    QVERIFY(session->alive());
    QCOMPARE(*session->searchUids(), Uids{1});
}

void ImapExtensionsTest::copiesAndRemovesOnlyWhatIsNamed()
{
    NEEDS("UIDPLUS");
    const std::string from = filled(servers(), 5);
    const std::string to = filled(servers(), 0);
    const auto session = open(servers());
    QVERIFY(session);
    WORKS(session->select(from));
    const auto copied = session->copyMessages(Uids{1, 2}, to);
    WORKS(copied);
    QCOMPARE(copied->from, (Uids{1, 2}));
    QCOMPARE(copied->to, (Uids{1, 2}));
    WORKS(session->storeFlags(Uids{1, 2, 4}, Flag::Deleted, 0));
    QCOMPARE(*session->searchDeleted(), (Uids{1, 2, 4}));
    WORKS(session->expungeUids(Uids{1, 2, 3}));
    QCOMPARE(*session->searchUids(), (Uids{3, 4, 5}));
    QCOMPARE(*session->searchDeleted(), Uids{4});
}

void ImapExtensionsTest::makesRenamesSubscribesDeletes()
{
    const auto session = open(servers());
    QVERIFY(session);
    // Others than Dovecot take fewer characters, and not all say why they refuse.
    const bool takesAll = m_server == u"rich"_s;
    const std::string name =
        servers()
            .mailbox(takesAll ? "Entw&APw-rfe \"x\" \\ &- 100%*" : "Entw&APw-rfe")
            .toStdString();
    const std::string path =
        servers().folder(takesAll ? u"Entwürfe \"x\" \\ & 100%*"_s : u"Entwürfe"_s).toStdString();
    const std::string projects = servers().mailbox("Projects").toStdString();
    WORKS(session->createMailbox(projects));
    const auto twice = session->createMailbox(projects);
    QVERIFY(!twice);
    QCOMPARE(twice.error().kind, ErrorKind::Rejected);
    QVERIFY(!takesAll || twice.error().code == ErrorCode::AlreadyExists);
    WORKS(session->renameMailbox(projects, name));
    WORKS(session->subscribeMailbox(name, true));
    auto list = session->listMailboxes();
    WORKS(list);
    const ListedMailbox* made = named(*list, name);
    QVERIFY(made);
    QCOMPARE(made->subscribed, std::optional(true));
    QCOMPARE(made->path, path);
    QCOMPARE(made->messages.has_value(), session->capabilities().has("LIST-STATUS"));
    QVERIFY(!takesAll || made->highestModSeq);
    QVERIFY(!named(*list, projects));
    QCOMPARE(named(*list, servers().mailbox("Sent").toStdString())->role, FolderRole::Sent);
    WORKS(session->subscribeMailbox(name, false));
    list = session->listMailboxes();
    WORKS(list);
    QCOMPARE(named(*list, name)->subscribed, std::optional(false));
    WORKS(session->deleteMailbox(name));
    const auto gone = session->deleteMailbox(name);
    QVERIFY(!gone);
    QCOMPARE(gone.error().kind, ErrorKind::Rejected);
    QVERIFY(!takesAll || gone.error().code == ErrorCode::NoSuchFolder);
}

void ImapExtensionsTest::tellsNamespaces()
{
    const auto session = open(servers());
    QVERIFY(session);
    const auto spaces = session->namespaces();
    WORKS(spaces);
    QCOMPARE(spaces->personal.size(), std::size_t{1});
    QCOMPARE(spaces->personal[0].prefix, servers().mailbox("").toStdString());
    QVERIFY(spaces->personal[0].delimiter == '/' || spaces->personal[0].delimiter == '.');
    QVERIFY(m_server != u"rich"_s || spaces->others.empty());
}

void ImapExtensionsTest::hearsOfOtherMailboxes()
{
    NEEDS("NOTIFY");
    const std::string here = filled(servers(), 1);
    const std::string there = filled(servers(), 2);
    const auto session = open(servers());
    QVERIFY(session);
    WORKS(session->select(here));
    WORKS(session->notifyPersonal());
    auto change = session->poll();
    WORKS(change);
    const ListedMailbox* known = named(change->statuses, there);
    QVERIFY(known);
    QCOMPARE(known->messages.value_or(0), 2u);
    QCOMPARE(known->uidNext.value_or(0), 3u);

    ImapPeer peer(servers(), servers().sender());
    peer.append(QByteArray::fromStdString(there),
                message(servers().reader(), servers().sender().address, freshId(), "There"));
    do {
        change = session->idle(patience, {});
        WORKS(change);
        QVERIFY2(!change->empty(), "no word of a message elsewhere");
        known = named(change->statuses, there);
    } while (!known);
    QCOMPARE(known->messages.value_or(0), 3u);
    QCOMPARE(known->uidNext.value_or(0), 4u);

    peer.command("CREATE Fresh");
    do {
        change = session->idle(patience, {});
        WORKS(change);
        QVERIFY2(!change->empty(), "no word of a new mailbox");
    } while (!change->mailboxesChanged);

    peer.append(QByteArray::fromStdString(here),
                message(servers().reader(), servers().sender().address, freshId(), "Here"));
    do {
        change = session->idle(patience, {});
        WORKS(change);
        QVERIFY2(!change->empty(), "no word of a message here");
    } while (!change->exists);
    QCOMPARE(*change->exists, 2u);
}

void ImapExtensionsTest::speaksCompressed()
{
    NEEDS("COMPRESS=DEFLATE");
    const std::string box = filled(servers(), 40);
    const auto fetch = [&](bool compressed, bool tls) -> std::uint64_t {
        const auto session = open(servers(), tls);
        if (!session || !session->capabilities().has("COMPRESS=DEFLATE") ||
            (compressed && !session->startCompression()) || !session->select(box))
            return 0;
        const Traffic before = session->traffic();
        std::size_t count = 0;
        const std::vector<UidRange> ranges{{21, 40}, {1, 20}};
        const auto done = session->fetchEnvelopes(
            ranges, [&](const UidRange&, const Envelope&) { ++count; },
            [](const UidRange&) { return true; });
        const auto waited = session->idle(std::chrono::seconds(0), {});
        const auto last = session->poll();
        return done && count == 40 && waited && last ? session->traffic().in - before.in : 0;
    };
    const std::uint64_t plain = fetch(false, false);
    for (const bool tls : {false, true}) {
        const std::uint64_t small = fetch(true, tls);
        qInfo("%llu bytes plain, %llu compressed", static_cast<unsigned long long>(plain),
              static_cast<unsigned long long>(small));
        QVERIFY(plain > 0 && small > 0);
        QVERIFY(small * 4 < plain);
    }
}

void ImapExtensionsTest::fetchesPartsAndPreviews()
{
    const std::string box = filled(servers(), 2);
    const auto session = open(servers());
    QVERIFY(session);
    WORKS(session->select(box));
    const auto section = [&](std::uint32_t uid, const SectionRequest& request) {
        std::optional<std::string> found;
        const auto done = session->fetchSections(
            Uids{uid}, request, [&](std::uint32_t, std::string text) { found = std::move(text); });
        return done ? found : std::optional<std::string>("refused");
    };
    QVERIFY(section(2, {"1", 0, 0}).value_or("").starts_with("Words of message 2."));
    QCOMPARE(section(2, {"1", 6, 10}).value_or(""), std::string("of message"));
    QVERIFY(section(1, {"HEADER", 0, 0}).value_or("").find("Subject: Number 1") !=
            std::string::npos);
    QVERIFY(!section(77, {"1", 0, 0}));
    QCOMPARE(section(2, {"7.7", 0, 0}).value_or(""), std::string());
    QVERIFY(session->alive());
    if (!offers("PREVIEW") && !offers("PREVIEW=FUZZY"))
        return;
    std::map<std::uint32_t, std::string> previews;
    WORKS(session->fetchPreviews(Uids{1, 2}, [&](std::uint32_t uid, std::string preview) {
        previews[uid] = std::move(preview);
    }));
    // Cyrus has previews only of what an indexer of its own has been over.
    QCOMPARE(previews.empty(), m_server == u"cyrus"_s);
    for (const auto& [uid, preview] : previews)
        QCOMPARE(preview, "Words of message " + std::to_string(uid) + ".");
}

void ImapExtensionsTest::managesWithoutExtensions()
{
    MailServers poor;
    const QString problem = poor.start({u"--no-postfix"_s, u"--poor"_s});
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    const std::string from = filled(poor, 3);
    const std::string to = filled(poor, 0);
    const auto session = open(poor);
    QVERIFY(session && !session->qresync());
    WORKS(session->startCompression());
    QCOMPARE(session->notifyPersonal().error().code, ErrorCode::Unsupported);
    const KnownState known{1, 1, 3};
    const auto selected = session->select(from, false, &known);
    WORKS(selected);
    QVERIFY(!selected->resynced);
    QCOMPARE(session->moveMessages(Uids{1}, to).error().code, ErrorCode::Unsupported);
    QCOMPARE(session->expungeUids(Uids{1}).error().code, ErrorCode::Unsupported);
    QCOMPARE(session->fetchPreviews(Uids{1}, [](std::uint32_t, std::string) {}).error().code,
             ErrorCode::Unsupported);
    WORKS(session->copyMessages(Uids{1}, to));
    WORKS(session->subscribeMailbox(to, true));
    const auto list = session->listMailboxes();
    WORKS(list);
    QCOMPARE(named(*list, to)->subscribed, std::optional(true));
    QCOMPARE(named(*list, from)->subscribed, std::optional(false));
    WORKS(session->namespaces());
    QVERIFY(session->poll()->statuses.empty());
}

QTEST_GUILESS_MAIN(ImapExtensionsTest)
#include "ImapExtensionsTest.moc"
