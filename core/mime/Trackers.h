// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that are there to tell the sender who reads, and parts of addresses that are there to recognise the reader.
#pragma once

#include <string>
#include <string_view>

namespace avocet {

/// The company that counts readers with the http(s) address of a picture, empty where none is known to.
std::string trackerCompany(std::string_view address);

/// The same address without the parameters that only say who clicked and in which mailing.
std::string stripTracking(std::string_view address);

/// The host of an address with "://", lower case, without user, port and trailing dot; empty where it has none.
std::string hostOf(std::string_view address);

} // namespace avocet
