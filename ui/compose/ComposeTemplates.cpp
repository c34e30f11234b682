// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeTemplates.h"

#include "core/mime/RichText.h"
#include "core/mime/SignatureText.h"
#include "core/model/IdentityMatch.h"
#include "ui/compose/ComposeActions.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposeEditor.h"
#include "ui/compose/ComposePictures.h"
#include "ui/compose/RichDocument.h"
#include "ui/compose/TemplateSheet.h"
#include "ui/theme/Buttons.h"
#include "ui/words/ErrorWords.h"

#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QTextBlock>

#include <algorithm>

namespace avocet {

namespace {

const QString templateBar = QStringLiteral("template");
constexpr int namesInMenu = 40;

bool isForeign(const QTextBlock& block, bool isRich)
{
    return isRich ? rich::quoteDepth(block) > 0 : block.text().startsWith(u'>');
}

QTextCursor spotCursor(const QTextBlock& block, const PlaceholderSpot& spot)
{
    QTextCursor cursor(block);
    cursor.setPosition(block.position() + spot.start);
    cursor.setPosition(block.position() + spot.start + spot.length, QTextCursor::KeepAnchor);
    return cursor;
}

} // namespace

ComposeTemplates::ComposeTemplates(MailEngine& engine, ComposeEditor* editor, QLineEdit* subject,
                                   std::function<Draft()> draft, QWidget* window)
    : QObject(window)
    , m_engine(engine)
    , m_editor(editor)
    , m_body(editor->body())
    , m_subject(subject)
    , m_draft(std::move(draft))
    , m_window(window)
{
    m_body->setPlaceholders([this](const QString& name) { return isKnown(name); });
    connect(&m_engine, &MailEngine::templatesChanged, this, &ComposeTemplates::learnNames);
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (!m_request || request != m_request)
                    return;
                m_request = {};
                if (reply)
                    Q_EMIT notice({templateBar,
                                   Severity::Success,
                                   tr("Saved as template “%1”.").arg(m_savedName),
                                   {{tr("Edit"), [this] { Q_EMIT pageWanted(); }}},
                                   true});
                else
                    Q_EMIT notice({templateBar,
                                   Severity::Danger,
                                   reply.error().code == ErrorCode::TooLarge
                                       ? tr("The template was not saved. It is too large.")
                                       : tr("The template was not saved. %1")
                                             .arg(errorSentence(reply.error(), {})),
                                   {},
                                   true});
            });
    // Who goes on from the recipients has written them.
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        if (now == m_body || now == m_subject)
            fillOpen();
    });
    learnNames();
}

Button* ComposeTemplates::makeButton(QWidget* bar)
{
    const QKeySequence keys(Qt::CTRL | Qt::SHIFT | Qt::Key_T);
    m_button = new Button(tr("Templates"), ButtonKind::Quiet, bar);
    m_button->setIconName("file-text");
    m_button->setAccessibleName(tr("Templates"));
    m_button->setToolTip(tr("Templates (%1)").arg(keys.toString(QKeySequence::NativeText)));
    m_button->setObjectName(QStringLiteral("templates"));
    auto* menu = new QMenu(m_button);
    menu->setAccessibleName(tr("Templates"));
    menu->setToolTipsVisible(true);
    const auto open = [this, menu] {
        fillMenu(menu);
        const bool mirrored = m_button->isRightToLeft();
        const int start = mirrored ? m_button->width() - menu->sizeHint().width() : 0;
        menu->popup(m_button->mapToGlobal(QPoint(start, m_button->height())));
    };
    connect(m_button, &QPushButton::clicked, this, open);
    connect(new QShortcut(keys, m_window), &QShortcut::activated, this, [this, open] {
        if (m_button->isEnabled())
            open();
    });
    return m_button;
}

