// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/AuthenticationResults.h"

#include <QtTest>

using namespace avocet;

class AuthenticationResultsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTheServersOwnFields_data();
    void readsTheServersOwnFields();
    void knowsTheServersOfAProvider_data();
    void knowsTheServersOfAProvider();
    void believesOnlyWhatNoSenderCanWrite_data();
    void believesOnlyWhatNoSenderCanWrite();
    void takesTheBestOfAMethod();
    void namesTheTopServer();
    void staysBounded();
};

namespace {

QByteArray listed(const std::optional<Authentication>& found)
{
    if (!found)
        return "nothing";
    QByteArrayList list;
    for (const AuthResult& result : found->results)
        list << QByteArray::fromStdString(result.method) + '=' +
                    QByteArray::number(static_cast<int>(result.outcome)) +
                    (result.domain.empty() ? "" : " " + QByteArray::fromStdString(result.domain)) +
                    (result.reason.empty() ? "" : " " + QByteArray::fromStdString(result.reason));
    return list.join(", ");
}

} // namespace

void AuthenticationResultsTest::readsTheServersOwnFields_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* header, const char* expected) {
        QTest::newRow(name) << QByteArray(header) << QByteArray(expected);
    };
    const QByteArray own = "Authentication-Results: mx.example.net; ";
    row("all three",
        own + "spf=pass smtp.mailfrom=a@example.org;\r\n dkim=pass header.d=example.org "
              "header.s=x;\r\n\tdmarc=fail "
              "(p=reject; dis=none) header.from=example.org\r\n",
        "spf=1 example.org, dkim=1 example.org, dmarc=2 example.org");
    row("comments and versions everywhere",
        "Authentication-Results: (a) MX.example.net (b;c) 1 ; (d) spf/1 (e) = (f) softfail (g) "
        "reason=\"it; is (odd)\" "
        "smtp.mailfrom=(h)example.org\n",
        "spf=3 example.org it; is (odd)");
    row("nothing was checked", own + "none\n", "");
    row("no field", "Subject: x\n", "nothing");
    row("another server's only",
        "Authentication-Results: mx.evil.example; dkim=pass header.d=example.org\n", "nothing");
    row("our name below another server's",
        "Authentication-Results: mx.evil.example; spf=fail\n" + own + "dkim=pass\n", "nothing");
    row("our name begins theirs",
        "Authentication-Results: mx.example.net.evil.example; dkim=pass\n", "nothing");
    row("two fields of ours", own + "spf=pass\nReceived-SPF: pass\n" + own + "dkim=fail\n",
        "spf=1, dkim=2");
    row("a forged one below a Received",
        own + "spf=fail\nReceived: from x\n" + own + "dkim=pass; spf=pass\n", "spf=2");
    row("a forged one right below says nothing of what was said",
        own + "dkim=fail\n" + own + "dkim=pass header.d=bank.example\n", "dkim=2");
    row("ours below its own Received", "Received: by mx.example.net\n" + own + "spf=pass\n",
        "spf=1");
    row("in the body", "\n" + own + "spf=pass\n", "nothing");
    row("words that are no result", own + "spf=great; dkim; =pass; dmarc=; x=pass\n", "x=1");
    row("quotes that do not end", own + "spf=pass reason=\"a; dkim=pass\n", "spf=1 a; dkim=pass");
    row("control characters",
        own + "spf=pass reason=\"a\x01\xE2\x80\xAE"
              "b\"\n",
        "spf=1 ab");
}

void AuthenticationResultsTest::readsTheServersOwnFields()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, expected);
    QCOMPARE(listed(readAuthentication((header + "\nbody\n").toStdString(), "mx.example.net")),
             expected);
}

void AuthenticationResultsTest::knowsTheServersOfAProvider_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("server");
    QTest::addColumn<bool>("own");
    const auto row = [](const char* host, const char* server, bool own) {
        QTest::addRow("%s and %s", host, server) << QByteArray(host) << QByteArray(server) << own;
    };
    row("imap.example.org", "mx1.example.org", true);
    row("imap.gmail.com", "mx.google.com", true);
    row("imap.mail.me.com", "dmarc.icloud.com", true);
    row("imap.fastmail.com", "mx5.messagingengine.com", true);
    row("imap.example.org", "mx.example.net", false);
    row("imap.example.org", "example.org.evil.example", false);
    row("imap.example.org", "mx.google.com", false);
    row("imap.example.co.uk", "mx.other.co.uk", false);
}

