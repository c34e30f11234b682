// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/IdentitiesPage.h"

#include "ui/settings/IdentityForm.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace avocet {

namespace {

const QString removeIdentityBar = QStringLiteral("remove");

} // namespace

IdentitiesPage::IdentitiesPage(MailEngine& engine, const Account& account, QWidget* parent)
    : SettingsPage(tr("Identities"), parent)
    , m_engine(engine)
    , m_account(account)
    , m_list(new QWidget(this))
    , m_rows(new QVBoxLayout(m_list))
    , m_bars(new InfoBarStack(this))
{
    setAutoFillBackground(true);
    auto* back = new Button(tr("Accounts"), ButtonKind::Quiet, this);
    back->setIconName("back");
    back->setAccessibleName(tr("Back to the accounts"));
    connect(back, &QPushButton::clicked, this, &IdentitiesPage::left);
    auto* top = new QWidget(this);
    auto* line = new QHBoxLayout(top);
    line->setContentsMargins(0, 0, 0, metrics::space2);
    line->addWidget(back);
    line->addWidget(makeLabel(tr("Who you write as with %1. The first is used for new messages.")
                                  .arg(QString::fromStdString(account.email)),
                              TextRole::Small, Ink::Text2, false, top),
                    1);
    addWidget(top);
    m_bars->layout()->setContentsMargins(0, 0, 0, metrics::space2);
    addWidget(m_bars);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(0);
    addWidget(m_list);
    connect(&m_engine, &MailEngine::accountsChanged, this, [this] {
        if (!m_form)
            fill();
    });
    fill();
}

std::vector<Identity> IdentitiesPage::identities() const
{
    std::vector<Identity> all = m_engine.queries().identities();
    std::erase_if(all, [this](const Identity& one) { return one.account != m_account.id; });
    return all;
}

void IdentitiesPage::clear()
{
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        if (QWidget* old = item->widget()) {
            old->hide();
            old->deleteLater();
        }
        delete item;
    }
}

void IdentitiesPage::fill()
{
    clear();
    const std::vector<Identity> all = identities();
    for (const Identity& identity : all)
        m_rows->addWidget(makeRow(identity, identity.id == all.front().id, all.size() == 1));
    auto* holder = new QWidget(m_list);
    auto* line = new QHBoxLayout(holder);
    line->setContentsMargins(0, metrics::space4, 0, 0);
    auto* add = new Button(tr("Add identity"), ButtonKind::Secondary, holder);
    add->setIconName("plus");
    line->addWidget(add);
    line->addStretch(1);
    m_rows->addWidget(holder);
    connect(add, &QPushButton::clicked, this, [this] {
        edit(Identity{{}, m_account.id, m_account.fullName, {}});
    });
}

QWidget* IdentitiesPage::makeRow(const Identity& identity, bool isFirst, bool isOnly)
{
    const QString address = QString::fromStdString(identity.email);
    const QString name = identity.name.empty() ? address : QString::fromStdString(identity.name);
    auto* actions = new QWidget(m_list);
    auto* line = new QHBoxLayout(actions);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(metrics::space1);
    const auto action = [&](const QString& text, auto run) {
        auto* button = new Button(text, ButtonKind::Quiet, actions);
        button->setAccessibleDescription(address);
        connect(button, &QPushButton::clicked, this, run);
        line->addWidget(button);
    };
    if (!isFirst)
        action(tr("Use first"), [this, id = identity.id] { makeFirst(id); });
    action(tr("Edit"), [this, identity] { edit(identity); });
    if (!isOnly)
        action(tr("Remove"), [this, identity] { remove(identity); });
    const auto others = static_cast<int>(identity.aliases.size());
    const QString details =
        others > 0 ? tr("%1 and %n other(s)", nullptr, others).arg(address) : address;
    return new SettingRow(name, details, actions, m_list);
}

void IdentitiesPage::edit(const Identity& identity)
{
    clear();
    m_bars->clear();
    m_form = new IdentityForm(m_engine, identity, m_list);
    m_rows->addWidget(m_form);
    m_form->show(); // now, so that it can take the focus
    connect(m_form, &IdentityForm::saved, this, &IdentitiesPage::closeForm);
    connect(m_form, &IdentityForm::cancelled, this, &IdentitiesPage::closeForm);
    connect(m_form, &IdentityForm::notice, m_bars, &InfoBarStack::show);
    connect(m_form, &IdentityForm::noticeOver, m_bars, &InfoBarStack::dismiss);
    m_form->setFocus(Qt::OtherFocusReason);
}

void IdentitiesPage::closeForm()
{
    m_bars->clear();
    m_form = nullptr; // its row goes with the others
    fill();
    if (auto* first = m_list->findChild<Button*>())
        first->setFocus(Qt::OtherFocusReason);
}

void IdentitiesPage::makeFirst(IdentityId id)
{
    std::vector<IdentityId> order{id};
    for (const Identity& one : identities())
        if (one.id != id)
            order.push_back(one.id);
    m_engine.submit(command::OrderIdentities{m_account.id, order});
}

void IdentitiesPage::remove(const Identity& identity)
{
    m_bars->show({removeIdentityBar,
                  Severity::Warning,
                  tr("Remove %1? Its drafts go on under your first identity.")
                      .arg(QString::fromStdString(identity.email)),
                  {{tr("Remove"),
                    [this, id = identity.id] {
                        m_bars->dismiss(removeIdentityBar);
                        m_engine.submit(command::RemoveIdentity{id});
                    }}},
                  true});
}

} // namespace avocet
