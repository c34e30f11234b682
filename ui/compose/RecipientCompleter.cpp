// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/RecipientCompleter.h"

#include "ui/compose/RecipientField.h"
#include "ui/compose/SuggestionList.h"
#include "ui/theme/Theme.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QLineEdit>

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

constexpr std::size_t mostShown = 6;
constexpr std::size_t mostAsked = 30; ///< some of them are recipients already
constexpr int widest = 440;
constexpr int gap = 4;

} // namespace

RecipientCompleter::RecipientCompleter(MailEngine& engine, RecipientField* field,
                                       std::function<bool(const std::string&)> isTaken)
    : QObject(field)
    , m_engine(engine)
    , m_field(field)
    , m_edit(field->edit())
    , m_isTaken(std::move(isTaken))
{
    m_edit->installEventFilter(this); // behind the field's own, so it comes first
    connect(m_edit, &QLineEdit::textEdited, this, &RecipientCompleter::ask);
    connect(m_edit, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty())
            close();
    });
}

bool RecipientCompleter::isOpen() const
{
    return m_list && m_list->isVisible();
}

void RecipientCompleter::ask()
{
    const QString typed = m_edit->text().trimmed();
    if (typed.isEmpty()) {
        close();
        return;
    }
    const quint64 question = ++m_asked;
    m_engine.queries().suggest(
        this, typed.toStdString(), mostAsked,
        [this, question](std::vector<Suggestion> found) { show(std::move(found), question); });
}

void RecipientCompleter::show(std::vector<Suggestion> found, quint64 question)
{
    m_answered = std::max(m_answered, question);
    if (question != m_asked || !m_edit->hasFocus())
        return;
    std::erase_if(found, [this](const Suggestion& one) {
        return m_isTaken(one.address) || m_removed.contains(one.address);
    });
    if (found.size() > mostShown)
        found.resize(mostShown);
    const QString typed = m_edit->text().trimmed();
    const bool take = std::exchange(m_takeWhenAnswered, false);
    // Who wrote a whole address means it.
    const TypedRecipient whole = parseRecipient(typed);
    const bool isOther =
        whole.valid && (found.empty() || !sameAddress(found[0].address, whole.address.address));
    m_shown = std::move(found);
    m_moved = false;
    if (m_shown.empty() || take) {
        if (take && !m_shown.empty() && !isOther)
            this->take(0);
        else if (take)
            m_field->complete();
        close();
        return;
    }
    if (!m_list) {
        m_list = new SuggestionList(m_edit->window());
        connect(m_list, &SuggestionList::chosen, this, &RecipientCompleter::take);
        connect(m_list, &SuggestionList::removeRequested, this, &RecipientCompleter::remove);
        connect(this, &QObject::destroyed, m_list, &QObject::deleteLater);
        m_edit->window()->installEventFilter(this);
    }
    m_list->setSuggestions(m_shown, typed, isOther ? -1 : 0);
    place();
    m_list->show();
    m_list->raise();
    tell();
}

void RecipientCompleter::place()
{
    QWidget* window = m_edit->window();
    const int width = std::min(widest, window->width() - 2 * metrics::space4);
    const QPoint below = m_edit->mapTo(window, QPoint(0, m_edit->height() + gap));
    const bool mirrored = m_edit->layoutDirection() == Qt::RightToLeft;
    const int wanted = mirrored ? below.x() + m_edit->width() - width : below.x() - metrics::space3;
    const int x = std::clamp(wanted, metrics::space4,
                             std::max(metrics::space4, window->width() - width - metrics::space4));
    const int room = window->height() - below.y() - metrics::space2;
    m_list->setGeometry(x, below.y(), width, std::min(m_list->wantedHeight(), std::max(room, 60)));
}

bool RecipientCompleter::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_edit) {
        // Escape is the window's, Delete and Tab may be: while the list is there, they are its own.
        if (event->type() == QEvent::ShortcutOverride && isOpen() &&
            static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
            event->accept();
            return true;
        }
        if (event->type() == QEvent::KeyPress)
            return key(static_cast<QKeyEvent*>(event));
        if (event->type() == QEvent::FocusOut)
            close();
    } else if (event->type() == QEvent::Resize && isOpen()) {
        QMetaObject::invokeMethod( // once the fields have found their new places
            this,
            [this] {
                if (isOpen())
                    place();
            },
            Qt::QueuedConnection);
    }
    return false;
}

bool RecipientCompleter::key(QKeyEvent* event)
{
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    if (event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier))
        return false; // Ctrl+Return sends
    switch (event->key()) {
    case Qt::Key_Down:
    case Qt::Key_Up:
        if (isOpen())
            move(event->key() == Qt::Key_Down ? 1 : -1);
        else if (!m_edit->text().trimmed().isEmpty())
            ask();
        else
            return false;
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Tab:
        if (shift || m_edit->text().trimmed().isEmpty())
            return false;
        if (m_asked != m_answered) {
            m_takeWhenAnswered = true;
            return true;
        }
        if (!isOpen() || m_list->row() < 0)
            return false;
        take(m_list->row());
        return true;
    case Qt::Key_Escape:
        if (!isOpen())
            return false;
        close();
        return true;
    case Qt::Key_Delete:
        if (!isOpen() || m_list->row() < 0 ||
            !(shift || (m_moved && m_edit->cursorPosition() == m_edit->text().size())))
            return false;
        remove(m_list->row());
        return true;
    default:
        return false;
    }
}

void RecipientCompleter::move(int step)
{
    const int count = m_list->count();
    m_moved = true;
    if (m_list->row() < 0)
        m_list->setRow(step > 0 ? 0 : count - 1);
    else
        m_list->setRow((m_list->row() + step + count) % count);
    tell();
}

void RecipientCompleter::take(int row)
{
    if (row < 0 || row >= static_cast<int>(m_shown.size()))
        return;
    const Suggestion chosen = m_shown[static_cast<std::size_t>(row)];
    close();
    m_field->takeInstead(Address{chosen.name, chosen.address});
}

void RecipientCompleter::remove(int row)
{
    if (row < 0 || row >= static_cast<int>(m_shown.size()))
        return;
    const auto at = m_shown.begin() + row;
    m_engine.submit(command::HideSuggestion{at->address});
    m_removed.insert(at->address);
    m_shown.erase(at);
    if (m_shown.empty()) {
        close();
        return;
    }
    m_list->setSuggestions(m_shown, m_edit->text().trimmed(),
                           std::min(row, static_cast<int>(m_shown.size()) - 1));
    place();
    tell();
}

void RecipientCompleter::close()
{
    ++m_asked; // an answer that is under way is not for what comes next
    m_answered = m_asked;
    m_takeWhenAnswered = false;
    m_shown.clear();
    if (isOpen()) {
        m_list->hide();
        m_edit->setAccessibleDescription({});
    }
}

/// The list has no focus: what it offers is told as the field's description.
void RecipientCompleter::tell()
{
    const QString chosen = m_list->row() < 0 ? QString() : m_list->words(m_list->row());
    m_edit->setAccessibleDescription(
        chosen.isEmpty() ? tr("%n suggestion(s)", nullptr, m_list->count())
                         : tr("%n suggestion(s). %1", nullptr, m_list->count()).arg(chosen));
    QAccessibleEvent event(m_edit, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

} // namespace avocet
