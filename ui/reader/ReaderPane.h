// SPDX-License-Identifier: GPL-3.0-or-later
// The right pane: one message with its header, banners, text and attachments, or what stands in
// its place while there is none.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/engine/MailQueries.h"
#include "core/mime/ReplyBuilder.h"
#include "ui/reader/AttachmentSaver.h"

#include <QSet>
#include <QTimer>
#include <QWidget>

#include <chrono>
#include <optional>

class QBoxLayout;
class QLabel;
class QScrollArea;
class QStackedWidget;

namespace avocet {

class Button;
class EmptyState;
class FlowRow;
class IconButton;
class InfoBarStack;
class MessageHeader;
class MessageText;
class ReaderFiles;
class SubjectLabel;

/// States: nothing selected, several selected, loading (grey after 150 ms), shown, not downloaded, failed. A reply for a
/// message that is no longer selected is not shown.
class ReaderPane : public QWidget {
    Q_OBJECT
public:
    explicit ReaderPane(MailEngine& engine, QWidget* parent = nullptr);
    ~ReaderPane() override;

    void showMessage(FolderId folder, MessageId message);
    void showNothing();
    void showSelection(int count);
    /// A message from a file, which is in no folder.
    void showFile(const QString& path);
    MessageId message() const { return m_message; }
    FolderId folder() const { return m_folder; }
    const std::optional<OpenedMessage>& opened() const { return m_opened; }

    /// Time in view after which a message becomes read; none: never.
    void setMarkReadAfter(std::optional<std::chrono::milliseconds> delay);
    void setOffline(bool offline) { m_offline = offline; }
    /// Shows a back arrow: the reader has taken the list's place.
    void setBackVisible(bool visible);

    void reply(ReplyKind kind);
    void toggleStar();
    void markUnread();
    void saveAs();
    void showSource();
    void scrollPage(int direction);
    /// The keyboard goes to the text.
    void focusText();

Q_SIGNALS:
    void backRequested();
    void replyRequested(avocet::ReplyKind kind, const avocet::OpenedMessage& original);
    void mailtoRequested(const QUrl& url);
    void toastRequested(const QString& text);
    void archiveRequested();
    void deleteRequested();
    void junkRequested();
    void moveRequested(bool copy);
    void keyPressed(QChar key); ///< single keys that the reader does not use itself

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void buildActions(QBoxLayout* row);
    void connectEngine();
    void load();
    void opened(Result<OpenedMessage> result);
    void present();
    void presentSummary(const MessageSummary& summary);
    void presentText();
    void presentAttachments();
    void presentNotes();
    void fetchBody();
    void fetchFailed(const Error& error);
    void notDownloaded();
    void refreshStar();
    void mark(Flags add, Flags remove);
    void openLink(const QUrl& target, const QString& words);
    void showTarget(const QUrl& target);
    void openAttachment(int index);
    void saveAttachment(int index);
    void saveAllAttachments();
    void withAttachment(int index, std::function<void(std::string bytes)> use);
    /// The bytes of the shown message's attachments, also after another one is shown.
    AttachmentSaver::Fetch attachmentSource();
    void saveAllInto(const QString& directory, const QStringList& names,
                     AttachmentSaver::Fetch source);
    void sayNotSaved(const AttachmentSaver::Report& report, int total);
    void sayFailure(const Error& error);
    void showMore();
    QSet<QString> ownAddresses() const;

    MailEngine& m_engine;
    FolderId m_folder;
    MessageId m_message;
    std::optional<OpenedMessage> m_opened;
    MessageSummary m_summary;
    RequestId m_fetch;
    bool m_offline = false;
    bool m_wholeText = false;
    std::optional<std::chrono::milliseconds> m_readDelay = std::chrono::milliseconds(1'500);
    QTimer m_readTimer;
    QTimer m_skeletonDelay;
    ReaderFiles* m_files;

    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QWidget* m_page;
    IconButton* m_back;
    SubjectLabel* m_subject;
    QList<Button*> m_wide;
    QList<IconButton*> m_narrow;
    IconButton* m_archive;
    IconButton* m_delete;
    IconButton* m_star;
    IconButton* m_more;
    QScrollArea* m_scroll;
    MessageHeader* m_header;
    InfoBarStack* m_bars;
    MessageText* m_text;
    QWidget* m_skeleton;
    EmptyState* m_bodyState;
    Button* m_rest;
    QWidget* m_attachmentBox;
    QLabel* m_attachmentTitle;
    Button* m_saveAll;
    FlowRow* m_cards;
    QLabel* m_target;
};

} // namespace avocet
