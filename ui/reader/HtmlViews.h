// SPDX-License-Identifier: GPL-3.0-or-later
// Loads the HTML view's plugin when the first HTML mail is opened, and never before.
#pragma once

#include "ui/reader/HtmlView.h"

namespace avocet {

/// Why mail can only be shown as text here, in words for the user; empty: as far as is known it can be shown as sent.
/// Loads nothing.
QString htmlViewProblem();

/// Gives a view back, so that the next mail need not wait for a new one.
struct HtmlViewReturn {
    void operator()(HtmlView* view) const;
};
using HtmlViewPointer = std::unique_ptr<HtmlView, HtmlViewReturn>;

/// Null where htmlViewProblem() then has something to say.
HtmlViewPointer makeHtmlView(HtmlViewClient& client);

} // namespace avocet
