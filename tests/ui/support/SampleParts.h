// SPDX-License-Identifier: GPL-3.0-or-later
// What the letters of a sample mailbox hold besides text. Bodies begin with their Content-Type field, as in SampleLetter.
#pragma once

#include <QByteArray>
#include <QSize>

#include <string>

namespace avocet {

/// A PNG of that size in pixels.
QByteArray samplePicture(const QSize& size);
/// Three pages of text.
QByteArray samplePdf();
/// As shops write: tables in tables, a picture that came along, one on the shop's server, a tracker.
std::string newsletterBody();
/// To a meeting that comes again, with two people invited.
std::string invitationBody();

} // namespace avocet
