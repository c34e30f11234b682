// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel knows about the network at this moment, and whether that is another network than before.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <string_view>

namespace avocet {

struct NetworkState {
    /// Interfaces that are up and have an address beyond the link. A bridge counts only where the default
    /// route leaves by it: bridges of containers and virtual machines come and go without any
    /// connection of ours being touched.
    std::set<unsigned> interfaces;
    /// "INTERFACE ADDRESS" of IPv4, "INTERFACE PREFIX" of IPv6 (a privacy address changes daily and
    /// takes no connection with it), of these interfaces.
    std::set<std::string> networks;
    bool hasDefaultRoute = false;
    bool hasAddress = false; ///< beyond the link, on any interface, bridges too

    bool operator==(const NetworkState&) const = default;
};

/// Reads interfaces and routes of the calling thread's network namespace; a few system calls, no waiting.
NetworkState readNetworkState();

/// Whether connections made in `before` are to be given up in `after`: something they may run over is gone,
/// another interface came (it may draw the routes to itself, as a VPN does), or there is a first way out.
/// A further address on the same interface alone is no change: IPv6 often comes seconds after IPv4.
bool isOtherNetwork(const NetworkState& before, const NetworkState& after);

/// How long this machine has slept since its start (CLOCK_BOOTTIME - CLOCK_MONOTONIC).
std::chrono::nanoseconds timeAsleep();

/// A server on this machine is there without any network.
bool isThisMachine(std::string_view host);

} // namespace avocet
