// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/Preferences.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <array>

namespace avocet {

namespace {

const QString themeKey = QStringLiteral("appearance/theme");
const QString markReadKey = QStringLiteral("reading/markReadAfterMs");
const QString simpleViewKey = QStringLiteral("reading/simpleView");
const QString stripTrackingKey = QStringLiteral("privacy/stripTracking");
const QString zoomKey = QStringLiteral("reading/zoom");
constexpr int defaultMarkReadMs = 1500;
constexpr int longestMarkReadMs = 60'000;

const QString undoKey = QStringLiteral("composing/undoSeconds");
const QString dictionariesKey = QStringLiteral("composing/dictionaries");
constexpr int standardUndo = 10;
constexpr int longestUndo = 60;

struct ComposingKey {
    bool ComposeSettings::*field;
    const char* key;
};
constexpr std::array<ComposingKey, 9> composingKeys{{
    {&ComposeSettings::spelling, "composing/spelling"},
    {&ComposeSettings::rich, "composing/rich"},
    {&ComposeSettings::replyBelow, "composing/replyBelow"},
    {&ComposeSettings::signReplies, "composing/signReplies"},
    {&ComposeSettings::attachmentReminder, "composing/attachmentReminder"},
    {&ComposeSettings::deliveryReport, "composing/deliveryReport"},
    {&ComposeSettings::readReceipt, "composing/readReceipt"},
    {&ComposeSettings::hideTimeZone, "composing/hideTimeZone"},
    {&ComposeSettings::userAgent, "composing/userAgent"},
}};

} // namespace

Preferences::Preferences(const QString& file, QObject* parent)
    : QObject(parent)
    , m_settings(file, QSettings::IniFormat)
{
}

ThemeChoice Preferences::theme() const
{
    const QString name = m_settings.value(themeKey).toString();
    if (name == QLatin1String("light"))
        return ThemeChoice::Light;
    return name == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::Desktop;
}

void Preferences::setTheme(ThemeChoice choice)
{
    if (choice == theme())
        return;
    m_settings.setValue(themeKey, choice == ThemeChoice::Light  ? QStringLiteral("light")
                                  : choice == ThemeChoice::Dark ? QStringLiteral("dark")
                                                                : QStringLiteral("desktop"));
    m_settings.sync();
    Q_EMIT themeChanged(choice);
}

std::optional<std::chrono::milliseconds> Preferences::markReadAfter() const
{
    bool isNumber = false;
    const int ms = m_settings.value(markReadKey, defaultMarkReadMs).toInt(&isNumber);
    if (!isNumber)
        return std::chrono::milliseconds(defaultMarkReadMs);
    if (ms < 0)
        return std::nullopt;
    return std::chrono::milliseconds(std::min(ms, longestMarkReadMs));
}

void Preferences::setMarkReadAfter(std::optional<std::chrono::milliseconds> delay)
{
    if (delay == markReadAfter())
        return;
    m_settings.setValue(markReadKey, delay ? static_cast<int>(delay->count()) : -1);
    m_settings.sync();
    Q_EMIT markReadAfterChanged();
}

bool Preferences::simpleView() const
{
    return m_settings.value(simpleViewKey, false).toBool();
}

void Preferences::setSimpleView(bool simple)
{
    if (simple == simpleView())
        return;
    m_settings.setValue(simpleViewKey, simple);
    m_settings.sync();
    Q_EMIT simpleViewChanged();
}

bool Preferences::stripTracking() const
{
    return m_settings.value(stripTrackingKey, false).toBool();
}

void Preferences::setStripTracking(bool strip)
{
    if (strip == stripTracking())
        return;
    m_settings.setValue(stripTrackingKey, strip);
    m_settings.sync();
    Q_EMIT stripTrackingChanged();
}

double Preferences::textZoom() const
{
    bool isNumber = false;
    const double zoom = m_settings.value(zoomKey, 1.0).toDouble(&isNumber);
    return isNumber ? zoom : 1.0;
}

void Preferences::setTextZoom(double zoom)
{
    m_settings.setValue(zoomKey, zoom);
}

ComposeSettings Preferences::composing() const
{
    ComposeSettings settings;
    for (const ComposingKey& one : composingKeys)
        settings.*one.field =
            m_settings.value(QLatin1String(one.key), settings.*one.field).toBool();
    settings.undoSeconds = undoSeconds();
    for (const QString& one : m_settings.value(dictionariesKey).toStringList())
        settings.dictionaries.push_back(one.toStdString());
    settings.ownWords =
        QFileInfo(m_settings.fileName()).dir().filePath(QStringLiteral("words.txt")).toStdString();
    return settings;
}

void Preferences::setComposing(const ComposeSettings& settings)
{
    for (const ComposingKey& one : composingKeys)
        m_settings.setValue(QLatin1String(one.key), settings.*one.field);
    QStringList dictionaries;
    for (const std::string& one : settings.dictionaries)
        dictionaries.append(QString::fromStdString(one));
    m_settings.setValue(dictionariesKey, dictionaries);
    m_settings.sync();
}

int Preferences::undoSeconds() const
{
    bool isNumber = false;
    const int seconds = m_settings.value(undoKey, standardUndo).toInt(&isNumber);
    return isNumber ? std::clamp(seconds, 0, longestUndo) : standardUndo;
}

void Preferences::setUndoSeconds(int seconds)
{
    m_settings.setValue(undoKey, std::clamp(seconds, 0, longestUndo));
}

} // namespace avocet
