// SPDX-License-Identifier: GPL-3.0-or-later
// What the first opened messages would wait for, done while nobody waits.
#pragma once

#include <QObject>
#include <QTimer>

#include <memory>

namespace avocet {

class BodySettings;
class MailEngine;
class ReaderPane;

/// Fonts for letters that the first one has not, icons, styles: each is found when it is first painted, and the first
/// message was 45 ms late by that (ReaderBench), most of it fontconfig's search. Goes in steps, one turn of the event loop
/// each, and deletes itself at the end. Thread: the GUI's.
class ReaderWarmUp : public QObject {
    Q_OBJECT
public:
    ReaderWarmUp(MailEngine& engine, BodySettings& bodies, QObject* parent);
    ~ReaderWarmUp() override;

private:
    bool step();

    MailEngine& m_engine;
    BodySettings& m_bodies;
    std::unique_ptr<ReaderPane> m_pane; ///< is never shown
    QTimer m_next;
    int m_step = 0;
};

} // namespace avocet
