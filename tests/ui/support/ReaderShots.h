// SPDX-License-Identifier: GPL-3.0-or-later
// The photographs of the reader: a conversation in its states.
#pragma once

#include "Shots.h"

#include <QSize>

namespace avocet {

void shootReader(const Shots& shots, const QSize& size);

} // namespace avocet
