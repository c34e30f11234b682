// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/RichField.h"

#include "ui/compose/AttachmentFile.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposeEditor.h"
#include "ui/compose/ComposePictures.h"
#include "ui/compose/FormatBar.h"
#include "ui/compose/RichDocument.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace avocet {

namespace {

constexpr int ringRoom = 2; // what a focus ring takes

RichText withoutPictures(RichText text)
{
    for (RichBlock& block : text.blocks)
        std::erase_if(block.runs, [](const RichRun& run) { return !run.image.empty(); });
    return text;
}

bool isMoreThanText(const RichText& text)
{
    return hasFormatting(text) ||
           std::any_of(text.blocks.begin(), text.blocks.end(), [](const RichBlock& block) {
               return block.kind != RichBlock::Kind::Paragraph || block.quote > 0;
           });
}

} // namespace

RichField::RichField(Pictures pictures, int lines, QWidget* parent)
    : QWidget(parent)
    , m_pictures(pictures)
    , m_editor(new ComposeEditor(this))
    , m_body(m_editor->body())
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(ringRoom, ringRoom, ringRoom, ringRoom);
    layout->setSpacing(0);
    layout->addWidget(m_editor);
    layout->addWidget(m_editor->bar());
    m_body->setInForm();
    m_body->setFixedHeight(lines * lineHeight(TextRole::Message) * 3 / 2 + 2 * metrics::space3);
    m_editor->bar()->leaveOut(true, pictures == Pictures::No);
    setFocusProxy(m_body);
    connect(m_editor, &ComposeEditor::notice, this, &RichField::notice);
    connect(m_editor, &ComposeEditor::noticeOver, this, &RichField::noticeOver);
    connect(m_editor, &ComposeEditor::pictureFilesChosen, this, [this](const QStringList& paths) {
        for (const QString& path : paths)
            if (const auto file = readAttachment(path))
                m_editor->takePicture(*file);
    });
    connect(m_body, &ComposeBody::imageGiven, this, [this](const QImage& image) {
        if (m_pictures == Pictures::Yes)
            m_editor->addPicture(image);
    });
    connect(qApp, &QApplication::focusChanged, this, qOverload<>(&QWidget::update));
}

void RichField::setText(const std::string& text, const std::string& html, bool rich)
{
    if (html.empty() && !rich) {
        m_body->setText(QString::fromStdString(text));
    } else {
        RichText words = html.empty() ? richFromPlain(text) : readRichText(html);
        m_body->setRichText({});
        m_body->insertForeign(m_pictures == Pictures::Yes ? std::move(words)
                                                          : withoutPictures(std::move(words)));
        m_body->document()->clearUndoRedoStacks();
        m_body->document()->setModified(false);
        m_body->moveCursor(QTextCursor::Start);
    }
    m_editor->bar()->showRich(m_body->isRich());
}

std::string RichField::text() const
{
    return m_body->text().toStdString();
}

std::string RichField::html() const
{
    if (!m_body->isRich())
        return {};
    RichText words = m_body->richText();
    words = m_pictures == Pictures::Yes ? m_body->pictures().withData(std::move(words))
                                        : withoutPictures(std::move(words));
    return isMoreThanText(words) ? writeHtml(words) : std::string();
}

void RichField::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRectF box(rect());
    fillRounded(painter, box, metrics::radiusControl, tokens().surface);
    if (m_body->hasFocus())
        drawFocusRing(painter, box);
    else
        strokeRounded(painter, box, metrics::radiusControl, tokens().control);
}

} // namespace avocet
