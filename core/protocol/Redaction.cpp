// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/Redaction.h"

#include <algorithm>

namespace avocet {

std::string base64(std::string_view bytes)
{
    static constexpr char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string result;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned int group = 0;
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t k = 0; k < 3; ++k)
            group = (group << 8) | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            result += k <= count ? alphabet[(group >> (18 - 6 * k)) & 63] : '=';
    }
    return result;
}

SecretScrubber::SecretScrubber(const Credentials& credentials)
{
    for (const std::string& secret : {credentials.password, credentials.accessToken}) {
        if (secret.empty())
            continue;
        m_needles.push_back(secret);
        // The secret may begin at any of three positions of a base64 group. The characters that
        // mix with unknown neighbours are left out; what remains is unique to the secret.
        for (std::size_t offset = 0; offset < 3; ++offset) {
            const std::string whole = base64(std::string(offset, 'x') + secret);
            const std::size_t first = offset == 0 ? 0 : offset + 1;
            const std::size_t usable = (offset + secret.size()) * 8 / 6;
            if (usable > first + 3)
                m_needles.push_back(whole.substr(first, usable - first));
        }
    }
    std::sort(m_needles.begin(), m_needles.end(),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string SecretScrubber::scrub(std::string_view text) const
{
    std::string result(text);
    for (const std::string& needle : m_needles) {
        for (std::size_t at = result.find(needle); at != std::string::npos;
             at = result.find(needle, at + 3))
            result.replace(at, needle.size(), "***");
    }
    return result;
}

} // namespace avocet
