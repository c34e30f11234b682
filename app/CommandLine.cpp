// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/CommandLine.h"

#include "app/ComposeRequest.h"
#include "ui/words/SendTime.h"

#include <QCommandLineParser>
#include <QStandardPaths>
#include <QUrl>

#include <functional>
#include <map>

namespace avocet {

using namespace Qt::StringLiterals;

namespace {

/// One subcommand's words, checked against what it may have.
class Words {
public:
    Words(const QStringList& arguments, const QStringList& flags, const QStringList& values)
    {
        m_parser.setSingleDashWordOptionMode(QCommandLineParser::ParseAsLongOptions);
        for (const QString& flag : flags)
            m_parser.addOption(QCommandLineOption(flag));
        for (const QString& value : values)
            m_parser.addOption(QCommandLineOption(value, {}, value));
        if (!m_parser.parse(QStringList{u"avocet"_qs} + arguments))
            m_problem = m_parser.errorText();
    }

    bool has(const QString& option) const { return m_parser.isSet(option); }
    QString value(const QString& option) const { return m_parser.value(option); }
    QStringList values(const QString& option) const { return m_parser.values(option); }
    QStringList names() const { return m_parser.positionalArguments(); }
    const QString& problem() const { return m_problem; }
    void fail(const QString& problem)
    {
        if (m_problem.isEmpty())
            m_problem = problem;
    }

    qint64 number(const QString& text)
    {
        bool ok = false;
        const qint64 value = text.toLongLong(&ok);
        if (!ok || value <= 0)
            fail(u"not an id: %1"_qs.arg(text));
        return value;
    }

    void takeNames(qsizetype least, qsizetype most)
    {
        if (names().size() < least)
            fail(u"something is missing"_qs);
        else if (names().size() > most)
            fail(u"too many arguments: %1"_qs.arg(names().at(most)));
    }

private:
    QCommandLineParser m_parser;
    QString m_problem;
};

void takeAccount(Words& words, AccountId& account)
{
    if (words.has(u"account"_qs))
        account.value = words.number(words.value(u"account"_qs));
}

void parseAccountAdd(Invocation& out, Words& words)
{
    words.takeNames(1, 1);
    command::AddAccount add;
    add.account.fullName = words.value(u"name"_qs).toStdString();
    add.account.email = words.value(u"email"_qs).toStdString();
    add.account.user =
        words.has(u"user"_qs) ? words.value(u"user"_qs).toStdString() : add.account.email;
    add.verify = !words.has(u"no-verify-login"_qs);
    if (add.account.email.empty())
        words.fail(u"--email is missing"_qs);
    const auto server = [&](const QString& protocol, ServerSettings& settings) {
        const auto parsed = parseServerUrl(words.value(protocol), protocol);
        if (parsed)
            settings = *parsed;
        else
            words.fail(QString::fromStdString(parsed.error().detail));
    };
    server(u"imap"_qs, add.account.imap);
    server(u"smtp"_qs, add.account.smtp);
    if (words.has(u"ca-file"_qs)) {
        std::error_code error;
        const auto path =
            std::filesystem::canonical(words.value(u"ca-file"_qs).toStdString(), error);
        if (error)
            words.fail(u"cannot read %1"_qs.arg(words.value(u"ca-file"_qs)));
        add.account.caFile = path.string();
    }
    out.input = words.has(u"password-stdin"_qs) ? Invocation::Input::PasswordLine
                                                : Invocation::Input::PasswordPrompt;
    out.command = add;
}

/// Megabytes into bytes.
std::int64_t parseBudget(Words& words, const QString& text)
{
    if (text == u"all")
        return -1;
    bool ok = false;
    const uint megabytes = text.toUInt(&ok);
    if (!ok)
        words.fail(u"neither all nor a number of megabytes: %1"_qs.arg(text));
    return std::int64_t{megabytes} << 20;
}

void parseAccount(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"json"_qs, u"password-stdin"_qs, u"no-verify-login"_qs},
                {u"name"_qs, u"email"_qs, u"imap"_qs, u"smtp"_qs, u"user"_qs, u"ca-file"_qs});
    const QString action = words.names().value(0);
    out.json = words.has(u"json"_qs);
    if (action == u"add") {
        parseAccountAdd(out, words);
    } else if (action == u"list") {
        words.takeNames(1, 1);
        out.command = command::ListAccounts{};
    } else if (action == u"remove" || action == u"test") {
        words.takeNames(2, 2);
        const AccountId id{words.number(words.names().value(1))};
        if (action == u"remove")
            out.command = command::RemoveAccount{id};
        else
            out.command = command::TestAccount{id};
    } else if (action == u"metered") {
        words.takeNames(3, 3);
        const AccountId id{words.number(words.names().value(1))};
        out.command = command::SetBodyBudget{id, parseBudget(words, words.names().value(2))};
    } else {
        words.fail(u"account takes add, list, remove, test or metered"_qs);
    }
    out.problem = words.problem();
}

