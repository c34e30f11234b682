// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/webview/WebEngine.h"
#include "ui/webview/WebView.h"

#include <QObject>

namespace avocet {

/// What HtmlViews loads.
class WebViewPlugin : public QObject, public HtmlViewFactory {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID AvocetHtmlViewFactory_iid)
    Q_INTERFACES(avocet::HtmlViewFactory)

public:
    std::unique_ptr<HtmlView> create(HtmlViewClient& client) override
    {
        auto engine = m_engine.lock();
        if (!engine) {
            WebEngine::prepare();
            engine = std::make_shared<WebEngine>();
            m_engine = engine;
        }
        return std::make_unique<WebView>(std::move(engine), client);
    }

private:
    std::weak_ptr<WebEngine> m_engine;
};

} // namespace avocet

#include "WebViewPlugin.moc"
