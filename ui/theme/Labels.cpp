// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Labels.h"

#include <QGuiApplication>
#include <QPainter>
#include <QStyle>
#include <QTextBoundaryFinder>

namespace avocet {

namespace {

QString firstGrapheme(const QString& word)
{
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, word);
    const qsizetype end = finder.toNextBoundary();
    return end > 0 ? word.left(end).toUpper() : QString();
}

bool startsWithLetter(const QString& word)
{
    if (word.isEmpty()) {
        return false;
    }
    const QList<uint> ucs = word.left(2).toUcs4();
    return !ucs.isEmpty() && QChar::isLetterOrNumber(ucs.first());
}

bool isIdeographic(const QString& word)
{
    const QList<uint> ucs = word.left(2).toUcs4();
    const QChar::Script script = ucs.isEmpty() ? QChar::Script_Unknown : QChar::script(ucs.first());
    return script == QChar::Script_Han || script == QChar::Script_Hangul ||
           script == QChar::Script_Hiragana || script == QChar::Script_Katakana;
}

} // namespace

QLabel* makeLabel(const QString& text, TextRole role, Ink ink, bool strong, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setFont(themeFont(role, strong));
    setInk(label, ink);
    return label;
}

void setInk(QLabel* label, Ink ink)
{
    switch (ink) {
    case Ink::Text:
        label->setForegroundRole(QPalette::WindowText);
        break;
    case Ink::Text2:
        label->setForegroundRole(QPalette::PlaceholderText);
        break;
    case Ink::Danger:
        label->setForegroundRole(QPalette::BrightText);
        break;
    }
}

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent, Qt::TextElideMode mode)
    : QLabel(parent)
    , m_mode(mode)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setFullText(text);
}

void ElidedLabel::setFullText(const QString& text)
{
    m_full = text;
    setAccessibleName(text);
    updateGeometry();
    update();
    setToolTip(fontMetrics().horizontalAdvance(text) > contentsRect().width() ? text : QString());
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 4, fontMetrics().height()};
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_full) + 2, fontMetrics().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    setToolTip(fontMetrics().horizontalAdvance(m_full) > contentsRect().width() ? m_full
                                                                                : QString());
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QString shown = fontMetrics().elidedText(m_full, m_mode, contentsRect().width());
    painter.setPen(palette().color(foregroundRole()));
    drawOwnDirection(painter, contentsRect(),
                     static_cast<int>(QStyle::visualAlignment(layoutDirection(), alignment())),
                     shown);
}

void drawOwnDirection(QPainter& painter, const QRect& rect, int visualFlags, const QString& text)
{
    const Qt::LayoutDirection before = painter.layoutDirection();
    painter.setLayoutDirection(text.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    painter.drawText(rect, visualFlags | Qt::TextSingleLine, text);
    painter.setLayoutDirection(before);
}

QMargins readingMargins(int start, int top, int end, int bottom)
{
    return QGuiApplication::isRightToLeft() ? QMargins(end, top, start, bottom)
                                            : QMargins(start, top, end, bottom);
}

Hairline::Hairline(Qt::Orientation orientation, QWidget* parent)
    : QWidget(parent)
{
    if (orientation == Qt::Horizontal) {
        setFixedHeight(1);
    } else {
        setFixedWidth(1);
    }
}

void Hairline::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), tokens().border);
}

QString initialsOf(const QString& name, const QString& address)
{
    QStringList words;
    const QString source = name.trimmed().isEmpty() ? address : name;
    for (const QString& word : source.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (startsWithLetter(word)) {
            words.append(word);
        }
    }
    if (words.isEmpty()) {
        return QStringLiteral("?");
    }
    const QString first = firstGrapheme(words.first());
    // A second character would be another word's half in these scripts, and too wide.
    if (words.size() == 1 || name.trimmed().isEmpty() || isIdeographic(words.first())) {
        return first;
    }
    return first + firstGrapheme(words.last());
}

void paintInitials(QPainter& painter, const QRect& circle, const QString& initials,
                   const QColor& fill)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawEllipse(QRectF(circle));
    painter.setPen(tokens().accentText);
    painter.setFont(themeFont(TextRole::Body, true));
    painter.drawText(circle, Qt::AlignCenter, initials);
    painter.restore();
}

} // namespace avocet
