// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/VmimeGuard.h"

#include "core/protocol/ImapStatus.h"
#include "core/protocol/SaslMechanisms.h"

#include <exception>
#include <mutex>
#include <vmime/platforms/posix/posixHandler.hpp>
#include <vmime/vmime.hpp>

namespace avocet {
namespace {

void prepare()
{
    static std::once_flag once;
    std::call_once(once, [] {
        vmime::platform::setHandler<vmime::platforms::posix::posixHandler>();
        registerMechanisms();
    });
}

} // namespace

Status vmimeGuard(const std::function<void()>& body)
{
    try {
        prepare();
        body();
        return {};
    } catch (const vmime::exceptions::authentication_error&) {
        return fail(ErrorKind::Auth, "the sign-in failed", ErrorCode::WrongPassword);
    } catch (const vmime::exception& error) {
        return fail(ErrorKind::Protocol, std::string(error.name()) + " during the sign-in");
    } catch (const std::exception& error) {
        return fail(ErrorKind::Protocol, "the sign-in broke off: " + printable(error.what()));
    } catch (...) {
        return fail(ErrorKind::Bug, "unknown exception during the sign-in");
    }
}

} // namespace avocet
