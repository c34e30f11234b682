// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/MailtoUrl.h"

#include <QTemporaryFile>
#include <QTest>

using namespace avocet;

class MailtoUrlTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTheSixFields();
    void readsNothingElse_data();
    void readsNothingElse();
    void takesNoHeaderFromAValue_data();
    void takesNoHeaderFromAValue();
    void decodesLikeRfc6068_data();
    void decodesLikeRfc6068();
    void refusesOtherUrls_data();
    void refusesOtherUrls();
    void boundsRecipients();
};

void MailtoUrlTest::readsTheSixFields()
{
    const auto draft = draftFromMailto("MAILTO:a@x.org,b@x.org?To=c@x.org&cc=d@x.org&BCC=e@x.org"
                                       "&subject=Hi%20there&body=One%0D%0ATwo"
                                       "&In-Reply-To=%3Cid%40x.org%3E");
    QVERIFY(draft);
    QCOMPARE(draft->to.size(), std::size_t(3));
    QCOMPARE(draft->to[2].address, std::string("c@x.org"));
    QCOMPARE(draft->cc.at(0).address, std::string("d@x.org"));
    QCOMPARE(draft->bcc.at(0).address, std::string("e@x.org"));
    QCOMPARE(draft->subject, std::string("Hi there"));
    QCOMPARE(draft->text, std::string("One\nTwo"));
    QCOMPARE(draft->inReplyTo, std::string("id@x.org"));
}

void MailtoUrlTest::readsNothingElse_data()
{
    QTest::addColumn<QByteArray>("field");
    for (const char* name : {"attach", "attachment", "attachments", "file", "X-Attach", "from",
                             "reply-to", "sender", "references", "content-type", "date"})
        QTest::newRow(name) << QByteArray(name);
}

/// Case U1: a link must not make the client read a file.
void MailtoUrlTest::readsNothingElse()
{
    QFETCH(QByteArray, field);
    QTemporaryFile secret;
    QVERIFY(secret.open());
    secret.write("the key");
    secret.flush();
    const auto draft =
        draftFromMailto("mailto:a@x.org?" + field + "=" + secret.fileName().toUtf8());
    QVERIFY(draft);
    QVERIFY(draft->attachments.empty());
    QVERIFY(draft->text.empty() && draft->subject.empty() && draft->inReplyTo.empty());
    QVERIFY(draft->references.empty());
    QCOMPARE(draft->to.size(), std::size_t(1));
}

void MailtoUrlTest::takesNoHeaderFromAValue_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::newRow("subject") << QByteArray("mailto:a@x.org?subject=Hi%0D%0ABcc:%20spy@x.org");
    QTest::newRow("address") << QByteArray("mailto:a@x.org%0D%0ABcc:%20spy@x.org");
    QTest::newRow("in-reply-to") << QByteArray(
        "mailto:a@x.org?in-reply-to=%3Cid%40x%0D%0ABcc:%20spy@x.org%3E");
    QTest::newRow("NUL") << QByteArray("mailto:a@x.org?subject=Hi%00there");
}

/// Case H1.
void MailtoUrlTest::takesNoHeaderFromAValue()
{
    QFETCH(QByteArray, url);
    const auto draft = draftFromMailto(url);
    QVERIFY(draft);
    std::string all = draft->subject + draft->inReplyTo;
    for (const Address& address : draft->to)
        all += address.name + address.address;
    QCOMPARE(all.find_first_of(std::string("\r\n\0", 3)), std::string::npos);
    QVERIFY(draft->bcc.empty());
}

void MailtoUrlTest::decodesLikeRfc6068_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QString>("subject");
    QTest::newRow("a plus is a plus") << QByteArray("mailto:?subject=1+1") << u"1+1"_qs;
    QTest::newRow("UTF-8") << QByteArray("mailto:?subject=caf%C3%A9") << u"café"_qs;
    QTest::newRow("an escaped ampersand")
        << QByteArray("mailto:?subject=a%26cc=b@x.org") << u"a&cc=b@x.org"_qs;
    QTest::newRow("as careless pages write it")
        << QByteArray("mailto:?cc=b@x.org&amp;subject=Hi") << u"Hi"_qs;
    QTest::newRow("a fragment is no subject") << QByteArray("mailto:?subject=Hi#top") << u"Hi"_qs;
}

void MailtoUrlTest::decodesLikeRfc6068()
{
    QFETCH(QByteArray, url);
    const auto draft = draftFromMailto(url);
    QVERIFY(draft);
    QTEST(QString::fromStdString(draft->subject), "subject");
}

void MailtoUrlTest::refusesOtherUrls_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::newRow("a file") << QByteArray("file:///etc/passwd");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("over a megabyte") << "mailto:a@x.org?body=" + QByteArray(2 << 20, 'x');
}

void MailtoUrlTest::refusesOtherUrls()
{
    QFETCH(QByteArray, url);
    const auto draft = draftFromMailto(url);
    QVERIFY(!draft);
    QCOMPARE(draft.error().code, ErrorCode::InvalidInput);
}

void MailtoUrlTest::boundsRecipients()
{
    QByteArray url = "mailto:";
    for (int i = 0; i < 3000; ++i)
        url += "user" + QByteArray::number(i) + "@x.org,";
    const auto draft = draftFromMailto(url);
    QVERIFY(draft);
    QCOMPARE(draft->to.size(), std::size_t(500));
}

QTEST_GUILESS_MAIN(MailtoUrlTest)
#include "MailtoUrlTest.moc"
