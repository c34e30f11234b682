// SPDX-License-Identifier: GPL-3.0-or-later
// HTML of strangers made harmless before any engine sees it: what is not on our list does not come out.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// Where an HTML part wants a picture from.
struct HtmlPicture {
    enum class Place {
        Message, ///< `where` is a Content-ID without <> (RFC 2392)
        Data,    ///< `where` is a base64 data: address of a bitmap (RFC 2397)
        Remote,  ///< `where` is an http or https address
    };
    Place place = Place::Remote;
    std::string where;
    std::string
        tracker; ///< who probably counts readers with it: a company, else its host; empty: nobody
};

struct HtmlPolicy {
    /// The address to write for a picture; nothing leaves it out. It may not hold quotes, backslashes, '<' or line ends.
    std::function<std::optional<std::string>(const HtmlPicture&)> picture;
    /// Written before a link's number, in place of its address: "mail:link/" makes "mail:link/0" of the first.
    std::string linkPrefix;
    /// Markup of our own at the start of the head.
    std::string head;
};

struct HtmlLink {
    std::string
        target; ///< http, https, mailto, tel or ftp; without white space and control characters
    std::string text; ///< what the reader sees of it, one line, at most 500 bytes
};

struct SanitizedHtml {
    std::string html; ///< a whole document in UTF-8
    std::vector<HtmlLink> links;
    std::vector<HtmlPicture> remotePictures; ///< each address once, whatever the policy said
    bool darkRules = false;                  ///< has colours of its own for dark mode
};

/// Nothing where the page is larger than 8 MB or built to exhaust a reader (see HtmlNesting); its text is readable through
/// htmlToText. `html` is UTF-8. Takes linear time and never throws; any thread, a worker for large ones: 1 MB takes about 30 ms.
std::optional<SanitizedHtml> sanitizeHtml(std::string_view html, const HtmlPolicy& policy);

} // namespace avocet
