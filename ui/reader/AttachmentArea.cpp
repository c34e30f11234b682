// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/AttachmentArea.h"

#include "core/mime/AttachmentPieces.h"
#include "ui/OnWorker.h"
#include "ui/reader/AttachmentViewer.h"
#include "ui/reader/FileDrag.h"
#include "ui/reader/PreviewText.h"
#include "ui/reader/ReaderContext.h"
#include "ui/reader/ReaderParts.h"
#include "ui/reader/ReceivedAttachmentCard.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"
#include "ui/words/DateWords.h"
#include "ui/words/ErrorWords.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPointer>
#include <QStandardPaths>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr std::size_t maxCards = 100;
constexpr std::int64_t mostPreviewed = 50'000'000;

} // namespace

QString downloadsPlace()
{
    const QString place = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    return place.isEmpty() || !QDir(place).exists() ? QDir::homePath() : place;
}

AttachmentArea::AttachmentArea(ReaderContext& context, InfoBarStack& bars, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_bars(bars)
    , m_title(makeLabel({}, TextRole::Small, Ink::Text2, true, this))
    , m_saveAll(new Button(tr("Save all"), ButtonKind::Quiet, this))
    , m_cards(new FlowRow(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, metrics::space4, 0, metrics::space2);
    layout->setSpacing(metrics::space2);
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    auto* head = new QHBoxLayout;
    head->addWidget(m_title);
    head->addWidget(m_saveAll);
    head->addStretch(1);
    layout->addLayout(head);
    layout->addWidget(m_cards);
    connect(m_saveAll, &QPushButton::clicked, this, &AttachmentArea::saveAll);
    hide();
}

void AttachmentArea::setMessage(std::shared_ptr<const OpenedMessage> message)
{
    m_message = std::move(message);
    m_cards->clear();
    const auto& attachments = m_message->parsed.attachments;
    setVisible(!attachments.empty());
    if (attachments.empty()) {
        return;
    }
    for (std::size_t i = 0; i < std::min(attachments.size(), maxCards); ++i) {
        auto* card = new ReceivedAttachmentCard(static_cast<int>(i), attachments[i], m_cards);
        connect(card, &ReceivedAttachmentCard::openRequested, this, &AttachmentArea::open);
        connect(card, &ReceivedAttachmentCard::saveRequested, this, &AttachmentArea::save);
        const int index = static_cast<int>(i);
        card->setDrag(new FileDrag(card, m_context.files(), fileName(index), content(index)));
        m_cards->add(card);
    }
    const int count = static_cast<int>(attachments.size());
    m_title->setText(count == 1 ? tr("1 attachment") : tr("%1 attachments").arg(count));
    m_saveAll->setVisible(count > 1);
}

const ParsedAttachment& AttachmentArea::attachment(int index) const
{
    return m_message->parsed.attachments[static_cast<std::size_t>(index)];
}

QString AttachmentArea::fileName(int index) const
{
    return safeFileName(QString::fromStdString(attachment(index).name));
}

FileContent AttachmentArea::content(int index) const
{
    return FileContent([message = m_message, index](const FileContent::Take& take) {
        const ParsedMessage& parsed = message->parsed;
        decodeInPieces(message->raw, parsed, parsed.attachments[static_cast<std::size_t>(index)],
                       take);
    });
}

ReceivedAttachmentCard* AttachmentArea::card(int index) const
{
    for (auto* each : m_cards->findChildren<ReceivedAttachmentCard*>()) {
        if (each->index() == index && !each->isHidden()) {
            return each;
        }
    }
    return nullptr;
}

void AttachmentArea::open(int index)
{
    const QString name = fileName(index);
    if (mayRunCode(name)) {
        m_bars.show({QStringLiteral("attachment"),
                     Severity::Warning,
                     tr("%1 could run as a program, so it is only saved, not opened.").arg(name),
                     {{tr("Save"),
                       [this, index] {
                           m_bars.dismiss(QStringLiteral("attachment"));
                           save(index);
                       }}},
                     true});
        return;
    }
    const PreviewKind kind = previewKind(QString::fromStdString(attachment(index).type), name);
    if (kind != PreviewKind::None && attachment(index).size <= mostPreviewed) {
        preview(index);
    } else {
        openOutside(index);
    }
}

void AttachmentArea::preview(int index)
{
    const QString name = fileName(index);
    const PreviewKind kind = previewKind(QString::fromStdString(attachment(index).type), name);
    const auto bytes = [message = m_message, index, kind] {
        const ParsedMessage& parsed = message->parsed;
        const ParsedAttachment& shown = parsed.attachments[static_cast<std::size_t>(index)];
        return kind == PreviewKind::Text ? attachmentText(message->raw, parsed, shown)
                                         : decodedAttachment(message->raw, parsed, shown);
    };
    if (kind == PreviewKind::Message) {
        onWorker(
            &m_context, [bytes] { return looseMessage(bytes()); },
            [&context = m_context](OpenedMessage message) {
                Q_EMIT context.looseRequested(
                    std::make_shared<const OpenedMessage>(std::move(message)));
            });
        return;
    }
    onWorker(&m_context, bytes,
             [&context = m_context, kind, name, whole = content(index)](std::string shown) {
                 auto* viewer = new AttachmentViewer(kind, name, std::move(shown));
                 viewer->offerSaving(context.files(), whole);
                 viewer->show();
             });
}

void AttachmentArea::openOutside(int index)
{
    const QString name = fileName(index);
    const auto progress = std::make_shared<FileProgress>();
    if (ReceivedAttachmentCard* shown = card(index)) {
        shown->follow(progress);
    }
    const auto done = [self = QPointer(this), context = QPointer(&m_context),
                       name](const Result<QString>& path) {
        if (!context || (!path && path.error().kind == ErrorKind::Cancelled)) {
            return;
        }
        if (!path) {
            self ? self->sayFailure(path.error())
                 : Q_EMIT context->toastRequested(errorSentence(path.error(), {}));
        } else if (!QDesktopServices::openUrl(QUrl::fromLocalFile(*path))) {
            Q_EMIT context->toastRequested(tr("No program opens %1. Save it instead.").arg(name));
        }
    };
    m_context.files().saveForOpening(name, content(index), done, progress);
}

void AttachmentArea::save(int index)
{
    auto* dialog = new QFileDialog(this, tr("Save attachment"),
                                   downloadsPlace() + QLatin1Char('/') + fileName(index));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, index](const QString& path) { saveInto(path, index); });
    dialog->open();
}

