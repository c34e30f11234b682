// SPDX-License-Identifier: GPL-3.0-or-later
// Loads the HTML view's plugin when the first HTML mail is opened, and never before.
#pragma once

#include "ui/reader/HtmlView.h"

namespace avocet {

/// Why mail can only be shown as text here, in words for the user; empty: as far as is known it can be shown as sent.
/// Loads nothing.
QString htmlViewProblem();

/// Null where htmlViewProblem() then has something to say.
std::unique_ptr<HtmlView> makeHtmlView(HtmlViewClient& client);

} // namespace avocet
