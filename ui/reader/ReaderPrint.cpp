// SPDX-License-Identifier: GPL-3.0-or-later
// The reader on paper, or as a PDF file. Folded messages are left out, and it says so.
#include "ui/list/MessageListModel.h"
#include "ui/reader/AttachmentArea.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/PrintedConversation.h"
#include "ui/reader/ReaderPane.h"
#include "ui/reader/ReceivedAttachmentCard.h"
#include "ui/words/DateWords.h"
#include "ui/words/ErrorWords.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileDialog>
#include <QPainter>
#include <QPdfDocument>
#include <QPdfWriter>
#include <QPointer>
#include <QPrintDialog>
#include <QPrinter>
#include <QTextDocument>

namespace avocet {

namespace {

constexpr int sideMargin = 18; ///< millimetres
constexpr int mostPages = 500;

QPageLayout pageLayout()
{
    const bool letter = QLocale().measurementSystem() == QLocale::ImperialUSSystem;
    return {QPageSize(letter ? QPageSize::Letter : QPageSize::A4), QPageLayout::Portrait,
            QMarginsF(sideMargin, sideMargin, sideMargin, sideMargin), QPageLayout::Millimeter};
}

/// Pages of a PDF on a printer, at its resolution but no finer than eyes see.
void printPages(QPrinter& printer, const QByteArray& pdf)
{
    QBuffer buffer;
    buffer.setData(pdf);
    buffer.open(QIODevice::ReadOnly);
    QPdfDocument document;
    document.load(&buffer);
    QPainter painter(&printer);
    for (int page = 0; page < std::min(document.pageCount(), mostPages); ++page) {
        if (page > 0) {
            printer.newPage();
        }
        const QSize room = painter.viewport().size();
        const QSize size = document.pagePointSize(page).scaled(room, Qt::KeepAspectRatio).toSize();
        const QSize pixels = size.boundedTo(size.scaled(3'600, 3'600, Qt::KeepAspectRatio));
        painter.drawImage(QRect(QPoint(), size), document.render(page, pixels));
    }
}

/// A page says neither its subject nor who sent it.
QList<HtmlField> htmlHead(const ConversationView& view)
{
    const MessageCard& card = *view.current();
    QList<HtmlField> head = printedHead(*card.opened(), card.summary().date);
    head.prepend({QCoreApplication::translate("avocet::ReaderPrint", "Subject"),
                  subjectWords(card.summary())});
    return head;
}

} // namespace

HtmlView* ReaderPane::onlyHtml() const
{
    const MessageCard* card = m_conversation->current();
    return m_conversation->count() == 1 && card && card->body() ? card->body()->htmlView()
                                                                : nullptr;
}

void ReaderPane::warnOfFolded()
{
    if (const int left = leftOutOfPrint(*m_conversation); left > 0) {
        Q_EMIT m_context->toastRequested(
            left == 1 ? tr("1 folded message is left out. Open it to print it.")
                      : tr("%1 folded messages are left out. Open them to print them.")
                            .arg(countWords(left)));
    }
}

void ReaderPane::print()
{
    if (!opened()) {
        return;
    }
    warnOfFolded();
    auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    printer->setPageLayout(pageLayout());
    printer->setDocName(subjectWords(m_conversation->current()->summary()));
    auto* dialog = new QPrintDialog(printer.get(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, qOverload<>(&QPrintDialog::accepted), this, [this, printer] {
        if (HtmlView* html = onlyHtml()) {
            // A page of the sender's own making brings its margins.
            html->print(pageLayout(), htmlHead(*m_conversation), [printer](const QByteArray& pdf) {
                printer->setPageMargins({}, QPageLayout::Millimeter);
                printPages(*printer, pdf);
            });
        } else {
            printedConversation(*m_conversation)->print(printer.get());
        }
    });
    dialog->open();
}

void ReaderPane::saveAsPdf()
{
    if (!opened()) {
        return;
    }
    const QString name = safeFileName(subjectWords(m_conversation->current()->summary())
                                          .replace(u'/', u'-')
                                          .remove(u':')
                                          .left(80)) +
                         QStringLiteral(".pdf");
    auto* dialog =
        new QFileDialog(this, tr("Save as PDF"), downloadsPlace() + QLatin1Char('/') + name,
                        tr("PDF files (*.pdf)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("pdf"));
    connect(dialog, &QFileDialog::fileSelected, this, &ReaderPane::writePdf);
    dialog->open();
}

void ReaderPane::writePdf(const QString& path)
{
    const auto keep = [this, path](const QByteArray& pdf) {
        if (pdf.isEmpty()) {
            Q_EMIT m_context->toastRequested(tr("This message could not be made a PDF file."));
            return;
        }
        m_context->files().save(path, pdf.toStdString(),
                                [context = m_context](const Result<QString>& saved) {
                                    Q_EMIT context->toastRequested(
                                        saved ? tr("PDF saved") : errorSentence(saved.error(), {}));
                                });
    };
    if (HtmlView* html = onlyHtml()) {
        html->print(pageLayout(), htmlHead(*m_conversation),
                    [self = QPointer(this), keep](const QByteArray& pdf) {
                        if (self) {
                            keep(pdf);
                        }
                    });
        return;
    }
    warnOfFolded();
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setPageLayout(pageLayout());
        writer.setTitle(subjectWords(m_conversation->current()->summary()));
        printedConversation(*m_conversation)->print(&writer);
    }
    keep(buffer.data());
}

} // namespace avocet
