// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/MessageListAccessible.h"

#include "ui/list/MessageListView.h"

#include <QPointer>

namespace avocet {

namespace {

/// Rows kept at once; a reader that walks through a million gets new ones.
constexpr std::size_t maxRows = 500;

/// Stands for a row, whatever message that holds by now.
class RowAccessible : public QAccessibleInterface {
public:
    RowAccessible(MessageListView* view, int row)
        : m_view(view)
        , m_row(row)
    {
    }

    bool isValid() const override { return m_view && index().isValid(); }
    QObject* object() const override { return nullptr; }
    QWindow* window() const override { return m_view ? m_view->window()->windowHandle() : nullptr; }
    QAccessibleInterface* parent() const override
    {
        return m_view ? QAccessible::queryAccessibleInterface(m_view) : nullptr;
    }
    QAccessibleInterface* child(int) const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Name && isValid()
                   ? index().data(Qt::AccessibleTextRole).toString()
                   : QString();
    }
    void setText(QAccessible::Text, const QString&) override {}
    QRect rect() const override
    {
        if (!isValid()) {
            return {};
        }
        const QRect card = m_view->visualRect(index());
        return {m_view->viewport()->mapToGlobal(card.topLeft()), card.size()};
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        state.selectable = state.focusable = true;
        state.selected = m_view->selectionModel()->isSelected(index());
        state.focused = m_view->hasFocus() && m_view->currentIndex().row() == m_row;
        state.offscreen = !m_view->viewport()->rect().intersects(m_view->visualRect(index()));
        return state;
    }
    int row() const { return m_row; }

private:
    QModelIndex index() const
    {
        return m_view && m_view->model() ? m_view->model()->index(m_row, 0) : QModelIndex();
    }

    QPointer<MessageListView> m_view;
    int m_row;
};

QAccessibleInterface* make(const QString& name, QObject* object)
{
    auto* list =
        name == u"avocet::MessageListView" ? qobject_cast<MessageListView*>(object) : nullptr;
    return list ? new MessageListAccessible(list) : nullptr;
}

} // namespace

MessageListAccessible::MessageListAccessible(MessageListView* view)
    : QAccessibleWidget(view, QAccessible::List)
{
}

MessageListAccessible::~MessageListAccessible()
{
    for (const auto& [row, id] : m_rows) {
        QAccessible::deleteAccessibleInterface(id);
    }
}

void MessageListAccessible::install()
{
    static const bool once = (QAccessible::installFactory(make), true);
    Q_UNUSED(once);
}

MessageListView* MessageListAccessible::view() const
{
    return qobject_cast<MessageListView*>(object());
}

int MessageListAccessible::childCount() const
{
    const MessageListView* list = view();
    return list && list->model() ? list->model()->rowCount() : 0;
}

QAccessibleInterface* MessageListAccessible::child(int index) const
{
    if (index < 0 || index >= childCount()) {
        return nullptr;
    }
    if (const auto found = m_rows.find(index); found != m_rows.end()) {
        return QAccessible::accessibleInterface(found->second);
    }
    if (m_rows.size() >= maxRows) {
        for (const auto& [row, id] : m_rows) {
            QAccessible::deleteAccessibleInterface(id);
        }
        m_rows.clear();
    }
    auto* row = new RowAccessible(view(), index);
    m_rows[index] = QAccessible::registerAccessibleInterface(row);
    return row;
}

QAccessibleInterface* MessageListAccessible::childAt(int x, int y) const
{
    const MessageListView* list = view();
    return list ? child(list->indexAt(list->viewport()->mapFromGlobal(QPoint(x, y))).row())
                : nullptr;
}

QAccessibleInterface* MessageListAccessible::focusChild() const
{
    const MessageListView* list = view();
    return list && list->hasFocus() ? child(list->currentIndex().row()) : nullptr;
}

int MessageListAccessible::indexOfChild(const QAccessibleInterface* child) const
{
    const auto* row = dynamic_cast<const RowAccessible*>(child);
    return row ? row->row() : -1;
}

} // namespace avocet
