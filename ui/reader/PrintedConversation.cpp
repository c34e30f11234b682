// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/PrintedConversation.h"

#include "ui/list/MessageListModel.h"
#include "ui/reader/ConversationView.h"
#include "ui/reader/ReadableText.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QCoreApplication>
#include <QTextCursor>
#include <QTextDocument>

namespace avocet {

namespace {

constexpr qsizetype mostText = 2'000'000;

QString words(const char* text)
{
    return QCoreApplication::translate("avocet::PrintedConversation", text);
}

QString people(const std::vector<Address>& all)
{
    QStringList found;
    for (const Address& each : all) {
        const QString address = QString::fromStdString(each.address);
        found << (each.name.empty()
                      ? address
                      : QStringLiteral("%1 <%2>").arg(QString::fromStdString(each.name), address));
    }
    return found.join(QStringLiteral(", "));
}

/// On paper everything is black, whatever the window looks like.
void printMessage(QTextCursor& cursor, const OpenedMessage& message, std::int64_t date)
{
    const ParsedMessage& parsed = message.parsed;
    QTextCharFormat plain;
    plain.setForeground(Qt::black);
    plain.setFont(themeFont(TextRole::Body));
    QTextCharFormat strong = plain;
    strong.setFont(themeFont(TextRole::Body, true));
    QTextBlockFormat block;
    for (const HtmlField& field : printedHead(message, date)) {
        cursor.insertBlock(block);
        cursor.insertText(field.name + QStringLiteral("  "), strong);
        cursor.insertText(field.value, plain);
    }
    block.setTopMargin(metrics::space3);
    const QString text = QString::fromStdString(parsed.text).left(mostText);
    for (const ReadableLine& each : readableText(text).lines) {
        block.setLeftMargin(each.depth * metrics::space4);
        if (!each.goesOn) {
            cursor.insertBlock(block);
        }
        block.setTopMargin(0);
        cursor.insertText(text.mid(each.start, each.length), plain);
    }
}

} // namespace

QList<HtmlField> printedHead(const OpenedMessage& message, std::int64_t date)
{
    const ParsedMessage& parsed = message.parsed;
    QStringList files;
    for (const ParsedAttachment& each : parsed.attachments) {
        files << QString::fromStdString(each.name);
    }
    QList<HtmlField> head{{words("From"), people(parsed.from)},
                          {words("To"), people(parsed.to)},
                          {words("Cc"), people(parsed.cc)},
                          {words("Date"), fullDate(parsed.date.value_or(date))},
                          {words("Attachments"), files.join(QStringLiteral(", "))}};
    head.removeIf([](const HtmlField& field) { return field.value.isEmpty(); });
    return head;
}

std::unique_ptr<QTextDocument> printedConversation(const ConversationView& view)
{
    QList<const MessageCard*> cards;
    for (const MessageCard* card : view.cards()) {
        if (card->isOpen() && card->opened()) {
            cards.append(card);
        }
    }
    return printedMessages(cards);
}

std::unique_ptr<QTextDocument> printedMessages(const QList<const MessageCard*>& cards)
{
    auto document = std::make_unique<QTextDocument>();
    document->setDefaultFont(themeFont(TextRole::Body));
    QTextCursor cursor(document.get());
    QTextCharFormat title;
    title.setForeground(Qt::black);
    title.setFont(themeFont(TextRole::Title, true));
    if (!cards.isEmpty()) {
        cursor.insertText(subjectWords(cards.back()->summary()), title);
    }
    for (const MessageCard* card : cards) {
        QTextBlockFormat rule;
        rule.setTopMargin(metrics::space4);
        rule.setProperty(QTextFormat::BlockTrailingHorizontalRulerWidth,
                         QTextLength(QTextLength::PercentageLength, 100));
        cursor.insertBlock(rule);
        printMessage(cursor, *card->opened(), card->summary().date);
    }
    return document;
}

int leftOutOfPrint(const ConversationView& view)
{
    int printed = 0;
    for (const MessageCard* card : view.cards()) {
        printed += card->isOpen() && card->opened() ? 1 : 0;
    }
    return view.count() - printed;
}

} // namespace avocet
