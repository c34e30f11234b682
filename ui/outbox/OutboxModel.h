// SPDX-License-Identifier: GPL-3.0-or-later
// The outbox as a list: each message's state in plain words and what can be done about it.
#pragma once

#include "core/model/Outgoing.h"

#include <QAbstractListModel>
#include <QDateTime>
#include <QList>
#include <QString>
#include <QVector>

#include <functional>
#include <map>
#include <vector>

namespace avocet {

enum class OutboxAction {
    TryNow,
    SendNow, ///< what waits for its time
    Undo,
    Edit,
    EditAndResend, ///< for those who did not get it
    Reschedule,
    KeepAsDraft,
    Cancel,
    CheckAgain,
    SendAgain,
    Settle, ///< an uncertain one: the user knows that it has arrived
    Details
};

/// How a row is meant: its icon and the colour of its words.
enum class OutboxTone { Quiet, Busy, Good, Warning, Danger };

/// How far the message that is being sent is.
struct OutboxProgress {
    qint64 written = 0;
    qint64 total = 0;
};

/// Pure: the words and actions of one message, as in the outbox table of visual.md.
struct OutboxWords {
    QString state;
    OutboxTone tone = OutboxTone::Quiet;
    QList<OutboxAction> actions; ///< the one that mends comes first
    QString details;             ///< the server's own words, or empty
};

/// `settled`: when the item was seen to become sent or filed; invalid where that was before the start.
OutboxWords outboxWords(const OutboxItem& item, const QDateTime& now, const QDateTime& settled,
                        const OutboxProgress& progress = {}, bool paused = false);
/// Whether the user is asked for something.
bool needsAttention(const OutboxItem& item);
/// "Anna Berg, bjorn@x.org and 3 others" at most.
QString recipientsLine(const OutboxItem& item);
QString actionText(OutboxAction action);
/// What is known of an uncertain message, for who decides about sending it again. `looked`: Sent and the inbox were looked into,
/// and it is not there.
QString uncertainFacts(const OutboxItem& item, const QDateTime& now, bool looked);
/// "14:05", "Tuesday 09:00" within a week, else with the date.
QString outboxTime(const QDateTime& time, const QDateTime& now);

/// Thread: the GUI's. Newest first. Cancelled and done messages leave; what became done while the list
/// was watched stays until the program ends, so that people see it arrive.
class OutboxModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { IdRole = Qt::UserRole + 1, StateRole, RecipientsRole, SubjectRole, TimeRole };

    explicit OutboxModel(QObject* parent = nullptr,
                         std::function<QDateTime()> clock = &QDateTime::currentDateTime);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    /// Replaces the content by the least insertions, removals and changes.
    void setItems(std::vector<OutboxItem> items);

    const OutboxItem& item(int row) const { return m_items[static_cast<std::size_t>(row)]; }
    int rowOf(OutboxId id) const; ///< -1: not here
    OutboxWords words(int row) const;
    /// Words that name a time are said again.
    void refreshTimes();
    void setProgress(OutboxId id, const OutboxProgress& progress);
    void setPaused(bool paused);
    bool paused() const { return m_paused; }
    bool countsDown() const; ///< some words name seconds
    std::vector<OutboxItem> overdue() const;

    int waiting() const;         ///< messages that have not left
    bool needsAttention() const; ///< some failed or uncertain

private:
    bool isShown(const OutboxItem& item) const;
    void noteSettled(const OutboxItem& item);

    std::vector<OutboxItem> m_items;
    std::map<OutboxId, QDateTime> m_settled;
    std::map<OutboxId, OutboxState> m_lastState;
    std::map<OutboxId, OutboxProgress> m_progress;
    bool m_paused = false;
    std::function<QDateTime()> m_clock;
    bool m_filled = false;
};

} // namespace avocet
