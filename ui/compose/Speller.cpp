// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/Speller.h"

#include "ui/OnWorker.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QThreadPool>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <hunspell/hunspell.hxx>
#include <iconv.h>

namespace avocet {

using namespace std::chrono_literals;

namespace {

constexpr int longestWord = 80; // letters; longer ones are no words, and cost Hunspell much
constexpr qint64 mostOwnBytes = 1 << 20;
constexpr int enoughWords = 5; // to tell a language by
constexpr int mostSuggestions = 6;
constexpr auto kept = 5min; // unused

/// Between UTF-8 and the encoding that a dictionary is written in.
class Recoder {
public:
    Recoder(const char* to, const char* from)
        : m_handle(iconv_open(to, from))
    {
    }
    ~Recoder()
    {
        if (isValid())
            iconv_close(m_handle);
    }
    Recoder(const Recoder&) = delete;
    Recoder& operator=(const Recoder&) = delete;

    bool isValid() const { return m_handle != invalid(); }

    std::optional<std::string> operator()(std::string text)
    {
        std::string out(text.size() * 4 + 8, '\0');
        char* in = text.data();
        char* to = out.data();
        std::size_t left = text.size();
        std::size_t room = out.size();
        iconv(m_handle, nullptr, nullptr, nullptr, nullptr);
        if (!isValid() || iconv(m_handle, &in, &left, &to, &room) == static_cast<std::size_t>(-1))
            return std::nullopt;
        out.resize(out.size() - room);
        return out;
    }

private:
    static iconv_t invalid() { return reinterpret_cast<iconv_t>(-1); }
    iconv_t m_handle;
};

QString straightened(QString word)
{
    return word.replace(QChar(0x2019), u'\'');
}

} // namespace

class Dictionary {
public:
    Dictionary(const QString& affixes, const QString& words)
        : m_hunspell(QFile::encodeName(affixes).constData(), QFile::encodeName(words).constData())
        , m_to(m_hunspell.get_dict_encoding().c_str(), "UTF-8")
        , m_from("UTF-8", m_hunspell.get_dict_encoding().c_str())
    {
    }

    bool isRight(const QString& word)
    {
        const auto bytes = m_to(straightened(word).toStdString());
        return bytes && m_hunspell.spell(*bytes);
    }