void AuthenticationResultsTest::knowsTheServersOfAProvider()
{
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, server);
    QFETCH(bool, own);
    const std::string message = "Authentication-Results: " + server.toStdString() +
                                "; spf=pass\nReceived: from a (b [192.0.2.1]) by mx." +
                                server.toStdString() + " with ESMTPS\n\n";
    QCOMPARE(readOwnAuthentication(message, host.toStdString()).has_value(), own);
    const auto two =
        readOwnAuthentication("Authentication-Results: dkim.icloud.com; "
                              "dkim=pass\nAuthentication-Results: dmarc.icloud.com; dmarc=fail\n\n",
                              "imap.mail.me.com");
    QCOMPARE(listed(two), QByteArray("dkim=1, dmarc=2"));
}

void AuthenticationResultsTest::believesOnlyWhatNoSenderCanWrite_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const QByteArray& header, const char* expected) {
        QTest::newRow(name) << header << QByteArray(expected);
    };
    const QByteArray results = "Authentication-Results: mx.example.org; spf=pass; dkim=pass\n";
    const QByteArray door = "Received: from evil (evil.example [203.0.113.7])\n"
                            " by mx.example.org (Postfix) with ESMTPS id 7; Mon, 1 Jan 2024\n";
    const QByteArray lmtp = "Received: from mail.example.org by mail.example.org with LMTP id 9\n";
    const QByteArray filter = "Received: from mx.example.org ([127.0.0.1]) by localhost (filter)\n";
    row("the server adds none and the sender wrote one", door + results, "nothing");
    row("with a Received of the sender's, too", door + results + door, "nothing");
    row("no server took it in", results, "nothing");
    row("another server took it in", results + "Received: from a by mx.other.example\n", "nothing");
    row("above the Received of the server", results + door, "spf=1, dkim=1");
    row("handed on by LMTP", lmtp + results + door, "spf=1, dkim=1");
    row("through a filter on the same machine", lmtp + filter + results + door, "spf=1, dkim=1");
    row("a sender that calls itself local",
        "Received: from [127.0.0.1] (evil.example [203.0.113.7]) by mx.example.org with ESMTP\n" +
            results + door,
        "nothing");
    row("a failure is believed anyhow",
        door + "Authentication-Results: mx.example.org; spf=pass; dkim=fail\n", "dkim=2");
}

void AuthenticationResultsTest::believesOnlyWhatNoSenderCanWrite()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, expected);
    QCOMPARE(listed(readOwnAuthentication((header + "From: a@bank.example\n\n").toStdString(),
                                          "imap.example.org")),
             expected);
}

void AuthenticationResultsTest::takesTheBestOfAMethod()
{
    const auto found =
        readAuthentication("Authentication-Results: a; dkim=fail header.d=one.example; dkim=pass "
                           "header.d=two.example; dkim=neutral\n\n",
                           "A");
    QVERIFY(found);
    QCOMPARE(found->of("dkim")->domain, std::string("two.example"));
    QVERIFY(!found->of("spf"));
}

void AuthenticationResultsTest::namesTheTopServer()
{
    QCOMPARE(topAuthServer("Subject: x\nAuthentication-Results: Mx.Example.net 1; none\n\n")
                 .value_or("-"),
             std::string("mx.example.net"));
    QVERIFY(!topAuthServer("Authentication-Results: ;;;\n\n"));
    QVERIFY(!topAuthServer("Subject: x\n\nAuthentication-Results: a; none\n"));
}

void AuthenticationResultsTest::staysBounded()
{
    std::string many = "Authentication-Results: a";
    for (int i = 0; i < 100'000; ++i)
        many += "; m" + std::to_string(i) + "=pass";
    const auto found = readAuthentication(many + "\n\n", "a");
    QVERIFY(found);
    QCOMPARE(found->results.size(), std::size_t{50});
    QVERIFY(readAuthentication("Authentication-Results: a; " + std::string(1 << 20, '(') + "\n\n",
                               "a"));
}

QTEST_GUILESS_MAIN(AuthenticationResultsTest)
#include "AuthenticationResultsTest.moc"
