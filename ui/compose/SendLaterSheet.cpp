// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/SendLaterSheet.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"
#include "ui/words/DateWords.h"
#include "ui/words/SendTime.h"

#include <QDateTimeEdit>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QVBoxLayout>

namespace avocet {

SendLaterSheet::SendLaterSheet(QWidget* parent, std::function<QDateTime()> clock)
    : QDialog(parent)
    , m_clock(std::move(clock))
    , m_time(new QDateTimeEdit(this))
    , m_send(new Button(tr("Send then"), ButtonKind::Primary, this))
    , m_hint(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Send later"));
    setObjectName(QStringLiteral("sendLater"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(metrics::space4, metrics::space4, metrics::space4, metrics::space4);
    layout->setSpacing(metrics::space1);
    const QDateTime now = m_clock();
    const QList<SendTimeChoice> choices = sendTimeChoices(now);
    int number = 0;
    for (const SendTimeChoice& choice : choices) {
        auto* button = new Button(
            tr("&%1  %2, %3")
                .arg(QString::number(++number), choice.label, sendTimeWords(choice.time, now)),
            ButtonKind::Quiet, this);
        button->setAutoDefault(true); // Return presses the one that has the focus
        connect(button, &QPushButton::clicked, this, [this, time = choice.time] { choose(time); });
        layout->addWidget(button);
        m_choices.append(choice.time);
        if (number == 1)
            button->setFocus();
    }
    auto* own = new QHBoxLayout;
    own->setSpacing(metrics::space2);
    m_time->setAccessibleName(tr("Another time"));
    m_time->setCalendarPopup(true);
    m_time->setDisplayFormat(QLocale().dateFormat(QLocale::ShortFormat) + u' ' + clockFormat());
    m_time->setDateTime(choices.isEmpty() ? now.addSecs(3600) : choices.first().time);
    m_send->setAutoDefault(true);
    own->addWidget(m_time, 1);
    own->addWidget(m_send);
    layout->addSpacing(metrics::space2);
    layout->addLayout(own);
    m_hint->setText(tr("Avocet sends it when it runs at that time."));
    layout->addWidget(m_hint);
    connect(m_send, &QPushButton::clicked, this, [this] { choose(m_time->dateTime()); });
    connect(m_time, &QDateTimeEdit::dateTimeChanged, this, &SendLaterSheet::check);
}

void SendLaterSheet::check()
{
    const bool future = m_time->dateTime() > m_clock();
    m_send->setEnabled(future);
    m_hint->setText(future ? tr("Avocet sends it when it runs at that time.")
                           : tr("This time is past."));
}

void SendLaterSheet::keyPressEvent(QKeyEvent* event)
{
    const int number = event->key() - Qt::Key_0;
    if (number >= 1 && number <= m_choices.size() && !(event->modifiers() & ~Qt::KeypadModifier)) {
        choose(m_choices.at(number - 1));
        return;
    }
    QDialog::keyPressEvent(event);
}

void SendLaterSheet::choose(const QDateTime& time)
{
    if (time <= m_clock())
        return;
    Q_EMIT chosen(time);
    accept();
}

} // namespace avocet
