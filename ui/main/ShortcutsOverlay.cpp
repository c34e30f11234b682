// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main/ShortcutsOverlay.h"

#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

namespace avocet {

namespace {

constexpr int cardWidth = 640;

struct Line {
    const char* keys;
    const char* what;
};

/// "|" separates keys that do the same.
constexpr Line lines[] = {
    {"J|\u2193", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Older message")},
    {"K|\u2191", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Newer message")},
    {"O|Enter", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Open message")},
    {"Ctrl+Enter", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Open in its own window")},
    {"Ctrl+P", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Print")},
    {"N|P", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Next, previous in conversation")},
    {"Esc", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Back to the list")},
    {"U", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Mark read or unread")},
    {"S", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Add or remove star")},
    {"E", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Archive")},
    {"#|Delete", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Delete")},
    {"!", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Mark as junk, or not")},
    {"V|Ctrl+Shift+M", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Move to a folder")},
    {"X", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Add to the selection")},
    {"Z|Ctrl+Z", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Undo")},
    {"Home|End", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Newest, oldest")},
    {"Ctrl+A", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Select all")},
    {"C|Ctrl+N", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "New message")},
    {"R|Ctrl+R", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Reply")},
    {"A|Ctrl+Shift+R", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Reply all")},
    {"Ctrl+Shift+L", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Reply to list")},
    {"F|Ctrl+L", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Forward")},
    {"Ctrl+Shift+F", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Forward as attachment")},
    {"Ctrl+Shift+E", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Redirect")},
    {"Ctrl+E", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Edit as new")},
    {"Ctrl+Shift+C", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Add Cc, with B Bcc")},
    {"/|Ctrl+F", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Search all mail, find in message")},
    {"F5", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Get mail")},
    {"F6", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Next pane")},
    {"Ctrl+,", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Settings")},
    {"F10", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "Menu")},
    {"?|F1", QT_TRANSLATE_NOOP("avocet::ShortcutsOverlay", "These keys")},
};

/// Keys as small outlined caps.
class KeyCaps : public QWidget {
public:
    KeyCaps(QStringList keys, QWidget* parent)
        : QWidget(parent)
        , m_keys(std::move(keys))
    {
        const QFontMetrics fm(themeFont(TextRole::Small));
        int width = 0;
        for (const QString& key : m_keys) {
            width +=
                std::max(24, fm.horizontalAdvance(key) + 2 * metrics::space2) + metrics::space1;
        }
        setFixedSize(width, std::max(24, fm.height() + metrics::space2));
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Tokens& t = tokens();
        QPainter painter(this);
        painter.setFont(themeFont(TextRole::Small));
        const QFontMetrics fm = painter.fontMetrics();
        int x = 0;
        for (const QString& key : m_keys) {
            const int width = std::max(24, fm.horizontalAdvance(key) + 2 * metrics::space2);
            const QRect cap =
                QStyle::visualRect(layoutDirection(), rect(), QRect(x, 0, width, height()));
            fillRounded(painter, cap, metrics::radiusMark, t.hover);
            strokeRounded(painter, cap, metrics::radiusMark, t.border);
            painter.setPen(t.text);
            painter.drawText(cap, Qt::AlignCenter, key);
            x += width + metrics::space1;
        }
    }

private:
    QStringList m_keys;
};

} // namespace

ShortcutsOverlay::ShortcutsOverlay(QWidget* window)
    : QWidget(window)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Keyboard shortcuts"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(metrics::space6, metrics::space6, metrics::space6, metrics::space6);
    grid->setHorizontalSpacing(metrics::space4);
    grid->setVerticalSpacing(metrics::space2);
    grid->addWidget(makeLabel(tr("Keyboard shortcuts"), TextRole::Title, Ink::Text, true, this), 0,
                    0, 1, 5);
    grid->setRowMinimumHeight(1, metrics::space2);
    grid->setColumnMinimumWidth(2, metrics::space4);
    constexpr int count = static_cast<int>(std::size(lines));
    constexpr int rows = (count + 1) / 2;
    for (int i = 0; i < count; ++i) {
        const int row = 2 + i % rows;
        const int column = i < rows ? 0 : 3;
        const QStringList keys = QString::fromUtf8(lines[i].keys).split(QLatin1Char('|'));
        grid->addWidget(new KeyCaps(keys, this), row, column, Qt::AlignLeft);
        grid->addWidget(makeLabel(tr(lines[i].what), TextRole::Body, Ink::Text, false, this), row,
                        column + 1);
    }
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(4, 1);
    window->installEventFilter(this);
    hide();
}

void ShortcutsOverlay::toggle()
{
    if (isVisible()) {
        hideAndReturn();
        return;
    }
    m_before = QApplication::focusWidget();
    const QSize wanted = sizeHint();
    resize(std::min(std::max(cardWidth, wanted.width()),
                    parentWidget()->width() - 2 * metrics::space4),
           wanted.height());
    move((parentWidget()->width() - width()) / 2,
         std::max(metrics::space4, (parentWidget()->height() - height()) / 3));
    show();
    raise();
    setFocus();
}

void ShortcutsOverlay::hideAndReturn()
{
    hide();
    if (m_before) {
        m_before->setFocus();
    }
}

void ShortcutsOverlay::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    fillRounded(painter, rect(), metrics::radiusOverlay, tokens().raised);
    strokeRounded(painter, rect(), metrics::radiusOverlay, tokens().control);
}

void ShortcutsOverlay::keyPressEvent(QKeyEvent* event)
{
    Q_UNUSED(event);
    hideAndReturn();
}

void ShortcutsOverlay::mousePressEvent(QMouseEvent*)
{
    hideAndReturn();
}

void ShortcutsOverlay::focusOutEvent(QFocusEvent*)
{
    hide();
}

bool ShortcutsOverlay::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && isVisible()) {
        move((parentWidget()->width() - width()) / 2, y());
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace avocet
