// SPDX-License-Identifier: GPL-3.0-or-later
// An identity's signature as paragraphs, and where it stands in a text.
#pragma once

#include "core/mime/RichText.h"
#include "core/model/Account.h"

#include <cstddef>
#include <optional>

namespace avocet {

/// An empty line, "-- " where the identity wants it, and its words; nothing where it has none.
RichText signatureText(const Identity& identity);
/// The paragraph that `signature` begins at, the last place if there are several; nothing where it is not there, or was changed.
std::optional<std::size_t> findSignature(const RichText& text, const RichText& signature);

} // namespace avocet
