// SPDX-License-Identifier: GPL-3.0-or-later
// Small widgets of the list pane: filter chips, grey rows while loading, the pill for new mail.
#pragma once

#include <QAbstractButton>
#include <QToolButton>
#include <QWidget>

namespace avocet {

/// A checkable chip, 24 high: filled with the accent's tint while it is on.
class FilterChip : public QAbstractButton {
    Q_OBJECT
public:
    explicit FilterChip(const QString& text, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// Grey stand-ins for cards; never says "empty".
class SkeletonRows : public QWidget {
    Q_OBJECT
public:
    explicit SkeletonRows(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// "3 new messages": floats over the top of the list.
class NewMailPill : public QToolButton {
    Q_OBJECT
public:
    explicit NewMailPill(QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace avocet
