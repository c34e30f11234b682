// SPDX-License-Identifier: GPL-3.0-or-later
// What a mailing list or a newsletter says of itself: how to leave it, where to post (RFC 2369, 2919, 8058).
#pragma once

#include <string>
#include <string_view>

namespace avocet {

/// Addresses have been looked through: https, http or mailto, without control characters and white space. Empty: not said.
struct MailingList {
    std::string id;              ///< of List-Id, without <>
    std::string name;            ///< the words before it
    std::string post;            ///< mailto: address
    bool postingClosed = false;  ///< List-Post: NO
    std::string unsubscribeWeb;  ///< https, else http
    std::string unsubscribeMail; ///< mailto: address
    bool unsubscribesAtOnce =
        false; ///< one POST of "List-Unsubscribe=One-Click" to unsubscribeWeb, which is https, does it
    std::string archive;

    bool isList() const { return !id.empty() || !post.empty(); }
    bool canUnsubscribe() const { return !unsubscribeWeb.empty() || !unsubscribeMail.empty(); }
};

/// From the header of `message`; the topmost field of each name counts. Never throws.
MailingList readMailingList(std::string_view message);

} // namespace avocet
