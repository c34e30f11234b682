// SPDX-License-Identifier: GPL-3.0-or-later
// Whether this machine can lock the HTML view's processes in. Asked before the engine is loaded, because one that finds
// no sandbox ends the whole program.
#pragma once

#include <QString>

namespace avocet {

/// Why not, in words for the user; empty: it can.
QString sandboxProblem();

} // namespace avocet
