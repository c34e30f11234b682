// SPDX-License-Identifier: GPL-3.0-or-later
// The outbox as a pane: what waits, what went wrong, and what to do about it.
#pragma once

#include "core/engine/MailEngine.h"
#include "ui/outbox/OutboxModel.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <map>
#include <set>

class QListView;
class QStackedLayout;

namespace avocet {

class Button;
class EmptyState;
class InfoBarStack;
class OutboxRow;
class OverdueSheet;

/// Live through MailEngine::outboxChanged. Thread: the GUI's.
class OutboxView : public QWidget {
    Q_OBJECT
public:
    explicit OutboxView(MailEngine& engine, QWidget* parent = nullptr);

    OutboxModel& model() { return m_model; }
    OutboxRow* row(int row) const;
    void reload();
    /// Takes the message back and opens it again.
    void takeBack(OutboxId id);

Q_SIGNALS:
    /// A message came back as a draft; open it.
    void editRequested(avocet::DraftId draft);
    /// What was wished for while the pane was out of sight did not work.
    void problem(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void showListOrEmpty();
    void placeRows(int first, int last);
    void run(OutboxId id, OutboxAction action);
    void submit(OutboxId id, OutboxAction action, Command command);
    void finish(RequestId request, const Result<QJsonObject>& reply);
    void resizeRow(OutboxId id);
    QWidget* makeTop();
    void showPause(bool paused);
    void setPolicy(command::SetOutboxPolicy policy);
    void askForTime(const std::vector<OutboxId>& ids);
    void askOverdue();

    struct Pending {
        OutboxId item;
        OutboxAction action;
    };
    void showLook(const Pending& pending, const Result<QJsonObject>& reply);

    MailEngine& m_engine;
    OutboxModel m_model;
    InfoBarStack* m_bars;
    QListView* m_list;
    EmptyState* m_empty;
    QStackedLayout* m_stack;
    QTimer m_clock;
    QTimer m_reload;
    std::map<RequestId, Pending> m_pending;
    RequestId m_policy; ///< asked for, or being changed
    Button* m_pause = nullptr;
    QPointer<OverdueSheet> m_overdue;
    std::set<OutboxId> m_asked; ///< whose time passed; each is asked for once
};

} // namespace avocet
