// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/AddressSheet.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int addressSheetWidth = 360;
constexpr int longestTypedAddress = 320;

/// What may be written: "anna+shop@example.org or anything@anna.example".
QString examples(const std::vector<Identity>& identities)
{
    QString plus;
    QString whole;
    for (const Identity& one : identities) {
        const QString email = QString::fromStdString(one.email);
        if (plus.isEmpty() && email.contains(u'@'))
            plus = email.section(u'@', 0, 0) + QStringLiteral("+…@") + email.section(u'@', 1);
        for (const std::string& alias : one.aliases)
            if (whole.isEmpty() && alias.starts_with("*@"))
                whole = u'…' + QString::fromStdString(alias).mid(1);
    }
    return whole.isEmpty() ? AddressSheet::tr("For example %1.").arg(plus)
                           : AddressSheet::tr("For example %1 or %2.").arg(plus, whole);
}

} // namespace

AddressSheet::AddressSheet(std::vector<Identity> identities, AccountId account, QWidget* parent)
    : QDialog(parent)
    , m_identities(std::move(identities))
    , m_account(account)
    , m_address(new QLineEdit(this))
    , m_hint(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_use(new Button(tr("Use address"), ButtonKind::Primary, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Another address of yours"));
    setObjectName(QStringLiteral("addressSheet"));
    setMinimumWidth(addressSheetWidth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(metrics::space4, metrics::space4, metrics::space4, metrics::space4);
    layout->setSpacing(metrics::space1);
    auto* label = makeLabel(tr("Write from"), TextRole::Body, Ink::Text2, false, this);
    label->setBuddy(m_address);
    m_address->setAccessibleName(tr("Address to write from"));
    m_address->setMaxLength(longestTypedAddress);
    m_address->setMinimumHeight(metrics::field);
    m_hint->setWordWrap(true);
    m_hint->setMinimumHeight(2 * lineHeight(TextRole::Small)); // the sheet keeps its size
    m_hint->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* cancel = new Button(tr("Cancel"), ButtonKind::Quiet, this);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::space2);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_use);
    layout->addWidget(label);
    layout->addWidget(m_address);
    layout->addWidget(m_hint);
    layout->addSpacing(metrics::space2);
    layout->addLayout(buttons);
    m_use->setDefault(true);
    connect(m_address, &QLineEdit::textChanged, this, &AddressSheet::check);
    connect(m_use, &QPushButton::clicked, this, &AddressSheet::choose);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    check();
}

std::optional<AnsweringIdentity> AddressSheet::sender() const
{
    return answeringIdentity(m_identities, m_account, {},
                             {m_address->text().trimmed().toStdString()});
}

void AddressSheet::check()
{
    const bool isOwn = sender().has_value();
    const bool isAddress = isPlainAddress(m_address->text().trimmed().toStdString());
    m_use->setEnabled(isOwn);
    m_hint->setText(isOwn || !isAddress
                        ? examples(m_identities)
                        : tr("No identity of yours has this address. Add it under Identities in "
                             "the settings."));
}

void AddressSheet::choose()
{
    if (const auto found = sender()) {
        Q_EMIT chosen(*found);
        accept();
    }
}

} // namespace avocet
