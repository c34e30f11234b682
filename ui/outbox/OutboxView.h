// SPDX-License-Identifier: GPL-3.0-or-later
// The outbox as a pane: what waits, what went wrong, and what to do about it.
#pragma once

#include "core/engine/MailEngine.h"
#include "ui/outbox/OutboxModel.h"

#include <QTimer>
#include <QWidget>

#include <map>

class QListView;
class QStackedLayout;

namespace avocet {

class EmptyState;
class InfoBarStack;
class OutboxRow;

/// Live through MailEngine::outboxChanged. Thread: the GUI's.
class OutboxView : public QWidget {
    Q_OBJECT
public:
    explicit OutboxView(MailEngine& engine, QWidget* parent = nullptr);

    OutboxModel& model() { return m_model; }
    OutboxRow* row(int row) const;
    void reload();

Q_SIGNALS:
    /// A message came back as a draft; open it.
    void editRequested(avocet::DraftId draft);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void showListOrEmpty();
    void placeRows(int first, int last);
    void run(OutboxId id, OutboxAction action);
    void submit(OutboxId id, OutboxAction action, Command command);
    void finish(RequestId request, const Result<QJsonObject>& reply);
    void resizeRow(OutboxId id);

    struct Pending {
        OutboxId item;
        OutboxAction action;
    };

    MailEngine& m_engine;
    OutboxModel m_model;
    InfoBarStack* m_bars;
    QListView* m_list;
    EmptyState* m_empty;
    QStackedLayout* m_stack;
    QTimer m_clock;
    QTimer m_reload;
    std::map<RequestId, Pending> m_pending;
};

} // namespace avocet
