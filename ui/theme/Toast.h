// SPDX-License-Identifier: GPL-3.0-or-later
// A short word about what was just done, with its undo. A child widget, since Wayland has no
// place for a window of its own.
#pragma once

#include <QTimer>
#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;
class QPropertyAnimation;

namespace avocet {

/// Bottom centre of its parent, 24 from the edge; takes no focus; the pointer holds it.
class Toast : public QWidget {
    Q_OBJECT
public:
    explicit Toast(QWidget* parent);

    /// `actionText` may be empty. Replaces what is shown.
    void present(const QString& text, const QString& actionText = {},
                 std::function<void()> action = {}, int ms = 10'000);
    void dismiss();
    QString text() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    QLabel* m_text;
    QPushButton* m_action;
    std::function<void()> m_run;
    QTimer m_timer;
};

} // namespace avocet