void parseSync(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"json"_qs, u"headers-only"_qs}, {u"account"_qs, u"folder"_qs});
    words.takeNames(0, 0);
    command::Sync sync;
    takeAccount(words, sync.account);
    sync.folder = words.value(u"folder"_qs).toStdString();
    sync.headersOnly = words.has(u"headers-only"_qs);
    out.command = sync;
    out.json = words.has(u"json"_qs);
    out.problem = words.problem();
}

template <class C>
void parsePlain(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"json"_qs}, {});
    words.takeNames(0, 0);
    out.command = C{};
    out.json = words.has(u"json"_qs);
    out.problem = words.problem();
}

void parseList(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"json"_qs}, {u"folder"_qs, u"limit"_qs, u"account"_qs});
    words.takeNames(0, 0);
    command::ListMessages list;
    list.folder = words.value(u"folder"_qs).toStdString();
    if (list.folder.empty())
        words.fail(u"--folder is missing"_qs);
    if (words.has(u"limit"_qs))
        list.limit = static_cast<int>(words.number(words.value(u"limit"_qs)));
    takeAccount(words, list.account);
    out.command = list;
    out.json = words.has(u"json"_qs);
    out.problem = words.problem();
}

void parseSearch(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"json"_qs}, {u"folder"_qs, u"limit"_qs, u"account"_qs});
    words.takeNames(1, 1000);
    command::Search search;
    search.query = words.names().join(u' ').toStdString();
    search.folder = words.value(u"folder"_qs).toStdString();
    if (words.has(u"limit"_qs))
        search.limit = static_cast<int>(words.number(words.value(u"limit"_qs)));
    takeAccount(words, search.account);
    out.command = search;
    out.json = words.has(u"json"_qs);
    out.problem = words.problem();
}

void parseShow(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"json"_qs, u"text"_qs, u"raw"_qs}, {});
    words.takeNames(1, 1);
    if (words.has(u"json"_qs) + words.has(u"text"_qs) + words.has(u"raw"_qs) > 1)
        words.fail(u"only one of --json, --text and --raw"_qs);
    out.json = words.has(u"json"_qs);
    if (out.json)
        out.showAs = Invocation::ShowAs::Json;
    else if (words.has(u"raw"_qs))
        out.showAs = Invocation::ShowAs::Raw;
    out.command = command::ShowMessage{MessageId{words.number(words.names().value(0))}};
    out.problem = words.problem();
}

