// SPDX-License-Identifier: GPL-3.0-or-later
// What is left of a message that is folded, and of a run of them: one line that opens by click.
#pragma once

#include "core/model/Message.h"

#include <QAbstractButton>

#include <vector>

namespace avocet {

/// 48 high: initials, sender, preview, date.
class FoldedLine : public QWidget {
    Q_OBJECT
public:
    explicit FoldedLine(QWidget* parent = nullptr);
    void setSummary(const MessageSummary& summary, bool own);
    /// The same in one sentence, for those who hear it.
    QString spoken() const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    MessageSummary m_summary;
    QString m_name;
    QString m_initials;
};

/// "7 older messages": shows them.
class RunLine : public QAbstractButton {
    Q_OBJECT
public:
    RunLine(std::vector<MessageId> messages, QWidget* parent);
    const std::vector<MessageId>& messages() const { return m_messages; }
    void setMessages(std::vector<MessageId> messages);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    std::vector<MessageId> m_messages;
};

} // namespace avocet
