// SPDX-License-Identifier: GPL-3.0-or-later
// One message of a conversation: a line while it is folded, else header, banners, text and attachments.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/mime/Invitations.h"
#include "core/mime/ReplyBuilder.h"

#include <QTimer>
#include <QUrl>
#include <QWidget>

#include <memory>
#include <optional>

class QMenu;

namespace avocet {

class AttachmentArea;
class Button;
class CardNotices;
class EmptyState;
class FileContent;
class FileDrag;
class FoldedLine;
class IconButton;
class InfoBarStack;
class InvitationCard;
class MessageBody;
class MessageHeader;
class ReaderContext;
enum class Reuse;

/// What a message is called as a file: its subject, .eml.
QString messageFileName(const MessageSummary& message);

/// Reads its message from the cache when it is opened for the first time, else has it fetched.
class MessageCard : public QWidget {
    Q_OBJECT
public:
    MessageCard(ReaderContext& context, const MessageSummary& summary, QWidget* parent);

    MessageId message() const { return m_summary.id; }
    FolderId folder() const { return m_summary.folder; }
    const MessageSummary& summary() const { return m_summary; }
    /// Null until it is here.
    const OpenedMessage* opened() const { return m_opened.get(); }
    /// Null until it is opened for the first time.
    MessageBody* body() const { return m_body; }

    bool isOpen() const { return m_open; }
    void setOpen(bool open);
    /// The only one of its conversation does not fold, and the pane has its actions.
    void setAlone(bool alone);
    /// Flags or folder are others now.
    void setSummary(const MessageSummary& summary);
    /// A message that is in no cache.
    void present(std::shared_ptr<const OpenedMessage> message);
    /// It can be read, and nobody said that it is to stay unread.
    bool countsAsSeen() const;

    /// Reads its message for one where it is not open, too; invitationFound says that there is.
    void lookForInvitation();
    /// Nothing until it was found.
    const std::optional<Invitation>& invitation() const { return m_invited; }
    /// Whether the message is from whom its invitation names; what anybody else sends changes no meeting.
    bool isInvitedByAuthor() const { return m_invitedByAuthor; }
    InvitationCard* invitationCard() const;

    void reply(ReplyKind kind);
    void reuse(Reuse how);
    void toggleStar();
    void toggleRead();
    void saveAs();
    void showSource();
    void addActions(QMenu& menu);
    /// The keyboard goes to the text, or to the card where there is none. False: nothing takes it.
    bool focusText();

Q_SIGNALS:
    void foldWished(bool open); ///< by the user
    void loaded();
    void invitationFound();
    void textShown();   ///< as MessageBody::shown
    void moved(int by); ///< what is in view lies so much lower now

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void build();
    QWidget* buildHead(QWidget* parent);
    void followEngine();
    void updateNames();
    void load();
    void arrived(Result<OpenedMessage> result);
    void presentHeader();
    void bodyShown();
    void presentNotes();
    void fetchBody();
    void showProgress(qint64 received, qint64 total);
    void fetchFailed(const Error& error);
    void notDownloaded();
    void hideBodyState();
    void waitForText();
    bool takesListReplies() const;
    void mark(Flags add, Flags remove);
    void showLinkBar(const QString& words, const QUrl& target, bool mayOpen);
    void openLink(const QUrl& target, const QString& words);
    void showMore();
    bool isOnHead(const QPoint& point) const;
    FileContent rawContent() const;
    void readInvitation(const std::shared_ptr<const OpenedMessage>& message);
    void presentInvitation();
    void answerInvitation(Participation answer);
    void answerFailed(const QString& words);
    std::optional<Identity> invitedIdentity() const;

    ReaderContext& m_context;
    MessageSummary m_summary;
    std::shared_ptr<const OpenedMessage> m_opened;
    RequestId m_fetch;
    bool m_loading = false;
    bool m_loadAgain = false; ///< its text came while it was being read without
    bool m_open = false;
    bool m_alone = false;
    bool m_keptUnread = false;
    QTimer m_skeletonDelay;
    FileDrag* m_drag = nullptr;

    FoldedLine* m_line;
    QWidget* m_content = nullptr; ///< and all below: null until it is opened
    QWidget* m_head = nullptr;
    MessageHeader* m_header = nullptr;
    QWidget* m_tools = nullptr;
    IconButton* m_star = nullptr;
    IconButton* m_more = nullptr;
    InfoBarStack* m_bars = nullptr;
    InvitationCard* m_invitation = nullptr;
    std::optional<Invitation> m_invited;
    bool m_invitedByAuthor = false;
    bool m_lookedAhead = false;
    MessageBody* m_body = nullptr;
    QWidget* m_skeleton = nullptr;
    Button* m_stop = nullptr; ///< while a large text is on its way
    EmptyState* m_bodyState = nullptr;
    AttachmentArea* m_attachments = nullptr;
    CardNotices* m_notices = nullptr;
};

} // namespace avocet
