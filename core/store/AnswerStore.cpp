// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/AnswerStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

namespace avocet {

namespace {

constexpr std::size_t longestUid = 1'000;
constexpr std::size_t longestNoticeKey = 1'000;

} // namespace

Status AnswerStore::set(const InvitationAnswer& answer)
{
    if (answer.uid.empty() || answer.uid.size() > longestUid || answer.answer.size() > 20)
        return fail(ErrorKind::Rejected, "no answer to an invitation", ErrorCode::InvalidInput);
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(),
                 "INSERT OR REPLACE INTO invitation_answer(uid, occurrence, sequence, answer) "
                 "VALUES(?1, ?2, ?3, ?4)",
                 answer.uid, answer.occurrence, answer.sequence, answer.answer);
        return {};
    });
}

Result<std::optional<InvitationAnswer>> AnswerStore::find(std::string_view uid,
                                                          std::int64_t occurrence)
{
    const std::string key(uid);
    return guarded(m_db, [&]() -> Result<std::optional<InvitationAnswer>> {
        SQLite::Statement row(m_db.raw(), "SELECT sequence, answer FROM invitation_answer "
                                          "WHERE uid = ?1 AND occurrence = ?2");
        sql::bindAll(row, key, occurrence); // without copying it
        if (!row.executeStep())
            return std::nullopt;
        return InvitationAnswer{key, occurrence, row.getColumn(0).getInt(),
                                row.getColumn(1).getString()};
    });
}

Status AnswerStore::set(const NoticeAnswer& answer)
{
    if (answer.kind.empty() || answer.key.empty() || answer.kind.size() > 20 ||
        answer.answer.size() > 20)
        return fail(ErrorKind::Rejected, "no answer to a notice", ErrorCode::InvalidInput);
    const std::string key = answer.key.substr(0, longestNoticeKey);
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(),
                 "INSERT OR REPLACE INTO notice_answer(kind, key, answer, answered) "
                 "VALUES(?1, ?2, ?3, ?4)",
                 answer.kind, key, answer.answer, answer.answered);
        return {};
    });
}

Result<std::optional<NoticeAnswer>> AnswerStore::findNotice(std::string_view kind,
                                                            std::string_view key)
{
    const std::string ofKind(kind);
    const std::string ofKey(key.substr(0, longestNoticeKey));
    return guarded(m_db, [&]() -> Result<std::optional<NoticeAnswer>> {
        SQLite::Statement row(m_db.raw(), "SELECT answer, answered FROM notice_answer "
                                          "WHERE kind = ?1 AND key = ?2");
        sql::bindAll(row, ofKind, ofKey); // without copying them
        if (!row.executeStep())
            return std::nullopt;
        return NoticeAnswer{ofKind, ofKey, row.getColumn(0).getString(),
                            row.getColumn(1).getInt64()};
    });
}

} // namespace avocet