void takeMessages(Words& words, std::vector<MessageId>& messages)
{
    words.takeNames(1, 100'000);
    for (const QString& id : words.names())
        messages.push_back(MessageId{words.number(id)});
}

void parseMark(Invocation& out, const QStringList& arguments)
{
    Words words(arguments,
                {u"read"_qs, u"unread"_qs, u"star"_qs, u"unstar"_qs, u"wait"_qs, u"json"_qs}, {});
    command::Mark mark;
    takeMessages(words, mark.messages);
    mark.wait = words.has(u"wait"_qs);
    if (words.has(u"read"_qs))
        mark.add |= Flag::Seen;
    if (words.has(u"unread"_qs))
        mark.remove |= Flag::Seen;
    if (words.has(u"star"_qs))
        mark.add |= Flag::Flagged;
    if (words.has(u"unstar"_qs))
        mark.remove |= Flag::Flagged;
    if (mark.add == 0 && mark.remove == 0)
        words.fail(u"mark takes --read, --unread, --star or --unstar"_qs);
    if (mark.add & mark.remove)
        words.fail(u"these marks contradict each other"_qs);
    out.command = mark;
    out.json = words.has(u"json"_qs);
    out.problem = words.problem();
}

void parseMove(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"wait"_qs, u"copy"_qs, u"json"_qs}, {u"to"_qs});
    command::Move move;
    takeMessages(words, move.messages);
    move.path = words.value(u"to"_qs).toStdString();
    if (move.path.empty())
        words.fail(u"--to is missing"_qs);
    move.copy = words.has(u"copy"_qs);
    move.wait = words.has(u"wait"_qs);
    out.command = move;
    out.json = words.has(u"json"_qs);
    out.problem = words.problem();
}

void parseDelete(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"wait"_qs, u"for-good"_qs, u"json"_qs}, {});
    command::Delete remove;
    takeMessages(words, remove.messages);
    remove.forGood = words.has(u"for-good"_qs);
    remove.wait = words.has(u"wait"_qs);
    out.command = remove;
    out.json = words.has(u"json"_qs);
    out.problem = words.problem();
}

/// "all", "headers" or a number of months.
int parseMonths(Words& words, const QString& text)
{
    if (text == u"all")
        return -1;
    return text == u"headers" ? 0 : static_cast<int>(words.number(text));
}

void parseFolder(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"wait"_qs, u"json"_qs}, {u"account"_qs});
    const QString action = words.names().value(0);
    const bool renames = action == u"rename";
    const bool three = renames || action == u"keep";
    words.takeNames(three ? 3 : 2, three ? 3 : 2);
    const std::string name = words.names().value(1).toStdString();
    const bool wait = words.has(u"wait"_qs);
    AccountId account;
    takeAccount(words, account);
    if (action == u"create")
        out.command = command::CreateFolder{account, name, wait};
    else if (renames)
        out.command =
            command::RenameFolder{{}, account, name, words.names().value(2).toStdString(), wait};
    else if (action == u"delete")
        out.command = command::DeleteFolder{{}, account, name, 0, wait};
    else if (action == u"subscribe" || action == u"unsubscribe")
        out.command = command::SubscribeFolder{{}, account, name, action == u"subscribe", wait};
    else if (action == u"keep")
        out.command =
            command::SetFolderWindow{{}, account, name, parseMonths(words, words.names().value(2))};
    else
        words.fail(u"folder takes create, rename, delete, subscribe, unsubscribe or keep"_qs);
    out.json = words.has(u"json"_qs);
    out.problem = words.problem();
}

/// Seconds since 1970; 0 where nothing was said.
std::int64_t takeTime(Words& words, const QString& text)
{
    if (text.isEmpty())
        return 0;
    const auto time = parseSendTime(text, QDateTime::currentDateTime());
    if (time)
        return time->toSecsSinceEpoch();
    words.fail(QString::fromStdString(time.error().detail));
    return 0;
}

void parseSend(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"wait"_qs, u"json"_qs}, {u"account"_qs, u"at"_qs});
    words.takeNames(1, 1);
    command::SendRaw send;
    send.sendAt = takeTime(words, words.value(u"at"_qs));
    takeAccount(words, send.account);
    send.wait = words.has(u"wait"_qs);
    out.input = words.names().value(0) == u"-" ? Invocation::Input::Message
                                               : Invocation::Input::MessageFile;
    out.inputFile = words.names().value(0);
    out.command = send;
    out.json = words.has(u"json"_qs);
    out.problem = words.problem();
}

