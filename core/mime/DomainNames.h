// SPDX-License-Identifier: GPL-3.0-or-later
// Internationalised domain names, and which of them could be taken for others (UTS 39, UTS 46).
#pragma once

#include <string>
#include <string_view>

namespace avocet::mime {

/// "xn--..." for what is beyond ASCII, lower case; as it is where it is no domain name.
std::string asciiDomain(std::string_view domain);
/// The Unicode form where each label keeps to one script and is not a Latin word in other letters; else asciiDomain().
std::string displayDomain(std::string_view domain);
bool isMisleadingDomain(std::string_view domain);
/// The same for all domains that look alike, hyphens aside.
std::string domainSkeleton(std::string_view domain);
/// The same domain, one below the other, or both below the same registered one as far as that can be told.
bool areRelatedDomains(std::string_view a, std::string_view b);
/// Behind the last '@'; empty where there is none.
std::string_view domainOf(std::string_view address);

} // namespace avocet::mime
