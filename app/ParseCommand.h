// SPDX-License-Identifier: GPL-3.0-or-later
// `avocet parse`: what the reader sees in message files, without an account, profile or network.
#pragma once

#include <QStringList>

namespace avocet {

/// `arguments`: [--json] FILE... One line a file on standard output, in their order. A file that
/// cannot be read is one line on standard error, and the others still come. Returns the exit code:
/// 0 done, 1 a file could not be read or written out, 2 usage.
int runParse(const QStringList& arguments);

} // namespace avocet
