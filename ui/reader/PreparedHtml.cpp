// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/PreparedHtml.h"

#include "ui/reader/MailPicture.h"

#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

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

    std::optional<std::string> address(const HtmlPicture& picture)
    {
        const bool withheld = picture.place == HtmlPicture::Place::Remote && !m_remote;
        auto& list = withheld ? m_prepared.withheld : m_prepared.pictures;
        const auto known = m_known.find({picture.place, picture.where});
        if (known == m_known.end() && list.size() < maxPictures) {
            m_known.emplace(std::pair(picture.place, picture.where), static_cast<int>(list.size()));
            list.push_back(picture);
        }
        const auto number = m_known.find({picture.place, picture.where});
        if (withheld || number == m_known.end())
            return std::nullopt;
        return htmlPictureAddress(m_prepared.mail.nonce, number->second).toStdString();
    }

private:
    PreparedHtml& m_prepared;
    bool m_remote;
    std::map<std::pair<HtmlPicture::Place, std::string>, int> m_known;
};

} // namespace

std::optional<PreparedHtml> prepareHtml(const OpenedMessage& message, bool remotePictures)
{
    PreparedHtml prepared;
    prepared.mail.nonce = newNonce();
    PictureNumbers numbers(prepared, remotePictures);
    HtmlPolicy policy;
    policy.picture = [&numbers](const HtmlPicture& picture) { return numbers.address(picture); };
    policy.linkPrefix = htmlLinkPrefix(prepared.mail.nonce, 0).toStdString();
    auto safe = sanitizeHtml(message.parsed.html, policy);
    if (!safe)
        return std::nullopt;
    prepared.darkRules = safe->darkRules;
    prepared.mail.parts.append(QByteArray::fromStdString(safe->html));
    prepared.links.push_back(std::move(safe->links));
    prepared.mail.pictures = static_cast<int>(prepared.pictures.size());
    return prepared;
}

QByteArray enclosedPicture(const OpenedMessage& message, const HtmlPicture& picture)
{
    if (picture.place == HtmlPicture::Place::Data) {
        const std::size_t comma = picture.where.find(',');
        if (comma == std::string::npos)
            return {};
        return reencodedPicture(
            QByteArray::fromBase64(QByteArray::fromStdString(picture.where.substr(comma + 1))));
    }
    const auto& parts = message.parsed.parts;
    const auto part = std::find_if(parts.begin(), parts.end(), [&](const MimePart& each) {
        return !each.contentId.empty() && each.contentId == picture.where;
    });
    if (part == parts.end())
        return {};
    return reencodedPicture(QByteArray::fromStdString(decodedPart(message.raw, *part)));
}

} // namespace avocet
