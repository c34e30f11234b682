// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeWindow.h"

#include "ui/compose/AttachmentFile.h"
#include "ui/compose/AttachmentReminder.h"
#include "ui/compose/AttachmentStrip.h"
#include "ui/compose/ComposeActions.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposeEditor.h"
#include "ui/compose/ComposeRow.h"
#include "ui/compose/ComposeTemplates.h"
#include "ui/compose/DraftSaver.h"
#include "ui/compose/FromChoice.h"
#include "ui/compose/RecipientField.h"
#include "ui/compose/RecipientGroup.h"
#include "ui/compose/SendChecks.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"
#include "ui/words/ErrorWords.h"

#include <QCloseEvent>
#include <QDateTime>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMetaMethod>

namespace avocet {

namespace {

const QString sendBar = QStringLiteral("send");
const QString saveBar = QStringLiteral("save");
const QString vanishedBar = QStringLiteral("vanished");
const QString discardBar = QStringLiteral("discard");

} // namespace

ComposeWindow::ComposeWindow(MailEngine& engine, Draft draft, const ComposeSettings& settings,
                             QWidget* parent)
    : QWidget(parent, Qt::Window)
    , m_engine(engine)
    , m_settings(settings)
    , m_origin(std::move(draft))
    , m_identities(engine.queries().identities())
    , m_identity(m_origin.identity)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAcceptDrops(true);
    setObjectName(QStringLiteral("compose"));
    if (!findIdentity(m_identities, m_identity) && !m_identities.empty())
        m_identity = m_identities.front().id;
    m_saver = new DraftSaver(
        m_engine, m_origin.id, [this] { return this->draft(); }, this);
    build();
    fill(m_origin);
    connectFields();
    makeShortcuts();
    m_origin.attachments.clear(); // the strip holds them from here on
    updateTitle();
    updateSavedLabel();
    if (m_to->isEmpty())
        m_to->edit()->setFocus(Qt::OtherFocusReason);
    else if (m_subject->text().isEmpty())
        m_subject->setFocus(Qt::OtherFocusReason);
    else
        m_body->setFocus(Qt::OtherFocusReason);
}

ComposeWindow::~ComposeWindow() = default;

DraftId ComposeWindow::draftId() const
{
    return m_saver->id();
}

bool ComposeWindow::isSaved() const
{
    return m_saver->isSaved();
}

Draft ComposeWindow::draft() const
{
    Draft draft = m_origin;
    draft.id = m_saver->id();
    draft.identity = m_identity;
    if (m_from)
        draft.from = m_from->from();
    draft.to = m_to->addresses();
    draft.cc = m_cc->addresses();
    draft.bcc = m_bcc->addresses();
    draft.subject = m_subject->text().toStdString();
    draft.attachments = m_attachments->attachments();
    m_editor->write(draft);
    draft.changed = QDateTime::currentSecsSinceEpoch();
    draft.sendAt = m_sendAt.isValid() ? m_sendAt.toSecsSinceEpoch() : 0;
    return draft;
}

void ComposeWindow::fill(const Draft& draft)
{
    m_people->setAddresses(draft);
    m_subject->setText(QString::fromStdString(draft.subject));
    m_attachments->setAttachments(m_editor->setDraft(draft));
    m_givenLines = givenLines(draft, m_body->text(), findIdentity(m_identities, m_identity));
    // A time that is past is none any more.
    if (draft.sendAt > QDateTime::currentSecsSinceEpoch())
        m_sendAt = QDateTime::fromSecsSinceEpoch(draft.sendAt);
    showSendTime();
    if (!m_cc->isEmpty())
        showField(m_ccRow, nullptr, m_showCc);
    if (!m_bcc->isEmpty())
        showField(m_bccRow, nullptr, m_showBcc);
}

void ComposeWindow::changed()
{
    if (m_stage != Stage::Writing && m_stage != Stage::ReadingToClose)
        return;
    m_touched = true;
    m_bars->dismiss(sendBar);
    m_toRow->setInvalid(false);
    m_subjectRow->setInvalid(false);
    m_saver->changed();
    updateTitle();
    updateSavedLabel();
}

void ComposeWindow::identityChosen()
{
    const Identity* old = findIdentity(m_identities, m_identity);
    const Identity* chosen = findIdentity(m_identities, m_from->identity());
    if (!chosen)
        return;
    if (chosen->id == m_identity) {
        changed(); // another address of the same
        return;
    }
    m_editor->changeSignature(old, *chosen);
    for (const QString& line : linesOf(QString::fromStdString(chosen->signature)))
        m_givenLines.insert(line);
    m_identity = chosen->id;
    m_limitRequest = m_engine.submit(command::SetOutboxPolicy{}); // another account, another server
    changed();
}

