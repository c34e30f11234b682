// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/FormatBar.h"

#include "ui/compose/SpellMarks.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Theme.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QShortcut>

namespace avocet {

namespace {

constexpr int barHeight = 40;
constexpr int buttonSide = 28;
constexpr int barMargin = 16;

struct InkName {
    const char* colour;
    const char* name;
};

// Readable on white and on dark ground alike; inkOf lets each of them through.
constexpr InkName inks[] = {{"#c62828", QT_TRANSLATE_NOOP("avocet::FormatBar", "Red")},
                            {"#b26a00", QT_TRANSLATE_NOOP("avocet::FormatBar", "Orange")},
                            {"#2e7d32", QT_TRANSLATE_NOOP("avocet::FormatBar", "Green")},
                            {"#0b7fa0", QT_TRANSLATE_NOOP("avocet::FormatBar", "Teal")},
                            {"#3b6fd4", QT_TRANSLATE_NOOP("avocet::FormatBar", "Blue")},
                            {"#8e44ad", QT_TRANSLATE_NOOP("avocet::FormatBar", "Purple")},
                            {"#7a848b", QT_TRANSLATE_NOOP("avocet::FormatBar", "Grey")}};

QIcon swatch(const QColor& colour)
{
    QPixmap pixmap(metrics::iconSmall, metrics::iconSmall);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    fillRounded(painter, QRectF(pixmap.rect()).adjusted(2, 2, -2, -2), metrics::radiusMark, colour);
    return {pixmap};
}

} // namespace

FormatBar::FormatBar(ComposeBody* body, QWidget* parent)
    : QWidget(parent)
    , m_body(body)
{
    setFixedHeight(std::max(barHeight, lineHeight(TextRole::Body) + metrics::space4));
    setAccessibleName(tr("Format"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(barMargin, 0, barMargin, 0);
    layout->setSpacing(metrics::space1);
    addMarks();
    addBlocks();
    layout->addStretch(1);
    m_spelling = addMenu("spelling", tr("Spelling"), spellMenu());
    m_kind = new QToolButton(this);
    m_kind->setAutoRaise(true);
    m_kind->setFocusPolicy(Qt::TabFocus);
    m_kind->setFixedHeight(buttonSide);
    connect(m_kind, &QToolButton::clicked, this, [this] { Q_EMIT richWanted(!m_body->isRich()); });
    layout->addWidget(m_kind);
    connect(body, &QTextEdit::currentCharFormatChanged, this, &FormatBar::update);
    connect(body, &QTextEdit::cursorPositionChanged, this, &FormatBar::update);
    showRich(body->isRich());
}

IconButton* FormatBar::add(const char* icon, const QString& name, const QKeySequence& keys,
                           const std::function<void()>& run, bool checkable, int needs)
{
    auto* button = new IconButton(icon, name, this);
    button->setLabel(name, keys.toString(QKeySequence::NativeText));
    button->setFixedSize(buttonSide, buttonSide);
    button->setCheckable(checkable);
    // The text keeps the cursor: a click formats what is selected there.
    button->setFocusPolicy(Qt::TabFocus);
    const auto apply = [this, run] {
        if (!m_body->isReadOnly() && m_body->isRich())
            run();
        update();
    };
    connect(button, &QToolButton::clicked, this, apply);
    if (!keys.isEmpty()) {
        auto* shortcut = new QShortcut(keys, m_body);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, apply);
    }
    layout()->addWidget(button);
    m_entries.append({button, needs, true});
    return button;
}

QToolButton* FormatBar::addMenu(const char* icon, const QString& name, QMenu* menu, int needs)
{
    auto* button = new IconButton(icon, name, this);
    button->setFixedSize(buttonSide, buttonSide);
    button->setFocusPolicy(Qt::TabFocus);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(menu);
    menu->setAccessibleName(name);
    layout()->addWidget(button);
    m_entries.append({button, needs, false});
    return button;
}

void FormatBar::addMarks()
{
    using Mark = ComposeBody::Mark;
    addMenu("text-style", tr("Text style"), styleMenu());
    m_entries.last().richOnly = true;
    const auto mark = [this](const char* icon, const QString& name, const QKeySequence& keys,
                             Mark which, int needs) {
        m_marks.append(
            {add(
                 icon, name, keys, [this, which] { m_body->toggle(which); }, true, needs),
             which});
    };
    mark("bold", tr("Bold"), QKeySequence::Bold, Mark::Bold, 0);
    mark("italic", tr("Italic"), QKeySequence::Italic, Mark::Italic, 0);
    mark("underline", tr("Underline"), QKeySequence::Underline, Mark::Underline, 0);
    mark("strike", tr("Strike through"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_X),
         Mark::Strike, 640);
    addMenu("text-colour", tr("Text colour"), inkMenu(), 560);
    m_entries.last().richOnly = true;
}

void FormatBar::addBlocks()
{
    using Kind = RichBlock::Kind;
    m_bullets = add(
        "list-bullets", tr("Bulleted list"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_8),
        [this] { m_body->toggleList(Kind::Bullet); }, true);
    m_numbers = add(
        "list-numbers", tr("Numbered list"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_7),
        [this] { m_body->toggleList(Kind::Number); }, true);
    m_quote = add(
        "quote", tr("Quote"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_9),
        [this] { m_body->toggleQuote(); }, true, 600);
    const auto code = add(
        "code", tr("Code"), QKeySequence(Qt::CTRL | Qt::Key_E),
        [this] { m_body->toggle(ComposeBody::Mark::Code); }, true, 680);
    m_marks.append({code, ComposeBody::Mark::Code});
    add("link", tr("Link"), QKeySequence(Qt::CTRL | Qt::Key_K), [this] { Q_EMIT linkWanted(); });
    m_picture = add("picture", tr("Insert picture"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_I),
                    [this] {
                        if (!m_picturesOut)
                            Q_EMIT pictureWanted();
                    });
    add(
        "clear-format", tr("Clear formatting"), QKeySequence(Qt::CTRL | Qt::Key_Backslash),
        [this] { m_body->clearFormatting(); }, false, 640);
    const auto key = [this](const QKeySequence& keys, int by) {
        auto* shortcut = new QShortcut(keys, m_body);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, by] { m_body->indent(by); });
    };
    for (QAbstractButton* button : {m_bullets, m_numbers})
        button->setToolTip(button->toolTip() + u'\n' + tr("Tab indents, Ctrl+Tab leaves the text"));
    key(QKeySequence(Qt::CTRL | Qt::Key_BracketRight), 1);
    key(QKeySequence(Qt::CTRL | Qt::Key_BracketLeft), -1);
    auto* plain = new QShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_V), m_body);
    plain->setContext(Qt::WidgetShortcut);
    connect(plain, &QShortcut::activated, m_body, &ComposeBody::pastePlain);
}

