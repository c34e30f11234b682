// SPDX-License-Identifier: GPL-3.0-or-later
// ComposeWindow: when a message leaves, and how large it may be.
#include "ui/compose/ComposeWindow.h"

#include "core/mime/EncodedSize.h"
#include "ui/compose/AttachmentStrip.h"
#include "ui/compose/ComposeActions.h"
#include "ui/compose/ComposeEditor.h"
#include "ui/compose/RecipientField.h"
#include "ui/compose/SendLaterSheet.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/words/SendTime.h"

#include <QAction>
#include <QJsonObject>
#include <QLabel>
#include <QLocale>
#include <QMenu>

namespace avocet {

namespace {

/// Where the account's server has not told its own.
constexpr qint64 usualLimit = 25'000'000;
const QString sizeBar = QStringLiteral("size");
const QString removedBar = QStringLiteral("removed");

} // namespace

void ComposeWindow::send()
{
    trySend();
}

void ComposeWindow::sendAtOnce()
{
    if (m_stage != Stage::Writing)
        return;
    setSendTime({});
    trySend();
}

/// Kept with the draft: the window may be closed before it is sent.
void ComposeWindow::setSendTime(const QDateTime& time)
{
    if (time == m_sendAt)
        return;
    m_sendAt = time;
    showSendTime();
    changed();
}

void ComposeWindow::showSendTime()
{
    const QDateTime now = QDateTime::currentDateTime();
    m_when->setText(m_sendAt.isValid() ? tr("Sends %1").arg(sendTimeWords(m_sendAt, now))
                                       : QString());
    m_when->setVisible(m_sendAt.isValid());
}

void ComposeWindow::sendLater()
{
    if (m_stage != Stage::Writing)
        return;
    auto* sheet = new SendLaterSheet(this);
    connect(sheet, &SendLaterSheet::chosen, this, [this](const QDateTime& time) {
        setSendTime(time);
        trySend();
    });
    sheet->open();
}

QWidget* ComposeWindow::makeSendMenu(QWidget* bar)
{
    m_sendMenu = new IconButton("chevron-down", tr("When to send"), bar);
    m_sendMenu->setObjectName(QStringLiteral("sendMenu"));
    m_sendMenu->setFocusPolicy(Qt::TabFocus);
    m_sendMenu->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_sendMenu);
    m_sendMenu->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        const QDateTime now = QDateTime::currentDateTime();
        if (m_sendAt.isValid()) {
            menu->addAction(tr("Send now"), this, &ComposeWindow::sendAtOnce);
            menu->addSeparator();
        }
        for (const SendTimeChoice& choice : sendTimeChoices(now))
            menu->addAction(tr("%1, %2").arg(choice.label, sendTimeWords(choice.time, now)), this,
                            [this, time = choice.time] {
                                setSendTime(time);
                                trySend();
                            });
        menu->addSeparator();
        QAction* other = menu->addAction(tr("Send later…"), this, &ComposeWindow::sendLater);
        other->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return));
        menu->addSeparator();
        addReportChoice(*menu, tr("Tell me when it is delivered"), &Draft::reportDelivery);
        addReportChoice(*menu, tr("Ask for a read receipt"), &Draft::readReceipt);
    });
    return m_sendMenu;
}

/// For this message alone; the settings say how one begins.
void ComposeWindow::addReportChoice(QMenu& menu, const QString& words, bool Draft::*field)
{
    QAction* action = menu.addAction(words);
    action->setCheckable(true);
    action->setChecked(m_origin.*field);
    connect(action, &QAction::toggled, this, [this, field](bool on) {
        m_origin.*field = on;
        changed();
    });
}

void ComposeWindow::takeLimit(const QJsonObject& policy)
{
    const Identity* identity = findIdentity(m_identities, m_identity);
    m_limitRequest = {};
    m_sizeLimit = 0;
    if (identity)
        m_sizeLimit = policy.value(QLatin1String("maxSize"))
                          .toObject()
                          .value(QString::number(identity->account.value))
                          .toInteger();
    warnOfSize();
}

void ComposeWindow::warnOfSize()
{
    Draft words;
    words.to = m_to->addresses();
    words.cc = m_cc->addresses();
    words.references = m_origin.references;
    m_editor->write(words); // and the pictures in the text
    qint64 total = encodedSize(words);
    for (const DraftAttachment& attachment : m_attachments->attachments())
        total += encodedSize(attachment);
    const qint64 limit = m_sizeLimit > 0 ? m_sizeLimit : usualLimit;
    if (total <= limit) {
        m_bars->dismiss(sizeBar);
        return;
    }
    const bool close = total - limit < 1'000'000; // "25 MB; the server takes 25 MB" says nothing
    const auto size = [close](qint64 bytes) {
        return QLocale().formattedDataSize(bytes, close ? 2 : 0, QLocale::DataSizeSIFormat);
    };
    const QString text =
        m_sizeLimit > 0
            ? tr("This message is %1; the server takes %2.").arg(size(total), size(limit))
            : tr("This message is %1; many servers take %2 at most.").arg(size(total), size(limit));
    QList<BarAction> actions;
    if (!m_attachments->attachments().empty())
        actions.append({tr("Remove attachments"), [this] { removeAttachments(); }});
    m_bars->show(
        {sizeBar, m_sizeLimit > 0 ? Severity::Danger : Severity::Warning, text, actions, true});
}

void ComposeWindow::removeAttachments()
{
    const std::vector<DraftAttachment> removed = m_attachments->attachments();
    m_attachments->setAttachments({});
    warnOfSize();
    changed();
    m_bars->show({removedBar,
                  Severity::Info,
                  removed.size() == 1 ? tr("The attachment was removed.")
                                      : tr("%1 attachments were removed.")
                                            .arg(QLocale().toString(qsizetype(removed.size()))),
                  {{tr("Put back"),
                    [this, removed] {
                        m_bars->dismiss(removedBar);
                        for (const DraftAttachment& attachment : removed)
                            m_attachments->add(attachment);
                    }}},
                  true});
}

} // namespace avocet