void ComposeWindow::showField(ComposeRow* row, RecipientField* field, QWidget* button)
{
    row->show();
    button->hide();
    if (field)
        field->edit()->setFocus(Qt::OtherFocusReason);
}

void ComposeWindow::updateTitle()
{
    const QString subject = m_subject->text().trimmed();
    setWindowTitle(subject.isEmpty() ? tr("New message") : subject);
}

void ComposeWindow::updateSavedLabel()
{
    if (m_stage == Stage::SavingToSend || m_stage == Stage::Sending)
        m_saved->setText(tr("Putting it into the outbox"));
    else if (m_bars->contains(saveBar))
        m_saved->setText(tr("Draft not saved"));
    else if (!m_touched && !m_saver->id())
        m_saved->clear();
    else if (m_savedAt.isValid())
        m_saved->setText(tr("Draft saved %1").arg(clockTime(m_savedAt)));
    else
        m_saved->setText(m_saver->isSaved() ? tr("Draft saved") : tr("Saving"));
}

// --- saving and closing

void ComposeWindow::saveNow()
{
    if (m_stage == Stage::Writing && m_touched)
        m_saver->flush();
}

void ComposeWindow::draftSaved()
{
    if (m_touched && m_saver->id())
        m_savedAt = QDateTime::currentDateTime();
    m_bars->dismiss(saveBar);
    updateSavedLabel();
    if (!m_saver->isSaved())
        return;
    if (m_stage == Stage::SavingToClose) {
        m_saver->file();
        Q_EMIT kept();
        leave();
    } else if (m_stage == Stage::SavingToSend) {
        sendNow();
    }
}

void ComposeWindow::saveFailed(const Error& error)
{
    const bool closing = m_stage == Stage::SavingToClose;
    setStage(Stage::Writing);
    BarMessage bar{saveBar,
                   Severity::Danger,
                   tr("The draft could not be saved. %1").arg(errorSentence(error, {})),
                   {{tr("Try again"), [this] { m_saver->flush(); }}},
                   true};
    if (closing)
        bar.actions.append({tr("Close anyway"), [this] {
                                m_saver->discard();
                                leave();
                            }});
    m_bars->show(bar);
    updateSavedLabel();
}

bool ComposeWindow::isEmpty() const
{
    return m_to->isEmpty() && m_cc->isEmpty() && m_bcc->isEmpty() &&
           m_subject->text().trimmed().isEmpty() && m_attachments->attachments().empty() &&
           m_editor->isBlankBut(findIdentity(m_identities, m_identity));
}

void ComposeWindow::closeEvent(QCloseEvent* event)
{
    if (m_stage == Stage::Gone) {
        event->accept();
        return;
    }
    event->ignore();
    if (m_stage != Stage::Writing)
        return; // it closes by itself when what is under way is done
    if (m_reading > 0) {
        setStage(Stage::ReadingToClose);
    } else if (!m_touched) {
        leave();
    } else if (isEmpty()) {
        m_saver->discard();
        leave();
    } else if (m_saver->isSaved()) {
        m_saver->file();
        Q_EMIT kept();
        leave();
    } else {
        setStage(Stage::SavingToClose);
        m_saver->flush();
    }
}

void ComposeWindow::leave()
{
    m_stage = Stage::Gone;
    // Not within the signal or the close event that led here.
    QMetaObject::invokeMethod(this, &QWidget::close, Qt::QueuedConnection);
}

void ComposeWindow::discard()
{
    if (m_stage != Stage::Writing)
        return;
    const auto undoable = QMetaMethod::fromSignal(&ComposeWindow::discarded);
    if (!isEmpty() && !isSignalConnected(undoable) && !m_bars->contains(discardBar)) {
        m_bars->show({discardBar,
                      Severity::Warning,
                      tr("This draft will be deleted for good."),
                      {{tr("Delete draft"), [this] { discard(); }}},
                      true});
        return;
    }
    Draft last = draft();
    last.id = {};
    const bool wasEmpty = isEmpty();
    m_saver->discard();
    if (!wasEmpty)
        Q_EMIT discarded(last);
    leave();
}

// --- sending

