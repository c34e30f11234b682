// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/AddressCodec.h"

#include <algorithm>

namespace avocet {

namespace {

constexpr char unitSeparator = '\x1f';
constexpr char recordSeparator = '\x1e';
constexpr char escape = '\x1b';

bool isControl(char byte)
{
    return static_cast<unsigned char>(byte) < 0x20;
}

void append(std::string& text, const std::string& field)
{
    if (std::none_of(field.begin(), field.end(), isControl)) {
        text += field;
        return;
    }
    for (const char byte : field) {
        if (isControl(byte)) {
            text += escape;
            text += static_cast<char>(byte + 0x40);
        } else {
            text += byte;
        }
    }
}

std::string unescaped(std::string_view field)
{
    std::string text;
    text.reserve(field.size());
    for (std::size_t i = 0; i < field.size(); ++i) {
        if (field[i] == escape && i + 1 < field.size())
            text += static_cast<char>(field[++i] - 0x40);
        else
            text += field[i];
    }
    return text;
}

} // namespace

std::string encodeAddresses(const std::vector<Address>& addresses)
{
    std::size_t size = 0;
    for (const Address& address : addresses)
        size += address.name.size() + address.address.size() + 2;
    std::string text;
    text.reserve(size);
    bool first = true;
    for (const Address& address : addresses) {
        if (!first)
            text += recordSeparator;
        first = false;
        append(text, address.name);
        text += unitSeparator;
        append(text, address.address);
    }
    return text;
}

std::vector<Address> decodeAddresses(std::string_view text)
{
    std::vector<Address> addresses;
    while (!text.empty()) {
        const std::size_t end = text.find(recordSeparator);
        const std::string_view record = text.substr(0, end);
        const std::size_t middle = record.find(unitSeparator);
        if (middle == std::string_view::npos)
            addresses.push_back({{}, unescaped(record)});
        else
            addresses.push_back(
                {unescaped(record.substr(0, middle)), unescaped(record.substr(middle + 1))});
        if (end == std::string_view::npos)
            break;
        text.remove_prefix(end + 1);
    }
    return addresses;
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return result;
}

} // namespace avocet
