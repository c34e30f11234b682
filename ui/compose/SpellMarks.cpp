// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/SpellMarks.h"

#include "ui/compose/Placeholders.h"
#include "ui/compose/RichDocument.h"
#include "ui/compose/Speller.h"
#include "ui/theme/Theme.h"

#include <QAbstractTextDocumentLayout>
#include <QElapsedTimer>
#include <QMenu>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextEdit>
#include <QTextLayout>

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

constexpr int sliceMs = 4;
constexpr int pauseMs = 250;
constexpr int longestBlock = 20'000; // characters; what is longer was not typed
constexpr int wordsToTell = 200;
constexpr int clearShare = 80; // percent of the words

class BlockMarks : public QTextBlockUserData {
public:
    std::vector<SpellWord> wrong;
    QString language; ///< as its words tell it; empty: they do not
    int revision = -1;
    int generation = 0;
};

QStringList checkedWords(const QString& text)
{
    QStringList words;
    for (const SpellWord& word : spellWords(text))
        words.append(text.mid(word.start, word.length));
    return words;
}

BlockMarks* marksOf(const QTextBlock& block)
{
    return static_cast<BlockMarks*>(block.userData());
}

void paintWave(QPainter& painter, double left, double right, double y)
{
    QPainterPath wave(QPointF(left, y));
    bool up = true;
    for (double x = left; x < right; x += 2, up = !up)
        wave.lineTo(std::min(x + 2, right), y + (up ? 2 : 0));
    painter.drawPath(wave);
}

} // namespace

SpellMarks::SpellMarks(QTextEdit* edit)
    : QObject(edit)
    , m_edit(edit)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SpellMarks::look);
    connect(edit, &QTextEdit::textChanged, this, &SpellMarks::soon);
    connect(edit, &QTextEdit::cursorPositionChanged, this, &SpellMarks::soon);
    connect(edit->verticalScrollBar(), &QScrollBar::valueChanged, this, &SpellMarks::soon);
}

void SpellMarks::setSpeller(std::shared_ptr<Speller> speller)
{
    m_speller = std::move(speller);
    connect(m_speller.get(), &Speller::loaded, this, &SpellMarks::forget);
    connect(m_speller.get(), &Speller::ownWordsChanged, this, &SpellMarks::forget);
    forget();
}

void SpellMarks::choose(const SpellChoice& choice)
{
    m_choice = choice;
    forget();
    m_edit->viewport()->update();
}

QStringList SpellMarks::languages() const
{
    return m_asked;
}

QStringList SpellMarks::toBeAsked() const
{
    if (!m_speller)
        return {};
    QStringList chosen = m_choice.languages;
    chosen.removeIf([this](const QString& one) { return !m_speller->languages().contains(one); });
    return chosen.isEmpty() ? usualLanguages(m_speller->languages()) : chosen;
}

void SpellMarks::fillMenu(QMenu& menu)
{
    fillSpellMenu(menu, m_speller ? m_speller->languages() : QStringList(), m_choice,
                  [this](const SpellChoice& choice) {
                      choose(choice);
                      Q_EMIT chosen(choice);
                  });
}

void SpellMarks::forget()
{
    ++m_generation;
    m_asked = toBeAsked();
    if (m_speller && isOn())
        for (const QString& language : languages())
            m_speller->load(language);
    soon();
}

void SpellMarks::soon()
{
    if (m_speller && isOn() && !m_timer.isActive())
        m_timer.start(pauseMs);
}

bool SpellMarks::isSkipped(const QTextBlock& block) const
{
    return rich::quoteDepth(block) > 0 || rich::isCode(block) || block.length() > longestBlock ||
           block.text().startsWith(u'>');
}

/// Clearly more than by chance; empty: a few words, or several languages in one.
QString SpellMarks::toldBy(const QStringList& words) const
{
    const QString best = m_speller->bestFor(words, languages());
    const bool isClear =
        !best.isEmpty() && m_speller->rightIn(words, best) * 100 >= words.size() * clearShare;
    return isClear ? best : QString();
}

void SpellMarks::tellLanguage()
{
    QStringList words;
    for (QTextBlock block = m_edit->document()->begin();
         block.isValid() && words.size() < wordsToTell && block.blockNumber() < wordsToTell;
         block = block.next())
        if (!isSkipped(block))
            words.append(checkedWords(block.text()));
    const QString best = m_speller->bestFor(words, languages());
    if (!best.isEmpty())
        m_language = best;
    else if (!languages().contains(m_language))
        m_language = languages().value(0);
}

bool SpellMarks::isRight(const QString& word, const QString& language) const
{
    if (!language.isEmpty())
        return m_speller->isRight(word, language);
    const QStringList all = languages();
    return std::any_of(all.begin(), all.end(),
                       [&](const QString& one) { return m_speller->isRight(word, one); });
}

QString SpellMarks::languageAt(int position) const
{
    const QTextBlock block = m_edit->document()->findBlock(position);
    const BlockMarks* marks = block.isValid() ? marksOf(block) : nullptr;
    return marks && !marks->language.isEmpty() ? marks->language : m_language;
}

void SpellMarks::look()
{
    if (!m_speller || !isOn())
        return;
    QElapsedTimer clock;
    clock.start();
    const QStringList asked = languages();
    if (asked.isEmpty() || !std::all_of(asked.begin(), asked.end(), [this](const QString& one) {
            return m_speller->isLoaded(one);
        }))
        return;
    tellLanguage();
    const QRect view = m_edit->viewport()->rect();
    bool changed = false;
    const QTextBlock end = m_edit->cursorForPosition(view.bottomRight()).block().next();
    for (QTextBlock block = m_edit->cursorForPosition(view.topLeft()).block();
         block.isValid() && block != end; block = block.next()) {
        changed = checkBlock(block) || changed;
        if (clock.elapsed() >= sliceMs) {
            m_timer.start(0);
            break;
        }
    }
    if (changed)
        m_edit->viewport()->update();
}

