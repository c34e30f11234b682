// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/FindBar.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"
#include "ui/words/DateWords.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>

namespace avocet {

namespace {

constexpr int fieldWidth = 320;

} // namespace

FindBar::FindBar(const QString& what, QWidget* parent)
    : QWidget(parent)
    , m_field(new QLineEdit(this))
    , m_count(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_previous(new IconButton("chevron-up", tr("Previous place"), this))
    , m_next(new IconButton("chevron-down", tr("Next place"), this))
    , m_close(new IconButton("close", tr("Close"), this))
{
    m_field->setPlaceholderText(what);
    m_field->setAccessibleName(what);
    m_field->setMaximumWidth(fieldWidth);
    m_field->setFixedHeight(metrics::button);
    m_field->installEventFilter(this);
    m_previous->setLabel(tr("Previous place"), QStringLiteral("Shift+Enter"));
    m_next->setLabel(tr("Next place"), QStringLiteral("Enter"));
    m_close->setLabel(tr("Close"), QStringLiteral("Esc"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(
        readingMargins(metrics::space6, metrics::space2, metrics::space4, metrics::space2));
    layout->setSpacing(metrics::space1);
    layout->addWidget(m_field, 1);
    layout->addSpacing(metrics::space2);
    layout->addWidget(m_count);
    layout->addStretch(1);
    layout->addWidget(m_previous);
    layout->addWidget(m_next);
    layout->addWidget(m_close);
    connect(m_field, &QLineEdit::textChanged, this, &FindBar::wordsChanged);
    connect(m_previous, &QToolButton::clicked, this, [this] { Q_EMIT stepped(true); });
    connect(m_next, &QToolButton::clicked, this, [this] { Q_EMIT stepped(false); });
    connect(m_close, &QToolButton::clicked, this, &FindBar::closed);
    hide();
}

void FindBar::begin(const QString& words)
{
    show();
    if (!words.isEmpty()) {
        m_field->setText(words);
    }
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
    Q_EMIT wordsChanged(m_field->text());
}

QWidget* FindBar::lastStop() const
{
    return m_close;
}

QString FindBar::words() const
{
    return m_field->text();
}

void FindBar::setCount(int active, int all, bool counting)
{
    const QString more = counting ? QStringLiteral("\u2026") : QString();
    m_count->setText(m_field->text().isEmpty() ? QString()
                     : all == 0                ? (counting ? more : tr("Not found"))
                     : active == 0
                         ? (all == 1 ? tr("1 place") : tr("%1 places").arg(countWords(all))) + more
                         : tr("%1 of %2").arg(countWords(active), countWords(all)) + more);
    m_previous->setEnabled(all > 0);
    m_next->setEnabled(all > 0);
}

void FindBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT closed();
    } else {
        QWidget::keyPressEvent(event);
    }
}

bool FindBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            Q_EMIT stepped(key->modifiers() & Qt::ShiftModifier);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace avocet
