// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeWindow.h"
#include "tests/ui/support/ProfileFixture.h"
#include "ui/compose/AttachmentFile.h"
#include "ui/compose/AttachmentStrip.h"
#include "ui/compose/ComposeActions.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposeEditor.h"
#include "ui/compose/RecipientField.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"

#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPointer>
#include <QTimer>

#include <memory>

using namespace avocet;

class ComposeWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void savesAMomentAfterTyping();
    void savesWhatIsUndoneToTheBeginning();
    void savesWhileSomebodyTypesOn();
    void savesOneDraftOverManyChanges();
    void keepsWhatWasThrownAwayElsewhere();
    void savesWhatIsTypedWhenItCloses();
    void keepsAHalfTypedRecipient();
    void leavesNothingBehindWhenUntouched();
    void removesADraftThatWasEmptiedAgain();
    void asksBeforeDiscardingWhenNobodyOffersUndo();
    void handsADiscardedDraftToWhoUndoes();
    void refusesToSendWithoutRecipients();
    void refusesToSendToWhatIsNoAddress();
    void asksOnceAboutAMissingSubject();
    void remindsOfAMissingAttachment();
    void sendsAndCloses();
    void sendsWhatWasThrownAwayElsewhere();
    void staysOpenWhenSendingFails();
    void attachesAndRemovesFiles();
    void tellsOfFilesThatCannotBeAttached();
    void attachesAPastedImage();
    void showsFromOnlyWithSeveralIdentities();
    void changesTheSignatureWithTheIdentity_data();
    void changesTheSignatureWithTheIdentity();
    void opensAStoredDraftAsItWas();
    void namesEveryControl();
    void tabGoesFromThePeopleOverTheSubjectIntoTheText();

private:
    ComposeWindow* open(Draft draft);
    ComposeWindow* open() { return open(newDraft(composeContext(m_profile->engine().queries()))); }
    std::vector<Draft> drafts() { return m_profile->engine().queries().drafts(); }
    void write(const QString& text);
    QList<RecipientField*> fields() { return m_window->findChildren<RecipientField*>(); }
    ComposeBody* body() { return m_window->findChild<ComposeBody*>(); }
    InfoBarStack* bars() { return m_window->findChild<InfoBarStack*>(); }
    QString barText() { return m_window->findChild<InfoBar*>()->message().text; }
    void pressBar(const QString& action);
    QLineEdit* subject();

    std::unique_ptr<ProfileFixture> m_profile;
    QPointer<ComposeWindow> m_window;
};

void ComposeWindowTest::init()
{
    m_profile = std::make_unique<ProfileFixture>();
    m_profile->addAccount("anna@example.org");
}

void ComposeWindowTest::cleanup()
{
    delete m_window;
    m_profile.reset();
}

ComposeWindow* ComposeWindowTest::open(Draft draft)
{
    m_window = new ComposeWindow(m_profile->engine(), std::move(draft));
    m_window->show();
    return m_window;
}

void ComposeWindowTest::write(const QString& text)
{
    QTest::keyClicks(body(), text);
}

QLineEdit* ComposeWindowTest::subject()
{
    for (QLineEdit* edit : m_window->findChildren<QLineEdit*>())
        if (edit->accessibleName() == u"Subject"_qs)
            return edit;
    return nullptr;
}

void ComposeWindowTest::pressBar(const QString& action)
{
    for (Button* button : m_window->findChild<InfoBar*>()->findChildren<Button*>())
        if (button->text() == action) {
            button->click();
            return;
        }
    QFAIL(qPrintable(u"no button "_qs + action));
}

void ComposeWindowTest::savesAMomentAfterTyping()
{
    open();
    write(u"Hello"_qs);
    QTRY_COMPARE(drafts().size(), std::size_t(1));
    QCOMPARE(drafts().front().text, std::string("Hello"));
    const auto* label = m_window->findChild<QLabel*>(u"saved"_qs);
    QTRY_VERIFY(label->text().startsWith(u"Draft saved "_qs));
}

