// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/Operation.h"

namespace avocet {

FlagChange shownChange(const Operation& operation)
{
    if (operation.kind == OperationKind::Mark)
        return {operation.add, operation.remove};
    return operation.takesAway() ? FlagChange{Deleted, 0} : FlagChange{};
}

std::string renamedMailbox(const std::string& mailbox, const std::string& from,
                           const std::string& to, char delimiter)
{
    if (mailbox == from)
        return to;
    const std::string below = from + delimiter;
    if (delimiter != 0 && mailbox.starts_with(below))
        return to + mailbox.substr(from.size());
    return mailbox;
}

} // namespace avocet
