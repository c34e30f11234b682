// SPDX-License-Identifier: GPL-3.0-or-later
// Archive, delete, move and empty, each with its words and its way back for ten seconds.
#pragma once

#include "core/engine/MailEngine.h"

#include <QDeadlineTimer>
#include <QObject>
#include <QString>

#include <chrono>
#include <functional>
#include <map>
#include <span>
#include <vector>

namespace avocet {

/// Thread: the GUI's. Tells the engine and answers at once; the engine shows what became of it. Messages come with the
/// folder that they are taken from; none: each from the folder that shows it (search results).
class MailActions : public QObject {
    Q_OBJECT
public:
    using Messages = std::vector<MessageId>;

    /// What is asked before it is done.
    struct Question {
        QString title, text, verb;
        bool danger = false; ///< there is no undo
        std::function<void()> run;
    };

    explicit MailActions(MailEngine& engine, QObject* parent = nullptr);

    /// To each account's Archive, which is made where there is none.
    void archive(const Messages& messages, FolderId from);
    /// To the Trash; for good from there and where there is none.
    void remove(const Messages& messages, FolderId from, bool forGood = false);
    /// To the Junk folder; what lies there all together goes back to the Inbox.
    void junk(const Messages& messages, FolderId from);
    bool isJunk(const Messages& messages, FolderId from);
    void move(const Messages& messages, FolderId from, FolderId target, bool copy = false);
    /// Deletes all that the folder holds for good.
    void empty(FolderId folder);
    void markAllRead(FolderId folder);
    void createFolder(AccountId account, const std::string& path, const QString& name);
    void renameFolder(const Folder& folder, const std::string& path, const QString& name);
    void deleteFolder(const Folder& folder);

    /// The account's folder for this role, or what people call it; none: invalid.
    Folder special(AccountId account, FolderRole role);
    /// The accounts that hold the messages.
    std::vector<AccountId> accountsOf(const Messages& messages, FolderId from);

    void setUndoTime(std::chrono::milliseconds time) { m_undoTime = time; }
    bool canUndo() const;
    /// The latest, or the one that done() named. Nothing happens where its time is over.
    void undo(int step = 0);

Q_SIGNALS:
    /// In words; `step` for undo(), 0: it has no way back.
    void done(const QString& words, int step);
    /// They leave the list of `from` before the engine says so.
    void leaving(const std::vector<avocet::MessageId>& messages, avocet::FolderId from);
    /// They come back to `to`.
    void returning(const std::vector<avocet::MessageId>& messages, avocet::FolderId to);
    /// Over a hundred messages, or no way back.
    void questionRaised(const avocet::MailActions::Question& question);
    /// Nothing was changed; what left the list has to be read again.
    void failed(const QString& words);

private:
    /// Messages that lie in one folder.
    struct Part {
        Folder from;
        Messages messages;
    };
    struct Step {
        QDeadlineTimer until;
        Messages messages;
        FolderId home;
        std::vector<std::function<void()>> back;
        QString undone; ///< what is said after it was taken back
    };
    enum class Where { Archive, Trash, Junk };

    std::vector<Folder> folders();
    Folder folder(FolderId id);
    std::vector<Part> partsOf(const Messages& messages, FolderId from);
    void ask(std::size_t count, const QString& title, const QString& verb,
             std::function<void()> run);
    void archiveNow(const Messages& messages, FolderId from);
    void removeNow(const Messages& messages, FolderId from, bool forGood);
    void moveNow(const Messages& messages, FolderId from, const Folder& target, bool copy);
    void readNow(const Messages& messages);
    /// Submits, and remembers which step fails with it.
    void tell(int step, Command command);
    int begin(const Messages& messages, FolderId home);
    void forget();

    MailEngine& m_engine;
    std::chrono::milliseconds m_undoTime;
    std::map<int, Step> m_steps;
    std::map<std::int64_t, int> m_requests;
    int m_last = 0;
};

/// The path for a folder of one's own at the top of an account whose folders are `folders`: some servers keep all of them
/// below the Inbox.
std::string topLevelPath(std::span<const Folder> folders, const std::string& name);

} // namespace avocet
