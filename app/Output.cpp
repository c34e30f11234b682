// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Output.h"

#include "app/MessageJson.h"
#include "core/mime/MessageReader.h"
#include "ui/words/ErrorWords.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cstdio>

namespace avocet {

using namespace Qt::StringLiterals;

namespace {

void print(const QByteArray& bytes)
{
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stdout);
    std::fflush(stdout);
}

void printText(const QString& line)
{
    print(line.toUtf8() + '\n');
}

QString number(const QJsonObject& object, QLatin1String key)
{
    return QString::number(object.value(key).toInteger());
}

QString people(const QJsonArray& addresses)
{
    QStringList names;
    for (const QJsonValue& value : addresses) {
        const QString name = value.toObject().value("name"_L1).toString();
        names.append(name.isEmpty() ? value.toObject().value("address"_L1).toString() : name);
    }
    return names.join(u", "_qs);
}

QString people(const std::vector<Address>& addresses)
{
    QStringList list;
    for (const Address& address : addresses) {
        const QString mail = QString::fromStdString(address.address);
        list.append(address.name.empty()
                        ? mail
                        : u"%1 <%2>"_qs.arg(QString::fromStdString(address.name), mail));
    }
    return list.join(u", "_qs);
}

struct LineText {
    const QJsonObject& line;

    QString operator()(const command::ListAccounts&) const
    {
        return u"%1  %2  %3  %4  %5"_qs.arg(number(line, "id"_L1), line["email"_L1].toString(),
                                            line["imap"_L1].toString(), line["smtp"_L1].toString(),
                                            line["state"_L1].toString());
    }
    QString operator()(const command::Sync&) const
    {
        if (line.contains("bodies"_L1))
            return u"%1: %2 whole messages fetched"_qs.arg(line["folder"_L1].toString(),
                                                           number(line, "bodies"_L1));
        return u"%1: %2 new, %3 changed, %4 removed"_qs.arg(
            line["folder"_L1].toString(), number(line, "new"_L1), number(line, "changed"_L1),
            number(line, "removed"_L1));
    }
    QString operator()(const command::Watch&) const
    {
        return u"%1 %2 %3 %4"_qs.arg(line["at"_L1].toString(), line["event"_L1].toString(),
                                     number(line, "id"_L1), line["folder"_L1].toString());
    }
    QString operator()(const command::ListFolders&) const
    {
        return u"%1  %2 unread of %3"_qs.arg(line["path"_L1].toString(), number(line, "unread"_L1),
                                             number(line, "total"_L1));
    }
    QString operator()(const command::Search&) const { return (*this)(command::ListMessages{}); }
    QString operator()(const command::ListMessages&) const
    {
        return u"%1  %2  %3  %4"_qs.arg(number(line, "id"_L1), line["date"_L1].toString(),
                                        people(line["from"_L1].toArray()),
                                        line["subject"_L1].toString());
    }
    QString operator()(const command::ListOutbox&) const
    {
        QStringList recipients;
        for (const QJsonValue& value : line["recipients"_L1].toArray())
            recipients.append(value["address"_L1].toString());
        return u"%1  %2  %3  %4"_qs.arg(number(line, "id"_L1), line["state"_L1].toString(),
                                        recipients.join(u", "_qs), line["reply"_L1].toString());
    }
    template <class Other>
    QString operator()(const Other&) const
    {
        return {}; // progress of a sign-in and the like
    }
};

void printMessage(const Invocation& invocation, const QByteArray& raw)
{
    if (invocation.showAs == Invocation::ShowAs::Raw) {
        print(raw);
        return;
    }
    const std::string_view bytes(raw.constData(), static_cast<std::size_t>(raw.size()));
    const ParsedMessage parsed = readMessage(bytes);
    if (invocation.showAs == Invocation::ShowAs::Json) {
        QJsonObject object = messageJson(bytes, parsed);
        object.insert(
            "id"_L1,
            static_cast<qint64>(std::get<command::ShowMessage>(invocation.command).message.value));
        print(QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
        return;
    }
    printText(u"From: "_qs + people(parsed.from));
    printText(u"To: "_qs + people(parsed.to));
    if (!parsed.cc.empty())
        printText(u"Cc: "_qs + people(parsed.cc));
    printText(u"Subject: "_qs + QString::fromStdString(parsed.subject));
    for (const ParsedAttachment& attachment : parsed.attachments)
        printText(u"Attachment: %1 (%2 bytes)"_qs.arg(QString::fromStdString(attachment.name),
                                                      QString::number(attachment.size)));
    for (const std::string& note : parsed.notes)
        printText(u"Note: "_qs + QString::fromStdString(note));
    printText({});
    printText(QString::fromStdString(parsed.text));
}

QString serverName(const Invocation& invocation)
{
    if (const auto* add = std::get_if<command::AddAccount>(&invocation.command))
        return QString::fromStdString(add->account.imap.host);
    return {};
}

} // namespace

void printLine(const Invocation& invocation, const QJsonObject& line)
{
    if (invocation.json) {
        print(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
        return;
    }
    const QString text = std::visit(LineText{line}, invocation.command);
    if (!text.isEmpty())
        printText(text);
}

void printReply(const Invocation& invocation, const QJsonObject& reply)
{
    if (std::holds_alternative<command::ShowMessage>(invocation.command)) {
        printMessage(invocation, QByteArray::fromBase64(reply["raw"_L1].toString().toLatin1()));
        return;
    }
    if (invocation.json) {
        if (!reply.isEmpty())
            print(QJsonDocument(reply).toJson(QJsonDocument::Compact) + '\n');
    } else if (std::holds_alternative<command::AddAccount>(invocation.command)) {
        printText(u"Account %1 added."_qs.arg(number(reply, "accountId"_L1)));
    } else if (std::holds_alternative<command::TestAccount>(invocation.command)) {
        printText(u"Both servers accepted the sign-in."_qs);
    } else if (std::holds_alternative<command::SendRaw>(invocation.command)) {
        printText(u"Message %1 is %2."_qs.arg(number(reply, "outboxId"_L1),
                                              reply["state"_L1].toString()));
    }
}

void printProblem(const QString& problem)
{
    QString line = problem.simplified();
    std::fputs(("avocet: " + line.toUtf8() + '\n').constData(), stderr);
}

QString refusedLine(const QJsonObject& reply)
{
    const QJsonObject refused = reply["refused"_L1].toObject();
    if (refused.isEmpty())
        return {};
    const Error error = errorFromJson(refused);
    QString line = u"The server refused a waiting change. It was taken back; all else is done."_qs;
    const std::string& more = error.serverText.empty() ? error.detail : error.serverText;
    if (!more.empty())
        line += u" (%1)"_qs.arg(QString::fromStdString(more));
    return line;
}

QString errorLine(const Invocation& invocation, const Error& error)
{
    QString line = errorSentence(error, serverName(invocation));
    // A library's own words belong into a log; ours say which folder, file or id is meant.
    const bool ours = error.kind == ErrorKind::Rejected || error.kind == ErrorKind::Storage ||
                      error.kind == ErrorKind::Bug;
    const std::string& more = error.serverText.empty() && ours ? error.detail : error.serverText;
    if (!more.empty())
        line += u" (%1)"_qs.arg(QString::fromStdString(more));
    return line;
}

} // namespace avocet
