// SPDX-License-Identifier: GPL-3.0-or-later
// What the desktop's portal says about light and dark, since Qt 6.4 cannot tell.
#pragma once

#include <QDBusVariant>
#include <QObject>

#include <optional>

namespace avocet {

/// Asks org.freedesktop.portal.Settings without blocking and listens for changes. Where there is
/// no portal it stays silent.
class DesktopScheme : public QObject {
    Q_OBJECT
public:
    explicit DesktopScheme(QObject* parent = nullptr);

    /// Dark, light, or no preference known.
    std::optional<bool> prefersDark() const { return m_prefersDark; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void ask();
    void take(const QVariant& value);

    std::optional<bool> m_prefersDark;
};

} // namespace avocet
