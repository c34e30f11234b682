// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with the message that ReaderPane shows.
#include "ui/list/MessageListModel.h"
#include "ui/reader/AttachmentSaver.h"
#include "ui/reader/Linkify.h"
#include "ui/reader/ReaderFiles.h"
#include "ui/reader/ReaderPane.h"
#include "ui/reader/ReceivedAttachmentCard.h"
#include "ui/reader/SourceWindow.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QStandardPaths>

namespace avocet {

namespace {

QString downloads()
{
    const QString place = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    return place.isEmpty() || !QDir(place).exists() ? QDir::homePath() : place;
}

} // namespace

void ReaderPane::reply(ReplyKind kind)
{
    if (m_opened && m_opened->hasBody) {
        Q_EMIT replyRequested(kind, *m_opened);
    } else if (m_message) {
        Q_EMIT toastRequested(tr("The message is not downloaded yet."));
    }
}

void ReaderPane::mark(Flags add, Flags remove)
{
    if (m_message) {
        m_engine.submit(command::Mark{{m_message}, add, remove, false});
    }
}

void ReaderPane::toggleStar()
{
    const bool on = (m_summary.flags & Flagged) != 0;
    mark(on ? Flags(0) : Flags(Flagged), on ? Flags(Flagged) : Flags(0));
}

void ReaderPane::markUnread()
{
    m_readTimer.stop();
    const bool read = (m_summary.flags & Seen) != 0;
    mark(read ? Flags(0) : Flags(Seen), read ? Flags(Seen) : Flags(0));
}

void ReaderPane::refreshStar()
{
    const bool on = (m_summary.flags & Flagged) != 0;
    m_star->setIconName(on ? "star-filled" : "star", on ? Tint::Star : Tint::Text2);
    m_star->setLabel(on ? tr("Remove star") : tr("Add star"), QStringLiteral("S"));
    for (IconButton* button : {m_archive, m_delete, m_star}) {
        button->setVisible(bool(m_message));
    }
}

void ReaderPane::showMore()
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool here = m_opened && m_opened->hasBody;
    if (m_message) {
        const bool read = (m_summary.flags & Seen) != 0;
        menu->addAction(themeIcon(read ? "mail-unread" : "mail-read"),
                        read ? tr("Mark unread") : tr("Mark read"), this, &ReaderPane::markUnread);
        menu->addAction(themeIcon("folder"), tr("Move to\u2026\tV"), this,
                        [this] { Q_EMIT moveRequested(false); });
        menu->addAction(themeIcon("copy"), tr("Copy to\u2026"), this,
                        [this] { Q_EMIT moveRequested(true); });
        menu->addAction(themeIcon("junk"), tr("Mark as junk\t!"), this, &ReaderPane::junkRequested);
        menu->addSeparator();
    }
    menu->addAction(themeIcon("source"), tr("View source"), this, &ReaderPane::showSource)
        ->setEnabled(here);
    menu->addAction(themeIcon("save"), tr("Save as file"), this, &ReaderPane::saveAs)
        ->setEnabled(here);
    menu->popup(m_more->mapToGlobal(
        QPoint(m_more->width() - menu->sizeHint().width(), m_more->height() + metrics::space1)));
}

void ReaderPane::showSource()
{
    if (m_opened && m_opened->hasBody) {
        auto* window = new SourceWindow(subjectWords(m_summary), m_opened->raw);
        window->show();
    }
}

void ReaderPane::saveAs()
{
    if (!m_opened || !m_opened->hasBody) {
        return;
    }
    const QString name =
        safeFileName(subjectWords(m_summary).replace(u'/', u'-').left(80)) + QStringLiteral(".eml");
    auto* dialog = new QFileDialog(this, tr("Save message"), downloads() + QLatin1Char('/') + name,
                                   tr("Messages (*.eml)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("eml"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, raw = m_opened->raw](const QString& path) {
                m_files->save(path, raw, [this](const Result<QString>& saved) {
                    saved ? Q_EMIT toastRequested(tr("Message saved")) : sayFailure(saved.error());
                });
            });
    dialog->open();
}

void ReaderPane::showTarget(const QUrl& target)
{
    if (target.isEmpty()) {
        m_target->hide();
        return;
    }
    const int most = width() - metrics::space6;
    m_target->setText(m_target->fontMetrics().elidedText(target.toString(QUrl::FullyEncoded),
                                                         Qt::ElideRight, most - metrics::space4));
    m_target->adjustSize();
    m_target->move(0, height() - m_target->height());
    m_target->show();
    m_target->raise();
}

