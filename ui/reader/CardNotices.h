// SPDX-License-Identifier: GPL-3.0-or-later
// The bars above a message that tell what its words do not: doubts about its sender, newsletters, receipts, bounces.
#pragma once

#include "core/engine/MailQueries.h"

#include <QList>
#include <QObject>
#include <QTimer>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace avocet {

class InfoBarStack;
struct BarAction;
class ReaderContext;

class CardNotices : public QObject {
    Q_OBJECT
public:
    CardNotices(ReaderContext& context, InfoBarStack& bars, QObject* parent);

    void setMessage(std::shared_ptr<const OpenedMessage> message);
    bool canUnsubscribe() const;
    /// Asks once more, and leaves then.
    void askUnsubscribe();

private:
    void showDoubts();
    void dismissReports();
    void showDelivery();
    void showReceipt();
    void lookForReports();
    void showReports(const std::vector<ReportOnSent>& reports);
    QList<BarAction> originalOf(const std::string& messageId) const;
    void offerUnsubscribe();
    void dropListBars();
    void listBarClosed(const QString& key);
    void unsubscribe();
    void unsubscribeByMail();
    void leaveByBrowser();
    void leftList(const OpenedMessage& message);
    void keepList();
    void askReceipt();
    void sendReceipt();
    void receiptFailed(const OpenedMessage& message, const QString& words);

    ReaderContext& m_context;
    InfoBarStack& m_bars;
    std::shared_ptr<const OpenedMessage> m_message;
    QTimer m_reportsSoon;
    std::size_t m_reportsShown = 0;
};

/// One sentence about a doubt, for people.
QString doubtWords(const SenderFinding& finding);
/// Why a message did not reach one recipient: "anna@x.org: the mailbox is full".
QString deliveryWords(const RecipientReport& report);

} // namespace avocet
