// SPDX-License-Identifier: GPL-3.0-or-later
// The right pane: a conversation under its subject and actions, or what stands in its place while there is none.
#pragma once

#include "ui/reader/ConversationView.h"
#include "ui/reader/ReaderContext.h"

#include <QWidget>

#include <memory>

class QBoxLayout;
class QLabel;
class QMenu;
class QPrinter;
class QStackedWidget;

namespace avocet {

class Button;
class ConversationFind;
class EmptyState;
class FindBar;
class HtmlView;
class IconButton;
class SubjectLabel;

/// States: nothing selected, several selected, a conversation.
class ReaderPane : public QWidget {
    Q_OBJECT
public:
    ReaderPane(MailEngine& engine, BodySettings& bodies, QWidget* parent = nullptr);
    ~ReaderPane() override;

    void showMessage(FolderId folder, MessageId message);
    void showNothing();
    void showSelection(int count);
    /// A message from a file, which is in no folder.
    void showFile(const QString& path);
    void showLoose(std::shared_ptr<const OpenedMessage> message);

    /// The message that actions are about; of a conversation the one that was last turned to.
    MessageId message() const;
    FolderId folder() const;
    /// Null until its text is here.
    const OpenedMessage* opened() const;
    ReaderContext& context() { return *m_context; }
    ConversationView& conversation() { return *m_conversation; }

    /// Time in view after which a message becomes read; none: never.
    void setMarkReadAfter(std::optional<std::chrono::milliseconds> delay);
    void setOffline(bool offline) { m_context->setOffline(offline); }
    /// Shows a back arrow: the reader has taken the list's place.
    void setBackVisible(bool visible);

    void reply(ReplyKind kind);
    void reuse(Reuse how);
    void toggleStar();
    void toggleRead();
    void saveAs();
    void showSource();
    /// Folded messages are left out.
    void print();
    void saveAsPdf();
    void writePdf(const QString& path);
    /// Looks for words in the conversation; those that are selected, where some are.
    void find();
    /// Opens the conversation's folded messages, and says so where those are too many for once.
    void openMore();
    /// The keyboard goes to the text.
    void focusText();

Q_SIGNALS:
    void backRequested();
    void keyPressed(QChar key); ///< single keys that the reader does not use itself

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void buildActions(QBoxLayout* row);
    void connectParts();
    void addKeys();
    void endFind();
    void refreshHead();
    void showMore();
    void addConversationActions(QMenu& menu);
    void showTarget(const QUrl& target);
    void openFile(Result<OpenedMessage> message);
    void printOn(const std::shared_ptr<QPrinter>& printer);
    void warnOfFolded();
    void addCommonActions(QMenu& menu);
    bool actOn(QChar key);
    /// What the pane's own actions are about: the conversation, as far as it lies in the folder.
    std::vector<MessageId> acted() const;

    ReaderContext* m_context;
    FolderId m_folder; ///< that was looked at
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QWidget* m_page;
    IconButton* m_back;
    SubjectLabel* m_subject;
    QLabel* m_count;
    QList<Button*> m_wide;
    QList<IconButton*> m_narrow;
    IconButton* m_archive;
    IconButton* m_delete;
    IconButton* m_star;
    IconButton* m_more;
    FindBar* m_findBar;
    ConversationView* m_conversation;
    ConversationFind* m_finder;
    QLabel* m_target;
};

} // namespace avocet
