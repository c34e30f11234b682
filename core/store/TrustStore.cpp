// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/TrustStore.h"

#include "core/store/AddressCodec.h"
#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <algorithm>

namespace avocet {

namespace {

constexpr std::size_t longestPattern = 320; // RFC 5321 4.5.3.1

bool isPattern(std::string_view pattern)
{
    const std::size_t at = pattern.rfind('@');
    return at != std::string_view::npos && at + 1 < pattern.size() &&
           pattern.size() <= longestPattern &&
           std::none_of(pattern.begin(), pattern.end(),
                        [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

} // namespace

Status TrustStore::set(std::string_view pattern, bool trusted)
{
    if (!isPattern(pattern))
        return fail(ErrorKind::Rejected, "neither an address nor @ and a domain",
                    ErrorCode::InvalidInput);
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(),
                 trusted ? "INSERT OR IGNORE INTO trusted_sender(pattern) VALUES(?1)"
                         : "DELETE FROM trusted_sender WHERE pattern = ?1",
                 lowered(pattern));
        return {};
    });
}

Result<bool> TrustStore::isTrusted(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    if (at == std::string_view::npos)
        return false;
    return guarded(m_db, [&]() -> Result<bool> {
        const std::string whole = lowered(address), domain = lowered(address.substr(at));
        SQLite::Statement row(m_db.raw(), "SELECT 1 FROM trusted_sender WHERE pattern IN (?1, ?2)");
        sql::bindAll(row, whole, domain);
        return row.executeStep();
    });
}

Result<std::vector<std::string>> TrustStore::all()
{
    return guarded(m_db, [&]() -> Result<std::vector<std::string>> {
        std::vector<std::string> patterns;
        SQLite::Statement row(m_db.raw(), "SELECT pattern FROM trusted_sender ORDER BY pattern");
        while (row.executeStep())
            patterns.push_back(row.getColumn(0).getString());
        return patterns;
    });
}

} // namespace avocet
