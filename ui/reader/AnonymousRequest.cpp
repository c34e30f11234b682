// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/AnonymousRequest.h"

#include <QUrl>

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

bool isWebPort(int port)
{
    return port == 80 || port == 443 || port >= 1024;
}

QByteArray hostField(const QUrl& url)
{
    QUrl host;
    host.setHost(url.host());
    QByteArray field = url.host(QUrl::FullyEncoded).toLatin1();
    if (field.contains(':'))
        field = '[' + field + ']';
    if (url.port() > 0)
        field += ':' + QByteArray::number(url.port());
    return field;
}

} // namespace

bool isFetchable(const QUrl& url)
{
    const QString scheme = url.scheme();
    return url.isValid() && (scheme == u"http" || scheme == u"https") && !url.host().isEmpty() &&
           isWebPort(url.port(scheme == u"https" ? 443 : 80));
}

QNetworkRequest anonymousRequest(const QUrl& url, const QHostAddress& address,
                                 const QByteArray& accept)
{
    QUrl direct = url;
    direct.setHost(address.toString());
    direct.setUserInfo({});
    direct.setFragment({});
    QNetworkRequest request(direct);
    request.setPeerVerifyName(url.host(QUrl::FullyEncoded));
    request.setRawHeader("Host", hostField(url));
    request.setRawHeader("User-Agent", "Mozilla/5.0");
    request.setRawHeader("Accept", accept);
    request.setRawHeader("Accept-Language", "*");
    request.setRawHeader("Accept-Encoding", "identity");
    using Request = QNetworkRequest;
    request.setAttribute(Request::CookieLoadControlAttribute, Request::Manual);
    request.setAttribute(Request::CookieSaveControlAttribute, Request::Manual);
    request.setAttribute(Request::AuthenticationReuseAttribute, Request::Manual);
    request.setAttribute(Request::CacheLoadControlAttribute, Request::AlwaysNetwork);
    request.setAttribute(Request::CacheSaveControlAttribute, false);
    request.setAttribute(Request::RedirectPolicyAttribute, Request::ManualRedirectPolicy);
    request.setAttribute(Request::Http2AllowedAttribute, false);
    return request;
}

bool isPublicAddress(const QHostAddress& address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    const auto within = [&](const char* net, int bits) {
        return address.isInSubnet(QHostAddress(QLatin1String(net)), bits);
    };
    if (isV4) {
        const QHostAddress plain(v4);
        constexpr std::pair<const char*, int> closed[] = {
            {"0.0.0.0", 8},      {"10.0.0.0", 8},    {"100.64.0.0", 10}, {"127.0.0.0", 8},
            {"169.254.0.0", 16}, {"172.16.0.0", 12}, {"192.0.0.0", 24},  {"192.168.0.0", 16},
            {"198.18.0.0", 15},  {"224.0.0.0", 3}};
        return std::none_of(std::begin(closed), std::end(closed), [&](const auto& net) {
            return plain.isInSubnet(QHostAddress(QLatin1String(net.first)), net.second);
        });
    }
    // Only what is handed out for the internet, and none of the ways to write an IPv4 address there.
    return within("2000::", 3) && !within("2001::", 23) && !within("2002::", 16);
}

} // namespace avocet
