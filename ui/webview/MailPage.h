// SPDX-License-Identifier: GPL-3.0-or-later
// A page that shows one mail and refuses whatever else a page can want.
#pragma once

#include "ui/webview/MailDocuments.h"

#include <QWebEnginePage>

namespace avocet {

class MailPage : public QWebEnginePage {
    Q_OBJECT
public:
    MailPage(QWebEngineProfile* profile, QString token, QObject* parent);

    /// Goes there, and into the frames, once; `documents` outlives the page or is replaced.
    void open(const MailDocuments& documents);
    /// One of its parts alone, without a frame around it.
    void openPart(const MailDocuments& documents, int part);

Q_SIGNALS:
    void linkActivated(avocet::HtmlLinkId link);
    void measured(int height); ///< in CSS pixels

protected:
    bool acceptNavigationRequest(const QUrl& url, NavigationType type, bool isMainFrame) override;
    QWebEnginePage* createWindow(WebWindowType type) override;
    QStringList chooseFiles(FileSelectionMode mode, const QStringList& oldFiles,
                            const QStringList& acceptedMimeTypes) override;
    void javaScriptAlert(const QUrl& origin, const QString& message) override;
    bool javaScriptConfirm(const QUrl& origin, const QString& message) override;
    bool javaScriptPrompt(const QUrl& origin, const QString& message, const QString& preset,
                          QString* result) override;
    void javaScriptConsoleMessage(JavaScriptConsoleMessageLevel level, const QString& message,
                                  int line, const QString& source) override;

private:
    void restrict();
    void refuse();

    QString m_token;
    const MailDocuments* m_documents = nullptr;
    QUrl m_top;
    QSet<QUrl> m_expected;
};

} // namespace avocet
