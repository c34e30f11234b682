// SPDX-License-Identifier: GPL-3.0-or-later
// "avocet compose": what a new message begins with, on its way to the process that has the window.
#pragma once

#include "core/model/Error.h"
#include "core/model/Outgoing.h"

#include <QStringList>

#include <optional>

namespace avocet {

/// Unlike a mailto: link this comes from the user's own shell, so that it may name files.
struct ComposeRequest {
    QString to, cc, bcc; ///< as typed into the fields
    QString subject;
    QString body;
    QString bodyFile; ///< "-": standard input; read by resolve() in the process that was called
    QStringList attach;

    /// Reads bodyFile into body and makes the paths of `attach` absolute. NotFound, TooLarge over 8 MB.
    Status resolve();
    Draft draft() const;

    /// As the arguments of an invocation that opens a window, and back.
    QStringList arguments() const;
    static std::optional<ComposeRequest> fromArguments(const QStringList& arguments);
};

} // namespace avocet
