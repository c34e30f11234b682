// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/webview/WebView.h"

#include "ui/webview/PrintJob.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QFocusEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QVBoxLayout>
#include <QWebEngineContextMenuRequest>
#include <QWebEngineFindTextResult>
#include <QWebEngineScript>
#include <QWebEngineView>
#include <QWheelEvent>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <utility>

namespace avocet {

using namespace std::chrono_literals;

namespace {

/// What one view may cover: its pixels lie in memory some three times.
constexpr double maxPixels = 12e6;
constexpr double maxTall = 16'000;
constexpr int heightAtFirst = 160;
constexpr int lineHeight = 20; ///< of what a wheel scrolls by, as in the reader
constexpr int notch = 120;     ///< of a wheel, in angleDelta
/// A page that is not laid out by then is one that was made to be slow.
constexpr auto loadPatience = 15s;
/// Whoever looks at a mail for so long is not on the way to the next one.
constexpr auto quietAfter = 300ms;
/// What nobody looks at any more goes from memory by then.
constexpr auto emptyAfter = 200ms;

QString quoted(const QString& text)
{
    QString result = QStringLiteral("'");
    for (const QChar c : text)
        result += QStringLiteral("\\u%1").arg(uint(c.unicode()), 4, 16, QLatin1Char('0'));
    return result + u'\'';
}

const char* inkName(HtmlInk ink)
{
    switch (ink) {
    case HtmlInk::Inverted:
        return "inverted";
    case HtmlInk::OwnDark:
        return "dark";
    case HtmlInk::AsSent:
        break;
    }
    return "sent";
}

/// Keys with which one follows links and selects text; all others are the reader's.
bool isPagesKey(const QKeyEvent& key)
{
    if (key.matches(QKeySequence::Copy) || key.matches(QKeySequence::SelectAll))
        return true;
    const auto modifiers = key.modifiers() & ~Qt::KeypadModifier;
    switch (key.key()) {
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        return !(modifiers & ~Qt::ShiftModifier);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return !modifiers;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Home:
    case Qt::Key_End:
        return modifiers & Qt::ShiftModifier;
    default:
        return false;
    }
}

/// Whose a view is that waits for a mail.
HtmlViewClient& nobody()
{
    struct Nobody : HtmlViewClient {
        void htmlShown() override {}
        void htmlHeightChanged() override {}
        void htmlLinkActivated(HtmlLinkId) override {}
        void htmlLinkHovered(HtmlLinkId) override {}
        void htmlLinkCopied(HtmlLinkId) override {}
        void htmlFailed() override {}
    };
    static Nobody client;
    return client;
}

} // namespace

WebView::WebView(std::shared_ptr<WebEngine> engine)
    : m_engine(std::move(engine))
    , m_client(&nobody())
    , m_page(m_engine->profile(), m_engine->token(), nullptr)
    , m_view(new QWebEngineView(this))
{
    m_view->setPage(&m_page);
    m_view->setAcceptDrops(false);
    // By the engine, once it has found out what lies there, which takes it longer than Qt's own event.
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QWidget::customContextMenuRequested, this,
            [this](const QPoint& where) { showMenu(m_view->mapToGlobal(where), true); });
    m_view->installEventFilter(this);
    for (QObject* child : m_view->children())
        watch(child);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    setFocusProxy(m_view);
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(heightAtFirst);
    m_patience.setSingleShot(true);
    m_patience.setInterval(loadPatience);
    m_patience.setObjectName(QStringLiteral("patience"));
    connect(&m_patience, &QTimer::timeout, this, &WebView::giveUp);
    m_empty.setSingleShot(true);
    m_empty.setInterval(emptyAfter);
    connect(&m_empty, &QTimer::timeout, this, [this] {
        setMail({QStringLiteral("none"), {}, 0});
        m_patience.stop();
    });
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(quietAfter);
    connect(&m_quiet, &QTimer::timeout, this, [this] { m_engine->collectGarbage(m_page); });
    connect(&m_page, &MailPage::measured, this, &WebView::measured);
    connect(&m_page, &MailPage::linkActivated, this,
            [this](HtmlLinkId link) { m_client->htmlLinkActivated(link); });
    connect(&m_page, &QWebEnginePage::linkHovered, this, [this](const QString& address) {
        m_pointedAt = m_documents ? m_documents->linkOf(QUrl(address)) : HtmlLinkId();
        m_client->htmlLinkHovered(m_pointedAt);
    });
    connect(&m_page, &QWebEnginePage::selectionChanged, this,
            [this] { m_selected = m_page.hasSelection(); });
    connect(&m_page, &QWebEnginePage::loadFinished, this, &WebView::applyInk);
    connect(&m_page, &QWebEnginePage::renderProcessTerminated, this, &WebView::fail);
    connect(&m_page, &QWebEnginePage::scrollPositionChanged, this, &WebView::noteScrolled);
}

