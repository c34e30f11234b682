// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Toast.h"

#include "ui/theme/Theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPropertyAnimation>
#include <QPushButton>

namespace avocet {

namespace {

/// Draws on the toast's own ground, which no palette role has.
class ToastAction : public QPushButton {
public:
    using QPushButton::QPushButton;

    QSize sizeHint() const override
    {
        return {fontMetrics().horizontalAdvance(text()) + 2 * metrics::space3, metrics::button};
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Tokens& t = tokens();
        QPainter painter(this);
        if (underMouse()) {
            fillRounded(painter, rect(), metrics::radiusControl,
                        mixed(t.toast, t.toastAction, 0.16));
        }
        painter.setPen(t.toastAction);
        painter.drawText(rect(), Qt::AlignCenter, text());
    }
};

} // namespace

Toast::Toast(QWidget* parent)
    : QWidget(parent)
    , m_text(new QLabel(this))
    , m_action(new ToastAction(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(metrics::space4, metrics::space1, metrics::space2, metrics::space1);
    layout->setSpacing(metrics::space2);
    m_text->setTextFormat(Qt::PlainText);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    m_action->setFocusPolicy(Qt::NoFocus);
    m_action->setFont(themeFont(TextRole::Body, true));
    setFocusPolicy(Qt::NoFocus);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Toast::dismiss);
    connect(m_action, &QPushButton::clicked, this, [this] {
        const auto run = m_run;
        dismiss();
        if (run) {
            run();
        }
    });
    parent->installEventFilter(this);
    hide();
}

QString Toast::text() const
{
    return m_text->text();
}

void Toast::present(const QString& text, const QString& actionText, std::function<void()> action,
                    int ms)
{
    m_text->setText(text);
    QPalette palette = this->palette();
    palette.setColor(QPalette::WindowText, tokens().toastText);
    m_text->setPalette(palette);
    setAccessibleName(text);
    m_action->setText(actionText);
    m_action->setAccessibleName(actionText);
    m_action->setVisible(!actionText.isEmpty());
    m_run = std::move(action);
    m_timer.start(ms);
    place();
    show();
    raise();
    if (const int duration = motionMs(120)) {
        auto* slide = new QPropertyAnimation(this, "pos", this);
        slide->setDuration(duration);
        slide->setEasingCurve(QEasingCurve::OutCubic);
        slide->setStartValue(pos() + QPoint(0, metrics::space4));
        slide->setEndValue(pos());
        slide->start(QAbstractAnimation::DeleteWhenStopped);
    }
}

void Toast::dismiss()
{
    m_timer.stop();
    m_run = {};
    hide();
}

void Toast::place()
{
    const QWidget* area = parentWidget();
    layout()->activate();
    const int width = std::min(sizeHint().width(), area->width() - 2 * metrics::space6);
    resize(width, std::max(metrics::toast, sizeHint().height()));
    move((area->width() - width) / 2, area->height() - height() - metrics::space6);
}

void Toast::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    fillRounded(painter, rect(), metrics::radiusCard, tokens().toast);
}

void Toast::enterEvent(QEnterEvent*)
{
    m_timer.stop();
}

void Toast::leaveEvent(QEvent*)
{
    m_timer.start(3'000);
}

bool Toast::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && isVisible()) {
        place();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace avocet
