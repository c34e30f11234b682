// SPDX-License-Identifier: GPL-3.0-or-later
// The words of the command line turned into a command of the engine. No side effects.
#pragma once

#include "core/engine/Command.h"

#include <QString>
#include <QStringList>

#include <filesystem>

namespace avocet {

struct Invocation {
    enum class Kind {
        Window, ///< open the window; arguments: a mailto: URL, a file, or those of ComposeRequest
        Version,
        Help,
        Parse,   ///< `arguments` for runParse
        Engine,  ///< `command`
        BadUsage ///< `problem` says why
    };
    enum class ShowAs { Text, Json, Raw };

    Kind kind = Kind::Window;
    std::filesystem::path profile;
    QStringList arguments;
    QString problem;
    Command command;
    bool json = false;
    ShowAs showAs = ShowAs::Text;
    /// Read before the command runs: a password (first line) or a message (all) from standard input.
    enum class Input {
        None,
        PasswordLine,
        PasswordPrompt,
        Message,
        MessageFile
    } input = Input::None;
    QString inputFile;
};

/// `arguments` without the program's name.
Invocation parseCommandLine(const QStringList& arguments);

/// The text of --help.
QString usageText();

/// Where a profile lies when --profile does not say: $XDG_DATA_HOME/avocet.
std::filesystem::path defaultProfile();

/// "imaps://host:993", "smtp+starttls://host:587" and so on; `protocol` is "imap" or "smtp". The usual port where
/// none is named. Rejected/InvalidInput where it is not such a URL.
Result<ServerSettings> parseServerUrl(const QString& url, const QString& protocol);

} // namespace avocet
