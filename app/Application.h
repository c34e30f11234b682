// SPDX-License-Identifier: GPL-3.0-or-later
// The composition root of the window: lock, engine, socket, main window.
#pragma once

#include "app/CommandLine.h"

class QApplication;

namespace avocet {

/// Opens the window, or hands `invocation` to the window that is open already. Returns the exit code.
int runWindow(QApplication& application, const Invocation& invocation);

} // namespace avocet
