// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/TemplateStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace avocet {

namespace {

constexpr std::size_t longestTemplateName = 240; // bytes
constexpr std::size_t longestTemplateSubject = 2000;
constexpr std::size_t longestTemplateText = 512 << 10;
constexpr std::size_t longestTemplateHtml = 8 << 20; // with its pictures
constexpr std::int64_t mostTemplates = 500;

bool isOneLine(const std::string& text)
{
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

Status checkTemplate(const Template& one)
{
    if (one.name.empty() || one.name.front() == ' ' || one.name.back() == ' ' ||
        one.name.size() > longestTemplateName || !isOneLine(one.name))
        return fail(ErrorKind::Rejected, "no name for a template", ErrorCode::InvalidInput);
    if (!isOneLine(one.subject))
        return fail(ErrorKind::Rejected, "a subject has a line break", ErrorCode::InvalidInput);
    if (one.subject.size() > longestTemplateSubject || one.text.size() > longestTemplateText ||
        one.html.size() > longestTemplateHtml)
        return fail(ErrorKind::Rejected, "the template is too long", ErrorCode::TooLarge);
    return {};
}

std::int64_t number(SQLite::Statement& row)
{
    return row.executeStep() ? row.getColumn(0).getInt64() : 0;
}

} // namespace

Result<TemplateId> TemplateStore::save(const Template& one)
{
    if (const Status valid = checkTemplate(one); !valid)
        return tl::unexpected(valid.error());
    return inTransaction(m_db, [&]() -> Result<TemplateId> {
        SQLite::Statement same(m_db.raw(),
                               "SELECT id FROM template WHERE name = ?1 COLLATE NOCASE");
        sql::bindAll(same, one.name);
        if (const TemplateId other{number(same)}; other && other != one.id)
            return fail(ErrorKind::Rejected, "another template has this name",
                        ErrorCode::AlreadyExists);
        if (one.id) {
            const int changed =
                sql::run(m_db.raw(),
                         "UPDATE template SET name = ?2, subject = ?3, body = ?4, html = ?5 "
                         "WHERE id = ?1",
                         one.id, one.name, one.subject, one.text, one.html);
            if (changed == 0)
                return fail(ErrorKind::Rejected, "no such template", ErrorCode::NotFound);
            return one.id;
        }
        SQLite::Statement count(m_db.raw(), "SELECT count(*) FROM template");
        if (number(count) >= mostTemplates)
            return fail(ErrorKind::Rejected, "too many templates", ErrorCode::TooLarge);
        sql::run(m_db.raw(),
                 "INSERT INTO template(name, subject, body, html) VALUES(?1, ?2, ?3, ?4)", one.name,
                 one.subject, one.text, one.html);
        return TemplateId{m_db.raw().getLastInsertRowid()};
    });
}

Status TemplateStore::remove(TemplateId id)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), "DELETE FROM template WHERE id = ?1", id);
        return {};
    });
}

Result<std::vector<Template>> TemplateStore::all()
{
    return guarded(m_db, [&]() -> Result<std::vector<Template>> {
        std::vector<Template> all;
        SQLite::Statement row(m_db.raw(), "SELECT id, name, subject, body, html FROM template "
                                          "ORDER BY name COLLATE NOCASE, id");
        while (row.executeStep())
            all.push_back({TemplateId{row.getColumn(0).getInt64()}, row.getColumn(1).getString(),
                           row.getColumn(2).getString(), row.getColumn(3).getString(),
                           row.getColumn(4).getString()});
        return all;
    });
}

} // namespace avocet
