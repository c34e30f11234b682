// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/InvitationCard.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Labels.h"
#include "ui/words/DateWords.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int iconSize = 32;
constexpr int widest = 560;

QString line(const std::string& utf8)
{
    return QString::fromStdString(utf8).left(300);
}

QDateTime localTime(const Moment& moment)
{
    const QDateTime utc = QDateTime::fromSecsSinceEpoch(moment.utc, Qt::UTC);
    return moment.floating || moment.isDay ? QDateTime(utc.date(), utc.time()) : utc.toLocalTime();
}

QString stateWords(const Invitation& invitation)
{
    const QString who = line(invitation.organizer.name.empty() ? invitation.organizer.address
                                                               : invitation.organizer.name);
    if (invitation.cancelled || invitation.method == InvitationMethod::Cancel) {
        return InvitationCard::tr("This meeting was called off.");
    }
    if (invitation.method == InvitationMethod::Reply && !invitation.attendees.empty()) {
        const Attendee& each = invitation.attendees.front();
        const QString name = line(each.who.name.empty() ? each.who.address : each.who.name);
        switch (each.status) {
        case Participation::Accepted:
            return InvitationCard::tr("%1 accepted.").arg(name);
        case Participation::Declined:
            return InvitationCard::tr("%1 declined.").arg(name);
        case Participation::Tentative:
            return InvitationCard::tr("%1 may come.").arg(name);
        default:
            return InvitationCard::tr("%1 answered.").arg(name);
        }
    }
    const auto people = invitation.attendees.size();
    if (who.isEmpty()) {
        return people > 1 ? InvitationCard::tr("%1 people are invited").arg(people) : QString();
    }
    return people > 1 ? InvitationCard::tr("%1 invites %2 people").arg(who).arg(people)
                      : InvitationCard::tr("%1 invites you").arg(who);
}

} // namespace

InvitationCard::InvitationCard(const Invitation& invitation, bool answerable, QWidget* parent)
    : QWidget(parent)
{
    const QString title = invitation.summary.empty() ? tr("A meeting") : line(invitation.summary);
    setAccessibleName(tr("Invitation: %1, %2").arg(title, meetingTime(invitation)));
    setMaximumWidth(widest);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(readingMargins(metrics::space3 + iconSize + metrics::space3,
                                              metrics::space3, metrics::space3, metrics::space3));
    layout->setSpacing(metrics::space1);
    const auto add = [this, layout](const QString& words, TextRole role, Ink ink, bool strong) {
        QLabel* label = makeLabel(words, role, ink, strong, this);
        label->setWordWrap(true);
        label->setVisible(!words.isEmpty());
        layout->addWidget(label);
        return label;
    };
    add(title, TextRole::Title, Ink::Text, true);
    add(meetingTime(invitation), TextRole::Body, Ink::Text, false);
    add(recurrenceWords(invitation), TextRole::Body, Ink::Text, false);
    add(line(invitation.location), TextRole::Body, Ink::Text2, false);
    m_state = add(stateWords(invitation), TextRole::Small, Ink::Text2, false);
    if (answerable) {
        auto* row = new QHBoxLayout;
        row->setContentsMargins(0, metrics::space2, 0, 0);
        row->setSpacing(metrics::space2);
        const std::pair<QString, Participation> answers[] = {
            {tr("Accept"), Participation::Accepted},
            {tr("Tentative"), Participation::Tentative},
            {tr("Decline"), Participation::Declined}};
        for (const auto& [words, answer] : answers) {
            auto* button = new Button(words, ButtonKind::Secondary, this);
            connect(button, &QPushButton::clicked, this,
                    [this, answer = answer] { Q_EMIT answered(answer); });
            row->addWidget(button);
        }
        row->addStretch(1);
        layout->addLayout(row);
    }
}

void InvitationCard::setAnswer(Participation answer)
{
    m_state->setText(answer == Participation::Accepted   ? tr("You accepted.")
                     : answer == Participation::Declined ? tr("You declined.")
                                                         : tr("You said that you may come."));
    m_state->show();
}

void InvitationCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    strokeRounded(painter, rect(), metrics::radiusCard, tokens().border);
    paintIcon(painter,
              QStyle::visualRect(layoutDirection(), rect(),
                                 QRect(metrics::space3, metrics::space3, iconSize, iconSize)),
              "calendar", tokens().text2);
}

QString meetingTime(const Invitation& invitation)
{
    const QLocale locale;
    const QDateTime start = localTime(invitation.start);
    const QString day = locale.toString(start.date(), QLocale::LongFormat);
    if (invitation.start.isDay) {
        const QDate last =
            invitation.end ? localTime(*invitation.end).date().addDays(-1) : start.date();
        return last <= start.date() ? InvitationCard::tr("%1, all day").arg(day)
                                    : InvitationCard::tr("%1 to %2")
                                          .arg(day, locale.toString(last, QLocale::LongFormat));
    }
    if (!invitation.end) {
        return QStringLiteral("%1, %2").arg(day, clockTime(start));
    }
    const QDateTime end = localTime(*invitation.end);
    const QString until =
        end.date() == start.date()
            ? clockTime(end)
            : QStringLiteral("%1, %2").arg(locale.toString(end.date(), QLocale::LongFormat),
                                           clockTime(end));
    return InvitationCard::tr("%1, %2 to %3").arg(day, clockTime(start), until);
}

QString recurrenceWords(const Invitation& invitation)
{
    if (!invitation.recurrence || invitation.recurrenceId) {
        return {};
    }
    const Recurrence& every = *invitation.recurrence;
    const int n = every.interval;
    QString words;
    switch (every.frequency) {
    case Recurrence::Frequency::Hourly:
        words =
            n == 1 ? InvitationCard::tr("Every hour") : InvitationCard::tr("Every %1 hours").arg(n);
        break;
    case Recurrence::Frequency::Daily:
        words =
            n == 1 ? InvitationCard::tr("Every day") : InvitationCard::tr("Every %1 days").arg(n);
        break;
    case Recurrence::Frequency::Weekly:
        words =
            n == 1 ? InvitationCard::tr("Every week") : InvitationCard::tr("Every %1 weeks").arg(n);
        break;
    case Recurrence::Frequency::Monthly:
        words = n == 1 ? InvitationCard::tr("Every month")
                       : InvitationCard::tr("Every %1 months").arg(n);
        break;
    case Recurrence::Frequency::Yearly:
        words =
            n == 1 ? InvitationCard::tr("Every year") : InvitationCard::tr("Every %1 years").arg(n);
        break;
    }
    if (every.count > 0) {
        return InvitationCard::tr("%1, %2 times").arg(words).arg(every.count);
    }
    if (every.until) {
        const QDateTime last = QDateTime::fromSecsSinceEpoch(*every.until, Qt::UTC).toLocalTime();
        return InvitationCard::tr("%1 until %2")
            .arg(words, QLocale().toString(last.date(), QLocale::LongFormat));
    }
    return words;
}

} // namespace avocet