void ReaderPane::openLink(const QUrl& target, const QString& words)
{
    const QString scheme = target.scheme().toLower();
    if (scheme == u"mailto") {
        Q_EMIT mailtoRequested(target);
        return;
    }
    if (scheme != u"http" && scheme != u"https") {
        return;
    }
    if (wordsTellTarget(words, target)) {
        QDesktopServices::openUrl(target);
        return;
    }
    m_bars->show({QStringLiteral("link"),
                  Severity::Warning,
                  tr("This link leads to %1, which its words do not say.").arg(linkHost(target)),
                  {{tr("Open"),
                    [this, target] {
                        m_bars->dismiss(QStringLiteral("link"));
                        QDesktopServices::openUrl(target);
                    }},
                   {tr("Copy link"),
                    [this, target] {
                        m_bars->dismiss(QStringLiteral("link"));
                        QGuiApplication::clipboard()->setText(target.toString(QUrl::FullyEncoded));
                    }}},
                  true});
}

void ReaderPane::withAttachment(int index, std::function<void(std::string bytes)> use)
{
    if (!m_opened || index < 0 || index >= static_cast<int>(m_opened->parsed.attachments.size())) {
        return;
    }
    attachmentSource()(index, [this, use = std::move(use)](Result<std::string> bytes) {
        bytes ? use(std::move(*bytes)) : sayFailure(bytes.error());
    });
}

AttachmentSaver::Fetch ReaderPane::attachmentSource()
{
    if (m_message) {
        return [this, message = m_message](int index, AttachmentSaver::Bytes done) {
            m_engine.queries().attachment(this, message, index, std::move(done));
        };
    }
    // A message from a file is in no cache, and another one may be shown before all is saved.
    return [shown = std::make_shared<OpenedMessage>(*m_opened)](
               int index, const AttachmentSaver::Bytes& done) {
        done(decodedAttachment(shown->raw, shown->parsed,
                               shown->parsed.attachments[static_cast<std::size_t>(index)]));
    };
}

void ReaderPane::openAttachment(int index)
{
    const auto& attachment = m_opened->parsed.attachments[static_cast<std::size_t>(index)];
    const QString name = safeFileName(QString::fromStdString(attachment.name));
    if (mayRunCode(name)) {
        m_bars->show({QStringLiteral("attachment"),
                      Severity::Warning,
                      tr("%1 could run as a program, so it is only saved, not opened.").arg(name),
                      {{tr("Save"),
                        [this, index] {
                            m_bars->dismiss(QStringLiteral("attachment"));
                            saveAttachment(index);
                        }}},
                      true});
        return;
    }
    withAttachment(index, [this, name](std::string bytes) {
        m_files->saveForOpening(name, std::move(bytes), [this, name](const Result<QString>& path) {
            if (!path) {
                sayFailure(path.error());
            } else if (!QDesktopServices::openUrl(QUrl::fromLocalFile(*path))) {
                Q_EMIT toastRequested(tr("No program opens %1. Save it instead.").arg(name));
            }
        });
    });
}

void ReaderPane::saveAttachment(int index)
{
    const auto& attachment = m_opened->parsed.attachments[static_cast<std::size_t>(index)];
    const QString name = safeFileName(QString::fromStdString(attachment.name));
    auto* dialog =
        new QFileDialog(this, tr("Save attachment"), downloads() + QLatin1Char('/') + name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, [this, index](const QString& path) {
        withAttachment(index, [this, path](std::string bytes) {
            m_files->save(path, std::move(bytes), [this, path](const Result<QString>& saved) {
                if (saved) {
                    Q_EMIT toastRequested(tr("Attachment saved"));
                } else {
                    sayNotSaved({0, {QFileInfo(path).fileName()}, saved.error(), true}, 1);
                }
            });
        });
    });
    dialog->open();
}

void ReaderPane::saveAllAttachments()
{
    if (!m_opened) {
        return;
    }
    auto* dialog = new QFileDialog(this, tr("Save all attachments"), downloads());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    QStringList names;
    for (const ParsedAttachment& attachment : m_opened->parsed.attachments) {
        names.append(safeFileName(QString::fromStdString(attachment.name)));
    }
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, names, source = attachmentSource()](const QString& directory) {
                saveAllInto(directory, names, source);
            });
    dialog->open();
}

void ReaderPane::saveAllInto(const QString& directory, const QStringList& names,
                             AttachmentSaver::Fetch source)
{
    auto* saver = new AttachmentSaver(*m_files, directory, names, std::move(source), this);
    connect(saver, &AttachmentSaver::finished, this,
            [this, total = static_cast<int>(names.size())](const AttachmentSaver::Report& report) {
                if (!report.missing.isEmpty()) {
                    sayNotSaved(report, total);
                } else {
                    Q_EMIT toastRequested(report.saved == 1
                                              ? tr("Attachment saved")
                                              : tr("%1 attachments saved").arg(report.saved));
                }
            });
    saver->start();
}

void ReaderPane::sayNotSaved(const AttachmentSaver::Report& report, int total)
{
    m_bars->show(
        {QStringLiteral("save"), Severity::Danger, notSavedSentence(report, total), {}, true});
}

} // namespace avocet
