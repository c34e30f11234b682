// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeEditor.h"

#include "core/mime/ReplyBuilder.h"
#include "core/mime/SignatureText.h"
#include "ui/OnWorker.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposePictures.h"
#include "ui/compose/FormatBar.h"
#include "ui/compose/LinkSheet.h"
#include "ui/compose/PictureFile.h"
#include "ui/compose/RichDocument.h"
#include "ui/compose/SpellMarks.h"
#include "ui/compose/Speller.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QFileDialog>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace avocet {

namespace {

const QString formatBar = QStringLiteral("format");
const QString pictureBar = QStringLiteral("picture");
const QString pasteBar = QStringLiteral("paste");

constexpr int usualWidth = 640;            // of a picture that comes in
constexpr qint64 largePicture = 1'000'000; // bytes

bool isBlank(const RichText& text)
{
    return std::all_of(text.blocks.begin(), text.blocks.end(), [](const RichBlock& block) {
        return block.kind != RichBlock::Kind::Rule &&
               std::all_of(block.runs.begin(), block.runs.end(), [](const RichRun& run) {
                   return run.image.empty() &&
                          run.text.find_first_not_of(" \t\n") == std::string::npos;
               });
    });
}

} // namespace

ComposeEditor::ComposeEditor(QWidget* parent)
    : QWidget(parent)
    , m_body(new ComposeBody(this))
    , m_bar(new FormatBar(m_body, parent))
    , m_sheet(new LinkSheet(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_body);
    setFocusProxy(m_body);
    connect(m_bar, &FormatBar::linkWanted, this, &ComposeEditor::editLink);
    connect(m_bar, &FormatBar::pictureWanted, this, &ComposeEditor::choosePictures);
    connect(m_bar, &FormatBar::richWanted, this, [this](bool rich) {
        setRich(rich);
        Q_EMIT richChosen(rich);
    });
    connect(m_body, &ComposeBody::cutShort, this, [this] {
        Q_EMIT notice({pasteBar,
                       Severity::Warning,
                       tr("This is more than a message can hold. Only its beginning was pasted."),
                       {},
                       true});
    });
    connect(m_sheet, &LinkSheet::accepted, this, [this](const QString& words, const QString& url) {
        m_body->setLink(words, url);
        closeSheet();
    });
    connect(m_sheet, &LinkSheet::removed, this, [this] {
        m_body->removeLink();
        closeSheet();
    });
    connect(m_sheet, &LinkSheet::left, this, &ComposeEditor::closeSheet);
}

void ComposeEditor::useOwnWords(const QString& file)
{
    std::shared_ptr<Speller> speller = Speller::shared(file);
    m_body->spelling().setSpeller(std::move(speller));
}

std::vector<DraftAttachment> ComposeEditor::setDraft(const Draft& draft)
{
    std::vector<DraftAttachment> files;
    for (const DraftAttachment& attachment : draft.attachments) {
        const bool shown =
            !attachment.contentId.empty() &&
            draft.html.find("\"cid:" + attachment.contentId + "\"") != std::string::npos;
        if (shown)
            m_body->pictures().add(attachment);
        else
            files.push_back(attachment);
    }
    if (draft.html.empty())
        m_body->setText(QString::fromStdString(draft.text));
    else
        m_body->setRichText(readRichText(draft.html));
    m_bar->showRich(m_body->isRich());
    if (!draft.id)
        m_body->placeCursor();
    return files;
}

void ComposeEditor::write(Draft& draft) const
{
    if (!m_body->isRich()) {
        draft.text = m_body->text().toStdString();
        draft.html.clear();
        return;
    }
    setText(draft, m_body->richText(), true);
    for (DraftAttachment& picture : m_body->pictures().shownIn(draft.html))
        draft.attachments.push_back(std::move(picture));
}

void ComposeEditor::changeSignature(const Identity* old, const Identity& fresh)
{
    const RichText before = old ? signatureText(*old) : RichText();
    const RichText after = signatureText(fresh);
    // One that the user changed stays, and gets no second one beside it.
    if (before.blocks.empty() || m_body->holdsBlocks(before))
        m_body->replaceBlocks(before, after);
}

bool ComposeEditor::isBlankBut(const Identity* identity) const
{
    RichText text = m_body->richText();
    if (identity) {
        const RichText signature = signatureText(*identity);
        if (const auto found = findSignature(text, signature))
            text.blocks.erase(text.blocks.begin() + static_cast<std::ptrdiff_t>(*found),
                              text.blocks.begin() +
                                  static_cast<std::ptrdiff_t>(*found + signature.blocks.size()));
    }
    return isBlank(text);
}

void ComposeEditor::setReadOnly(bool readOnly)
{
    m_body->setReadOnly(readOnly);
    m_bar->setEnabled(!readOnly);
}

