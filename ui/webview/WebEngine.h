// SPDX-License-Identifier: GPL-3.0-or-later
// The browser engine as all views share it: one profile that keeps nothing, one renderer process, no way out.
#pragma once

#include "ui/webview/MailDocuments.h"

#include <QWebEngineProfile>

class QWebEnginePage;

namespace avocet {

/// Made with the first view, gone with the last one. The walls, each of which holds alone: the sanitiser before, the
/// policy and the sandbox of each frame, an interceptor that lets only mail: pass, and an engine that resolves no name
/// and knows but a dead proxy.
class WebEngine {
public:
    WebEngine();
    ~WebEngine();
    WebEngine(const WebEngine&) = delete;
    WebEngine& operator=(const WebEngine&) = delete;

    /// What the engine reads when it starts in this process.
    static void prepare();

    QWebEngineProfile* profile() { return &m_profile; }
    MailSchemeHandler& handler() { return m_handler; }
    const QString& token() const { return m_token; }

    /// A document of a mail was opened, which leaves garbage when it goes: the engine's own is as much as that of 60 KB.
    void noteOpened(qsizetype bytes) { m_garbage += bytes + 60'000; }
    /// Has the renderer throw it away, where it is worth a tenth of a second. Called where nobody waits, or the renderer
    /// does that whenever it sees fit, which is while a mail is opened (HtmlBench: 200 ms for it instead of 50).
    void collectGarbage(QWebEnginePage& page);

private:
    qsizetype m_garbage = 0;
    QString m_token;
    MailSchemeHandler m_handler;
    std::unique_ptr<QWebEngineUrlRequestInterceptor> m_interceptor;
    QWebEngineProfile m_profile;
};

} // namespace avocet
