// SPDX-License-Identifier: GPL-3.0-or-later
// One binary: a window without a subcommand, the same core without a window with one.
#include "app/Application.h"
#include "app/CommandLine.h"
#include "app/CommandRunner.h"
#include "app/Output.h"
#include "app/ParseCommand.h"
#include "app/Signals.h"

#include <QApplication>
#include <QTimer>

#include <cstdio>

namespace {

int runCommand(QCoreApplication& application, avocet::Invocation invocation)
{
    avocet::Signals signals;
    avocet::CommandRunner runner(std::move(invocation));
    QObject::connect(&signals, &avocet::Signals::stopRequested, &runner,
                     &avocet::CommandRunner::stop);
    QObject::connect(&runner, &avocet::CommandRunner::done, &application,
                     [](int code) { QCoreApplication::exit(code); });
    QTimer::singleShot(0, &runner, &avocet::CommandRunner::start);
    return application.exec();
}

} // namespace

int main(int argc, char** argv)
{
    using Kind = avocet::Invocation::Kind;
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    avocet::Invocation invocation = avocet::parseCommandLine(arguments);

    if (invocation.kind == Kind::Engine || invocation.kind == Kind::Window)
        avocet::Signals::block();
    QCoreApplication::setApplicationName(QStringLiteral("avocet"));
    QCoreApplication::setApplicationVersion(QStringLiteral(AVOCET_VERSION));
    switch (invocation.kind) {
    case Kind::Version:
        std::puts("avocet " AVOCET_VERSION);
        return 0;
    case Kind::Help:
        std::fputs(avocet::usageText().toUtf8().constData(), stdout);
        return 0;
    case Kind::BadUsage:
        avocet::printProblem(invocation.problem +
                             QStringLiteral("; see avocet --help or avocet(1)"));
        return 2;
    case Kind::Parse: {
        QCoreApplication application(argc, argv);
        return avocet::runParse(invocation.arguments);
    }
    case Kind::Engine: {
        QCoreApplication application(argc, argv);
        return runCommand(application, std::move(invocation));
    }
    case Kind::Window:
        break;
    }
    QApplication application(argc, argv);
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Avocet"));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.avocet.Avocet"));
    return avocet::runWindow(application, invocation);
}
