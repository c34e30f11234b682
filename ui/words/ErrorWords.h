// SPDX-License-Identifier: GPL-3.0-or-later
// An error in plain words: what happened, what is safe, what to do. Used by the window and by the
// command line; nothing but kind and code decides.
#pragma once

#include "core/model/Error.h"

#include <QString>

namespace avocet {

/// Who repeats what failed for a passing reason.
enum class Retry {
    ByItself, ///< the engine, which stays and goes on trying
    ByUser,   ///< a single request that has ended
};

/// One to two short sentences without protocol terms or codes. `server` is a host name, an account's name or an
/// address, whatever the reader knows it by; may be empty.
QString errorSentence(const Error& error, const QString& server, Retry retry = Retry::ByUser);

/// For a change that was shown and is taken back: what became of it. `count` messages, 1: the one called `subject`, 0: it was
/// a folder's.
QString refusalSentence(const Error& error, int count, const QString& subject = {});

/// What a button beside the sentence does.
enum class ErrorAction {
    None,
    TryAgain,
    EnterPassword,
    EditServers,
    ShowDetails,
    FreeSpace, ///< nothing to press: the user makes room
    EditMessage,
    CheckAgain, ///< look whether an uncertain message arrived
};

ErrorAction errorAction(const Error& error);
/// A verb for the button; empty for None and FreeSpace.
QString actionLabel(ErrorAction action);

/// For "Details": the server's own words and the log's detail, as they are.
QString errorDetails(const Error& error);

} // namespace avocet
