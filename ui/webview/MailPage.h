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

    /// Into the frames of a shell, each once; `documents` outlives the page or is replaced. The shell that is there stays for
    /// the next mail: to go to one takes as long as all else that shows a mail (HtmlBench: 59 ms with it, 33 without).
    void open(const MailDocuments& documents);
    /// One of its parts alone, without a frame around it; in a page that is for this alone.
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
    bool m_inShell = false;
    QSet<QUrl> m_expected;
};

} // namespace avocet
