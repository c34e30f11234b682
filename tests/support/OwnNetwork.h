// SPDX-License-Identifier: GPL-3.0-or-later
// A network of the test's own (user and network namespace), so that it can take interfaces up and down without
// any right and without touching this machine's network.
#pragma once

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QString>
#include <QStringList>

#include <sched.h>
#include <unistd.h>

namespace avocet::test {

/// Where iproute2's ip is; empty: not on this machine.
inline QString ipProgram()
{
    return QStandardPaths::findExecutable(QStringLiteral("ip"),
                                          {QStringLiteral("/usr/sbin"), QStringLiteral("/sbin"),
                                           QStringLiteral("/usr/bin"), QStringLiteral("/bin")});
}

/// To be called before any thread runs: first thing in main(). False where the machine forbids it.
inline bool enterOwnNetwork()
{
    const QByteArray user = QByteArray::number(::getuid()), group = QByteArray::number(::getgid());
    if (ipProgram().isEmpty() || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return false;
    const auto write = [](const char* path, const QByteArray& text) {
        QFile file(QString::fromLatin1(path));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.flush();
    };
    return write("/proc/self/setgroups", "deny") &&
           write("/proc/self/uid_map", "0 " + user + " 1\n") &&
           write("/proc/self/gid_map", "0 " + group + " 1\n");
}

/// Runs `commands` (one a line) by ip -batch.
inline bool ip(const QByteArray& commands)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(ipProgram(), {QStringLiteral("-batch"), QStringLiteral("-")});
    process.write(commands);
    process.closeWriteChannel();
    return process.waitForFinished() && process.exitStatus() == QProcess::NormalExit &&
           process.exitCode() == 0;
}

/// Whether this kernel has the cables and bridges that the tests lay.
inline bool canLayCables()
{
    return ip("link add here type veth peer name there\nlink del here\n"
              "link add here type bridge\nlink del here\n");
}

} // namespace avocet::test
