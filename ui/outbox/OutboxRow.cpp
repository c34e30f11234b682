// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/outbox/OutboxRow.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"

#include <QBoxLayout>
#include <QContextMenuEvent>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace avocet {

namespace {

constexpr int rowHeight = 72;
constexpr int narrowBelow = 560;
constexpr int textLeft = 52; ///< 16 + icon 20 + 16

const char* iconOf(OutboxTone tone, OutboxState state)
{
    switch (tone) {
    case OutboxTone::Busy:
        return "send";
    case OutboxTone::Good:
        return "success";
    case OutboxTone::Warning:
        return "warning";
    case OutboxTone::Danger:
        return "error";
    case OutboxTone::Quiet:
        break;
    }
    return state == OutboxState::Queued ? "clock" : "outbox";
}

QColor inkOf(OutboxTone tone)
{
    const Tokens& t = tokens();
    switch (tone) {
    case OutboxTone::Busy:
        return t.accent;
    case OutboxTone::Good:
        return t.success;
    case OutboxTone::Warning:
        return t.warning;
    case OutboxTone::Danger:
        return t.danger;
    case OutboxTone::Quiet:
        break;
    }
    return t.text2;
}

} // namespace

OutboxRow::OutboxRow(QWidget* parent)
    : QWidget(parent)
    , m_recipients(new ElidedLabel({}, this))
    , m_time(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_subject(new ElidedLabel({}, this))
    , m_state(new ElidedLabel({}, this))
    , m_actions(new QHBoxLayout)
    , m_question(new QWidget(this))
    , m_details(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
{
    m_recipients->setFont(themeFont(TextRole::Body, true));
    m_subject->setFont(themeFont(TextRole::Body));
    m_state->setFont(themeFont(TextRole::Small));
    m_state->setForegroundRole(QPalette::WindowText); // coloured by updateState()
    auto* outer = new QVBoxLayout(this);
    outer->setSpacing(0);
    m_main = new QHBoxLayout;
    m_main->setSpacing(metrics::space3);
    m_texts = new QVBoxLayout;
    QVBoxLayout* texts = m_texts;
    texts->setSpacing(0);
    auto* first = new QHBoxLayout;
    first->setSpacing(metrics::space2);
    m_recipients->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    first->addWidget(m_recipients, 1);
    first->addWidget(m_time);
    first->addStretch(0);
    texts->addStretch(1);
    texts->addLayout(first);
    texts->addWidget(m_subject);
    texts->addWidget(m_state);
    texts->addStretch(1);
    m_actions->setSpacing(metrics::space1);
    m_main->addLayout(texts, 1);
    m_main->addLayout(m_actions);
    outer->addLayout(m_main);

    auto* asked = new QVBoxLayout(m_question);
    asked->setSpacing(metrics::space1);
    auto* question = new QHBoxLayout;
    question->setSpacing(metrics::space2);
    m_facts = makeLabel({}, TextRole::Small, Ink::Text, false, m_question);
    auto* arrived = new Button(actionText(OutboxAction::Settle), ButtonKind::Secondary, m_question);
    auto* yes = new Button(tr("Send again"), ButtonKind::Secondary, m_question);
    auto* no = new Button(tr("Keep as it is"), ButtonKind::Quiet, m_question);
    m_facts->setWordWrap(true);
    m_keep = no;
    asked->addWidget(m_facts);
    asked->addLayout(question);
    question->addStretch(1);
    question->addWidget(no);
    question->addWidget(arrived);
    question->addWidget(yes);
    connect(yes, &QPushButton::clicked, this, [this] {
        m_question->hide();
        Q_EMIT sendAgainConfirmed();
        Q_EMIT sizeChanged();
    });
    connect(arrived, &QPushButton::clicked, this, [this] {
        m_question->hide();
        Q_EMIT triggered(OutboxAction::Settle);
        Q_EMIT sizeChanged();
    });
    connect(no, &QPushButton::clicked, this, [this] {
        m_question->hide();
        Q_EMIT sizeChanged();
    });
    outer->addWidget(m_question);
    m_question->hide();
    m_details->setWordWrap(true);
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    outer->addWidget(m_details);
    m_details->hide();
    applyMargins();
}

/// Layouts mirror their widgets, not their margins.
void OutboxRow::applyMargins()
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const auto set = [mirrored](QLayout* layout, int leading, int top, int trailing, int bottom) {
        layout->setContentsMargins(mirrored ? trailing : leading, top,
                                   mirrored ? leading : trailing, bottom);
    };
    // A quiet button's text stands in by its padding: buttons begin that much earlier than texts.
    set(layout(), textLeft - metrics::space3, metrics::space2, metrics::space3, metrics::space2);
    set(m_texts, metrics::space3, 0, 0, 0);
    set(m_question->layout(), metrics::space3, metrics::space1, 0, 0);
    m_details->setContentsMargins(mirrored ? 0 : metrics::space3, 0, mirrored ? metrics::space3 : 0,
                                  0);
}

void OutboxRow::setContent(const OutboxModel& model, int row)
{
    const QModelIndex index = model.index(row);
    const OutboxState state = model.item(row).state;
    const OutboxWords words = model.words(row);
    const bool sameActions = words.actions == m_words.actions && !m_buttons.isEmpty();
    m_words = words;
    m_recipients->setFullText(index.data(OutboxModel::RecipientsRole).toString());
    m_subject->setFullText(index.data(OutboxModel::SubjectRole).toString());
    m_time->setText(index.data(OutboxModel::TimeRole).toString());
    setAccessibleName(index.data(Qt::AccessibleTextRole).toString());
    m_details->setText(words.details);
    if (state != OutboxState::Uncertain)
        m_question->hide();
    if (words.details.isEmpty())
        m_details->hide();
    if (!sameActions) { // rebuilding would take the focus from a button in use
        clearActions();
        for (const OutboxAction action : words.actions)
            addAction(action);
    }
    setProperty("state", static_cast<int>(state));
    updateState();
    update();
}

void OutboxRow::updateState()
{
    m_state->setFullText(m_note.isEmpty() ? m_words.state
                                          : tr("%1. %2").arg(m_words.state, m_note));
    QPalette palette = m_state->palette();
    palette.setColor(QPalette::WindowText, inkOf(m_words.tone));
    m_state->setPalette(palette);
}

void OutboxRow::setNote(const QString& note)
{
    m_note = note;
    updateState();
}

void OutboxRow::addAction(OutboxAction action)
{
    auto* button = new Button(actionText(action), ButtonKind::Quiet, this);
    button->setAccessibleDescription(m_subject->fullText());
    connect(button, &QPushButton::clicked, this, [this, action] { Q_EMIT triggered(action); });
    m_actions->addWidget(button);
    m_buttons.append(button);
    button->show();
}

void OutboxRow::clearActions()
{
    for (QWidget* button : std::as_const(m_buttons)) {
        m_actions->removeWidget(button);
        button->hide();
        button->deleteLater();
    }
    m_buttons.clear();
}

void OutboxRow::askSendAgain(const QString& facts)
{
    m_facts->setText(facts);
    m_question->show();
    Q_EMIT sizeChanged();
    m_keep->setFocus(Qt::OtherFocusReason); // the answer that changes nothing
}

void OutboxRow::toggleDetails()
{
    m_details->setVisible(m_details->isHidden() && !m_details->text().isEmpty());
    Q_EMIT sizeChanged();
}

QSize OutboxRow::sizeHint() const
{
    const int texts =
        2 * lineHeight(TextRole::Body) + lineHeight(TextRole::Small) + metrics::space4 + 1;
    int height = std::max(rowHeight, texts);
    if (m_narrow && !m_buttons.isEmpty())
        height += metrics::button + metrics::space1;
    if (!m_question->isHidden())
        height += m_question->layout()->heightForWidth(std::max(100, width() - textLeft));
    if (!m_details->isHidden())
        height += m_details->heightForWidth(std::max(100, width() - textLeft - metrics::space3));
    return {320, height};
}

void OutboxRow::resizeEvent(QResizeEvent*)
{
    const bool narrow = width() < narrowBelow;
    if (narrow != m_narrow) {
        m_narrow = narrow;
        m_main->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
        m_main->setSpacing(narrow ? metrics::space1 : metrics::space3);
        m_actions->setAlignment(narrow ? Qt::AlignLeading : Qt::Alignment());
        Q_EMIT sizeChanged();
    } else if (!m_details->isHidden()) {
        Q_EMIT sizeChanged(); // its lines break elsewhere now
    }
}

void OutboxRow::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        updateState();
    if (event->type() == QEvent::LayoutDirectionChange)
        applyMargins();
}

void OutboxRow::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const OutboxAction action : std::as_const(m_words.actions))
        menu->addAction(actionText(action), this, [this, action] { Q_EMIT triggered(action); });
    if (menu->isEmpty())
        delete menu;
    else
        menu->popup(event->globalPos());
}

void OutboxRow::paintEvent(QPaintEvent*)
{
    const auto state = static_cast<OutboxState>(property("state").toInt());
    QPainter painter(this);
    const QRect icon = QStyle::visualRect(
        layoutDirection(), rect(),
        QRect(metrics::space4, (rowHeight - metrics::icon) / 2, metrics::icon, metrics::icon));
    // The paper plane points along the line of reading; a clock or a check mark does not.
    const bool mirrored = m_words.tone == OutboxTone::Busy && layoutDirection() == Qt::RightToLeft;
    paintIcon(painter, icon, iconOf(m_words.tone, state), inkOf(m_words.tone), mirrored);
    const QRect line = QStyle::visualRect(layoutDirection(), rect(),
                                          QRect(textLeft, height() - 1, width() - textLeft, 1));
    painter.fillRect(line, tokens().border);
}

} // namespace avocet
