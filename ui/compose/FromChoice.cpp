// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/FromChoice.h"

#include "core/model/IdentityMatch.h"
#include "ui/compose/AddressSheet.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyle>
#include <QWheelEvent>

#include <algorithm>

namespace avocet {

namespace {

constexpr int identityRole = Qt::UserRole;
constexpr int fromRole = Qt::UserRole + 1;

} // namespace

FromChoice::FromChoice(const std::vector<Identity>& identities, IdentityId identity,
                       const std::string& from, QWidget* parent)
    : QComboBox(parent)
    , m_identities(identities)
{
    setMinimumHeight(metrics::field);
    setAccessibleName(tr("From"));
    for (const Identity& one : identities) {
        add(one, {});
        for (const std::string& alias : one.aliases)
            if (!alias.starts_with('*'))
                add(one, alias);
        const bool isListed = from.empty() || std::find(one.aliases.begin(), one.aliases.end(),
                                                        from) != one.aliases.end();
        if (one.id == identity && !isListed)
            add(one, from);
    }
    m_last = std::max(0, indexOf(identity, from));
    setCurrentIndex(m_last);
    insertSeparator(count());
    addItem(tr("Another address…"));
    connect(this, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (!isOther(index))
            m_last = index;
    });
    connect(this, &QComboBox::activated, this, [this](int index) {
        if (isOther(index))
            askForOther();
    });
}

bool FromChoice::isNeeded(const std::vector<Identity>& identities, const std::string& from)
{
    return identities.size() > 1 || !from.empty() ||
           (!identities.empty() && !identities.front().aliases.empty());
}

int FromChoice::indexOf(IdentityId identity, const std::string& from) const
{
    for (int i = 0; i < count(); ++i)
        if (itemData(i, identityRole).toLongLong() == identity.value &&
            itemData(i, fromRole).toString().toStdString() == from)
            return i;
    return -1;
}

bool FromChoice::isOther(int index) const
{
    return index == count() - 1;
}

void FromChoice::askForOther()
{
    {
        const QSignalBlocker quiet(this); // nothing was chosen yet
        setCurrentIndex(m_last);
    }
    const IdentityId now = identity();
    AccountId account;
    for (const Identity& one : m_identities)
        if (one.id == now)
            account = one.account;
    auto* sheet = new AddressSheet(m_identities, account, window());
    connect(sheet, &AddressSheet::chosen, this, [this](const AnsweringIdentity& sender) {
        if (indexOf(sender.identity, sender.from) < 0)
            for (const Identity& one : m_identities)
                if (one.id == sender.identity)
                    insert(count() - 2, one, sender.from);
        setCurrentIndex(indexOf(sender.identity, sender.from));
    });
    sheet->open();
}

void FromChoice::wheelEvent(QWheelEvent* event)
{
    event->ignore();
}

void FromChoice::keyPressEvent(QKeyEvent* event)
{
    const int before = currentIndex();
    {
        const QSignalBlocker quiet(this);
        QComboBox::keyPressEvent(event);
        if (isOther(currentIndex()))
            setCurrentIndex(before);
    }
    if (currentIndex() != before)
        Q_EMIT currentIndexChanged(currentIndex());
}

void FromChoice::add(const Identity& identity, const std::string& from)
{
    insert(count(), identity, from);
}

void FromChoice::insert(int index, const Identity& identity, const std::string& from)
{
    const QString address = QString::fromStdString(from.empty() ? identity.email : from);
    insertItem(index, identity.name.empty()
                          ? address
                          : tr("%1 <%2>").arg(QString::fromStdString(identity.name), address));
    setItemData(index, QVariant::fromValue<qlonglong>(identity.id.value), identityRole);
    setItemData(index, QString::fromStdString(from), fromRole);
}

IdentityId FromChoice::identity() const
{
    return {currentData(identityRole).toLongLong()};
}

std::string FromChoice::from() const
{
    return currentData(fromRole).toString().toStdString();
}

void FromChoice::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    const int arrow = metrics::iconSmall;
    const auto visual = [this](const QRect& place) {
        return QStyle::visualRect(layoutDirection(), rect(), place);
    };
    painter.setPen(t.text);
    const QRect text(0, 0, width() - arrow - metrics::space4, height());
    painter.drawText(visual(text),
                     static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) |
                                      Qt::AlignVCenter),
                     fontMetrics().elidedText(currentText(), Qt::ElideRight, text.width()));
    paintIcon(
        painter,
        visual(QRect(width() - arrow - metrics::space3, (height() - arrow) / 2, arrow, arrow)),
        "chevron-down", t.text2);
}

} // namespace avocet
