// SPDX-License-Identifier: GPL-3.0-or-later
// Asks when a message is to leave: a few sensible times a key away, or any other.
#pragma once

#include <QDateTime>
#include <QDialog>

#include <functional>

class QDateTimeEdit;
class QLabel;

namespace avocet {

class Button;

class SendLaterSheet : public QDialog {
    Q_OBJECT
public:
    explicit SendLaterSheet(QWidget* parent,
                            std::function<QDateTime()> clock = &QDateTime::currentDateTime);

Q_SIGNALS:
    void chosen(const QDateTime& time);

protected:
    /// A choice's number chooses it, without Alt.
    void keyPressEvent(QKeyEvent* event) override;

private:
    void choose(const QDateTime& time);
    void check();

    std::function<QDateTime()> m_clock;
    QList<QDateTime> m_choices;
    QDateTimeEdit* m_time;
    Button* m_send;
    QLabel* m_hint;
};

} // namespace avocet
