// SPDX-License-Identifier: GPL-3.0-or-later
// Loads pictures from the internet for mails whose reader asked for it, and tells their servers as little as can be.
#pragma once

#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QQueue>
#include <QUrl>

#include <chrono>
#include <functional>

namespace avocet {

struct RemoteLimits {
    qint64 bytes = 10'000'000; ///< of one picture
    int redirects = 5;
    int atOnce = 6;
    std::chrono::milliseconds patience = std::chrono::seconds(30); ///< for one picture
    /// Loopback, private and link-local addresses: what only this machine's own network can reach. For tests.
    bool privateAddresses = false;
};

/// Thread: the GUI's. No cookies, no cache, no referrer, no credentials, no language; the address that was looked at is the
/// one that is connected to, so a name cannot point elsewhere meanwhile.
class RemoteImages : public QObject {
    Q_OBJECT
public:
    using Done = std::function<void(const QByteArray& picture)>;

    explicit RemoteImages(const RemoteLimits& limits, QObject* parent = nullptr);

    /// Calls back while `context` lives, with a picture written anew by us; empty: there is none.
    void fetch(QObject* context, const QUrl& url, Done done);

private:
    struct Wish {
        QPointer<QObject> context;
        QUrl url;
        Done done;
        int redirects = 0;
    };
    class Transfer;

    void next();
    void finished();

    RemoteLimits m_limits;
    QNetworkAccessManager m_network;
    QQueue<Wish> m_waiting;
    int m_running = 0;
};

} // namespace avocet
