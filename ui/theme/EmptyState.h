// SPDX-License-Identifier: GPL-3.0-or-later
// What a pane shows when it has nothing: an icon, a title, one line, the next step.
#pragma once

#include "ui/theme/Buttons.h"

#include <QWidget>

class QBoxLayout;
class QLabel;
class QVBoxLayout;

namespace avocet {

/// Centred, at most 320 wide.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(QWidget* parent = nullptr);

    void setContent(const char* iconName, const QString& title, const QString& line = {});
    /// Replaces the buttons; the caller connects what it gets back.
    Button* addButton(const QString& text, ButtonKind kind = ButtonKind::Secondary);
    void clearButtons();
    QString title() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void refreshIcon();

    const char* m_iconName = nullptr;
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_line;
    QVBoxLayout* m_column;
    QBoxLayout* m_row;
    QList<Button*> m_buttons;
};

} // namespace avocet
