// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/PrivacyPage.h"

#include "ui/settings/Preferences.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace avocet {

PrivacyPage::PrivacyPage(MailEngine& engine, Preferences& preferences, QWidget* parent)
    : SettingsPage(tr("Privacy"), parent)
    , m_engine(engine)
    , m_list(new QWidget(this))
    , m_rows(new QVBoxLayout(m_list))
    , m_field(new QLineEdit(this))
    , m_problem(makeLabel({}, TextRole::Small, Ink::Danger, false, this))
{
    auto* strip = new QCheckBox(this);
    strip->setObjectName(QStringLiteral("stripTracking"));
    strip->setChecked(preferences.stripTracking());
    connect(strip, &QCheckBox::toggled, &preferences, &Preferences::setStripTracking);
    addRow(new SettingRow(tr("Clean links"),
                          tr("Links open and are copied without the parts that only tell who "
                             "clicked."),
                          strip, this));
    m_field->setObjectName(QStringLiteral("trust"));
    m_field->setPlaceholderText(tr("anna@example.org"));
    m_field->setMinimumWidth(240);
    m_field->setMinimumHeight(metrics::field);
    addRow(
        new SettingRow(tr("Pictures from the internet"),
                       tr("They tell the sender when and where you read. A message asks before it "
                          "loads them, but not from the senders listed here."),
                       nullptr, this));
    addRow(new SettingRow(tr("Add a sender"), tr("An address, or @ and a domain, then Return."),
                          m_field, this));
    m_problem->setWordWrap(true);
    m_problem->hide();
    addWidget(m_problem);
    m_rows->setContentsMargins(0, metrics::space2, 0, 0);
    m_rows->setSpacing(0);
    addWidget(m_list);

    connect(m_field, &QLineEdit::returnPressed, this, &PrivacyPage::add);
    connect(m_field, &QLineEdit::textEdited, m_problem, &QLabel::hide);
    connect(&m_engine, &MailEngine::trustChanged, this, &PrivacyPage::fill);
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (request != m_adding)
                    return;
                m_adding = {};
                if (reply) {
                    m_field->clear();
                    return;
                }
                m_problem->setText(reply.error().code == ErrorCode::InvalidInput
                                       ? tr("Write an address, or @ and a domain.")
                                       : tr("Not saved. The disk may be full."));
                m_problem->show();
            });
    fill();
}

void PrivacyPage::add()
{
    const QString text = m_field->text().trimmed();
    if (!text.isEmpty())
        m_adding = m_engine.submit(command::TrustSender{text.toStdString(), true});
}

void PrivacyPage::fill()
{
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    const auto patterns = m_engine.queries().trusted();
    for (const std::string& pattern : patterns)
        m_rows->addWidget(makeRow(QString::fromStdString(pattern)));
    if (patterns.empty())
        m_rows->addWidget(
            makeLabel(tr("No sender is listed."), TextRole::Small, Ink::Text2, false, m_list));
}

QWidget* PrivacyPage::makeRow(const QString& pattern)
{
    const QString description =
        pattern.startsWith(u'@') ? tr("Everybody at %1").arg(pattern.mid(1)) : QString();
    auto* remove = new Button(tr("Remove"), ButtonKind::Quiet, m_list);
    remove->setAccessibleName(tr("Remove %1").arg(pattern));
    connect(remove, &QPushButton::clicked, this, [this, pattern] {
        m_field->setFocus(Qt::OtherFocusReason); // the button goes
        m_engine.submit(command::TrustSender{pattern.toStdString(), false});
    });
    return new SettingRow(pattern, description, remove, m_list);
}

} // namespace avocet
