// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/Sandbox.h"

#include <QCoreApplication>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace avocet {

namespace {

/// The same steps as the engine's: a process that may make namespaces within one of its own.
bool canMakeNamespaces()
{
    const pid_t child = fork();
    if (child < 0)
        return false;
    if (child == 0) {
        const bool made = unshare(CLONE_NEWUSER) == 0 && unshare(CLONE_NEWPID | CLONE_NEWNET) == 0;
        _exit(made ? 0 : 1);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return false;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

QString sandboxProblem()
{
    if (geteuid() == 0)
        return QCoreApplication::translate(
            "avocet::Sandbox", "Formatted mail is shown as text, because its view cannot be locked "
                               "in while Avocet runs as root.");
    static const bool possible = canMakeNamespaces();
    if (!possible)
        return QCoreApplication::translate(
            "avocet::Sandbox", "Formatted mail is shown as text, because this system does not let "
                               "programs lock themselves in (user namespaces are switched off).");
    return {};
}

} // namespace avocet
