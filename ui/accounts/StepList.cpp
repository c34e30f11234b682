// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accounts/StepList.h"

#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace avocet {

namespace {

constexpr int markSide = 16;
constexpr int turnMs = 40;

int rowHeight()
{
    return std::max(28, lineHeight(TextRole::Body) + metrics::space2);
}

QString spoken(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return StepList::tr("waiting");
    case StepState::Running:
        return StepList::tr("under way");
    case StepState::Done:
        return StepList::tr("done");
    case StepState::Failed:
        return StepList::tr("failed");
    }
    return {};
}

} // namespace

StepList::StepList(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_turn.setInterval(turnMs);
    connect(&m_turn, &QTimer::timeout, this, [this] {
        m_angle = (m_angle + 15) % 360;
        update();
    });
}

void StepList::setSteps(const QStringList& texts)
{
    m_steps.clear();
    for (const QString& text : texts)
        m_steps.append({text, StepState::Waiting});
    m_turn.stop();
    updateGeometry();
    update();
}

void StepList::setState(qsizetype step, StepState state)
{
    if (step < 0 || step >= m_steps.size())
        return;
    m_steps[step].state = state;
    QStringList all;
    bool running = false;
    for (const Step& each : std::as_const(m_steps)) {
        all.append(each.text + QLatin1String(": ") + spoken(each.state));
        running |= each.state == StepState::Running;
    }
    setAccessibleName(all.join(QLatin1String(", ")));
    if (running && motionMs(turnMs) > 0)
        m_turn.start();
    else
        m_turn.stop();
    update();
}

QSize StepList::sizeHint() const
{
    return {240, rowHeight() * static_cast<int>(m_steps.size())};
}

void StepList::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    painter.setFont(themeFont(TextRole::Body));
    int y = 0;
    for (const Step& step : std::as_const(m_steps)) {
        const QRect row(0, y, width(), rowHeight());
        const QRect mark = QStyle::visualRect(
            layoutDirection(), row, QRect(0, y + (rowHeight() - markSide) / 2, markSide, markSide));
        const QRectF circle = QRectF(mark).adjusted(2, 2, -2, -2);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        switch (step.state) {
        case StepState::Waiting:
            painter.setPen(QPen(t.border, 1.5));
            painter.drawEllipse(circle);
            break;
        case StepState::Running:
            painter.setPen(QPen(t.border, 2));
            painter.drawEllipse(circle);
            painter.setPen(QPen(t.accent, 2, Qt::SolidLine, Qt::RoundCap));
            painter.drawArc(circle, (90 - m_angle) * 16, -100 * 16);
            break;
        case StepState::Done:
            paintIcon(painter, mark, "success", t.success);
            break;
        case StepState::Failed:
            paintIcon(painter, mark, "error", t.danger);
            break;
        }
        painter.setPen(step.state == StepState::Waiting ? t.text2 : t.text);
        const QRect text = QStyle::visualRect(layoutDirection(), row,
                                              row.adjusted(markSide + metrics::space2, 0, 0, 0));
        painter.drawText(
            text,
            static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) |
                             Qt::AlignVCenter),
            step.text);
        y += rowHeight();
    }
}

} // namespace avocet
