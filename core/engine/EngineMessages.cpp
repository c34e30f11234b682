// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that sync, read and fetch messages. Those that change them: EngineChanges.cpp.
#include "core/engine/EngineCore.h"
#include "core/engine/Gathering.h"

#include <QDateTime>
#include <QJsonArray>
#include <QTimeZone>

namespace avocet {

namespace {

QString rfc3339(std::int64_t seconds)
{
    return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).toString(Qt::ISODate);
}

QJsonArray flagNames(Flags flags)
{
    constexpr std::pair<Flag, const char*> names[] = {
        {Flag::Seen, "seen"},       {Flag::Answered, "answered"}, {Flag::Flagged, "flagged"},
        {Flag::Deleted, "deleted"}, {Flag::DraftFlag, "draft"},   {Flag::Forwarded, "forwarded"},
        {Flag::Junk, "junk"},       {Flag::MdnSent, "mdnSent"}};
    QJsonArray array;
    for (const auto& [flag, name] : names)
        if (flags & flag)
            array.append(QLatin1String(name));
    return array;
}

QJsonArray addressArray(const std::vector<Address>& addresses)
{
    QJsonArray array;
    for (const Address& address : addresses)
        array.append(
            QJsonObject{{QStringLiteral("name"), QString::fromStdString(address.name)},
                        {QStringLiteral("address"), QString::fromStdString(address.address)}});
    return array;
}

const char* roleName(FolderRole role)
{
    switch (role) {
    case FolderRole::None:
        return "";
    case FolderRole::Inbox:
        return "inbox";
    case FolderRole::Drafts:
        return "drafts";
    case FolderRole::Sent:
        return "sent";
    case FolderRole::Archive:
        return "archive";
    case FolderRole::Junk:
        return "junk";
    case FolderRole::Trash:
        return "trash";
    case FolderRole::All:
        return "all";
    case FolderRole::Flagged:
        return "flagged";
    }
    return "";
}

QJsonObject summaryLine(const MessageSummary& row, const Folder& folder)
{
    return {{QStringLiteral("id"), static_cast<qint64>(row.id.value)},
            {QStringLiteral("folder"), QString::fromStdString(folder.path)},
            {QStringLiteral("uid"), static_cast<qint64>(row.uid)},
            {QStringLiteral("date"), rfc3339(row.date)},
            {QStringLiteral("from"), addressArray(row.from)},
            {QStringLiteral("subject"), QString::fromStdString(row.subject)},
            {QStringLiteral("flags"), flagNames(row.flags)},
            {QStringLiteral("size"), static_cast<qint64>(row.size)},
            {QStringLiteral("threadId"), static_cast<qint64>(row.thread.value)}};
}

} // namespace

void EngineCore::run(RequestId request, const command::Sync& command)
{
    std::vector<AccountId> accounts;
    for (const auto& [id, member] : m_members)
        if (!command.account || command.account == id)
            accounts.push_back(id);
    if (accounts.empty()) {
        finish(request, command.account
                            ? fail(ErrorKind::Rejected,
                                   "no account " + std::to_string(command.account.value),
                                   ErrorCode::NotFound)
                            : fail(ErrorKind::Rejected, "no account yet", ErrorCode::InvalidInput));
        return;
    }
    auto gathering = std::make_shared<Gathering>();
    gathering->open = static_cast<int>(accounts.size());
    const auto refused = std::make_shared<std::optional<Error>>();
    // What was fetched is found, too, when the command ends.
    gathering->done = [this, request, refused](const Status& status) {
        m_maintenance->whenIndexed([this, request, refused, status] {
            if (!status || !*refused)
                finish(request, status);
            else
                finish(request, QJsonObject{{QStringLiteral("refused"), toJson(**refused)}});
        });
    };
    for (const AccountId account : accounts)
        syncMember(
            request, account, command, [refused](const Error& error) { *refused = error; },
            [gathering](const Status& status) { gathering->add(status); });
}

