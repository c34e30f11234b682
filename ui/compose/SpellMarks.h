// SPDX-License-Identifier: GPL-3.0-or-later
// Red waves under words that no dictionary knows, while one writes.
#pragma once

#include "ui/compose/SpellMenu.h"

#include <QObject>
#include <QSet>
#include <QTextCursor>
#include <QTimer>

#include <memory>

class QMenu;
class QTextEdit;

namespace avocet {

class Speller;

/// Looks only at what is in view, in slices of a few milliseconds when nothing else is to do, and only at paragraphs that
/// changed; paints them itself, so that a mark never lays text out again. A paragraph whose words tell its language is
/// measured by that one, any other by all that were chosen. Quotes, links, code and addresses are left alone.
/// Thread: the GUI's. Owner: ComposeBody.
class SpellMarks : public QObject {
    Q_OBJECT
public:
    explicit SpellMarks(QTextEdit* edit);

    void setSpeller(std::shared_ptr<Speller> speller);
    Speller* speller() const { return m_speller.get(); }
    void choose(const SpellChoice& choice);
    const SpellChoice& choice() const { return m_choice; }
    bool isOn() const { return m_choice.on; }
    /// The dictionaries that are asked: those that were chosen, as far as they are installed, or the usual ones.
    QStringList languages() const;
    /// That of the paragraph at a position, where its words tell one; else the one that fits the whole text best.
    QString languageAt(int position) const;
    /// Off, automatic, and every dictionary that is installed.
    void fillMenu(QMenu& menu);

    void paint(QPainter& painter, const QRect& area) const;
    /// Suggestions for the word at `place` (viewport coordinates) in front of the menu's entries.
    void addActions(QMenu& menu, const QPoint& place);
    /// The wrong word at a position, selected; null where there is none.
    QTextCursor wrongWordAt(int position) const;
    /// Nothing in view is left to look at.
    bool isSettled() const { return !m_timer.isActive(); }

Q_SIGNALS:
    /// By the user, in a menu.
    void chosen(const avocet::SpellChoice& choice);

private:
    void look();
    bool checkBlock(QTextBlock block);
    void soon();
    void forget();
    QStringList toBeAsked() const;
    void tellLanguage();
    bool isRight(const QString& word, const QString& language) const;
    QString toldBy(const QStringList& words) const;
    bool isSkipped(const QTextBlock& block) const;

    QTextEdit* m_edit;
    std::shared_ptr<Speller> m_speller;
    QTimer m_timer;
    QSet<QString> m_ignored;
    SpellChoice m_choice;
    QStringList m_asked;
    QString m_language;   ///< of the whole text
    int m_generation = 1; ///< of what is known about words
};

} // namespace avocet
