// SPDX-License-Identifier: GPL-3.0-or-later
// One message of the outbox on the screen: state, recipients, subject, and buttons that are real
// buttons, so that the keyboard and assistive tools reach them.
#pragma once

#include "ui/outbox/OutboxModel.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace avocet {

class Button;
class ElidedLabel;

/// 72 high; higher while it asks or shows details.
class OutboxRow : public QWidget {
    Q_OBJECT
public:
    explicit OutboxRow(QWidget* parent = nullptr);

    void setContent(const OutboxModel& model, int row);
    /// The inline question before an uncertain message is sent again, with what is known of it.
    void askSendAgain(const QString& facts);
    void toggleDetails();
    /// A line under the state: what the last action brought.
    void setNote(const QString& note);
    QSize sizeHint() const override;

Q_SIGNALS:
    void triggered(avocet::OutboxAction action);
    void sendAgainConfirmed();
    void sizeChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void addAction(OutboxAction action);
    void clearActions();
    void updateState();
    void applyMargins();

    OutboxWords m_words;
    QString m_note;
    ElidedLabel* m_recipients;
    QLabel* m_time;
    ElidedLabel* m_subject;
    ElidedLabel* m_state;
    QHBoxLayout* m_main;
    QVBoxLayout* m_texts;
    QHBoxLayout* m_actions;
    bool m_narrow = false;
    QList<QWidget*> m_buttons;
    QWidget* m_question;
    QLabel* m_facts = nullptr;
    Button* m_keep = nullptr;
    QLabel* m_details;
};

} // namespace avocet
