// SPDX-License-Identifier: GPL-3.0-or-later
// The quiet bar under a formatted text: what it looks like at the cursor, and how to change it.
#pragma once

#include "ui/compose/ComposeBody.h"

#include <QWidget>

class QMenu;
class QToolButton;

namespace avocet {

class IconButton;

/// 40 px high. Where it is narrow the less used buttons go; their keys stay. Thread: the GUI's. Owner: ComposeEditor.
class FormatBar : public QWidget {
    Q_OBJECT
public:
    FormatBar(ComposeBody* body, QWidget* parent = nullptr);

    void showRich(bool rich);
    /// What has no place in a form.
    void leaveOut(bool spelling, bool pictures);

Q_SIGNALS:
    void linkWanted();
    void pictureWanted();
    void richWanted(bool rich);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    IconButton* add(const char* icon, const QString& name, const QKeySequence& keys,
                    const std::function<void()>& run, bool checkable = false, int needs = 0);
    QToolButton* addMenu(const char* icon, const QString& name, QMenu* menu, int needs = 0);
    void addMarks();
    void addBlocks();
    QMenu* styleMenu();
    QMenu* inkMenu();
    QMenu* spellMenu();
    void update();

    struct Entry {
        QWidget* button;
        int needs; ///< width of the bar from which on it is shown
        bool richOnly;
    };
    ComposeBody* m_body;
    bool m_picturesOut = false;
    QList<Entry> m_entries;
    QList<std::pair<IconButton*, ComposeBody::Mark>> m_marks;
    IconButton *m_bullets = nullptr, *m_numbers = nullptr, *m_quote = nullptr;
    QToolButton *m_kind = nullptr, *m_spelling = nullptr, *m_picture = nullptr;
};

} // namespace avocet
