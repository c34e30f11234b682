// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Buttons.h"

#include "ui/theme/Theme.h"

namespace avocet {

namespace {

Tint tintFor(ButtonKind kind)
{
    return kind == ButtonKind::Primary || kind == ButtonKind::Danger ? Tint::OnAccent : Tint::Text;
}

} // namespace

Button::Button(const QString& text, ButtonKind kind, QWidget* parent)
    : QPushButton(text, parent)
    , m_kind(kind)
{
    setIconSize(QSize(metrics::iconSmall, metrics::iconSmall));
    setAutoDefault(false);
    setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);
}

void Button::setKind(ButtonKind kind)
{
    m_kind = kind;
    if (m_iconName) {
        setIconName(m_iconName);
    }
    updateGeometry();
    update();
}

void Button::setIconName(const char* name)
{
    m_iconName = name;
    setIcon(themeIcon(name, tintFor(m_kind)));
}

void Button::setTall(bool tall)
{
    m_tall = tall;
    setIconSize(tall ? QSize(metrics::icon, metrics::icon)
                     : QSize(metrics::iconSmall, metrics::iconSmall));
    updateGeometry();
}

IconButton::IconButton(const char* iconName, const QString& text, QWidget* parent, Tint tint)
    : QToolButton(parent)
{
    setAutoRaise(true);
    setIconSize(QSize(metrics::icon, metrics::icon));
    setFixedSize(metrics::button, metrics::button);
    setFocusPolicy(Qt::TabFocus);
    setIconName(iconName, tint);
    setLabel(text);
}

void IconButton::setIconName(const char* name, Tint tint)
{
    setIcon(themeIcon(name, tint));
}

void IconButton::setLabel(const QString& text, const QString& keys)
{
    setAccessibleName(text);
    setToolTip(keys.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, keys));
}

} // namespace avocet
