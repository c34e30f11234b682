// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/MessageInsight.h"

#include "core/engine/SenderHistory.h"
#include "core/mime/Ascii.h"

#include <algorithm>

namespace avocet {

namespace {

MessageInsight readHeader(const std::string& raw, const ParsedMessage& parsed)
{
    MessageInsight insight;
    insight.list = readMailingList(raw);
    insight.delivery = readDeliveryReport(raw, parsed);
    insight.receipt = readReadReceipt(raw, parsed);
    insight.receiptWish = receiptRequest(raw, parsed);
    return insight;
}

/// The IMAP server that the message lies on; empty where that cannot be told.
std::string mailHost(Stores& stores, MessageId message)
{
    const auto row = stores.messages.row(message);
    if (!row)
        return {};
    const auto folder = stores.folders.find(row->folder);
    if (!folder)
        return {};
    const auto account = stores.accounts.find(folder->account);
    return account ? account->imap.host : std::string();
}

bool knowsAllMail(Stores& stores)
{
    const auto coverage = stores.search.coverage();
    return coverage && coverage->whole + coverage->headersOnly >= coverage->total;
}

} // namespace

MessageInsight insightInto(Stores& stores, MessageId message, const std::string& raw,
                           const ParsedMessage& parsed)
{
    MessageInsight insight = readHeader(raw, parsed);
    if (const std::string host = mailHost(stores, message); !host.empty())
        insight.authentication = readOwnAuthentication(raw, host);
    KnownPeople known;
    std::vector<std::string> own;
    for (const Identity& identity : stores.accounts.identities().value_or(std::vector<Identity>()))
        own.push_back(mime::lowered(identity.email));
    const auto isOwn = [&](std::string_view address) {
        return std::find(own.begin(), own.end(), address) != own.end();
    };
    const auto noteDomain = [&](const std::string& address) {
        if (const std::size_t at = address.rfind('@'); at != std::string::npos)
            known.domains.push_back(address.substr(at + 1));
    };
    for (const std::string& address : own)
        noteDomain(address);
    for (const std::string& pattern : stores.trust.all().value_or(std::vector<std::string>()))
        noteDomain(pattern);
    insight.own = !parsed.from.empty() && isOwn(mime::lowered(parsed.from.front().address));
    if (insight.own) {
        insight.receiptWish.reset();
        return insight;
    }
    // Before all mail is indexed everybody would be new, and newsletters come from new senders every day.
    const bool newsletter = insight.list.isList() || insight.list.canUnsubscribe();
    if (!newsletter && knowsAllMail(stores))
        known.isKnown = [&](std::string_view address) {
            return isOwn(address) ||
                   isKnownSender(stores, std::string(address), message).value_or(true);
        };
    insight.doubts = checkSender(parsed, known, insight.list.isList());
    return insight;
}

MessageInsight insightInto(const std::string& raw, const ParsedMessage& parsed)
{
    MessageInsight insight = readHeader(raw, parsed);
    insight.doubts = checkSender(parsed, {}, insight.list.isList());
    insight.receiptWish.reset(); // whose receipt it would be cannot be told
    return insight;
}

} // namespace avocet
