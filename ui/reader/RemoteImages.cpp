// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/RemoteImages.h"

#include "ui/reader/AnonymousRequest.h"
#include "ui/reader/MailPicture.h"

#include <QAuthenticator>
#include <QCoreApplication>
#include <QHostInfo>
#include <QNetworkReply>
#include <QThreadPool>
#include <QTimer>

#include <algorithm>

namespace avocet {

namespace {

constexpr int addressesTried = 3;

} // namespace

/// One picture, from the look-up of its server to the bytes.
class RemoteImages::Transfer : public QObject {
public:
    Transfer(RemoteImages& owner, Wish wish)
        : QObject(&owner)
        , m_owner(owner)
        , m_wish(std::move(wish))
    {
        connect(&m_patience, &QTimer::timeout, this, [this] { end({}); });
        m_patience.setSingleShot(true);
        m_patience.start(owner.m_limits.patience);
    }

    void start()
    {
        if (!m_wish.context || !isFetchable(m_wish.url)) {
            end({});
            return;
        }
        QHostInfo::lookupHost(m_wish.url.host(QUrl::FullyEncoded), this,
                              [this](const QHostInfo& info) { resolved(info.addresses()); });
    }

private:
    void resolved(const QList<QHostAddress>& addresses)
    {
        // A name with one address of a closed network is up to something.
        const bool open = m_owner.m_limits.privateAddresses ||
                          std::all_of(addresses.begin(), addresses.end(), isPublicAddress);
        if (addresses.isEmpty() || !open) {
            end({});
            return;
        }
        m_addresses = addresses.mid(0, addressesTried);
        connectNext();
    }

    void connectNext()
    {
        const QHostAddress address = m_addresses.takeFirst();
        m_bytes.clear();
        m_reply = m_owner.m_network.get(anonymousRequest(m_wish.url, address));
        m_reply->setParent(this);
        connect(m_reply, &QNetworkReply::readyRead, this, &Transfer::read);
        connect(m_reply, &QNetworkReply::finished, this, &Transfer::answered);
    }

    void read()
    {
        if (m_bytes.size() + m_reply->bytesAvailable() > m_owner.m_limits.bytes)
            end({});
        else
            m_bytes += m_reply->readAll();
    }

    void answered()
    {
        const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (status == 0 && !m_addresses.isEmpty()) {
            m_reply->deleteLater();
            connectNext();
            return;
        }
        if (status >= 300 && status < 400) {
            follow(m_reply->attribute(QNetworkRequest::RedirectionTargetAttribute).toUrl());
            return;
        }
        end(status == 200 && m_reply->error() == QNetworkReply::NoError ? m_bytes : QByteArray());
    }

    void follow(const QUrl& target)
    {
        const QUrl there = m_wish.url.resolved(target);
        const bool downgraded = m_wish.url.scheme() == u"https" && there.scheme() != u"https";
        if (target.isEmpty() || downgraded || ++m_wish.redirects > m_owner.m_limits.redirects) {
            end({});
            return;
        }
        m_reply->deleteLater();
        m_wish.url = there;
        start();
    }

    void end(const QByteArray& bytes)
    {
        if (m_ended)
            return;
        m_ended = true;
        m_patience.stop();
        if (m_reply) {
            m_reply->disconnect(this);
            m_reply->abort();
        }
        QPointer<RemoteImages> owner(&m_owner);
        QThreadPool::globalInstance()->start(
            [owner, bytes, context = m_wish.context, done = std::move(m_wish.done)] {
                const QByteArray picture = reencodedPicture(bytes);
                QMetaObject::invokeMethod(
                    QCoreApplication::instance(),
                    [owner, picture, context, done] {
                        if (owner)
                            owner->finished();
                        if (context)
                            done(picture);
                    },
                    Qt::QueuedConnection);
            });
        deleteLater();
    }

    RemoteImages& m_owner;
    Wish m_wish;
    QTimer m_patience;
    QList<QHostAddress> m_addresses;
    QPointer<QNetworkReply> m_reply;
    QByteArray m_bytes;
    bool m_ended = false;
};

RemoteImages::RemoteImages(const RemoteLimits& limits, QObject* parent)
    : QObject(parent)
    , m_limits(limits)
{
    // A server that wants a password gets none.
    connect(&m_network, &QNetworkAccessManager::authenticationRequired, this,
            [](QNetworkReply* reply, QAuthenticator*) { reply->abort(); });
}

void RemoteImages::fetch(QObject* context, const QUrl& url, Done done)
{
    m_waiting.enqueue({context, url, std::move(done), 0});
    next();
}

void RemoteImages::next()
{
    while (m_running < m_limits.atOnce && !m_waiting.isEmpty()) {
        ++m_running;
        (new Transfer(*this, m_waiting.dequeue()))->start();
    }
}

void RemoteImages::finished()
{
    --m_running;
    next();
}

} // namespace avocet
