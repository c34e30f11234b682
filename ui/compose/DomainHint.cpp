// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/DomainHint.h"

#include <algorithm>
#include <array>

namespace avocet {

namespace {

constexpr std::array<const char*, 15> known{
    "gmail.com",  "googlemail.com", "outlook.com", "hotmail.com",  "hotmail.fr",
    "hotmail.de", "hotmail.co.uk",  "outlook.de",  "yahoo.com",    "yahoo.co.uk",
    "icloud.com", "protonmail.com", "t-online.de", "fastmail.com", "posteo.de",
};
/// One letter away from one of those, and right nevertheless.
constexpr std::array<const char*, 5> neighbours{"mail.com", "email.com", "cloud.com", "ymail.com",
                                                "hotmail.es"};
constexpr qsizetype longest = 20;

/// Whether one letter was left out, added, changed, or two beside each other were swapped.
bool isOneSlipAway(const QString& a, const QString& b)
{
    if (a.size() > b.size())
        return isOneSlipAway(b, a);
    if (b.size() - a.size() > 1)
        return false;
    qsizetype front = 0;
    while (front < a.size() && a[front] == b[front])
        ++front;
    qsizetype back = 0;
    while (back < a.size() - front && a[a.size() - 1 - back] == b[b.size() - 1 - back])
        ++back;
    const qsizetype left = a.size() - front - back;
    if (left <= 1 && b.size() - front - back <= 1)
        return true;
    return left == 2 && a.size() == b.size() && a[front] == b[front + 1] &&
           a[front + 1] == b[front];
}

} // namespace

QString likelyAddress(const QString& address)
{
    const qsizetype at = address.lastIndexOf(u'@');
    const QString domain = address.mid(at + 1).toLower();
    if (at < 1 || domain.size() > longest)
        return {};
    const auto is = [&](const char* other) { return domain == QLatin1String(other); };
    if (std::any_of(known.begin(), known.end(), is) ||
        std::any_of(neighbours.begin(), neighbours.end(), is))
        return {};
    const auto found = std::find_if(known.begin(), known.end(), [&](const char* other) {
        return isOneSlipAway(domain, QLatin1String(other));
    });
    return found == known.end() ? QString() : address.left(at + 1) + QLatin1String(*found);
}

} // namespace avocet
