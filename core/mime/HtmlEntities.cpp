// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/HtmlEntities.h"

#include "core/mime/Ascii.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <array>

namespace avocet::mime {
namespace {

struct Entity {
    std::string_view name;
    std::uint32_t codePoint;
};

// clang-format off
// Sorted by name (bytes) for the binary search.
constexpr std::array<Entity, 363> kEntities{{
    Entity{"AElig", 0xC6}, Entity{"AMP", 0x26}, Entity{"Aacute", 0xC1}, Entity{"Abreve", 0x102},
    Entity{"Acirc", 0xC2}, Entity{"Agrave", 0xC0}, Entity{"Alpha", 0x391},
    Entity{"Amacr", 0x100}, Entity{"Aogon", 0x104}, Entity{"Aring", 0xC5},
    Entity{"Atilde", 0xC3}, Entity{"Auml", 0xC4}, Entity{"Beta", 0x392}, Entity{"COPY", 0xA9},
    Entity{"Cacute", 0x106}, Entity{"Ccaron", 0x10C}, Entity{"Ccedil", 0xC7},
    Entity{"Chi", 0x3A7}, Entity{"Dagger", 0x2021}, Entity{"Delta", 0x394},
    Entity{"Dstrok", 0x110}, Entity{"ETH", 0xD0}, Entity{"Eacute", 0xC9},
    Entity{"Ecaron", 0x11A}, Entity{"Ecirc", 0xCA}, Entity{"Egrave", 0xC8},
    Entity{"Emacr", 0x112}, Entity{"Eogon", 0x118}, Entity{"Epsilon", 0x395},
    Entity{"Eta", 0x397}, Entity{"Euml", 0xCB}, Entity{"GT", 0x3E}, Entity{"Gamma", 0x393},
    Entity{"Gbreve", 0x11E}, Entity{"Iacute", 0xCD}, Entity{"Icirc", 0xCE},
    Entity{"Idot", 0x130}, Entity{"Igrave", 0xCC}, Entity{"Imacr", 0x12A}, Entity{"Iota", 0x399},
    Entity{"Iuml", 0xCF}, Entity{"Kappa", 0x39A}, Entity{"LT", 0x3C}, Entity{"Lambda", 0x39B},
    Entity{"Lstrok", 0x141}, Entity{"Mu", 0x39C}, Entity{"Nacute", 0x143},
    Entity{"NewLine", 0xA}, Entity{"NoBreak", 0x2060}, Entity{"Ntilde", 0xD1},
    Entity{"Nu", 0x39D}, Entity{"OElig", 0x152}, Entity{"Oacute", 0xD3}, Entity{"Ocirc", 0xD4},
    Entity{"Odblac", 0x150}, Entity{"Ograve", 0xD2}, Entity{"Omega", 0x3A9},
    Entity{"Omicron", 0x39F}, Entity{"Oslash", 0xD8}, Entity{"Otilde", 0xD5},
    Entity{"Ouml", 0xD6}, Entity{"Phi", 0x3A6}, Entity{"Pi", 0x3A0}, Entity{"Prime", 0x2033},
    Entity{"Psi", 0x3A8}, Entity{"QUOT", 0x22}, Entity{"REG", 0xAE}, Entity{"Rcaron", 0x158},
    Entity{"Rho", 0x3A1}, Entity{"Sacute", 0x15A}, Entity{"Scaron", 0x160},
    Entity{"Scedil", 0x15E}, Entity{"Sigma", 0x3A3}, Entity{"THORN", 0xDE},
    Entity{"TRADE", 0x2122}, Entity{"Tab", 0x9}, Entity{"Tau", 0x3A4}, Entity{"Tcedil", 0x162},
    Entity{"Theta", 0x398}, Entity{"Uacute", 0xDA}, Entity{"Ucirc", 0xDB},
    Entity{"Udblac", 0x170}, Entity{"Ugrave", 0xD9}, Entity{"Umacr", 0x16A},
    Entity{"Upsilon", 0x3A5}, Entity{"Uring", 0x16E}, Entity{"Uuml", 0xDC}, Entity{"Xi", 0x39E},
    Entity{"Yacute", 0xDD}, Entity{"Yuml", 0x178}, Entity{"Zacute", 0x179},
    Entity{"Zcaron", 0x17D}, Entity{"Zdot", 0x17B}, Entity{"ZeroWidthSpace", 0x200B},
    Entity{"Zeta", 0x396}, Entity{"aacute", 0xE1}, Entity{"abreve", 0x103},
    Entity{"acirc", 0xE2}, Entity{"acute", 0xB4}, Entity{"aelig", 0xE6}, Entity{"agrave", 0xE0},
    Entity{"alefsym", 0x2135}, Entity{"alpha", 0x3B1}, Entity{"amacr", 0x101},
    Entity{"amp", 0x26}, Entity{"and", 0x2227}, Entity{"ang", 0x2220}, Entity{"aogon", 0x105},
    Entity{"apos", 0x27}, Entity{"aring", 0xE5}, Entity{"ast", 0x2A}, Entity{"asymp", 0x2248},
    Entity{"atilde", 0xE3}, Entity{"auml", 0xE4}, Entity{"bdquo", 0x201E}, Entity{"beta", 0x3B2},
    Entity{"bigstar", 0x2605}, Entity{"breve", 0x2D8}, Entity{"brvbar", 0xA6},
    Entity{"bsol", 0x5C}, Entity{"bull", 0x2022}, Entity{"cacute", 0x107}, Entity{"cap", 0x2229},
    Entity{"caron", 0x2C7}, Entity{"ccaron", 0x10D}, Entity{"ccedil", 0xE7},
    Entity{"cedil", 0xB8}, Entity{"cent", 0xA2}, Entity{"check", 0x2713}, Entity{"chi", 0x3C7},
    Entity{"circ", 0x2C6}, Entity{"clubs", 0x2663}, Entity{"colon", 0x3A}, Entity{"comma", 0x2C},
    Entity{"commat", 0x40}, Entity{"cong", 0x2245}, Entity{"copy", 0xA9},
    Entity{"copysr", 0x2117}, Entity{"crarr", 0x21B5}, Entity{"cross", 0x2717},
    Entity{"cup", 0x222A}, Entity{"curren", 0xA4}, Entity{"dArr", 0x21D3},
    Entity{"dagger", 0x2020}, Entity{"darr", 0x2193}, Entity{"dash", 0x2010},
    Entity{"deg", 0xB0}, Entity{"delta", 0x3B4}, Entity{"diams", 0x2666}, Entity{"divide", 0xF7},
    Entity{"dollar", 0x24}, Entity{"dstrok", 0x111}, Entity{"eacute", 0xE9},
    Entity{"ecaron", 0x11B}, Entity{"ecirc", 0xEA}, Entity{"egrave", 0xE8},
    Entity{"emacr", 0x113}, Entity{"empty", 0x2205}, Entity{"emsp", 0x2003},
    Entity{"ensp", 0x2002}, Entity{"eogon", 0x119}, Entity{"epsilon", 0x3B5},
    Entity{"equals", 0x3D}, Entity{"equiv", 0x2261}, Entity{"eta", 0x3B7}, Entity{"eth", 0xF0},
    Entity{"euml", 0xEB}, Entity{"euro", 0x20AC}, Entity{"excl", 0x21}, Entity{"exist", 0x2203},
    Entity{"fnof", 0x192}, Entity{"forall", 0x2200}, Entity{"frac12", 0xBD},
    Entity{"frac13", 0x2153}, Entity{"frac14", 0xBC}, Entity{"frac15", 0x2155},
    Entity{"frac18", 0x215B}, Entity{"frac23", 0x2154}, Entity{"frac34", 0xBE},
    Entity{"frasl", 0x2044}, Entity{"gamma", 0x3B3}, Entity{"gbreve", 0x11F},
    Entity{"ge", 0x2265}, Entity{"grave", 0x60}, Entity{"gt", 0x3E}, Entity{"hArr", 0x21D4},
    Entity{"hairsp", 0x200A}, Entity{"half", 0xBD}, Entity{"harr", 0x2194},
    Entity{"hearts", 0x2665}, Entity{"hellip", 0x2026}, Entity{"horbar", 0x2015},
    Entity{"hyphen", 0x2010}, Entity{"iacute", 0xED}, Entity{"icirc", 0xEE},
    Entity{"iexcl", 0xA1}, Entity{"igrave", 0xEC}, Entity{"imacr", 0x12B},
    Entity{"image", 0x2111}, Entity{"imath", 0x131}, Entity{"infin", 0x221E},
    Entity{"int", 0x222B}, Entity{"iota", 0x3B9}, Entity{"iquest", 0xBF}, Entity{"isin", 0x2208},
    Entity{"iuml", 0xEF}, Entity{"kappa", 0x3BA}, Entity{"lArr", 0x21D0},
    Entity{"lambda", 0x3BB}, Entity{"lang", 0x2329}, Entity{"laquo", 0xAB},
    Entity{"larr", 0x2190}, Entity{"lbrace", 0x7B}, Entity{"lbrack", 0x5B},
    Entity{"lceil", 0x2308}, Entity{"lcub", 0x7B}, Entity{"ldquo", 0x201C}, Entity{"le", 0x2264},
    Entity{"lfloor", 0x230A}, Entity{"lowast", 0x2217}, Entity{"lowbar", 0x5F},
    Entity{"loz", 0x25CA}, Entity{"lpar", 0x28}, Entity{"lrm", 0x200E}, Entity{"lsaquo", 0x2039},
    Entity{"lsqb", 0x5B}, Entity{"lsquo", 0x2018}, Entity{"lstrok", 0x142}, Entity{"lt", 0x3C},
    Entity{"macr", 0xAF}, Entity{"mdash", 0x2014}, Entity{"micro", 0xB5}, Entity{"middot", 0xB7},
    Entity{"minus", 0x2212}, Entity{"mu", 0x3BC}, Entity{"nabla", 0x2207},
    Entity{"nacute", 0x144}, Entity{"nbsp", 0xA0}, Entity{"ndash", 0x2013}, Entity{"ne", 0x2260},
    Entity{"ni", 0x220B}, Entity{"not", 0xAC}, Entity{"notin", 0x2209}, Entity{"nsub", 0x2284},
    Entity{"ntilde", 0xF1}, Entity{"nu", 0x3BD}, Entity{"num", 0x23}, Entity{"numsp", 0x2007},
    Entity{"oacute", 0xF3}, Entity{"ocirc", 0xF4}, Entity{"odblac", 0x151},
    Entity{"oelig", 0x153}, Entity{"ograve", 0xF2}, Entity{"oline", 0x203E},
    Entity{"omega", 0x3C9}, Entity{"omicron", 0x3BF}, Entity{"oplus", 0x2295},
    Entity{"or", 0x2228}, Entity{"ordf", 0xAA}, Entity{"ordm", 0xBA}, Entity{"oslash", 0xF8},
    Entity{"otilde", 0xF5}, Entity{"otimes", 0x2297}, Entity{"ouml", 0xF6}, Entity{"para", 0xB6},
    Entity{"part", 0x2202}, Entity{"percnt", 0x25}, Entity{"period", 0x2E},
    Entity{"permil", 0x2030}, Entity{"perp", 0x22A5}, Entity{"phi", 0x3C6},
    Entity{"phone", 0x260E}, Entity{"pi", 0x3C0}, Entity{"piv", 0x3D6}, Entity{"plus", 0x2B},
    Entity{"plusmn", 0xB1}, Entity{"pound", 0xA3}, Entity{"prime", 0x2032},
    Entity{"prod", 0x220F}, Entity{"prop", 0x221D}, Entity{"psi", 0x3C8},
    Entity{"puncsp", 0x2008}, Entity{"quest", 0x3F}, Entity{"quot", 0x22},
    Entity{"rArr", 0x21D2}, Entity{"radic", 0x221A}, Entity{"rang", 0x232A},
    Entity{"raquo", 0xBB}, Entity{"rarr", 0x2192}, Entity{"rbrace", 0x7D},
    Entity{"rbrack", 0x5D}, Entity{"rcaron", 0x159}, Entity{"rceil", 0x2309},
    Entity{"rcub", 0x7D}, Entity{"rdquo", 0x201D}, Entity{"real", 0x211C}, Entity{"reg", 0xAE},
    Entity{"rfloor", 0x230B}, Entity{"rho", 0x3C1}, Entity{"rlm", 0x200F}, Entity{"rpar", 0x29},
    Entity{"rsaquo", 0x203A}, Entity{"rsqb", 0x5D}, Entity{"rsquo", 0x2019},
    Entity{"sacute", 0x15B}, Entity{"sbquo", 0x201A}, Entity{"scaron", 0x161},
    Entity{"scedil", 0x15F}, Entity{"sdot", 0x22C5}, Entity{"sect", 0xA7}, Entity{"semi", 0x3B},
    Entity{"shy", 0xAD}, Entity{"sigma", 0x3C3}, Entity{"sigmaf", 0x3C2}, Entity{"sim", 0x223C},
    Entity{"sol", 0x2F}, Entity{"spades", 0x2660}, Entity{"star", 0x2606},
    Entity{"starf", 0x2605}, Entity{"sub", 0x2282}, Entity{"sube", 0x2286},
    Entity{"sum", 0x2211}, Entity{"sup", 0x2283}, Entity{"sup1", 0xB9}, Entity{"sup2", 0xB2},
    Entity{"sup3", 0xB3}, Entity{"supe", 0x2287}, Entity{"szlig", 0xDF}, Entity{"tau", 0x3C4},
    Entity{"tcedil", 0x163}, Entity{"there4", 0x2234}, Entity{"theta", 0x3B8},
    Entity{"thetasym", 0x3D1}, Entity{"thinsp", 0x2009}, Entity{"thorn", 0xFE},
    Entity{"tilde", 0x2DC}, Entity{"times", 0xD7}, Entity{"trade", 0x2122},
    Entity{"uArr", 0x21D1}, Entity{"uacute", 0xFA}, Entity{"uarr", 0x2191},
    Entity{"ucirc", 0xFB}, Entity{"udblac", 0x171}, Entity{"ugrave", 0xF9},
    Entity{"umacr", 0x16B}, Entity{"uml", 0xA8}, Entity{"upsih", 0x3D2},
    Entity{"upsilon", 0x3C5}, Entity{"uring", 0x16F}, Entity{"uuml", 0xFC},
    Entity{"verbar", 0x7C}, Entity{"vert", 0x7C}, Entity{"weierp", 0x2118}, Entity{"xi", 0x3BE},
    Entity{"yacute", 0xFD}, Entity{"yen", 0xA5}, Entity{"yuml", 0xFF}, Entity{"zacute", 0x17A},
    Entity{"zcaron", 0x17E}, Entity{"zdot", 0x17C}, Entity{"zeta", 0x3B6}, Entity{"zwj", 0x200D},
    Entity{"zwnj", 0x200C}}};
// clang-format on

// Numeric references to 0x80..0x9F mean windows-1252 (HTML 5, 13.2.5.80).
constexpr std::array<std::uint32_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

std::size_t appendNumeric(std::string_view html, std::size_t pos, std::string& out)
{
    std::size_t i = pos + 2;
    const bool hex = i < html.size() && lower(html[i]) == 'x';
    i += hex ? 1 : 0;
    const std::size_t digits = i;
    std::uint32_t value = 0;
    for (; i < html.size(); ++i) {
        const int digit = hex ? hexValue(html[i]) : isDigit(html[i]) ? html[i] - '0' : -1;
        if (digit < 0)
            break;
        if (value < 0x110000)
            value = value * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
    }
    if (i == digits)
        return 0;
    if (value >= 0x80 && value < 0xA0)
        value = kWindows1252[value - 0x80];
    appendCodePoint(out, value == 0 ? 0xFFFD : value);
    return i - pos + (i < html.size() && html[i] == ';' ? 1 : 0);
}

} // namespace

std::size_t appendEntity(std::string_view html, std::size_t pos, std::string& out)
{
    if (pos + 1 < html.size() && html[pos + 1] == '#')
        return appendNumeric(html, pos, out);
    if (pos + 1 >= html.size() || !isAlpha(html[pos + 1]))
        return 0;
    constexpr std::size_t longest = 16;
    std::size_t end = pos + 1;
    while (end < html.size() && end - pos <= longest && (isAlpha(html[end]) || isDigit(html[end])))
        ++end;
    const std::string_view name = html.substr(pos + 1, end - pos - 1);
    const auto entity =
        std::lower_bound(kEntities.begin(), kEntities.end(), name,
                         [](const Entity& e, std::string_view wanted) { return e.name < wanted; });
    if (entity == kEntities.end() || entity->name != name)
        return 0;
    const bool ended = end < html.size() && html[end] == ';';
    // Without ";" only the oldest ones, or "&section=" in an address would change.
    if (!ended && entity->codePoint > 0xFF)
        return 0;
    appendCodePoint(out, entity->codePoint);
    return end - pos + (ended ? 1 : 0);
}

} // namespace avocet::mime
