// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/Program.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>

#include <sys/stat.h>

namespace avocet::integration {

QList<QJsonObject> Outcome::lines() const
{
    QList<QJsonObject> objects;
    for (const QByteArray& text : out.split('\n'))
        if (!text.trimmed().isEmpty())
            objects.append(QJsonDocument::fromJson(text).object());
    return objects;
}

QJsonObject Outcome::line(const QString& key, const QString& value) const
{
    for (const QJsonObject& object : lines())
        if (object.value(key).toString() == value)
            return object;
    return {};
}

bool Outcome::saysOnePlainLine() const
{
    if (!err.endsWith('\n') || err.count('\n') != 1 || err.trimmed().size() < 8)
        return false;
    static const QRegularExpression insides(
        QStringLiteral("[\\x00-\\x09\\x0b-\\x1f]|\\.cpp|\\w::\\w|exception|vmime|errno"),
        QRegularExpression::CaseInsensitiveOption);
    return !insides.match(QString::fromUtf8(err)).hasMatch();
}

QByteArray Outcome::words() const
{
    return "exit code " + QByteArray::number(code) + ", stderr: " + err + "stdout: " + out;
}

Program::Program()
{
    QDir(m_directory.path()).mkdir(QStringLiteral("run"));
    QFile::setPermissions(m_directory.filePath(QStringLiteral("run")),
                          QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

QString Program::profile() const
{
    return m_directory.filePath(QStringLiteral("profile"));
}

QProcessEnvironment Program::environment() const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"),
                       m_directory.filePath(QStringLiteral("run")));
    environment.insert(QStringLiteral("HOME"), m_directory.path());
    environment.insert(QStringLiteral("AVOCET_SECRETS"), QStringLiteral("file"));
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    // Freed memory is filled, so that using it again fails each time and not just now and then.
    environment.insert(QStringLiteral("GLIBC_TUNABLES"),
                       QStringLiteral("glibc.malloc.tcache_count=0:glibc.malloc.perturb=165"));
    environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
    return environment;
}

RunningProgram Program::start(const QStringList& arguments) const
{
    RunningProgram process(new QProcess);
    process->setProcessEnvironment(environment());
    process->start(QStringLiteral(AVOCET_BINARY),
                   QStringList{QStringLiteral("--profile"), profile()} + arguments);
    process->waitForStarted();
    return process;
}

Outcome Program::run(const QStringList& arguments, const QByteArray& input, int milliseconds) const
{
    const auto process = start(arguments);
    process->write(input);
    process->closeWriteChannel();
    return finish(*process, milliseconds);
}

Outcome Program::finish(QProcess& process, int milliseconds)
{
    Outcome outcome;
    const bool ended =
        process.state() == QProcess::NotRunning || process.waitForFinished(milliseconds);
    if (!ended) {
        process.kill();
        process.waitForFinished();
    }
    outcome.out = process.readAllStandardOutput();
    outcome.err = process.readAllStandardError();
    if (!ended)
        outcome.code = -2;
    else
        outcome.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return outcome;
}

Outcome Program::addAccount(const MailServers& servers, quint16 imapPort, quint16 smtpPort) const
{
    const MailUser user = servers.sender();
    const quint16 imap = imapPort ? imapPort : servers.port("imap");
    const quint16 smtp = smtpPort ? smtpPort : servers.port("smtp");
    return run({QStringLiteral("account"), QStringLiteral("add"), QStringLiteral("--name"),
                QStringLiteral("Sanderling Sender"), QStringLiteral("--email"), user.address,
                QStringLiteral("--imap"), QStringLiteral("imap://127.0.0.1:%1").arg(imap),
                QStringLiteral("--smtp"), QStringLiteral("smtp://127.0.0.1:%1").arg(smtp),
                QStringLiteral("--password-stdin")},
               user.password.toUtf8() + '\n');
}

bool Program::hasOwner() const
{
    struct stat status {};
    const QString lock = profile() + QStringLiteral("/lock");
    if (::stat(QFile::encodeName(lock).constData(), &status) != 0)
        return false;
    QFile locks(QStringLiteral("/proc/locks"));
    if (!locks.open(QIODevice::ReadOnly))
        return false;
    const QByteArray inode = ':' + QByteArray::number(static_cast<qulonglong>(status.st_ino)) + ' ';
    for (const QByteArray& line : locks.readAll().split('\n'))
        if (line.contains("FLOCK") && line.contains(inode))
            return true;
    return false;
}

QString Program::file(const QString& name, const QByteArray& content) const
{
    const QString path = m_directory.filePath(name);
    QFile out(path);
    if (out.open(QIODevice::WriteOnly))
        out.write(content);
    return path;
}

} // namespace avocet::integration
