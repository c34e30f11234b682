// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ComposeRequest.h"

#include "ui/compose/RecipientParser.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

namespace avocet {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 longestBody = 8 * 1024 * 1024;

std::vector<Address> addresses(const QString& text)
{
    std::vector<Address> found;
    for (const TypedRecipient& recipient : parseRecipients(text))
        found.push_back(recipient.address);
    return found;
}

/// A body has line feeds and no control characters.
std::string clean(QString text)
{
    text.replace("\r\n"_L1, "\n"_L1);
    text.replace(u'\r', u'\n');
    text.removeIf(
        [](QChar c) { return c.category() == QChar::Other_Control && c != u'\n' && c != u'\t'; });
    return text.toStdString();
}

} // namespace

Status ComposeRequest::resolve()
{
    for (QString& path : attach) {
        const QFileInfo file(path);
        if (!file.isFile() || !file.isReadable())
            return fail(ErrorKind::Rejected, "cannot read " + path.toStdString(),
                        ErrorCode::NotFound);
        path = file.absoluteFilePath();
    }
    if (bodyFile.isEmpty())
        return {};
    QFile file(bodyFile);
    const bool open =
        bodyFile == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!open)
        return fail(ErrorKind::Rejected, "cannot read " + bodyFile.toStdString(),
                    ErrorCode::NotFound);
    const QByteArray bytes = file.read(longestBody + 1);
    if (bytes.size() > longestBody)
        return fail(ErrorKind::Rejected, bodyFile.toStdString() + " is over 8 MB",
                    ErrorCode::TooLarge);
    body = QString::fromUtf8(bytes);
    bodyFile.clear();
    return {};
}

Draft ComposeRequest::draft() const
{
    Draft draft;
    draft.to = addresses(to);
    draft.cc = addresses(cc);
    draft.bcc = addresses(bcc);
    draft.subject = subject.simplified().toStdString();
    draft.text = clean(body);
    return draft;
}

QStringList ComposeRequest::arguments() const
{
    const QJsonObject object{{u"to"_qs, to},
                             {u"cc"_qs, cc},
                             {u"bcc"_qs, bcc},
                             {u"subject"_qs, subject},
                             {u"body"_qs, body},
                             {u"bodyFile"_qs, bodyFile},
                             {u"attach"_qs, QJsonArray::fromStringList(attach)}};
    return {u"compose"_qs, QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact))};
}

std::optional<ComposeRequest> ComposeRequest::fromArguments(const QStringList& arguments)
{
    if (arguments.size() != 2 || arguments.front() != u"compose")
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(arguments.back().toUtf8()).object();
    const auto text = [&](const QString& name) { return object.value(name).toString(); };
    ComposeRequest request{text(u"to"_qs),
                           text(u"cc"_qs),
                           text(u"bcc"_qs),
                           text(u"subject"_qs),
                           text(u"body"_qs),
                           text(u"bodyFile"_qs),
                           {}};
    for (const QJsonValue& path : object.value(u"attach"_qs).toArray())
        request.attach.append(path.toString());
    return request;
}

} // namespace avocet
