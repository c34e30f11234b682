// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ParseCommand.h"

#include "app/MessageJson.h"
#include "core/mime/MessageReader.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <cstdio>

namespace avocet {
namespace {

constexpr qint64 kLargestFile = qint64{1} << 30;

void complain(const QString& text)
{
    const QByteArray line = "avocet: " + text.toUtf8() + '\n';
    std::fwrite(line.constData(), 1, static_cast<std::size_t>(line.size()), stderr);
}

/// One line cannot hold what a file name may.
QString onOneLine(const QString& text)
{
    QString result = text;
    for (QChar& c : result)
        if (c.category() == QChar::Other_Control)
            c = QLatin1Char('?');
    return result;
}

/// file, date, from, subject and counts, between tabs.
std::string summaryLine(const QString& file, const ParsedMessage& message)
{
    QStringList columns{onOneLine(file)};
    columns << (message.date ? QDateTime::fromSecsSinceEpoch(*message.date, Qt::OffsetFromUTC,
                                                             message.dateOffset * 60)
                                   .toString(Qt::ISODate)
                             : QStringLiteral("-"));
    QStringList from;
    for (const Address& address : message.from)
        from << QString::fromStdString(
            address.name.empty() ? address.address : address.name + " <" + address.address + ">");
    columns << from.join(QStringLiteral(", ")) << QString::fromStdString(message.subject)
            << QStringLiteral("%1 parts, %2 attachments, %3 characters, %4 notes")
                   .arg(message.parts.size())
                   .arg(message.attachments.size())
                   .arg(QString::fromStdString(message.text).size())
                   .arg(message.notes.size());
    return columns.join(QLatin1Char('\t')).toStdString();
}

bool parseFile(const QString& name, bool json)
{
    QFile file(name);
    if (QFileInfo(name).isDir() || !file.open(QIODevice::ReadOnly)) {
        complain(QStringLiteral("cannot read %1: %2")
                     .arg(onOneLine(name), QFileInfo(name).isDir()
                                               ? QStringLiteral("it is a directory")
                                               : file.errorString()));
        return false;
    }
    // Read rather than mapped: a file that shrinks meanwhile must not end the program.
    const QByteArray bytes = file.read(kLargestFile + 1);
    if (file.error() != QFileDevice::NoError || bytes.size() > kLargestFile) {
        complain(QStringLiteral("cannot read %1: %2")
                     .arg(onOneLine(name), bytes.size() > kLargestFile
                                               ? QStringLiteral("larger than 1 GB")
                                               : file.errorString()));
        return false;
    }
    const std::string_view raw(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    const ParsedMessage message = readMessage(raw);
    bool written = true;
    const auto write = [&written](std::string_view piece) {
        written = written && std::fwrite(piece.data(), 1, piece.size(), stdout) == piece.size();
    };
    if (json)
        writeMessageJson(name, raw, message, write);
    else
        write(summaryLine(name, message));
    write("\n");
    if (!written || std::fflush(stdout) != 0) {
        complain(QStringLiteral("cannot write to standard output"));
        return false;
    }
    return true;
}

} // namespace

int runParse(const QStringList& arguments)
{
    bool json = false;
    bool onlyFiles = false;
    QStringList files;
    for (const QString& argument : arguments) {
        if (!onlyFiles && argument == QStringLiteral("--json")) {
            json = true;
        } else if (!onlyFiles && argument == QStringLiteral("--")) {
            onlyFiles = true;
        } else if (!onlyFiles && argument.startsWith(QStringLiteral("--"))) {
            complain(QStringLiteral("parse does not know the option %1").arg(onOneLine(argument)));
            return 2;
        } else {
            files << argument;
        }
    }
    if (files.isEmpty()) {
        complain(QStringLiteral("parse needs a file: avocet parse [--json] FILE..."));
        return 2;
    }
    bool allRead = true;
    for (const QString& file : files)
        allRead = parseFile(file, json) && allRead;
    return allRead ? 0 : 1;
}

} // namespace avocet
