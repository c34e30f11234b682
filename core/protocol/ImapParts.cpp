// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession: less than a message: one of its parts, or the server's preview.
#include "core/protocol/FetchParser.h"
#include "core/protocol/ImapSessionPrivate.h"

#include <algorithm>

namespace avocet {
namespace {

constexpr std::size_t maxSection = 500; // a hundred levels of numbers
constexpr std::uint64_t maxOffset = 0xFFFFFFFF;

bool isSection(std::string_view text)
{
    return text.size() <= maxSection && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '.';
           });
}

} // namespace

Status ImapSession::fetchSections(std::span<const std::uint32_t> uids,
                                  const SectionRequest& request,
                                  const std::function<void(std::uint32_t, std::string)>& deliver)
{
    if (!isSection(request.section) || request.offset > maxOffset || request.length > maxOffset)
        return fail(ErrorKind::Rejected, "no part that can be asked for", ErrorCode::InvalidInput);
    const bool partial = request.offset > 0 || request.length > 0;
    const std::uint64_t length = request.length > 0 ? request.length : ImapReader::maxBody;
    std::string item = " (UID BODY.PEEK[" + request.section + "]";
    if (partial)
        item.append("<")
            .append(std::to_string(request.offset))
            .append(".")
            .append(std::to_string(length))
            .append(">");
    ExpectedFetches expected(d->connection);
    for (const UidPiece& piece : uidPieces(uids)) {
        const auto take = [&](std::string_view untagged) -> Status {
            const auto items = fetchItemsOf(untagged);
            if (!items)
                return {};
            Envelope envelope;
            FetchContents contents;
            if (!parseFetch(*items, envelope, contents))
                return malformedFetch();
            if (!std::binary_search(piece.uids.begin(), piece.uids.end(), envelope.uid) ||
                !contents.section || !equalsNoCase(contents.sectionName, request.section)) {
                expected.sawUnexpected();
                return {};
            }
            std::string_view bytes = contents.sectionBytes;
            // Some servers send it all, without saying where it begins.
            const std::uint64_t skip = contents.sectionOrigin ? 0 : request.offset;
            if (contents.sectionOrigin.value_or(request.offset) != request.offset)
                return malformedFetch();
            bytes.remove_prefix(std::min<std::size_t>(bytes.size(), skip));
            deliver(envelope.uid, std::string(partial ? bytes.substr(0, length) : bytes));
            return {};
        };
        const auto status = d->connection.require(
            ImapCommand("UID FETCH " + piece.set + item + ")"), "FETCH", take);
        if (!status)
            return tl::unexpected(status.error());
    }
    return {};
}

Status ImapSession::fetchPreviews(std::span<const std::uint32_t> uids,
                                  const std::function<void(std::uint32_t, std::string)>& deliver)
{
    // The second is how Dovecot named it while RFC 8970 was a draft.
    const bool draft = !d->connection.has("PREVIEW") && d->connection.has("PREVIEW=FUZZY");
    if (!d->connection.has("PREVIEW") && !draft)
        return unsupported("PREVIEW");
    ExpectedFetches expected(d->connection);
    for (const UidPiece& piece : uidPieces(uids)) {
        const auto take = [&](std::string_view untagged) -> Status {
            const auto items = fetchItemsOf(untagged);
            if (!items)
                return {};
            Envelope envelope;
            FetchContents contents;
            if (!parseFetch(*items, envelope, contents))
                return malformedFetch();
            if (!contents.uid || !contents.previewed)
                expected.sawUnexpected();
            else if (!contents.preview.empty() &&
                     std::binary_search(piece.uids.begin(), piece.uids.end(), envelope.uid))
                deliver(envelope.uid, std::move(contents.preview));
            return {};
        };
        const auto status = d->connection.require(
            ImapCommand("UID FETCH " + piece.set +
                        (draft ? " (UID PREVIEW (FUZZY))" : " (UID PREVIEW)")),
            "FETCH", take);
        if (!status)
            return tl::unexpected(status.error());
    }
    return {};
}

} // namespace avocet
