// SPDX-License-Identifier: GPL-3.0-or-later
// A message that was read as JSON, in the one shape that `parse --json` and `show --json` share.
#pragma once

#include "core/mime/MessageReader.h"

#include <QJsonObject>
#include <QString>

#include <functional>
#include <string>
#include <string_view>

namespace avocet {

/// {file,subject,from,to,cc,date,messageId,text,html,structure,attachments,notes}: addresses are
/// {name,address}, the date is RFC 3339 with the offset as written or null, structure is nested
/// {type,charset,encoding,name,disposition,size,children} with decoded sizes, attachments are
/// {name,type,size,sha256}. UTF-8 on one line without its end. `file` is left out where it is null.
/// It goes to `write` in pieces, since a large text would otherwise be there twice.
void writeMessageJson(const QString& file, std::string_view raw, const ParsedMessage& message,
                      const std::function<void(std::string_view)>& write);
std::string messageJsonLine(const QString& file, std::string_view raw,
                            const ParsedMessage& message);

/// The same without `file`, to be put together with other values.
QJsonObject messageJson(std::string_view raw, const ParsedMessage& message);

} // namespace avocet
