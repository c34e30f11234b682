// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/webview/MailDocuments.h"

#include <QBuffer>
#include <QWebEngineUrlScheme>

namespace avocet {

namespace {

const QByteArray schemeName = QByteArrayLiteral("mail");

/// The engine's own wall behind the sanitiser.
const QByteArray policy = QByteArrayLiteral(
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; frame-src mail:; "
    "img-src mail:; style-src 'unsafe-inline'\">");

/// A picture that is withheld shows what it is said to be, in its place, and not the engine's sign for one that is broken.
const QByteArray withheld =
    QByteArrayLiteral("<style>img:not([src])[alt]:not([alt=\"\"]){visibility:hidden!important;"
                      "position:relative!important}"
                      "img:not([src])[alt]:not([alt=\"\"])::before{content:attr(alt)!important;"
                      "visibility:visible!important;"
                      "position:absolute;inset:0;display:flex;align-items:center;justify-content:"
                      "center;text-align:center;"
                      "overflow:hidden;background:inherit;border:1px solid silver}"
                      "</style>");

void reply(QWebEngineUrlRequestJob* job, const QByteArray& type, const QByteArray& bytes)
{
    auto* buffer = new QBuffer(job);
    buffer->setData(bytes);
    buffer->open(QIODevice::ReadOnly);
    job->reply(type, buffer);
}

QByteArray typeOf(const QByteArray& bitmap)
{
    if (bitmap.startsWith("\x89PNG"))
        return QByteArrayLiteral("image/png");
    return bitmap.startsWith("\xff\xd8") ? QByteArrayLiteral("image/jpeg") : QByteArray();
}

/// The policy goes before everything but the doctype, which decides how the rest is laid out.
QByteArray guarded(QByteArray document)
{
    qsizetype at = 0;
    if (document.left(9).toLower() == "<!doctype")
        at = document.indexOf('>') + 1;
    return document.insert(at, "<meta charset=\"utf-8\">" + policy + withheld);
}

/// "7" is 7; -1: not a number as we write them.
int numberOf(const QString& text)
{
    bool ok = false;
    const int number = text.toInt(&ok);
    return ok && number >= 0 && QString::number(number) == text ? number : -1;
}

} // namespace

MailDocuments::MailDocuments(HtmlMail mail)
    : m_mail(std::move(mail))
{
}

QUrl MailDocuments::shellUrl() const
{
    return QUrl(QStringLiteral("mail://m/%1/shell").arg(m_mail.nonce));
}

QUrl MailDocuments::partUrl(int part) const
{
    return QUrl(QStringLiteral("mail://m/%1/part/%2").arg(m_mail.nonce).arg(part));
}

void MailDocuments::setInk(const QByteArray& ink, const QColor& ground)
{
    m_ink = ink;
    m_ground = ground;
}

QByteArray MailDocuments::shell() const
{
    QByteArray page = "<!DOCTYPE html><html data-ink=\"" + m_ink +
                      "\" style=\"background-color:" + m_ground.name().toLatin1() +
                      "\"><head><meta charset=\"utf-8\">" + policy +
                      "<style>html,body{margin:0;overflow:hidden}"
                      "iframe{display:block;border:0;width:100%;height:0}</style></head><body>";
    for (int part = 0; part < m_mail.parts.size(); ++part)
        page += "<iframe sandbox=\"allow-same-origin\" src=\"" + partUrl(part).toEncoded() +
                "\"></iframe>";
    return page + "</body></html>";
}

void MailDocuments::answer(const QString& path, QWebEngineUrlRequestJob* job)
{
    if (path == u"shell") {
        reply(job, "text/html;charset=utf-8", shell());
        return;
    }
    const QString kind = path.section(u'/', 0, 0);
    const int number = numberOf(path.section(u'/', 1));
    if (kind == u"part" && number >= 0 && number < m_mail.parts.size()) {
        reply(job, "text/html;charset=utf-8", guarded(m_mail.parts.at(number)));
        return;
    }
    if (kind == u"picture" && number >= 0 && number < m_mail.pictures) {
        const auto known = m_pictures.constFind(number);
        if (known == m_pictures.constEnd()) {
            m_waiting.insert(number, job);
            return;
        }
        if (const QByteArray type = typeOf(*known); !type.isEmpty()) {
            reply(job, type, *known);
            return;
        }
    }
    job->fail(QWebEngineUrlRequestJob::UrlNotFound);
}

void MailDocuments::addPicture(int picture, const QByteArray& bytes)
{
    m_pictures.insert(picture, bytes);
    const auto waiting = m_waiting.values(picture);
    m_waiting.remove(picture);
    for (const auto& job : waiting) {
        if (job)
            answer(QStringLiteral("picture/%1").arg(picture), job);
    }
}

HtmlLinkId MailDocuments::linkOf(const QUrl& url) const
{
    const QString prefix = QStringLiteral("mail://m/%1/link/").arg(m_mail.nonce);
    const QString text = url.toString();
    if (!text.startsWith(prefix))
        return {};
    const QString rest = text.mid(prefix.size());
    const HtmlLinkId id{numberOf(rest.section(u'/', 0, 0)), numberOf(rest.section(u'/', 1))};
    return id.part < 0 || id.part >= m_mail.parts.size() || id.link < 0 ? HtmlLinkId() : id;
}

void MailSchemeHandler::registerScheme()
{
    if (!QWebEngineUrlScheme::schemeByName(schemeName).name().isEmpty())
        return;
    QWebEngineUrlScheme scheme(schemeName);
    scheme.setSyntax(QWebEngineUrlScheme::Syntax::Host);
    scheme.setFlags(QWebEngineUrlScheme::SecureScheme);
    QWebEngineUrlScheme::registerScheme(scheme);
}

void MailSchemeHandler::requestStarted(QWebEngineUrlRequestJob* job)
{
    const QUrl url = job->requestUrl();
    const QString path = url.path().mid(1);
    MailDocuments* mail = m_mails.value(path.section(u'/', 0, 0));
    if (mail && url.host() == u"m" && job->requestMethod() == "GET")
        mail->answer(path.section(u'/', 1), job);
    else
        job->fail(QWebEngineUrlRequestJob::RequestDenied);
}

} // namespace avocet
