// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ReaderWarmUp.h"

#include "core/engine/MailQueries.h"
#include "ui/reader/ReaderPane.h"
#include "ui/theme/Theme.h"

#include <QFontMetrics>
#include <QPixmap>

#include <array>
#include <chrono>

namespace avocet {

using namespace std::chrono_literals;

namespace {

/// Behind what the window itself paints at first.
constexpr auto delay = 200ms;
constexpr auto pause = 5ms;

struct Face {
    TextRole role;
    bool strong;
};

constexpr std::array<Face, 4> faces = {{{TextRole::Display, true},
                                        {TextRole::Body, true},
                                        {TextRole::Small, false},
                                        {TextRole::Message, false}}};

/// What people put behind their words: it is looked for among the fallbacks of the letters before it.
constexpr const char16_t* warmWords = u"a \u2192 \U0001F600";

constexpr const char* sample =
    "From: Sample <sample@localhost>\r\nTo: Sample <sample@localhost>\r\nSubject: Sample\r\n"
    "Date: Thu, 1 Jan 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=part\r\n\r\n"
    "--part\r\nContent-Type: text/plain\r\n\r\nWords, and https://localhost/\r\n> Quoted.\r\n"
    "--part\r\nContent-Type: application/pdf; name=\"sample.pdf\"\r\n"
    "Content-Disposition: attachment; filename=\"sample.pdf\"\r\n\r\nx\r\n--part--\r\n";

} // namespace

ReaderWarmUp::ReaderWarmUp(MailEngine& engine, BodySettings& bodies, QObject* parent)
    : QObject(parent)
    , m_engine(engine)
    , m_bodies(bodies)
{
    connect(&m_next, &QTimer::timeout, this, [this] {
        if (step()) {
            m_next.start(pause);
        } else {
            m_next.stop();
            deleteLater();
        }
    });
    m_next.start(delay);
}

ReaderWarmUp::~ReaderWarmUp() = default;

/// False: that was the last one.
bool ReaderWarmUp::step()
{
    const int now = m_step++;
    constexpr auto texts = static_cast<int>(faces.size());
    if (now < texts) {
        const Face face = faces[static_cast<std::size_t>(now)];
        QFontMetrics(themeFont(face.role, face.strong))
            .horizontalAdvance(QString::fromUtf16(warmWords));
        return true;
    }
    switch (now - texts) {
    case 0:
        m_pane = std::make_unique<ReaderPane>(m_engine, m_bodies);
        m_pane->resize(700, 600);
        return true;
    case 1:
        m_pane->showLoose(std::make_shared<OpenedMessage>(looseMessage(sample)));
        return true;
    case 2:
        m_pane->grab();
        return true;
    }
    m_pane.reset();
    return false;
}

} // namespace avocet
