// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/SenderHistory.h"

#include "core/mime/Ascii.h"

#include <algorithm>

namespace avocet {

namespace {

constexpr std::int64_t looked = 50;

bool holds(const std::vector<Address>& list, const std::string& address)
{
    return std::any_of(list.begin(), list.end(), [&](const Address& one) {
        return mime::equalsIgnoreCase(one.address, address);
    });
}

} // namespace

Result<bool> isKnownSender(Stores& stores, const std::string& address, MessageId except)
{
    const auto identities = stores.accounts.identities();
    if (!identities)
        return tl::unexpected(identities.error());
    const auto isOwn = [&](const std::vector<Address>& from) {
        return std::any_of(identities->begin(), identities->end(),
                           [&](const Identity& own) { return holds(from, own.email); });
    };
    for (const SearchField field : {SearchField::From, SearchField::To}) {
        SearchQuery query;
        query.terms = {{field, address, false}};
        query.limit = looked;
        const auto found = stores.search.search(query);
        if (!found)
            return tl::unexpected(found.error());
        for (const MessageId id : *found) {
            const auto row = id == except ? tl::unexpected(Error{}) : stores.messages.row(id);
            if (row && (field == SearchField::From ? holds(row->from, address)
                                                   : holds(row->to, address) && isOwn(row->from)))
                return true;
        }
    }
    return false;
}

} // namespace avocet
