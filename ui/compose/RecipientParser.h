// SPDX-License-Identifier: GPL-3.0-or-later
// Reads what people type and paste into To, Cc and Bcc, which is far looser than RFC 5322.
#pragma once

#include "core/model/Message.h"

#include <QString>
#include <QStringView>

#include <vector>

namespace avocet {

/// One recipient as typed. Where it is not valid, address.address holds the text unchanged.
struct TypedRecipient {
    Address address;
    bool valid = false;

    friend bool operator==(const TypedRecipient&, const TypedRecipient&) = default;
};

/// Splits at commas, semicolons and line breaks outside quotes and angle brackets; an unquoted
/// "Doe, John <j@x.org>" stays one. At most `limit` recipients; the rest is dropped.
std::vector<TypedRecipient> parseRecipients(QStringView text, std::size_t limit = 2000);
/// Whether parseRecipients would split here: a separator that no quote or bracket holds.
bool holdsSeparator(QStringView text);
/// The whole text as one recipient, whatever it holds.
TypedRecipient parseRecipient(QStringView text);

/// RFC 5321 local@domain, with UTF-8 local parts (RFC 6531), IDNs and address literals. A domain of
/// one label is taken for a slip, unless it is localhost.
bool isValidAddress(const QString& address);
/// Without regard to ASCII case: no server tells them apart.
bool sameAddress(const std::string& a, const std::string& b);
/// The address with its domain in A-label form, ready for the wire.
QString wireAddress(const QString& address);
/// The address with its domain as people read it; look-alike scripts stay in A-label form.
QString shownAddress(const Address& address);

/// The name, or the address where there is none.
QString chipText(const Address& address);
/// What parseRecipients reads back as the same recipient.
QString editText(const Address& address);
QString editText(const std::vector<Address>& addresses);

} // namespace avocet
