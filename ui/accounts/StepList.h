// SPDX-License-Identifier: GPL-3.0-or-later
// What the set-up is doing, step by step, each with a mark.
#pragma once

#include <QList>
#include <QString>
#include <QTimer>
#include <QWidget>

namespace avocet {

enum class StepState { Waiting, Running, Done, Failed };

/// Painted rows of 28; the running one turns, where the desktop allows motion. Thread: the GUI's.
class StepList : public QWidget {
    Q_OBJECT
public:
    explicit StepList(QWidget* parent = nullptr);

    void setSteps(const QStringList& texts);
    void setState(qsizetype step, StepState state);
    StepState state(qsizetype step) const { return m_steps.value(step).state; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Step {
        QString text;
        StepState state = StepState::Waiting;
    };
    QList<Step> m_steps;
    QTimer m_turn;
    int m_angle = 0;
};

} // namespace avocet
