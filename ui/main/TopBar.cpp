// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main/TopBar.h"

#include "ui/main/SearchSuggestions.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Theme.h"

#include <QAction>
#include <QEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace avocet {

TopBar::TopBar(QWidget* parent)
    : QWidget(parent)
    , m_getMail(new IconButton("refresh", tr("Get mail"), this))
    , m_theme(new IconButton("moon", tr("Dark theme"), this))
    , m_menu(new IconButton("menu", tr("Menu"), this))
    , m_search(new QLineEdit(this))
    , m_suggestions(new SearchSuggestions(*m_search, parent ? parent : this))
{
    setFixedHeight(metrics::topBar);
    m_getMail->setLabel(tr("Get mail"), QStringLiteral("F5"));
    m_menu->setLabel(tr("Menu"), QStringLiteral("F10"));
    m_search->setPlaceholderText(tr("Search all mail"));
    m_search->setAccessibleName(tr("Search all mail"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaxLength(200);
    m_search->addAction(themeIcon("search", Tint::Text2), QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);
    connect(m_getMail, &QToolButton::clicked, this, &TopBar::getMailRequested);
    connect(m_theme, &QToolButton::clicked, this, &TopBar::themeToggled);
    connect(m_menu, &QToolButton::clicked, this, &TopBar::menuRequested);
    connect(m_search, &QLineEdit::textChanged, this, &TopBar::searchChanged);
    connect(m_search, &QLineEdit::textEdited, this, [this] { m_suggestions->refresh(); });
    setTabOrder(m_getMail, m_search);
    setTabOrder(m_search, m_theme);
    setTabOrder(m_theme, m_menu);
    refreshThemeButton();
}

QWidget* TopBar::menuButton() const
{
    return m_menu;
}

void TopBar::setSearchEnabled(bool enabled)
{
    m_search->setEnabled(enabled);
}

void TopBar::setMailVisible(bool visible)
{
    m_getMail->setVisible(visible);
    m_search->setVisible(visible);
}

void TopBar::setBusy(bool busy)
{
    m_getMail->setEnabled(!busy);
}

void TopBar::refreshThemeButton()
{
    const bool dark = currentScheme() == Scheme::Dark;
    m_theme->setIconName(dark ? "sun" : "moon");
    m_theme->setLabel(dark ? tr("Light theme") : tr("Dark theme"));
}

void TopBar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        refreshThemeButton();
    }
}

void TopBar::place()
{
    const auto visual = [this](const QRect& r) {
        return QStyle::visualRect(layoutDirection(), rect(), r);
    };
    const int y = (height() - metrics::button) / 2;
    const QSize square(metrics::button, metrics::button);
    m_getMail->setGeometry(visual(QRect(QPoint(metrics::space3, y), square)));
    int right = width() - metrics::space3;
    for (IconButton* button : {m_menu, m_theme}) {
        right -= metrics::button;
        button->setGeometry(visual(QRect(QPoint(right, y), square)));
        right -= metrics::space1;
    }
    const int most = width() - 2 * (width() - right + metrics::space2);
    const int field = std::min(metrics::searchMax, most);
    m_search->setGeometry((width() - field) / 2, (height() - metrics::field) / 2, field,
                          metrics::field);
}

void TopBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
}

void TopBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), tokens().window);
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens().border);
}

bool TopBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_search) {
        return QWidget::eventFilter(watched, event);
    }
    if (event->type() == QEvent::FocusOut) {
        m_suggestions->hide();
    } else if (event->type() == QEvent::MouseButtonRelease && m_search->text().isEmpty()) {
        m_suggestions->refresh(true);
    } else if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (m_suggestions->takeKey(key)) {
            return true;
        }
        if (key == Qt::Key_Escape) {
            m_suggestions->hide();
            m_search->clear();
            Q_EMIT searchEnded();
            return true;
        }
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            m_suggestions->hide();
            Q_EMIT searchLeft();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace avocet
