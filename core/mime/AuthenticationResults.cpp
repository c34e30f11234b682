// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/AuthenticationResults.h"

#include "core/mime/Ascii.h"
#include "core/mime/DomainNames.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MessageReader.h"
#include "core/mime/ReceivedHop.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <array>

namespace avocet {
namespace {

using namespace mime;

constexpr std::size_t kHeader = 1 << 20;
constexpr std::size_t kLongestField = 16 << 10;
constexpr std::size_t kMostResults = 50;

struct Statement {
    std::vector<std::pair<std::string, std::string>>
        pairs; ///< name and value; of a lone word the value is empty
};

/// Cuts a field into its statements (RFC 8601 2.2). Comments go, quotes are taken off.
class StatementReader {
public:
    explicit StatementReader(std::string_view field)
        : m_field(field)
    {
    }

    std::vector<Statement> all()
    {
        std::vector<Statement> statements(1);
        while (m_at < m_field.size() && statements.size() <= kMostResults + 1) {
            skip();
            if (m_at == m_field.size())
                break;
            if (m_field[m_at] == ';') {
                ++m_at;
                statements.emplace_back();
                continue;
            }
            std::string name = word();
            skip();
            std::string value;
            if (m_at < m_field.size() && m_field[m_at] == '=') {
                ++m_at;
                skip();
                value = word();
            }
            statements.back().pairs.emplace_back(lowered(name), std::move(value));
        }
        return statements;
    }

private:
    void skip()
    {
        int depth = 0;
        for (; m_at < m_field.size(); ++m_at) {
            const char c = m_field[m_at];
            if (c == '(')
                ++depth;
            else if (c == ')' && depth > 0)
                --depth;
            else if (c == '\\' && depth > 0 && m_at + 1 < m_field.size())
                ++m_at;
            else if (depth == 0 && !isSpace(c))
                return;
        }
    }

    std::string word()
    {
        std::string result;
        if (m_at == m_field.size())
            return result;
        if (m_field[m_at] == '"') {
            for (++m_at; m_at < m_field.size() && m_field[m_at] != '"'; ++m_at) {
                if (m_field[m_at] == '\\' && m_at + 1 < m_field.size())
                    ++m_at;
                result += m_field[m_at];
            }
            m_at = std::min(m_at + 1, m_field.size());
            return result;
        }
        const std::size_t from = m_at;
        while (m_at < m_field.size() && !isSpace(m_field[m_at]) && m_field[m_at] != ';' &&
               m_field[m_at] != '=' && m_field[m_at] != '(' && m_field[m_at] != '"')
            ++m_at;
        // Whatever stands here is passed over.
        m_at += m_at == from && m_at < m_field.size() && m_field[m_at] != ';';
        return std::string(m_field.substr(from, m_at - from));
    }

    std::string_view m_field;
    std::size_t m_at = 0;
};

std::optional<AuthOutcome> outcomeOf(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, AuthOutcome>, 12> words{
        {{"none", AuthOutcome::None},
         {"pass", AuthOutcome::Pass},
         {"fail", AuthOutcome::Fail},
         {"hardfail", AuthOutcome::Fail},
         {"softfail", AuthOutcome::SoftFail},
         {"neutral", AuthOutcome::Neutral},
         {"policy", AuthOutcome::Policy},
         {"bestguesspass", AuthOutcome::Neutral},
         {"temperror", AuthOutcome::TempError},
         {"error", AuthOutcome::TempError},
         {"permerror", AuthOutcome::PermError},
         {"unknown", AuthOutcome::PermError}}};
    const auto found = std::find_if(words.begin(), words.end(), [&](const auto& row) {
        return equalsIgnoreCase(row.first, word);
    });
    return found == words.end() ? std::nullopt : std::optional(found->second);
}

std::optional<AuthResult> resultOf(const Statement& statement)
{
    if (statement.pairs.empty() || statement.pairs.front().second.empty())
        return std::nullopt;
    const auto& [method, word] = statement.pairs.front();
    const auto outcome = outcomeOf(word);
    if (!outcome)
        return std::nullopt;
    AuthResult result;
    result.method = cleanLine(decodeHeaderText(method.substr(0, method.find('/'))));
    result.outcome = *outcome;
    constexpr std::array<std::string_view, 6> domains{"header.d",      "header.i",  "header.from",
                                                      "smtp.mailfrom", "smtp.from", "smtp.helo"};
    for (const auto& [name, value] : statement.pairs) {
        if (name == "reason")
            result.reason = decodeHeaderText(value.substr(0, 500));
        if (!result.domain.empty() ||
            std::find(domains.begin(), domains.end(), name) == domains.end())
            continue;
        const std::string_view domain = domainOf(value);
        result.domain =
            lowered(decodeHeaderText(domain.empty() ? std::string_view(value) : domain));
    }
    return result;
}

std::vector<Statement> statementsOf(const HeaderField& field)
{
    return StatementReader(unfolded(field.value.substr(0, kLongestField))).all();
}

std::string serverOf(const std::vector<Statement>& statements)
{
    return statements.front().pairs.empty() ? std::string()
                                            : statements.front().pairs.front().first;
}

bool isResults(const HeaderField& field)
{
    return equalsIgnoreCase(field.name, "Authentication-Results");
}

std::vector<HeaderField> fieldsOf(std::string_view message)
{
    return headerFields(message.substr(0, kHeader), usesBareCr(message));
}

/// Where the receiving servers of a provider have another domain than its mailboxes.
struct Provider {
    std::string_view mailboxes, servers;
};
constexpr std::array providers = std::to_array<Provider>({{"fastmail.com", "messagingengine.com"},
                                                          {"gmail.com", "google.com"},
                                                          {"googlemail.com", "google.com"},
                                                          {"me.com", "icloud.com"},
                                                          {"office365.com", "outlook.com"},
                                                          {"zoho.com", "zohomail.com"},
                                                          {"zoho.eu", "zohomail.eu"}});

bool areOfOneProvider(std::string_view server, std::string_view host)
{
    return areRelatedDomains(server, host) ||
           std::any_of(providers.begin(), providers.end(), [&](const Provider& provider) {
               return areRelatedDomains(host, provider.mailboxes) &&
                      areRelatedDomains(server, provider.servers);
           });
}

/// These put a field on every message, below their own Received. A forged one can only stand further down.
bool alwaysAddsResults(std::string_view server)
{
    constexpr std::array<std::string_view, 6> known{"google.com",   "messagingengine.com",
                                                    "icloud.com",   "yahoo.com",
                                                    "zohomail.com", "zohomail.eu"};
    return std::any_of(known.begin(), known.end(), [&](std::string_view domain) {
        return server == domain || server.ends_with('.' + std::string(domain));
    });
}

/// Whether the field at `results` can only be the provider's that keeps the mailbox on `host`. Most servers add none, and
/// take out none that names them; a sender who writes one stands on top then. But whoever takes a message in puts a Received
/// above all that the sender wrote, so what stands above that one is the server's. Only hops within its own machines may
/// stand higher. (That a server added one to most messages before would tell as well, but whoever sends a few forged
/// messages could teach us that, so that it is known of some providers and learned of none.)
bool standsAboveTheDoor(const std::vector<HeaderField>& fields, std::size_t results,
                        std::string_view host)
{
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!equalsIgnoreCase(fields[i].name, "Received"))
            continue;
        const ReceivedHop hop = receivedHop(fields[i].value);
        if (hop.by != "localhost" && !areOfOneProvider(hop.by, host))
            return false;
        if (i > results)
            return true;
        if (!hop.isInside())
            return false;
    }
    return false;
}

