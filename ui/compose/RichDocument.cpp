// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/RichDocument.h"

#include "ui/theme/Theme.h"

#include <QFont>
#include <QFontMetricsF>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextList>

#include <algorithm>

namespace avocet {

namespace rich {

namespace {

constexpr int quoteStep = 16;
constexpr int codePadding = 12;

} // namespace

int quoteDepth(const QTextBlock& block)
{
    return block.blockFormat().intProperty(QuoteDepth);
}

bool isCode(const QTextBlock& block)
{
    return block.blockFormat().boolProperty(CodeBlock);
}

RichBlock::Kind kindOf(const QTextBlock& block)
{
    if (block.blockFormat().boolProperty(Rule) &&
        block.length() == 1) // what is written into it is words
        return RichBlock::Kind::Rule;
    if (isCode(block))
        return RichBlock::Kind::Code;
    const QTextList* list = block.textList();
    if (!list)
        return RichBlock::Kind::Paragraph;
    return list->format().style() == QTextListFormat::ListDecimal ? RichBlock::Kind::Number
                                                                  : RichBlock::Kind::Bullet;
}

QTextListFormat::Style listStyle(RichBlock::Kind kind, int level)
{
    if (kind == RichBlock::Kind::Number)
        return QTextListFormat::ListDecimal;
    return level <= 1   ? QTextListFormat::ListDisc
           : level == 2 ? QTextListFormat::ListCircle
                        : QTextListFormat::ListSquare;
}

QTextBlockFormat plainBlockFormat()
{
    QTextBlockFormat format;
    // Not proportional: that would be room of half its height below a picture.
    static const double distance =
        (lineHeightFactor - 1) * QFontMetricsF(themeFont(TextRole::Message)).height();
    format.setLineHeight(distance, QTextBlockFormat::LineDistanceHeight);
    return format;
}

QTextBlockFormat blockFormat(const RichBlock& block)
{
    QTextBlockFormat format = plainBlockFormat();
    const bool code = block.kind == RichBlock::Kind::Code;
    if (block.quote > 0)
        format.setProperty(QuoteDepth, block.quote);
    if (code)
        format.setProperty(CodeBlock, true);
    if (block.kind == RichBlock::Kind::Rule)
        format.setProperty(Rule, true);
    if (block.heading > 0)
        format.setHeadingLevel(block.heading);
    format.setLeftMargin(block.quote * quoteStep + (code ? codePadding : 0));
    return format;
}

QTextCharFormat charFormat(const RichStyle& style)
{
    QTextCharFormat format;
    if (style.bold)
        format.setFontWeight(QFont::DemiBold);
    if (style.italic)
        format.setFontItalic(true);
    if (style.underline)
        format.setFontUnderline(true);
    if (style.strike)
        format.setFontStrikeOut(true);
    if (style.code)
        format.setProperty(Code, true);
    if (!style.colour.empty()) {
        const QColor colour(QString::fromStdString(style.colour));
        format.setProperty(Ink, colour);
        format.setForeground(colour);
    }
    if (!style.link.empty()) {
        format.setAnchor(true);
        format.setAnchorHref(QString::fromStdString(style.link));
    }
    return format;
}

QTextCharFormat headingFormat(int level)
{
    QTextCharFormat format;
    if (level == 0)
        return format;
    format.setFontWeight(QFont::DemiBold);
    format.setProperty(QTextFormat::FontSizeAdjustment, std::max(0, 3 - level));
    return format;
}

RichStyle styleOf(const QTextCharFormat& format, bool inHeading)
{
    RichStyle style;
    style.bold = !inHeading && format.fontWeight() >= QFont::DemiBold;
    style.italic = format.fontItalic();
    style.underline = format.fontUnderline();
    style.strike = format.fontStrikeOut();
    style.code = format.boolProperty(Code);
    if (format.hasProperty(Ink))
        style.colour = format.colorProperty(Ink).name().toStdString();
    if (format.isAnchor())
        style.link = format.anchorHref().toStdString();
    return style;
}

void refreshBlock(QTextCursor& cursor)
{
    RichBlock block;
    block.quote = quoteDepth(cursor.block());
    block.kind = isCode(cursor.block()) ? RichBlock::Kind::Code : RichBlock::Kind::Paragraph;
    QTextBlockFormat format;
    format.setLeftMargin(blockFormat(block).leftMargin());
    cursor.mergeBlockFormat(format);
}

} // namespace rich

namespace {

constexpr QChar objectMark = QChar::ObjectReplacementCharacter;

void insertRuns(QTextCursor& cursor, const RichBlock& block)
{
    QTextCharFormat heading = rich::headingFormat(block.heading);
    for (const RichRun& run : block.runs) {
        if (run.image.empty()) {
            QTextCharFormat format = rich::charFormat(run.style);
            if (block.heading > 0)
                format.merge(heading);
            QString text = QString::fromStdString(run.text);
            text.replace(u'\n', QChar::LineSeparator);
            cursor.insertText(text, format);
            continue;
        }
        QTextImageFormat picture;
        picture.setName(QString::fromStdString(run.image));
        picture.setProperty(rich::Alternative, QString::fromStdString(run.text));
        if (run.width > 0)
            picture.setWidth(run.width);
        if (run.height > 0)
            picture.setHeight(run.height);
        if (!run.style.link.empty()) {
            picture.setAnchor(true);
            picture.setAnchorHref(QString::fromStdString(run.style.link));
        }
        cursor.insertText(QString(objectMark), picture);
    }
}

/// Keeps the lists that are open, by their level.
class ListMaker {
public:
    void place(QTextCursor& cursor, const RichBlock& block)
    {
        if (!block.isItem()) {
            m_lists.clear();
            return;
        }
        if (block.quote != m_quote)
            m_lists.clear();
        m_quote = block.quote;
        const auto level = static_cast<std::size_t>(std::clamp(block.level, 1, deepestList));
        m_lists.resize(std::min(m_lists.size(), level));
        const bool same =
            m_lists.size() == level && m_lists.back().kind == block.kind && m_lists.back().list;
        if (same) {
            m_lists.back().list->add(cursor.block());
            return;
        }
        QTextListFormat format;
        format.setIndent(static_cast<int>(level));
        format.setStyle(rich::listStyle(block.kind, block.level));
        m_lists.resize(level);
        m_lists.back() = {cursor.createList(format), block.kind};
    }

private:
    struct Open {
        QTextList* list = nullptr;
        RichBlock::Kind kind = RichBlock::Kind::Bullet;
    };
    std::vector<Open> m_lists;
    int m_quote = 0;
};

void addRuns(RichBlock& out, const QTextBlock& block, int from, int to)
{
    const bool heading = out.heading > 0;
    for (auto part = block.begin(); !part.atEnd(); ++part) {
        const QTextFragment fragment = part.fragment();
        const int start = std::max(fragment.position(), from);
        const int end = std::min(fragment.position() + fragment.length(), to);
        if (start >= end)
            continue;
        const QTextCharFormat format = fragment.charFormat();
        QString text = fragment.text().mid(start - fragment.position(), end - start);
        if (format.isImageFormat()) {
            const QTextImageFormat picture = format.toImageFormat();
            for (const QChar c : text) {
                if (c != objectMark)
                    continue;
                RichRun run;
                run.image = picture.name().toStdString();
                run.text = picture.stringProperty(rich::Alternative).toStdString();
                run.width = static_cast<int>(picture.width());
                run.height = static_cast<int>(picture.height());
                if (picture.isAnchor())
                    run.style.link = picture.anchorHref().toStdString();
                out.runs.push_back(std::move(run));
            }
            continue;
        }
        text.replace(QChar::LineSeparator, u'\n');
        text.remove(objectMark);
        text.remove(QChar(0));
        if (text.isEmpty())
            continue;
        RichStyle style =
            out.kind == RichBlock::Kind::Code ? RichStyle() : rich::styleOf(format, heading);
        if (!out.runs.empty() && out.runs.back().image.empty() && out.runs.back().style == style)
            out.runs.back().text += text.toStdString();
        else
            out.runs.push_back({text.toStdString(), std::move(style)});
    }
}

RichBlock richBlockOf(const QTextBlock& block, int from, int to)
{
    RichBlock out;
    out.kind = rich::kindOf(block);
    out.quote = rich::quoteDepth(block);
    out.heading = out.kind == RichBlock::Kind::Paragraph
                      ? std::clamp(block.blockFormat().headingLevel(), 0, 3)
                      : 0;
    if (out.isItem())
        out.level = std::clamp(block.textList()->format().indent(), 1, deepestList);
    if (out.kind != RichBlock::Kind::Rule)
        addRuns(out, block, from, to);
    return out;
}

RichText between(const QTextDocument& document, int from, int to)
{
    RichText text;
    for (QTextBlock block = document.findBlock(from); block.isValid() && block.position() <= to;
         block = block.next())
        text.blocks.push_back(richBlockOf(block, from, to));
    return text;
}

} // namespace

void insertRich(QTextCursor cursor, const RichText& text, bool joins)
{
    cursor.beginEditBlock();
    cursor.removeSelectedText();
    ListMaker lists;
    bool first = true;
    for (const RichBlock& block : text.blocks) {
        const bool plain = block.kind == RichBlock::Kind::Paragraph && block.heading == 0;
        if (first && joins && (plain || cursor.block().length() > 1)) {
            // A few words go where the cursor is, as they stand there.
            RichBlock words = block;
            words.heading = cursor.blockFormat().headingLevel();
            insertRuns(cursor, words);
            first = false;
            continue;
        }
        const QTextBlockFormat format = rich::blockFormat(block);
        if (first)
            cursor.setBlockFormat(format);
        else
            cursor.insertBlock(format, rich::headingFormat(block.heading));
        first = false;
        lists.place(cursor, block);
        insertRuns(cursor, block);
    }
    cursor.endEditBlock();
}

void fillDocument(QTextDocument& document, const RichText& text)
{
    QTextCursor cursor(&document);
    cursor.beginEditBlock();
    cursor.select(QTextCursor::Document);
    cursor.removeSelectedText();
    cursor.setBlockFormat(rich::plainBlockFormat());
    cursor.setBlockCharFormat({});
    insertRich(cursor, text, false);
    cursor.endEditBlock();
}

RichText richTextOf(const QTextDocument& document)
{
    return between(document, 0, document.characterCount());
}

RichText richTextOf(const QTextCursor& selection)
{
    return between(*selection.document(), selection.selectionStart(), selection.selectionEnd());
}

bool hasFormatting(const RichText& text)
{
    return std::any_of(text.blocks.begin(), text.blocks.end(), [](const RichBlock& block) {
        const auto styled = [](const RichRun& run) {
            RichStyle style = run.style;
            // An address that is written out is no loss.
            const std::string words = run.text;
            if (style.link == words || style.link == "mailto:" + words)
                style.link.clear();
            return !run.image.empty() || style != RichStyle();
        };
        return block.heading > 0 || block.kind == RichBlock::Kind::Code ||
               std::any_of(block.runs.begin(), block.runs.end(), styled);
    });
}

} // namespace avocet