void parseOutbox(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {u"json"_qs}, {});
    const QString action = words.names().value(0);
    out.json = words.has(u"json"_qs);
    if (action.isEmpty()) {
        out.command = command::ListOutbox{};
    } else if (action == u"retry" || action == u"cancel") {
        words.takeNames(2, 2);
        const OutboxId id{words.number(words.names().value(1))};
        if (action == u"retry")
            out.command = command::RetryOutbox{id};
        else
            out.command = command::CancelOutbox{id};
    } else if (action == u"at") {
        words.takeNames(3, 3);
        out.command = command::RescheduleOutbox{OutboxId{words.number(words.names().value(1))},
                                                takeTime(words, words.names().value(2))};
    } else if (action == u"pause" || action == u"resume") {
        words.takeNames(1, 1);
        out.command = command::SetOutboxPolicy{action == u"pause" ? 1 : 0, {}};
    } else {
        words.fail(u"outbox takes retry ID, cancel ID, at ID TIME, pause or resume"_qs);
    }
    out.problem = words.problem();
}

/// Opens the window like a mailto: link does.
void parseCompose(Invocation& out, const QStringList& arguments)
{
    Words words(arguments, {},
                {u"to"_qs, u"cc"_qs, u"bcc"_qs, u"subject"_qs, u"body-file"_qs, u"attach"_qs});
    words.takeNames(0, 0);
    ComposeRequest request;
    request.to = words.values(u"to"_qs).join(u',');
    request.cc = words.values(u"cc"_qs).join(u',');
    request.bcc = words.values(u"bcc"_qs).join(u',');
    request.subject = words.value(u"subject"_qs);
    request.bodyFile = words.value(u"body-file"_qs);
    request.attach = words.values(u"attach"_qs);
    out.kind = Invocation::Kind::Window;
    out.arguments = request.arguments();
    out.problem = words.problem();
}

const std::map<QString, std::function<void(Invocation&, const QStringList&)>>& subcommands()
{
    static const std::map<QString, std::function<void(Invocation&, const QStringList&)>> table{
        {u"account"_qs, parseAccount},
        {u"sync"_qs, parseSync},
        {u"watch"_qs, parsePlain<command::Watch>},
        {u"folders"_qs, parsePlain<command::ListFolders>},
        {u"list"_qs, parseList},
        {u"search"_qs, parseSearch},
        {u"show"_qs, parseShow},
        {u"mark"_qs, parseMark},
        {u"move"_qs, parseMove},
        {u"delete"_qs, parseDelete},
        {u"folder"_qs, parseFolder},
        {u"send"_qs, parseSend},
        {u"outbox"_qs, parseOutbox},
        {u"compose"_qs, parseCompose},
    };
    return table;
}

void parseWindow(Invocation& out, const QStringList& arguments)
{
    out.kind = Invocation::Kind::Window;
    out.arguments = arguments;
    for (QString& argument : out.arguments) // desktops hand files over as URLs
        if (const QUrl url(argument); url.isLocalFile())
            argument = url.toLocalFile();
    for (const QString& argument : arguments)
        if (argument.startsWith(u'-'))
            out.problem = u"unknown option %1"_qs.arg(argument);
    const QString what = out.arguments.value(0);
    if (arguments.size() > 1)
        out.problem = u"too many arguments: %1"_qs.arg(arguments.at(1));
    else if (arguments.size() == 1 && !what.startsWith(u"mailto:"_qs, Qt::CaseInsensitive) &&
             !std::filesystem::exists(what.toStdString()))
        out.problem = u"no command and no file: %1"_qs.arg(what);
}

} // namespace

Invocation parseCommandLine(const QStringList& given)
{
    Invocation out;
    out.profile = defaultProfile();
    QStringList arguments = given;
    while (!arguments.isEmpty() && arguments.front().startsWith(u"--"_qs)) {
        const QString option = arguments.takeFirst();
        if (option == u"--profile" && !arguments.isEmpty()) {
            out.profile = arguments.takeFirst().toStdString();
        } else if (option.startsWith(u"--profile="_qs)) {
            out.profile = option.mid(10).toStdString();
        } else if (option == u"--version" || option == u"--help") {
            out.kind = option == u"--version" ? Invocation::Kind::Version : Invocation::Kind::Help;
            return out;
        } else {
            out.problem = option == u"--profile" ? u"--profile takes a directory"_qs
                                                 : u"unknown option %1"_qs.arg(option);
            break;
        }
    }
    if (out.profile.empty())
        out.problem = u"--profile takes a directory"_qs;
    const QString first = arguments.value(0);
    if (!out.problem.isEmpty()) {
        out.kind = Invocation::Kind::BadUsage;
    } else if (first == u"parse") {
        out.kind = Invocation::Kind::Parse;
        out.arguments = arguments.mid(1);
    } else if (const auto found = subcommands().find(first); found != subcommands().end()) {
        out.kind = Invocation::Kind::Engine;
        found->second(out, arguments.mid(1));
    } else {
        parseWindow(out, arguments);
    }
    if (!out.problem.isEmpty())
        out.kind = Invocation::Kind::BadUsage;
    return out;
}

