// SPDX-License-Identifier: GPL-3.0-or-later
// Tells when the network went away, came back or became another, and when the machine woke up, so that nobody
// waits on connections that are dead without knowing it.
#pragma once

#include "core/engine/NetworkState.h"
#include "core/engine/SystemBus.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>

QT_BEGIN_NAMESPACE
class QSocketNotifier;
QT_END_NAMESPACE

namespace avocet {

/// Where NetworkWatch looks. The defaults are this machine's; tests give others.
struct NetworkSources {
    QString systemBus = SystemBus::systemAddress(); ///< empty: none
    std::function<NetworkState()> read = readNetworkState;
    std::function<std::chrono::nanoseconds()> asleep = timeAsleep;
    /// What happens within this time is told once: an interface that comes up says so in many messages.
    std::chrono::milliseconds settle = std::chrono::seconds(2);
};

/// Thread: its own (the engine's), no other is used, and nothing blocks. It has no timer that repeats: an idle
/// machine is never woken by it.
///
/// Sources, each enough by itself:
/// - the kernel's netlink socket: interfaces, IPv4 addresses and routes, without any daemon;
/// - a timerfd that the kernel ends when the clock is set or the machine resumes, without any daemon. The two are
///   told apart by the time asleep;
/// - NetworkManager: another primary connection, a state below connected, a captive portal passed, a metered line;
/// - logind: PrepareForSleep(false).
///
/// The kernel decides what is away. NetworkManager's "no" counts only after it has once said yes and while no
/// default route speaks against it: where it manages nothing it says "disconnected" for ever, and to refuse
/// a network that is there is worse than some tries in vain.
class NetworkWatch : public QObject {
    Q_OBJECT
public:
    explicit NetworkWatch(NetworkSources sources = {}, QObject* parent = nullptr);
    ~NetworkWatch() override;

    /// Looks once and listens from then on. What is found is available(), no signal.
    void start();
    /// False: no address beyond this machine. Servers on this machine (isThisMachine) are there all the same.
    bool available() const { return m_available; }
    /// What is transferred is paid for, as NetworkManager says or guesses; false without it.
    bool metered() const { return m_metered; }
    /// Which of the daemons answered: for a report about this machine, and for tests.
    bool hearsBus() const { return m_bus && m_bus->isOpen(); }
    bool hearsNetworkManager() const { return m_bus && m_bus->hasNetworkManager(); }
    bool hearsLogind() const { return m_bus && m_bus->hasLogind(); }

public Q_SLOTS:
    /// Compares the clocks; cheap. For whoever is awake anyway, e.g. before a connection is used again.
    void checkClocks();

Q_SIGNALS:
    /// No connection can stand or be made.
    void wentAway();
    /// The network is there, or another one, or the machine woke up: connections that stood are to be dropped
    /// and opened anew. Each account adds its comeBackDelay().
    void cameBack();
    void meteredChanged(bool metered);

private:
    void listenToKernel();
    void listenToClock();
    void armClock();
    void listenToBus();
    void readKernel();
    bool tellsOfLoss(const char* data, std::size_t size) const;
    void noteState();
    void noteManager(unsigned state);
    void noteMetered(bool metered);
    void noteChange(); ///< connections are to be made anew even if all looks the same again
    void settle();
    bool isAvailable(const NetworkState& state) const;

    NetworkSources m_sources;
    NetworkState m_state;
    bool m_available = true;
    bool m_changed = false;
    bool m_metered = false;
    std::chrono::nanoseconds m_asleep{0};
    unsigned m_managerState = SystemBus::Unknown;
    bool m_managerSaidYes = false;
    int m_netlink = -1;
    int m_clock = -1;
    QTimer m_settle;
    std::unique_ptr<QSocketNotifier> m_netlinkNotifier, m_clockNotifier;
    std::unique_ptr<SystemBus> m_bus;
};

} // namespace avocet
