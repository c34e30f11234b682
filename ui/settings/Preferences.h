// SPDX-License-Identifier: GPL-3.0-or-later
// What the user chose about the window itself, kept in PROFILE/settings.ini.
#pragma once

#include "ui/compose/ComposeSettings.h"
#include "ui/theme/Theme.h"

#include <QObject>
#include <QSettings>

#include <chrono>
#include <optional>

namespace avocet {

/// Thread: the GUI's. Owner: the composition root; windows get a reference. Every setter stores and
/// tells at once.
class Preferences : public QObject {
    Q_OBJECT
public:
    /// `file`: the profile's settings.ini; made by the first change.
    explicit Preferences(const QString& file, QObject* parent = nullptr);

    QSettings& settings() { return m_settings; }

    /// Key appearance/theme: desktop, light, dark.
    ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);

    /// Key reading/markReadAfterMs: time in view after which a message becomes read; -1: never.
    std::optional<std::chrono::milliseconds> markReadAfter() const;
    void setMarkReadAfter(std::optional<std::chrono::milliseconds> delay);

    /// Key reading/simpleView: HTML mail as text, always.
    bool simpleView() const;
    void setSimpleView(bool simple);

    /// Key privacy/stripTracking: links without what only tells who clicked.
    bool stripTracking() const;
    void setStripTracking(bool strip);

    /// Key reading/zoom: of the messages' text, 1 is the user's own size.
    double textZoom() const;
    void setTextZoom(double zoom);

    /// Keys composing/...; what is not there is as ComposeSettings has it.
    ComposeSettings composing() const;
    void setComposing(const ComposeSettings& settings);

    /// Key composing/undoSeconds: how long a sent message is held back, 0 to 60.
    int undoSeconds() const;
    void setUndoSeconds(int seconds);

Q_SIGNALS:
    void themeChanged(avocet::ThemeChoice choice);
    void markReadAfterChanged();
    void simpleViewChanged();
    void stripTrackingChanged();

private:
    QSettings m_settings;
};

} // namespace avocet
