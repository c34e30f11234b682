// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/Operation.h"

namespace avocet {

FlagChange shownChange(const Operation& operation)
{
    switch (operation.kind) {
    case OperationKind::Mark:
        return {operation.add, operation.remove};
    case OperationKind::Move:
    case OperationKind::Delete:
        return {Deleted, 0};
    default:
        return {};
    }
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
