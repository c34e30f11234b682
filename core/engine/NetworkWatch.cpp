// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/NetworkWatch.h"

#include <QSocketNotifier>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace avocet {

using namespace std::chrono_literals;

namespace {

/// IPv6 by its routes, not its addresses: routers repeat their advertisement every few seconds on some
/// networks, and each repetition is an address message, but no route message.
constexpr unsigned kernelGroups =
    RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
constexpr auto shortestSleep = 1s;
constexpr time_t farFuture = time_t{1} << 40;
constexpr unsigned anyRoom = 64; ///< messages a wake-up reads at most; the notifier comes again

/// NLMSG_DATA without its C cast.
const char* dataOf(const nlmsghdr& header)
{
    return reinterpret_cast<const char*>(&header) + NLMSG_HDRLEN;
}

template <class T>
bool payload(const nlmsghdr& header, T& value)
{
    if (header.nlmsg_len < NLMSG_LENGTH(sizeof value))
        return false;
    std::memcpy(&value, dataOf(header), sizeof value);
    return true;
}

unsigned interfaceOfRoute(const nlmsghdr& header)
{
    auto* attribute = reinterpret_cast<const rtattr*>(dataOf(header) + NLMSG_ALIGN(sizeof(rtmsg)));
    int left = static_cast<int>(header.nlmsg_len - NLMSG_LENGTH(sizeof(rtmsg)));
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
        unsigned index = 0;
        if (attribute->rta_type == RTA_OIF && RTA_PAYLOAD(attribute) >= sizeof index) {
            std::memcpy(&index, RTA_DATA(attribute), sizeof index);
            return index;
        }
    }
    return 0;
}

/// The interface on which this message ends something a connection may run over; 0: none.
unsigned interfaceThatLost(const nlmsghdr& header)
{
    if (ifaddrmsg address{}; header.nlmsg_type == RTM_DELADDR && payload(header, address))
        return address.ifa_scope == RT_SCOPE_UNIVERSE ? address.ifa_index : 0;
    if (rtmsg route{}; header.nlmsg_type == RTM_DELROUTE && payload(header, route))
        return route.rtm_dst_len == 0 && route.rtm_table == RT_TABLE_MAIN ? interfaceOfRoute(header)
                                                                          : 0;
    ifinfomsg link{};
    if (header.nlmsg_type == RTM_NEWLINK && payload(header, link) && (link.ifi_flags & IFF_RUNNING))
        return 0;
    if ((header.nlmsg_type == RTM_NEWLINK || header.nlmsg_type == RTM_DELLINK) &&
        payload(header, link))
        return static_cast<unsigned>(link.ifi_index);
    return 0;
}

} // namespace

NetworkWatch::NetworkWatch(NetworkSources sources, QObject* parent)
    : QObject(parent)
    , m_sources(std::move(sources))
{
    m_settle.setSingleShot(true);
    m_settle.setInterval(m_sources.settle);
    connect(&m_settle, &QTimer::timeout, this, &NetworkWatch::settle);
}

NetworkWatch::~NetworkWatch()
{
    m_netlinkNotifier.reset();
    m_clockNotifier.reset();
    for (const int handle : {m_netlink, m_clock})
        if (handle >= 0)
            ::close(handle);
}

void NetworkWatch::start()
{
    // Listening first: what changes between the two is noticed rather than missed.
    listenToKernel();
    listenToClock();
    m_state = m_sources.read();
    m_asleep = m_sources.asleep();
    m_available = isAvailable(m_state);
    listenToBus();
}

