// SPDX-License-Identifier: GPL-3.0-or-later
// Templates in the composer: inserting one, filling its placeholders, and keeping what was written as a new one.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Outgoing.h"
#include "core/model/Template.h"
#include "ui/compose/Placeholders.h"
#include "ui/theme/InfoBar.h"

#include <QObject>
#include <QSet>
#include <QTextCursor>

#include <functional>

class QLineEdit;
class QMenu;

namespace avocet {

class Button;
class ComposeBody;
class ComposeEditor;

/// What a placeholder stands for is filled in when it is known: at once, or when the recipients were written. Those that are
/// left are marked in the text, and the composer asks before it sends them. Thread: the GUI's. Owner: the compose window.
class ComposeTemplates : public QObject {
    Q_OBJECT
public:
    /// `draft` is the message as it is on the screen, without files; its identity tells the user's name.
    ComposeTemplates(MailEngine& engine, ComposeEditor* editor, QLineEdit* subject,
                     std::function<Draft()> draft, QWidget* window);

    Button* makeButton(QWidget* bar);
    /// At the cursor; its subject where there is none yet.
    void insert(const Template& one);
    /// Asks for a name and keeps what was written, without signature and quotes.
    void save();
    /// The first placeholder that nobody filled, with its braces; empty: there is none.
    QString firstOpen() const;
    /// Selects it: what is typed takes its place.
    void goToOpen();
    /// Fills what is known by now, in the places that a template left.
    void fillOpen();

Q_SIGNALS:
    /// Text or subject, by a template.
    void changed();
    void notice(const avocet::BarMessage& message);
    /// The page where templates are edited is wanted.
    void pageWanted();

private:
    PlaceholderFacts facts() const;
    void learnNames();
    bool isKnown(const QString& name) const;
    QTextCursor openSpot() const;
    QTextCursor fillBetween(int start, int end, const PlaceholderFacts& facts);
    void fillMenu(QMenu* menu);
    void store(const QString& name, TemplateId replaced);

    MailEngine& m_engine;
    ComposeEditor* m_editor;
    ComposeBody* m_body;
    QLineEdit* m_subject;
    std::function<Draft()> m_draft;
    QWidget* m_window;
    Button* m_button = nullptr;
    QSet<QString> m_names; ///< that templates use: other words in braces are the user's own
    bool m_hasTemplates = false;
    bool m_inserted = false; ///< one was, here
    RequestId m_request;
    QString m_savedName;
};

} // namespace avocet
