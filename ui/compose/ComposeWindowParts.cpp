// SPDX-License-Identifier: GPL-3.0-or-later
// The compose window's layout, keys and attachments.
#include "ui/compose/ComposeWindow.h"

#include "ui/OnWorker.h"
#include "ui/compose/AttachmentFile.h"
#include "ui/compose/AttachmentStrip.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposeEditor.h"
#include "ui/compose/ComposePictures.h"
#include "ui/compose/ComposeRow.h"
#include "ui/compose/ComposeTemplates.h"
#include "ui/compose/DraftSaver.h"
#include "ui/compose/FormatBar.h"
#include "ui/compose/FromChoice.h"
#include "ui/compose/RecipientCompleter.h"
#include "ui/compose/RecipientField.h"
#include "ui/compose/RecipientGroup.h"
#include "ui/compose/SpellMarks.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"
#include "ui/words/ErrorWords.h"

#include <QBuffer>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMimeData>
#include <QPainter>
#include <QShortcut>
#include <QTimer>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int windowWidth = 760;
constexpr int windowHeight = 640;
constexpr int windowMargin = 20;
constexpr int narrowToolBar = 640; ///< less has no room for all words and "Draft saved 22:02"
constexpr auto hintTime = std::chrono::seconds(4);
constexpr qsizetype mostAttachments = 200; // more is a folder that slipped in
constexpr int unframedInset = 5; ///< what a line edit keeps free inside, less the caret's pixel

const QString fileBar = QStringLiteral("file");

QString keys(const QKeySequence& sequence)
{
    return sequence.toString(QKeySequence::NativeText);
}

/// Covers the window while files hang over it.
class DropHint : public QWidget {
public:
    explicit DropHint(QWidget* parent)
        : QWidget(parent)
    {
        setAttribute(Qt::WA_TransparentForMouseEvents);
        hide();
    }
    void setIntoText(bool intoText)
    {
        m_intoText = intoText;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Tokens& t = tokens();
        QPainter painter(this);
        QColor veil = t.surface;
        veil.setAlphaF(0.92F);
        painter.fillRect(rect(), veil);
        const QRectF frame = QRectF(rect()).adjusted(12, 12, -12, -12);
        strokeRounded(painter, frame, metrics::radiusOverlay, t.accent, metrics::focusRing);
        const QRect mark(width() / 2 - 24, height() / 2 - 44, 48, 48);
        paintIcon(painter, mark, m_intoText ? "picture" : "attach", t.accent);
        painter.setFont(themeFont(TextRole::Title, true));
        painter.setPen(t.text);
        painter.drawText(QRect(0, mark.bottom() + metrics::space3, width(), 32),
                         Qt::AlignHCenter | Qt::AlignTop,
                         m_intoText ? ComposeWindow::tr("Drop to place in the text")
                                    : ComposeWindow::tr("Drop to attach"));
    }

private:
    bool m_intoText = false;
};

} // namespace

void ComposeWindow::build()
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    resize(windowWidth, windowHeight);
    setMinimumSize(480, 400);

    m_bars = new InfoBarStack(this);
    // In the order of Tab. Send comes behind the text: the first space of whoever types on from the subject would press it.
    m_header = makeHeader();
    m_editor = new ComposeEditor(this);
    m_editor->useOwnWords(QString::fromStdString(m_settings.ownWords));
    m_body = m_editor->body();
    m_body->spelling().choose(spellChoice(m_settings));
    connect(&m_body->spelling(), &SpellMarks::chosen, this, &ComposeWindow::spellingChosen);
    m_attachments = new AttachmentStrip(this);
    makeTemplates();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeToolBar());
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    layout->addWidget(m_bars);
    layout->addWidget(m_header);
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_attachments);
    layout->addWidget(m_editor->bar());
    m_dropHint = new DropHint(this);
}

