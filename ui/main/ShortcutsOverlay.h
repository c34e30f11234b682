// SPDX-License-Identifier: GPL-3.0-or-later
// Every key on one card over the window; "?" shows and hides it.
#pragma once

#include <QPointer>
#include <QWidget>

namespace avocet {

class ShortcutsOverlay : public QWidget {
    Q_OBJECT
public:
    explicit ShortcutsOverlay(QWidget* window);
    void toggle();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void hideAndReturn();

    QPointer<QWidget> m_before;
};

} // namespace avocet