void ComposeTemplates::fillMenu(QMenu* menu)
{
    menu->clear();
    int number = 0;
    for (const Template& one : m_engine.queries().templates()) {
        if (++number > namesInMenu)
            break;
        QString name = QString::fromStdString(one.name);
        QAction* action = menu->addAction(name.replace(u'&', QStringLiteral("&&")), this,
                                          [this, one] { insert(one); });
        action->setToolTip(QString::fromStdString(one.subject));
    }
    if (number == 0)
        menu->addAction(tr("No templates yet"))->setEnabled(false);
    menu->addSeparator();
    menu->addAction(tr("Save as template…"), this, &ComposeTemplates::save);
    menu->addAction(tr("Edit templates…"), this, &ComposeTemplates::pageWanted);
}

PlaceholderFacts ComposeTemplates::facts() const
{
    const Draft draft = m_draft();
    PlaceholderFacts facts;
    for (const Address& one : draft.to)
        if (isPlainAddress(one.address))
            facts.to.push_back(one);
    const std::vector<Identity> identities = m_engine.queries().identities();
    if (const Identity* me = findIdentity(identities, draft.identity)) {
        facts.myName = QString::fromStdString(me->name);
        facts.myAddress = QString::fromStdString(draft.from.empty() ? me->email : draft.from);
    }
    facts.subject = m_subject->text();
    facts.date = QDate::currentDate();
    return facts;
}

// --- which words in braces are placeholders

void ComposeTemplates::learnNames()
{
    const std::vector<Template> all = m_engine.queries().templates();
    m_hasTemplates = m_inserted || !all.empty();
    for (const Template& one : all)
        for (const std::string* text : {&one.subject, &one.text})
            for (const PlaceholderSpot& spot : placeholdersIn(QString::fromStdString(*text)))
                m_names.insert(spot.name);
    m_body->refreshPlaceholders();
}

/// Who has no templates writes braces for other reasons.
bool ComposeTemplates::isKnown(const QString& name) const
{
    return m_names.contains(name) || (m_hasTemplates && placeholderCalled(name));
}

QTextCursor ComposeTemplates::openSpot() const
{
    for (QTextBlock block = m_body->document()->begin(); block.isValid(); block = block.next()) {
        if (isForeign(block, m_body->isRich()))
            continue;
        for (const PlaceholderSpot& spot : placeholdersIn(block.text()))
            if (isKnown(spot.name))
                return spotCursor(block, spot);
    }
    return {};
}

QString ComposeTemplates::firstOpen() const
{
    for (const PlaceholderSpot& spot : placeholdersIn(m_subject->text()))
        if (isKnown(spot.name))
            return m_subject->text().mid(spot.start, spot.length);
    return openSpot().selectedText();
}

void ComposeTemplates::goToOpen()
{
    for (const PlaceholderSpot& spot : placeholdersIn(m_subject->text())) {
        if (!isKnown(spot.name))
            continue;
        m_subject->setFocus(Qt::OtherFocusReason);
        m_subject->setSelection(spot.start, spot.length);
        return;
    }
    const QTextCursor spot = openSpot();
    if (spot.isNull())
        return;
    m_body->setTextCursor(spot);
    m_body->ensureCursorVisible();
    m_body->setFocus(Qt::OtherFocusReason);
}

// --- inserting

/// From the end on, so that the places before stay where they are; returns where {cursor} was.
QTextCursor ComposeTemplates::fillBetween(int start, int end, const PlaceholderFacts& facts)
{
    QTextCursor place;
    QTextDocument* document = m_body->document();
    for (QTextBlock block = document->findBlock(end);
         block.isValid() && block.position() + block.length() > start; block = block.previous()) {
        const QList<PlaceholderSpot> spots = placeholdersIn(block.text());
        for (auto spot = spots.crbegin(); spot != spots.crend(); ++spot) {
            const int at = block.position() + spot->start;
            const auto which = placeholderCalled(spot->name);
            if (!which || at < start || at + spot->length > end)
                continue;
            const QString value = placeholderValue(*which, facts);
            if (value.isEmpty() && which != Placeholder::Cursor)
                continue;
            QTextCursor cursor = spotCursor(block, *spot);
            QTextCursor inside(block);
            inside.setPosition(at + 1);
            cursor.insertText(value, inside.charFormat());
            if (which == Placeholder::Cursor)
                place = cursor;
        }
        if (block == document->begin())
            break;
    }
    return place;
}

