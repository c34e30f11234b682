// SPDX-License-Identifier: GPL-3.0-or-later
// Where a message is written. Any number of these stand side by side; closing one loses no word.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Account.h"
#include "core/model/Outgoing.h"
#include "ui/compose/ComposeSettings.h"
#include "ui/compose/SendChecks.h"
#include "ui/compose/SpellMenu.h"

#include <QDateTime>
#include <QSet>
#include <QStringList>
#include <QWidget>

#include <vector>

class QLabel;
class QLineEdit;
class QMenu;

namespace avocet {

class AttachmentStrip;
class Button;
class IconButton;
class ComposeBody;
class ComposeEditor;
class ComposeRow;
class ComposeTemplates;
class DraftSaver;
class FromChoice;
class InfoBarStack;
class RecipientField;
class RecipientGroup;

/// Top-level and not modal; deletes itself once closed. Thread: the GUI's.
///
/// States: writing -> (Send) saving -> sending -> gone, back to writing on an error; writing -> (close)
/// reading what is being attached -> saving -> gone. A draft that nobody touched leaves nothing behind.
class ComposeWindow : public QWidget {
    Q_OBJECT
public:
    ComposeWindow(MailEngine& engine, Draft draft, const ComposeSettings& settings = {},
                  QWidget* parent = nullptr);
    ~ComposeWindow() override;

    /// The stored draft, once there is one.
    DraftId draftId() const;
    /// As it is on the screen now.
    Draft draft() const;
    /// Whether closing would lose nothing.
    bool isSaved() const;

    void attachFiles(const QStringList& paths);
    void attachImage(const QImage& image);
    /// Pictures among them go into the text where it is formatted.
    void insertFiles(const QStringList& paths);
    void insertTemplate(const Template& one);

public Q_SLOTS:
    void send(); ///< at the time that was set, else as soon as possible
    void sendAtOnce();
    /// Asks for the time first.
    void sendLater();
    void chooseFiles();
    void discard();
    void saveNow();

Q_SIGNALS:
    /// The outbox has it, durably.
    void sent(avocet::OutboxId item);
    /// The user threw it away; opening a window with `draft` takes that back. Who connects to this offers
    /// the undo; else the window asks before.
    void discarded(const avocet::Draft& draft);
    /// It closes, and what was written is kept as a draft.
    void kept();
    /// The settings' page of templates is wanted.
    void templatesWanted();
    /// In the composer's menu, to be remembered.
    void spellingChosen(const avocet::SpellChoice& choice);

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    enum class Stage { Writing, SavingToSend, Sending, ReadingToClose, SavingToClose, Gone };

    void build();
    QWidget* makeToolBar();
    void fitToolBar();
    QWidget* makeHeader();
    QWidget* makeFromRow(QWidget* header);
    RecipientField* makeRecipientRow(const QString& name, ComposeRow*& row, QWidget* header);
    void makeTemplates();
    void makeShortcuts();
    void connectFields();
    void fill(const Draft& draft);
    void setStage(Stage stage);

    void changed();
    void identityChosen();
    void showField(ComposeRow* row, RecipientField* field, QWidget* button);
    void updateTitle();
    void updateSavedLabel();
    void warnOfSize();
    void removeAttachments();
    void addReportChoice(QMenu& menu, const QString& words, bool Draft::*field);
    void takeLimit(const QJsonObject& policy);
    QWidget* makeSendMenu(QWidget* bar);
    void setSendTime(const QDateTime& time);
    void showSendTime();
    void readFiles(const QStringList& paths, bool intoText);
    void fileRead(const QString& path, bool intoText, Result<DraftAttachment> read);
    void formatChosen(bool rich);
    void dropHint(bool on, bool intoText = false);

    bool isEmpty() const;
    bool mayLeave();
    void trySend();
    void sendNow();
    void draftSaved();
    void saveFailed(const Error& error);
    void draftVanished();
    void sendFinished(const Result<QJsonObject>& reply);
    void leave();

    MailEngine& m_engine;
    ComposeSettings m_settings;
    Draft m_origin; ///< what the fields do not show: ids, references
    std::vector<Identity> m_identities;
    DraftSaver* m_saver;
    RequestId m_sendRequest;
    RequestId m_limitRequest;
    qint64 m_sizeLimit = 0; ///< what the account's server told when it was last used
    QDateTime m_sendAt;     ///< invalid: as soon as possible
    Stage m_stage = Stage::Writing;
    bool m_touched = false;
    SendFacts m_answered; ///< what was asked before sending and answered: not asked again
    int m_reading = 0;    ///< files under way
    QSet<QString> m_givenLines;
    IdentityId m_identity;
    QDateTime m_savedAt;

    Button* m_send = nullptr;
    IconButton* m_sendMenu = nullptr;
    QLabel* m_when = nullptr; ///< the time that was set
    Button* m_attach = nullptr;
    Button* m_discard = nullptr;
    QLabel* m_saved = nullptr;
    InfoBarStack* m_bars = nullptr;
    QWidget* m_header = nullptr;
    FromChoice* m_from = nullptr;
    RecipientGroup* m_people = nullptr;
    RecipientField *m_to = nullptr, *m_cc = nullptr, *m_bcc = nullptr;
    ComposeRow *m_toRow = nullptr, *m_ccRow = nullptr, *m_bccRow = nullptr;
    Button *m_showCc = nullptr, *m_showBcc = nullptr;
    QLineEdit* m_subject = nullptr;
    ComposeRow* m_subjectRow = nullptr;
    ComposeEditor* m_editor = nullptr;
    ComposeBody* m_body = nullptr; ///< the editor's
    ComposeTemplates* m_templates = nullptr;
    Button* m_templatesButton = nullptr;
    AttachmentStrip* m_attachments = nullptr;
    QWidget* m_dropHint = nullptr;
};

} // namespace avocet
