// SPDX-License-Identifier: GPL-3.0-or-later
// Quotes in plain text as they are written: a line that is wrapped goes on below its words, beside the bars that stand for its
// marks. None of it is part of the text.
#pragma once

#include <QObject>
#include <QTimer>

class QPainter;
class QRectF;
class QTextBlock;
class QTextDocument;

namespace avocet {

/// Thread: the GUI's. Lives no longer than the document.
class PlainQuotes : public QObject {
    Q_OBJECT
public:
    explicit PlainQuotes(QTextDocument* document);

    /// At once for all that is there.
    void start();
    void stop();
    /// `box`: from the top of the block to that of the next.
    static void paint(QPainter& painter, const QTextBlock& block, const QRectF& box);

private:
    void noteChange(int position, int removed, int added);
    void indent();

    QTextDocument* m_document;
    QTimer m_soon; ///< a change is not over when it is told
    bool m_active = false;
    int m_from = 0; ///< in characters: what changed since
    int m_to = -1;
};

} // namespace avocet
