// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line prints.
#pragma once

#include "app/CommandLine.h"

#include <QJsonObject>

namespace avocet {

/// One line of a command's stream: JSON as it is, or words for people.
void printLine(const Invocation& invocation, const QJsonObject& line);
/// What a finished command replied, where it has anything to say.
void printReply(const Invocation& invocation, const QJsonObject& reply);
/// One plain line on standard error.
void printProblem(const QString& problem);
/// What a sync says whose reply tells of a refused change, else empty.
QString refusedLine(const QJsonObject& reply);
QString errorLine(const Invocation& invocation, const Error& error);

} // namespace avocet
