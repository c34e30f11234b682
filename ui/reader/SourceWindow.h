// SPDX-License-Identifier: GPL-3.0-or-later
// The message's bytes as they came, for those who want to look closer.
#pragma once

#include <QList>
#include <QTextCursor>
#include <QWidget>

#include <string>

class QPlainTextEdit;

namespace avocet {

class FindBar;

/// Its own window; deletes itself once closed. Shows at most 2 MB. Ctrl+F finds in it.
class SourceWindow : public QWidget {
    Q_OBJECT
public:
    SourceWindow(const QString& subject, const std::string& raw);

private:
    void mark(const QString& words);
    void step(bool backward);
    void showPlaces();
    void endFind();

    QPlainTextEdit* m_view;
    FindBar* m_find;
    QList<QTextCursor> m_places;
    int m_active = -1;
};

} // namespace avocet
