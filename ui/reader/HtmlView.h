// SPDX-License-Identifier: GPL-3.0-or-later
// What shows the HTML of one message, as the reader sees it. The engine behind it is a plugin (ui/webview), so that a
// client that reads text alone never loads one.
#pragma once

#include <QByteArray>
#include <QColor>
#include <QList>
#include <QPageLayout>
#include <QString>
#include <QUrl>
#include <QWidget>
#include <QtPlugin>

#include <functional>
#include <memory>

namespace avocet {

/// The HTML parts of one message, each a whole document that went through sanitizeHtml().
struct HtmlMail {
    /// Part of every address within these documents, so that one mail cannot name what belongs to another.
    QString nonce;
    QList<QByteArray> parts;
    int pictures = 0; ///< how many addPicture() may still bring
};

/// The addresses that a document may hold. The number of a link counts within its part.
inline QString htmlPictureAddress(const QString& nonce, int picture)
{
    return QStringLiteral("mail://m/%1/picture/%2").arg(nonce).arg(picture);
}
inline QString htmlLinkPrefix(const QString& nonce, int part)
{
    return QStringLiteral("mail://m/%1/link/%2/").arg(nonce).arg(part);
}

/// How a mail is inked in a dark window.
enum class HtmlInk {
    AsSent,
    Inverted, ///< light and dark change places, pictures keep theirs
    OwnDark,  ///< the mail's own rules for dark mode
};

struct HtmlLinkId {
    int part = -1;
    int link = -1; ///< index into SanitizedHtml::links
};

/// A line above a printed mail.
struct HtmlField {
    QString name;
    QString value;
};

struct HtmlFound {
    int active = 0; ///< 1 is the first
    int all = 0;
    QRect where; ///< of the active one, in the view
};

/// Who is told what happens in a view; outlives it.
class HtmlViewClient {
public:
    virtual ~HtmlViewClient() = default;
    virtual void htmlShown() = 0; ///< laid out for the first time
    virtual void htmlHeightChanged() = 0;
    virtual void htmlLinkActivated(HtmlLinkId link) = 0;
    virtual void htmlLinkHovered(HtmlLinkId link) = 0; ///< part -1: none any more
    virtual void htmlLinkCopied(HtmlLinkId link) = 0;
    virtual void htmlFailed() = 0; ///< the engine's process ended or does not answer
};

/// As tall as its content up to a limit, beyond which it scrolls by itself. Keys that it has no use for go to its parent,
/// and so does the wheel where it stands at its end.
class HtmlView : public QWidget {
public:
    using QWidget::QWidget;

    virtual void setMail(const HtmlMail& mail) = 0;
    /// An encoded bitmap of our own making; empty: there is none.
    virtual void addPicture(int picture, const QByteArray& bytes) = 0;
    virtual void setInk(HtmlInk ink, const QColor& ground) = 0;
    virtual void setZoom(double factor) = 0;
    /// Scrolls what is taller than the view by so many of its pixels, down where there are more than none. How far it went:
    /// at its end not at all.
    virtual int scrollWithin(int pixels) = 0;
    virtual QString selectedText() const = 0;
    virtual void copy() = 0;
    virtual void selectAll() = 0;
    /// Empty text ends the search. `done` comes later, without places where another search overtakes this one, and never
    /// once the view is gone.
    virtual void find(const QString& text, bool backward,
                      std::function<void(const HtmlFound&)> done) = 0;
    /// All parts, paginated, below `head`; empty where it failed.
    virtual void print(const QPageLayout& layout, const QList<HtmlField>& head,
                       std::function<void(const QByteArray& pdf)> done) = 0;
};

/// What the plugin exports.
class HtmlViewFactory {
public:
    virtual ~HtmlViewFactory() = default;
    virtual HtmlView* create(HtmlViewClient& client) = 0;
    /// Of one that is not needed any more. Its client may be gone, and hears nothing of it from here on.
    virtual void takeBack(HtmlView* view) = 0;
};

} // namespace avocet

#define AvocetHtmlViewFactory_iid "org.avocet.HtmlViewFactory/1"
Q_DECLARE_INTERFACE(avocet::HtmlViewFactory, AvocetHtmlViewFactory_iid)
