// SPDX-License-Identifier: GPL-3.0-or-later
// How messages are shown: what the user chose, and who may bring pictures from the internet. Shared by all that is open,
// with the files that were opened from it.
#pragma once

#include "core/mime/Trackers.h"
#include "ui/reader/ReaderFiles.h"
#include "ui/reader/RemoteImages.h"

#include <QObject>
#include <QString>
#include <QUrl>

#include <algorithm>
#include <functional>

namespace avocet {

/// Who asked for pictures to be loaded always. `sender`: an address in lower case.
struct RemoteConsent {
    std::function<bool(const QString& sender)> allowed;
    std::function<void(const QString& sender)> allow;
};

/// Thread: the GUI's.
class BodySettings : public QObject {
    Q_OBJECT
public:
    static constexpr double smallestZoom = 0.5, largestZoom = 3.0;

    explicit BodySettings(const RemoteLimits& limits = {}, QObject* parent = nullptr)
        : QObject(parent)
        , m_images(limits)
    {
    }

    /// Never start the HTML view.
    bool simpleView() const { return m_simpleView; }
    void setSimpleView(bool simple)
    {
        if (std::exchange(m_simpleView, simple) != simple)
            Q_EMIT simpleViewChanged();
    }

    double zoom() const { return m_zoom; }
    void setZoom(double zoom)
    {
        zoom = std::clamp(zoom, smallestZoom, largestZoom);
        if (std::exchange(m_zoom, zoom) != zoom)
            Q_EMIT zoomChanged();
    }

    /// Links open and are copied without what only tells who clicked.
    void setStripTracking(bool strip) { m_stripTracking = strip; }
    QUrl cleaned(const QUrl& link) const
    {
        const bool web = link.scheme() == u"http" || link.scheme() == u"https";
        if (!m_stripTracking || !web)
            return link;
        const QByteArray address = link.toEncoded();
        return QUrl::fromEncoded(QByteArray::fromStdString(stripTracking(address.toStdString())));
    }

    /// Without it nothing is remembered: pictures can be loaded once.
    const RemoteConsent& consent() const { return m_consent; }
    void setConsent(RemoteConsent consent) { m_consent = std::move(consent); }

    RemoteImages& images() { return m_images; }
    /// What was opened in another program stays there when the window that it came from is closed.
    ReaderFiles& files() { return m_files; }

Q_SIGNALS:
    void simpleViewChanged();
    void zoomChanged();

private:
    bool m_simpleView = false;
    bool m_stripTracking = false;
    double m_zoom = 1;
    RemoteConsent m_consent;
    RemoteImages m_images;
    ReaderFiles m_files;
};

} // namespace avocet
