// SPDX-License-Identifier: GPL-3.0-or-later
// One recipient as a chip: read at a glance, removed with a key, dragged to another field.
#pragma once

#include "ui/compose/RecipientParser.h"

#include <QAbstractButton>
#include <QPoint>

namespace avocet {

/// Thread: the GUI's. Owner: its RecipientField. The field moves the focus here with the arrow keys;
/// Tab passes by, so that fifty recipients are not fifty stops.
class RecipientChip : public QAbstractButton {
    Q_OBJECT
public:
    explicit RecipientChip(const TypedRecipient& recipient, QWidget* parent);

    const TypedRecipient& recipient() const { return m_recipient; }
    /// It leaves its field as soon as another one has taken it.
    bool isDragged() const { return m_dragged; }
    QSize sizeHint() const override;

Q_SIGNALS:
    void removeRequested();
    void editRequested();
    void moveRequested(int step); ///< -1: towards the start, 1: towards the end
    void typed(const QString& text);
    void corrected(const avocet::Address& address); ///< a slip in its domain is to be mended
    /// A drag ended in another field, which took the recipient over.
    void draggedAway();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QRect removeRect() const;
    void startDrag();
    void copy() const;
    bool isMarked() const { return !m_recipient.valid || !m_likely.isEmpty(); }

    TypedRecipient m_recipient;
    QPoint m_pressed;
    QString m_likely; ///< what its address was probably meant to be, or empty
    bool m_overRemove = false;
    bool m_dragged = false;
};

} // namespace avocet
