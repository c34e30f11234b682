// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation in a window of its own.
#pragma once

#include "ui/reader/ReaderPane.h"

namespace avocet {

class Toast;

/// Deletes itself once closed; closes by itself when all of its messages have gone.
class ReaderWindow : public QWidget {
    Q_OBJECT
public:
    ReaderWindow(MailEngine& engine, BodySettings& bodies);

    ReaderPane& reader() { return *m_reader; }
    void showMessage(FolderId folder, MessageId message);
    /// A message that lies in no folder: from a file, or enclosed in another.
    void showLoose(std::shared_ptr<const OpenedMessage> message);
    void say(const QString& text);

private:
    /// Once nothing that it shows of that folder is left there.
    void closeBehind(const std::vector<MessageId>& messages, FolderId from);
    void setTitle();

    ReaderPane* m_reader;
    Toast* m_toast;
};

} // namespace avocet
