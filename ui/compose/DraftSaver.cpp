// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/DraftSaver.h"

#include <QJsonObject>

#include <chrono>
#include <utility>

namespace avocet {

namespace {

constexpr std::chrono::milliseconds afterTyping{700};
/// With afterTyping under the two seconds that a crash may cost.
constexpr std::chrono::milliseconds longestWait{1'000};
constexpr std::chrono::seconds filedAfter{20};

} // namespace

DraftSaver::DraftSaver(MailEngine& engine, DraftId id, std::function<Draft()> draft,
                       QObject* parent)
    : QObject(parent)
    , m_engine(engine)
    , m_id(id)
    , m_draft(std::move(draft))
    , m_timer(this)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &DraftSaver::begin);
    m_pause.setSingleShot(true);
    m_pause.setInterval(filedAfter);
    connect(&m_pause, &QTimer::timeout, this,
            [this] { m_engine.submit(command::FileDraft{m_id}); });
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (m_request && request == m_request)
                    finish(request, reply);
            });
    connect(&m_engine, &MailEngine::draftsChanged, this, [this] {
        if (m_id && isSaved() && !m_discarded && !isStored())
            Q_EMIT vanished();
    });
}

bool DraftSaver::isStored() const
{
    return m_id && isSaved() && m_engine.queries().hasDraft(m_id);
}

void DraftSaver::changed()
{
    if (m_discarded)
        return;
    if (!m_dirty)
        m_dirtySince.start();
    m_dirty = true;
    if (!m_timer.isActive() || !m_dirtySince.hasExpired(longestWait.count()))
        m_timer.start(afterTyping);
}

void DraftSaver::flush()
{
    m_timer.stop();
    if (isSaved() || m_discarded) {
        Q_EMIT saved();
        return;
    }
    m_flushing = true;
    begin();
}

void DraftSaver::file()
{
    if (!m_pause.isActive())
        return;
    m_pause.stop();
    m_engine.submit(command::FileDraft{m_id});
}

void DraftSaver::discard()
{
    m_discarded = true;
    m_pause.stop();
    m_dirty = m_flushing = false;
    m_timer.stop();
    if (m_id && !m_request)
        m_engine.submit(command::DiscardDraft{m_id});
}

void DraftSaver::begin()
{
    if (m_request || !m_dirty)
        return; // finish() starts the timer again
    m_dirty = false;
    Draft draft = m_draft();
    draft.id = m_id;
    m_request = m_engine.submit(command::SaveDraft{std::move(draft)});
}

void DraftSaver::finish(RequestId, const Result<QJsonObject>& reply)
{
    m_request = {};
    if (reply)
        m_id = DraftId{reply->value(QLatin1String("draftId")).toInteger()};
    if (m_discarded) {
        if (m_id)
            m_engine.submit(command::DiscardDraft{m_id});
        return;
    }
    // The timer may have run out while this was under way.
    if (m_dirty && !m_flushing && !m_timer.isActive())
        m_timer.start(afterTyping);
    if (!reply) {
        m_dirty = true;
        m_flushing = false;
        Q_EMIT failed(reply.error());
        return;
    }
    m_pause.start();
    if (m_dirty && m_flushing) {
        begin();
        return;
    }
    if (!m_dirty)
        m_flushing = false;
    Q_EMIT saved();
}

} // namespace avocet
