// SPDX-License-Identifier: GPL-3.0-or-later
// Messages on their way from the list to a folder, or out of the window as files.
#pragma once

#include "core/model/Ids.h"

#include <QMimeData>

#include <vector>

namespace avocet {

/// Ids mean nothing outside of this window, so that nothing else is told of them: others see files, where there are any.
class DraggedMessages : public QMimeData {
    Q_OBJECT
public:
    DraggedMessages(std::vector<MessageId> messages, FolderId from)
        : m_messages(std::move(messages))
        , m_from(from)
    {
        setData(QStringLiteral("application/x-avocet-messages"), {});
    }
    const std::vector<MessageId>& messages() const { return m_messages; }
    /// None: each lies in its own folder.
    FolderId from() const { return m_from; }

private:
    std::vector<MessageId> m_messages;
    FolderId m_from;
};

} // namespace avocet
