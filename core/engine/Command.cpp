// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/Command.h"

#include <QJsonArray>

#include <array>
#include <type_traits>

namespace avocet {

namespace {

/// Bytes that need not be UTF-8; base64 in JSON.
struct Bytes {
    std::string& value;
};

class JsonWriter;
class JsonReader;

// One description a type serves both directions, so that they cannot drift apart.

template <class A>
void describe(A& a, ServerSettings& v)
{
    a("security", v.security);
    a("host", v.host);
    a("port", v.port);
}

template <class A>
void describe(A& a, Account& v)
{
    a("id", v.id);
    a("fullName", v.fullName);
    a("email", v.email);
    a("user", v.user);
    a("imap", v.imap);
    a("smtp", v.smtp);
    a("caFile", v.caFile);
    a("pins", v.pins);
    a("secretPlace", v.secretPlace);
    a("enabled", v.enabled);
}

template <class A>
void describe(A& a, Identity& v)
{
    a("id", v.id);
    a("account", v.account);
    a("name", v.name);
    a("email", v.email);
    a("signature", v.signature);
    a("signatureHtml", v.signatureHtml);
    a("signatureAbove", v.signatureAbove);
    a("signatureDashes", v.signatureDashes);
    a("replyTo", v.replyTo);
    a("organisation", v.organisation);
    a("aliases", v.aliases);
    a("format", v.format);
}

template <class A>
void describe(A& a, Contact& v)
{
    a("id", v.id);
    a("address", v.address);
    a("name", v.name);
    a("organisation", v.organisation);
    a("source", v.source);
}

template <class A>
void describe(A& a, Template& v)
{
    a("id", v.id);
    a("name", v.name);
    a("subject", v.subject);
    a("text", v.text);
    a("html", v.html);
}

template <class A>
void describe(A& a, Address& v)
{
    a("name", v.name);
    a("address", v.address);
}

template <class A>
void describe(A& a, DraftAttachment& v)
{
    a("name", v.name);
    a("type", v.type);
    a("data", Bytes{v.data});
    a("contentId", v.contentId);
}

template <class A>
void describe(A& a, Draft& v)
{
    a("id", v.id);
    a("identity", v.identity);
    a("from", v.from);
    a("to", v.to);
    a("cc", v.cc);
    a("bcc", v.bcc);
    a("subject", v.subject);
    a("text", v.text);
    a("html", v.html);
    a("inReplyTo", v.inReplyTo);
    a("references", v.references);
    a("original", v.original);
    a("forwards", v.forwards);
    a("attachments", v.attachments);
    a("changed", v.changed);
    a("sendAt", v.sendAt);
    a("reportDelivery", v.reportDelivery);
    a("readReceipt", v.readReceipt);
}

template <class A>
void describe(A& a, SendingStyle& v)
{
    a("utcDate", v.utcDate);
    a("userAgent", v.userAgent);
}

template <class A>
void describe(A& a, Error& v)
{
    a("kind", v.kind);
    a("detail", v.detail);
    a("serverText", v.serverText);
    a("code", v.code);
    a("reply", v.reply);
}

template <class A>
void describe(A& a, command::AddAccount& v)
{
    a("account", v.account);
    a("password", v.password);
    a("verify", v.verify);
}

template <class A>
void describe(A& a, command::UpdateAccount& v)
{
    a("account", v.account);
    a("password", v.password);
    a("verify", v.verify);
}

template <class A>
void describe(A& a, command::RemoveAccount& v)
{
    a("account", v.account);
}

template <class A>
void describe(A& a, command::TestAccount& v)
{
    a("account", v.account);
}

template <class A>
void describe(A& a, command::TestSettings& v)
{
    a("account", v.account);
    a("password", v.password);
}

template <class A>
void describe(A& a, command::Sync& v)
{
    a("account", v.account);
    a("folder", v.folder);
    a("headersOnly", v.headersOnly);
}

template <class A>
void describe(A& a, command::ListMessages& v)
{
    a("folder", v.folder);
    a("account", v.account);
    a("limit", v.limit);
}

template <class A>
void describe(A& a, command::ShowMessage& v)
{
    a("message", v.message);
}

template <class A>
void describe(A& a, command::FetchBody& v)
{
    a("message", v.message);
}

template <class A>
void describe(A& a, command::FetchPreviews& v)
{
    a("folder", v.folder);
    a("messages", v.messages);
}

template <class A>
void describe(A& a, command::Search& v)
{
    a("query", v.query);
    a("account", v.account);
    a("folder", v.folder);
    a("limit", v.limit);
}

template <class A>
void describe(A& a, command::Mark& v)
{
    a("messages", v.messages);
    a("add", v.add);
    a("remove", v.remove);
    a("wait", v.wait);
}

template <class A>
void describe(A& a, command::Move& v)
{
    a("messages", v.messages);
    a("from", v.from);
    a("target", v.target);
    a("path", v.path);
    a("copy", v.copy);
    a("wait", v.wait);
}

template <class A>
void describe(A& a, command::Delete& v)
{
    a("messages", v.messages);
    a("from", v.from);
    a("forGood", v.forGood);
    a("holdSeconds", v.holdSeconds);
    a("wait", v.wait);
}

template <class A>
void describe(A& a, command::CancelDelete& v)
{
    a("messages", v.messages);
    a("from", v.from);
}

template <class A>
void describe(A& a, command::CreateFolder& v)
{
    a("account", v.account);
    a("path", v.path);
    a("wait", v.wait);
}

template <class A>
void describe(A& a, command::RenameFolder& v)
{
    a("folder", v.folder);
    a("account", v.account);
    a("name", v.name);
    a("path", v.path);
    a("wait", v.wait);
}

template <class A>
void describe(A& a, command::DeleteFolder& v)
{
    a("folder", v.folder);
    a("account", v.account);
    a("name", v.name);
    a("holdSeconds", v.holdSeconds);
    a("wait", v.wait);
}

template <class A>
void describe(A& a, command::SubscribeFolder& v)
{
    a("folder", v.folder);
    a("account", v.account);
    a("name", v.name);
    a("subscribed", v.subscribed);
    a("wait", v.wait);
}

template <class A>
void describe(A& a, command::SetFolderWindow& v)
{
    a("folder", v.folder);
    a("account", v.account);
    a("name", v.name);
    a("months", v.months);
}

template <class A>
void describe(A& a, command::SetBodyBudget& v)
{
    a("account", v.account);
    a("bytes", v.bytes);
}

template <class A>
void describe(A& a, command::TrustSender& v)
{
    a("pattern", v.pattern);
    a("trusted", v.trusted);
}

template <class A>
void describe(A& a, command::SaveIdentity& v)
{
    a("identity", v.identity);
}

template <class A>
void describe(A& a, command::SetIdentityFormat& v)
{
    a("identity", v.identity);
    a("format", v.format);
}

template <class A>
void describe(A& a, command::RemoveIdentity& v)
{
    a("identity", v.identity);
}

template <class A>
void describe(A& a, command::OrderIdentities& v)
{
    a("account", v.account);
    a("identities", v.identities);
}

template <class A>
void describe(A& a, command::AddContacts& v)
{
    a("source", v.source);
    a("contacts", v.contacts);
}

template <class A>
void describe(A& a, command::RememberAnswer& v)
{
    a("uid", v.answer.uid);
    a("occurrence", v.answer.occurrence);
    a("sequence", v.answer.sequence);
    a("answer", v.answer.answer);
}

template <class A>
void describe(A& a, command::RememberNotice& v)
{
    a("kind", v.answer.kind);
    a("key", v.answer.key);
    a("answer", v.answer.answer);
}

template <class A>
void describe(A& a, command::RemoveContacts& v)
{
    a("contacts", v.contacts);
}

template <class A>
void describe(A& a, command::HideSuggestion& v)
{
    a("address", v.address);
}

template <class A>
void describe(A& a, command::SaveTemplate& v)
{
    a("template", v.one);
}

template <class A>
void describe(A& a, command::RemoveTemplate& v)
{
    a("template", v.one);
}

template <class A>
void describe(A& a, command::SendRaw& v)
{
    a("message", Bytes{v.message});
    a("account", v.account);
    a("wait", v.wait);
    a("nullSender", v.nullSender);
    a("sendAt", v.sendAt);
}

template <class A>
void describe(A& a, command::SaveDraft& v)
{
    a("draft", v.draft);
}

template <class A>
void describe(A& a, command::FileDraft& v)
{
    a("draft", v.draft);
    a("wait", v.wait);
}

template <class A>
void describe(A& a, command::OpenDraft& v)
{
    a("message", v.message);
}

template <class A>
void describe(A& a, command::DiscardDraft& v)
{
    a("draft", v.draft);
}

template <class A>
void describe(A& a, command::SendDraft& v)
{
    a("draft", v.draft);
    a("sendAt", v.sendAt);
    a("undoSeconds", v.undoSeconds);
    a("style", v.style);
}

template <class A>
void describe(A& a, command::Redirect& v)
{
    a("message", Bytes{v.message});
    a("identity", v.identity);
    a("from", v.from);
    a("to", v.to);
    a("cc", v.cc);
    a("bcc", v.bcc);
    a("original", v.original);
    a("undoSeconds", v.undoSeconds);
    a("style", v.style);
}

template <class A>
void describe(A& a, command::RescheduleOutbox& v)
{
    a("item", v.item);
    a("sendAt", v.sendAt);
}

template <class A>
void describe(A& a, command::SetOutboxPolicy& v)
{
    a("paused", v.paused);
    a("overdue", v.overdue);
}

template <class A>
void describe(A& a, command::SyncFolderNow& v)
{
    a("folder", v.folder);
}

/// The outbox commands name one item and nothing else.
template <class A, class C>
requires requires(C& c)
{
    c.item;
}
void describe(A& a, C& v)
{
    a("item", v.item);
}

/// Commands without arguments.
template <class A, class C>
requires std::is_empty_v<C>
void describe(A&, C&) {}

class JsonWriter {
public:
    QJsonObject object;

