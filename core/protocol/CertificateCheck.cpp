// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/CertificateCheck.h"

#include <algorithm>
#include <cctype>

namespace avocet {
namespace {

constexpr std::string_view shaKey = "; sha256=";
constexpr std::string_view dateKey = "; notAfter=";

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

} // namespace

std::optional<CertificateFacts> certificateFacts(const Error& error)
{
    const std::string_view detail = error.detail;
    const auto date = detail.rfind(dateKey);
    const auto sha = detail.rfind(shaKey);
    if (error.kind != ErrorKind::Tls || date == detail.npos || sha == detail.npos || sha > date)
        return std::nullopt;
    CertificateFacts facts;
    facts.sha256 = detail.substr(sha + shaKey.size(), date - sha - shaKey.size());
    facts.notAfter = detail.substr(date + dateKey.size());
    if (facts.sha256.size() != 64 || facts.notAfter.size() != 10)
        return std::nullopt;
    return facts;
}

std::string makePin(std::string_view host, std::uint16_t port, std::string_view sha256)
{
    return lower(host) + ":" + std::to_string(port) + "=" + lower(sha256);
}

std::vector<std::string> pinsFor(const std::vector<std::string>& pins, std::string_view host,
                                 std::uint16_t port)
{
    const std::string prefix = makePin(host, port, {});
    std::vector<std::string> result;
    for (const std::string& pin : pins) {
        const std::string form = lower(pin);
        if (form.starts_with(prefix) && form.size() == prefix.size() + 64)
            result.push_back(form.substr(prefix.size()));
    }
    return result;
}

} // namespace avocet
