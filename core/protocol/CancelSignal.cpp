// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/CancelSignal.h"

#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace avocet {

CancelSignal::Descriptor::Descriptor()
    : fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
}

CancelSignal::Descriptor::~Descriptor()
{
    ::close(fd);
}

CancelSignal::CancelSignal(std::stop_token stop)
    : m_stop(stop)
    , m_callback(std::move(stop), [fd = m_descriptor.fd] {
        const std::uint64_t one = 1;
        // A full counter is readable already, so a failed write loses nothing.
        [[maybe_unused]] const auto written = ::write(fd, &one, sizeof one);
    })
{
}

} // namespace avocet
