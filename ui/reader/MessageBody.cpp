// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/MessageBody.h"

#include "ui/OnWorker.h"
#include "ui/reader/BodySettings.h"
#include "ui/reader/HtmlViews.h"
#include "ui/reader/MessageText.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHideEvent>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace avocet {

using namespace std::chrono_literals;

namespace {

/// More comes only when asked for: it takes memory, and nobody reads it.
constexpr qsizetype textAtFirst = 250'000;
constexpr qsizetype textAtMost = 2'000'000;
/// Longer than it takes to look at something else and come back.
constexpr auto releaseAfter = 5s;
constexpr qsizetype trackersNamed = 3;

const QString htmlBar = QStringLiteral("html");
const QString picturesBar = QStringLiteral("pictures");

/// The user's own server says that the sender is not who From names. Where it says nothing, From is believed.
bool isForged(const std::optional<Authentication>& authentication)
{
    if (!authentication)
        return false;
    if (const AuthResult* whole = authentication->of("dmarc");
        whole && (whole->outcome == AuthOutcome::Pass || whole->outcome == AuthOutcome::Fail))
        return whole->outcome == AuthOutcome::Fail;
    bool fails = false;
    for (const char* method : {"dkim", "spf"}) {
        const AuthResult* one = authentication->of(method);
        if (one && one->outcome == AuthOutcome::Pass)
            return false;
        fails = fails || (one && one->outcome == AuthOutcome::Fail);
    }
    return fails;
}

} // namespace

MessageBody::MessageBody(BodySettings& settings, InfoBarStack& bars, QWidget* parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_bars(&bars)
    , m_text(new MessageText(this))
    , m_rest(new Button(tr("Show the rest"), ButtonKind::Quiet, this))
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(MessageText::margin, 0, MessageText::margin, 0);
    row->addWidget(m_rest);
    row->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_text);
    column->addLayout(row);
    m_text->hide();
    m_rest->hide();
    connect(m_text, &MessageText::linkActivated, this,
            [this](const QUrl& target, const QString& words) {
                Q_EMIT linkActivated(m_settings.cleaned(target), words);
            });
    connect(m_text, &MessageText::linkHovered, this,
            [this](const QUrl& target) { Q_EMIT linkHovered(m_settings.cleaned(target)); });
    connect(m_text, &MessageText::linkCopied, this, &MessageBody::copyLink);
    connect(m_text, &MessageText::moved, this, &MessageBody::moved);
    connect(m_rest, &QPushButton::clicked, this, [this] {
        m_wholeText = true;
        presentText();
    });
    connect(&m_settings, &BodySettings::simpleViewChanged, this, [this] {
        m_wanted = Wanted::Default;
        present();
    });
    connect(&m_settings, &BodySettings::zoomChanged, this, [this] {
        if (m_html)
            m_html->setZoom(m_settings.zoom());
        m_text->setZoom(m_settings.zoom());
    });
    m_text->setZoom(m_settings.zoom());
    m_releaseDelay.setSingleShot(true);
    m_releaseDelay.setInterval(releaseAfter);
    connect(&m_releaseDelay, &QTimer::timeout, this, &MessageBody::release);
}

MessageBody::~MessageBody() = default;

void MessageBody::setMessage(std::shared_ptr<const OpenedMessage> message)
{
    m_message = std::move(message);
    m_wanted = Wanted::Default;
    m_wholeText = m_picturesOnce = m_asSent = m_broughtBack = false;
    m_remote.clear();
    present();
}

bool MessageBody::isEmpty() const
{
    if (!m_message)
        return true;
    const auto blank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
    const std::string& text = m_message->parsed.text;
    return std::all_of(text.begin(), text.end(), blank) && m_message->parsed.shown.empty();
}

void MessageBody::present()
{
    ++m_round;
    m_released = m_isShown = false;
    m_bars->dismiss(htmlBar);
    m_bars->dismiss(picturesBar);
    const bool html = m_message && !m_message->parsed.shown.empty();
    const bool asText =
        m_wanted == Wanted::Text || (m_wanted == Wanted::Default && m_settings.simpleView());
    if (!html || asText) {
        m_html.reset();
        presentText();
        return;
    }
    if (const QString problem = htmlViewProblem(); !problem.isEmpty()) {
        fallBack(problem, {});
        return;
    }
    m_text->hide();
    m_rest->hide();
    prepare();
}

void MessageBody::presentText()
{
    if (!m_message) {
        m_text->hide();
        m_rest->hide();
        return;
    }
    const std::string& utf8 = m_message->parsed.text;
    QString text = QString::fromUtf8(
        utf8.data(), static_cast<qsizetype>(std::min<std::size_t>(utf8.size(), textAtMost)));
    const qsizetype limit = m_wholeText ? textAtMost : textAtFirst;
    m_rest->setVisible(text.size() > limit);
    text.truncate(limit);
    while (text.endsWith(u'\n'))
        text.chop(1);
    m_text->setMessage(text);
    m_text->setVisible(!text.trimmed().isEmpty());
    tellShown();
}

