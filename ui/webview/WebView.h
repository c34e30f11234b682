// SPDX-License-Identifier: GPL-3.0-or-later
// One mail's HTML in a widget of the reader: the page, its size, and which keys are whose.
#pragma once

#include "ui/reader/HtmlView.h"
#include "ui/webview/MailDocuments.h"
#include "ui/webview/MailPage.h"
#include "ui/webview/WebEngine.h"

#include <QTimer>

#include <optional>

class QWebEngineView;
class QWheelEvent;

namespace avocet {

class WebView : public HtmlView {
    Q_OBJECT
public:
    explicit WebView(std::shared_ptr<WebEngine> engine);
    ~WebView() override;

    void setClient(HtmlViewClient& client) { m_client = &client; }
    /// Nobody's again, with nothing of its mail left.
    void clear();
    /// Its page has shown what it was given: one that has not may never answer again.
    bool isReusable() const { return m_contentHeight > 0 && !m_failed; }

    void setMail(const HtmlMail& mail) override;
    void addPicture(int picture, const QByteArray& bytes) override;
    void setInk(HtmlInk ink, const QColor& ground) override;
    void setZoom(double factor) override;
    int scrollWithin(int pixels) override;
    QString selectedText() const override;
    void copy() override;
    void selectAll() override;
    void find(const QString& text, bool backward,
              std::function<void(const HtmlFound&)> done) override;
    void print(const QPageLayout& layout, const QList<HtmlField>& head,
               std::function<void(const QByteArray& pdf)> done) override;

    QWebEnginePage& page() { return m_page; }

Q_SIGNALS:
    void failed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void measured(int height);
    void applyHeight();
    void applyInk();
    void noteScrolled();
    void watch(QObject* object);
    bool wheeled(QWheelEvent& wheel);
    /// `pointed`: the engine has told at what; else the menu is about what the keyboard stands on.
    void showMenu(const QPoint& where, bool pointed);
    void giveUp();
    void fail();

    /// What the page is asked holds it: a page that goes answers all that is open, and finds a null there.
    std::shared_ptr<WebView*> m_self = std::make_shared<WebView*>(this);
    std::shared_ptr<WebEngine> m_engine;
    HtmlViewClient* m_client;
    std::optional<MailDocuments> m_documents;
    MailPage m_page;
    QWebEngineView* m_view;
    QTimer m_patience{this};
    QTimer m_quiet;
    QTimer m_empty;
    HtmlInk m_ink = HtmlInk::AsSent;
    QColor m_ground = Qt::white;
    int m_contentHeight = 0; ///< CSS pixels; 0: not laid out yet
    int m_scrolled = 0;      ///< within, in pixels of the view
    int m_scrolling = 0;     ///< how many wishes the page has yet to follow
    int m_finds = 0;
    QString m_findWords; ///< what was searched for last
    bool m_failed = false;
    /// Something of this mail is; the engine goes on telling what was in the page before.
    bool m_selected = false;
    HtmlLinkId m_pointedAt; ///< by the pointer or the keyboard, as the engine told it last
};

} // namespace avocet
