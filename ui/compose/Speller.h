// SPDX-License-Identifier: GPL-3.0-or-later
// Hunspell's dictionaries that are installed, and the user's own words.
#pragma once

#include <QObject>
#include <QSet>
#include <QString>
#include <QStringList>

#include <map>
#include <memory>

namespace avocet {

class Dictionary;

/// Finds what is installed, loads it on another thread, and answers from then on. Thread: the GUI's; shared by all windows,
/// since a dictionary takes megabytes.
class Speller : public QObject {
    Q_OBJECT
public:
    /// `folders`: where *.dic and *.aff lie; `ownWords`: a file with a word a line, made by the first one; empty: kept in memory.
    Speller(const QStringList& folders, const QString& ownWords, QObject* parent = nullptr);
    ~Speller() override;

    /// Names as of the files, "de_DE", sorted.
    QStringList languages() const { return m_languages; }
    /// Starts to load; loaded() follows where it was not there.
    void load(const QString& language);
    bool isLoaded(const QString& language) const;
    /// Right words are those of the language or the user's own; all are while it is not loaded.
    bool isRight(const QString& word, const QString& language) const;
    QStringList suggestions(const QString& word, const QString& language) const;
    void addOwn(const QString& word);
    /// How many of `words` are right in a language; 0 while it is not loaded.
    qsizetype rightIn(const QStringList& words, const QString& language) const;
    /// The language that most of `words` are right in; empty where none is loaded or there are too few words to tell.
    QString bestFor(const QStringList& words, const QStringList& languages) const;

    /// Where distributions keep them.
    static QStringList systemFolders();
    /// The one for these arguments, shared for as long as somebody holds it and some minutes more.
    static std::shared_ptr<Speller> shared(const QString& ownWords);

Q_SIGNALS:
    void loaded(const QString& language);
    void ownWordsChanged();

private:
    QStringList m_folders;
    QString m_ownFile;
    QStringList m_languages;
    QSet<QString> m_own;
    std::map<QString, std::shared_ptr<Dictionary>>
        m_dictionaries; ///< null while it is being loaded
};

/// A word in a line of text.
struct SpellWord {
    int start = 0;
    int length = 0;
};

/// The words of `text` that a dictionary can know: no addresses, numbers, or parts of either.
std::vector<SpellWord> spellWords(const QString& text);

} // namespace avocet
