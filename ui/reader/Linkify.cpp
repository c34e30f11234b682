// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/Linkify.h"

#include <QRegularExpression>

#include <array>

namespace avocet {

namespace {

constexpr std::size_t maxLinks = 2'000;
constexpr qsizetype maxLength = 2'000;

bool endsLink(QChar c)
{
    return c.isSpace() || c == u'<' || c == u'>' || c == u'"' || c == u'\u201c' || c == u'\u201d' ||
           c == u'\u2019' || c == u'`' || c.category() == QChar::Other_Control;
}

bool isTrailing(QChar c)
{
    return QStringView(u".,;:!?'*_~\u3002\u3001\uff0c").contains(c);
}

/// Sentence ends and a closing bracket without its opening one belong to the text around.
qsizetype trimmedEnd(QStringView text, qsizetype start, qsizetype end)
{
    while (end > start) {
        const QChar last = text[end - 1];
        if (isTrailing(last)) {
            --end;
            continue;
        }
        const QChar open = last == u')' ? QChar(u'(') : last == u']' ? QChar(u'[') : QChar();
        if (!open.isNull() && text.sliced(start, end - start).count(open) <
                                  text.sliced(start, end - start).count(last)) {
            --end;
            continue;
        }
        break;
    }
    return end;
}

bool isAddressChar(QChar c)
{
    return c.isLetterOrNumber() || QStringView(u".!#$%&'*+/=?^_`{|}~-").contains(c);
}

struct Prefix {
    QStringView text;
    QStringView added; ///< what makes it a full address
};

constexpr std::array<Prefix, 4> prefixes = {
    {{u"https://", u""}, {u"http://", u""}, {u"mailto:", u""}, {u"www.", u"https://"}}};

bool startsWord(QStringView text, qsizetype at)
{
    return at == 0 || !(text[at - 1].isLetterOrNumber() || text[at - 1] == u'@');
}

bool tryPrefix(QStringView text, qsizetype at, TextLink& link)
{
    for (const Prefix& prefix : prefixes) {
        if (!text.sliced(at).startsWith(prefix.text, Qt::CaseInsensitive) ||
            !startsWord(text, at)) {
            continue;
        }
        qsizetype end = at + prefix.text.size();
        while (end < text.size() && end - at < maxLength && !endsLink(text[end])) {
            ++end;
        }
        end = trimmedEnd(text, at, end);
        if (end - at <= prefix.text.size()) {
            return false;
        }
        link.start = at;
        link.length = end - at;
        link.target = QUrl(prefix.added.toString() + text.sliced(at, end - at).toString(),
                           QUrl::TolerantMode);
        return link.target.isValid() &&
               (link.target.scheme() == u"mailto" || !link.target.host().isEmpty());
    }
    return false;
}

/// `at` is the @ of a plain address.
bool tryAddress(QStringView text, qsizetype at, qsizetype notBefore, TextLink& link)
{
    qsizetype start = at;
    while (start > notBefore && at - start < 64 && isAddressChar(text[start - 1])) {
        --start;
    }
    qsizetype end = at + 1;
    while (end < text.size() && end - at < 255 &&
           (text[end].isLetterOrNumber() || text[end] == u'.' || text[end] == u'-')) {
        ++end;
    }
    end = trimmedEnd(text, at, end);
    const QStringView domain = text.sliced(at + 1, std::max<qsizetype>(0, end - at - 1));
    if (start == at || domain.indexOf(u'.') <= 0) {
        return false;
    }
    link.start = start;
    link.length = end - start;
    link.target = QUrl(QStringLiteral("mailto:") + text.sliced(start, end - start).toString());
    return link.target.isValid();
}

} // namespace

std::vector<TextLink> findLinks(QStringView text)
{
    std::vector<TextLink> links;
    qsizetype free = 0; ///< end of the last link
    for (qsizetype at = 0; at < text.size() && links.size() < maxLinks; ++at) {
        const char16_t c = text[at].toLower().unicode();
        TextLink link;
        const bool found = c == u'h' || c == u'm' || c == u'w'
                               ? tryPrefix(text, at, link)
                               : c == u'@' && tryAddress(text, at, free, link);
        if (found) {
            free = link.start + link.length;
            at = free - 1;
            links.push_back(std::move(link));
        }
    }
    return links;
}

QString linkHost(const QUrl& url)
{
    if (url.scheme() == u"mailto") {
        return url.path(QUrl::FullyDecoded);
    }
    return url.host(QUrl::FullyEncoded);
}

bool wordsFitTarget(const QString& words, const QUrl& target)
{
    const QString host = linkHost(target);
    if (target.scheme() == u"mailto") {
        return true; // only opens a composer, with the address in plain view
    }
    if (host.isEmpty() || host.contains(u"xn--", Qt::CaseInsensitive) ||
        !target.userInfo().isEmpty()) {
        return false;
    }
    // What looks like a host to a reader, whatever stands invisibly in it.
    QString seen;
    for (const QChar c : words.left(2'000).normalized(QString::NormalizationForm_KC)) {
        if (c.category() != QChar::Other_Format) {
            seen += c == QChar(0x3002) ? QChar(u'.') : c.toLower();
        }
    }
    static const QRegularExpression hostLike(
        QStringLiteral("(?:[\\p{L}\\p{N}_-]+\\.)+[\\p{L}][\\p{L}\\p{N}-]+"));
    const QString whole = u'.' + host.toLower();
    auto found = hostLike.globalMatch(seen);
    while (found.hasNext()) {
        const QString named = found.next().captured();
        const bool www = named.startsWith(u"www.");
        if (!whole.endsWith(u'.' + named) && !(www && whole.endsWith(named.mid(3)))) {
            return false;
        }
    }
    return true;
}

} // namespace avocet
