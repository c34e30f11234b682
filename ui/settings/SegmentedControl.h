// SPDX-License-Identifier: GPL-3.0-or-later
// A few choices side by side, one of them taken.
#pragma once

#include <QStringList>
#include <QWidget>

namespace avocet {

/// Arrow keys change the choice; one Tab stop. Thread: the GUI's.
class SegmentedControl : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedControl(const QStringList& choices, QWidget* parent = nullptr);

    int current() const { return m_current; }
    /// Does not tell.
    void setCurrent(int index);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void chosen(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    QRect segment(int index) const;
    void choose(int index);
    void describe();

    QStringList m_choices;
    int m_current = 0;
    bool m_ringed = false;
};

} // namespace avocet
