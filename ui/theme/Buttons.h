// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of button that visual.md knows, so that no window invents its own.
#pragma once

#include "ui/theme/Icons.h"

#include <QPushButton>
#include <QToolButton>

namespace avocet {

/// Primary: accent fill, one a screen. Secondary: outlined, in dialogs. Quiet: no border, hover
/// fill. Danger: only where there is no undo.
enum class ButtonKind { Primary, Secondary, Quiet, Danger };

/// A text button, 32 high (Primary may be made 36 with setTall). Its icon is tinted to fit the
/// kind. AvocetStyle draws it.
class Button : public QPushButton {
    Q_OBJECT
public:
    explicit Button(const QString& text, ButtonKind kind = ButtonKind::Secondary,
                    QWidget* parent = nullptr);
    ButtonKind kind() const { return m_kind; }
    void setKind(ButtonKind kind);
    void setIconName(const char* name);
    bool isTall() const { return m_tall; }
    void setTall(bool tall);

private:
    ButtonKind m_kind;
    bool m_tall = false;
    const char* m_iconName = nullptr;
};

/// A quiet square button with an icon alone; `text` is its tool tip and accessible name.
class IconButton : public QToolButton {
    Q_OBJECT
public:
    IconButton(const char* iconName, const QString& text, QWidget* parent = nullptr,
               Tint tint = Tint::Text2);
    void setIconName(const char* name, Tint tint = Tint::Text2);
    /// Tool tip and accessible name; `keys` is shown behind the text in the tool tip.
    void setLabel(const QString& text, const QString& keys = {});
};

} // namespace avocet
