// SPDX-License-Identifier: GPL-3.0-or-later
// The reader on paper, or as a PDF file. Folded messages are left out, and it says so.
#include "ui/list/MessageListModel.h"
#include "ui/reader/AttachmentArea.h"
#include "ui/reader/ConversationPrint.h"
#include "ui/reader/JoinedPdf.h"
#include "ui/reader/PrintedConversation.h"
#include "ui/reader/ReaderPane.h"
#include "ui/reader/ReceivedAttachmentCard.h"
#include "ui/words/DateWords.h"
#include "ui/words/ErrorWords.h"

#include <QBuffer>
#include <QFileDialog>
#include <QPdfWriter>
#include <QPrintDialog>
#include <QPrinter>
#include <QTextDocument>

namespace avocet {

namespace {

constexpr int sideMargin = 18; ///< millimetres

QPageLayout pageLayout()
{
    const bool letter = QLocale().measurementSystem() == QLocale::ImperialUSSystem;
    return {QPageSize(letter ? QPageSize::Letter : QPageSize::A4), QPageLayout::Portrait,
            QMarginsF(sideMargin, sideMargin, sideMargin, sideMargin), QPageLayout::Millimeter};
}

} // namespace

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
    connect(dialog, qOverload<>(&QPrintDialog::accepted), this,
            [this, printer] { printOn(printer); });
    dialog->open();
}

void ReaderPane::printOn(const std::shared_ptr<QPrinter>& printer)
{
    if (!showsAnyHtml(*m_conversation)) {
        printedConversation(*m_conversation)->print(printer.get());
        return;
    }
    const auto say = [context = m_context](PagePrint::Outcome outcome) {
        if (outcome == PagePrint::Outcome::Failed) {
            Q_EMIT context->toastRequested(tr("This could not be printed."));
        } else if (outcome == PagePrint::Outcome::Cut) {
            Q_EMIT context->toastRequested(tr("Only the first 500 pages were printed."));
        }
    };
    new ConversationPrint(
        *m_conversation, pageLayout(),
        [context = m_context, printer, say](const QList<QByteArray>& files) {
            new PagePrint(printer, files, say, context);
        },
        m_context);
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
    const auto keep = [context = m_context, path](const QByteArray& pdf) {
        if (pdf.isEmpty()) {
            Q_EMIT context->toastRequested(tr("This could not be made a PDF file."));
            return;
        }
        context->files().save(path, pdf.toStdString(), [context](const Result<QString>& saved) {
            Q_EMIT context->toastRequested(saved ? tr("PDF saved")
                                                 : errorSentence(saved.error(), {}));
        });
    };
    warnOfFolded();
    if (showsAnyHtml(*m_conversation)) {
        new ConversationPrint(
            *m_conversation, pageLayout(),
            [keep](const QList<QByteArray>& files) {
                keep(files.size() == 1 ? files.front() : joinedPdf(files));
            },
            m_context);
        return;
    }
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
