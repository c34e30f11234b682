// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/webview/WebEngine.h"

#include "ui/webview/FrameScript.h"

#include <QCoreApplication>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLoggingCategory>
#include <QOpenGLContext>
#include <QQuickWindow>
#include <QRandomGenerator>
#include <QWebEngineCookieStore>
#include <QWebEngineDownloadRequest>
#include <QWebEnginePage>
#include <QWebEngineScript>
#include <QWebEngineScriptCollection>
#include <QWebEngineSettings>
#include <QWebEngineUrlRequestInterceptor>

#include <utility>

// Exported by Qt Gui for Qt's own modules, one of which the engine is.
void qt_gl_set_global_share_context(QOpenGLContext* context);

namespace avocet {

namespace {

class MailOnly : public QWebEngineUrlRequestInterceptor {
public:
    void interceptRequest(QWebEngineUrlRequestInfo& info) override
    {
        if (info.requestUrl().scheme() != u"mail")
            info.block(true);
    }
};

// One renderer for all mails: none of them runs a script, and each process more takes 30 MB.
constexpr char engineSwitches[] =
    "--renderer-process-limit=1 --js-flags=--expose-gc "
    "--host-resolver-rules=\"MAP * ~NOTFOUND\" "
    "--proxy-server=http://127.0.0.1:9 --proxy-bypass-list=<-loopback> "
    "--disable-background-networking --disable-component-update --disable-domain-reliability "
    "--disable-sync --no-pings --disable-remote-fonts --disable-3d-apis --disable-databases "
    "--disable-file-system --disable-notifications --disable-permissions-api "
    "--disable-presentation-api --disable-remote-playback-api --disable-shared-workers "
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp";

constexpr qsizetype collectedBytes = 1'000'000;

} // namespace

void WebEngine::prepare()
{
    static bool done = false;
    if (std::exchange(done, true))
        return;
    // Whatever the environment says, the sandbox stays on and no port for debuggers is opened.
    qunsetenv("QTWEBENGINE_DISABLE_SANDBOX");
    qunsetenv("QTWEBENGINE_REMOTE_DEBUGGING");
    qputenv("QTWEBENGINE_CHROMIUM_FLAGS", engineSwitches);
    // The engine tells how it draws at each start.
    QLoggingCategory::setFilterRules(QStringLiteral("qt.webenginecontext=false"));
    // Mail is drawn once and then stands still: in software that starts three times as fast, takes half the memory, and
    // no driver ever meets what strangers wrote.
    QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
    // The engine asks for the format of a context that only AA_ShareOpenGLContexts makes. One that was never created
    // will do, and spares every start of the program the load of a graphics driver.
    if (!QOpenGLContext::globalShareContext()) {
        qt_gl_set_global_share_context(new QOpenGLContext);
        qAddPostRoutine([] { delete QOpenGLContext::globalShareContext(); });
    }
    MailSchemeHandler::registerScheme();
}

WebEngine::WebEngine()
    : m_token(QString::number(QRandomGenerator::system()->generate64(), 36) + u':')
    , m_interceptor(std::make_unique<MailOnly>())
{
    m_profile.setHttpCacheType(QWebEngineProfile::NoCache);
    m_profile.setPersistentCookiesPolicy(QWebEngineProfile::NoPersistentCookies);
    m_profile.setSpellCheckEnabled(false);
    // For mail that names no font, or none that is here. What it calls sans-serif it was laid out in Arial for.
    using Settings = QWebEngineSettings;
    m_profile.settings()->setFontFamily(Settings::StandardFont, QGuiApplication::font().family());
    const QString narrow = QStringLiteral("Liberation Sans");
    if (QFontDatabase::hasFamily(narrow))
        m_profile.settings()->setFontFamily(Settings::SansSerifFont, narrow);
    m_profile.setUrlRequestInterceptor(m_interceptor.get());
    m_profile.installUrlSchemeHandler("mail", &m_handler);
    m_profile.cookieStore()->setCookieFilter(
        [](const QWebEngineCookieStore::FilterRequest&) { return false; });
    QObject::connect(&m_profile, &QWebEngineProfile::downloadRequested, &m_profile,
                     [](QWebEngineDownloadRequest* download) { download->cancel(); });
    QWebEngineScript script;
    script.setName(QStringLiteral("avocet"));
    script.setWorldId(QWebEngineScript::ApplicationWorld);
    script.setInjectionPoint(QWebEngineScript::DocumentReady);
    script.setRunsOnSubFrames(true);
    script.setSourceCode(frameScript(
        m_token, QCoreApplication::translate("avocet::WebView", "Earlier quoted text")));
    m_profile.scripts()->insert(script);
}

void WebEngine::collectGarbage(QWebEnginePage& page)
{
    if (m_garbage < collectedBytes)
        return;
    m_garbage = 0;
    page.runJavaScript(QStringLiteral("gc()"), QWebEngineScript::ApplicationWorld);
}

WebEngine::~WebEngine()
{
    m_profile.removeUrlSchemeHandler(&m_handler);
}

} // namespace avocet