void EngineCore::syncMember(RequestId request, AccountId account, const command::Sync& command,
                            std::function<void(const Error&)> refused,
                            std::function<void(Status)> done)
{
    Member& member = m_members.at(account);
    const auto line = [this, request](const FolderReport& folder) {
        if (folder.bodies > 0) {
            report(request, {{QStringLiteral("account"), static_cast<qint64>(folder.account.value)},
                             {QStringLiteral("folder"), QString::fromStdString(folder.folder)},
                             {QStringLiteral("bodies"), static_cast<qint64>(folder.bodies)},
                             {QStringLiteral("ms"), static_cast<qint64>(folder.ms)}});
            return;
        }
        report(request, {{QStringLiteral("account"), static_cast<qint64>(folder.account.value)},
                         {QStringLiteral("folder"), QString::fromStdString(folder.folder)},
                         {QStringLiteral("new"), static_cast<qint64>(folder.added)},
                         {QStringLiteral("changed"), static_cast<qint64>(folder.changed)},
                         {QStringLiteral("removed"), static_cast<qint64>(folder.removed)},
                         {QStringLiteral("ms"), static_cast<qint64>(folder.ms)},
                         {QStringLiteral("bytesIn"), static_cast<qint64>(folder.bytesIn)}});
    };
    // Waiting mail goes first: the copy in Sent is then part of this very sync.
    member.sender->flush([this, account, command, line, refused, done](const Status& flushed) {
        const auto found = m_members.find(account);
        if (found == m_members.end()) {
            done({});
            return;
        }
        found->second.engine->sync(
            command.folder, command.headersOnly, line, refused,
            [flushed, done](const Status& synced) { done(synced ? flushed : synced); });
    });
}

void EngineCore::run(RequestId request, const command::SyncFolderNow& command)
{
    const auto folder = m_stores->folders.find(command.folder);
    const auto found = folder ? member(folder->account) : tl::unexpected(folder.error());
    if (!found)
        finish(request, tl::unexpected(found.error()));
    else
        (*found)->engine->syncFolderNow(
            command.folder, [this, request](const Status& status) { finish(request, status); });
}

void EngineCore::run(RequestId request, const command::ListFolders&)
{
    const auto folders = m_stores->folders.all();
    if (!folders) {
        finish(request, tl::unexpected(folders.error()));
        return;
    }
    for (const Folder& folder : *folders)
        report(request, {{QStringLiteral("id"), static_cast<qint64>(folder.id.value)},
                         {QStringLiteral("account"), static_cast<qint64>(folder.account.value)},
                         {QStringLiteral("path"), QString::fromStdString(folder.path)},
                         {QStringLiteral("role"), QLatin1String(roleName(folder.role))},
                         {QStringLiteral("total"), static_cast<qint64>(folder.total)},
                         {QStringLiteral("unread"), static_cast<qint64>(folder.unread)}});
    finish(request, QJsonObject());
}

void EngineCore::run(RequestId request, const command::ListMessages& command)
{
    constexpr std::size_t page = 500;
    const auto folders = m_stores->folders.all();
    if (!folders) {
        finish(request, tl::unexpected(folders.error()));
        return;
    }
    bool found = false;
    for (const Folder& folder : *folders) {
        if (folder.path != command.folder || (command.account && folder.account != command.account))
            continue;
        found = true;
        const auto ids = m_stores->messages.list(folder.id, {}, command.limit);
        if (!ids) {
            finish(request, tl::unexpected(ids.error()));
            return;
        }
        for (std::size_t at = 0; at < ids->size(); at += page) {
            const auto rows = m_stores->messages.rows(
                folder.id, std::span(*ids).subspan(at, std::min(page, ids->size() - at)));
            if (!rows) {
                finish(request, tl::unexpected(rows.error()));
                return;
            }
            for (const MessageSummary& row : *rows)
                report(request, summaryLine(row, folder));
        }
    }
    finish(request, found ? Status()
                          : fail(ErrorKind::Rejected, "no folder " + command.folder,
                                 ErrorCode::NoSuchFolder));
}

