// SPDX-License-Identifier: GPL-3.0-or-later
// Notices a slip of the pen in the domain of a large provider.
#pragma once

#include <QString>

namespace avocet {

/// "anna@gmail.com" for "anna@gmial.com"; empty where the domain looks as it should, or is none that we know.
QString likelyAddress(const QString& address);

} // namespace avocet
