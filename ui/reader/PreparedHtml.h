// SPDX-License-Identifier: GPL-3.0-or-later
// A message's HTML on its way to the view: made harmless, its pictures and links numbered. Done by a worker.
#pragma once

#include "core/engine/MailQueries.h"
#include "core/mime/HtmlSanitizer.h"
#include "ui/reader/HtmlView.h"

#include <optional>
#include <vector>

namespace avocet {

struct PreparedPicture {
    HtmlPicture source;
    int part = 0; ///< index into ParsedMessage::parts of the page that wants it
};

struct PreparedHtml {
    HtmlMail mail;
    std::vector<PreparedPicture> pictures; ///< by the number of their address
    int withheld = 0;     ///< remote pictures that were left out, as long as nobody asks for them
    QStringList trackers; ///< who would count readers with pictures; those are left out in any case
    std::vector<std::vector<HtmlLink>> links; ///< of each part
    bool darkRules = false;
};

/// Nothing where a part is built to exhaust its reader: such a message is shown as text. Any thread.
std::optional<PreparedHtml> prepareHtml(const OpenedMessage& message, bool remotePictures);

/// One that came with the message, written anew; empty: there is none. Any thread.
QByteArray enclosedPicture(const OpenedMessage& message, const PreparedPicture& picture);

} // namespace avocet
