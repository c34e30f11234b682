// SPDX-License-Identifier: GPL-3.0-or-later
// What screen readers see of MessageListView: Qt has no interface for a view of one's own.
#pragma once

#include <QAccessibleWidget>

#include <map>

namespace avocet {

class MessageListView;

/// A list whose children are its rows, made when asked for. Thread: the GUI's.
class MessageListAccessible : public QAccessibleWidget {
public:
    explicit MessageListAccessible(MessageListView* view);
    ~MessageListAccessible() override;

    /// Registers with QAccessible, once.
    static void install();

    int childCount() const override;
    QAccessibleInterface* child(int index) const override;
    QAccessibleInterface* childAt(int x, int y) const override;
    QAccessibleInterface* focusChild() const override;
    int indexOfChild(const QAccessibleInterface* child) const override;

private:
    MessageListView* view() const;
    mutable std::map<int, QAccessible::Id> m_rows;
};

} // namespace avocet
