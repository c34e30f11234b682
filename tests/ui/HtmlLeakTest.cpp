// SPDX-License-Identifier: GPL-3.0-or-later
// Cases L1 to L39 and more (tests/html/leaks.txt), shown by the real view in a network where nothing goes unseen.
#include "LeakWitness.h"

#include "core/mime/HtmlSanitizer.h"
#include "core/mime/MessageReader.h"
#include "ui/reader/BodySettings.h"
#include "ui/reader/HtmlViews.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/Sandbox.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QBuffer>
#include <QFile>
#include <QHostInfo>
#include <QImage>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>
#include <QVBoxLayout>

#include <unistd.h>

using namespace avocet;
using avocet::test::LeakWitness;

namespace {

QString problem; ///< of the machine, before anything was changed
bool inOwnNetwork = false;

constexpr int vectorsInAMail = 13;
/// Longer than a browser takes from a page to its first request.
constexpr int quietMs = 600;

struct Vector {
    QByteArray name;
    QByteArray markup;
};

QList<Vector> readVectors()
{
    QFile file(QStringLiteral(AVOCET_SOURCE_ROOT "/tests/html/leaks.txt"));
    QList<Vector> vectors;
    if (!file.open(QIODevice::ReadOnly))
        return vectors;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("== "))
            vectors.append({line.mid(3), {}});
        else if (!vectors.isEmpty())
            vectors.last().markup += line + '\n';
    }
    for (int i = 0; i < vectors.size(); ++i) {
        const QByteArray number = "v" + QByteArray::number(i);
        vectors[i]
            .markup.replace("{u}", "http://" + number + ".leak.example/" + number)
            .replace("{n}", number);
    }
    return vectors;
}

/// Counts what a view tells.
struct Listener : HtmlViewClient {
    void htmlShown() override { ++shown; }
    void htmlHeightChanged() override {}
    void htmlLinkActivated(HtmlLinkId) override {}
    void htmlLinkHovered(HtmlLinkId) override {}
    void htmlLinkCopied(HtmlLinkId) override {}
    void htmlFailed() override { ++failed; }
    int shown = 0;
    int failed = 0;
};

/// One mail in a view of its own.
struct Shown {
    explicit Shown(const HtmlMail& mail)
        : view(makeHtmlView(listener))
    {
        view->resize(600, 400);
        view->QWidget::show();
        view->setMail(mail);
    }

    Listener listener;
    HtmlViewPointer view;
};

QByteArray picture()
{
    QImage image(20, 10, QImage::Format_RGB32);
    image.fill(Qt::red);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

} // namespace

class HtmlLeakTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!problem.isEmpty())
            QSKIP(qPrintable(problem));
        QVERIFY(inOwnNetwork);
        QVERIFY(geteuid() != 0);
        QCOMPARE(htmlViewProblem(), QString());
        installTheme(*qApp, ThemeChoice::Light);
        m_witness = std::make_unique<LeakWitness>();
        m_vectors = readVectors();
        QVERIFY(m_vectors.size() >= 60);
    }

    /// Without this the silence of the rest would prove nothing.
    void seesWhateverLeaks()
    {
        m_witness->forget();
        m_witness->setAnswer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        QHostInfo found;
        QHostInfo::lookupHost(QStringLiteral("control.leak.example"), this,
                              [&](const QHostInfo& info) { found = info; });
        QTRY_VERIFY(!found.addresses().isEmpty());
        QVERIFY(m_witness->names().contains(u"control.leak.example"));
        QTcpSocket socket;
        socket.connectToHost(QHostAddress(QStringLiteral("198.51.100.9")), 4711);
        QTRY_VERIFY(m_witness->packets().contains(u"tcp 198.51.100.9:4711"));
        socket.abort();
        socket.connectToHost(QHostAddress(QStringLiteral("2001:db8::9")), 443);
        QTRY_VERIFY(m_witness->packets().contains(u"tcp 2001:db8::9:443"));
        socket.abort();
        socket.connectToHost(found.addresses().front(), 80);
        socket.write("GET /control HTTP/1.1\r\n\r\n");
        QTRY_COMPARE(m_witness->requests().size(), 1);
    }

    void tellsNobody_data()
    {
        QTest::addColumn<bool>("sanitized");
        QTest::newRow("what the sanitiser leaves") << true;
        QTest::newRow("markup as it stands, which only the view's own walls hold back") << false;
    }

    void tellsNobody()
    {
        QFETCH(bool, sanitized);
        m_witness->forget();
        QSignalSpy seen(m_witness.get(), &LeakWitness::seen);
        std::vector<std::unique_ptr<Shown>> mails;
        for (int first = 0; first < m_vectors.size(); first += vectorsInAMail) {
            HtmlMail mail{QStringLiteral("nonce%1").arg(first), {}, 0};
            for (const Vector& vector : m_vectors.mid(first, vectorsInAMail))
                mail.parts.append(sanitized ? safe(vector.markup) : vector.markup);
            mails.push_back(std::make_unique<Shown>(mail));
            QTRY_VERIFY_WITH_TIMEOUT(mails.back()->listener.shown, 30'000);
        }
        QVERIFY2(!seen.wait(quietMs), qPrintable(told()));
        QVERIFY2(seen.isEmpty(), qPrintable(told()));
        for (const auto& mail : mails)
            QCOMPARE(mail->listener.failed, 0);
    }

    void runsNoScript()
    {
        const QByteArray tall = "document.body.style.height='3000px'";
        const Shown mail(
            {QStringLiteral("noscript"),
             {"<body style='margin:0;height:50px'><script>" + tall +
                  "</script><img src='mail://m/noscript/picture/0' onerror=\"" + tall +
                  "\"><svg onload=\"" + tall + "\"></svg>",
              "<body style='margin:0;height:30px' onload=\"" + tall +
                  "\"><iframe srcdoc=\"<script>parent." + tall +
                  "</script>\"></iframe><iframe src=\"javascript:parent." + tall + "\"></iframe>"},
             0});
        QTRY_VERIFY_WITH_TIMEOUT(mail.listener.shown, 30'000);
        QSignalSpy nothing(this, &QObject::destroyed);
        QVERIFY(!nothing.wait(quietMs));
        QVERIFY2(mail.view->height() < 1'000, qPrintable(QString::number(mail.view->height())));
    }

    void keepsAMailFromAnothersParts()
    {
        const Shown secret({QStringLiteral("secret"), {"<div style='height:700px'>"}, 0});
        QTRY_VERIFY_WITH_TIMEOUT(secret.listener.shown, 30'000);
        const Shown thief(
            {QStringLiteral("thief"),
             {"<body style='margin:0'><iframe height=900 src='mail://m/secret/part/0'></iframe>"
              "<meta http-equiv=refresh content='0;url=mail://m/secret/part/0'>"},
             0});
        QTRY_VERIFY_WITH_TIMEOUT(thief.listener.shown, 30'000);
        QSignalSpy nothing(this, &QObject::destroyed);
        QVERIFY(!nothing.wait(quietMs));
        QCOMPARE(thief.view->height() > 850, true);
    }

    void asksForPicturesOnlyWithConsentAndOnlyByItself()
    {
        m_witness->setAnswer(
            "HTTP/1.1 200 OK\r\nSet-Cookie: id=1\r\nContent-Type: image/png\r\nContent-Length: " +
            QByteArray::number(picture().size()) + "\r\n\r\n" + picture());
        m_witness->forget();
        QSignalSpy seen(m_witness.get(), &LeakWitness::seen);
        BodySettings settings;
        QWidget window;
        auto* column = new QVBoxLayout(&window);
        auto* bars = new InfoBarStack;
        auto* body = new MessageBody(settings, *bars);
        column->addWidget(bars);
        column->addWidget(body);
        window.resize(600, 500);
        window.show();
        auto message = std::make_shared<OpenedMessage>();
        message->parsed.from = {{"Shop", "news@shop.example"}};
        message->parsed.shown.push_back(
            {0, true,
             "<body style='margin:0'><img src='http://pictures.leak.example/a.png?who=anna' "
             "style='display:block'><img src='http://pictures.leak.example/a.png?who=anna' "
             "style='display:block'><div "
             "style='background:url(http://css.leak.example/b.png)'>x</div>"
             "<iframe src='http://frame.leak.example/'></iframe>"
             "<img src='http://127.0.0.1/own' alt='own'>"});
        QSignalSpy shown(body, &MessageBody::shown);
        body->setMessage(message);
        QVERIFY(!shown.isEmpty() || shown.wait(30'000));
        QVERIFY2(!seen.wait(quietMs), qPrintable(told()));
        QVERIFY(bars->contains(QStringLiteral("pictures")));
        const int before = body->htmlView()->height();

        body->loadPictures();
        QTRY_VERIFY(!m_witness->requests().isEmpty());
        QTRY_COMPARE(body->htmlView()->height(), before + 20);
        QVERIFY(!bars->contains(QStringLiteral("pictures")));
        QTRY_VERIFY(!seen.wait(quietMs));
        for (const QByteArray& request : m_witness->requests()) {
            const QByteArray head = request.toLower();
            QVERIFY2(request.startsWith("GET /a.png?who=anna HTTP/1.1\r\n") ||
                         request.startsWith("GET /b.png HTTP/1.1\r\n"),
                     request.constData());
            for (const char* field :
                 {"cookie:", "referer:", "origin:", "authorization:", "from:", "avocet"})
                QVERIFY2(!head.contains(field), request.constData());
        }
        for (const QString& name : m_witness->names()) {
            QVERIFY2(name == u"pictures.leak.example" || name == u"css.leak.example",
                     qPrintable(name));
        }
        QVERIFY2(!m_witness->packets().contains(u"tcp 127.0.0.1:80"), qPrintable(told()));
    }

    void cleanupTestCase() { m_witness.reset(); }

private:
    static QByteArray safe(const QByteArray& markup)
    {
        HtmlPolicy policy;
        // With consent given: pictures have addresses, behind which there is nothing.
        policy.picture = [](const HtmlPicture&) { return std::string("mail://m/none/picture/0"); };
        policy.linkPrefix = "mail://m/none/link/0/";
        const auto result = sanitizeHtml(markup.toStdString(), policy);
        return result ? QByteArray::fromStdString(result->html) : QByteArray();
    }

    QString told() const
    {
        QStringList all = m_witness->packets() + m_witness->names();
        for (const QByteArray& request : m_witness->requests())
            all.append(QString::fromLatin1(request.left(200)));
        return all.join(u'\n');
    }

    std::unique_ptr<LeakWitness> m_witness;
    QList<Vector> m_vectors;
};

int main(int argc, char** argv)
{
    problem = sandboxProblem();
    inOwnNetwork = problem.isEmpty() && LeakWitness::enter();
    QApplication application(argc, argv);
    HtmlLeakTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "HtmlLeakTest.moc"
