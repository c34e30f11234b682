// SPDX-License-Identifier: GPL-3.0-or-later
// One field of a form: label above, the field, and below it what is wrong with it.
#pragma once

#include <QLineEdit>
#include <QWidget>

#include <functional>

class QLabel;
class QVBoxLayout;

namespace avocet {

class Button;

/// A 36 px line edit that can be outlined in danger.
class FormEdit : public QLineEdit {
    Q_OBJECT
public:
    explicit FormEdit(QWidget* parent = nullptr);
    void setInvalid(bool invalid);
    bool isInvalid() const { return m_invalid; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    bool m_invalid = false;
};

/// The label is the field's buddy and its accessible name; a problem becomes its description.
class FormField : public QWidget {
    Q_OBJECT
public:
    FormField(const QString& label, QWidget* field, QWidget* parent = nullptr);

    QWidget* field() const { return m_field; }
    /// A quiet hint in Small below the field; empty: none.
    void setHint(const QString& hint);
    /// Shown in place of the hint, with the outline; `details` are behind a button.
    void setProblem(const QString& words, const QString& details = {});
    void clearProblem();
    /// Problems are told there from now on, where the field itself is too narrow for words.
    void tellProblemsIn(QVBoxLayout* layout);
    /// A way out of the problem, unfolded by its Details: `text` explains, `action` is the button.
    void offer(const QString& action, const QString& text, std::function<void()> run);
    QString problem() const;
    bool hasProblem() const { return !problem().isEmpty(); }

protected:
    void changeEvent(QEvent* event) override;

private:
    void showDetails(bool on);

    QWidget* m_field;
    QVBoxLayout* m_layout;
    QLabel* m_hint;
    QWidget* m_problemRow;
    QLabel* m_problemIcon;
    QLabel* m_problem;
    Button* m_detailsButton;
    QLabel* m_details;
    QLabel* m_offerText;
    Button* m_offer;
    std::function<void()> m_run;
    bool m_detailsShown = false;
};

} // namespace avocet