void ComposeWindow::trySend()
{
    if (m_stage != Stage::Writing)
        return;
    m_people->complete();
    if (m_reading > 0) {
        m_bars->show({sendBar,
                      Severity::Info,
                      tr("A file is still being read. Send again in a moment."),
                      {},
                      true});
        return;
    }
    if (RecipientField* field = m_people->invalidField()) {
        m_bars->show(
            {sendBar,
             Severity::Danger,
             tr("“%1” is not an email address. Correct or remove it.")
                 .arg(fontMetrics().elidedText(field->firstInvalid(), Qt::ElideMiddle, 240)),
             {},
             true});
        field->edit()->setFocus(Qt::OtherFocusReason);
        return;
    }
    if (m_people->isEmpty()) {
        m_bars->show(
            {sendBar, Severity::Danger, tr("Add a recipient to send this message."), {}, true});
        m_toRow->setInvalid(true);
        m_to->edit()->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_templates->fillOpen();
    if (!mayLeave())
        return;
    setStage(Stage::SavingToSend);
    if (m_saver->isStored()) {
        sendNow();
        return;
    }
    m_touched = true; // a reply that is sent as it stands is stored, too
    m_saver->changed();
    m_saver->flush();
}

/// One question for all there is to ask, and none about what was answered before.
bool ComposeWindow::mayLeave()
{
    SendFacts facts;
    facts.noSubject = m_subject->text().trimmed().isEmpty();
    facts.attachmentMissing = m_settings.attachmentReminder &&
                              m_attachments->attachments().empty() &&
                              mentionsAttachment(m_subject->text(), m_body->text(), m_givenLines);
    facts.visibleRecipients = static_cast<int>(m_people->visibleCount());
    facts.isReply = m_origin.original && !m_origin.forwards;
    facts.placeholder = m_templates->firstOpen();
    const auto question = questionBeforeSending(unanswered(facts, m_answered));
    if (!question)
        return true;
    QList<BarAction> actions;
    const auto answer = [this, facts] { m_answered = facts; };
    if (question->offersFill)
        actions.append({tr("Fill in"), [this, answer] {
                            answer();
                            m_answered.placeholder.clear(); // perhaps it stays open
                            m_templates->goToOpen();
                        }});
    if (question->offersAttach)
        actions.append({tr("Attach"), [this, answer] {
                            answer();
                            m_answered.attachmentMissing = false; // perhaps none is chosen
                            chooseFiles();
                        }});
    if (question->offersBcc)
        actions.append({tr("Move to Bcc"), [this, answer] {
                            answer();
                            m_people->moveToBcc();
                            showField(m_bccRow, m_bcc, m_showBcc);
                        }});
    actions.append({tr("Send anyway"), [this, answer] {
                        answer();
                        trySend();
                    }});
    m_bars->show({sendBar, Severity::Warning, question->words, actions, true});
    if (question->offersFill)
        m_templates->goToOpen();
    else if (facts.noSubject && !m_answered.noSubject)
        m_subject->setFocus(Qt::OtherFocusReason);
    return false;
}

void ComposeWindow::sendNow()
{
    setStage(Stage::Sending);
    m_sendRequest = m_engine.submit(
        command::SendDraft{m_saver->id(), m_sendAt.isValid() ? m_sendAt.toSecsSinceEpoch() : 0,
                           m_settings.undoSeconds, m_settings.style()});
}

void ComposeWindow::draftVanished()
{
    if (m_stage != Stage::Writing)
        return;
    m_bars->show({vanishedBar,
                  Severity::Warning,
                  tr("This draft was sent or thrown away elsewhere, perhaps on another device."),
                  {{tr("Keep it here"), [this] {
                        m_bars->dismiss(vanishedBar);
                        m_touched = true;
                        m_saver->changed();
                        m_saver->flush();
                    }}}});
}

void ComposeWindow::sendFinished(const Result<QJsonObject>& reply)
{
    m_sendRequest = {};
    if (reply) {
        Q_EMIT sent(OutboxId{reply->value(QLatin1String("outboxId")).toInteger()});
        leave();
        return;
    }
    setStage(Stage::Writing);
    m_bars->show({sendBar,
                  Severity::Danger,
                  tr("Not sent. %1").arg(errorSentence(reply.error(), {})),
                  {{tr("Try again"), [this] { trySend(); }}},
                  true});
}

void ComposeWindow::setStage(Stage stage)
{
    m_stage = stage;
    const bool writing = stage == Stage::Writing;
    m_send->setEnabled(writing);
    m_sendMenu->setEnabled(writing);
    m_attach->setEnabled(writing);
    m_templatesButton->setEnabled(writing);
    m_discard->setEnabled(writing);
    m_header->setEnabled(writing);
    m_editor->setReadOnly(!writing);
    m_attachments->setEnabled(writing);
    updateSavedLabel();
}

} // namespace avocet
