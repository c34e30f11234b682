// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/InfoBar.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace avocet {

namespace {

QColor fillOf(Severity severity)
{
    const Tokens& t = tokens();
    switch (severity) {
    case Severity::Success:
        return t.barSuccess;
    case Severity::Info:
        return t.barInfo;
    case Severity::Warning:
        return t.barWarning;
    case Severity::Danger:
        return t.barDanger;
    }
    return t.barInfo;
}

const char* iconOf(Severity severity)
{
    switch (severity) {
    case Severity::Success:
        return "success";
    case Severity::Info:
        return "info";
    case Severity::Warning:
        return "warning";
    case Severity::Danger:
        return "error";
    }
    return "info";
}

Tint tintOf(Severity severity)
{
    switch (severity) {
    case Severity::Success:
        return Tint::Success;
    case Severity::Info:
        return Tint::Accent;
    case Severity::Warning:
        return Tint::Warning;
    case Severity::Danger:
        return Tint::Danger;
    }
    return Tint::Accent;
}

} // namespace

InfoBar::InfoBar(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
{
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(
        readingMargins(metrics::space3, metrics::space1, metrics::space1, metrics::space1));
    m_layout->setSpacing(metrics::space1);
    m_icon->setFixedSize(metrics::icon, metrics::icon);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_layout->addWidget(m_icon);
    m_layout->addSpacing(metrics::space2);
    m_layout->addWidget(m_text, 1);
    setMinimumHeight(metrics::infoBar);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
}

void InfoBar::clear()
{
    for (QWidget* button : std::as_const(m_buttons)) {
        m_layout->removeWidget(button);
        button->hide();
        button->deleteLater();
    }
    m_buttons.clear();
}

void InfoBar::takeFocus()
{
    if (!m_buttons.isEmpty())
        m_buttons.front()->setFocus(Qt::OtherFocusReason);
}

void InfoBar::setMessage(const BarMessage& message, int more)
{
    clear();
    m_message = message;
    m_text->setText(message.text);
    setAccessibleName(message.text);
    m_icon->setPixmap(themeIcon(iconOf(message.severity), tintOf(message.severity))
                          .pixmap(QSize(metrics::icon, metrics::icon), devicePixelRatioF()));
    for (const BarAction& action :
         message.actions.first(std::min<qsizetype>(2, message.actions.size()))) {
        auto* button = new Button(action.text, ButtonKind::Quiet, this);
        button->setFont(themeFont(TextRole::Body, true));
        connect(button, &QPushButton::clicked, this, [run = action.run] {
            if (run) {
                run();
            }
        });
        m_buttons.append(button);
    }
    if (more > 0) {
        auto* button = new Button(tr("%1 more").arg(more), ButtonKind::Quiet, this);
        connect(button, &QPushButton::clicked, this, &InfoBar::moreRequested);
        m_buttons.append(button);
    }
    if (message.closable) {
        auto* close = new IconButton("close", tr("Close"), this);
        close->setIconSize(QSize(metrics::iconSmall, metrics::iconSmall));
        connect(close, &QToolButton::clicked, this, [this] { Q_EMIT closed(m_message.key); });
        m_buttons.append(close);
    }
    for (QWidget* button : std::as_const(m_buttons)) {
        m_layout->addWidget(button, 0, Qt::AlignVCenter);
        button->show();
    }
    update();
}

void InfoBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    fillRounded(painter, rect(), metrics::radiusCard, fillOf(m_message.severity));
}

void InfoBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_icon->setPixmap(themeIcon(iconOf(m_message.severity), tintOf(m_message.severity))
                              .pixmap(QSize(metrics::icon, metrics::icon), devicePixelRatioF()));
    }
}

InfoBarStack::InfoBarStack(QWidget* parent)
    : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(metrics::space2, metrics::space2, metrics::space2, metrics::space2);
    layout->setSpacing(metrics::space2);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    hide();
}

void InfoBarStack::show(const BarMessage& message)
{
    const auto same = [&message](const BarMessage& m) { return m.key == message.key; };
    const auto old = std::find_if(m_messages.begin(), m_messages.end(), same);
    if (old != m_messages.end()) {
        *old = message;
    } else {
        m_messages.append(message);
    }
    std::stable_sort(
        m_messages.begin(), m_messages.end(), [](const BarMessage& a, const BarMessage& b) {
            return a.severity != b.severity ? a.severity > b.severity : a.canWait < b.canWait;
        });
    rebuild();
}

void InfoBarStack::dismiss(const QString& key)
{
    if (m_messages.removeIf([&key](const BarMessage& m) { return m.key == key; }) > 0) {
        rebuild();
    }
}

void InfoBarStack::clear()
{
    if (!m_messages.isEmpty()) {
        m_messages.clear();
        rebuild();
    }
}

bool InfoBarStack::contains(const QString& key) const
{
    return std::any_of(m_messages.begin(), m_messages.end(),
                       [&key](const BarMessage& m) { return m.key == key; });
}

/// The keyboard's, where a button of these has it: else it would go on to whatever follows, which may be a stranger's link.
/// Until the buttons are there it waits with who shows them.
std::optional<QString> InfoBarStack::holdFocus()
{
    QWidget* focus = QApplication::focusWidget();
    const auto holder = std::find_if(m_bars.begin(), m_bars.end(), [focus](const InfoBar* bar) {
        return focus && bar->isAncestorOf(focus);
    });
    if (holder == m_bars.end())
        return std::nullopt;
    QWidget* host = parentWidget();
    while (host && (host->focusPolicy() == Qt::NoFocus || !host->isEnabled()))
        host = host->parentWidget();
    host ? host->setFocus(Qt::OtherFocusReason) : focus->clearFocus();
    return (*holder)->message().key;
}

void InfoBarStack::giveFocus(const QString& key)
{
    if (m_bars.isEmpty())
        return;
    const auto same = std::find_if(m_bars.begin(), m_bars.end(), [&key](const InfoBar* bar) {
        return bar->message().key == key;
    });
    (same == m_bars.end() ? m_bars.front() : *same)->takeFocus();
}

void InfoBarStack::rebuild()
{
    const auto focused = holdFocus();
    const int shown = m_messages.isEmpty() ? 0 : (m_unfolded ? count() : 1);
    while (m_bars.size() > shown) {
        QWidget* bar = m_bars.takeLast();
        layout()->removeWidget(bar);
        bar->hide();
        bar->deleteLater();
    }
    while (m_bars.size() < shown) {
        auto* bar = new InfoBar(this);
        connect(bar, &InfoBar::closed, this, [this](const QString& key) {
            dismiss(key);
            Q_EMIT closedByUser(key);
        });
        connect(bar, &InfoBar::moreRequested, this, [this] {
            m_unfolded = true;
            const bool held = holdFocus().has_value();
            rebuild();
            if (held && count() > 1)
                giveFocus(m_messages[1].key); // what appeared
        });
        layout()->addWidget(bar);
        bar->setVisible(true);
        m_bars.append(bar);
    }
    for (int i = 0; i < shown; ++i) {
        m_bars[i]->setMessage(m_messages[i], m_unfolded ? 0 : count() - 1);
    }
    if (shown <= 1 && count() <= 1) {
        m_unfolded = false;
    }
    setVisible(shown > 0);
    if (focused)
        giveFocus(*focused);
}

} // namespace avocet
