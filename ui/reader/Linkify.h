// SPDX-License-Identifier: GPL-3.0-or-later
// Finds links in plain text and says where they truly lead.
#pragma once

#include <QString>
#include <QStringView>
#include <QUrl>

#include <vector>

namespace avocet {

struct TextLink {
    qsizetype start = 0;
    qsizetype length = 0;
    QUrl target; ///< http, https or mailto; nothing else is ever a link
};

/// Linear; at most 2,000 links.
std::vector<TextLink> findLinks(QStringView text);

/// The host as it is looked up (international names in their xn-- form), or the address of a mailto.
QString linkHost(const QUrl& url);

/// Whether a link may open without a question: no user part before an @, no international name, and no host in its words
/// that is not the target's. Words without a host say nothing wrong; where it leads was shown under the pointer.
bool wordsFitTarget(const QString& words, const QUrl& target);

} // namespace avocet
