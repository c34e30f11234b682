// SPDX-License-Identifier: GPL-3.0-or-later
// "value; name=value" fields: Content-Type and Content-Disposition with RFC 2231 parameters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace avocet::mime {

class ParameterizedValue {
public:
    /// `field`: unfolded, in whatever charset.
    explicit ParameterizedValue(std::string_view field);

    /// Lower case, without comments and white space.
    const std::string& value() const { return m_value; }
    /// As UTF-8, encoded words and RFC 2231 segments decoded; empty where absent.
    std::string text(std::string_view name) const;
    /// Byte for byte, for a boundary.
    std::string raw(std::string_view name) const;

private:
    struct Parameter {
        std::string name; ///< lower case, without its RFC 2231 marks
        std::string value;
        int section = -1; ///< of a continuation
        bool extended = false;
    };
    void addParameter(std::string_view name, std::string value);

    std::string m_value;
    std::vector<Parameter> m_parameters;
};

} // namespace avocet::mime