void NetworkWatch::listenToKernel()
{
    const int handle = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (handle < 0)
        return; // a sandbox may forbid it; the other sources stay
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = kernelGroups;
    if (::bind(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(handle);
        return;
    }
    m_netlink = handle;
    m_netlinkNotifier = std::make_unique<QSocketNotifier>(handle, QSocketNotifier::Read);
    connect(m_netlinkNotifier.get(), &QSocketNotifier::activated, this, &NetworkWatch::readKernel);
}

void NetworkWatch::readKernel()
{
    alignas(nlmsghdr) std::array<char, 32768> buffer;
    bool lost = false;
    for (unsigned count = 0; count < anyRoom; ++count) {
        sockaddr_nl sender{};
        socklen_t length = sizeof sender;
        const ssize_t size = ::recvfrom(m_netlink, buffer.data(), buffer.size(), 0,
                                        reinterpret_cast<sockaddr*>(&sender), &length);
        if (size < 0 && errno == ENOBUFS) {
            lost = true; // more came than the kernel keeps: what, nobody knows
            continue;
        }
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            break;
        if (sender.nl_pid == 0) // the kernel; any process may write to this socket
            lost = lost || tellsOfLoss(buffer.data(), static_cast<std::size_t>(size));
    }
    if (lost)
        noteChange();
    else
        noteState();
}

bool NetworkWatch::tellsOfLoss(const char* data, std::size_t size) const
{
    auto* header = reinterpret_cast<const nlmsghdr*>(data);
    auto left = static_cast<unsigned>(size);
    for (; NLMSG_OK(header, left); header = NLMSG_NEXT(header, left))
        if (m_state.interfaces.contains(interfaceThatLost(*header)))
            return true;
    return false;
}

void NetworkWatch::listenToClock()
{
    m_clock = ::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (m_clock < 0)
        return;
    armClock();
    m_clockNotifier = std::make_unique<QSocketNotifier>(m_clock, QSocketNotifier::Read);
    connect(m_clockNotifier.get(), &QSocketNotifier::activated, this, [this] {
        std::uint64_t expirations = 0;
        [[maybe_unused]] const ssize_t got = ::read(m_clock, &expirations, sizeof expirations);
        armClock();
        checkClocks();
    });
}

void NetworkWatch::armClock()
{
    itimerspec never{};
    never.it_value.tv_sec = farFuture;
    ::timerfd_settime(m_clock, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr);
}

void NetworkWatch::checkClocks()
{
    const auto asleep = m_sources.asleep();
    if (asleep < m_asleep + shortestSleep)
        return;
    m_asleep = asleep;
    noteChange();
}

void NetworkWatch::listenToBus()
{
    m_bus = std::make_unique<SystemBus>(m_sources.systemBus);
    connect(m_bus.get(), &SystemBus::networkStateChanged, this, &NetworkWatch::noteManager);
    connect(m_bus.get(), &SystemBus::primaryConnectionChanged, this, &NetworkWatch::noteChange);
    connect(m_bus.get(), &SystemBus::meteredChanged, this, &NetworkWatch::noteMetered);
    connect(m_bus.get(), &SystemBus::wokeUp, this, [this] {
        m_asleep = m_sources.asleep(); // told already: the timerfd says the same again
        noteChange();
    });
    connect(m_bus.get(), &SystemBus::closed, this, [this] {
        noteMetered(false);
        noteManager(SystemBus::Unknown);
    });
    m_bus->open();
}

void NetworkWatch::noteManager(unsigned state)
{
    const unsigned before = std::exchange(m_managerState, state);
    m_managerSaidYes = m_managerSaidYes || state >= SystemBus::ConnectedLocal;
    const bool up = before != SystemBus::Unknown && before < state;
    if (up && state >= SystemBus::ConnectedSite)
        noteChange();
    else
        noteState();
}

void NetworkWatch::noteMetered(bool metered)
{
    if (std::exchange(m_metered, metered) != metered)
        Q_EMIT meteredChanged(metered);
}

void NetworkWatch::noteState()
{
    if (m_settle.isActive())
        return;
    NetworkState state = m_sources.read();
    if (isAvailable(state) != m_available || isOtherNetwork(m_state, state))
        noteChange();
    else
        m_state = std::move(state);
}

void NetworkWatch::noteChange()
{
    m_changed = true;
    if (!m_settle.isActive())
        m_settle.start();
}

void NetworkWatch::settle()
{
    m_state = m_sources.read();
    const bool changed = std::exchange(m_changed, false);
    if (m_bus)
        m_bus->open(); // a daemon that was started or restarted is found without a timer
    const bool was = std::exchange(m_available, isAvailable(m_state));
    if (!m_available && was)
        Q_EMIT wentAway();
    else if (m_available && (changed || !was))
        Q_EMIT cameBack();
}

bool NetworkWatch::isAvailable(const NetworkState& state) const
{
    const bool managerSaysNo = m_managerSaidYes && m_managerState != SystemBus::Unknown &&
                               m_managerState < SystemBus::ConnectedLocal && !state.hasDefaultRoute;
    return state.hasAddress && !managerSaysNo;
}

} // namespace avocet
