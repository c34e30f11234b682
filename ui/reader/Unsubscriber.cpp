// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/Unsubscriber.h"

#include "core/mime/MessageReader.h"

#include "ui/reader/AnonymousRequest.h"

#include <QAuthenticator>
#include <QHostInfo>
#include <QNetworkReply>
#include <QPointer>

#include <QUrlQuery>
#include <algorithm>
#include <chrono>

namespace avocet {

namespace {

constexpr std::chrono::milliseconds patience = std::chrono::seconds(30);
constexpr qint64 longestAnswer = 1 << 20;

} // namespace

Unsubscriber::Unsubscriber(QObject* parent)
    : QObject(parent)
{
    connect(&m_network, &QNetworkAccessManager::authenticationRequired, this,
            [](QNetworkReply* reply, QAuthenticator*) { reply->abort(); });
}

void Unsubscriber::unsubscribe(QObject* context, const QUrl& url, Done done)
{
    if (!isFetchable(url)) {
        done(Answer::Refused);
        return;
    }
    QHostInfo::lookupHost(
        url.host(QUrl::FullyEncoded), this,
        [this, context = QPointer<QObject>(context), url, done](const QHostInfo& info) {
            const auto addresses = info.addresses();
            const bool open = m_privateAddresses ||
                              std::all_of(addresses.begin(), addresses.end(), isPublicAddress);
            if (!context)
                return;
            if (addresses.isEmpty() || !open)
                done(addresses.isEmpty() ? Answer::Unreached : Answer::Refused);
            else
                post(context, url, addresses.front(), done);
        });
}

void Unsubscriber::post(QObject* context, const QUrl& url, const QHostAddress& address, Done done)
{
    QNetworkRequest request = anonymousRequest(url, address, QByteArrayLiteral("*/*"));
    request.setHeader(QNetworkRequest::ContentTypeHeader,
                      QStringLiteral("application/x-www-form-urlencoded"));
    request.setTransferTimeout(static_cast<int>(patience.count()));
    QNetworkReply* reply = m_network.post(request, QByteArrayLiteral("List-Unsubscribe=One-Click"));
    connect(reply, &QNetworkReply::readyRead, reply, [reply] {
        if (reply->bytesAvailable() > longestAnswer)
            reply->abort();
    });
    connect(reply, &QNetworkReply::finished, this,
            [reply, context = QPointer<QObject>(context), done = std::move(done)] {
                const int status =
                    reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
                reply->deleteLater();
                if (context)
                    done(status == 0                     ? Answer::Unreached
                         : status >= 200 && status < 300 ? Answer::Done
                                                         : Answer::Refused);
            });
}

Draft leavingDraft(const QUrl& mailto)
{
    const QUrlQuery query(mailto);
    const auto value = [&query](const QString& name) {
        for (const auto& item : query.queryItems(QUrl::FullyDecoded))
            if (item.first.compare(name, Qt::CaseInsensitive) == 0)
                return item.second;
        return QString();
    };
    Draft draft;
    draft.to = parseAddressList(mailto.path(QUrl::FullyDecoded).toStdString());
    draft.subject = value(QStringLiteral("subject")).simplified().left(500).toStdString();
    draft.text = value(QStringLiteral("body")).left(2'000).toStdString();
    if (draft.subject.empty())
        draft.subject = "unsubscribe"; // programs read it
    return draft;
}

} // namespace avocet
