// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/DesktopScheme.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

namespace avocet {

namespace {

constexpr auto service = "org.freedesktop.portal.Desktop";
constexpr auto path = "/org/freedesktop/portal/desktop";
constexpr auto interface = "org.freedesktop.portal.Settings";
constexpr auto group = "org.freedesktop.appearance";
constexpr auto key = "color-scheme";

QString latin(const char* text)
{
    return QString::fromLatin1(text);
}

} // namespace

DesktopScheme::DesktopScheme(QObject* parent)
    : QObject(parent)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        return;
    }
    bus.connect(latin(service), latin(path), latin(interface), QStringLiteral("SettingChanged"),
                this, SLOT(settingChanged(QString, QString, QDBusVariant)));
    ask();
}

void DesktopScheme::ask()
{
    QDBusMessage call = QDBusMessage::createMethodCall(latin(service), latin(path),
                                                       latin(interface), QStringLiteral("Read"));
    call << latin(group) << latin(key);
    auto* watcher =
        new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call, 3000), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        watcher->deleteLater();
        if (!reply.isError()) {
            take(reply.value().variant());
        }
    });
}

void DesktopScheme::settingChanged(const QString& changedGroup, const QString& changedKey,
                                   const QDBusVariant& value)
{
    if (changedGroup == latin(group) && changedKey == latin(key)) {
        take(value.variant());
    }
}

void DesktopScheme::take(const QVariant& value)
{
    // Old portals wrap the value twice.
    const QVariant plain = value.canConvert<QDBusVariant>() && !value.canConvert<uint>()
                               ? value.value<QDBusVariant>().variant()
                               : value;
    const uint scheme = plain.toUInt();
    const std::optional<bool> dark = scheme == 1   ? std::optional(true)
                                     : scheme == 2 ? std::optional(false)
                                                   : std::nullopt;
    if (dark != m_prefersDark) {
        m_prefersDark = dark;
        Q_EMIT changed();
    }
}

} // namespace avocet
