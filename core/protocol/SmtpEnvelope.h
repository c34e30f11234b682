// SPDX-License-Identifier: GPL-3.0-or-later
// Who a message is from and for, and the commands that say so: nothing in an address can end a command.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/SmtpMessage.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

struct SmtpEnvelope {
    std::string sender;
    std::vector<std::string> recipients;
    /// Reports of success, delay and failure are asked for where the server offers them (RFC 3461).
    bool reportDelivery = false;
    std::string id; ///< the reports name it
};

/// What EHLO told.
class SmtpOffers {
public:
    SmtpOffers() = default;
    explicit SmtpOffers(std::vector<std::string> lines)
        : m_lines(std::move(lines))
    {
    }
    bool has(std::string_view keyword) const;
    std::int64_t maxSize() const; ///< bytes, 0: no limit announced

private:
    std::vector<std::string> m_lines;
};

/// What can be refused without asking the server.
std::optional<Error> checkEnvelope(const SmtpEnvelope& envelope, const MessageNeeds& needs,
                                   const SmtpOffers& offers);
std::string mailCommand(const SmtpEnvelope& envelope, const MessageNeeds& needs,
                        const SmtpOffers& offers);
std::string rcptCommand(const SmtpEnvelope& envelope, const std::string& recipient,
                        const SmtpOffers& offers);

} // namespace avocet
