// SPDX-License-Identifier: GPL-3.0-or-later
// Asks what is to become of messages whose time passed while nobody could send them.
#pragma once

#include <QDialog>

class QCheckBox;

namespace avocet {

class OverdueSheet : public QDialog {
    Q_OBJECT
public:
    enum class Answer { SendNow, AnotherTime, KeepAsDraft };

    OverdueSheet(int messages, QWidget* parent);

Q_SIGNALS:
    /// `always`: without being asked from now on.
    void answered(avocet::OverdueSheet::Answer answer, bool always);

private:
    void answer(Answer answer);

    QCheckBox* m_always;
};

} // namespace avocet
