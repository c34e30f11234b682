// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/AccountsPage.h"

#include "ui/accounts/AccountSetup.h"
#include "ui/settings/IdentitiesPage.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"
#include "ui/words/ErrorWords.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QScrollArea>
#include <QStackedLayout>
#include <QStyle>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int pageWidth = 600;
constexpr int entryHeight = 64;
const QString resultBar = QStringLiteral("result");
const QString removeBar = QStringLiteral("remove");

/// An account in the list: dot in its colour, name, address, what can be done.
class AccountEntry : public QWidget {
public:
    AccountEntry(int index, QWidget* parent)
        : QWidget(parent)
        , m_index(index)
    {
        setMinimumHeight(entryHeight);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const QRect dot(metrics::space1, height() / 2 - 4, 8, 8);
        fillRounded(painter, QRectF(QStyle::visualRect(layoutDirection(), rect(), dot)), 4,
                    accountColor(m_index));
        painter.fillRect(QRect(0, height() - 1, width(), 1), tokens().border);
    }

private:
    int m_index;
};

} // namespace

AccountsPage::AccountsPage(MailEngine& engine, QWidget* parent)
    : QWidget(parent)
    , m_engine(engine)
    , m_stack(new QStackedLayout(this))
    , m_listPage(new QWidget(this))
    , m_entries(new QVBoxLayout)
{
    m_listPage->setBackgroundRole(QPalette::Base);
    m_listPage->setAutoFillBackground(true);
    auto* outer = new QHBoxLayout(m_listPage);
    outer->setContentsMargins(metrics::space8, metrics::space8, metrics::space8, metrics::space8);
    auto* column = new QWidget(m_listPage);
    column->setMaximumWidth(pageWidth);
    outer->addWidget(column, 100);
    outer->addStretch(1);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeLabel(tr("Accounts"), TextRole::Display, Ink::Text, true, column));
    layout->addSpacing(metrics::space4);
    m_bars = new InfoBarStack(column);
    m_bars->layout()->setContentsMargins(0, 0, 0, metrics::space2);
    layout->addWidget(m_bars);
    m_entries->setSpacing(0);
    layout->addLayout(m_entries);
    layout->addSpacing(metrics::space4);
    auto* add = new Button(tr("Add account"), ButtonKind::Secondary, column);
    add->setIconName("plus");
    layout->addWidget(add, 0, Qt::AlignLeading);
    layout->addStretch(1);
    connect(add, &QPushButton::clicked, this, &AccountsPage::addAccount);
    m_stack->addWidget(m_listPage);

    connect(&m_engine, &MailEngine::accountsChanged, this, &AccountsPage::reload);
    connect(&m_engine, &MailEngine::reported, this,
            [this](RequestId request, const QJsonObject& line) {
                const auto found = m_pending.find(request);
                if (found != m_pending.end() &&
                    line.value(QStringLiteral("step")).toString() == QLatin1String("smtp"))
                    found->second.step = SignInStep::Smtp;
            });
    connect(&m_engine, &MailEngine::finished, this, &AccountsPage::finish);
    reload();
}

void AccountsPage::reload()
{
    while (QLayoutItem* item = m_entries->takeAt(0)) {
        if (QWidget* old = item->widget()) {
            old->hide();
            old->deleteLater();
        }
        delete item;
    }
    int index = 0;
    for (const Account& account : m_engine.queries().accounts())
        m_entries->addWidget(makeEntry(account, index++));
    if (index == 0)
        m_entries->addWidget(
            makeLabel(tr("No account yet."), TextRole::Body, Ink::Text2, false, m_listPage));
}

QWidget* AccountsPage::makeEntry(const Account& account, int index)
{
    auto* entry = new AccountEntry(index, m_listPage);
    const QString email = QString::fromStdString(account.email);
    entry->setAccessibleName(email);
    auto* layout = new QHBoxLayout(entry);
    layout->setContentsMargins(0, metrics::space2, 0, metrics::space2);
    layout->setSpacing(metrics::space1);
    layout->addSpacing(metrics::space6 - metrics::space1); // the dot's place
    auto* texts = new QVBoxLayout;
    texts->setSpacing(0);
    auto* address = new ElidedLabel(email, entry);
    address->setFont(themeFont(TextRole::Body, true));
    auto* details = new ElidedLabel(tr("%1, %2").arg(QString::fromStdString(account.fullName),
                                                     QString::fromStdString(account.imap.host)),
                                    entry);
    details->setFont(themeFont(TextRole::Small));
    setInk(details, Ink::Text2);
    texts->addStretch(1);
    texts->addWidget(address);
    texts->addWidget(details);
    texts->addStretch(1);
    layout->addLayout(texts, 1);
    const auto action = [&](const QString& text, auto run) {
        auto* button = new Button(text, ButtonKind::Quiet, entry);
        button->setAccessibleDescription(email);
        connect(button, &QPushButton::clicked, this, run);
        layout->addWidget(button, 0, Qt::AlignVCenter);
    };
    action(tr("Test"), [this, account] { test(account); });
    action(tr("Identities"), [this, id = account.id] { editIdentities(id); });
    action(tr("Edit"), [this, id = account.id] { editAccount(id); });
    action(tr("Remove"), [this, account] { askRemove(account); });
    return entry;
}

