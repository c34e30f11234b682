// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/webview/MailPage.h"

#include <QAuthenticator>
#include <QWebEngineCertificateError>
#include <QWebEngineClientCertificateSelection>
#include <QWebEngineFileSystemAccessRequest>
#include <QWebEngineFullScreenRequest>
#include <QWebEngineHistory>
#include <QWebEngineQuotaRequest>
#include <QWebEngineRegisterProtocolHandlerRequest>
#include <QWebEngineScript>
#include <QWebEngineSettings>

namespace avocet {

MailPage::MailPage(QWebEngineProfile* profile, QString token, QObject* parent)
    : QWebEnginePage(profile, parent)
    , m_token(std::move(token))
{
    restrict();
    refuse();
    connect(this, &QWebEnginePage::loadFinished, this, [this](bool ok) { m_inShell = ok; });
}

void MailPage::restrict()
{
    using Settings = QWebEngineSettings;
    constexpr Settings::WebAttribute off[] = {
        Settings::JavascriptEnabled,
        Settings::JavascriptCanOpenWindows,
        Settings::JavascriptCanAccessClipboard,
        Settings::JavascriptCanPaste,
        Settings::AllowWindowActivationFromJavaScript,
        Settings::LocalStorageEnabled,
        Settings::LocalContentCanAccessRemoteUrls,
        Settings::LocalContentCanAccessFileUrls,
        Settings::AllowRunningInsecureContent,
        Settings::AllowGeolocationOnInsecureOrigins,
        Settings::XSSAuditingEnabled,
        Settings::SpatialNavigationEnabled,
        Settings::HyperlinkAuditingEnabled,
        Settings::ErrorPageEnabled,
        Settings::PluginsEnabled,
        Settings::PdfViewerEnabled,
        Settings::FullScreenSupportEnabled,
        Settings::ScreenCaptureEnabled,
        Settings::WebGLEnabled,
        Settings::Accelerated2dCanvasEnabled,
        Settings::AutoLoadIconsForPage,
        Settings::TouchIconsEnabled,
        Settings::DnsPrefetchEnabled,
        Settings::NavigateOnDropEnabled,
        Settings::FocusOnNavigationEnabled,
        Settings::ScrollAnimatorEnabled,
    };
    for (const Settings::WebAttribute attribute : off)
        settings()->setAttribute(attribute, false);
    settings()->setAttribute(Settings::PlaybackRequiresUserGesture, true);
    settings()->setAttribute(Settings::WebRTCPublicInterfacesOnly, true);
    settings()->setUnknownUrlSchemePolicy(Settings::DisallowUnknownUrlSchemes);
    setAudioMuted(true);
}

void MailPage::refuse()
{
    connect(this, &QWebEnginePage::featurePermissionRequested, this,
            [this](const QUrl& origin, Feature feature) {
                setFeaturePermission(origin, feature, PermissionDeniedByUser);
            });
    connect(this, &QWebEnginePage::fullScreenRequested, this,
            [](QWebEngineFullScreenRequest request) { request.reject(); });
    connect(this, &QWebEnginePage::quotaRequested, this,
            [](QWebEngineQuotaRequest request) { request.reject(); });
    connect(this, &QWebEnginePage::registerProtocolHandlerRequested, this,
            [](QWebEngineRegisterProtocolHandlerRequest request) { request.reject(); });
    connect(this, &QWebEnginePage::fileSystemAccessRequested, this,
            [](QWebEngineFileSystemAccessRequest request) { request.reject(); });
    connect(this, &QWebEnginePage::selectClientCertificate, this,
            [](QWebEngineClientCertificateSelection selection) { selection.selectNone(); });
    connect(this, &QWebEnginePage::certificateError, this,
            [](QWebEngineCertificateError error) { error.rejectCertificate(); });
    const auto nobody = [](QAuthenticator* authenticator) { *authenticator = QAuthenticator(); };
    connect(this, &QWebEnginePage::authenticationRequired, this,
            [nobody](const QUrl&, QAuthenticator* authenticator) { nobody(authenticator); });
    connect(this, &QWebEnginePage::proxyAuthenticationRequired, this,
            [nobody](const QUrl&, QAuthenticator* authenticator) { nobody(authenticator); });
}

void MailPage::open(const MailDocuments& documents)
{
    m_documents = &documents;
    m_expected.clear();
    QStringList parts;
    for (int part = 0; part < documents.parts(); ++part) {
        m_expected.insert(documents.partUrl(part));
        parts.append(u'\'' + documents.partUrl(part).toString(QUrl::FullyEncoded) + u'\'');
    }
    if (m_inShell) {
        runJavaScript(QStringLiteral("avocetOpen([%1])").arg(parts.join(u',')),
                      QWebEngineScript::ApplicationWorld);
        return;
    }
    m_top = documents.shellUrl();
    m_expected.insert(m_top);
    load(m_top);
}

void MailPage::openPart(const MailDocuments& documents, int part)
{
    m_documents = &documents;
    m_top = documents.partUrl(part);
    m_expected = {m_top};
    load(m_top);
}

bool MailPage::acceptNavigationRequest(const QUrl& url, NavigationType type, bool isMainFrame)
{
    if (!m_documents)
        return false;
    if (type == NavigationTypeLinkClicked) {
        const HtmlLinkId link = m_documents->linkOf(url);
        if (link.part >= 0)
            Q_EMIT linkActivated(link);
        return false;
    }
    const bool ours = isMainFrame == (url == m_top);
    return ours && m_expected.remove(url);
}

QWebEnginePage* MailPage::createWindow(WebWindowType)
{
    return nullptr;
}

QStringList MailPage::chooseFiles(FileSelectionMode, const QStringList&, const QStringList&)
{
    return {};
}

void MailPage::javaScriptAlert(const QUrl&, const QString&) {}

bool MailPage::javaScriptConfirm(const QUrl&, const QString&)
{
    return false;
}

bool MailPage::javaScriptPrompt(const QUrl&, const QString&, const QString&, QString*)
{
    return false;
}

void MailPage::javaScriptConsoleMessage(JavaScriptConsoleMessageLevel, const QString& message, int,
                                        const QString&)
{
    const QString mine = m_documents ? m_token + m_documents->nonce() + u' ' : QString();
    if (!mine.isEmpty() && message.startsWith(mine))
        Q_EMIT measured(message.mid(mine.size()).toInt());
}

} // namespace avocet
