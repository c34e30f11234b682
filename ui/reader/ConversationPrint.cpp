// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ConversationPrint.h"

#include "ui/OnWorker.h"
#include "ui/list/MessageListModel.h"
#include "ui/reader/ConversationView.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/PrintedConversation.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QPdfDocument>
#include <QPdfWriter>
#include <QPrinter>
#include <QTextDocument>

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

constexpr int mostPrinted = 500;
constexpr int pixelsOfASide = 3'600; ///< of a side: no finer than eyes see

HtmlView* htmlOf(const MessageCard& card)
{
    return card.isOpen() && card.opened() && card.body() ? card.body()->htmlView() : nullptr;
}

QByteArray textPdf(const MessageCard& card, const QPageLayout& layout)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setPageLayout(layout);
        printedMessages({&card})->print(&writer);
    }
    return buffer.data();
}

} // namespace

bool showsAnyHtml(const ConversationView& view)
{
    const auto cards = view.cards();
    return std::any_of(cards.begin(), cards.end(),
                       [](const MessageCard* card) { return htmlOf(*card) != nullptr; });
}

ConversationPrint::ConversationPrint(const ConversationView& view, const QPageLayout& layout,
                                     Done done, QObject* parent)
    : QObject(parent)
    , m_layout(layout)
    , m_done(std::move(done))
{
    for (MessageCard* card : view.cards()) {
        if (card->isOpen() && card->opened()) {
            m_cards.append(card);
        }
    }
    QMetaObject::invokeMethod(this, &ConversationPrint::next, Qt::QueuedConnection);
}

void ConversationPrint::next()
{
    if (m_cards.isEmpty()) {
        const auto done = std::exchange(m_done, nullptr);
        done(m_files);
        deleteLater();
        return;
    }
    const QPointer<MessageCard> card = m_cards.takeFirst();
    if (!card || !card->opened()) {
        take({});
        return;
    }
    HtmlView* html = htmlOf(*card);
    if (!html) {
        take(textPdf(*card, m_layout));
        return;
    }
    // A page says neither its subject nor who sent it.
    QList<HtmlField> head = printedHead(*card->opened(), card->summary().date);
    head.prepend({tr("Subject"), subjectWords(card->summary())});
    html->print(m_layout, head, [self = QPointer(this)](const QByteArray& pdf) {
        if (self) {
            self->take(pdf);
        }
    });
}

void ConversationPrint::take(const QByteArray& pdf)
{
    if (pdf.isEmpty()) {
        m_files.clear();
        m_cards.clear();
    } else {
        m_files.append(pdf);
    }
    QMetaObject::invokeMethod(this, &ConversationPrint::next, Qt::QueuedConnection);
}

/// Used by one worker at a time.
struct PagePrint::Pages {
    explicit Pages(QByteArray file)
        : bytes(std::move(file))
        , buffer(&bytes)
    {
        buffer.open(QIODevice::ReadOnly);
        document.load(&buffer);
    }

    QByteArray bytes;
    QBuffer buffer;
    QPdfDocument document;
};

struct PagePrint::Sheet {
    std::shared_ptr<Pages> pages;
    int count = 0; ///< of the file
    QSize size;    ///< on the paper
    QImage image;
};

PagePrint::PagePrint(std::shared_ptr<QPrinter> printer, const QList<QByteArray>& files,
                     std::function<void(Outcome)> done, QObject* parent)
    : QObject(parent)
    , m_printer(std::move(printer))
    , m_files(files)
    , m_painter(std::make_unique<QPainter>())
    , m_done(std::move(done))
{
    // A page brings its margins.
    m_printer->setPageMargins({}, QPageLayout::Millimeter);
    QMetaObject::invokeMethod(this, &PagePrint::next, Qt::QueuedConnection);
}

PagePrint::~PagePrint() = default;

void PagePrint::next()
{
    if (m_files.isEmpty() || m_printed >= mostPrinted) {
        end(m_printed == 0 ? Outcome::Failed : m_files.isEmpty() ? Outcome::Done : Outcome::Cut);
        return;
    }
    if (!m_painter->isActive() && !m_painter->begin(m_printer.get())) {
        end(Outcome::Failed);
        return;
    }
    onWorker(
        this,
        [pages = m_pages, file = m_files.front(), page = m_page,
         room = m_painter->viewport().size()]() mutable {
            Sheet sheet{pages ? pages : std::make_shared<Pages>(file), 0, {}, {}};
            QPdfDocument& document = sheet.pages->document;
            sheet.count = document.pageCount();
            if (page < sheet.count) {
                sheet.size =
                    document.pagePointSize(page).scaled(room, Qt::KeepAspectRatio).toSize();
                const QSize most =
                    sheet.size.scaled(pixelsOfASide, pixelsOfASide, Qt::KeepAspectRatio);
                sheet.image = document.render(page, sheet.size.boundedTo(most));
            }
            return sheet;
        },
        [this](const Sheet& sheet) { paint(sheet); });
}

void PagePrint::paint(const Sheet& sheet)
{
    if (sheet.image.isNull()) {
        end(Outcome::Failed);
        return;
    }
    if (m_printed++ > 0) {
        m_printer->newPage();
    }
    m_painter->drawImage(QRect(QPoint(), sheet.size), sheet.image);
    m_pages = sheet.pages;
    if (++m_page >= sheet.count) {
        m_files.removeFirst();
        m_pages.reset();
        m_page = 0;
    }
    next();
}

void PagePrint::end(Outcome outcome)
{
    if (outcome == Outcome::Failed) {
        m_printer->abort();
    }
    if (m_painter->isActive()) {
        m_painter->end();
    }
    m_done(outcome);
    deleteLater();
}

} // namespace avocet
