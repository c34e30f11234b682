// SPDX-License-Identifier: GPL-3.0-or-later
// The two small dialogs of folders and bulk actions: one asks, one takes a name.
#pragma once

#include <QDialog>

#include <functional>

class QLabel;

namespace avocet {

class Button;
class FormEdit;
class FormField;

/// A question with one answer beside Cancel. Escape cancels, Enter answers unless it is dangerous.
class QuestionSheet : public QDialog {
    Q_OBJECT
public:
    QuestionSheet(const QString& title, const QString& text, const QString& verb, bool danger,
                  QWidget* parent);
    Button& answer() { return *m_answer; }

private:
    Button* m_answer;
};

/// Asks for a folder's name, and says at once what is wrong with it.
class FolderNameSheet : public QDialog {
    Q_OBJECT
public:
    /// `check` returns what is wrong with a name; empty: nothing.
    FolderNameSheet(const QString& title, const QString& verb, const QString& name,
                    std::function<QString(const QString&)> check, QWidget* parent);
    QString name() const;
    FormEdit& edit() { return *m_edit; }
    QString problem() const;

Q_SIGNALS:
    void named(const QString& name);

private:
    void submit();

    std::function<QString(const QString&)> m_check;
    FormEdit* m_edit;
    FormField* m_field;
    Button* m_answer;
};

} // namespace avocet