void ComposeWindowTest::savesWhatIsUndoneToTheBeginning()
{
    open();
    write(u"Hello"_qs);
    QTRY_COMPARE(drafts().size(), std::size_t(1));
    while (body()->document()->isUndoAvailable())
        body()->undo();
    QVERIFY(!body()->document()->isModified());
    QTRY_COMPARE(drafts().front().text, std::string());
}

void ComposeWindowTest::savesWhileSomebodyTypesOn()
{
    open();
    QTimer typing;
    connect(&typing, &QTimer::timeout, this, [this] { write(u"x"_qs); });
    typing.start(50);
    QTRY_VERIFY_WITH_TIMEOUT(!drafts().empty(), 20'000);
    const std::size_t first = drafts().front().text.size();
    QTRY_VERIFY_WITH_TIMEOUT(drafts().front().text.size() > first, 20'000);
    QVERIFY(typing.isActive());
}

void ComposeWindowTest::keepsWhatWasThrownAwayElsewhere()
{
    open();
    write(u"Every word"_qs);
    m_window->saveNow();
    QTRY_COMPARE(drafts().size(), std::size_t(1));
    QTRY_VERIFY(m_window->isSaved());
    m_profile->engine().submit(command::DiscardDraft{m_window->draftId()});
    QTRY_VERIFY(drafts().empty());
    QTRY_VERIFY(m_window->findChild<InfoBar*>());
    pressBar(u"Keep it here"_qs);
    QTRY_COMPARE(drafts().size(), std::size_t(1));
    QCOMPARE(drafts().front().text, std::string("Every word"));
    write(u", and more"_qs);
    m_window->saveNow();
    QTRY_COMPARE(drafts().front().text, std::string("Every word, and more"));
    QCOMPARE(drafts().size(), std::size_t(1));
}

void ComposeWindowTest::savesOneDraftOverManyChanges()
{
    open();
    write(u"One"_qs);
    m_window->saveNow(); // the second save must not wait for the first one's id
    write(u" two"_qs);
    m_window->saveNow();
    write(u" three"_qs);
    m_window->saveNow();
    QTRY_VERIFY(m_window->isSaved());
    QCOMPARE(drafts().size(), std::size_t(1));
    QCOMPARE(drafts().front().text, std::string("One two three"));
}

void ComposeWindowTest::savesWhatIsTypedWhenItCloses()
{
    open();
    write(u"Not a word is lost"_qs);
    m_window->close();
    QTRY_VERIFY(!m_window);
    QCOMPARE(drafts().size(), std::size_t(1));
    QCOMPARE(drafts().front().text, std::string("Not a word is lost"));
}

void ComposeWindowTest::keepsAHalfTypedRecipient()
{
    open();
    QTest::keyClicks(fields()[0]->edit(), u"bjo"_qs);
    m_window->close();
    QTRY_VERIFY(!m_window);
    QCOMPARE(drafts().size(), std::size_t(1));
    QCOMPARE(drafts().front().to.at(0).address, std::string("bjo"));
}

void ComposeWindowTest::leavesNothingBehindWhenUntouched()
{
    open();
    m_window->close();
    QTRY_VERIFY(!m_window);
    QVERIFY(drafts().empty());
}

void ComposeWindowTest::removesADraftThatWasEmptiedAgain()
{
    open();
    write(u"x"_qs);
    QTRY_COMPARE(drafts().size(), std::size_t(1));
    QTest::keyClick(body(), Qt::Key_Backspace);
    m_window->close();
    QTRY_VERIFY(!m_window);
    QTRY_VERIFY(drafts().empty());
}

void ComposeWindowTest::asksBeforeDiscardingWhenNobodyOffersUndo()
{
    open();
    write(u"Hello"_qs);
    QTRY_COMPARE(drafts().size(), std::size_t(1));
    m_window->discard();
    QVERIFY(m_window && m_window->isVisible());
    pressBar(u"Delete draft"_qs);
    QTRY_VERIFY(!m_window);
    QTRY_VERIFY(drafts().empty());
}

void ComposeWindowTest::handsADiscardedDraftToWhoUndoes()
{
    open();
    Draft kept;
    connect(m_window, &ComposeWindow::discarded, this, [&](const Draft& draft) { kept = draft; });
    write(u"Hello"_qs);
    QTRY_COMPARE(drafts().size(), std::size_t(1));
    m_window->discard();
    QTRY_VERIFY(!m_window);
    QTRY_VERIFY(drafts().empty());
    QCOMPARE(kept.text, std::string("Hello"));
    QVERIFY(!kept.id);
}

void ComposeWindowTest::refusesToSendWithoutRecipients()
{
    open();
    write(u"Hello"_qs);
    m_window->send();
    QCOMPARE(barText(), u"Add a recipient to send this message."_qs);
    QVERIFY(m_profile->engine().queries().outbox().empty());
    QTest::keyClicks(fields()[0]->edit(), u"b"_qs);
    QVERIFY(bars()->isHidden()); // it is being mended
}

void ComposeWindowTest::refusesToSendToWhatIsNoAddress()
{
    open();
    fields()[0]->addText(u"bjorn@example.org, nobody"_qs);
    m_window->send();
    QVERIFY(barText().contains(u"nobody"_qs));
    QVERIFY(m_profile->engine().queries().outbox().empty());
}

void ComposeWindowTest::asksOnceAboutAMissingSubject()
{
    open();
    fields()[0]->addText(u"bjorn@example.org"_qs);
    write(u"Hello"_qs);
    m_window->send();
    QCOMPARE(barText(), u"This message has no subject."_qs);
    pressBar(u"Send anyway"_qs);
    QTRY_VERIFY(!m_window);
    QCOMPARE(m_profile->engine().queries().outbox().size(), std::size_t(1));
}

void ComposeWindowTest::remindsOfAMissingAttachment()
{
    Draft draft = newDraft(composeContext(m_profile->engine().queries()));
    draft.to = {{"", "bjorn@example.org"}};
    draft.subject = "Invoice";
    open(draft);
    write(u"See the attached invoice"_qs);
    m_window->send();
    QCOMPARE(barText(), u"You mention an attachment."_qs);
    m_window->findChild<AttachmentStrip*>()->add({"a.txt", "text/plain", "x"});
    m_window->send();
    QTRY_VERIFY(!m_window);
}

void ComposeWindowTest::sendsAndCloses()
{
    Draft draft = newDraft(composeContext(m_profile->engine().queries()));
    draft.subject = "Hello";
    open(draft);
    fields()[0]->addText(u"Bjørn <bjorn@example.org>"_qs);
    write(u"Text"_qs);
    QSignalSpy sent(m_window, &ComposeWindow::sent);
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
    QTest::keyClick(body(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(!m_window);
    QCOMPARE(sent.size(), 1);
    const auto outbox = m_profile->engine().queries().outbox();
    QCOMPARE(outbox.size(), std::size_t(1));
    QCOMPARE(outbox.front().recipients.at(0).address, std::string("bjorn@example.org"));
    QVERIFY(drafts().empty());
}

void ComposeWindowTest::sendsWhatWasThrownAwayElsewhere()
{
    Draft draft = newDraft(composeContext(m_profile->engine().queries()));
    draft.to = {{"", "bjorn@example.org"}};
    draft.subject = "Hello";
    open(draft);
    write(u"Text"_qs);
    m_window->saveNow();
    QTRY_VERIFY(m_window->draftId() && m_window->isSaved());
    m_profile->run(command::DiscardDraft{m_window->draftId()});
    m_window->send();
    QTRY_VERIFY(!m_window);
    QCOMPARE(m_profile->engine().queries().outbox().size(), std::size_t(1));
    QVERIFY(drafts().empty());
}

void ComposeWindowTest::staysOpenWhenSendingFails()
{
    Draft draft = newDraft(composeContext(m_profile->engine().queries()));
    draft.to = {{"", "bjorn@example.org"}};
    draft.subject = "Hello";
    draft.inReplyTo = "a@example.org>\r\nBcc: <b@example.org"; // no header is built from this
    open(draft);
    write(u"Text"_qs);
    m_window->send();
    QTRY_VERIFY(!bars()->isHidden());
    QVERIFY(barText().startsWith(u"Not sent."_qs));
    QVERIFY(m_window->isVisible());
    QVERIFY(!body()->isReadOnly());
    QCOMPARE(body()->text(), u"Text"_qs);
}

void ComposeWindowTest::attachesAndRemovesFiles()
{
    QFile file(m_profile->path(u"report.pdf"_qs));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("%PDF-1.4 something");
    file.close();
    open();
    m_window->attachFiles({file.fileName()});
    auto* strip = m_window->findChild<AttachmentStrip*>();
    QTRY_COMPARE(strip->attachments().size(), std::size_t(1));
    QCOMPARE(strip->attachments()[0].name, std::string("report.pdf"));
    QCOMPARE(strip->attachments()[0].type, std::string("application/pdf"));
    QVERIFY(strip->isVisible());
    QTRY_COMPARE(drafts().size(), std::size_t(1));
    QTest::keyClick(strip->findChild<AttachmentCard*>(), Qt::Key_Delete);
    QVERIFY(strip->attachments().empty());
    QVERIFY(!strip->isVisible());
}

void ComposeWindowTest::tellsOfFilesThatCannotBeAttached()
{
    open();
    m_window->attachFiles({m_profile->path(u"missing.txt"_qs)});
    QTRY_VERIFY(!bars()->isHidden());
    QVERIFY(barText().contains(u"missing.txt"_qs));
    QVERIFY(m_window->findChild<AttachmentStrip*>()->attachments().empty());
    QCOMPARE(attachmentName(u"/a/b/evil\u202Egnp.exe"_qs), u"evilgnp.exe"_qs);
    QCOMPARE(attachmentName(u"a\r\nBcc: x.txt"_qs), u"aBcc: x.txt"_qs);
    QVERIFY(attachmentName(QString(4096, u'ä') + u".pdf"_qs).toUtf8().size() <= 255);
    QVERIFY(attachmentName(QString(4096, u'ä') + u".pdf"_qs).endsWith(u".pdf"_qs));
}

void ComposeWindowTest::attachesAPastedImage()
{
    open();
    QImage image(4, 4, QImage::Format_RGB32);
    image.fill(Qt::red);
    auto* data = new QMimeData;
    data->setImageData(image);
    QGuiApplication::clipboard()->setMimeData(data);
    body()->paste();
    QTRY_COMPARE(m_window->draft().attachments.size(), std::size_t(1));
    const Draft inText = m_window->draft();
    QCOMPARE(inText.attachments[0].type, std::string("image/png"));
    QVERIFY(inText.html.find("cid:" + inText.attachments[0].contentId) != std::string::npos);
    // Plain text has no place for it.
    m_window->findChild<ComposeEditor*>()->setRich(false);
    QVERIFY(m_window->draft().attachments.empty());
    body()->paste();
    auto* strip = m_window->findChild<AttachmentStrip*>();
    QCOMPARE(strip->attachments().size(), std::size_t(1));
    QCOMPARE(strip->attachments()[0].type, std::string("image/png"));
}

void ComposeWindowTest::showsFromOnlyWithSeveralIdentities()
{
    open();
    QVERIFY(!m_window->findChild<QComboBox*>());
    delete m_window;
    m_profile->addAccount("info@example.org", "Info");
    open();
    auto* from = m_window->findChild<QComboBox*>();
    QVERIFY(from);
    from->setCurrentIndex(1);
    const auto identities = m_profile->engine().queries().identities();
    QCOMPARE(m_window->draft().identity, identities[1].id);
}

void ComposeWindowTest::changesTheSignatureWithTheIdentity_data()
{
    QTest::addColumn<bool>("rich");
    QTest::newRow("in formatted text") << true;
    QTest::newRow("in plain text") << false;
}

void ComposeWindowTest::changesTheSignatureWithTheIdentity()
{
    const Identity one{IdentityId{1}, AccountId{1}, "Anna", "anna@example.org", "Anna Berg"};
    const Identity two{IdentityId{2}, AccountId{2}, "Info", "info@example.org", "The office\n"};
    const Identity none{IdentityId{3}, AccountId{2}, "Info", "info@example.org", ""};
    QFETCH(bool, rich);
    QWidget window; // owns what the editor makes
    ComposeEditor editor(&window);
    Draft draft;
    draft.text = "Hello\n\n-- \nAnna Berg\n> quoted";
    draft.html = rich ? writeHtml(richFromPlain(draft.text)) : std::string();
    editor.setDraft(draft);
    editor.changeSignature(&one, two);
    QCOMPARE(editor.body()->text(), u"Hello\n\n-- \nThe office\n> quoted"_qs);
    editor.changeSignature(&two, none);
    QCOMPARE(editor.body()->text(), u"Hello\n> quoted"_qs);
    editor.changeSignature(&none, one);
    QCOMPARE(editor.body()->text(), u"Hello\n> quoted\n\n-- \nAnna Berg"_qs);
    QVERIFY(!editor.isBlankBut(&one));
    QTextCursor end(editor.body()->document());
    end.movePosition(QTextCursor::End);
    end.insertText(u"!"_qs); // the user changed it
    editor.changeSignature(&one, two);
    QCOMPARE(editor.body()->text(), u"Hello\n> quoted\n\n-- \nAnna Berg!"_qs);
}

void ComposeWindowTest::opensAStoredDraftAsItWas()
{
    Draft draft = newDraft(composeContext(m_profile->engine().queries()));
    draft.to = {{"Bjørn", "bjorn@example.org"}, {"", "half"}};
    draft.bcc = {{"", "boss@example.org"}};
    draft.subject = "Grüße";
    draft.text = "Line one\n\nLine > three";
    draft.html = writeHtml(richFromPlain(draft.text));
    draft.inReplyTo = "id@x.org";
    draft.references = {"a@x.org", "id@x.org"};
    draft.attachments = {{"a.bin", "application/octet-stream", std::string("\0\1\2", 3)}};
    const auto reply = m_profile->run(command::SaveDraft{draft});
    QVERIFY(reply);
    const DraftId id{reply->value(QLatin1String("draftId")).toInteger()};
    open(*m_profile->engine().queries().draft(id));
    write(u"!"_qs);
    m_window->saveNow();
    QTRY_VERIFY(m_window->isSaved());
    QCOMPARE(drafts().size(), std::size_t(1));
    const Draft stored = *m_profile->engine().queries().draft(id);
    QCOMPARE(stored.to, draft.to);
    QCOMPARE(stored.bcc, draft.bcc);
    QCOMPARE(stored.subject, draft.subject);
    QCOMPARE(stored.references, draft.references);
    QCOMPARE(stored.inReplyTo, draft.inReplyTo);
    QCOMPARE(stored.attachments.size(), std::size_t(1));
    QCOMPARE(stored.attachments[0].data, draft.attachments[0].data);
    QCOMPARE(stored.text, "!" + draft.text);
    QCOMPARE(stored.html, writeHtml(richFromPlain(stored.text)));
}

void ComposeWindowTest::namesEveryControl()
{
    open();
    for (QWidget* widget : m_window->findChildren<QWidget*>())
        if (widget->focusPolicy() != Qt::NoFocus && widget->isVisible() && !widget->focusProxy()) {
            const auto* button = qobject_cast<QAbstractButton*>(widget);
            const bool named =
                !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
            QVERIFY2(named, widget->metaObject()->className());
        }
}

void ComposeWindowTest::tabGoesFromThePeopleOverTheSubjectIntoTheText()
{
    open();
    m_window->activateWindow();
    fields().front()->setFocus();
    QTRY_VERIFY(fields().front()->hasFocus());
    QTest::keyClicks(fields().front(), u"anna@example.org"_qs);
    const auto tab = [] { QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab); };
    tab();
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(subject()));
    tab(); // it went to Send, where the first space that was typed sent the message
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(body()));
}

QTEST_MAIN(ComposeWindowTest)
#include "ComposeWindowTest.moc"
