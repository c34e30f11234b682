// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/DraftStore.h"

#include "core/store/AddressCodec.h"
#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

namespace avocet {

namespace {

constexpr const char* draftColumns =
    "SELECT id, identity, to_addresses, cc_addresses, bcc_addresses, subject, body, in_reply_to, "
    "reference_ids, original, forwards, changed, html, from_address, "
    "send_at, report_delivery, read_receipt FROM draft ";

Draft draftFrom(SQLite::Statement& row)
{
    const auto text = [&](int column) { return row.getColumn(column).getString(); };
    Draft draft;
    draft.id.value = row.getColumn(0).getInt64();
    draft.identity.value = row.getColumn(1).getInt64();
    draft.to = decodeAddresses(text(2));
    draft.cc = decodeAddresses(text(3));
    draft.bcc = decodeAddresses(text(4));
    draft.subject = text(5);
    draft.text = text(6);
    draft.inReplyTo = text(7);
    draft.references = sql::split(text(8), '\n');
    draft.original.value = row.getColumn(9).getInt64();
    draft.forwards = row.getColumn(10).getInt() != 0;
    draft.changed = row.getColumn(11).getInt64();
    draft.html = row.getColumn(12).getString();
    draft.from = text(13);
    draft.sendAt = row.getColumn(14).getInt64();
    draft.reportDelivery = row.getColumn(15).getInt() != 0;
    draft.readReceipt = row.getColumn(16).getInt() != 0;
    return draft;
}

constexpr const char* copyColumns = R"sql(
    SELECT account, mailbox, uid_validity, uid, message_id, refused, draft,
           revision <> (SELECT revision FROM draft WHERE draft.id = draft_copy.draft)
    FROM draft_copy )sql";

DraftCopy copyFrom(SQLite::Statement& row)
{
    DraftCopy copy;
    copy.account.value = row.getColumn(0).getInt64();
    copy.mailbox = row.getColumn(1).getString();
    copy.uidValidity = row.getColumn(2).getUInt();
    copy.uid = row.getColumn(3).getInt64();
    copy.messageIdHeader = row.getColumn(4).getString();
    copy.refused = row.getColumn(5).getInt() != 0;
    return copy;
}

std::vector<DraftAttachment> attachmentsOf(SQLite::Database& database, DraftId id, bool withData)
{
    SQLite::Statement row(database,
                          withData ? "SELECT name, type, data, content_id FROM draft_attachment "
                                     "WHERE draft = ?1 ORDER BY position"
                                   : "SELECT name, type, x'', content_id FROM draft_attachment "
                                     "WHERE draft = ?1 ORDER BY position");
    sql::bindAll(row, id);
    std::vector<DraftAttachment> attachments;
    while (row.executeStep())
        attachments.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(),
                               row.getColumn(2).getString(), row.getColumn(3).getString()});
    return attachments;
}

tl::unexpected<Error> notFound()
{
    return fail(ErrorKind::Rejected, "no such draft", ErrorCode::NotFound);
}

/// The composer saves every few seconds: megabytes that did not change are not written again.
bool sameAttachments(SQLite::Database& database, DraftId id,
                     const std::vector<DraftAttachment>& attachments)
{
    SQLite::Statement row(database, "SELECT name, type, data, content_id FROM draft_attachment "
                                    "WHERE draft = ?1 ORDER BY position");
    sql::bindAll(row, id);
    std::size_t position = 0;
    while (row.executeStep()) {
        if (position == attachments.size())
            return false;
        const DraftAttachment& attachment = attachments[position++];
        const SQLite::Column data = row.getColumn(2);
        const std::string_view bytes(static_cast<const char*>(data.getBlob()),
                                     static_cast<std::size_t>(data.getBytes()));
        if (row.getColumn(0).getString() != attachment.name ||
            row.getColumn(1).getString() != attachment.type || bytes != attachment.data ||
            row.getColumn(3).getString() != attachment.contentId)
            return false;
    }
    return position == attachments.size();
}

