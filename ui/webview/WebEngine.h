// SPDX-License-Identifier: GPL-3.0-or-later
// The browser engine as all views share it: one profile that keeps nothing, one renderer process, no way out.
#pragma once

#include "ui/webview/MailDocuments.h"

#include <QWebEngineProfile>

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

private:
    QString m_token;
    MailSchemeHandler m_handler;
    std::unique_ptr<QWebEngineUrlRequestInterceptor> m_interceptor;
    QWebEngineProfile m_profile;
};

} // namespace avocet