    template <class T>
    void operator()(const char* name, const T& value)
    {
        object.insert(QLatin1String(name), toValue(value));
    }

    template <class T>
    static QJsonValue toValue(const T& value)
    {
        if constexpr (std::is_same_v<T, bool>) {
            return value;
        } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
            return static_cast<qint64>(value);
        } else if constexpr (std::is_same_v<T, std::string>) {
            return QString::fromStdString(value);
        } else if constexpr (std::is_same_v<T, Bytes>) {
            return QString::fromLatin1(QByteArray::fromStdString(value.value).toBase64());
        } else {
            JsonWriter nested;
            describe(nested, const_cast<T&>(value)); // describe() is shared with the reader
            return nested.object;
        }
    }

    template <class Tag>
    static QJsonValue toValue(const Id<Tag>& id)
    {
        return static_cast<qint64>(id.value);
    }

    template <class T>
    static QJsonValue toValue(const std::vector<T>& values)
    {
        QJsonArray array;
        for (const T& value : values)
            array.append(toValue(value));
        return array;
    }
};

class JsonReader {
public:
    explicit JsonReader(QJsonObject from)
        : object(std::move(from))
    {
    }
    QJsonObject object;

    template <class T>
    void operator()(const char* name, T&& value)
    {
        fromValue(object.value(QLatin1String(name)), value);
    }

