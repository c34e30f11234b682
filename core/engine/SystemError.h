// SPDX-License-Identifier: GPL-3.0-or-later
// What the system refuses with an errno, as an Error.
#pragma once

#include "core/model/Error.h"

#include <cerrno>
#include <cstring>
#include <string>

namespace avocet {

/// Storage; a full disk, or one of which the user has no more, by its code.
inline tl::unexpected<Error> systemError(const std::string& what, int cause)
{
    const bool full = cause == ENOSPC || cause == EDQUOT;
    return fail(ErrorKind::Storage, what + ": " + std::strerror(cause),
                full ? ErrorCode::DiskFull : ErrorCode::None);
}

} // namespace avocet
