// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps a draft's stored copy up to date while it is written, so that no word is lost.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Outgoing.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>

namespace avocet {

/// Saves a moment after the last change, and now and then while someone types on and on; one save at a time: a second save before the first has
/// told the draft's id would store it twice. Thread: the GUI's. Owner: the compose window.
///
/// States: clean (stored as it is), dirty (timer runs), saving (one request under way, perhaps dirty
/// again). A failed save leaves it dirty.
class DraftSaver : public QObject {
    Q_OBJECT
public:
    /// `draft` gives the draft as it is now; it is asked only when a save begins.
    DraftSaver(MailEngine& engine, DraftId id, std::function<Draft()> draft, QObject* parent);

    DraftId id() const { return m_id; }
    bool isSaved() const { return !m_dirty && !m_request; }
    /// Saved, and nobody took it away since.
    bool isStored() const;

    /// Something changed: it is saved soon, at most two seconds later however fast someone types.
    void changed();
    /// Saves now what is not saved; saved() or failed() follows, at once where nothing is to do.
    void flush();
    /// Sends what is saved to the account's Drafts folder, unless that was done. By itself it happens after a longer pause.
    void file();
    /// Deletes the stored copy, if any; saves nothing from here on.
    void discard();

Q_SIGNALS:
    void saved();
    void failed(const avocet::Error& error);
    /// What is stored, and was shown here as saved, was sent or thrown away elsewhere; the next save stores it anew.
    void vanished();

private:
    void begin();
    void finish(RequestId request, const Result<QJsonObject>& reply);

    MailEngine& m_engine;
    DraftId m_id;
    std::function<Draft()> m_draft;
    QTimer m_timer;
    QTimer m_pause; ///< runs while something saved is not filed
    QElapsedTimer m_dirtySince;
    RequestId m_request;
    bool m_dirty = false;
    bool m_flushing = false;
    bool m_discarded = false;
};

} // namespace avocet