WebView::~WebView()
{
    *m_self = nullptr;
    disconnect(&m_page, nullptr, this, nullptr);
    // What is being printed goes first, the page's widget before the page, the page before the profile.
    qDeleteAll(findChildren<PrintJob*>());
    delete m_view;
    if (m_documents)
        m_engine->handler().remove(*m_documents);
}

void WebView::clear()
{
    m_client = &nobody();
    *m_self = nullptr; // what is on its way was asked by somebody who may be gone
    m_self = std::make_shared<WebView*>(this);
    qDeleteAll(findChildren<PrintJob*>());
    hide();
    setParent(nullptr);
    m_page.findText({});
    if (m_documents)
        m_engine->handler().remove(*m_documents);
    m_selected = false;
    m_quiet.stop();
    m_patience.stop();
    m_empty.start(); // the next mail is mostly there at once, and two pages take longer than one
    setFixedHeight(heightAtFirst);
}

void WebView::setMail(const HtmlMail& mail)
{
    m_empty.stop();
    if (m_documents)
        m_engine->handler().remove(*m_documents);
    m_documents.emplace(mail);
    m_pointedAt = {};
    m_selected = false;
    m_findWords.clear();
    m_engine->handler().add(*m_documents);
    m_contentHeight = m_scrolled = m_scrolling = 0;
    for (const QByteArray& part : mail.parts)
        m_engine->noteOpened(part.size());
    m_quiet.stop();
    m_patience.start();
    m_page.open(*m_documents);
    applyInk(); // the mail before is gone by then, and need not be inked
}

void WebView::addPicture(int picture, const QByteArray& bytes)
{
    if (m_documents)
        m_documents->addPicture(picture, bytes);
}

void WebView::giveUp()
{
    // Nothing else that it draws answers before it is through with this, which may take for ever. Its end is told to all
    // views, and those that were shown come back in a new one.
    if (const qint64 process = m_page.renderProcessPid(); process > 0)
        kill(static_cast<pid_t>(process), SIGKILL);
    fail();
}

void WebView::fail()
{
    m_patience.stop();
    if (std::exchange(m_failed, true))
        return;
    Q_EMIT failed();
    m_client->htmlFailed();
}

void WebView::measured(int height)
{
    height = std::max(height, 1); // a page without height is laid out as well
    const bool first = m_contentHeight == 0;
    if (height == m_contentHeight)
        return;
    m_contentHeight = height;
    m_patience.stop();
    m_quiet.start();
    applyHeight();
    if (first) {
        m_selected = false;
        // The keyboard goes to a widget of the engine's own.
        QList<QWidget*> parts = m_view->findChildren<QWidget*>();
        parts.append(m_view);
        for (QWidget* part : std::as_const(parts))
            part->setAccessibleName(accessibleName());
        m_client->htmlShown();
    }
}

