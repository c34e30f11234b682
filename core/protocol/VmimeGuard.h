// SPDX-License-Identifier: GPL-3.0-or-later
// The one place in core/protocol where vmime's and the standard library's exceptions end.
#pragma once

#include "core/model/Error.h"

#include <functional>

namespace avocet {

/// Prepares vmime once a process (its platform layer, our mechanisms), runs `body`, and turns
/// whatever it throws into an error of kind Protocol, or Auth where vmime says that the credentials failed.
Status vmimeGuard(const std::function<void()>& body);

} // namespace avocet
