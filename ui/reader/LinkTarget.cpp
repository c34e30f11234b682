// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/LinkTarget.h"

namespace avocet {

QString shownTarget(const QUrl& target, const QFontMetrics& metrics, int width)
{
    QUrl url = target;
    url.setUserInfo({});
    const QString whole = url.toString(QUrl::FullyEncoded);
    if (metrics.horizontalAdvance(whole) <= width)
        return whole;
    // Where there is no host, as in mailto:, it is the path whose end tells.
    const QString host =
        url.host().isEmpty() ? url.path(QUrl::FullyEncoded) : url.authority(QUrl::FullyEncoded);
    const qsizetype at = host.isEmpty() ? 0 : whole.indexOf(host, url.scheme().size());
    if (host.isEmpty() || at < 0)
        return metrics.elidedText(whole, Qt::ElideMiddle, width);
    const QString before = whole.left(at);
    const QString behind = whole.mid(at + host.size());
    const QString left = QStringLiteral("\u2026");
    const int room = width - metrics.horizontalAdvance(before + host);
    if (room >= metrics.horizontalAdvance(left))
        return before + host + metrics.elidedText(behind, Qt::ElideRight, room);
    const QString more = behind.isEmpty() ? QString() : left;
    return before +
           metrics.elidedText(host, Qt::ElideLeft,
                              width - metrics.horizontalAdvance(before + more)) +
           more;
}

} // namespace avocet