int WebView::scrollWithin(int pixels)
{
    const double zoom = m_page.zoomFactor();
    const int most = std::max(0, static_cast<int>(std::ceil(m_contentHeight * zoom)) - height());
    const auto to = static_cast<int>(std::clamp<qint64>(qint64(m_scrolled) + pixels, 0, most));
    const int went = to - m_scrolled;
    if (went == 0)
        return 0;
    m_scrolled = to;
    ++m_scrolling;
    m_page.runJavaScript(QStringLiteral("scrollTo(0, %1)").arg(to / zoom),
                         QWebEngineScript::ApplicationWorld, [self = m_self](const QVariant&) {
                             if (WebView* view = *self)
                                 view->m_scrolling = std::max(0, view->m_scrolling - 1);
                         });
    return went;
}

void WebView::noteScrolled()
{
    // By the keyboard's next link, or to words that were found. What is on its way to where it was told to go is not there.
    m_page.runJavaScript(QStringLiteral("scrollY"), QWebEngineScript::ApplicationWorld,
                         [self = m_self](const QVariant& y) {
                             if (WebView* view = *self; view && view->m_scrolling == 0)
                                 view->m_scrolled =
                                     qRound(y.toDouble() * view->m_page.zoomFactor());
                         });
}

bool WebView::wheeled(QWheelEvent& wheel)
{
    const QPoint delta = wheel.angleDelta();
    if (std::abs(delta.x()) > std::abs(delta.y()))
        return false;
    // The reader scrolls as a whole; only what is too tall for the view scrolls within.
    const int lines = QApplication::wheelScrollLines() * lineHeight;
    const int pixels =
        !wheel.pixelDelta().isNull() ? wheel.pixelDelta().y() : delta.y() * lines / notch;
    wheel.setAccepted(scrollWithin(-pixels) != 0);
    return true;
}

void WebView::applyHeight()
{
    const double scale = devicePixelRatioF();
    const double wanted = std::ceil(m_contentHeight * m_page.zoomFactor());
    const double most =
        std::min(maxTall / scale, maxPixels / (scale * scale * std::max(width(), 100)));
    m_page.runJavaScript(
        QStringLiteral("document.documentElement.style.overflowY='%1'")
            .arg(wanted > most ? QStringLiteral("auto") : QStringLiteral("hidden")),
        QWebEngineScript::ApplicationWorld);
    const int tall = static_cast<int>(std::min(wanted, most));
    if (tall == height())
        return;
    setFixedHeight(tall);
    m_client->htmlHeightChanged();
}

void WebView::setInk(HtmlInk ink, const QColor& ground)
{
    m_ink = ink;
    m_ground = ground;
    applyInk();
}

void WebView::applyInk()
{
    m_page.setBackgroundColor(m_ground);
    if (!m_documents)
        return;
    m_documents->setInk(inkName(m_ink), m_ground);
    m_page.runJavaScript(QStringLiteral("if (window.avocetInk) avocetInk('%1', '%2')")
                             .arg(QLatin1String(inkName(m_ink)), m_ground.name()),
                         QWebEngineScript::ApplicationWorld);
}

void WebView::setZoom(double factor)
{
    m_page.setZoomFactor(factor);
    if (m_contentHeight > 0)
        applyHeight();
}

QString WebView::selectedText() const
{
    return m_selected ? m_page.selectedText() : QString();
}

void WebView::copy()
{
    m_page.triggerAction(QWebEnginePage::Copy);
}

void WebView::selectAll()
{
    m_page.triggerAction(QWebEnginePage::SelectAll);
}