void MessageBody::tellShown()
{
    m_isShown = true;
    Q_EMIT shown();
}

void MessageBody::prepare()
{
    const bool remote = pictureConsent();
    onWorker(
        this, [message = m_message, remote] { return prepareHtml(*message, remote); },
        [this, round = m_round](std::optional<PreparedHtml> html) {
            if (round == m_round)
                prepared(std::move(html));
        });
}

void MessageBody::prepared(std::optional<PreparedHtml> html)
{
    if (!html) {
        fallBack(tr("This message is built so that it could stall its reader; this is its text."),
                 {});
        return;
    }
    m_prepared = std::move(*html);
    if (!m_html) {
        m_html = makeHtmlView(*this);
        if (!m_html) {
            fallBack(htmlViewProblem(), {});
            return;
        }
        m_html->setAccessibleName(tr("Message text"));
        m_html->setZoom(m_settings.zoom());
        layout()->addWidget(m_html.get());
    }
    applyInk();
    m_html->setMail(m_prepared.mail);
    m_html->QWidget::show();
    bringPictures();
    offerPictures();
}

void MessageBody::bringPictures()
{
    for (std::size_t i = 0; i < m_prepared.pictures.size(); ++i) {
        const PreparedPicture& picture = m_prepared.pictures[i];
        const auto came = [this, round = m_round, i](const QByteArray& bytes) {
            if (round == m_round)
                pictureCame(static_cast<int>(i), bytes);
        };
        if (picture.source.place != HtmlPicture::Place::Remote) {
            onWorker(
                this, [message = m_message, picture] { return enclosedPicture(*message, picture); },
                came);
            continue;
        }
        const QString address = QString::fromStdString(picture.source.where);
        if (const auto known = m_remote.constFind(address); known != m_remote.constEnd())
            came(*known);
        else
            m_settings.images().fetch(this, QUrl(address), came);
    }
}

void MessageBody::pictureCame(int picture, const QByteArray& bytes)
{
    const HtmlPicture& source = m_prepared.pictures[static_cast<std::size_t>(picture)].source;
    if (source.place == HtmlPicture::Place::Remote)
        m_remote.insert(QString::fromStdString(source.where), bytes);
    if (m_html)
        m_html->addPicture(picture, bytes);
}

void MessageBody::offerPictures()
{
    const QStringList& trackers = m_prepared.trackers;
    if (m_prepared.withheld == 0 && trackers.isEmpty())
        return;
    QString words;
    if (trackers.size() == 1)
        words = tr("%1 wanted to track your reading and was kept out.").arg(trackers.front());
    else if (!trackers.isEmpty())
        words = tr("%1 trackers were kept out: %2.")
                    .arg(trackers.size())
                    .arg(trackers.mid(0, trackersNamed).join(QStringLiteral(", ")));
    QList<BarAction> actions;
    if (m_prepared.withheld > 0) {
        words = tr("Pictures from the internet were not loaded.") + QLatin1Char(' ') + words;
        actions.append({tr("Load once"), [this] { loadPictures(); }});
        if (isAllowed()) // so its server speaks against it
            words = tr("Pictures are not loaded by themselves, since your server could not confirm "
                       "that this message is from %1.")
                        .arg(sender());
        else if (m_settings.consent().allow && !sender().isEmpty())
            actions.append({tr("Always\u2026"), [this] { askAlways(); }});
    }
    // What asks for nothing stands behind what one can do.
    m_bars->show({picturesBar, Severity::Info, words.trimmed(), actions, true, actions.isEmpty()});
}

void MessageBody::askAlways()
{
    const QString from = sender();
    const QString domain = from.mid(from.lastIndexOf(u'@'));
    const auto action = [this](const QString& words, const QString& who) {
        return BarAction{words, [this, who] {
                             m_settings.consent().allow(who);
                             loadPictures();
                         }};
    };
    m_bars->show({picturesBar,
                  Severity::Info,
                  tr("Load pictures without asking from whom?"),
                  {action(from, from), action(tr("Everybody at %1").arg(domain.mid(1)), domain)},
                  true});
}

bool MessageBody::isAllowed() const
{
    const RemoteConsent& consent = m_settings.consent();
    return consent.allowed && !sender().isEmpty() && consent.allowed(sender());
}

void MessageBody::loadPictures()
{
    m_picturesOnce = true;
    present();
}

bool MessageBody::pictureConsent() const
{
    return m_picturesOnce || (isAllowed() && !isForged(m_message->insight.authentication));
}

QString MessageBody::sender() const
{
    const auto& from = m_message->parsed.from;
    return from.size() == 1 ? QString::fromStdString(from.front().address).toLower() : QString();
}

