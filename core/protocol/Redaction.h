// SPDX-License-Identifier: GPL-3.0-or-later
// Takes known secrets out of text that others may read: error texts and the transcript.
#pragma once

#include "core/protocol/Connection.h"

#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// Knows the credentials of one sign-in in clear and in the base64 forms that SASL makes of them.
/// A server that quotes a command back must not carry them into a log.
class SecretScrubber {
public:
    explicit SecretScrubber(const Credentials& credentials);
    std::string scrub(std::string_view text) const;

private:
    std::vector<std::string> m_needles;
};

std::string base64(std::string_view bytes);

} // namespace avocet
