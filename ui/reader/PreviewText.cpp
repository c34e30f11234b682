// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/PreviewText.h"

#include "core/mime/Charset.h"
#include "ui/theme/Theme.h"

#include <QList>
#include <QMimeData>
#include <QTextBlock>
#include <QTextCursor>

#include <algorithm>

namespace avocet {

namespace {

constexpr std::size_t mostPreviewText = 2'000'000;
constexpr qsizetype longestLine = 2'000;
constexpr int continuesLine = 1; ///< a block's state: it goes on with the line above

/// Where a line that begins at `from` and ends at `end` is broken: behind a space where one is near.
qsizetype breakWithin(const QString& text, qsizetype from, qsizetype end)
{
    if (end - from <= longestLine) {
        return end;
    }
    qsizetype at = from + longestLine;
    const qsizetype space = text.lastIndexOf(u' ', at - 1);
    if (space > from + longestLine / 2) {
        return space + 1;
    }
    return text.at(at).isLowSurrogate() ? at - 1 : at;
}

} // namespace

std::string attachmentText(std::string_view raw, const ParsedMessage& parsed,
                           const ParsedAttachment& attachment)
{
    const auto part = static_cast<std::size_t>(attachment.part);
    if (attachment.part >= 0 && attachment.file < 0 && part < parsed.parts.size()) {
        return partText(raw, parsed.parts[part]);
    }
    return mime::guessedUtf8(decodedAttachment(raw, parsed, attachment));
}

PreviewText::PreviewText(const std::string& utf8, QWidget* parent)
    : QPlainTextEdit(parent)
    , m_whole(utf8.size() <= mostPreviewText)
{
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    document()->setDocumentMargin(metrics::space4);
    setFont(themeFont(TextRole::Message));
    std::size_t size = std::min(utf8.size(), mostPreviewText);
    while (!m_whole && size > 0 && (static_cast<unsigned char>(utf8[size]) & 0xC0) == 0x80) {
        --size;
    }
    setLines(QString::fromUtf8(utf8.data(), static_cast<qsizetype>(size)));
}

void PreviewText::setLines(const QString& text)
{
    QString shown;
    shown.reserve(text.size() + text.size() / longestLine);
    QList<int> continued;
    int number = 0;
    for (qsizetype start = 0; start <= text.size();) {
        const qsizetype found = text.indexOf(u'\n', start);
        const qsizetype end = found < 0 ? text.size() : found;
        for (qsizetype from = start; from < end;) {
            const qsizetype to = breakWithin(text, from, end);
            shown += QStringView(text).mid(from, to - from);
            if (to < end) {
                shown += u'\n';
                continued.append(++number);
            }
            from = to;
        }
        if (found >= 0) {
            shown += u'\n';
            ++number;
        }
        start = end + 1;
    }
    setPlainText(shown);
    for (const int each : continued) {
        document()->findBlockByNumber(each).setUserState(continuesLine);
    }
}

QMimeData* PreviewText::createMimeDataFromSelection() const
{
    const QTextCursor cursor = textCursor();
    const int start = cursor.selectionStart();
    const int end = cursor.selectionEnd();
    QString words;
    for (QTextBlock block = document()->findBlock(start);
         block.isValid() && block.position() <= end; block = block.next()) {
        if (block.position() > start && block.userState() != continuesLine) {
            words += u'\n';
        }
        const int from = std::max(start - block.position(), 0);
        words += block.text().mid(from, end - block.position() - from);
    }
    auto* copied = new QMimeData;
    copied->setText(words);
    return copied;
}

} // namespace avocet