QMenu* FormatBar::styleMenu()
{
    auto* menu = new QMenu(this);
    const auto entry = [&](const QString& name, const QKeySequence& keys,
                           const std::function<void()>& run) {
        QAction* action = menu->addAction(name);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut); // shown here; the text has the key
        connect(action, &QAction::triggered, this, run);
        auto* shortcut = new QShortcut(keys, m_body);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, run);
    };
    const auto level = [this](int number) {
        return [this, number] { m_body->setHeading(number); };
    };
    entry(tr("Body text"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_0), [this] {
        if (m_body->blockKind() == RichBlock::Kind::Code)
            m_body->toggleCodeBlock();
        m_body->setHeading(0);
    });
    entry(tr("Large heading"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_1), level(1));
    entry(tr("Heading"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_2), level(2));
    entry(tr("Small heading"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_3), level(3));
    entry(tr("Block of code"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_E),
          [this] { m_body->toggleCodeBlock(); });
    return menu;
}

QMenu* FormatBar::inkMenu()
{
    auto* menu = new QMenu(this);
    connect(menu->addAction(tr("The text's own")), &QAction::triggered, this,
            [this] { m_body->setInk({}); });
    menu->addSeparator();
    for (const InkName& ink : inks) {
        const QString colour = QString::fromLatin1(ink.colour);
        QAction* action = menu->addAction(swatch(QColor(colour)), tr(ink.name));
        action->setIconVisibleInMenu(true);
        connect(action, &QAction::triggered, this, [this, colour] { m_body->setInk(colour); });
    }
    return menu;
}

QMenu* FormatBar::spellMenu()
{
    auto* menu = new QMenu(this);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { m_body->spelling().fillMenu(*menu); });
    return menu;
}

void FormatBar::leaveOut(bool spelling, bool pictures)
{
    m_entries.removeIf([&](const Entry& entry) {
        const bool out =
            (spelling && entry.button == m_spelling) || (pictures && entry.button == m_picture);
        if (out)
            entry.button->hide();
        return out;
    });
    m_picturesOut = pictures;
}

void FormatBar::showRich(bool rich)
{
    m_kind->setText(rich ? tr("Formatted") : tr("Plain text"));
    m_kind->setToolTip(rich ? tr("Change to plain text") : tr("Change to formatted text"));
    m_kind->setAccessibleName(m_kind->toolTip());
    for (const Entry& entry : m_entries)
        entry.button->setVisible((rich || !entry.richOnly) && width() >= entry.needs);
    update();
}

void FormatBar::update()
{
    for (const auto& [button, mark] : m_marks)
        button->setChecked(m_body->has(mark));
    m_bullets->setChecked(m_body->blockKind() == RichBlock::Kind::Bullet);
    m_numbers->setChecked(m_body->blockKind() == RichBlock::Kind::Number);
    m_quote->setChecked(m_body->isQuoted());
}

void FormatBar::resizeEvent(QResizeEvent*)
{
    showRich(m_body->isRich());
}

void FormatBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(0, 0, width(), 1, tokens().border);
}

} // namespace avocet
