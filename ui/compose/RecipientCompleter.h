// SPDX-License-Identifier: GPL-3.0-or-later
// Suggests recipients while one is typed.
#pragma once

#include "core/engine/MailEngine.h"

#include <QObject>

#include <functional>
#include <set>
#include <string>
#include <vector>

class QKeyEvent;
class QLineEdit;

namespace avocet {

class RecipientField;
class SuggestionList;

/// Up and Down choose, Enter and Tab take, Escape closes, Shift+Delete (or Delete on one that was chosen) takes a suggestion
/// away for good. Answers come from the reader thread; Enter and Tab wait for one that is under way. Thread: the GUI's.
class RecipientCompleter : public QObject {
    Q_OBJECT
public:
    /// `isTaken`: whether an address is a recipient already and needs no suggestion.
    RecipientCompleter(MailEngine& engine, RecipientField* field,
                       std::function<bool(const std::string& address)> isTaken);

    /// Null while it was never needed.
    SuggestionList* list() const { return m_list; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void ask();
    void show(std::vector<Suggestion> found, quint64 question);
    bool key(QKeyEvent* event);
    void move(int step);
    void take(int row);
    void remove(int row);
    void close();
    void place();
    void tell();
    bool isOpen() const;

    MailEngine& m_engine;
    RecipientField* m_field;
    QLineEdit* m_edit;
    std::function<bool(const std::string&)> m_isTaken;
    SuggestionList* m_list = nullptr;
    std::vector<Suggestion> m_shown;
    std::set<std::string> m_removed; ///< here, until a refresh knows it
    quint64 m_asked = 0, m_answered = 0;
    bool m_takeWhenAnswered = false; ///< Enter or Tab came before the answer
    bool m_moved = false;            ///< the user chose a row
};

} // namespace avocet