void ComposeTemplates::insert(const Template& one)
{
    if (m_body->isReadOnly())
        return;
    for (const std::string* text : {&one.subject, &one.text})
        for (const PlaceholderSpot& spot : placeholdersIn(QString::fromStdString(*text)))
            m_names.insert(spot.name);
    m_inserted = m_hasTemplates = true;
    PlaceholderFacts now = facts();
    if (m_subject->text().trimmed().isEmpty() && !one.subject.empty())
        m_subject->setText(filled(QString::fromStdString(one.subject), now));
    now.subject = m_subject->text();

    const int start = m_body->textCursor().selectionStart();
    m_body->insertForeign(one.html.empty() ? richFromPlain(one.text) : readRichText(one.html));
    const int end = m_body->textCursor().position();
    QTextCursor step(m_body->document());
    step.joinPreviousEditBlock();
    const QTextCursor place = fillBetween(start, end, now);
    step.endEditBlock();
    m_body->refreshPlaceholders();
    m_body->setFocus(Qt::OtherFocusReason);
    if (!place.isNull())
        m_body->setTextCursor(place);
    else if (!firstOpen().isEmpty() && !now.to.empty())
        goToOpen();
    m_body->ensureCursorVisible();
    m_body->document()->setModified(true);
    Q_EMIT changed();
}

void ComposeTemplates::fillOpen()
{
    if (!m_inserted || m_body->isReadOnly() || firstOpen().isEmpty())
        return;
    PlaceholderFacts now = facts();
    const QString subject = filled(m_subject->text(), now);
    const bool other = subject != m_subject->text();
    if (other)
        m_subject->setText(subject);
    now.subject = subject;
    const int before = m_body->document()->revision();
    QTextCursor step(m_body->document());
    step.beginEditBlock();
    for (QTextBlock block = m_body->document()->begin(); block.isValid(); block = block.next())
        if (!isForeign(block, m_body->isRich()))
            fillBetween(block.position(), block.position() + block.length() - 1, now);
    step.endEditBlock();
    if (other || m_body->document()->revision() != before)
        Q_EMIT changed();
}

// --- keeping what was written

void ComposeTemplates::save()
{
    auto* sheet = new TemplateSheet(m_engine.queries().templates(), m_subject->text(), m_window);
    connect(sheet, &TemplateSheet::chosen, this, &ComposeTemplates::store);
    sheet->open();
}

void ComposeTemplates::store(const QString& name, TemplateId replaced)
{
    RichText words = m_body->richText();
    const std::vector<Identity> identities = m_engine.queries().identities();
    if (const Identity* me = findIdentity(identities, m_draft().identity)) {
        const RichText signature = signatureText(*me);
        if (const auto found = findSignature(words, signature)) {
            const auto first = words.blocks.begin() + static_cast<std::ptrdiff_t>(*found);
            words.blocks.erase(first, first + static_cast<std::ptrdiff_t>(signature.blocks.size()));
        }
    }
    std::erase_if(words.blocks, [](const RichBlock& block) { return block.quote > 0; });
    while (!words.blocks.empty() && words.blocks.back().runs.empty())
        words.blocks.pop_back();
    Template one{
        replaced, name.toStdString(), m_subject->text().toStdString(), writePlain(words), {}};
    if (m_body->isRich())
        one.html = writeHtml(m_body->pictures().withData(std::move(words)));
    m_savedName = name;
    m_request = m_engine.submit(command::SaveTemplate{std::move(one)});
}

} // namespace avocet
