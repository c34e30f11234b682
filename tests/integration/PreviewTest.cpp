// SPDX-License-Identifier: GPL-3.0-or-later
// First words of messages whose bodies are not here: by PREVIEW where the server has it, else from the beginning of the text.
#include "tests/integration/EngineRig.h"

using namespace avocet;
using namespace avocet::integration;
using namespace Qt::Literals::StringLiterals;

class PreviewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void showsTheFirstWordsWithoutTheBodies();
    void leavesWhatIsNotLookedAtAnyMore();

private:
    MailServers& servers() const
    {
        QFETCH_GLOBAL(QString, server);
        return m_rows.at(server);
    }

    ServerRows m_rows{u"rich,poor"_s};
};

void PreviewTest::initTestCase_data()
{
    QTest::addColumn<QString>("server");
    for (const ServerKind& kind : m_rows.kinds())
        QTest::newRow(kind.sentence) << kind.name;
}

void PreviewTest::initTestCase()
{
    const QString problem = m_rows.start();
    if (m_rows.missing())
        QSKIP(qPrintable(problem));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void PreviewTest::showsTheFirstWordsWithoutTheBodies()
{
    ImapPeer peer(servers(), servers().sender());
    const QByteArray box = servers().mailbox("Looked at");
    peer.command("CREATE \"" + box + '"');
    const QByteArray umlauts = QByteArray("Gr\xc3\xbc\xc3\x9f"
                                          "e ")
                                   .repeated(900); // longer than what is fetched
    const std::pair<const char*, QByteArray> letters[]{
        {"Plain words.", "Subject: a\r\n\r\nPlain words.\r\n"},
        {"Grüße Grüße", "Subject: b\r\nContent-Type: text/plain; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: base64\r\n\r\n" +
                            umlauts.toBase64() + "\r\n"},
        {"Both ways é", "Subject: c\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
                        "Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n"
                        "Content-Type: text/plain; charset=iso-8859-1\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n\r\nBoth ways =E9\r\n"
                        "--a\r\nContent-Type: text/html\r\n\r\n<b>Both ways</b>\r\n--a--\r\n"
                        "--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment;"
                        " filename=x.pdf\r\n\r\nx\r\n--m--\r\n"},
        {"Only a page",
         "Subject: d\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
         "<html><style>p { color: red }</style><p>Only <i>a page</i></p></html>\r\n"},
    };
    for (const auto& [words, letter] : letters)
        QVERIFY(peer.append('"' + box + '"', letter));

    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    command::Sync sync;
    sync.headersOnly = true;
    QVERIFY(rig.run(sync).has_value());
    const std::string path = servers().folder(u"Looked at"_s).toStdString();
    command::FetchPreviews wanted{rig.folder(path).id, {}};
    for (const MessageSummary& row : rig.rows(path)) {
        QVERIFY(row.preview.empty());
        wanted.messages.push_back(row.id);
    }
    QCOMPARE(wanted.messages.size(), std::size(letters));
    const auto done = rig.run(wanted);
    QVERIFY2(done.has_value(), done ? "" : done.error().detail.c_str());
    for (const MessageSummary& row : rig.rows(path)) {
        QVERIFY(!row.hasBody);
        const std::string expected = letters[static_cast<std::size_t>(row.subject[0] - 'a')].first;
        QVERIFY2(row.preview.starts_with(expected), (row.subject + ": " + row.preview).c_str());
        QVERIFY2(row.preview.find("\xef\xbf\xbd") == std::string::npos, row.preview.c_str());
    }
}

void PreviewTest::leavesWhatIsNotLookedAtAnyMore()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    command::Sync sync;
    sync.headersOnly = true;
    QVERIFY(rig.run(sync).has_value());
    const std::string path = servers().folder(u"Looked at"_s).toStdString();
    const auto rows = rig.rows(path);
    QVERIFY(rows.size() > 1);
    Result<QJsonObject> first;
    RequestId request;
    const auto connection = connect(&rig.engine(), &MailEngine::finished, this,
                                    [&](RequestId finished, const Result<QJsonObject>& reply) {
                                        if (finished == request)
                                            first = reply;
                                    });
    request = rig.engine().submit(command::FetchPreviews{rig.folder(path).id, {rows[0].id}});
    QVERIFY(rig.run(command::FetchPreviews{rig.folder(path).id, {rows[1].id}}).has_value());
    disconnect(connection);
    QVERIFY(!first);
    QVERIFY(first.error().kind == ErrorKind::Cancelled);
    QVERIFY(!rig.rows(path)[1].preview.empty());
}

QTEST_GUILESS_MAIN(PreviewTest)
#include "PreviewTest.moc"
