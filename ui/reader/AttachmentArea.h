// SPDX-License-Identifier: GPL-3.0-or-later
// The attachments of one message: their cards, and what is done with them.
#pragma once

#include "core/engine/MailQueries.h"
#include "ui/reader/AttachmentSaver.h"

#include <QWidget>

#include <memory>

class QLabel;

namespace avocet {

class Button;
class FlowRow;
class InfoBarStack;
class ReaderContext;
class ReceivedAttachmentCard;

/// Hidden while there is none. What goes wrong is said in `bars`.
class AttachmentArea : public QWidget {
    Q_OBJECT
public:
    AttachmentArea(ReaderContext& context, InfoBarStack& bars, QWidget* parent);

    void setMessage(std::shared_ptr<const OpenedMessage> message);

private:
    const ParsedAttachment& attachment(int index) const;
    QString fileName(int index) const;
    void open(int index);
    void preview(int index);
    void openOutside(int index);
    void save(int index);
    void saveAll();
    void saveInto(const QString& path, int index);
    void saveAllInto(const QString& directory, const QStringList& names);
    /// Also after another message is shown.
    FileContent content(int index) const;
    ReceivedAttachmentCard* card(int index) const;
    void sayNotSaved(const AttachmentSaver::Report& report, int total);
    void sayFailure(const Error& error);

    ReaderContext& m_context;
    InfoBarStack& m_bars;
    std::shared_ptr<const OpenedMessage> m_message;
    QLabel* m_title;
    Button* m_saveAll;
    FlowRow* m_cards;
};

/// Where people look for what they saved.
QString downloadsPlace();

} // namespace avocet
