// SPDX-License-Identifier: GPL-3.0-or-later
// What we do inside the documents, from a world of scripts that no mail can reach: measure, ink, fold quotes,
// find places.
#pragma once

#include <QString>

namespace avocet {

/// Runs in the shell and in every part once it is there. What it tells comes as console lines that begin with `token`,
/// which nothing in the page knows. `quoted`: the words for what is folded.
QString frameScript(const QString& token, const QString& quoted);

} // namespace avocet
