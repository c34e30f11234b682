// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/PreparedHtml.h"

#include "ui/reader/Linkify.h"
#include "ui/reader/MailPicture.h"

#include <QRandomGenerator>

#include <array>
#include <map>
#include <tuple>

namespace avocet {

namespace {

constexpr std::size_t maxPictures = 500;

QString newNonce()
{
    std::array<quint32, 4> words;
    QRandomGenerator::system()->fillRange(words.data(), static_cast<qsizetype>(words.size()));
    QString nonce;
    for (const quint32 word : words)
        nonce += QString::number(word, 16).rightJustified(8, u'0');
    return nonce;
}

/// Gives each picture of a message one number, however often it occurs.
class PictureNumbers {
public:
    PictureNumbers(PreparedHtml& prepared, bool remote)
        : m_prepared(prepared)
        , m_remote(remote)
    {
    }

    std::optional<std::string> address(const HtmlPicture& picture, int part)
    {
        if (picture.place == HtmlPicture::Place::Remote && (!m_remote || !picture.tracker.empty()))
            return std::nullopt;
        // Which part a Content-ID means depends on where it is said.
        const bool enclosed = picture.place == HtmlPicture::Place::Message;
        const auto key = std::tuple(picture.place, enclosed ? part : 0, picture.where);
        auto known = m_known.find(key);
        if (known == m_known.end()) {
            auto& pictures = m_prepared.pictures;
            if (pictures.size() >= maxPictures)
                return std::nullopt;
            known = m_known.emplace(key, static_cast<int>(pictures.size())).first;
            pictures.push_back({picture, part});
        }
        return htmlPictureAddress(m_prepared.mail.nonce, known->second).toStdString();
    }

private:
    PreparedHtml& m_prepared;
    bool m_remote;
    std::map<std::tuple<HtmlPicture::Place, int, std::string>, int> m_known;
};

/// Plain text that stands between pages, as a page of its own.
std::string pageOf(const std::string& text)
{
    const QString words = QString::fromStdString(text);
    QString html;
    qsizetype at = 0;
    for (const TextLink& link : findLinks(words)) {
        html += words.mid(at, link.start - at).toHtmlEscaped();
        html += QStringLiteral("<a href=\"%1\">%2</a>")
                    .arg(link.target.toString(QUrl::FullyEncoded).toHtmlEscaped(),
                         words.mid(link.start, link.length).toHtmlEscaped());
        at = link.start + link.length;
    }
    html += words.mid(at).toHtmlEscaped();
    return "<!DOCTYPE html><div style=\"white-space:pre-wrap\">" + html.toStdString() + "</div>";
}

} // namespace

std::optional<PreparedHtml> prepareHtml(const OpenedMessage& message, bool remotePictures)
{
    PreparedHtml prepared;
    prepared.mail.nonce = newNonce();
    PictureNumbers numbers(prepared, remotePictures);
    for (const ShownPart& shown : message.parsed.shown) {
        HtmlPolicy policy;
        policy.picture = [&](const HtmlPicture& picture) {
            return numbers.address(picture, shown.part);
        };
        const int part = static_cast<int>(prepared.mail.parts.size());
        policy.linkPrefix = htmlLinkPrefix(prepared.mail.nonce, part).toStdString();
        auto safe = sanitizeHtml(shown.isHtml ? shown.content : pageOf(shown.content), policy);
        if (!safe)
            return std::nullopt;
        prepared.darkRules = prepared.darkRules || safe->darkRules;
        for (const HtmlPicture& picture : safe->remotePictures) {
            const QString tracker = QString::fromStdString(picture.tracker);
            if (tracker.isEmpty())
                prepared.withheld += remotePictures ? 0 : 1;
            else if (!prepared.trackers.contains(tracker))
                prepared.trackers.append(tracker);
        }
        prepared.mail.parts.append(QByteArray::fromStdString(safe->html));
        prepared.links.push_back(std::move(safe->links));
    }
    prepared.mail.pictures = static_cast<int>(prepared.pictures.size());
    return prepared;
}

QByteArray enclosedPicture(const OpenedMessage& message, const PreparedPicture& picture)
{
    const std::string& where = picture.source.where;
    if (picture.source.place == HtmlPicture::Place::Data) {
        const std::size_t comma = where.find(',');
        if (comma == std::string::npos)
            return {};
        return reencodedPicture(
            QByteArray::fromBase64(QByteArray::fromStdString(where.substr(comma + 1))));
    }
    const int part = partByContentId(message.parsed, picture.part, where);
    if (part < 0)
        return {};
    return reencodedPicture(QByteArray::fromStdString(
        decodedPart(message.raw, message.parsed.parts[static_cast<std::size_t>(part)])));
}

} // namespace avocet
