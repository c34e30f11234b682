// SPDX-License-Identifier: GPL-3.0-or-later
// Words that are looked for in MessageText.
#include "ui/reader/LongTextLayout.h"
#include "ui/reader/MessageText.h"
#include "ui/theme/Theme.h"

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

constexpr int mostHits = 1'000;

} // namespace

void MessageText::whenWhole(std::function<void()> then)
{
    if (isWhole()) {
        then();
    } else {
        m_waiting.push_back(std::move(then));
    }
}

void MessageText::markWords(const QString& words, std::function<void(int count)> done)
{
    m_words = words;
    m_active = -1;
    // As the words are typed, what only their beginning opened closes again; at the end all stays as it is.
    QSet<int> wanted;
    for (const ReadableLine& line : m_readable.lines) {
        if (line.fold >= 0 && !words.isEmpty() && !m_opened.contains(line.fold) &&
            !wanted.contains(line.fold) &&
            QStringView(m_text)
                .sliced(line.start, line.length)
                .contains(words, Qt::CaseInsensitive)) {
            wanted.insert(line.fold);
        }
    }
    if (words.isEmpty()) {
        m_opened += std::exchange(m_openedByWords, {});
    } else {
        const QSet<int> before = std::exchange(m_openedByWords, wanted);
        if (const QSet<int> others = (before - wanted) + (wanted - before); !others.isEmpty()) {
            refoldAll(others);
        }
    }
    whenWhole([this, done = std::move(done)] {
        showHits();
        done(static_cast<int>(m_hits.size()));
    });
}

void MessageText::findWords(const QString& words, bool backward,
                            std::function<void(const HtmlFound&)> done)
{
    if (words != m_words) {
        markWords(words, [](int) {});
    }
    whenWhole([this, backward, done = std::move(done)] {
        if (m_hits.isEmpty()) {
            done({});
            return;
        }
        const auto all = static_cast<int>(m_hits.size());
        m_active =
            m_active < 0 ? (backward ? all - 1 : 0) : (m_active + (backward ? all - 1 : 1)) % all;
        showHits();
        QTextCursor at(document());
        at.setPosition(m_hits[m_active]);
        done({m_active + 1, all, cursorRect(at)});
    });
}

void MessageText::showHits()
{
    m_hits.clear();
    QList<ExtraSelection> marks;
    if (!m_words.isEmpty()) {
        for (QTextCursor at = document()->find(m_words); !at.isNull() && m_hits.size() < mostHits;
             at = document()->find(m_words, at)) {
            ExtraSelection mark;
            mark.cursor = at;
            const bool active = m_hits.size() == m_active;
            mark.format.setBackground(active ? tokens().accent : tokens().searchHit);
            mark.format.setForeground(active ? tokens().accentText : tokens().text);
            marks.append(mark);
            m_hits.append(at.selectionStart());
        }
    }
    setExtraSelections(marks);
}

} // namespace avocet
