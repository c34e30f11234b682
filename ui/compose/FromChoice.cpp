// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/FromChoice.h"

#include "core/model/IdentityMatch.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace avocet {

namespace {

constexpr int identityRole = Qt::UserRole;
constexpr int fromRole = Qt::UserRole + 1;

} // namespace

FromChoice::FromChoice(const std::vector<Identity>& identities, IdentityId identity,
                       const std::string& from, QWidget* parent)
    : QComboBox(parent)
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
    for (int i = 0; i < count(); ++i)
        if (itemData(i, identityRole).toLongLong() == identity.value &&
            itemData(i, fromRole).toString().toStdString() == from)
            setCurrentIndex(i);
}

bool FromChoice::isNeeded(const std::vector<Identity>& identities, const std::string& from)
{
    return identities.size() > 1 || !from.empty() ||
           (!identities.empty() &&
            std::any_of(identities.front().aliases.begin(), identities.front().aliases.end(),
                        [](const std::string& alias) { return !alias.starts_with('*'); }));
}

void FromChoice::add(const Identity& identity, const std::string& from)
{
    const QString address = QString::fromStdString(from.empty() ? identity.email : from);
    addItem(identity.name.empty()
                ? address
                : tr("%1 <%2>").arg(QString::fromStdString(identity.name), address));
    setItemData(count() - 1, QVariant::fromValue<qlonglong>(identity.id.value), identityRole);
    setItemData(count() - 1, QString::fromStdString(from), fromRole);
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
