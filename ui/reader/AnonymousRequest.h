// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that a mail brings about: they go to the internet alone and tell as little as can be.
#pragma once

#include <QHostAddress>
#include <QNetworkRequest>

namespace avocet {

/// http or https, with a host and a port where the web is.
bool isFetchable(const QUrl& url);

/// No cookies, no cache, no referrer, no credentials, no language, no redirects by itself. To `address`, so that the name
/// cannot point elsewhere than where it was looked at; TLS and Host name the url's host.
QNetworkRequest anonymousRequest(const QUrl& url, const QHostAddress& address,
                                 const QByteArray& accept = QByteArrayLiteral("image/*"));

/// Whether an address belongs to the internet rather than to somebody's own network or machine.
bool isPublicAddress(const QHostAddress& address);

} // namespace avocet
