// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that were made to exhaust their reader: B1-15 of tests/cases, for the test of the parser and the bench of the
// window.
#pragma once

#include <string>
#include <string_view>

namespace avocet::test {

inline constexpr std::size_t kMegabyte = 1 << 20;

inline std::string repeated(std::string_view text, std::size_t count)
{
    std::string result;
    result.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i)
        result += text;
    return result;
}

inline std::string filled(std::string_view text, std::size_t size)
{
    return repeated(text, size / text.size());
}

inline const std::string kStart = "From: a@example.org\nSubject: bomb\n";
inline const std::string kText = "\nafter the header\n";

inline std::string base64Part()
{
    return "Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: "
           "base64\n\n" +
           repeated("QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\n",
                    50 * kMegabyte / 48) +
           "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUI=\n";
}

inline std::string nestedMultiparts()
{
    std::string result = kStart;
    for (int i = 0; i < 10'000; ++i) {
        const std::string mark = "b" + std::to_string(i);
        result += "Content-Type: multipart/mixed; boundary=" + mark + "\n\n--" + mark + "\n";
    }
    return result + "\ninnermost\n";
}

/// B1 is 1.
inline std::string bomb(int number)
{
    const std::string html = kStart + "Content-Type: text/html\n\n";
    const std::string mixed = kStart + "Content-Type: multipart/mixed; boundary=b\n\n";
    switch (number) {
    case 1:
        return nestedMultiparts();
    case 2:
        return mixed + repeated("--b\n\nx\n", 1'000'000) + "--b--\n";
    case 3:
        return kStart + "X-Long: " + filled("a", kMegabyte) + "\n" + kText;
    case 4:
        return kStart + repeated("Content-Type: message/rfc822\n\n", 10'000) + "\ninnermost\n";
    case 5:
        return mixed + "--b\n" + base64Part() + "--b--\n";
    case 6:
        return kStart + "Content-Transfer-Encoding: base64\n\n" + filled("=", 50 * kMegabyte);
    case 7:
        return kStart + "Content-Transfer-Encoding: quoted-printable\n\n" +
               filled("=\n", 50 * kMegabyte);
    case 8:
        return kStart + repeated("X: y\n", 1'000'000) + kText;
    case 9:
        return kStart + "To: " + repeated("\"<(a@b.c,", 120'000) + "\n" + kText;
    case 10:
        return "Subject: " + repeated("=?utf-8?q?", 100'000) + "\n" + kText;
    case 11:
        return mixed + repeated("--b\nContent-Type: multipart/mixed; boundary=b\n\n", 100'000) +
               "--b\n\ninnermost\n";
    case 12:
        return html + filled("<ol><li><blockquote><table><td>", 20 * kMegabyte) + "innermost\n";
    case 13:
        return html + filled("<!--<a href=\"<script>&", 20 * kMegabyte) + "innermost\n";
    case 14:
        return kStart + "\n" + repeated("begin 644 a\n#86)C\n`\nend\n", 1'000'000) + "innermost\n";
    case 15:
        return kStart + repeated("Content-Type: message/rfc822\n\n", 99) + base64Part();
    default:
        return {};
    }
}

} // namespace avocet::test