void saveAttachments(SQLite::Database& database, DraftId id,
                     const std::vector<DraftAttachment>& attachments)
{
    if (sameAttachments(database, id, attachments))
        return;
    sql::run(database, "DELETE FROM draft_attachment WHERE draft = ?1", id);
    int position = 0;
    for (const DraftAttachment& attachment : attachments)
        sql::run(database, R"sql(
            INSERT INTO draft_attachment(draft, position, name, type, data, content_id)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6))sql",
                 id, position++, attachment.name, attachment.type, sql::Blob{attachment.data},
                 attachment.contentId);
}

} // namespace

Result<DraftId> DraftStore::save(const Draft& draft)
{
    return inTransaction(m_db, [&]() -> Result<DraftId> {
        const std::string to = encodeAddresses(draft.to);
        const std::string cc = encodeAddresses(draft.cc);
        const std::string bcc = encodeAddresses(draft.bcc);
        const std::string references = sql::joined(draft.references, '\n');
        const int changed = sql::run(
            m_db.raw(),
            draft.id ? R"sql(
                UPDATE draft SET identity = ?2, to_addresses = ?3, cc_addresses = ?4,
                    bcc_addresses = ?5, subject = ?6, body = ?7, in_reply_to = ?8,
                    reference_ids = ?9, original = ?10, forwards = ?11, changed = ?12, html = ?13,
                    from_address = ?14, send_at = ?15, report_delivery = ?16, read_receipt = ?17,
                    revision = revision + 1
                WHERE id = ?1)sql"
                     : R"sql(
                INSERT INTO draft(id, identity, to_addresses, cc_addresses, bcc_addresses, subject,
                                  body, in_reply_to, reference_ids, original, forwards, changed, html,
                                  from_address, send_at, report_delivery, read_receipt)
                VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
                   ?16, ?17))sql",
            sql::NullIfNone{draft.id}, sql::NullIfNone{draft.identity}, to, cc, bcc, draft.subject,
            draft.text, draft.inReplyTo, references, draft.original, draft.forwards, draft.changed,
            draft.html, draft.from, draft.sendAt, draft.reportDelivery, draft.readReceipt);
        if (changed == 0)
            return notFound();
        const DraftId id = draft.id ? draft.id : DraftId{m_db.raw().getLastInsertRowid()};
        saveAttachments(m_db.raw(), id, draft.attachments);
        return id;
    });
}

Result<std::vector<Draft>> DraftStore::all()
{
    return guarded(m_db, [&]() -> Result<std::vector<Draft>> {
        SQLite::Statement statement(m_db.raw(),
                                    std::string(draftColumns) +
                                        "WHERE outbox = 0 ORDER BY changed DESC, id DESC");
        std::vector<Draft> drafts;
        while (statement.executeStep()) {
            drafts.push_back(draftFrom(statement));
            drafts.back().attachments = attachmentsOf(m_db.raw(), drafts.back().id, false);
        }
        return drafts;
    });
}

Result<Draft> DraftStore::find(DraftId id)
{
    return guarded(m_db, [&]() -> Result<Draft> {
        SQLite::Statement statement(m_db.raw(), std::string(draftColumns) + "WHERE id = ?1");
        sql::bindAll(statement, id);
        if (!statement.executeStep())
            return notFound();
        Draft draft = draftFrom(statement);
        draft.attachments = attachmentsOf(m_db.raw(), id, true);
        return draft;
    });
}

Result<bool> DraftStore::exists(DraftId id)
{
    return guarded(m_db, [&]() -> Result<bool> {
        SQLite::Statement row(m_db.raw(), "SELECT 1 FROM draft WHERE id = ?1");
        sql::bindAll(row, id);
        return row.executeStep();
    });
}

Status DraftStore::remove(DraftId id)
{
    return guarded(m_db, [&]() -> Status {
        if (sql::run(m_db.raw(), "DELETE FROM draft WHERE id = ?1", id) == 0)
            return notFound();
        return {};
    });
}

