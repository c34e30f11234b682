// SPDX-License-Identifier: GPL-3.0-or-later
// Where a link leads, in the room that there is, so that nobody is misled by what had to be left out.
#pragma once

#include <QFontMetrics>
#include <QString>
#include <QUrl>

namespace avocet {

/// The end of the host, which says whose it is, stays in view: what does not fit goes from the path, then from the host's
/// beginning. Without a user name, which is nobody's need and looks like a host.
QString shownTarget(const QUrl& target, const QFontMetrics& metrics, int width);

} // namespace avocet
