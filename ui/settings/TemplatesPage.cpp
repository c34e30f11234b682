// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/TemplatesPage.h"

#include "ui/settings/TemplateForm.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace avocet {

namespace {

const QString removedBar = QStringLiteral("removed");

} // namespace

TemplatesPage::TemplatesPage(MailEngine& engine, Preferences& preferences, QWidget* parent)
    : SettingsPage(tr("Templates"), parent)
    , m_engine(engine)
    , m_preferences(preferences)
    , m_add(new Button(tr("Add template"), ButtonKind::Secondary, this))
    , m_bars(new InfoBarStack(this))
    , m_list(new QWidget(this))
    , m_rows(new QVBoxLayout(m_list))
{
    m_add->setIconName("plus");
    m_intro = new SettingRow(tr("Texts that you use again"),
                             tr("Insert them while you write. Placeholders such as {first name} "
                                "are filled in from the recipients."),
                             m_add, this);
    m_add->setAccessibleName(tr("Add template"));
    m_bars->layout()->setContentsMargins(0, 0, 0, metrics::space2);
    addWidget(m_bars);
    addRow(m_intro);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(0);
    addWidget(m_list);
    connect(m_add, &QPushButton::clicked, this, [this] { edit({}); });
    connect(&m_engine, &MailEngine::templatesChanged, this, [this] {
        if (!m_form)
            fill();
    });
    fill();
}

void TemplatesPage::clear()
{
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        if (QWidget* old = item->widget()) {
            old->hide();
            old->deleteLater();
        }
        delete item;
    }
}

void TemplatesPage::fill()
{
    clear();
    for (const Template& one : m_engine.queries().templates())
        m_rows->addWidget(makeRow(one));
}

QWidget* TemplatesPage::makeRow(const Template& one)
{
    const QString name = QString::fromStdString(one.name);
    auto* actions = new QWidget(m_list);
    auto* line = new QHBoxLayout(actions);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(metrics::space1);
    const auto action = [&](const QString& text, auto run) {
        auto* button = new Button(text, ButtonKind::Quiet, actions);
        button->setAccessibleDescription(name);
        connect(button, &QPushButton::clicked, this, run);
        line->addWidget(button);
    };
    action(tr("Edit"), [this, one] { edit(one); });
    action(tr("Remove"), [this, one] { remove(one); });
    const QString first = QString::fromStdString(one.text).section(u'\n', 0, 0).simplified();
    QString details = QString::fromStdString(one.subject);
    if (details.isEmpty())
        details = first;
    constexpr int longestDetails = 120;
    if (details.size() > longestDetails)
        details = details.left(longestDetails) + u'…';
    return new SettingRow(name, details, actions, m_list);
}

void TemplatesPage::edit(const Template& one)
{
    clear();
    m_bars->clear();
    m_intro->hide();
    m_form = new TemplateForm(m_engine, one, m_preferences.composing().rich, m_list);
    m_rows->addWidget(m_form);
    m_form->show(); // now, so that it can take the focus
    connect(m_form, &TemplateForm::saved, this, &TemplatesPage::closeForm);
    connect(m_form, &TemplateForm::cancelled, this, &TemplatesPage::closeForm);
    connect(m_form, &TemplateForm::notice, m_bars, &InfoBarStack::show);
    connect(m_form, &TemplateForm::noticeOver, m_bars, &InfoBarStack::dismiss);
    m_form->setFocus(Qt::OtherFocusReason);
}

void TemplatesPage::closeForm()
{
    m_form = nullptr; // its row goes with the others
    m_bars->clear();
    m_intro->show();
    fill();
    m_add->setFocus(Qt::OtherFocusReason);
}

void TemplatesPage::remove(const Template& one)
{
    m_engine.submit(command::RemoveTemplate{one.id});
    Template again = one;
    again.id = {};
    m_bars->show({removedBar,
                  Severity::Info,
                  tr("“%1” was removed.").arg(QString::fromStdString(one.name)),
                  {{tr("Undo"),
                    [this, again] {
                        m_bars->dismiss(removedBar);
                        m_engine.submit(command::SaveTemplate{again});
                    }}},
                  true});
    m_add->setFocus(Qt::OtherFocusReason);
}

} // namespace avocet