QWidget* ComposeWindow::makeToolBar()
{
    auto* bar = new QWidget(this);
    bar->setBackgroundRole(QPalette::Window);
    bar->setAutoFillBackground(true);
    bar->setFixedHeight(
        std::max(metrics::topBar, metrics::space4 + lineHeight(TextRole::Body) + 16));
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(windowMargin, 0, windowMargin, 0);
    layout->setSpacing(metrics::space2);

    const QKeySequence sendKeys(Qt::CTRL | Qt::Key_Return);
    m_send = new Button(tr("Send"), ButtonKind::Primary, bar);
    m_send->setTall(true);
    m_send->setIconName("send");
    m_send->setToolTip(tr("Send (%1)").arg(keys(sendKeys)));
    connect(m_send, &QPushButton::clicked, this, &ComposeWindow::send);

    m_attach = new Button(tr("Attach"), ButtonKind::Quiet, bar);
    m_attach->setIconName("attach");
    m_attach->setAccessibleName(tr("Attach"));
    m_attach->setToolTip(
        tr("Attach files (%1)").arg(keys(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A))));
    connect(m_attach, &QPushButton::clicked, this, &ComposeWindow::chooseFiles);

    m_discard = new Button(tr("Discard"), ButtonKind::Quiet, bar);
    m_discard->setIconName("trash");
    m_discard->setAccessibleName(tr("Discard"));
    m_discard->setToolTip(
        tr("Discard draft (%1)").arg(keys(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D))));
    connect(m_discard, &QPushButton::clicked, this, &ComposeWindow::discard);

    m_saved = makeLabel({}, TextRole::Small, Ink::Text2, false, bar);
    m_saved->setObjectName(QStringLiteral("saved"));
    layout->addWidget(m_send);
    layout->addWidget(makeSendMenu(bar));
    m_when = makeLabel({}, TextRole::Small, Ink::Text2, false, bar);
    m_when->setObjectName(QStringLiteral("sendTime"));
    layout->addWidget(m_when);
    layout->addSpacing(metrics::space1);
    layout->addWidget(m_attach);
    layout->addWidget(m_discard);
    layout->addWidget(m_templatesButton = m_templates->makeButton(bar));
    layout->addStretch(1);
    layout->addWidget(m_saved);
    return bar;
}

/// Where it is narrow the buttons that are needed less lose their words, so that the state of the draft keeps its own.
void ComposeWindow::fitToolBar()
{
    const bool narrow = width() < narrowToolBar;
    m_attach->setText(narrow ? QString() : tr("Attach"));
    m_discard->setText(narrow ? QString() : tr("Discard"));
    m_templatesButton->setText(narrow ? QString() : tr("Templates"));
}

void ComposeWindow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitToolBar();
}

RecipientField* ComposeWindow::makeRecipientRow(const QString& name, ComposeRow*& row,
                                                QWidget* header)
{
    auto* field = new RecipientField(name, header);
    row = new ComposeRow(name, field, field->edit(), header);
    header->layout()->addWidget(row);
    connect(field, &RecipientField::leaveRequested, this, [this] { focusNextChild(); });
    return field;
}

QWidget* ComposeWindow::makeHeader()
{
    auto* header = new QWidget(this);
    auto* layout = new QVBoxLayout(header);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    header->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    if (FromChoice::isNeeded(m_identities, m_origin.from))
        layout->addWidget(makeFromRow(header));

    m_to = makeRecipientRow(tr("To"), m_toRow, header);
    m_cc = makeRecipientRow(tr("Cc"), m_ccRow, header);
    m_bcc = makeRecipientRow(tr("Bcc"), m_bccRow, header);
    m_people = new RecipientGroup(m_to, m_cc, m_bcc, this);
    connect(m_people, &RecipientGroup::merged, this, [this](const QString& words) {
        m_saved->setText(words);
        QTimer::singleShot(hintTime, this, &ComposeWindow::updateSavedLabel);
    });
    const auto isTaken = [this](const std::string& address) { return m_people->holds(address); };
    for (RecipientField* field : {m_to, m_cc, m_bcc})
        new RecipientCompleter(m_engine, field, isTaken);
    m_engine.queries().refreshSuggestions();
    m_ccRow->hide();
    m_bccRow->hide();
    m_showCc = new Button(tr("Cc"), ButtonKind::Quiet, header);
    m_showBcc = new Button(tr("Bcc"), ButtonKind::Quiet, header);
    m_showCc->setToolTip(
        tr("Add Cc (%1)").arg(keys(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C))));
    m_showBcc->setToolTip(
        tr("Add Bcc (%1)").arg(keys(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B))));
    m_showCc->setAccessibleName(tr("Add Cc"));
    m_showBcc->setAccessibleName(tr("Add Bcc"));
    for (Button* button : {m_showCc, m_showBcc}) {
        button->setMinimumHeight(metrics::field);
        // Whoever has named people writes the subject next, and the keyboard has its own way to these fields.
        button->setFocusPolicy(Qt::ClickFocus);
        m_toRow->addTrailing(button);
    }
    connect(m_showCc, &QPushButton::clicked, this, [this] { showField(m_ccRow, m_cc, m_showCc); });
    connect(m_showBcc, &QPushButton::clicked, this,
            [this] { showField(m_bccRow, m_bcc, m_showBcc); });

    m_subject = new QLineEdit(header);
    m_subject->setFrame(false);
    m_subject->setTextMargins(-unframedInset, 0, -unframedInset, 0);
    m_subject->setMaxLength(2000);
    m_subject->setAccessibleName(tr("Subject"));
    m_subjectRow = new ComposeRow(tr("Subject"), m_subject, m_subject, header);
    layout->addWidget(m_subjectRow);
    connect(m_subject, &QLineEdit::returnPressed, this,
            [this] { m_body->setFocus(Qt::TabFocusReason); });
    return header;
}

