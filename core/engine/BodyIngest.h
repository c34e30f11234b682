// SPDX-License-Identifier: GPL-3.0-or-later
// How bodies that arrived come to the disk. What is searched of them comes later, by BodyIndexer.
#pragma once

#include "core/engine/EngineContext.h"

#include <vector>

namespace avocet {

struct ArrivedBody {
    MessageId message;
    PackedBody body; ///< packed by the worker that fetched it
};

/// Thread: the engine's. The bodies first: a crash before the other half leaves them unknown and to be fetched again.
/// `asked`: the user waits for them, so they are indexed before others.
Status storeBodies(EngineContext& context, const std::vector<ArrivedBody>& bodies, bool asked);

} // namespace avocet