Result<ServerSettings> parseServerUrl(const QString& text, const QString& protocol)
{
    struct ServerScheme {
        const char* suffix;
        Security security;
        std::uint16_t imapPort, smtpPort;
    };
    constexpr ServerScheme schemes[] = {{"", Security::Plain, 143, 25},
                                        {"+starttls", Security::StartTls, 143, 587},
                                        {"s", Security::Tls, 993, 465}};
    if (text.isEmpty())
        return fail(ErrorKind::Rejected, "--" + protocol.toStdString() + " is missing",
                    ErrorCode::InvalidInput);
    const QUrl url(text, QUrl::StrictMode);
    for (const ServerScheme& scheme : schemes) {
        if (url.scheme() != protocol + QLatin1String(scheme.suffix) || url.host().isEmpty() ||
            (!url.path().isEmpty() && url.path() != u"/") || !url.userInfo().isEmpty())
            continue;
        const bool imap = protocol == u"imap";
        const int port = url.port(imap ? scheme.imapPort : scheme.smtpPort);
        return ServerSettings{scheme.security, url.host(QUrl::EncodeUnicode).toStdString(),
                              static_cast<std::uint16_t>(port)};
    }
    return fail(ErrorKind::Rejected,
                "not a server address: " + text.toStdString() + " (such as " +
                    protocol.toStdString() + "s://mail.example.org)",
                ErrorCode::InvalidInput);
}

std::filesystem::path defaultProfile()
{
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return std::filesystem::path(data.toStdString()) / "avocet";
}

QString usageText()
{
    return QStringLiteral(
        R"(avocet [--profile DIR] [mailto:URL | FILE.eml]     opens the window
avocet [--profile DIR] compose [--to A] [--cc A] [--bcc A] [--subject S] [--body-file FILE | -]
        [--attach FILE]...                             opens a new message
avocet --version
avocet [--profile DIR] account add --name "Full Name" --email a@b --imap imaps://HOST:PORT
        --smtp smtp+starttls://HOST:PORT [--user U] [--password-stdin] [--ca-file PEM]
        [--no-verify-login]
avocet [--profile DIR] account list | remove ID | test ID | metered ID all|MB [--json]
avocet [--profile DIR] sync [--account ID] [--folder NAME] [--headers-only] [--json]
avocet [--profile DIR] watch [--json]
avocet [--profile DIR] folders [--json]
avocet [--profile DIR] list --folder NAME [--account ID] [--limit N] [--json]
avocet [--profile DIR] search WORD... [--folder NAME] [--account ID] [--limit N] [--json]
avocet [--profile DIR] show ID [--json | --text | --raw]
avocet [--profile DIR] mark ID... --read | --unread | --star | --unstar [--wait]
avocet [--profile DIR] move ID... --to NAME [--copy] [--wait]
avocet [--profile DIR] delete ID... [--for-good] [--wait]
avocet [--profile DIR] folder create NAME | rename NAME NEW | delete NAME | subscribe NAME |
        unsubscribe NAME | keep NAME all|headers|MONTHS [--account ID] [--wait]
avocet [--profile DIR] send FILE.eml | - [--account ID] [--at TIME] [--wait] [--json]
avocet [--profile DIR] outbox [retry ID | cancel ID | at ID TIME | pause | resume] [--json]
avocet parse [--json] FILE...

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 uncertain. See avocet(1).
)");
}

} // namespace avocet
