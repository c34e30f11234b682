// SPDX-License-Identifier: GPL-3.0-or-later
// Turns the bytes of a received message, however broken or hostile, into something to read.
// Ours, because vmime and GMime lose text, overflow the stack or take minutes on stress files.
#pragma once

#include "core/model/Message.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// One MIME part. Offsets are bytes into the whole message.
struct MimePart {
    std::string type;        ///< "text/plain", lower case
    std::string charset;     ///< declared, lower case, may be empty
    std::string encoding;    ///< Content-Transfer-Encoding, lower case, may be empty
    std::string name;        ///< decoded file name, control and bidi characters removed
    std::string disposition; ///< "inline", "attachment" or empty, lower case
    std::string contentId;   ///< without <>
    bool flowed = false;     ///< text/plain; format=flowed (RFC 3676)
    bool delSp = false;
    std::size_t headerStart = 0, bodyStart = 0, bodyEnd = 0;
    int parent = -1;           ///< index, -1 for the root
    std::vector<int> children; ///< indexes into ParsedMessage::parts
};

struct ParsedAttachment {
    int part = -1; ///< index into parts; -1: found in text (inline uuencode)
    std::string name;
    std::string type;
    std::int64_t size = 0; ///< decoded bytes
    std::string contentId;
    bool isInline = false;          ///< referred to by cid: or disposition inline
    std::size_t start = 0, end = 0; ///< where part is -1: the uuencoded block
    int file = -1;                  ///< of a part that is a winmail.dat: which of its files
};

/// A piece of what is shown. Each page is a document of its own: joined, an attacker's markup around a decrypted part
/// could send it away (EFAIL).
struct ShownPart {
    int part = 0;        ///< index into parts
    bool isHtml = false; ///< `content` is a page as it came, not to be shown before sanitizeHtml
    std::string content;
};

/// All text is valid UTF-8.
struct ParsedMessage {
    std::string subject;
    std::vector<Address> from, sender, replyTo, to, cc, bcc;
    std::optional<std::int64_t> date; ///< seconds since 1970, UTC
    int dateOffset = 0;               ///< minutes east of UTC as written
    std::string messageId, inReplyTo; ///< without <>
    std::vector<std::string> references;
    std::string text; ///< the readable plain text: text/plain parts to be shown, in order, \n ends
    /// Where there is HTML: all that is shown, in order, of alternatives the page; at most 101 pieces. Empty where text is
    /// all there is.
    std::vector<ShownPart> shown;
    std::vector<MimePart> parts; ///< parts[0] is the root
    std::vector<ParsedAttachment> attachments;
    std::vector<std::string> notes; ///< what was damaged and how it was read, for people
};

struct ReaderLimits {
    int depth = 100;
    int parts = 10'000;
    std::size_t headerBlock = 1 << 20;
    std::size_t addressField = 64 << 10;
};

/// Never throws, never recurses, linear in the size of `message`. What cannot be decoded is shown
/// raw with a note. Any thread.
ParsedMessage readMessage(std::string_view message, const ReaderLimits& limits = {});

/// The part that a cid: address in `from` means (RFC 2392): the nearest one in a multipart/related around it, else one in
/// the same message; -1 where there is none.
int partByContentId(const ParsedMessage& message, int from, std::string_view contentId);

/// Decoded content (transfer encoding removed) of a part; bytes, not charset-converted.
std::string decodedPart(std::string_view message, const MimePart& part);
/// The same for an attachment (also uuencoded ones, and files of a winmail.dat).
std::string decodedAttachment(std::string_view message, const ParsedMessage& parsed,
                              const ParsedAttachment& attachment);
/// Size of decodedPart's result without making it.
std::int64_t decodedPartSize(std::string_view message, const MimePart& part);
/// Text of a text/* part as UTF-8, charset as in the design.
std::string partText(std::string_view message, const MimePart& part);

/// Header helpers for envelopes: RFC 2047 with split multibyte words, raw 8-bit bytes guessed.
/// The result has no control characters.
std::string decodeHeaderText(std::string_view raw);
/// RFC 5322 address list, tolerant; decoded words are never parsed again as an address.
std::vector<Address> parseAddressList(std::string_view raw);
/// RFC 5322 date with the obsolete and broken forms seen in the wild.
std::optional<std::int64_t> parseMailDate(std::string_view raw, int* offsetMinutes = nullptr);
/// Message-IDs of a References, In-Reply-To or Message-ID field, without <>.
std::vector<std::string> parseMessageIds(std::string_view raw);
/// Raw (unfolded) body of the first field `name` (case-insensitive) of a header block; nullopt: absent.
std::optional<std::string> headerField(std::string_view block, std::string_view name);

/// Plain text of an HTML body for reading, quoting, previews and search (scripts, styles dropped;
/// links as "text <url>"; lists, quotes, line breaks kept). Bounded, never throws.
std::string htmlToText(std::string_view html);
/// The first `limit` characters of readable text on one line, quotes and signature left out.
std::string previewOf(const ParsedMessage& message, std::size_t limit = 200);

} // namespace avocet