void AttachmentArea::saveInto(const QString& path, int index)
{
    const auto progress = std::make_shared<FileProgress>();
    if (ReceivedAttachmentCard* shown = card(index)) {
        shown->follow(progress);
    }
    const auto done = [self = QPointer(this), context = QPointer(&m_context),
                       path](const Result<QString>& saved) {
        if (!context) {
            return;
        }
        if (saved) {
            Q_EMIT context->toastRequested(tr("Attachment saved"));
        } else if (saved.error().kind != ErrorKind::Cancelled) {
            const AttachmentSaver::Report report{
                0, {QFileInfo(path).fileName()}, saved.error(), true};
            self ? self->sayNotSaved(report, 1)
                 : Q_EMIT context->toastRequested(notSavedSentence(report, 1));
        }
    };
    m_context.files().save(path, content(index), done, progress);
}

void AttachmentArea::saveAll()
{
    auto* dialog = new QFileDialog(this, tr("Save all attachments"), downloadsPlace());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    QStringList names;
    for (int i = 0; i < static_cast<int>(m_message->parsed.attachments.size()); ++i) {
        names.append(fileName(i));
    }
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, names](const QString& directory) { saveAllInto(directory, names); });
    dialog->open();
}

void AttachmentArea::saveAllInto(const QString& directory, const QStringList& names)
{
    // It goes on while another message is shown.
    std::vector<FileContent> contents;
    for (int i = 0; i < static_cast<int>(names.size()); ++i) {
        contents.push_back(content(i));
    }
    const auto fetch = [contents = std::move(contents)](int index,
                                                        const AttachmentSaver::Bytes& done) {
        done(contents[static_cast<std::size_t>(index)]);
    };
    ReaderFiles& files = m_context.files();
    auto* saver = new AttachmentSaver(files, directory, names, fetch, &files);
    connect(saver, &AttachmentSaver::began, this,
            [this, message = m_message](int index, const std::shared_ptr<FileProgress>& progress) {
                ReceivedAttachmentCard* shown = message == m_message ? card(index) : nullptr;
                if (shown) {
                    shown->follow(progress);
                }
            });
    connect(saver, &AttachmentSaver::finished, &m_context,
            [self = QPointer(this), &context = m_context,
             total = static_cast<int>(names.size())](const AttachmentSaver::Report& report) {
                if (!report.missing.isEmpty()) {
                    self ? self->sayNotSaved(report, total)
                         : Q_EMIT context.toastRequested(notSavedSentence(report, total));
                } else {
                    Q_EMIT context.toastRequested(
                        report.saved == 1 ? tr("Attachment saved")
                                          : tr("%1 attachments saved").arg(report.saved));
                }
            });
    saver->start();
}

void AttachmentArea::sayNotSaved(const AttachmentSaver::Report& report, int total)
{
    m_bars.show(
        {QStringLiteral("save"), Severity::Danger, notSavedSentence(report, total), {}, true});
}

void AttachmentArea::sayFailure(const Error& error)
{
    m_bars.show({QStringLiteral("fetch"), Severity::Danger, errorSentence(error, {}), {}, true});
}

} // namespace avocet
