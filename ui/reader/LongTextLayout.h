// SPDX-License-Identifier: GPL-3.0-or-later
// Lays out the paragraphs of a text where somebody looks at them, and measures the others a few at a time. Qt's own
// layout does all at once, at some 8 ms for each kilobyte.
#pragma once

#include <QAbstractTextDocumentLayout>
#include <QFont>
#include <QTextBlock>

#include <array>
#include <chrono>
#include <deque>
#include <vector>

namespace avocet {

/// Thread: the GUI's. Owner: its document, which holds paragraphs in one font and nothing else. What was not measured yet
/// is guessed by its length; a paragraph is right as soon as it was drawn or asked for.
class LongTextLayout : public QAbstractTextDocumentLayout {
    Q_OBJECT
public:
    explicit LongTextLayout(QTextDocument* document);

    /// Measures from the top for about this long, at least one paragraph. False: there is more.
    bool measure(std::chrono::milliseconds time);
    /// The paragraph at this height, by number.
    int paragraphAt(qreal y) const;
    qreal top(int paragraph) const;

    void draw(QPainter* painter, const PaintContext& context) override;
    int hitTest(const QPointF& point, Qt::HitTestAccuracy accuracy) const override;
    int pageCount() const override { return 1; }
    QSizeF documentSize() const override;
    QRectF frameBoundingRect(QTextFrame* frame) const override;
    QRectF blockBoundingRect(const QTextBlock& block) const override;

protected:
    void documentChanged(int from, int removed, int added) override;

private:
    struct Paragraph {
        float height = 0;
        bool measured = false;
    };
    /// What every paragraph needs to know of the font.
    struct Face {
        qreal line = 0; ///< how tall one line of it is
        std::array<qreal, 128> advances{};
    };

    static Face measured(const QFont& font, QPaintDevice* device);
    void tellFrom(int paragraph);
    void setFont(const QFont& font);
    bool fitsOneLine(const QString& words, qreal width) const;
    void guess(int first, int behind);
    void sumUp();
    void setHeight(int paragraph, qreal height) const;
    qreal lineWidth(const QTextBlock& block) const;
    qreal breakLines(QTextLayout& layout, const QTextBlock& block) const;
    void layOut(const QTextBlock& block, int paragraph) const;

    // Qt asks for places through const functions.
    mutable std::vector<Paragraph> m_paragraphs;
    mutable std::vector<double> m_sums; ///< heights of so many paragraphs together
    mutable double m_height = 0;
    mutable std::deque<int>
        m_laidOut; ///< the oldest first: what lies far from here is dropped again
    mutable bool m_grew = false;
    int m_measured = 0; ///< all before are
    qreal m_width = -1;
    int m_characters = -1;
    QFont m_font;
    Face m_face;
};

} // namespace avocet