void MessageBody::fallBack(const QString& why, const QString& verb)
{
    m_html.reset();
    QList<BarAction> actions;
    if (!verb.isEmpty())
        actions.append({verb, [this] { present(); }});
    m_bars->show({htmlBar, Severity::Info, why, actions, true});
    presentText();
}

void MessageBody::release()
{
    if (!m_html)
        return;
    ++m_round;
    m_released = true;
    m_isShown = false;
    m_html.reset();
}

void MessageBody::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_releaseDelay.stop();
    if (m_released)
        present();
}

void MessageBody::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    if (!event->spontaneous())
        m_releaseDelay.start();
}

void MessageBody::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyInk();
}

void MessageBody::applyInk()
{
    if (!m_html)
        return;
    // A mail with rules of its own for dark mode still counts on paper being white where it says nothing.
    if (currentScheme() == Scheme::Light)
        m_html->setInk(HtmlInk::AsSent, tokens().surface);
    else if (m_asSent || m_prepared.darkRules)
        m_html->setInk(m_asSent ? HtmlInk::AsSent : HtmlInk::OwnDark, Qt::white);
    else
        m_html->setInk(HtmlInk::Inverted, tokens().surface);
}

QWidget* MessageBody::focusTaker() const
{
    if (m_html)
        return m_html.get();
    return m_text->isVisible() ? m_text : nullptr;
}

QString MessageBody::selectedText() const
{
    return m_html ? m_html->selectedText()
                  : m_text->textCursor().selectedText().replace(QChar::ParagraphSeparator, u'\n');
}

QString MessageBody::quotedSelection() const
{
    const QString selected = m_html ? m_html->selectedText() : m_text->markedSelection();
    return selected.trimmed().isEmpty() ? QString() : selected;
}

void MessageBody::addActions(QMenu& menu)
{
    if (!m_message || m_message->parsed.shown.empty())
        return;
    if (!m_html) {
        menu.addAction(tr("Show as sent"), this, [this] {
            m_wanted = Wanted::Html;
            present();
        });
        return;
    }
    menu.addAction(tr("Show as text"), this, [this] {
        m_wanted = Wanted::Text;
        present();
    });
    if (currentScheme() == Scheme::Dark) {
        menu.addAction(m_asSent ? tr("Dark background") : tr("Light background"), this, [this] {
            m_asSent = !m_asSent;
            applyInk();
        });
    }
    if (m_prepared.withheld > 0)
        menu.addAction(tr("Load pictures"), this, &MessageBody::loadPictures);
}

void MessageBody::mark(const QString& words, std::function<void(int count)> done)
{
    if (m_html)
        m_html->find(words, false,
                     [done = std::move(done)](const HtmlFound& found) { done(found.all); });
    else
        m_text->markWords(words, std::move(done));
}

void MessageBody::find(const QString& words, bool backward,
                       std::function<void(const HtmlFound&)> done)
{
    if (m_html)
        m_html->find(words, backward, std::move(done));
    else
        m_text->findWords(words, backward, std::move(done));
}

const HtmlLink* MessageBody::link(HtmlLinkId id) const
{
    if (id.part < 0 || static_cast<std::size_t>(id.part) >= m_prepared.links.size())
        return nullptr;
    const auto& links = m_prepared.links[static_cast<std::size_t>(id.part)];
    return id.link >= 0 && static_cast<std::size_t>(id.link) < links.size()
               ? &links[static_cast<std::size_t>(id.link)]
               : nullptr;
}

void MessageBody::htmlShown()
{
    tellShown();
}

void MessageBody::htmlHeightChanged()
{
    updateGeometry();
}

void MessageBody::htmlLinkActivated(HtmlLinkId id)
{
    if (const HtmlLink* found = link(id))
        Q_EMIT linkActivated(m_settings.cleaned(QUrl(QString::fromStdString(found->target))),
                             QString::fromStdString(found->text));
}

void MessageBody::htmlLinkHovered(HtmlLinkId id)
{
    const HtmlLink* found = link(id);
    Q_EMIT linkHovered(found ? m_settings.cleaned(QUrl(QString::fromStdString(found->target)))
                             : QUrl());
}

void MessageBody::htmlLinkCopied(HtmlLinkId id)
{
    if (const HtmlLink* found = link(id))
        copyLink(QUrl(QString::fromStdString(found->target)));
}

void MessageBody::copyLink(const QUrl& target)
{
    QGuiApplication::clipboard()->setText(m_settings.cleaned(target).toString(QUrl::FullyEncoded));
}

void MessageBody::htmlFailed()
{
    // The view is in the middle of telling this.
    QTimer::singleShot(0ms, this, [this, round = m_round] {
        if (round != m_round)
            return;
        // One process draws all mails. It ended after this one was there, so mostly because of another.
        if (m_isShown && !std::exchange(m_broughtBack, true)) {
            m_html.reset();
            present();
            return;
        }
        fallBack(tr("The view of this message stopped working; this is its text."),
                 tr("Try again"));
    });
}

} // namespace avocet