    template <class T>
    static void fromValue(const QJsonValue& json, T& value)
    {
        if constexpr (std::is_same_v<T, bool>) {
            value = json.toBool(value);
        } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
            value = static_cast<T>(json.toInteger(static_cast<qint64>(value)));
        } else if constexpr (std::is_same_v<T, std::string>) {
            value = json.toString().toStdString();
        } else if constexpr (std::is_same_v<T, Bytes>) {
            value.value = QByteArray::fromBase64(json.toString().toLatin1()).toStdString();
        } else {
            JsonReader nested(json.toObject());
            describe(nested, value);
        }
    }

    template <class Tag>
    static void fromValue(const QJsonValue& json, Id<Tag>& id)
    {
        id.value = json.toInteger();
    }

    template <class T>
    static void fromValue(const QJsonValue& json, std::vector<T>& values)
    {
        const QJsonArray array = json.toArray();
        values.clear();
        values.reserve(static_cast<std::size_t>(array.size()));
        for (const QJsonValue& element : array) {
            T value{};
            fromValue(element, value);
            values.push_back(std::move(value));
        }
    }
};

/// In the order of the variant.
constexpr std::array<const char*, std::variant_size_v<Command>> commandNames{"addAccount",
                                                                             "updateAccount",
                                                                             "removeAccount",
                                                                             "testAccount",
                                                                             "testSettings",
                                                                             "listAccounts",
                                                                             "sync",
                                                                             "watch",
                                                                             "listFolders",
                                                                             "listMessages",
                                                                             "search",
                                                                             "showMessage",
                                                                             "fetchBody",
                                                                             "mark",
                                                                             "move",
                                                                             "delete",
                                                                             "createFolder",
                                                                             "renameFolder",
                                                                             "deleteFolder",
                                                                             "subscribeFolder",
                                                                             "setFolderWindow",
                                                                             "sendRaw",
                                                                             "saveDraft",
                                                                             "discardDraft",
                                                                             "sendDraft",
                                                                             "listOutbox",
                                                                             "retryOutbox",
                                                                             "cancelOutbox",
                                                                             "editOutbox",
                                                                             "checkUncertain",
                                                                             "settleUncertain",
                                                                             "syncFolderNow",
                                                                             "cancelDelete",
                                                                             "fetchPreviews",
                                                                             "fileDraft",
                                                                             "setBodyBudget",
                                                                             "trustSender",
                                                                             "saveIdentity",
                                                                             "removeIdentity",
                                                                             "orderIdentities",
                                                                             "addContacts",
                                                                             "removeContacts",
                                                                             "hideSuggestion",
                                                                             "rescheduleOutbox",
                                                                             "setOutboxPolicy",
                                                                             "openDraft",
                                                                             "rememberAnswer",
                                                                             "setIdentityFormat",
                                                                             "redirect",
                                                                             "saveTemplate",
                                                                             "removeTemplate",
                                                                             "listTemplates",
                                                                             "rememberNotice"};

template <std::size_t index = 0>
Result<Command> readCommand(std::string_view name, const QJsonObject& object)
{
    if constexpr (index == std::variant_size_v<Command>) {
        return fail(ErrorKind::Rejected, "unknown command " + std::string(name.substr(0, 100)),
                    ErrorCode::InvalidInput);
    } else {
        if (name != commandNames[index])
            return readCommand<index + 1>(name, object);
        std::variant_alternative_t<index, Command> command{};
        JsonReader reader(object);
        describe(reader, command);
        return Command(std::move(command));
    }
}

} // namespace

QJsonObject toJson(const Command& command)
{
    QJsonObject object =
        std::visit([](const auto& c) { return JsonWriter::toValue(c).toObject(); }, command);
    object.insert(QStringLiteral("command"), QLatin1String(commandNames[command.index()]));
    return object;
}

Result<Command> commandFromJson(const QJsonObject& object)
{
    return readCommand(object.value(QStringLiteral("command")).toString().toStdString(), object);
}

QJsonObject toJson(const Error& error)
{
    return JsonWriter::toValue(error).toObject();
}

Error errorFromJson(const QJsonObject& object)
{
    Error error;
    JsonReader::fromValue(object, error);
    return error;
}

} // namespace avocet
