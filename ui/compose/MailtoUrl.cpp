// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/MailtoUrl.h"

#include "ui/compose/RecipientParser.h"

#include <QList>
#include <QString>

#include <algorithm>

namespace avocet {

namespace {

constexpr qsizetype maxUrl = 1 << 20;
constexpr std::size_t maxRecipients = 500;
constexpr qsizetype maxSubject = 2000;
constexpr qsizetype maxMessageId = 250;

QString decoded(const QByteArray& text)
{
    return QString::fromUtf8(QByteArray::fromPercentEncoding(text));
}

QString oneLine(const QString& text, qsizetype limit)
{
    QString line;
    for (const QChar c : text.left(limit))
        line.append(c.category() == QChar::Other_Control ? QChar(u' ') : c);
    return line.simplified();
}

QString bodyText(QString text)
{
    text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    text.replace(u'\r', u'\n');
    text.removeIf(
        [](QChar c) { return c.category() == QChar::Other_Control && c != u'\n' && c != u'\t'; });
    return text;
}

/// Commas divide recipients before decoding; an encoded one belongs to an address.
void addRecipients(std::vector<Address>& list, const QByteArray& field)
{
    for (const QByteArray& part : field.split(',')) {
        const QString text = oneLine(decoded(part), maxSubject);
        if (!text.isEmpty() && list.size() < maxRecipients)
            list.push_back(parseRecipient(text).address);
    }
}

std::string messageId(const QByteArray& field)
{
    QString text = decoded(field).trimmed();
    if (text.startsWith(u'<') && text.endsWith(u'>'))
        text = text.mid(1, text.size() - 2);
    const bool plain = text.size() <= maxMessageId && text.contains(u'@') &&
                       std::all_of(text.begin(), text.end(), [](QChar c) {
                           return c > u' ' && c < QChar(0x7F) && c != u'<' && c != u'>';
                       });
    return plain ? text.toStdString() : std::string();
}

void readField(Draft& draft, const QByteArray& name, const QByteArray& value)
{
    if (name == "to")
        addRecipients(draft.to, value);
    else if (name == "cc")
        addRecipients(draft.cc, value);
    else if (name == "bcc")
        addRecipients(draft.bcc, value);
    else if (name == "subject")
        draft.subject = oneLine(decoded(value), maxSubject).toStdString();
    else if (name == "body")
        draft.text = bodyText(decoded(value)).toStdString();
    else if (name == "in-reply-to")
        draft.inReplyTo = messageId(value);
}

} // namespace

Result<Draft> draftFromMailto(const QByteArray& url)
{
    if (url.size() > maxUrl || url.left(7).toLower() != "mailto:")
        return fail(ErrorKind::Rejected, "not a mailto URL", ErrorCode::InvalidInput);
    QByteArray rest = url.mid(7);
    if (const qsizetype fragment = rest.indexOf('#'); fragment >= 0)
        rest.truncate(fragment);
    const qsizetype question = rest.indexOf('?');
    Draft draft;
    addRecipients(draft.to, question < 0 ? rest : rest.left(question));
    if (question < 0)
        return draft;
    QByteArray fields = rest.mid(question + 1);
    fields.replace("&amp;", "&"); // as careless pages write it
    for (const QByteArray& field : fields.split('&')) {
        const qsizetype equals = field.indexOf('=');
        if (equals > 0)
            readField(draft, QByteArray::fromPercentEncoding(field.left(equals)).toLower(),
                      field.mid(equals + 1));
    }
    if (!draft.inReplyTo.empty())
        draft.references = {draft.inReplyTo};
    return draft;
}

} // namespace avocet