void AccountsPage::addAccount()
{
    openForm(nullptr);
}

void AccountsPage::editAccount(AccountId id)
{
    for (const Account& account : m_engine.queries().accounts())
        if (account.id == id)
            openForm(&account);
}

void AccountsPage::editIdentities(AccountId id)
{
    for (const Account& account : m_engine.queries().accounts()) {
        if (account.id != id)
            continue;
        showList();
        m_bars->clear();
        m_identities = new IdentitiesPage(m_engine, account, this);
        connect(m_identities, &IdentitiesPage::left, this, &AccountsPage::showList);
        auto* scroll = new QScrollArea(this);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setWidgetResizable(true);
        scroll->setFocusPolicy(Qt::NoFocus);
        scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        scroll->setWidget(m_identities);
        m_stack->addWidget(scroll);
        m_stack->setCurrentWidget(scroll);
        if (auto* first = m_identities->findChild<Button*>())
            first->setFocus(Qt::OtherFocusReason);
    }
}

void AccountsPage::openForm(const Account* account)
{
    showList();
    m_bars->clear();
    m_form = new AccountSetup(m_engine, this);
    if (account)
        m_form->editAccount(*account);
    m_form->setCancellable(true);
    connect(m_form, &AccountSetup::cancelled, this, &AccountsPage::showList);
    const auto done = [this](const QString& words) {
        showList();
        m_bars->show({resultBar, Severity::Success, words, {}, true});
    };
    connect(m_form, &AccountSetup::added, this,
            [done] { done(tr("The account is ready. Newest mail comes first.")); });
    connect(m_form, &AccountSetup::saved, this, [done] { done(tr("The account was saved.")); });
    m_stack->addWidget(m_form);
    m_stack->setCurrentWidget(m_form);
    m_form->setFocus(Qt::OtherFocusReason);
}

void AccountsPage::showList()
{
    m_stack->setCurrentWidget(m_listPage);
    m_form = nullptr;
    m_identities = nullptr;
    while (m_stack->count() > 1) {
        QWidget* other = m_stack->widget(1);
        m_stack->removeWidget(other);
        other->hide();
        other->deleteLater();
    }
}

void AccountsPage::test(const Account& account)
{
    const QString name = QString::fromStdString(account.email);
    m_bars->show({resultBar, Severity::Info, tr("Signing in to %1.").arg(name), {}, true});
    m_pending.insert_or_assign(m_engine.submit(command::TestAccount{account.id}),
                               Pending{account, false});
}

void AccountsPage::askRemove(const Account& account)
{
    const QString name = QString::fromStdString(account.email);
    m_bars->show({removeBar,
                  Severity::Warning,
                  tr("Remove %1 from this computer? Its mail stays on the server.").arg(name),
                  {{tr("Remove"),
                    [this, account] {
                        m_bars->dismiss(removeBar);
                        m_pending.insert_or_assign(
                            m_engine.submit(command::RemoveAccount{account.id}),
                            Pending{account, true});
                    }}},
                  true});
}

QString AccountsPage::problemWords(const Pending& pending, const Error& error)
{
    return pending.removes ? errorSentence(error, {})
                           : accountProblem(error, pending.step, pending.account, false).words;
}

void AccountsPage::finish(RequestId request, const Result<QJsonObject>& reply)
{
    const auto found = m_pending.find(request);
    if (found == m_pending.end())
        return;
    const Pending pending = found->second;
    m_pending.erase(found);
    const QString name = QString::fromStdString(pending.account.email);
    if (reply && pending.removes)
        m_bars->show({resultBar, Severity::Success, tr("%1 was removed.").arg(name), {}, true});
    else if (reply)
        m_bars->show(
            {resultBar, Severity::Success, tr("%1 can receive and send.").arg(name), {}, true});
    else if (pending.removes && reply.error().code == ErrorCode::InvalidInput)
        m_bars->show({resultBar,
                      Severity::Danger,
                      tr("%1 still has mail in the outbox. Send or delete it first.").arg(name),
                      {},
                      true});
    else
        m_bars->show({resultBar,
                      Severity::Danger,
                      tr("%1: %2").arg(name, problemWords(pending, reply.error())),
                      {},
                      true});
}

} // namespace avocet