void WebView::find(const QString& text, bool backward, std::function<void(const HtmlFound&)> done)
{
    const auto found = [self = m_self, text,
                        done = std::move(done)](const QWebEngineFindTextResult& result) {
        WebView* view = *self;
        if (!view)
            return;
        const HtmlFound counted{result.activeMatch(), result.numberOfMatches(), {}};
        if (counted.active < 1) {
            done(counted);
            return;
        }
        view->m_page.runJavaScript(
            QStringLiteral("avocetPlace(%1, %2)").arg(quoted(text)).arg(counted.active),
            QWebEngineScript::ApplicationWorld, [self, counted, done](const QVariant& box) {
                WebView* shown = *self;
                if (!shown)
                    return;
                HtmlFound placed = counted;
                const QVariantList sides = box.toList();
                if (sides.size() == 4) {
                    const double zoom = shown->m_page.zoomFactor();
                    placed.where =
                        QRectF(sides.at(0).toDouble() * zoom, sides.at(1).toDouble() * zoom,
                               sides.at(2).toDouble() * zoom, sides.at(3).toDouble() * zoom)
                            .toAlignedRect();
                }
                done(placed);
            });
    };
    const auto flags = backward ? QWebEnginePage::FindBackward : QWebEnginePage::FindFlags();
    const int number = ++m_finds;
    const bool fromTheStart = std::exchange(m_findWords, text) != text;
    if (text.isEmpty()) {
        m_page.findText(text, flags, found);
        return;
    }
    // What is folded opens, as it does in a text, or its places would be counted and not shown.
    m_page.runJavaScript(
        QStringLiteral("if (window.avocetUnfold) { avocetUnfold(%1); %2 }")
            .arg(quoted(text), fromTheStart ? QStringLiteral("avocetUnselect()") : QString()),
        QWebEngineScript::ApplicationWorld,
        [self = m_self, text, flags, found, number](const QVariant&) {
            WebView* view = *self;
            if (view && number == view->m_finds)
                view->m_page.findText(text, flags, found);
            else
                found({});
        });
}

void WebView::print(const QPageLayout& layout, const QList<HtmlField>& head,
                    std::function<void(const QByteArray& pdf)> done)
{
    if (m_documents)
        new PrintJob(*m_engine, *m_documents, layout, head, std::move(done), this);
    else
        done({});
}

void WebView::watch(QObject* object)
{
    if (object->isWidgetType())
        object->installEventFilter(this);
}

void WebView::showMenu(const QPoint& where, bool pointed)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy"), this, &WebView::copy)->setEnabled(m_selected);
    const QWebEngineContextMenuRequest* request = m_view->lastContextMenuRequest();
    const HtmlLinkId link = !pointed                 ? m_pointedAt
                            : request && m_documents ? m_documents->linkOf(request->linkUrl())
                                                     : HtmlLinkId();
    if (link.part >= 0)
        menu->addAction(tr("Copy link"), this, [this, link] { m_client->htmlLinkCopied(link); });
    menu->addAction(tr("Select all"), this, &WebView::selectAll);
    menu->popup(where);
}

bool WebView::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::ChildAdded:
        watch(static_cast<QChildEvent*>(event)->child());
        return false;
    case QEvent::Wheel:
        return wheeled(*static_cast<QWheelEvent*>(event));
    case QEvent::KeyPress:
    case QEvent::KeyRelease:
    case QEvent::ShortcutOverride:
        if (isPagesKey(*static_cast<QKeyEvent*>(event)))
            return false;
        event->ignore();
        return true;
    case QEvent::FocusOut:
        // A link that the keyboard stood on was told as one under the pointer; the engine does not tell it again.
        m_client->htmlLinkHovered({});
        return false;
    case QEvent::FocusIn:
        if (m_pointedAt.part >= 0)
            m_client->htmlLinkHovered(m_pointedAt);
        return false;
    case QEvent::ContextMenu:
        if (watched != m_view)
            return false;
        if (const auto& menu = *static_cast<QContextMenuEvent*>(event);
            menu.reason() != QContextMenuEvent::Mouse)
            showMenu(menu.globalPos(), false);
        return true;
    default:
        return HtmlView::eventFilter(watched, event);
    }
}

} // namespace avocet
