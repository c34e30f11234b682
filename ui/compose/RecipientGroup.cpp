// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/RecipientGroup.h"

#include "ui/compose/RecipientChip.h"

#include <algorithm>

namespace avocet {

RecipientGroup::RecipientGroup(RecipientField* to, RecipientField* cc, RecipientField* bcc,
                               QObject* parent)
    : QObject(parent)
    , m_fields{to, cc, bcc}
{
    for (RecipientField* field : m_fields)
        connect(field, &RecipientField::added, this, [this, field] { merge(field); });
}

void RecipientGroup::setAddresses(const Draft& draft)
{
    for (RecipientField* field : m_fields)
        field->setAddresses({});
    const std::array<const std::vector<Address>*, 3> lists{&draft.to, &draft.cc, &draft.bcc};
    for (std::size_t i = 0; i < lists.size(); ++i) {
        std::vector<Address> fresh = *lists[i];
        std::erase_if(fresh, [this](const Address& one) { return holds(one.address); });
        m_fields[i]->setAddresses(fresh);
    }
}

bool RecipientGroup::holds(const std::string& address) const
{
    return std::any_of(m_fields.begin(), m_fields.end(), [&](const RecipientField* field) {
        return field->find(address) != nullptr;
    });
}

bool RecipientGroup::isEmpty() const
{
    return std::all_of(m_fields.begin(), m_fields.end(),
                       [](const RecipientField* field) { return field->isEmpty(); });
}

qsizetype RecipientGroup::visibleCount() const
{
    return m_fields[0]->chips().size() + m_fields[1]->chips().size();
}

RecipientField* RecipientGroup::invalidField() const
{
    const auto found =
        std::find_if(m_fields.begin(), m_fields.end(),
                     [](const RecipientField* field) { return !field->firstInvalid().isEmpty(); });
    return found == m_fields.end() ? nullptr : *found;
}

void RecipientGroup::complete()
{
    for (RecipientField* field : m_fields)
        field->complete();
}

void RecipientGroup::moveToBcc()
{
    std::vector<Address> all = m_fields[2]->addresses();
    for (RecipientField* field : {m_fields[0], m_fields[1]}) {
        for (Address& address : field->addresses())
            all.push_back(std::move(address));
        field->setAddresses({});
    }
    m_fields[2]->setAddresses(all);
    Q_EMIT m_fields[2]->changed();
}

void RecipientGroup::merge(RecipientField* changed)
{
    QStringList names;
    QString where;
    const QList<RecipientChip*> chips = changed->chips();
    for (RecipientChip* chip : chips) {
        if (!chip->recipient().valid)
            continue;
        for (RecipientField* field : m_fields) {
            const RecipientChip* other =
                field == changed ? nullptr : field->find(chip->recipient().address.address);
            if (!other || other->isDragged())
                continue;
            names.append(chipText(chip->recipient().address));
            where = field->name();
            changed->removeChip(chip);
            break;
        }
    }
    if (names.size() == 1)
        Q_EMIT merged(tr("%1 is in %2 already").arg(names.front().left(60), where));
    else if (names.size() > 1)
        Q_EMIT merged(
            tr("%n recipient(s) were there already", nullptr, static_cast<int>(names.size())));
}

} // namespace avocet
