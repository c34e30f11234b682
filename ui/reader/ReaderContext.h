// SPDX-License-Identifier: GPL-3.0-or-later
// What the cards of one reader share: the engine, where files go, and what they ask their window for.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/mime/ReplyBuilder.h"
#include "ui/reader/BodySettings.h"
#include "ui/reader/ReaderFiles.h"
#include "ui/reader/Unsubscriber.h"

#include <QHash>
#include <QJsonObject>
#include <QObject>
#include <QSet>
#include <QStringList>
#include <QUrl>

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace avocet {

/// What can become of a message besides an answer.
enum class Reuse { ForwardAsFile, EditAsNew, Redirect };

/// Thread: the GUI's. One for each reader, the main window's and those in windows of their own.
class ReaderContext : public QObject {
    Q_OBJECT
public:
    /// `bodies` is shared by all readers.
    ReaderContext(MailEngine& engine, BodySettings& bodies, QObject* parent)
        : QObject(parent)
        , m_engine(engine)
        , m_bodies(bodies)
    {
        connect(&m_engine, &MailEngine::finished, this,
                [this](RequestId request, const Result<QJsonObject>& reply) {
                    if (const Done done = m_waiting.take(request.value))
                        done(reply);
                });
        connect(&m_engine, &MailEngine::accountsChanged, this, [this] { m_own.reset(); });
    }

    using Done = std::function<void(const Result<QJsonObject>& reply)>;
    /// `done` gets the reply, also after the message that asked has gone from view.
    void submit(Command command, Done done)
    {
        m_waiting.insert(m_engine.submit(std::move(command)).value, std::move(done));
    }

    MailEngine& engine() { return m_engine; }
    BodySettings& bodies() { return m_bodies; }
    ReaderFiles& files() { return m_bodies.files(); }
    Unsubscriber& unsubscriber() { return m_unsubscriber; }
    /// How what the reader sends by itself, receipts and answers to invitations, is written.
    SendingStyle sendingStyle() const { return m_style ? m_style() : SendingStyle(); }
    void setSendingStyle(std::function<SendingStyle()> style) { m_style = std::move(style); }
    bool isOffline() const { return m_offline; }
    void setOffline(bool offline) { m_offline = offline; }
    bool isJunk(FolderId folder) const
    {
        for (const Folder& each : m_engine.queries().folders()) {
            if (each.id == folder)
                return each.role == FolderRole::Junk;
        }
        return false;
    }
    /// Of all accounts, in lower case.
    const QSet<QString>& ownAddresses() const
    {
        if (!m_own) {
            m_own.emplace();
            for (const Identity& identity : m_engine.queries().identities()) {
                m_own->insert(QString::fromStdString(identity.email).toLower());
            }
        }
        return *m_own;
    }

Q_SIGNALS:
    /// `selection`: what is selected in it, with the marks of what is quoted; empty: nothing.
    void replyRequested(avocet::ReplyKind kind, const avocet::OpenedMessage& original,
                        const QString& selection);
    void reuseRequested(avocet::Reuse how, const avocet::OpenedMessage& original);
    /// Sent once more, to those alone who did not get it.
    void resendRequested(const avocet::OpenedMessage& original, const QStringList& recipients);
    void mailtoRequested(const QUrl& url);
    void toastRequested(const QString& text);
    void windowRequested(avocet::FolderId folder, avocet::MessageId message);
    /// A message that was enclosed in another.
    void looseRequested(const std::shared_ptr<const avocet::OpenedMessage>& message);
    /// Where a link under the pointer leads; empty: none.
    void linkHovered(const QUrl& target);
    /// Messages with the folder that they are taken from; no messages: those that the list has selected.
    void archiveRequested(const std::vector<avocet::MessageId>& messages, avocet::FolderId from);
    void deleteRequested(const std::vector<avocet::MessageId>& messages, avocet::FolderId from);
    void junkRequested(const std::vector<avocet::MessageId>& messages, avocet::FolderId from);
    void moveRequested(const std::vector<avocet::MessageId>& messages, avocet::FolderId from,
                       bool copy);

private:
    MailEngine& m_engine;
    BodySettings& m_bodies;
    Unsubscriber m_unsubscriber;
    std::function<SendingStyle()> m_style;
    bool m_offline = false;
    mutable std::optional<QSet<QString>> m_own; ///< read for each card, and from the database
    QHash<qint64, Done> m_waiting;
};

} // namespace avocet
