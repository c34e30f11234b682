// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageReader.h"
#include "tests/core/mime/TestFiles.h"

#include <QDir>
#include <QtTest>

using namespace avocet;
using namespace avocet::test;

/// Reads each message of tests/corpus and compares what comes out with its row in expected.tsv.
class CorpusTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsBrokenMail_data();
    void readsBrokenMail();
    void expectsSomethingOfEachFile();
};

namespace {

QByteArray listed(const std::vector<Address>& list)
{
    QByteArrayList cells;
    for (const Address& address : list)
        cells << QByteArray::fromStdString(address.name + "|" + address.address);
    return cells.join(';');
}

QByteArray listed(const std::vector<ParsedAttachment>& list)
{
    QByteArrayList cells;
    for (const ParsedAttachment& a : list)
        cells << QByteArray::fromStdString(a.name + ":" + a.type + ":" + std::to_string(a.size) +
                                           (a.isInline ? ":inline" : ""));
    return cells.join(';');
}

QByteArray typesOf(const ParsedMessage& message)
{
    QByteArrayList types;
    for (const MimePart& part : message.parts)
        types << QByteArray::fromStdString(part.type);
    return types.join(',');
}

QByteArray htmlOf(const ParsedMessage& message)
{
    for (const ShownPart& shown : message.shown)
        if (shown.isHtml)
            return QByteArray::fromStdString(shown.content);
    return {};
}

/// "1:text,2:html": which part stands where.
QByteArray shownIn(const ParsedMessage& message)
{
    QByteArrayList pieces;
    for (const ShownPart& shown : message.shown)
        pieces << QByteArray::number(shown.part) + (shown.isHtml ? ":html" : ":text");
    return pieces.join(',');
}

QByteArray valueOf(const ParsedMessage& message, const QByteArray& key)
{
    if (key == "subject")
        return QByteArray::fromStdString(message.subject);
    if (key == "from")
        return listed(message.from);
    if (key == "to")
        return listed(message.to);
    if (key == "date")
        return message.date ? QByteArray::number(static_cast<qlonglong>(*message.date))
                            : QByteArray();
    if (key == "offset")
        return QByteArray::number(message.dateOffset);
    if (key == "text")
        return QByteArray::fromStdString(message.text);
    if (key == "html")
        return htmlOf(message);
    if (key == "shown")
        return shownIn(message);
    if (key == "parts")
        return QByteArray::number(static_cast<qulonglong>(message.parts.size()));
    if (key == "types")
        return typesOf(message);
    if (key == "attachments")
        return listed(message.attachments);
    if (key == "notes")
        return QByteArray::number(static_cast<qulonglong>(message.notes.size()));
    if (key == "note") {
        QByteArray all;
        for (const std::string& note : message.notes)
            all += QByteArray::fromStdString(note) + '\n';
        return all;
    }
    return "no such key: " + key;
}

} // namespace

void CorpusTest::readsBrokenMail_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArrayList>("checks");
    for (const QList<QByteArray>& row : tableRows(QStringLiteral("tests/corpus/expected.tsv")))
        QTest::newRow(row.value(1).constData()) << row.value(0) << QByteArrayList(row.mid(2));
}

void CorpusTest::readsBrokenMail()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArrayList, checks);
    const QString path = sourcePath(QStringLiteral("tests/corpus/") + QString::fromUtf8(file));
    QVERIFY2(QFile::exists(path), qPrintable(path));
    const ParsedMessage message = readMessage(toStd(fileBytes(path)));
    QVERIFY(!checks.isEmpty());
    for (const QByteArray& check : checks) {
        qsizetype sign = 0;
        while (sign < check.size() && check[sign] >= 'a' && check[sign] <= 'z')
            ++sign;
        const QByteArray found = valueOf(message, check.left(sign));
        const QByteArray wanted = unescaped(check.mid(sign + 1));
        const bool right = check[sign] == '='   ? found == wanted
                           : check[sign] == '~' ? found.contains(wanted)
                                                : !found.contains(wanted);
        QVERIFY2(right, (check + "\n  found: " + found).constData());
    }
}

void CorpusTest::expectsSomethingOfEachFile()
{
    QStringList listedFiles;
    for (const QList<QByteArray>& row : tableRows(QStringLiteral("tests/corpus/expected.tsv")))
        listedFiles << QString::fromUtf8(row.value(0));
    listedFiles.sort();
    const QStringList present = QDir(sourcePath(QStringLiteral("tests/corpus")))
                                    .entryList({QStringLiteral("*.eml")}, QDir::Files, QDir::Name);
    QStringList sortedPresent = present;
    sortedPresent.sort();
    QCOMPARE(listedFiles, sortedPresent);
}

QTEST_GUILESS_MAIN(CorpusTest)
#include "CorpusTest.moc"