void EngineCore::run(RequestId request, const command::Search& command)
{
    SearchQuery query =
        parseSearchQuery(command.query + ' ', QDateTime::currentDateTime().offsetFromUtc());
    query.account = command.account;
    query.limit = command.limit;
    if (!command.folder.empty())
        query.in.push_back(command.folder);
    const auto indexed = m_maintenance->indexAllHeaders();
    const auto found = indexed ? m_stores->search.search(query) : tl::unexpected(indexed.error());
    if (!found) {
        finish(request, tl::unexpected(found.error()));
        return;
    }
    for (const MessageId message : *found) {
        const auto row = m_stores->messages.row(message);
        const auto folder = row ? m_stores->folders.find(row->folder) : tl::unexpected(row.error());
        if (folder)
            report(request, summaryLine(*row, *folder));
    }
    finish(request, QJsonObject());
}

void EngineCore::run(RequestId request, const command::ShowMessage& command)
{
    const auto row = m_stores->messages.row(command.message);
    if (!row) {
        finish(request, tl::unexpected(row.error()));
        return;
    }
    const auto there = m_stores->bodies.has(command.message);
    if (there && *there) {
        replyWithMessage(request, command.message);
        return;
    }
    const auto folder = m_stores->folders.find(row->folder);
    const auto found = folder ? member(folder->account) : tl::unexpected(folder.error());
    if (!found) {
        finish(request, tl::unexpected(found.error()));
        return;
    }
    fetchBody(request, *(*found)->engine, command.message,
              [this, request, id = command.message](const Status& status) {
                  if (status)
                      replyWithMessage(request, id);
                  else
                      finish(request, status);
              });
}

void EngineCore::replyWithMessage(RequestId request, MessageId message)
{
    auto raw = m_stores->bodies.get(message);
    if (!raw)
        finish(request, tl::unexpected(raw.error()));
    else if (!*raw)
        finish(request, fail(ErrorKind::Rejected, "no body of this message", ErrorCode::NotFound));
    else
        finish(request,
               QJsonObject{{QStringLiteral("raw"),
                            QString::fromLatin1(QByteArray::fromStdString(**raw).toBase64())}});
}

void EngineCore::run(RequestId request, const command::FetchBody& command)
{
    const auto there = m_stores->bodies.has(command.message);
    if (there && *there) {
        finish(request, QJsonObject());
        return;
    }
    const auto row = m_stores->messages.row(command.message);
    const auto folder = row ? m_stores->folders.find(row->folder) : tl::unexpected(row.error());
    const auto found = folder ? member(folder->account) : tl::unexpected(folder.error());
    if (!found)
        finish(request, tl::unexpected(found.error()));
    else
        fetchBody(request, *(*found)->engine, command.message,
                  [this, request](const Status& status) { finish(request, status); });
}

/// Ends with the request, if that is cancelled.
void EngineCore::fetchBody(RequestId request, AccountEngine& account, MessageId message,
                           std::function<void(const Status&)> done)
{
    account.fetchBody(message, m_fetches[request].get_token(),
                      [this, request, done = std::move(done)](const Status& status) {
                          m_fetches.erase(request);
                          done(status);
                      });
}

void EngineCore::run(RequestId request, const command::FetchPreviews& command)
{
    const auto folder = m_stores->folders.find(command.folder);
    const auto found = folder ? member(folder->account) : tl::unexpected(folder.error());
    if (!found)
        finish(request, tl::unexpected(found.error()));
    else
        (*found)->engine->fetchPreviews(
            command.folder, command.messages,
            [this, request](const Status& status) { finish(request, status); });
}

} // namespace avocet
