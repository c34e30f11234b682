// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces of the reader: cards that wrap into rows, grey lines while a message loads.
#pragma once

#include <QLayout>
#include <QWidget>

namespace avocet {

/// Children of one size from left to right, wrapping.
class FlowRow : public QWidget {
    Q_OBJECT
public:
    explicit FlowRow(QWidget* parent = nullptr);
    void add(QWidget* card);
    void clear();
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    int place(int width, bool move) const;

    QList<QWidget*> m_cards;
};

class TextSkeleton : public QWidget {
    Q_OBJECT
public:
    explicit TextSkeleton(QWidget* parent = nullptr);
    QSize sizeHint() const override { return {400, 160}; }

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace avocet
