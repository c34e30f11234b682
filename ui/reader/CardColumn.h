// SPDX-License-Identifier: GPL-3.0-or-later
// Widgets from top to bottom, each as tall as it wants to be at the width of the column. A box layout would ask
// for heights at widths that nothing ever gets, and each answer lays out a whole text.
#pragma once

#include <QList>
#include <QWidget>

namespace avocet {

class CardColumn : public QWidget {
    Q_OBJECT
public:
    explicit CardColumn(QWidget* parent = nullptr);

    const QList<QWidget*>& items() const { return m_items; }
    void insert(int at, QWidget* item);
    /// Deletes it.
    void remove(QWidget* item);
    void clear();
    /// At once, where it was changed or has another width now.
    void layOut(int width);
    /// Tab goes down the column, behind this widget.
    void setTabAnchor(QWidget* before) { m_tabAnchor = before; }

Q_SIGNALS:
    void heightsChanged(); ///< somebody wants another height: layOut

protected:
    bool event(QEvent* event) override;

private:
    void orderTabs();

    QList<QWidget*> m_items;
    QWidget* m_tabAnchor = nullptr;
    QList<QWidget*> m_ordered; ///< who was put into its order; the HTML view changes its inner one
};

} // namespace avocet