Status DraftStore::setOutbox(DraftId id, OutboxId item)
{
    return guarded(m_db, [&]() -> Status {
        if (sql::run(m_db.raw(), "UPDATE draft SET outbox = ?2 WHERE id = ?1", id, item) == 0)
            return notFound();
        return {};
    });
}

Result<bool> DraftStore::waits(DraftId id)
{
    return guarded(m_db, [&]() -> Result<bool> {
        SQLite::Statement row(m_db.raw(), "SELECT outbox <> 0 FROM draft WHERE id = ?1");
        sql::bindAll(row, id);
        return row.executeStep() && row.getColumn(0).getInt() != 0;
    });
}

Result<std::optional<DraftId>> DraftStore::inOutbox(OutboxId item)
{
    return guarded(m_db, [&]() -> Result<std::optional<DraftId>> {
        SQLite::Statement row(m_db.raw(),
                              "SELECT id FROM draft WHERE outbox != 0 AND outbox = ?1 LIMIT 1");
        sql::bindAll(row, item);
        if (!row.executeStep())
            return std::optional<DraftId>{};
        return std::optional(DraftId{row.getColumn(0).getInt64()});
    });
}

Result<std::optional<DraftCopy>> DraftStore::copyOf(DraftId id)
{
    return guarded(m_db, [&]() -> Result<std::optional<DraftCopy>> {
        SQLite::Statement row(m_db.raw(), std::string(copyColumns) + "WHERE draft = ?1");
        sql::bindAll(row, id);
        if (!row.executeStep())
            return std::optional<DraftCopy>{};
        return std::optional(copyFrom(row));
    });
}

Status DraftStore::setCopy(DraftId id, const DraftCopy& copy)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), R"sql(
            INSERT OR REPLACE INTO draft_copy(draft, account, mailbox, uid_validity, uid,
                                              message_id, refused, revision)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT revision FROM draft WHERE id = ?1)))sql",
                 id, copy.account, copy.mailbox, copy.uidValidity, copy.uid, copy.messageIdHeader,
                 copy.refused);
        return {};
    });
}

Status DraftStore::forgetCopy(DraftId id)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), "DELETE FROM draft_copy WHERE draft = ?1", id);
        return {};
    });
}

Status DraftStore::moveCopy(DraftId id, std::uint32_t uidValidity, PlacementKey uid)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), "UPDATE draft_copy SET uid_validity = ?2, uid = ?3 WHERE draft = ?1",
                 id, uidValidity, uid);
        return {};
    });
}

Result<std::vector<FiledDraft>> DraftStore::filed(AccountId account)
{
    return guarded(m_db, [&]() -> Result<std::vector<FiledDraft>> {
        SQLite::Statement row(m_db.raw(), std::string(copyColumns) + "WHERE account = ?1");
        sql::bindAll(row, account);
        std::vector<FiledDraft> drafts;
        while (row.executeStep())
            drafts.push_back({DraftId{row.getColumn(6).getInt64()}, copyFrom(row),
                              row.getColumn(7).getInt() != 0});
        return drafts;
    });
}

Result<std::vector<DraftId>> DraftStore::unfiled()
{
    return guarded(m_db, [&]() -> Result<std::vector<DraftId>> {
        SQLite::Statement row(m_db.raw(), R"sql(
            SELECT id FROM draft LEFT JOIN draft_copy ON draft_copy.draft = draft.id
            WHERE identity IS NOT NULL AND outbox = 0 AND coalesce(refused, 0) = 0
              AND draft_copy.revision IS NOT draft.revision)sql");
        std::vector<DraftId> drafts;
        while (row.executeStep())
            drafts.push_back(DraftId{row.getColumn(0).getInt64()});
        return drafts;
    });
}

Status DraftStore::copyRefused(const Operation& append)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), R"sql(
            UPDATE draft_copy SET mailbox = ?3, uid_validity = ?4, uid = ?5, message_id = ?6,
                                  refused = 1, revision = -1
            WHERE account = ?1 AND uid = ?2)sql",
                 append.account, pendingKey(append.id), append.mailbox, append.uidValidity,
                 append.uid, append.replaces);
        return {};
    });
}

} // namespace avocet
