// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/InvitationCard.h"

#include "ui/reader/InvitationWords.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Icons.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

namespace avocet {

namespace {

constexpr int iconSize = 32;
constexpr int widest = 560;
constexpr int mostPeople = 100;
constexpr int longestDescription = 4'000;

QString cardLine(const std::string& utf8)
{
    return QString::fromStdString(utf8).left(300);
}

} // namespace

InvitationCard::InvitationCard(const Invitation& invitation, bool answerable,
                               const QString& warning, QWidget* parent)
    : QWidget(parent)
{
    const QString title =
        invitation.summary.empty() ? tr("A meeting") : cardLine(invitation.summary);
    setAccessibleName(tr("Invitation: %1, %2").arg(title, meetingTime(invitation)));
    setMaximumWidth(widest);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(readingMargins(metrics::space3 + iconSize + metrics::space3,
                                              metrics::space3, metrics::space3, metrics::space3));
    layout->setSpacing(metrics::space1);
    add(title, TextRole::Title, Ink::Text, true);
    m_superseded = add({}, TextRole::Body, Ink::Danger, true);
    add(meetingTime(invitation), TextRole::Body, Ink::Text, false);
    add(recurrenceWords(invitation), TextRole::Body, Ink::Text, false);
    add(cardLine(invitation.location), TextRole::Body, Ink::Text2, false);
    m_changes = add({}, TextRole::Body, Ink::Text2, false);
    if (!invitation.organizer.address.empty()) {
        add(tr("Organizer: %1").arg(personWords(invitation.organizer)), TextRole::Small, Ink::Text2,
            false);
    }
    add(warning, TextRole::Body, Ink::Danger, false);
    addDetails(invitation);
    m_state = add(invitationState(invitation), TextRole::Small, Ink::Text2, false);
    if (answerable) {
        addAnswers();
    }
}

QLabel* InvitationCard::add(const QString& words, TextRole role, Ink ink, bool strong)
{
    QLabel* label = makeLabel(words, role, ink, strong, this);
    label->setWordWrap(true);
    label->setVisible(!words.isEmpty());
    layout()->addWidget(label);
    return label;
}

/// Folded: they may be long, and the meeting is told without them.
void InvitationCard::addDetails(const Invitation& invitation)
{
    QStringList lines;
    for (const Attendee& each : invitation.attendees) {
        if (lines.size() == mostPeople) {
            lines.append(
                tr("and %1 more").arg(static_cast<int>(invitation.attendees.size()) - mostPeople));
            break;
        }
        lines.append(attendeeWords(each));
    }
    const QString description =
        QString::fromStdString(invitation.description).trimmed().left(longestDescription);
    if (!lines.isEmpty() && !description.isEmpty()) {
        lines.append(QString());
    }
    lines.append(description);
    const QString words = lines.join(u'\n').trimmed();
    if (words.isEmpty()) {
        return;
    }
    auto* unfold = new Button(tr("People and details"), ButtonKind::Quiet, this);
    unfold->setIconName("chevron-down");
    // Its words begin where those above and below do; its ground shows under the pointer alone.
    auto* line = new QHBoxLayout;
    line->addSpacing(-metrics::space3);
    line->addWidget(unfold);
    line->addStretch(1);
    static_cast<QBoxLayout*>(layout())->addLayout(line);
    QLabel* details = add(words, TextRole::Small, Ink::Text, false);
    details->setTextInteractionFlags(Qt::TextSelectableByMouse);
    details->hide();
    connect(unfold, &QPushButton::clicked, details, [details, unfold] {
        details->setVisible(details->isHidden());
        unfold->setIconName(details->isHidden() ? "chevron-down" : "chevron-up");
    });
}

void InvitationCard::addAnswers()
{
    m_answers = new QWidget(this);
    auto* row = new QHBoxLayout(m_answers);
    row->setContentsMargins(0, metrics::space2, 0, 0);
    row->setSpacing(metrics::space2);
    const std::pair<QString, Participation> answers[] = {
        {tr("Accept"), Participation::Accepted},
        {tr("Tentative"), Participation::Tentative},
        {tr("Decline"), Participation::Declined}};
    for (const auto& [words, answer] : answers) {
        auto* button = new Button(words, ButtonKind::Secondary, m_answers);
        connect(button, &QPushButton::clicked, this,
                [this, answer = answer] { Q_EMIT answered(answer); });
        row->addWidget(button);
    }
    row->addStretch(1);
    layout()->addWidget(m_answers);
}

void InvitationCard::setAnswer(Participation answer)
{
    say(answer == Participation::Accepted   ? tr("You accepted.")
        : answer == Participation::Declined ? tr("You declined.")
                                            : tr("You said that you may come."));
}

void InvitationCard::say(const QString& words)
{
    m_state->setText(words);
    m_state->setVisible(!words.isEmpty());
}

void InvitationCard::setAnswering(bool answering)
{
    if (m_answers) {
        m_answers->setEnabled(!answering);
    }
}

void InvitationCard::setSuperseded(const QString& words)
{
    m_superseded->setText(words);
    m_superseded->setVisible(!words.isEmpty());
    if (m_answers) {
        m_answers->setVisible(words.isEmpty());
    }
}

void InvitationCard::setChanges(const QString& words)
{
    m_changes->setText(words);
    m_changes->setVisible(!words.isEmpty());
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

} // namespace avocet
