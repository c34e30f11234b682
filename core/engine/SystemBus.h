// SPDX-License-Identifier: GPL-3.0-or-later
// What NetworkManager and logind tell, where there are any. Its own class because a bus that is absent, dead or
// hangs must never be waited for.
#pragma once

#include <QDBusConnection>
#include <QDBusServiceWatcher>
#include <QLocalSocket>
#include <QObject>
#include <QString>
#include <QTimer>

#include <optional>

class QDBusMessage;

namespace avocet {

/// Thread: its own (the engine's); nothing here blocks. QtDBus alone would: its connectToBus() waits for the daemon's
/// greeting, 25 s where the daemon hangs. So the daemon has to answer an authentication over a socket of
/// ours first, and names are resolved by messages instead of by QDBusConnection::connect().
/// States: closed -> probing -> open -> closed. Closed by the daemon's end; open() tries again.
class SystemBus : public QObject {
    Q_OBJECT
public:
    /// NMState of NetworkManager's API.
    enum NetworkManagerState : unsigned { Unknown = 0, ConnectedLocal = 50, ConnectedSite = 60 };

    /// `address` as D-Bus writes it, of the kind unix:path= or unix:abstract=; any other, or none, is no bus.
    explicit SystemBus(const QString& address, QObject* parent = nullptr);
    ~SystemBus() override;

    /// DBUS_SYSTEM_BUS_ADDRESS, else where the D-Bus specification puts it.
    static QString systemAddress();

    /// Nothing where it is open already or being opened.
    void open();
    bool isOpen() const { return m_bus.has_value(); }
    bool hasNetworkManager() const { return m_managerAnswered; }
    bool hasLogind() const { return !m_logind.isEmpty(); }

Q_SIGNALS:
    void opened();
    void closed();
    void networkStateChanged(
        uint state); ///< a NetworkManagerState; Unknown: NetworkManager is not there
    void primaryConnectionChanged();
    void meteredChanged(bool metered); ///< or guessed to be; false where nobody says so
    void wokeUp();

private Q_SLOTS:
    void takeState(uint state, const QDBusMessage& message);
    void takeProperties(const QString& interface, const QVariantMap& changed,
                        const QStringList& invalidated, const QDBusMessage& message);
    void takeSleep(bool falling, const QDBusMessage& message);
    void close();

private:
    void probed();
    void connectSignals();
    void askOwner(const QString& service);
    void noteOwner(const QString& service, const QString& owner);
    void askNetworkManager();
    void takeNetworkManager(const QVariantMap& properties);

    QString m_address;
    QString m_name; ///< of the connection inside QtDBus
    QLocalSocket m_probe;
    QTimer m_patience;
    std::optional<QDBusConnection> m_bus;
    QDBusServiceWatcher m_watcher;
    QString m_networkManager,
        m_logind; ///< the unique names of those who may speak; empty: not there
    bool m_managerAnswered = false;
    QString m_primary;
};

} // namespace avocet
