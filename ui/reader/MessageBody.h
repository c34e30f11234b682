// SPDX-License-Identifier: GPL-3.0-or-later
// What one message says: as its sender meant it where it came as HTML and this machine can show that, else as text.
#pragma once

#include "ui/reader/HtmlViews.h"
#include "ui/reader/PreparedHtml.h"

#include <QHash>
#include <QPointer>
#include <QTimer>
#include <QUrl>
#include <QWidget>

#include <functional>
#include <memory>

class QMenu;

namespace avocet {

class BodySettings;
class Button;
class InfoBarStack;
class MessageText;

/// Says in `bars` what is withheld or went wrong. While it is hidden it gives the HTML view's memory back.
class MessageBody : public QWidget, private HtmlViewClient {
    Q_OBJECT
public:
    MessageBody(BodySettings& settings, InfoBarStack& bars, QWidget* parent = nullptr);
    ~MessageBody() override;

    void setMessage(std::shared_ptr<const OpenedMessage> message);
    /// There is nothing to read.
    bool isEmpty() const;
    /// What there is to see is laid out, so that words can be found in it.
    bool isShown() const { return m_isShown; }
    bool showsHtml() const { return m_html != nullptr; }
    /// Null where it is shown as text.
    HtmlView* htmlView() const { return m_html.get(); }
    MessageText* textView() const { return m_text; }

    /// Null: nothing in it takes the keyboard.
    QWidget* focusTaker() const;
    QString selectedText() const;
    /// The same with the marks of what is quoted in it, ready to be quoted itself.
    QString quotedSelection() const;
    /// Entries for this one message: as text, its background, its pictures.
    void addActions(QMenu& menu);
    void loadPictures();

    /// Marks all places where these words stand and tells their number. No words: no marks.
    void mark(const QString& words, std::function<void(int count)> done);
    /// The next or previous of them.
    void find(const QString& words, bool backward, std::function<void(const HtmlFound&)> done);

Q_SIGNALS:
    void linkActivated(const QUrl& target, const QString& words);
    void linkHovered(const QUrl& target);
    void shown();       ///< what there is to see is laid out
    void moved(int by); ///< what is in view lies so much lower now

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void present();
    void presentText();
    void prepare();
    void prepared(std::optional<PreparedHtml> html);
    void bringPictures();
    void pictureCame(int picture, const QByteArray& bytes);
    void offerPictures();
    void fallBack(const QString& why, const QString& verb);
    void tellShown();
    void release();
    void applyInk();
    void askAlways();
    bool isAllowed() const;
    bool pictureConsent() const;
    QString sender() const;
    const HtmlLink* link(HtmlLinkId id) const;
    void copyLink(const QUrl& target);

    void htmlShown() override;
    void htmlHeightChanged() override;
    void htmlLinkActivated(HtmlLinkId id) override;
    void htmlLinkHovered(HtmlLinkId id) override;
    void htmlLinkCopied(HtmlLinkId id) override;
    void htmlFailed() override;

    enum class Wanted { Default, Text, Html };

    BodySettings& m_settings;
    QPointer<InfoBarStack> m_bars;
    MessageText* m_text;
    Button* m_rest;
    HtmlViewPointer m_html;
    std::shared_ptr<const OpenedMessage> m_message;
    PreparedHtml m_prepared;
    QHash<QString, QByteArray>
        m_remote; ///< pictures that came, by address, so that none is asked for twice
    QTimer m_releaseDelay;
    Wanted m_wanted = Wanted::Default;
    int m_round = 0; ///< what a worker brings for an older one is dropped
    bool m_wholeText = false;
    bool m_picturesOnce = false;
    bool m_broughtBack = false; ///< the view ended, and was made anew
    bool m_asSent = false;      ///< not darkened, on wish
    bool m_released = false;
    bool m_isShown = false;
};

} // namespace avocet
