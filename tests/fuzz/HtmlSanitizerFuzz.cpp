// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer target: whatever page comes, nothing that is not on the list comes out, and nothing is left to take away. Built
// and started by tests/fuzz/run.
#include "core/mime/HtmlSanitizer.h"
#include "core/mime/Utf8.h"
#include "tests/fuzz/Require.h"
#include "tests/support/HtmlOracle.h"

#include <cstdint>

using namespace avocet;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const HtmlPolicy policy = test::oraclePolicy();
    const auto once = sanitizeHtml(bytes, policy);
    if (!once)
        return 0;
    const std::string breach = test::HtmlOracle::breachIn(once->html);
    require(breach.empty(), "only what is on the list comes out", breach + "\n" + once->html);
    require(once->html.size() < 20 * size + 1'000, "a page does not explode", {});
    const auto twice = sanitizeHtml(once->html, policy);
    require(twice.has_value(), "what came out is taken again", once->html);
    require(once->html == twice->html, "what came out stays as it is",
            once->html + "\n" + twice->html);
    for (const HtmlLink& link : once->links)
        require(link.text.size() <= 500 &&
                    (!mime::isValidUtf8(bytes) || mime::isValidUtf8(link.text)),
                "a link's text is one short line", link.text);
    return 0;
}
