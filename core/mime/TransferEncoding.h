// SPDX-License-Identifier: GPL-3.0-or-later
// Content-Transfer-Encoding (RFC 2045 section 6): base64, quoted-printable and uuencode, damaged as
// they come. Linear, and nothing that still says something is thrown away.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace avocet::mime {

enum class TransferEncoding { Identity, Base64, QuotedPrintable, Uuencode, Unknown };

/// `name` in lower case; empty means none.
TransferEncoding transferEncoding(std::string_view name);

/// Bytes outside the alphabet are skipped, missing padding is no loss, padding in the middle
/// starts anew.
std::string decodeBase64(std::string_view bytes);
/// In lines of 76 characters with CRLF.
std::string encodeBase64(std::string_view bytes);
/// In lines of at most 76 characters; CRLF stays a line end, all else that is not printed is encoded.
std::string encodeQuotedPrintable(std::string_view text);
/// A "=" that is followed by anything but two hex digits or a line end stays as it is.
std::string decodeQuotedPrintable(std::string_view bytes);

/// "%41" becomes "A" (RFC 3986, 2231, 2392); a "%" that is followed by anything but two hex digits stays.
std::string percentDecoded(std::string_view text);

std::string decodeTransfer(TransferEncoding encoding, std::string_view bytes);
/// Size of decodeTransfer's result without making it.
std::size_t decodedSize(TransferEncoding encoding, std::string_view bytes);

/// Where base64 that holds text ends and plain lines begin, such as a mailing list's footer; 0
/// where it never was base64; `bytes.size()` where all of it is.
std::size_t base64End(std::string_view bytes);

} // namespace avocet::mime
