// SPDX-License-Identifier: GPL-3.0-or-later
// One header line of the compose window: label, field, hairline; no box.
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;

namespace avocet {

/// At least 36 high, label 64 wide in the second ink; the row carries the focus ring of its field.
class ComposeRow : public QWidget {
    Q_OBJECT
public:
    /// `focused`: the widget whose focus the ring shows (the field itself or a part of it).
    ComposeRow(const QString& label, QWidget* field, QWidget* focused, QWidget* parent = nullptr);

    /// At the right end, on the first line of the field.
    void addTrailing(QWidget* widget);
    /// Outlines the row in danger until it is changed.
    void setInvalid(bool invalid);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void applyMargins();

    QHBoxLayout* m_layout;
    QLabel* m_label;
    QWidget* m_focused;
    bool m_invalid = false;
};

} // namespace avocet
