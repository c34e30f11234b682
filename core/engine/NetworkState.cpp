// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/NetworkState.h"

#include "core/mime/Ascii.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

namespace avocet {

namespace {

constexpr unsigned routeUp = 0x1;       // RTF_UP of linux/route.h
constexpr unsigned routeReject = 0x200; // RTF_REJECT

/// Names of the interfaces by which a default route leaves.
std::set<std::string> waysOut()
{
    std::set<std::string> names;
    std::string line;
    std::ifstream routes("/proc/thread-self/net/route");
    std::getline(routes, line); // its headings
    while (std::getline(routes, line)) {
        std::istringstream fields(line);
        std::string name, target, gateway, skip, mask;
        unsigned flags = 0;
        fields >> name >> target >> gateway >> std::hex >> flags >> skip >> skip >> skip >> mask;
        if (fields && target == "00000000" && mask == "00000000" && (flags & routeUp) &&
            !(flags & routeReject))
            names.insert(name);
    }
    const std::string anywhere(32, '0');
    std::ifstream routes6("/proc/thread-self/net/ipv6_route");
    while (std::getline(routes6, line)) {
        std::istringstream fields(line);
        std::string target, length, skip, name;
        unsigned flags = 0;
        fields >> target >> length >> skip >> skip >> skip >> skip >> skip >> skip >> std::hex >>
            flags >> name;
        if (fields && target == anywhere && length == "00" && name != "lo" && (flags & routeUp) &&
            !(flags & routeReject))
            names.insert(name);
    }
    return names;
}

bool isBridge(const char* name)
{
    const int handle = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (handle < 0)
        return false;
    ethtool_drvinfo about{};
    about.cmd = ETHTOOL_GDRVINFO;
    ifreq request{};
    std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char*>(&about);
    const bool answered = ::ioctl(handle, SIOCETHTOOL, &request) == 0;
    ::close(handle);
    return answered && std::string_view(about.driver) == "bridge";
}

/// Empty for an address that leads nowhere beyond the link.
std::string networkOf(const sockaddr& address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.sa_family == AF_INET) {
        sockaddr_in ip4{};
        std::memcpy(&ip4, &address, sizeof ip4);
        const std::uint32_t value = ntohl(ip4.sin_addr.s_addr);
        constexpr std::uint32_t linkLocal = 0xa9fe0000; // 169.254/16
        if ((value >> 24) == IN_LOOPBACKNET || (value & 0xffff0000) == linkLocal)
            return {};
        ::inet_ntop(AF_INET, &ip4.sin_addr, text.data(), text.size());
        return text.data();
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 ip6{};
        std::memcpy(&ip6, &address, sizeof ip6);
        if (IN6_IS_ADDR_LOOPBACK(&ip6.sin6_addr) || IN6_IS_ADDR_LINKLOCAL(&ip6.sin6_addr) ||
            IN6_IS_ADDR_MULTICAST(&ip6.sin6_addr))
            return {};
        std::fill_n(ip6.sin6_addr.s6_addr + 8, 8, std::uint8_t{0});
        ::inet_ntop(AF_INET6, &ip6.sin6_addr, text.data(), text.size());
        return text.data();
    }
    return {};
}

std::chrono::nanoseconds clockNow(clockid_t clock)
{
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

} // namespace

NetworkState readNetworkState()
{
    NetworkState state;
    const std::set<std::string> out = waysOut();
    state.hasDefaultRoute = !out.empty();
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0)
        return state;
    constexpr unsigned running = IFF_UP | IFF_RUNNING;
    for (const ifaddrs* entry = first; entry; entry = entry->ifa_next) {
        if (!entry->ifa_addr || (entry->ifa_flags & running) != running ||
            (entry->ifa_flags & IFF_LOOPBACK))
            continue;
        const std::string network = networkOf(*entry->ifa_addr);
        if (network.empty())
            continue;
        state.hasAddress = true;
        if (!out.contains(entry->ifa_name) && isBridge(entry->ifa_name))
            continue;
        const unsigned index = ::if_nametoindex(entry->ifa_name);
        state.interfaces.insert(index);
        state.networks.insert(std::to_string(index) + ' ' + network);
    }
    ::freeifaddrs(first);
    return state;
}

bool isOtherNetwork(const NetworkState& before, const NetworkState& after)
{
    const auto keeps = [](const auto& larger, const auto& smaller) {
        return std::includes(larger.begin(), larger.end(), smaller.begin(), smaller.end());
    };
    return !keeps(after.networks, before.networks) || !keeps(before.interfaces, after.interfaces) ||
           (after.hasDefaultRoute && !before.hasDefaultRoute);
}

std::chrono::nanoseconds timeAsleep()
{
    // In this order, so that what passes between the two calls never looks like sleep.
    const auto boot = clockNow(CLOCK_BOOTTIME);
    return boot - clockNow(CLOCK_MONOTONIC);
}

bool isThisMachine(std::string_view host)
{
    std::string name = mime::lowered(host);
    if (name.starts_with('[') && name.ends_with(']'))
        name = name.substr(1, name.size() - 2);
    if (name.ends_with('.'))
        name.pop_back();
    in_addr ip4{};
    if (::inet_pton(AF_INET, name.c_str(), &ip4) == 1)
        return (ntohl(ip4.s_addr) >> 24) == IN_LOOPBACKNET;
    in6_addr ip6{};
    if (::inet_pton(AF_INET6, name.c_str(), &ip6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&ip6);
    return name == "localhost" || name.ends_with(".localhost"); // RFC 6761, 6.3
}

} // namespace avocet
