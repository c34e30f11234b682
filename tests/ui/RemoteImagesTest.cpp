// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/RemoteImages.h"
#include "ui/reader/AnonymousRequest.h"

#include <QBuffer>
#include <QImage>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <memory>
#include <optional>

using namespace avocet;
using namespace std::chrono_literals;

namespace {

QByteArray png(int width, int height)
{
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(Qt::blue);
    image.setText(QStringLiteral("Comment"), QStringLiteral("for the sender alone"));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

/// Answers paths with what they were given; "/silent" never.
class PictureServer : public QTcpServer {
public:
    PictureServer()
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* client = nextPendingConnection();
            connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
            connect(client, &QTcpSocket::readyRead, this, [this, client] {
                const QByteArray request = client->readAll();
                requests.append(request);
                const QByteArray path = request.split(' ').value(1);
                if (answers.contains(path)) {
                    client->write(answers.value(path));
                    client->disconnectFromHost();
                }
            });
        });
    }

    QUrl url(const char* path) const
    {
        return QUrl(
            QStringLiteral("http://localhost:%1%2").arg(serverPort()).arg(QLatin1String(path)));
    }
    void show(const char* path, const QByteArray& body)
    {
        answers[path] = "HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(body.size()) +
                        "\r\n\r\n" + body;
    }
    void redirect(const char* path, const QByteArray& target)
    {
        answers[path] =
            "HTTP/1.1 302 Found\r\nLocation: " + target + "\r\nContent-Length: 0\r\n\r\n";
    }

    QHash<QByteArray, QByteArray> answers;
    QList<QByteArray> requests;
};

std::optional<QByteArray> fetched(const QUrl& url, const RemoteLimits& limits)
{
    RemoteImages images(limits);
    QObject context;
    std::optional<QByteArray> result;
    images.fetch(&context, url, [&](const QByteArray& picture) { result = picture; });
    for (int i = 0; i < 200 && !result; ++i)
        QTest::qWait(50);
    return result;
}

} // namespace

class RemoteImagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<PictureServer>();
        m_limits = {};
        m_limits.privateAddresses = true;
    }

    void writesPicturesAnew()
    {
        m_server->show("/a", png(20, 10));
        const auto picture = fetched(m_server->url("/a"), m_limits);
        QVERIFY(picture && picture->startsWith("\x89PNG"));
        QCOMPARE(QImage::fromData(*picture).size(), QSize(20, 10));
        QVERIFY(QImage::fromData(*picture).textKeys().isEmpty());
        const QByteArray head = m_server->requests.front().toLower();
        QVERIFY2(head.contains("user-agent: mozilla/5.0\r\n"), head.constData());
        for (const char* field : {"cookie", "referer", "authorization", "avocet", "qt"})
            QVERIFY2(!head.contains(field), head.constData());
    }

    void takesNothingButPictures_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a page") << QByteArray("<html><img src='http://x.example/'></html>");
        QTest::newRow("SVG") << QByteArray("<svg xmlns='http://www.w3.org/2000/svg' width='9' "
                                           "height='9'><rect width='9' height='9'/></svg>");
        QTest::newRow("half a picture's head") << png(20, 10).left(20);
        QTest::newRow("more bytes than allowed") << png(20, 10) + QByteArray(20'000, 'x');
        // Says that it is 60,000 pixels wide and high.
        QByteArray bomb = png(20, 10);
        bomb.replace(16, 8, QByteArray("\0\0\xea\x60\0\0\xea\x60", 8));
        QTest::newRow("more pixels than allowed") << bomb;
    }

    void takesNothingButPictures()
    {
        QFETCH(QByteArray, body);
        m_limits.bytes = 10'000;
        m_server->show("/a", body);
        QCOMPARE(fetched(m_server->url("/a"), m_limits), std::optional(QByteArray()));
    }

    void followsRedirectionsWithinBounds()
    {
        m_server->show("/a", png(20, 10));
        m_server->redirect("/there", "/a");
        m_server->redirect("/loop", "/loop");
        m_server->redirect("/file", "file:///etc/hostname");
        QVERIFY(!fetched(m_server->url("/there"), m_limits)->isEmpty());
        QVERIFY(fetched(m_server->url("/file"), m_limits)->isEmpty());
        m_server->requests.clear();
        QVERIFY(fetched(m_server->url("/loop"), m_limits)->isEmpty());
        QCOMPARE(m_server->requests.size(), m_limits.redirects + 1);
    }

    void asksNobodyWithinTheOwnNetwork()
    {
        m_server->show("/a", png(20, 10));
        m_limits.privateAddresses = false;
        QVERIFY(fetched(m_server->url("/a"), m_limits)->isEmpty());
        QVERIFY(m_server->requests.isEmpty());
    }

    void waitsNoLongerThanItsPatience()
    {
        m_limits.patience = 200ms;
        QCOMPARE(fetched(m_server->url("/silent"), m_limits), std::optional(QByteArray()));
    }

    void knowsTheInternetFromOwnNetworks_data()
    {
        QTest::addColumn<bool>("isPublic");
        for (const char* address :
             {"93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"})
            QTest::newRow(address) << true;
        for (const char* address :
             {"127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
              "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
              "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1"})
            QTest::newRow(address) << false;
    }

    void knowsTheInternetFromOwnNetworks()
    {
        QTEST(isPublicAddress(QHostAddress(QLatin1String(QTest::currentDataTag()))), "isPublic");
    }

private:
    std::unique_ptr<PictureServer> m_server;
    RemoteLimits m_limits;
};

QTEST_MAIN(RemoteImagesTest)
#include "RemoteImagesTest.moc"