/// Nobody forges a failure to do themselves harm, so that it counts wherever it stands.
void keepFailures(std::optional<Authentication>& found)
{
    std::erase_if(found->results, [](const AuthResult& result) {
        return result.outcome != AuthOutcome::Fail && result.outcome != AuthOutcome::SoftFail;
    });
    if (found->results.empty())
        found.reset();
}

/// `isProven`: told the place of the topmost field, whether it is the server's beyond doubt.
template <class IsOwn, class IsProven>
std::optional<Authentication> topmostResults(std::string_view message, const IsOwn& isOwn,
                                             const IsProven& isProven)
{
    std::optional<Authentication> found;
    bool proven = false;
    const std::vector<HeaderField> fields = fieldsOf(message);
    for (std::size_t at = 0; at < fields.size(); ++at) {
        const HeaderField& field = fields[at];
        if (found && equalsIgnoreCase(field.name, "Received"))
            break;
        if (!isResults(field))
            continue;
        const std::vector<Statement> statements = statementsOf(field);
        const std::string server = serverOf(statements);
        if (server.empty() || !isOwn(server))
            break;
        if (!found) {
            found = Authentication{decodeHeaderText(server), {}};
            proven = isProven(fields, at, server);
        }
        // A lower field says nothing of what a higher one has said already.
        const std::size_t above = found->results.size();
        for (std::size_t i = 1; i < statements.size(); ++i) {
            auto result = resultOf(statements[i]);
            const auto end = found->results.begin() + static_cast<std::ptrdiff_t>(above);
            if (result && found->results.size() < kMostResults &&
                std::none_of(found->results.begin(), end,
                             [&](const auto& r) { return r.method == result->method; }))
                found->results.push_back(std::move(*result));
        }
    }
    if (found && !proven)
        keepFailures(found);
    return found;
}

} // namespace

const AuthResult* Authentication::of(std::string_view method) const
{
    const AuthResult* best = nullptr;
    for (const AuthResult& result : results)
        if (result.method == method && (!best || result.outcome == AuthOutcome::Pass))
            best = best && best->outcome == AuthOutcome::Pass ? best : &result;
    return best;
}

std::optional<std::string> topAuthServer(std::string_view message)
{
    for (const HeaderField& field : fieldsOf(message))
        if (isResults(field)) {
            const std::string server = serverOf(statementsOf(field));
            return server.empty() ? std::nullopt : std::optional(decodeHeaderText(server));
        }
    return std::nullopt;
}

std::optional<Authentication> readAuthentication(std::string_view message, std::string_view server)
{
    const std::string wanted = lowered(server);
    return topmostResults(
        message, [&](const std::string& found) { return found == wanted; },
        [](const auto&, std::size_t, const std::string&) { return true; });
}

std::optional<Authentication> readOwnAuthentication(std::string_view message, std::string_view host)
{
    return topmostResults(
        message, [&](const std::string& found) { return areOfOneProvider(found, host); },
        [&](const std::vector<HeaderField>& fields, std::size_t at, const std::string& server) {
            return alwaysAddsResults(server) || standsAboveTheDoor(fields, at, host);
        });
}

} // namespace avocet
