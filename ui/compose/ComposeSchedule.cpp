// SPDX-License-Identifier: GPL-3.0-or-later
// ComposeWindow: when a message leaves, and how large it may be.
#include "ui/compose/ComposeWindow.h"

#include "ui/compose/AttachmentStrip.h"
#include "ui/compose/ComposeActions.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposePictures.h"
#include "ui/compose/SendLaterSheet.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/words/SendTime.h"

#include <QJsonObject>
#include <QLocale>
#include <QMenu>

namespace avocet {

namespace {

/// Where the account's server has not told its own.
constexpr qint64 usualLimit = 25'000'000;
const QString sizeBar = QStringLiteral("size");

} // namespace

void ComposeWindow::send()
{
    m_sendAt = {};
    trySend();
}

void ComposeWindow::sendLater()
{
    if (m_stage != Stage::Writing)
        return;
    auto* sheet = new SendLaterSheet(this);
    connect(sheet, &SendLaterSheet::chosen, this, [this](const QDateTime& time) {
        m_sendAt = time;
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
        for (const SendTimeChoice& choice : sendTimeChoices(now))
            menu->addAction(tr("%1, %2").arg(choice.label, sendTimeWords(choice.time, now)), this,
                            [this, time = choice.time] {
                                m_sendAt = time;
                                trySend();
                            });
        menu->addSeparator();
        QAction* other = menu->addAction(tr("Send later…"), this, &ComposeWindow::sendLater);
        other->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return));
    });
    return m_sendMenu;
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
    // Base64 makes four bytes of three, and line ends.
    const qint64 total =
        (m_attachments->totalSize() + m_body->pictures().totalSize()) * 4 / 3 * 78 / 76;
    const qint64 limit = m_sizeLimit > 0 ? m_sizeLimit : usualLimit;
    if (total <= limit) {
        m_bars->dismiss(sizeBar);
        return;
    }
    const auto words = [](qint64 bytes) {
        return QLocale().formattedDataSize(bytes, 0, QLocale::DataSizeSIFormat);
    };
    const QString text = m_sizeLimit > 0 ? tr("This message is %1; your server takes %2 at most.")
                                               .arg(words(total), words(limit))
                                         : tr("This message is %1; many servers take %2 at most.")
                                               .arg(words(total), words(limit));
    m_bars->show({sizeBar, m_sizeLimit > 0 ? Severity::Danger : Severity::Warning, text, {}, true});
}

} // namespace avocet