QWidget* ComposeWindow::makeFromRow(QWidget* header)
{
    m_from = new FromChoice(m_identities, m_identity, m_origin.from, header);
    auto* row = new ComposeRow(tr("From"), m_from, m_from, header);
    connect(m_from, &QComboBox::currentIndexChanged, this, &ComposeWindow::identityChosen);
    return row;
}

void ComposeWindow::insertTemplate(const Template& one)
{
    m_templates->insert(one);
}

void ComposeWindow::makeTemplates()
{
    const auto written = [this] {
        Draft now;
        now.identity = m_identity;
        now.from = m_from ? m_from->from() : m_origin.from;
        now.to = m_to->addresses();
        return now;
    };
    m_templates = new ComposeTemplates(m_engine, m_editor, m_subject, written, this);
    connect(m_templates, &ComposeTemplates::changed, this, &ComposeWindow::changed);
    connect(m_templates, &ComposeTemplates::notice, m_bars, &InfoBarStack::show);
    connect(m_templates, &ComposeTemplates::pageWanted, this, &ComposeWindow::templatesWanted);
}

void ComposeWindow::makeShortcuts()
{
    const auto add = [this](const QKeySequence& sequence, auto slot) {
        auto* shortcut = new QShortcut(sequence, this);
        connect(shortcut, &QShortcut::activated, this, slot);
    };
    add(QKeySequence(Qt::CTRL | Qt::Key_Return), &ComposeWindow::send);
    add(QKeySequence(Qt::CTRL | Qt::Key_Enter), &ComposeWindow::send);
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return), &ComposeWindow::sendLater);
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Enter), &ComposeWindow::sendLater);
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), &ComposeWindow::chooseFiles);
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D), &ComposeWindow::discard);
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C),
        [this] { showField(m_ccRow, m_cc, m_showCc); });
    add(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B),
        [this] { showField(m_bccRow, m_bcc, m_showBcc); });
    add(QKeySequence(QKeySequence::Save), &ComposeWindow::saveNow);
    add(QKeySequence(QKeySequence::Close), [this] { close(); });
    add(QKeySequence(Qt::Key_Escape), [this] { close(); });
}

void ComposeWindow::connectFields()
{
    for (RecipientField* field : {m_to, m_cc, m_bcc})
        connect(field, &RecipientField::changed, this, &ComposeWindow::changed);
    connect(m_subject, &QLineEdit::textEdited, this, &ComposeWindow::changed);
    connect(m_body, &QTextEdit::textChanged, this, [this] {
        // What is undone as far as it began is a change as well, once something else was kept.
        if (m_touched || m_body->document()->isModified())
            changed();
    });
    connect(m_attachments, &AttachmentStrip::changed, this, [this] {
        warnOfSize();
        changed();
    });
    connect(m_body, &ComposeBody::filesGiven, this, &ComposeWindow::insertFiles);
    connect(m_body, &ComposeBody::imageGiven, this, &ComposeWindow::attachImage);
    connect(m_body, &ComposeBody::filesHover, this, &ComposeWindow::dropHint);
    connect(m_editor, &ComposeEditor::pictureFilesChosen, this, &ComposeWindow::insertFiles);
    connect(m_editor, &ComposeEditor::notice, m_bars, &InfoBarStack::show);
    connect(m_editor, &ComposeEditor::noticeOver, m_bars, &InfoBarStack::dismiss);
    connect(m_editor, &ComposeEditor::richChosen, this, &ComposeWindow::formatChosen);
    connect(m_saver, &DraftSaver::saved, this, &ComposeWindow::draftSaved);
    connect(m_saver, &DraftSaver::failed, this, &ComposeWindow::saveFailed);
    connect(m_saver, &DraftSaver::vanished, this, &ComposeWindow::draftVanished);
    m_limitRequest = m_engine.submit(command::SetOutboxPolicy{});
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (m_sendRequest && request == m_sendRequest)
                    sendFinished(reply);
                else if (reply && m_limitRequest && request == m_limitRequest)
                    takeLimit(*reply);
            });
}

