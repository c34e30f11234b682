// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/SourceWindow.h"

#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QFontDatabase>
#include <QPlainTextEdit>
#include <QShortcut>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr std::size_t maxShown = 2'000'000;

} // namespace

SourceWindow::SourceWindow(const QString& subject, const std::string& raw)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Source of \u201c%1\u201d").arg(subject.left(100)));
    resize(800, 640);
    auto* view = new QPlainTextEdit(this);
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(themeFont(TextRole::Body).pointSizeF());
    view->setFont(fixed);
    view->setReadOnly(true);
    view->setFrameShape(QFrame::NoFrame);
    view->setLineWrapMode(QPlainTextEdit::NoWrap);
    view->document()->setDocumentMargin(metrics::space4);
    view->setAccessibleName(tr("Message source"));
    // Byte for byte: a source has no one charset.
    view->setPlainText(
        QString::fromLatin1(raw.data(), static_cast<qsizetype>(std::min(raw.size(), maxShown))));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(view);
    if (raw.size() > maxShown) {
        auto* note = makeLabel(
            tr("The first %1 of %2 are shown. Save the message to see all of it.")
                .arg(sizeWords(maxShown), sizeWords(static_cast<std::int64_t>(raw.size()))),
            TextRole::Small, Ink::Text2, false, this);
        note->setContentsMargins(metrics::space4, metrics::space2, metrics::space4,
                                 metrics::space2);
        layout->addWidget(note);
    }
    connect(new QShortcut(QKeySequence::Close, this), &QShortcut::activated, this, &QWidget::close);
    connect(new QShortcut(Qt::Key_Escape, this), &QShortcut::activated, this, &QWidget::close);
}

} // namespace avocet
