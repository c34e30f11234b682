// SPDX-License-Identifier: GPL-3.0-or-later
// Tells what a reader should doubt about who wrote: spoofed names, look-alike domains, replies that go elsewhere.
#pragma once

#include "core/mime/MessageReader.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

enum class SenderDoubt {
    NoSender,         ///< no From that holds an address
    SeveralSenders,   ///< `really` is the first, `shown` all
    NameShowsAddress, ///< the name holds the address `shown`, mail comes from `really`
    MixedScripts, ///< the domain `shown` mixes alphabets or looks like Latin; `really` in its ASCII form (RFC 3492)
    LookAlikeDomain,  ///< `really` looks like the known domain `shown` and is another
    ReplyToElsewhere, ///< replies go to `shown`, mail comes from `really`
    FirstTime,        ///< nobody that the user knows wrote this
};

struct SenderFinding {
    SenderDoubt doubt = SenderDoubt::NoSender;
    std::string shown;
    std::string really;

    friend bool operator==(const SenderFinding&, const SenderFinding&) = default;
};

/// What the caller knows. Addresses and domains in lower case.
struct KnownPeople {
    /// The user's own address, or one that the user knows; asked for whole addresses. Without it nobody is new.
    std::function<bool(std::string_view address)> isKnown;
    std::vector<std::string> domains; ///< of the user and of whom the user knows
};

/// Sorted by weight, the worst first; at most one of each kind. `fromList`: the message came by a mailing list, whose
/// Reply-To is the list. Any thread.
std::vector<SenderFinding> checkSender(const ParsedMessage& message, const KnownPeople& known,
                                       bool fromList);

/// An address as it may be shown: its domain in Unicode where that misleads nobody, else in ASCII.
std::string shownAddress(std::string_view address);

} // namespace avocet
