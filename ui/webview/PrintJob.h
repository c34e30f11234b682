// SPDX-License-Identifier: GPL-3.0-or-later
// One mail on paper: a page of its own, so that nothing of the screen (ink, zoom, frames of fixed height) comes along.
#pragma once

#include "ui/webview/MailPage.h"
#include "ui/webview/WebEngine.h"

#include <QPageLayout>
#include <QTimer>

#include <functional>

class QWebEngineView;

namespace avocet {

/// Deletes itself once it is done. A mail of one part flows over the sheets; several stand in their frames.
class PrintJob : public QObject {
    Q_OBJECT
public:
    using Done = std::function<void(const QByteArray& pdf)>;

    /// `documents` is served as long as `parent` lives.
    PrintJob(WebEngine& engine, const MailDocuments& documents, const QPageLayout& layout,
             const QList<HtmlField>& head, Done done, QObject* parent);
    ~PrintJob() override;

private:
    void printed(const QByteArray& pdf);

    MailPage m_page;
    std::unique_ptr<QWebEngineView> m_frames; ///< where there are several: gives them their width
    QTimer m_patience;
    Done m_done;
};

} // namespace avocet
