// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ParseCommand.h"
#include "app/MessageJson.h"
#include "core/mime/MessageReader.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include <fcntl.h>
#include <unistd.h>

using namespace avocet;

class ParseCommandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void printsTheDocumentedObject();
    void goesOnBehindAnUnreadableFile();
    void knowsItsUsage();
    void escapesWhateverComes();
    void nestsAsDeepAsTheReader();
};

namespace {

/// Standard output goes to a file while this lives.
class Captured {
public:
    explicit Captured(const QString& path)
        : m_saved(dup(1))
    {
        std::fflush(stdout);
        const int file =
            open(path.toUtf8().constData(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
        dup2(file, 1);
        close(file);
    }
    ~Captured()
    {
        std::fflush(stdout);
        dup2(m_saved, 1);
        close(m_saved);
    }
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;

private:
    int m_saved;
};

QByteArray fileBytes(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString written(const QTemporaryDir& dir, const QString& name, const QByteArray& bytes)
{
    QFile file(dir.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write");
    return file.fileName();
}

} // namespace

void ParseCommandTest::printsTheDocumentedObject()
{
    QTemporaryDir dir;
    const QString file =
        written(dir, QStringLiteral("m.eml"),
                "From: =?utf-8?q?J=C3=B6rg?= <j@example.org>\nTo: a@example.net\nSubject: pic\n"
                "Date: Tue, 3 Nov 2026 09:15:00 +0130\nMessage-ID: <1@x>\n"
                "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; "
                "charset=utf-8\n\nhi\n--b\n"
                "Content-Type: image/png; name=p.png\nContent-Disposition: attachment\n"
                "Content-Transfer-Encoding: base64\n\nQUJD\n");
    const QString out = dir.filePath(QStringLiteral("out"));
    int code = -1;
    {
        const Captured captured(out);
        code = runParse({QStringLiteral("--json"), file});
    }
    QCOMPARE(code, 0);
    const QByteArray line = fileBytes(out);
    QCOMPARE(line.count('\n'), 1);
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    QCOMPARE(object.keys(),
             QStringList(
                 {QStringLiteral("attachments"), QStringLiteral("cc"), QStringLiteral("date"),
                  QStringLiteral("file"), QStringLiteral("from"), QStringLiteral("html"),
                  QStringLiteral("messageId"), QStringLiteral("notes"), QStringLiteral("structure"),
                  QStringLiteral("subject"), QStringLiteral("text"), QStringLiteral("to")}));
    QCOMPARE(object.value(QStringLiteral("file")).toString(), file);
    QCOMPARE(object.value(QStringLiteral("date")).toString(),
             QStringLiteral("2026-11-03T09:15:00+01:30"));
    const QJsonObject from = object.value(QStringLiteral("from")).toArray().at(0).toObject();
    QCOMPARE(from.value(QStringLiteral("name")).toString(), QStringLiteral("Jörg"));
    QCOMPARE(from.value(QStringLiteral("address")).toString(), QStringLiteral("j@example.org"));
    const QJsonObject root = object.value(QStringLiteral("structure")).toObject();
    QCOMPARE(root.value(QStringLiteral("type")).toString(), QStringLiteral("multipart/mixed"));
    const QJsonObject picture = root.value(QStringLiteral("children")).toArray().at(1).toObject();
    QCOMPARE(picture.value(QStringLiteral("encoding")).toString(), QStringLiteral("base64"));
    QCOMPARE(picture.value(QStringLiteral("size")).toInt(), 3);
    const QJsonObject attachment =
        object.value(QStringLiteral("attachments")).toArray().at(0).toObject();
    QCOMPARE(attachment.value(QStringLiteral("name")).toString(), QStringLiteral("p.png"));
    QCOMPARE(attachment.value(QStringLiteral("sha256")).toString(),
             QStringLiteral("b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78"));
    QCOMPARE(object.value(QStringLiteral("notes")).toArray().size(), 1);
}

void ParseCommandTest::goesOnBehindAnUnreadableFile()
{
    QTemporaryDir dir;
    const QString one = written(dir, QStringLiteral("one.eml"), "Subject: first\n\nx\n");
    const QString two = written(dir, QStringLiteral("two.eml"), "Subject: second\n\nx\n");
    const QString out = dir.filePath(QStringLiteral("out"));
    int code = -1;
    {
        const Captured captured(out);
        code = runParse({one, dir.filePath(QStringLiteral("missing")), dir.path(), two});
    }
    QCOMPARE(code, 1);
    const QByteArrayList lines = fileBytes(out).trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines.at(0).contains("first"));
    QVERIFY(lines.at(1).contains("second"));
}

void ParseCommandTest::knowsItsUsage()
{
    QCOMPARE(runParse({}), 2);
    QCOMPARE(runParse({QStringLiteral("--json")}), 2);
    QCOMPARE(runParse({QStringLiteral("--unknown"), QStringLiteral("x")}), 2);
}

void ParseCommandTest::escapesWhateverComes()
{
    ParsedMessage message;
    for (int c = 0; c < 0x80; ++c)
        message.text += static_cast<char>(c);
    message.text += "ä€😀";
    message.text += std::string(200'000, '"');
    const std::string line = messageJsonLine(QStringLiteral("a\"b"), "", message);
    QVERIFY(line.find('\n') == std::string::npos);
    const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
    QCOMPARE(object.value(QStringLiteral("text")).toString(), QString::fromStdString(message.text));
    QCOMPARE(object.value(QStringLiteral("file")).toString(), QStringLiteral("a\"b"));
    QVERIFY(object.value(QStringLiteral("date")).isNull());
}

void ParseCommandTest::nestsAsDeepAsTheReader()
{
    std::string raw;
    for (int i = 0; i < 300; ++i)
        raw += "Content-Type: message/rfc822\n\n";
    raw += "\nwords\n";
    QJsonObject part =
        messageJson(raw, readMessage(raw)).value(QStringLiteral("structure")).toObject();
    int depth = 0;
    for (; !part.isEmpty(); ++depth)
        part = part.value(QStringLiteral("children")).toArray().at(0).toObject();
    QCOMPARE(depth, 101);
}

QTEST_GUILESS_MAIN(ParseCommandTest)
#include "ParseCommandTest.moc"
