// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of building messages begin with.
#pragma once

#include "core/model/Account.h"
#include "core/model/Outgoing.h"

#include <QtTest>

#include <cstdint>
#include <string>
#include <vector>

namespace avocet::test {

inline constexpr std::int64_t kNow = 1'795'438'246;

inline Identity identity()
{
    Identity result;
    result.name = "Mara Lind";
    result.email = "mara@example.org";
    return result;
}

inline Draft draft()
{
    Draft result;
    result.to = {{"Otto", "otto@example.net"}};
    result.subject = "Lunch";
    result.text = "At noon?\n";
    return result;
}

inline QByteArray listed(const std::vector<Address>& list)
{
    QByteArrayList cells;
    for (const Address& address : list)
        cells << QByteArray::fromStdString(address.name + "|" + address.address);
    return cells.join(';');
}

/// Lines end with CRLF, none is longer than RFC 5322 allows, and the header is ASCII.
inline void verifyWellFormed(const std::string& bytes)
{
    std::size_t start = 0;
    bool header = true;
    while (start < bytes.size()) {
        const std::size_t end = bytes.find('\n', start);
        QVERIFY(end != std::string::npos);
        QVERIFY(end > start && bytes[end - 1] == '\r');
        QVERIFY(end - start <= 999);
        const std::string line = bytes.substr(start, end - 1 - start);
        QVERIFY(line.find('\r') == std::string::npos);
        header = header && !line.empty();
        for (const char c : line)
            QVERIFY(!header || static_cast<unsigned char>(c) < 0x80);
        start = end + 1;
    }
}

} // namespace avocet::test
