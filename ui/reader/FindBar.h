// SPDX-License-Identifier: GPL-3.0-or-later
// The field above a conversation that looks for words in it.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace avocet {

class IconButton;

class FindBar : public QWidget {
    Q_OBJECT
public:
    /// `what`: said in the field while it is empty, and its name.
    FindBar(const QString& what, QWidget* parent);

    /// Shows itself and takes the keyboard; what was looked for before is selected.
    void begin(const QString& words = {});
    QString words() const;
    /// What follows it in the order of Tab follows this.
    QWidget* lastStop() const;
    /// "3 of 12"; `active` 0: none of them yet. `counting`: there may be more.
    void setCount(int active, int all, bool counting);

Q_SIGNALS:
    void wordsChanged(const QString& words);
    void stepped(bool backward);
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QLineEdit* m_field;
    QLabel* m_count;
    IconButton* m_previous;
    IconButton* m_next;
    IconButton* m_close;
};

} // namespace avocet
