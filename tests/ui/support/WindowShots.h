// SPDX-License-Identifier: GPL-3.0-or-later
// The photographs of the windows beside the main one, and of the controls that no window of Avocet
// shows by itself (Qt's dialogs, tool tips, spin boxes) but that the theme has to dress.
#pragma once

#include "Shots.h"

#include "core/engine/MailEngine.h"

#include <QSize>

namespace avocet {

void shootSettings(const Shots& shots, MailEngine& engine, const QString& profile);
void shootSetUp(const Shots& shots, MailEngine& engine);
void shootCompose(const Shots& shots, MailEngine& engine);
/// Every state that a message on its way out can have.
void shootOutboxStates(const Shots& shots, MailEngine& engine, const QSize& size);
void shootControls(const Shots& shots, QWidget& window);

} // namespace avocet
