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

/// In this order a crash in between leads to a repeat.
Result<bool> removeLeftBodies(Stores& stores, int limit)
{
    const auto left = stores.messages.bodiesLeft(limit);
    if (!left || left->empty())
        return left ? Result<bool>(false) : tl::unexpected(left.error());
    if (auto removed = stores.bodies.remove(*left); !removed)
        return tl::unexpected(removed.error());
    if (auto noted = stores.messages.bodiesGone(*left); !noted)
        return tl::unexpected(noted.error());
    return true;
}

} // namespace avocet
