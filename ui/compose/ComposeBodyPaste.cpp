// SPDX-License-Identifier: GPL-3.0-or-later
// ComposeBody: what comes in by paste and drop, what goes out by copy, and pictures.
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposePictures.h"
#include "ui/compose/RichDocument.h"
#include "ui/compose/SpellMarks.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QImage>
#include <QMenu>
#include <QMimeData>
#include <QMimeDatabase>
#include <QTextBlock>
#include <QUrl>

#include <algorithm>

namespace avocet {

namespace {

constexpr qsizetype mostPasted = 2 << 20; // characters of plain text

QStringList localFiles(const QMimeData* source)
{
    QStringList files;
    for (const QUrl& url : source->urls())
        if (url.isLocalFile())
            files.append(url.toLocalFile());
    return files;
}

bool arePictures(const QStringList& files)
{
    const QMimeDatabase types;
    return !files.isEmpty() && files.size() <= 20 &&
           std::all_of(files.begin(), files.end(), [&](const QString& file) {
               const QString type =
                   types.mimeTypeForFile(file, QMimeDatabase::MatchExtension).name();
               return type == QLatin1String("image/png") || type == QLatin1String("image/jpeg") ||
                      type == QLatin1String("image/gif") || type == QLatin1String("image/webp");
           });
}

} // namespace

bool ComposeBody::canInsertFromMimeData(const QMimeData* source) const
{
    return source->hasImage() || source->hasUrls() || source->hasText() ||
           (m_rich && source->hasHtml());
}

void ComposeBody::insertFromMimeData(const QMimeData* source)
{
    const QStringList files = localFiles(source);
    if (!files.isEmpty()) {
        Q_EMIT filesGiven(files);
        return;
    }
    // Word processors offer a picture of their text as well: text wins.
    if (source->hasImage() && !source->hasText()) {
        const auto image = qvariant_cast<QImage>(source->imageData());
        if (!image.isNull())
            Q_EMIT imageGiven(image);
        return;
    }
    if (m_rich && source->hasHtml()) {
        RichText words = readRichText(source->html().toStdString());
        const bool hasWords = !words.blocks.empty();
        if (words.cut)
            Q_EMIT cutShort();
        if (hasWords) {
            insertForeign(std::move(words));
            return;
        }
    }
    QString text = source->text();
    if (text.size() > mostPasted) {
        text.truncate(mostPasted);
        Q_EMIT cutShort();
    }
    text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    text.removeIf([](QChar c) { return c == QChar(0) || c == QChar::ObjectReplacementCharacter; });
    textCursor().insertText(text);
    ensureCursorVisible();
}

/// Pictures that came along as data become ours; those of another message are not ours to send.
void ComposeBody::takePictures(RichText& words)
{
    for (RichBlock& block : words.blocks) {
        for (RichRun& run : block.runs) {
            if (!run.image.starts_with("data:"))
                continue;
            const std::size_t comma = std::min(run.image.find(','), run.image.size() - 1);
            DraftAttachment file;
            file.type = run.image.substr(5, run.image.find_first_of(";,") - 5);
            file.data =
                QByteArray::fromBase64(QByteArray::fromStdString(run.image.substr(comma + 1)))
                    .toStdString();
            file.name =
                "picture." + file.type.substr(std::min(file.type.find('/') + 1, file.type.size()));
            file.contentId = newContentId();
            run.image = "cid:" + file.contentId;
            m_pictures->add(std::move(file));
        }
        std::erase_if(block.runs, [this](const RichRun& run) {
            return !run.image.empty() &&
                   !m_pictures->find(QString::fromStdString(run.image.substr(4)));
        });
    }
}

void ComposeBody::insertForeign(RichText words)
{
    takePictures(words);
    insert(words);
}

void ComposeBody::pastePlain()
{
    const QMimeData* source = QApplication::clipboard()->mimeData();
    if (!source || isReadOnly())
        return;
    QMimeData words;
    words.setText(source->text());
    if (source->hasText())
        insertFromMimeData(&words);
}

QMimeData* ComposeBody::createMimeDataFromSelection() const
{
    if (!m_rich)
        return QTextEdit::createMimeDataFromSelection();
    const RichText selected = richTextOf(textCursor());
    auto* copied = new QMimeData;
    copied->setText(QString::fromStdString(writePlain(selected)));
    copied->setHtml(QString::fromStdString(writeHtml(selected)));
    return copied;
}

void ComposeBody::dragEnterEvent(QDragEnterEvent* event)
{
    const QStringList files = localFiles(event->mimeData());
    if (!files.isEmpty())
        Q_EMIT filesHover(true, m_rich && arePictures(files));
    QTextEdit::dragEnterEvent(event);
}

void ComposeBody::dragLeaveEvent(QDragLeaveEvent* event)
{
    Q_EMIT filesHover(false, false);
    QTextEdit::dragLeaveEvent(event);
}

void ComposeBody::dropEvent(QDropEvent* event)
{
    Q_EMIT filesHover(false, false);
    if (!localFiles(event->mimeData()).isEmpty())
        event->setDropAction(Qt::CopyAction); // the file stays where it is
    QTextEdit::dropEvent(event);
}

int ComposeBody::pictureWidth() const
{
    return std::max(120, viewport()->width());
}

void ComposeBody::insertPicture(DraftAttachment file, int width)
{
    const QString id = QString::fromStdString(file.contentId);
    const QString words = QString::fromStdString(file.name);
    m_pictures->add(std::move(file));
    const QSize natural = m_pictures->naturalSize(id);
    QTextImageFormat format;
    format.setName(QLatin1String("cid:") + id);
    format.setProperty(rich::Alternative, words);
    if (natural.isValid()) {
        const double share = std::min(1.0, double(width) / std::max(1, natural.width()));
        format.setWidth(std::round(natural.width() * share));
        format.setHeight(std::round(natural.height() * share));
    }
    QTextCursor cursor = textCursor();
    cursor.insertText(QString(QChar::ObjectReplacementCharacter), format);
    setCurrentCharFormat({});
    ensureCursorVisible();
}

void ComposeBody::setPictureWidth(int position, int width)
{
    QTextCursor cursor(document());
    cursor.setPosition(position);
    cursor.setPosition(position + 1, QTextCursor::KeepAnchor);
    QTextImageFormat format = cursor.charFormat().toImageFormat();
    const QSize natural = m_pictures->naturalSize(format.name().mid(4));
    const int wide = width > 0 ? std::min(width, natural.width()) : natural.width();
    format.setWidth(wide);
    format.setHeight(std::round(double(natural.height()) * wide / std::max(1, natural.width())));
    cursor.setCharFormat(format);
}

void ComposeBody::addPictureActions(QMenu& menu, const QPoint& place)
{
    const int at = cursorForPosition(place).position();
    for (const int position : {at, at - 1}) {
        if (position < 0 || document()->characterAt(position) != QChar::ObjectReplacementCharacter)
            continue;
        QAction* before = menu.actions().value(0);
        const auto add = [&](const QString& text, int width) {
            auto* action = new QAction(text, &menu);
            connect(action, &QAction::triggered, this,
                    [this, position, width] { setPictureWidth(position, width); });
            menu.insertAction(before, action);
        };
        add(tr("Small picture"), 240);
        add(tr("Medium picture"), 480);
        add(tr("As wide as the text"), pictureWidth());
        add(tr("Original size"), 0);
        menu.insertSeparator(before);
        return;
    }
}

void ComposeBody::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu* menu = createStandardContextMenu(event->pos());
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (!isReadOnly()) {
        if (m_rich) {
            addPictureActions(*menu, event->pos());
            auto* plain = new QAction(tr("Paste without formatting"), menu);
            plain->setEnabled(canPaste());
            connect(plain, &QAction::triggered, this, &ComposeBody::pastePlain);
            menu->insertAction(menu->actions().value(menu->actions().size() - 2), plain);
        }
        m_spelling->addActions(*menu, event->pos());
        if (m_spelling->speller()) {
            menu->addSeparator();
            m_spelling->fillMenu(*menu->addMenu(tr("Spelling")));
        }
    }
    menu->popup(event->globalPos());
}

} // namespace avocet
