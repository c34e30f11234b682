// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/Stores.h"

#include "core/store/Generation.h"

namespace avocet {

std::filesystem::path userDatabase(const std::filesystem::path& profile)
{
    return profile / "user.db";
}

std::filesystem::path mailDatabase(const std::filesystem::path& profile)
{
    return profile / "mail.db";
}

std::filesystem::path bodiesDatabase(const std::filesystem::path& profile)
{
    return profile / "bodies.db";
}

Result<std::unique_ptr<Stores>> Stores::open(const std::filesystem::path& profile, Access access)
{
    auto user = Database::open(userDatabase(profile), Schema::User, access);
    if (!user)
        return tl::unexpected(user.error());
    auto mail = Database::open(mailDatabase(profile), Schema::Mail, access);
    if (!mail)
        return tl::unexpected(mail.error());
    auto bodies = Database::open(bodiesDatabase(profile), Schema::Bodies, access);
    if (!bodies)
        return tl::unexpected(bodies.error());
    if (access == Access::ReadWrite)
        if (auto matched = matchGenerations(**user, **mail, **bodies); !matched)
            return tl::unexpected(matched.error());
    return std::unique_ptr<Stores>(
        new Stores{std::move(*user), std::move(*mail), std::move(*bodies)});
}

Status pruneBodies(Stores& stores)
{
    constexpr int page = 1000;
    MessageId after;
    for (;;) {
        const auto ids = stores.bodies.ids(after, page);
        if (!ids)
            return tl::unexpected(ids.error());
        if (ids->empty())
            return {};
        after = ids->back();
        for (const MessageId message : *ids) {
            const auto placements = stores.messages.placements(message);
            if (!placements)
                return tl::unexpected(placements.error());
            if (!placements->empty())
                continue;
            if (auto removed = stores.bodies.remove(message); !removed)
                return removed;
        }
    }
}

} // namespace avocet
