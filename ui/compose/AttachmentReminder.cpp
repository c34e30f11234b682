// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/AttachmentReminder.h"

#include <QRegularExpression>
#include <QStringList>

namespace avocet {

namespace {

const QRegularExpression& attachmentWords()
{
    // Whole words where a language has words; people write in other languages than their desktop's.
    static const QRegularExpression words(
        QStringLiteral(
            "\\b(attached|attachments?|attaching|enclosed|"                         // en
            "anhang|anhänge|angehängt\\w*|anbei|beigefügt\\w*|anlagen?|"            // de
            "ci-joints?|ci-jointes?|pi[eè]ces? jointes?|"                           // fr
            "adjunt[oa]s?|adjuntado|in allegato|allegat[oiae]|allego|"              // es it
            "em anexo|anexos?|anexad[oa]s?|bijlagen?|bijgevoegde?|"                 // pt nl
            "bifogar|bifogade?s?|bifogat|vedlagte?|vedlegg|vedhæftede?t?|"          // sv nb da
            "liitteenä|liitteet|oheisena|załącznik\\w*|załączam|w załączeniu|"      // fi pl
            "přílo[hz]\\w*|priložen\\w*|mellékelt\\w*|csatol\\w*|ataşat\\w*|"       // cs sl hu ro
            "ekte|ekteki|ekli|вложени\\w*|прикреп\\w+|прилага\\w+|συνημμέν\\w+)\\b" // tr ru el
            "|添付|附件|첨부|مرفق"),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption);
    return words;
}

} // namespace

QSet<QString> linesOf(const QString& text)
{
    const QStringList lines = text.split(u'\n');
    return {lines.begin(), lines.end()};
}

QSet<QString> givenLines(const Draft& draft, const QString& text, const Identity* identity)
{
    QSet<QString> given;
    if (identity)
        given = linesOf(QString::fromStdString(identity->signature));
    if (!draft.inReplyTo.empty() || draft.forwards)
        given.insert(QString::fromStdString(draft.subject));
    const QStringList lines = text.split(u'\n');
    bool forwarded = false;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        // What is forwarded stands behind its header, without marks.
        forwarded = forwarded || (draft.forwards && lines[i].startsWith(u"From: "));
        const bool attribution =
            lines[i].endsWith(u':') && i + 1 < lines.size() && lines[i + 1].startsWith(u'>');
        if (forwarded || attribution)
            given.insert(lines[i]);
    }
    return given;
}

bool mentionsAttachment(const QString& subject, const QString& text, const QSet<QString>& given)
{
    if (attachmentWords().match(subject).hasMatch() && !given.contains(subject))
        return true;
    for (const QString& line : text.split(u'\n')) {
        if (line == QLatin1String("-- "))
            break;
        if (line.startsWith(u'>') || given.contains(line))
            continue;
        if (attachmentWords().match(line).hasMatch())
            return true;
    }
    return false;
}

} // namespace avocet
