// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main/SearchSuggestions.h"

#include "ui/theme/Theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace avocet {

namespace {

constexpr std::size_t most = 8;
constexpr int suggestionHeight = 32;

struct Operator {
    const char* text;
    const char* hint;
};
constexpr Operator operators[] = {
    {"from:", QT_TRANSLATE_NOOP("avocet::SearchSuggestions", "Name or address of the sender")},
    {"to:", QT_TRANSLATE_NOOP("avocet::SearchSuggestions", "Name or address of a recipient")},
    {"subject:", QT_TRANSLATE_NOOP("avocet::SearchSuggestions", "A word of the subject")},
    {"in:", QT_TRANSLATE_NOOP("avocet::SearchSuggestions", "A folder")},
    {"has:attachment", QT_TRANSLATE_NOOP("avocet::SearchSuggestions", "Something is attached")},
    {"is:unread", QT_TRANSLATE_NOOP("avocet::SearchSuggestions", "Not read yet")},
    {"before:", QT_TRANSLATE_NOOP("avocet::SearchSuggestions", "A day, month or year: 2026-03-01")},
    {"after:", QT_TRANSLATE_NOOP("avocet::SearchSuggestions", "A day, month or year: 2026-03-01")},
    {"is:read", QT_TRANSLATE_NOOP("avocet::SearchSuggestions", "Read")},
    {"is:starred", QT_TRANSLATE_NOOP("avocet::SearchSuggestions", "With a star")},
};

qsizetype lastWord(const QString& text)
{
    return text.lastIndexOf(u' ') + 1;
}

int heightOfRow()
{
    return std::max(suggestionHeight, lineHeight(TextRole::Body) + metrics::space3);
}

} // namespace

std::vector<SearchSuggestion> searchSuggestions(const QString& text, const QStringList& folders,
                                                bool all)
{
    std::vector<SearchSuggestion> found;
    const QString word = text.mid(lastWord(text));
    const auto add = [&found](const QString& what, const QString& hint) {
        if (found.size() < most) {
            found.push_back({what, hint});
        }
    };
    if (text.isEmpty() ? !all : word.size() < 2) {
        return found;
    }
    if (word.startsWith(u"in:", Qt::CaseInsensitive)) {
        const QString begun = word.mid(3).remove(u'"');
        for (const QString& folder : folders) {
            if (folder.startsWith(begun, Qt::CaseInsensitive) && folder != begun) {
                add(folder.contains(u' ') ? QStringLiteral("in:\"%1\"").arg(folder)
                                          : QStringLiteral("in:") + folder,
                    {});
            }
        }
        return found;
    }
    for (const Operator& each : operators) {
        const QString name = QLatin1String(each.text);
        if (name.startsWith(word, Qt::CaseInsensitive) &&
            name.compare(word, Qt::CaseInsensitive) != 0) {
            add(name, SearchSuggestions::tr(each.hint));
        }
    }
    return found;
}

SearchSuggestions::SearchSuggestions(QLineEdit& field, QWidget* area)
    : QWidget(area)
    , m_field(field)
{
    setFocusPolicy(Qt::NoFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Search suggestions"));
    hide();
}

void SearchSuggestions::refresh(bool all)
{
    m_shown = searchSuggestions(m_field.text(), m_folders, all);
    m_current = -1;
    if (m_shown.empty() || !m_field.hasFocus()) {
        hide();
        return;
    }
    const QPoint below =
        m_field.mapTo(parentWidget(), QPoint(0, m_field.height() + metrics::space1));
    setGeometry(below.x(), below.y(), m_field.width(),
                count() * heightOfRow() + 2 * metrics::space1);
    show();
    raise();
    update();
}

bool SearchSuggestions::takeKey(int key)
{
    if (!isVisible()) {
        return false;
    }
    switch (key) {
    case Qt::Key_Down:
        m_current = std::min(m_current + 1, count() - 1);
        break;
    case Qt::Key_Up:
        m_current = std::max(m_current - 1, -1);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current < 0) {
            return false;
        }
        accept(m_current);
        break;
    case Qt::Key_Tab:
        if (m_field.text().isEmpty() && m_current < 0) {
            return false;
        }
        accept(std::max(0, m_current));
        break;
    default:
        return false;
    }
    setAccessibleDescription(m_current < 0 || m_current >= count()
                                 ? QString()
                                 : m_shown[static_cast<std::size_t>(m_current)].text);
    update();
    return true;
}

void SearchSuggestions::accept(int row)
{
    const QString text = m_field.text();
    const QString taken = m_shown[static_cast<std::size_t>(row)].text;
    // What is whole ends its word; what wants a value goes on.
    m_field.setText(text.left(lastWord(text)) + taken +
                    (taken.endsWith(u':') ? QString() : QStringLiteral(" ")));
    refresh();
}

int SearchSuggestions::rowAt(const QPoint& at) const
{
    const int row = (at.y() - metrics::space1) / heightOfRow();
    return at.y() >= metrics::space1 && row < count() ? row : -1;
}

void SearchSuggestions::mouseMoveEvent(QMouseEvent* event)
{
    m_current = rowAt(event->position().toPoint());
    update();
}

void SearchSuggestions::mousePressEvent(QMouseEvent* event)
{
    if (const int row = rowAt(event->position().toPoint()); row >= 0) {
        accept(row);
    }
}

void SearchSuggestions::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    fillRounded(painter, rect(), metrics::radiusCard, t.raised);
    strokeRounded(painter, rect(), metrics::radiusCard, t.control);
    const QFont name = themeFont(TextRole::Body, true);
    const QFont small = themeFont(TextRole::Small);
    const auto left = static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) |
                                       Qt::AlignVCenter);
    int widest = 0;
    for (const SearchSuggestion& each : m_shown) {
        widest = std::max(widest, QFontMetrics(name).horizontalAdvance(each.text));
    }
    for (int i = 0; i < count(); ++i) {
        const SearchSuggestion& each = m_shown[static_cast<std::size_t>(i)];
        const QRect row(metrics::space1, metrics::space1 + i * heightOfRow(),
                        width() - 2 * metrics::space1, heightOfRow());
        if (i == m_current) {
            fillRounded(painter, row, metrics::radiusControl, t.selection);
        }
        const QRect text = row.adjusted(metrics::space3, 0, -metrics::space3, 0);
        painter.setFont(name);
        painter.setPen(t.text);
        painter.drawText(QStyle::visualRect(layoutDirection(), rect(), text), left, each.text);
        painter.setFont(small);
        painter.setPen(t.text2);
        painter.drawText(QStyle::visualRect(layoutDirection(), rect(),
                                            text.adjusted(widest + metrics::space4, 0, 0, 0)),
                         left, each.hint);
    }
}

} // namespace avocet