void ComposeEditor::setRich(bool rich)
{
    if (rich == m_body->isRich() || m_body->isReadOnly())
        return;
    m_before = m_body->isRich() ? m_body->richText() : RichText();
    const bool loses = hasFormatting(m_before);
    m_body->setRich(rich);
    m_bar->showRich(rich);
    Q_EMIT m_body->textChanged();
    m_body->setFocus(Qt::OtherFocusReason);
    if (!loses) {
        Q_EMIT noticeOver(formatBar);
        return;
    }
    Q_EMIT notice({formatBar,
                   Severity::Info,
                   tr("Formatting and pictures were taken out of the text."),
                   {{tr("Undo"),
                     [this] {
                         m_body->setRichText(m_before);
                         m_body->document()->setModified(true);
                         m_bar->showRich(true);
                         Q_EMIT m_body->textChanged();
                         Q_EMIT richChosen(true);
                         Q_EMIT noticeOver(formatBar);
                     }}},
                   true});
}

void ComposeEditor::editLink()
{
    if (!m_body->isRich() || m_body->isReadOnly())
        return;
    const QTextCursor link = m_body->linkAtCursor();
    const QTextCursor words = link.isNull() ? m_body->textCursor() : link;
    QString address;
    if (!link.isNull()) {
        QTextCursor inside = link;
        inside.setPosition(link.selectionStart() + 1);
        address = inside.charFormat().anchorHref();
    }
    QString selected = words.selectedText();
    const bool several = selected.contains(QChar::ParagraphSeparator);
    if (address.isEmpty() && !LinkSheet::completed(selected).isEmpty())
        address = selected;
    m_sheet->open(several ? QString() : selected, address, !link.isNull());
    placeSheet();
}

void ComposeEditor::placeSheet()
{
    const int wide = std::min(440, width() - 2 * metrics::space4);
    const int high = m_sheet->sizeHint().height();
    const QRect caret = m_body->cursorRect().translated(m_body->viewport()->pos());
    const int below = caret.bottom() + metrics::space2;
    const int y = below + high < height()
                      ? below
                      : std::max(metrics::space2, caret.top() - high - metrics::space2);
    const int x = std::clamp(caret.left() - wide / 2, metrics::space4,
                             std::max(metrics::space4, width() - wide - metrics::space4));
    m_sheet->setGeometry(x, y, wide, high);
}

void ComposeEditor::closeSheet()
{
    m_sheet->hide();
    m_body->setFocus(Qt::OtherFocusReason);
}

void ComposeEditor::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (m_sheet->isVisible())
        placeSheet();
}

void ComposeEditor::choosePictures()
{
    if (m_body->isReadOnly())
        return;
    auto* dialog = new QFileDialog(this, tr("Insert pictures"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilter(tr("Pictures (*.png *.jpg *.jpeg *.gif *.webp)"));
    connect(dialog, &QFileDialog::filesSelected, this, &ComposeEditor::pictureFilesChosen);
    dialog->open();
}

bool ComposeEditor::takePicture(const DraftAttachment& file)
{
    if (!m_body->isRich() || m_body->isReadOnly() || !isShownType(file.type))
        return false;
    place(file);
    return true;
}

void ComposeEditor::addPicture(const QImage& image)
{
    onWorker(
        this, [image] { return encodedPicture(image); },
        [this](DraftAttachment file) {
            if (!file.data.empty() && m_body->isRich())
                place(std::move(file));
        });
}

void ComposeEditor::place(DraftAttachment file)
{
    file.contentId = newContentId();
    const QString id = QString::fromStdString(file.contentId);
    m_body->insertPicture(std::move(file), std::min(usualWidth, m_body->pictureWidth()));
    offerSmaller(id);
}

void ComposeEditor::offerSmaller(const QString& contentId)
{
    const DraftAttachment* file = m_body->pictures().find(contentId);
    const QSize size = m_body->pictures().naturalSize(contentId);
    if (!file || qint64(file->data.size()) < largePicture ||
        std::max(size.width(), size.height()) <= smallerSide)
        return;
    const QString bytes = sizeWords(qint64(file->data.size()));
    Q_EMIT notice(
        {pictureBar,
         Severity::Info,
         tr("This picture is %1 × %2 pixels, %3.")
             .arg(QLocale().toString(size.width()), QLocale().toString(size.height()), bytes),
         {{tr("Make it smaller"), [this, contentId] { makeSmaller(contentId); }}},
         true});
}

void ComposeEditor::makeSmaller(const QString& contentId)
{
    Q_EMIT noticeOver(pictureBar);
    const DraftAttachment* file = m_body->pictures().find(contentId);
    if (!file)
        return;
    const auto use = [this, contentId](const DraftAttachment& made) {
        if (made.data.empty())
            return;
        m_body->pictures().replace(contentId, made.type, made.data);
        m_body->document()->setModified(true);
        Q_EMIT m_body->textChanged();
    };
    onWorker(
        this, [file = *file] { return smallerPicture(file); }, use);
}

} // namespace avocet