/// True: it was looked at anew.
bool SpellMarks::checkBlock(QTextBlock block)
{
    BlockMarks* marks = marksOf(block);
    const bool writesHere = m_edit->textCursor().block() == block;
    if (marks && marks->revision == block.revision() && marks->generation == m_generation &&
        !writesHere)
        return false;
    if (!marks) {
        marks = new BlockMarks;
        block.setUserData(marks);
    }
    marks->revision = block.revision();
    marks->generation = m_generation;
    marks->wrong.clear();
    marks->language.clear();
    if (isSkipped(block))
        return true;
    const QString text = block.text();
    marks->language = toldBy(checkedWords(text));
    const QList<PlaceholderSpot> placeholders = placeholdersIn(text);
    const auto isPlaceholder = [&](const SpellWord& word) {
        return std::any_of(
            placeholders.begin(), placeholders.end(), [&](const PlaceholderSpot& spot) {
                return word.start >= spot.start && word.start < spot.start + spot.length;
            });
    };
    const int caret =
        writesHere && m_edit->hasFocus() ? m_edit->textCursor().position() - block.position() : -1;
    for (const SpellWord& word : spellWords(text)) {
        if (word.start + word.length == caret) // it is being typed
            continue;
        const QString letters = text.mid(word.start, word.length);
        if (m_ignored.contains(letters) || isRight(letters, marks->language) || isPlaceholder(word))
            continue;
        QTextCursor at(block);
        at.setPosition(block.position() + word.start + 1);
        const QTextCharFormat format = at.charFormat();
        if (!format.isAnchor() && !format.boolProperty(rich::Code))
            marks->wrong.push_back(word);
    }
    return true;
}

void SpellMarks::paint(QPainter& painter, const QRect& area) const
{
    if (!isOn() || !m_speller)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens().danger, 1.2));
    const QAbstractTextDocumentLayout* layout = m_edit->document()->documentLayout();
    const QPointF offset(-m_edit->horizontalScrollBar()->value(),
                         -m_edit->verticalScrollBar()->value());
    for (QTextBlock block = m_edit->cursorForPosition(area.topLeft()).block(); block.isValid();
         block = block.next()) {
        const QRectF box = layout->blockBoundingRect(block).translated(offset);
        if (box.top() > area.bottom())
            break;
        const BlockMarks* marks = marksOf(block);
        if (!marks || marks->generation != m_generation || marks->revision != block.revision())
            continue;
        const QPointF origin = block.layout()->position() + offset;
        for (const SpellWord& word : marks->wrong) {
            const QTextLine line = block.layout()->lineForTextPosition(word.start);
            if (!line.isValid())
                continue;
            const double a = line.cursorToX(word.start);
            const double b = line.cursorToX(
                std::min(word.start + word.length, line.textStart() + line.textLength()));
            paintWave(painter, origin.x() + std::min(a, b), origin.x() + std::max(a, b),
                      origin.y() + line.y() + line.ascent() + 2);
        }
    }
    painter.restore();
}

QTextCursor SpellMarks::wrongWordAt(int position) const
{
    const QTextBlock block = m_edit->document()->findBlock(position);
    const BlockMarks* marks = block.isValid() ? marksOf(block) : nullptr;
    if (!isOn() || !marks || marks->generation != m_generation ||
        marks->revision != block.revision())
        return {};
    for (const SpellWord& word : marks->wrong) {
        const int start = block.position() + word.start;
        if (position < start || position > start + word.length)
            continue;
        QTextCursor cursor(m_edit->document());
        cursor.setPosition(start);
        cursor.setPosition(start + word.length, QTextCursor::KeepAnchor);
        return cursor;
    }
    return {};
}

void SpellMarks::addActions(QMenu& menu, const QPoint& place)
{
    const QTextCursor word = wrongWordAt(m_edit->cursorForPosition(place).position());
    if (word.isNull())
        return;
    QAction* before = menu.actions().value(0);
    const auto add = [&](const QString& text, auto run) {
        auto* action = new QAction(text, &menu);
        connect(action, &QAction::triggered, this, run);
        menu.insertAction(before, action);
        return action;
    };
    const QString letters = word.selectedText();
    // From the language that fits best, from the others where it has none.
    QStringList order = languages();
    const QString best = languageAt(word.selectionStart());
    std::stable_partition(order.begin(), order.end(),
                          [&](const QString& one) { return one == best; });
    QStringList suggestions;
    for (const QString& language : std::as_const(order))
        if (suggestions.isEmpty())
            suggestions = m_speller->suggestions(letters, language);
    for (const QString& suggestion : suggestions) {
        QAction* action = add(suggestion, [at = QTextCursor(word), suggestion]() mutable {
            at.insertText(suggestion);
        });
        QFont strong = menu.font();
        strong.setWeight(QFont::DemiBold);
        action->setFont(strong);
    }
    if (suggestions.isEmpty())
        add(tr("No suggestions"), [] {})->setEnabled(false);
    menu.insertSeparator(before);
    add(tr("Add to dictionary"), [this, letters] { m_speller->addOwn(letters); });
    add(tr("Ignore in this message"), [this, letters] {
        m_ignored.insert(letters);
        forget();
    });
    menu.insertSeparator(before);
}

} // namespace avocet
