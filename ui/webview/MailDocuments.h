// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages of the HTML view may ask for: the documents and pictures of mails that are shown now, and nothing else.
#pragma once

#include "ui/reader/HtmlView.h"

#include <QHash>
#include <QMultiHash>
#include <QPointer>
#include <QWebEngineUrlRequestJob>
#include <QWebEngineUrlSchemeHandler>

namespace avocet {

/// Everything of one shown mail, by the last steps of its addresses.
class MailDocuments {
public:
    explicit MailDocuments(HtmlMail mail);

    const QString& nonce() const { return m_mail.nonce; }
    QUrl shellUrl() const;
    QUrl partUrl(int part) const;
    qsizetype parts() const { return m_mail.parts.size(); }

    /// What the frames start with, so that no dark window flashes white. `ink`: as the script knows it.
    void setInk(const QByteArray& ink, const QColor& ground);

    /// `path`: behind the nonce, such as "part/0".
    void answer(const QString& path, QWebEngineUrlRequestJob* job);
    void addPicture(int picture, const QByteArray& bytes);

    /// Of a link's address, a part and number that are this mail's; part -1: not such an address.
    HtmlLinkId linkOf(const QUrl& url) const;

private:
    QByteArray shell() const;

    HtmlMail m_mail;
    QByteArray m_ink = "sent";
    QColor m_ground = Qt::white;
    QHash<int, QByteArray> m_pictures;
    QMultiHash<int, QPointer<QWebEngineUrlRequestJob>> m_waiting;
};

/// Serves mail: addresses; anything without the nonce of a shown mail is not found.
class MailSchemeHandler : public QWebEngineUrlSchemeHandler {
    Q_OBJECT
public:
    using QWebEngineUrlSchemeHandler::QWebEngineUrlSchemeHandler;

    /// Before the engine starts.
    static void registerScheme();

    void add(MailDocuments& documents) { m_mails.insert(documents.nonce(), &documents); }
    void remove(const MailDocuments& documents) { m_mails.remove(documents.nonce()); }
    void requestStarted(QWebEngineUrlRequestJob* job) override;

private:
    QHash<QString, MailDocuments*> m_mails;
};

} // namespace avocet
