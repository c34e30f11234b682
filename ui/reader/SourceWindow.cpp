// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/SourceWindow.h"

#include "ui/reader/FindBar.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QFontDatabase>
#include <QPlainTextEdit>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>
#include <string_view>

namespace avocet {

namespace {

/// More bytes, more lines or longer lines hold the window up as they are laid out; the message can be saved.
constexpr std::size_t maxShown = 1'000'000;
constexpr int mostLines = 20'000;
constexpr qsizetype longestLine = 4'000;
constexpr int mostPlaces = 1'000;

/// Bytes of the message's beginning that are shown; no letter of UTF-8 is cut, or all of it would count as broken.
std::size_t shownOf(std::string_view raw)
{
    std::size_t most = std::min(raw.size(), maxShown);
    for (int i = 0; i < 3 && most < raw.size() && (raw[most] & 0xC0) == 0x80; ++i)
        --most;
    raw = raw.substr(0, most);
    std::size_t end = 0;
    for (int line = 0; line < mostLines && end < raw.size(); ++line)
        end = std::min(raw.size(), raw.find('\n', end)) + 1;
    return std::min(end, raw.size());
}

/// Lines far longer than mail may have (998, RFC 5322 2.1.1), in pieces.
QString withoutLongLines(const QString& text)
{
    QString broken;
    broken.reserve(text.size() + text.size() / longestLine);
    qsizetype length = 0;
    for (const QChar c : text) {
        length = c == u'\n' ? 0 : length + 1;
        if (length > longestLine && !c.isLowSurrogate()) {
            broken += u'\n';
            length = 1;
        }
        broken += c;
    }
    return broken;
}

} // namespace

SourceWindow::SourceWindow(const QString& subject, const std::string& raw)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Source of \u201c%1\u201d").arg(subject.left(100)));
    resize(800, 640);
    m_find = new FindBar(tr("Find in source"), this);
    m_view = new QPlainTextEdit(this);
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(themeFont(TextRole::Body).pointSizeF());
    m_view->setFont(fixed);
    m_view->setReadOnly(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_view->document()->setDocumentMargin(metrics::space4);
    m_view->setAccessibleName(tr("Message source"));
    // What is no UTF-8 is shown byte for byte: a source has no one charset.
    const QByteArray shown(raw.data(), static_cast<qsizetype>(shownOf(raw)));
    m_view->setPlainText(withoutLongLines(shown.isValidUtf8() ? QString::fromUtf8(shown)
                                                              : QString::fromLatin1(shown)));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_find);
    layout->addWidget(m_view);
    if (shown.size() < std::ssize(raw)) {
        auto* note = makeLabel(
            tr("The first %1 of %2 are shown. Save the message to see all of it.")
                .arg(sizeWords(shown.size()), sizeWords(static_cast<std::int64_t>(raw.size()))),
            TextRole::Small, Ink::Text2, false, this);
        note->setContentsMargins(metrics::space4, metrics::space2, metrics::space4,
                                 metrics::space2);
        layout->addWidget(note);
    }
    connect(new QShortcut(QKeySequence::Close, this), &QShortcut::activated, this, &QWidget::close);
    connect(new QShortcut(Qt::Key_Escape, this), &QShortcut::activated, this,
            [this] { m_find->isVisible() ? endFind() : void(close()); });
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, this,
            [this] { m_find->begin(m_view->textCursor().selectedText().left(200)); });
    connect(m_find, &FindBar::wordsChanged, this, &SourceWindow::mark);
    connect(m_find, &FindBar::stepped, this, &SourceWindow::step);
    connect(m_find, &FindBar::closed, this, &SourceWindow::endFind);
}

void SourceWindow::mark(const QString& words)
{
    m_places.clear();
    m_active = -1;
    const QTextDocument* document = m_view->document();
    for (QTextCursor at = words.isEmpty() ? QTextCursor() : document->find(words);
         !at.isNull() && m_places.size() < mostPlaces; at = document->find(words, at)) {
        m_places.append(at);
    }
    showPlaces();
}

void SourceWindow::showPlaces()
{
    QList<QTextEdit::ExtraSelection> marks;
    for (int i = 0; i < m_places.size(); ++i) {
        QTextEdit::ExtraSelection place;
        place.cursor = m_places[i];
        place.format.setBackground(i == m_active ? tokens().accent : tokens().searchHit);
        place.format.setForeground(i == m_active ? tokens().accentText : tokens().text);
        marks.append(place);
    }
    m_view->setExtraSelections(marks);
    m_find->setCount(m_active + 1, static_cast<int>(m_places.size()),
                     m_places.size() == mostPlaces);
}

void SourceWindow::step(bool backward)
{
    const auto all = static_cast<int>(m_places.size());
    if (all == 0) {
        return;
    }
    m_active =
        m_active < 0 ? (backward ? all - 1 : 0) : (m_active + (backward ? all - 1 : 1)) % all;
    QTextCursor at = m_places[m_active];
    at.clearSelection();
    m_view->setTextCursor(at);
    m_view->centerCursor();
    showPlaces();
}

void SourceWindow::endFind()
{
    mark({});
    m_find->hide();
    m_view->setFocus();
}

} // namespace avocet
