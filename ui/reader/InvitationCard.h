// SPDX-License-Identifier: GPL-3.0-or-later
// A meeting that a message invites to: what, when in the reader's own time, where, and the three answers.
#pragma once

#include "core/mime/Invitations.h"

#include <QWidget>

class QLabel;

namespace avocet {

class InvitationCard : public QWidget {
    Q_OBJECT
public:
    /// `answerable`: it asks this user, who has not called it off.
    InvitationCard(const Invitation& invitation, bool answerable, QWidget* parent);

    void setAnswer(Participation answer);

Q_SIGNALS:
    void answered(avocet::Participation answer);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_state;
};

/// "Friday, 27 November 2026, 10:00 to 11:00", in the reader's time zone.
QString meetingTime(const Invitation& invitation);
/// "Every 2 weeks, 5 times"; empty where it happens once.
QString recurrenceWords(const Invitation& invitation);

} // namespace avocet
