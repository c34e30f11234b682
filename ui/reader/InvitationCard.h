// SPDX-License-Identifier: GPL-3.0-or-later
// A meeting that a message invites to: what, when in the reader's own time, where, and the three answers.
#pragma once

#include "core/mime/Invitations.h"
#include "ui/theme/Labels.h"

#include <QWidget>

namespace avocet {

class InvitationCard : public QWidget {
    Q_OBJECT
public:
    /// `answerable`: it asks this user, who has not called it off. `warning`: what is wrong with its sender, or empty.
    InvitationCard(const Invitation& invitation, bool answerable, const QString& warning,
                   QWidget* parent);

    void setAnswer(Participation answer);
    /// While an answer is under way no other can be given.
    void setAnswering(bool answering);
    /// Says why it counts no more and takes no answer then; empty: it counts.
    void setSuperseded(const QString& words);
    /// What an earlier version said.
    void setChanges(const QString& words);

Q_SIGNALS:
    void answered(avocet::Participation answer);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* add(const QString& words, TextRole role, Ink ink, bool strong);
    void addDetails(const Invitation& invitation);
    void addAnswers();
    void say(const QString& words);

    QLabel* m_superseded;
    QLabel* m_changes;
    QLabel* m_state;
    QWidget* m_answers = nullptr;
};

} // namespace avocet