void ComposeWindow::chooseFiles()
{
    if (m_stage != Stage::Writing)
        return;
    auto* dialog = new QFileDialog(this, tr("Attach files"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &ComposeWindow::attachFiles);
    dialog->open();
}

void ComposeWindow::attachFiles(const QStringList& paths)
{
    readFiles(paths, false);
}

void ComposeWindow::insertFiles(const QStringList& paths)
{
    readFiles(paths, m_body->isRich());
}

void ComposeWindow::readFiles(const QStringList& paths, bool intoText)
{
    if (paths.size() + qsizetype(m_attachments->attachments().size()) > mostAttachments) {
        m_bars->show({fileBar,
                      Severity::Warning,
                      tr("%1 files are too many for one message. Put them into an archive first.")
                          .arg(QLocale().toString(paths.size())),
                      {},
                      true});
        return;
    }
    for (const QString& path : paths) {
        ++m_reading;
        onWorker(
            this, [path] { return readAttachment(path); },
            [this, path, intoText](Result<DraftAttachment> read) {
                fileRead(path, intoText, std::move(read));
            });
    }
}

void ComposeWindow::fileRead(const QString& path, bool intoText, Result<DraftAttachment> read)
{
    --m_reading;
    if (read) {
        if (!intoText || !m_editor->takePicture(*read))
            m_attachments->add(std::move(*read));
        warnOfSize();
        if (m_stage == Stage::ReadingToClose && m_reading == 0) {
            setStage(Stage::Writing);
            close();
        }
        return;
    }
    if (m_stage == Stage::ReadingToClose)
        setStage(Stage::Writing); // it stays, so that this is seen
    const QString name = QFileInfo(path).fileName();
    QString words = tr("%1 could not be read. Check that it is still there.").arg(name);
    if (read.error().code == ErrorCode::TooLarge)
        words = tr("%1 is too large to send by mail.").arg(name);
    else if (read.error().code == ErrorCode::InvalidInput)
        words = tr("%1 is not a file. Attach the files inside it.").arg(name);
    m_bars->show({fileBar, Severity::Warning, words, {}, true});
}

/// It is how this identity begins its messages from here on.
void ComposeWindow::formatChosen(bool rich)
{
    m_engine.submit(
        command::SetIdentityFormat{m_identity, rich ? TextFormat::Rich : TextFormat::Plain});
}

void ComposeWindow::attachImage(const QImage& image)
{
    if (m_body->isRich()) {
        m_editor->addPicture(image);
        return;
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, "PNG"))
        return;
    int number = 1;
    const auto nameOf = [](int n) { return tr("Picture %1.png").arg(n); };
    const auto isTaken = [this](const QString& name) {
        for (const DraftAttachment& attachment : m_attachments->attachments())
            if (QString::fromStdString(attachment.name) == name)
                return true;
        return false;
    };
    while (isTaken(nameOf(number)))
        ++number;
    m_attachments->add({nameOf(number).toStdString(), "image/png", bytes.toStdString()});
}

void ComposeWindow::dropHint(bool on, bool intoText)
{
    static_cast<DropHint*>(m_dropHint)->setIntoText(intoText);
    m_dropHint->setGeometry(intoText ? QRect(m_editor->mapTo(this, QPoint()), m_editor->size())
                                     : rect());
    m_dropHint->setVisible(on);
    m_dropHint->raise();
}

void ComposeWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QMimeData* mime = event->mimeData();
    if (m_stage != Stage::Writing || (!mime->hasUrls() && !mime->hasImage()))
        return;
    event->acceptProposedAction();
    dropHint(true);
}

void ComposeWindow::dragLeaveEvent(QDragLeaveEvent*)
{
    dropHint(false);
}

void ComposeWindow::dropEvent(QDropEvent* event)
{
    dropHint(false);
    QStringList files;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            files.append(url.toLocalFile());
    if (!files.isEmpty())
        attachFiles(files);
    else if (event->mimeData()->hasImage())
        attachImage(qvariant_cast<QImage>(event->mimeData()->imageData()));
    event->setDropAction(Qt::CopyAction); // the file stays where it is
    event->accept();
}

} // namespace avocet
