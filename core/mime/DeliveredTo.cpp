// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/DeliveredTo.h"

#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/model/IdentityMatch.h"

#include <algorithm>
#include <array>

namespace avocet {

namespace {

using namespace mime;

constexpr std::size_t mostAddresses = 20;
constexpr std::size_t longestHeader = 256 * 1024;
constexpr std::array fields{"X-Original-To", "Envelope-To", "Delivered-To", "X-Delivered-To"};

} // namespace

std::vector<std::string> deliveredTo(std::string_view raw)
{
    raw = raw.substr(0, longestHeader);
    const std::vector<HeaderField> header = headerFields(raw, usesBareCr(raw));
    std::vector<std::string> found;
    for (const char* name : fields) {
        for (const HeaderField& field : header) {
            if (!equalsIgnoreCase(field.name, name) || found.size() == mostAddresses)
                continue;
            std::string address = unfolded(field.value);
            if (address.starts_with('<') && address.ends_with('>'))
                address = address.substr(1, address.size() - 2);
            if (isPlainAddress(address) &&
                std::find(found.begin(), found.end(), address) == found.end())
                found.push_back(address);
        }
    }
    return found;
}

} // namespace avocet
