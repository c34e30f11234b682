// SPDX-License-Identifier: GPL-3.0-or-later
// The attachments of one message: their cards, and what is done with them.
#pragma once

#include "core/engine/MailQueries.h"
#include "ui/reader/AttachmentSaver.h"

#include <QWidget>

#include <functional>
#include <memory>

class QLabel;

namespace avocet {

class Button;
class FlowRow;
class InfoBarStack;
class ReaderContext;

/// Hidden while there is none. What goes wrong is said in `bars`.
class AttachmentArea : public QWidget {
    Q_OBJECT
public:
    AttachmentArea(ReaderContext& context, InfoBarStack& bars, QWidget* parent);

    /// `id`: none for a message from a file.
    void setMessage(MessageId id, std::shared_ptr<const OpenedMessage> message);

private:
    const ParsedAttachment& attachment(int index) const;
    QString fileName(int index) const;
    void open(int index);
    void preview(int index);
    void openOutside(int index);
    void save(int index);
    void saveAll();
    void saveAllInto(const QString& directory, const QStringList& names,
                     AttachmentSaver::Fetch source);
    void withBytes(int index, std::function<void(std::string bytes)> use);
    /// The bytes of these attachments, also after another message is shown.
    AttachmentSaver::Fetch source();
    void sayNotSaved(const AttachmentSaver::Report& report, int total);
    void sayFailure(const Error& error);

    ReaderContext& m_context;
    InfoBarStack& m_bars;
    MessageId m_id;
    std::shared_ptr<const OpenedMessage> m_message;
    QLabel* m_title;
    Button* m_saveAll;
    FlowRow* m_cards;
};

/// Where people look for what they saved.
QString downloadsPlace();

} // namespace avocet