    QStringList suggestions(const QString& word)
    {
        QStringList result;
        if (const auto bytes = m_to(straightened(word).toStdString()))
            for (const std::string& one : m_hunspell.suggest(*bytes))
                if (const auto utf8 = m_from(one); utf8 && result.size() < mostSuggestions)
                    result.append(QString::fromStdString(*utf8));
        return result;
    }

private:
    Hunspell m_hunspell;
    Recoder m_to, m_from;
};

namespace {

/// To free its many words takes a tenth of a second (ComposeBench), which whoever closes a window would wait for.
void deleteElsewhere(Dictionary* dictionary)
{
    if (QCoreApplication::instance())
        QThreadPool::globalInstance()->start([dictionary] { delete dictionary; });
    else
        delete dictionary;
}

} // namespace

Speller::Speller(const QStringList& folders, const QString& ownWords, QObject* parent)
    : QObject(parent)
    , m_folders(folders)
    , m_ownFile(ownWords)
{
    for (const QString& folder : folders)
        for (const QString& file : QDir(folder).entryList({QStringLiteral("*.dic")}, QDir::Files)) {
            const QString stem = file.chopped(4);
            if (!stem.startsWith(QLatin1String("hyph")) && !m_languages.contains(stem) &&
                QFile::exists(folder + u'/' + stem + QLatin1String(".aff")))
                m_languages.append(stem);
        }
    m_languages.sort();
    QFile own(m_ownFile);
    if (!m_ownFile.isEmpty() && own.open(QIODevice::ReadOnly))
        for (const QString& word : QString::fromUtf8(own.read(mostOwnBytes)).split(u'\n'))
            if (!word.isEmpty())
                m_own.insert(word);
}

Speller::~Speller() = default;

void Speller::load(const QString& language)
{
    if (m_dictionaries.contains(language) || !m_languages.contains(language))
        return;
    QString base;
    for (const QString& folder : m_folders)
        if (QFile::exists(folder + u'/' + language + QLatin1String(".dic"))) {
            base = folder + u'/' + language;
            break;
        }
    m_dictionaries[language] = nullptr;
    onWorker(
        this,
        [base] {
            return std::shared_ptr<Dictionary>(
                new Dictionary(base + QLatin1String(".aff"), base + QLatin1String(".dic")),
                [](Dictionary* dictionary) { deleteElsewhere(dictionary); });
        },
        [this, language](std::shared_ptr<Dictionary> dictionary) {
            m_dictionaries[language] = std::move(dictionary);
            Q_EMIT loaded(language);
        });
}

bool Speller::isLoaded(const QString& language) const
{
    const auto found = m_dictionaries.find(language);
    return found != m_dictionaries.end() && found->second;
}

bool Speller::isRight(const QString& word, const QString& language) const
{
    return !isLoaded(language) || word.size() > longestWord || m_own.contains(word) ||
           m_dictionaries.at(language)->isRight(word);
}

QStringList Speller::suggestions(const QString& word, const QString& language) const
{
    return isLoaded(language) && word.size() <= longestWord
               ? m_dictionaries.at(language)->suggestions(word)
               : QStringList();
}

void Speller::addOwn(const QString& word)
{
    m_own.insert(word);
    if (!m_ownFile.isEmpty()) {
        QStringList words(m_own.begin(), m_own.end());
        words.sort();
        QSaveFile file(m_ownFile);
        if (file.open(QIODevice::WriteOnly) &&
            file.write((words.join(u'\n') + u'\n').toUtf8()) >= 0)
            file.commit();
    }
    Q_EMIT ownWordsChanged();
}

qsizetype Speller::rightIn(const QStringList& words, const QString& language) const
{
    return isLoaded(language)
               ? std::count_if(words.begin(), words.end(),
                               [&](const QString& word) { return isRight(word, language); })
               : 0;
}

QString Speller::bestFor(const QStringList& words, const QStringList& languages) const
{
    QString best;
    qsizetype most = -1;
    for (const QString& language : languages) {
        if (!isLoaded(language))
            continue;
        const qsizetype right = rightIn(words, language);
        if (right > most) {
            most = right;
            best = language;
        }
    }
    return words.size() < enoughWords ? QString() : best;
}

QStringList Speller::systemFolders()
{
    return {QStringLiteral("/usr/share/hunspell"), QStringLiteral("/usr/share/myspell/dicts"),
            QStringLiteral("/app/share/hunspell")};
}

std::shared_ptr<Speller> Speller::shared(const QString& ownWords)
{
    static std::weak_ptr<Speller> current;
    std::shared_ptr<Speller> speller = current.lock();
    if (!speller || speller->m_ownFile != ownWords) {
        speller = std::make_shared<Speller>(systemFolders(), ownWords);
        current = speller;
    }
    // Who closes a message often writes the next one.
    QTimer::singleShot(kept, qApp, [speller] {});
    return speller;
}

std::vector<SpellWord> spellWords(const QString& text)
{
    std::vector<SpellWord> words;
    const auto isWordPart = [](QChar c) {
        return c.isLetter() || c.isMark() || c.isSurrogate() || c == u'\'' || c == QChar(0x2019);
    };
    for (int pos = 0; pos < text.size();) {
        int end = pos;
        while (end < text.size() && !text[end].isSpace())
            ++end;
        const QStringView token = QStringView(text).mid(pos, end - pos);
        const bool address = token.contains(u'@') || token.contains(QLatin1String("://")) ||
                             token.startsWith(QLatin1String("www.")) || token.contains(u'/') ||
                             token.contains(u'\\') || token.contains(u'_');
        for (int i = pos; !address && i < end;) {
            int stop = i;
            while (stop < end && (isWordPart(text[stop]) || text[stop].isDigit()))
                ++stop;
            int first = i;
            int last = stop;
            while (first < last && !text[first].isLetter() && !text[first].isDigit())
                ++first;
            while (last > first && (text[last - 1] == u'\'' || text[last - 1] == QChar(0x2019)))
                --last;
            const QStringView word = QStringView(text).mid(first, last - first);
            const bool checked =
                word.size() > 1 && std::none_of(word.begin(), word.end(), [](QChar c) {
                    return c.isDigit() || c.isSurrogate();
                });
            // "example.org" and the like are no words either.
            const bool dotted = stop < end - 1 && text[stop] == u'.' && text[stop + 1].isLetter();
            const bool behindDot = first > pos + 1 && text[first - 1] == u'.';
            if (checked && !dotted && !behindDot)
                words.push_back({first, last - first});
            i = std::max(stop, i + 1);
        }
        pos = end + 1;
    }
    return words;
}

} // namespace avocet
