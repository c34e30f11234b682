// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/webview/WebEngine.h"
#include "ui/webview/WebView.h"

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <chrono>
#include <utility>

namespace avocet {

using namespace std::chrono_literals;

/// What HtmlViews loads. One view that was given back waits for the next mail: to make a view, and a process to draw in,
/// takes five times as long as to show a mail (HtmlBench: 180 ms, 33). Some time after the last mail it goes as well.
class WebViewPlugin : public QObject, public HtmlViewFactory {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID AvocetHtmlViewFactory_iid)
    Q_INTERFACES(avocet::HtmlViewFactory)

public:
    WebViewPlugin()
    {
        m_linger.setSingleShot(true);
        m_linger.setInterval(2min);
        connect(&m_linger, &QTimer::timeout, this, &WebViewPlugin::dropSpare);
    }

    HtmlView* create(HtmlViewClient& client) override
    {
        m_linger.stop();
        WebView* view = m_spare ? m_spare.release() : make();
        disconnect(view, &WebView::failed, this, nullptr);
        view->setClient(client);
        return view;
    }

    void takeBack(HtmlView* given) override
    {
        std::unique_ptr<WebView> view(static_cast<WebView*>(given));
        if (m_spare || !view->isReusable() || QCoreApplication::closingDown())
            return;
        m_spare = std::move(view);
        if (!std::exchange(plugin, this)) {
            // Before what the engine and its widgets have registered by now.
            qAddPostRoutine([] {
                if (plugin)
                    plugin->dropSpare();
            });
        }
        connect(m_spare.get(), &WebView::failed, this, &WebViewPlugin::dropSpare,
                Qt::QueuedConnection);
        m_spare->clear();
        m_linger.start();
    }

private:
    WebView* make()
    {
        auto engine = m_engine.lock();
        if (!engine) {
            WebEngine::prepare();
            engine = std::make_shared<WebEngine>();
            m_engine = engine;
        }
        return new WebView(std::move(engine));
    }

    void dropSpare() { m_spare.reset(); }

    static inline QPointer<WebViewPlugin> plugin;
    std::weak_ptr<WebEngine> m_engine;
    std::unique_ptr<WebView> m_spare;
    QTimer m_linger;
};

} // namespace avocet

#include "WebViewPlugin.moc"
