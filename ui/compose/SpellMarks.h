// SPDX-License-Identifier: GPL-3.0-or-later
// Red waves under words that no dictionary knows, while one writes.
#pragma once

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
/// changed; paints them itself, so that a mark never lays text out again. Quotes, links, code and addresses are left alone.
/// Thread: the GUI's. Owner: ComposeBody.
class SpellMarks : public QObject {
    Q_OBJECT
public:
    explicit SpellMarks(QTextEdit* edit);

    void setSpeller(std::shared_ptr<Speller> speller);
    Speller* speller() const { return m_speller.get(); }
    void setOn(bool on);
    bool isOn() const { return m_on; }
    /// Those to choose from by themselves.
    void setLanguages(const QStringList& languages);
    QStringList enabledLanguages() const { return m_enabled; }
    /// Empty: the best match among the enabled ones.
    void choose(const QString& language);
    QString chosen() const { return m_chosen; }
    /// The language that is used now; empty: none.
    QString language() const { return m_language; }

    void paint(QPainter& painter, const QRect& area) const;
    /// Suggestions for the word at `place` (viewport coordinates) in front of the menu's entries.
    void addActions(QMenu& menu, const QPoint& place);
    /// The wrong word at a position, selected; null where there is none.
    QTextCursor wrongWordAt(int position) const;
    /// Nothing in view is left to look at.
    bool isSettled() const { return !m_timer.isActive(); }

Q_SIGNALS:
    void languageChanged(const QString& language);

private:
    void look();
    bool checkBlock(QTextBlock block);
    void soon();
    void forget();
    void choosesByItself();
    bool isSkipped(const QTextBlock& block) const;

    QTextEdit* m_edit;
    std::shared_ptr<Speller> m_speller;
    QTimer m_timer;
    QSet<QString> m_ignored;
    QStringList m_enabled;
    QString m_chosen;
    QString m_language;
    int m_generation = 1; ///< of what is known about words
    bool m_on = true;
};

/// "Deutsch (Schweiz)" for "de_CH".
QString languageName(const QString& dictionary);

} // namespace avocet
