// SPDX-License-Identifier: GPL-3.0-or-later
// The list below a recipient field: who could be meant.
#pragma once

#include "core/model/Contact.h"

#include <QListView>

#include <vector>

class QStandardItemModel;

namespace avocet {

/// A child of the window (no window of its own: Wayland would not let us place it); takes no focus, the field's keys lead it.
/// Two lines a row: the name, and always the address; the cross at the end takes a suggestion away. Thread: the GUI's.
class SuggestionList : public QListView {
    Q_OBJECT
public:
    explicit SuggestionList(QWidget* window);

    /// `typed`: what is emphasised of them. Row -1: none is chosen.
    void setSuggestions(const std::vector<Suggestion>& suggestions, const QString& typed, int row);
    int count() const;
    int row() const;
    void setRow(int row);
    /// Where the rows end, so that it shows as many as there are.
    int wantedHeight() const;
    /// What assistive tools read for a row.
    QString words(int row) const;

Q_SIGNALS:
    void chosen(int row);
    void removeRequested(int row);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QStandardItemModel* m_model;
};

} // namespace avocet
