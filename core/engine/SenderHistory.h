// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a sender is somebody the user has had to do with, by the mail that is here.
#pragma once

#include "core/engine/Stores.h"

#include <string>

namespace avocet {

/// Another message from `address`, or one to it from one of the user's own: as far as the search index knows, among the
/// newest that name it. `except` does not count. Thread: that of `stores`; some milliseconds.
Result<bool> isKnownSender(Stores& stores, const std::string& address, MessageId except);

} // namespace avocet
