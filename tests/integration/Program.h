// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the avocet program on a profile of its own, as a user at a terminal would.
#pragma once

#include "tests/integration/MailServers.h"

#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace avocet::integration {

/// What one invocation left.
struct Outcome {
    int code = -1; ///< exit code; -1: it crashed, -2: it did not end
    QByteArray out, err;

    QList<QJsonObject> lines() const; ///< standard output as JSON lines
    QJsonObject line(const QString& key, const QString& value) const;
    /// Exactly one line that a person can read: printable, no source file, no class name.
    bool saysOnePlainLine() const;
    QByteArray words() const; ///< everything, for a failed check
};

/// An invocation in the background; it is killed (-9) where its owner goes before it has ended.
struct EndProcess {
    void operator()(QProcess* process) const
    {
        process->kill();
        process->waitForFinished();
        delete process;
    }
};
using RunningProgram = std::unique_ptr<QProcess, EndProcess>;

/// A profile directory with a runtime directory of its own; nothing of the user's is touched.
class Program {
public:
    Program();

    QString profile() const;
    QProcessEnvironment environment() const;
    Outcome run(const QStringList& arguments, const QByteArray& input = {},
                int milliseconds = 60'000) const;
    /// The same in the background.
    RunningProgram start(const QStringList& arguments) const;
    static Outcome finish(QProcess& process, int milliseconds = 60'000);

    /// Adds the sender's account over plain loopback ports (the servers' or a proxy's).
    Outcome addAccount(const MailServers& servers, quint16 imapPort = 0,
                       quint16 smtpPort = 0) const;
    /// Whether a process holds the profile's lock; looks only.
    bool hasOwner() const;
    /// Writes `content` beside the profile and returns its path.
    QString file(const QString& name, const QByteArray& content) const;

private:
    QTemporaryDir m_directory;
};

} // namespace avocet::integration
