// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accounts/ProviderPresets.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

static void initProviderResource()
{
    Q_INIT_RESOURCE(providers);
}

namespace avocet {

namespace {

std::optional<ServerSettings> server(const QJsonObject& object)
{
    const int port = object.value(QLatin1String("port")).toInt();
    const QString host = object.value(QLatin1String("host")).toString();
    const QString security = object.value(QLatin1String("security")).toString();
    if (host.isEmpty() || port <= 0 || port > 65535)
        return std::nullopt;
    ServerSettings settings{Security::Tls, host.toStdString(), static_cast<std::uint16_t>(port)};
    if (security == QLatin1String("starttls"))
        settings.security = Security::StartTls;
    else if (security != QLatin1String("tls"))
        return std::nullopt;
    return settings;
}

PasswordKind passwordKind(const QString& name)
{
    if (name == QLatin1String("app"))
        return PasswordKind::App;
    if (name == QLatin1String("bridge"))
        return PasswordKind::Bridge;
    if (name == QLatin1String("none"))
        return PasswordKind::None;
    return PasswordKind::Account;
}

QString domainOf(const QString& email)
{
    return email.mid(email.lastIndexOf(u'@') + 1).trimmed().toLower();
}

} // namespace

std::vector<ProviderPreset> parsePresets(const QByteArray& json)
{
    std::vector<ProviderPreset> presets;
    const QJsonArray entries =
        QJsonDocument::fromJson(json).object().value(QLatin1String("providers")).toArray();
    for (const QJsonValue& value : entries) {
        const QJsonObject entry = value.toObject();
        ProviderPreset preset;
        preset.name = entry.value(QLatin1String("name")).toString();
        const QJsonArray domains = entry.value(QLatin1String("domains")).toArray();
        for (const QJsonValue& domain : domains)
            preset.domains.append(domain.toString());
        const auto imap = server(entry.value(QLatin1String("imap")).toObject());
        const auto smtp = server(entry.value(QLatin1String("smtp")).toObject());
        if (preset.name.isEmpty() || preset.domains.isEmpty() || !imap || !smtp)
            continue;
        preset.imap = *imap;
        preset.smtp = *smtp;
        preset.userIsLocalPart = entry.value(QLatin1String("user")) == QLatin1String("local");
        preset.password = passwordKind(entry.value(QLatin1String("password")).toString());
        preset.enableOnWeb = entry.value(QLatin1String("enableOnWeb")).toBool();
        presets.push_back(std::move(preset));
    }
    return presets;
}

const std::vector<ProviderPreset>& builtInPresets()
{
    static const std::vector<ProviderPreset> presets = [] {
        initProviderResource();
        QFile file(QStringLiteral(":/avocet/providers.json"));
        return file.open(QIODevice::ReadOnly) ? parsePresets(file.readAll())
                                              : std::vector<ProviderPreset>();
    }();
    return presets;
}

std::optional<ProviderPreset> presetFor(const QString& email)
{
    const QString domain = domainOf(email);
    for (const ProviderPreset& preset : builtInPresets())
        if (preset.domains.contains(domain))
            return preset;
    return std::nullopt;
}

Account suggestedAccount(const QString& fullName, const QString& email)
{
    const QString address = email.trimmed();
    Account account;
    account.fullName = fullName.trimmed().toStdString();
    account.email = address.toStdString();
    account.user = account.email;
    if (const auto preset = presetFor(address)) {
        account.imap = preset->imap;
        account.smtp = preset->smtp;
        if (preset->userIsLocalPart)
            account.user = address.left(address.lastIndexOf(u'@')).toStdString();
        return account;
    }
    const QByteArray domain = QUrl::toAce(domainOf(address));
    account.imap.port = usualImapPort(account.imap.security);
    account.smtp.port = usualSmtpPort(account.smtp.security);
    if (!domain.isEmpty() && address.contains(u'@')) {
        account.imap.host = "imap." + domain.toStdString();
        account.smtp.host = "smtp." + domain.toStdString();
    }
    return account;
}

std::uint16_t usualImapPort(Security security)
{
    return security == Security::Tls ? 993 : 143;
}

std::uint16_t usualSmtpPort(Security security)
{
    return security == Security::Tls ? 465 : 587;
}

} // namespace avocet
