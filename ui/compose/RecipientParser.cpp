// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/RecipientParser.h"

#include <QStringList>
#include <QUrl>

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace avocet {

namespace {

constexpr qsizetype maxTextLength = 256 * 1024;
constexpr qsizetype maxLocalPart = 64;
constexpr qsizetype maxDomain = 253;

struct Piece {
    QString text;
    bool afterComma = false; ///< a comma, the one separator that also stands inside names
};

/// Tells whether a character is inside quotes or angle brackets. A quote that is never closed is an
/// ordinary character, so that one slip does not swallow the rest of a paste.
class Scanner {
public:
    explicit Scanner(QStringView text)
        : m_text(text)
    {
    }

    bool isSeparator(qsizetype at)
    {
        const QChar c = m_text[at];
        if (c == u'\n' || c == u'\r') {
            m_quoteEnd = m_bracketEnd = -1;
            return true;
        }
        if (at <= m_quoteEnd || at <= m_bracketEnd)
            return false;
        if (c == u'"')
            m_quoteEnd = closingQuote(at);
        else if (c == u'<')
            m_bracketEnd = closingBracket(at);
        return c == u',' || c == u';' || c == u'\t' || c == QChar(0x3001) || c == QChar(0xFF0C) ||
               c == QChar(0xFF1B);
    }

private:
    qsizetype lineEnd(qsizetype from) const
    {
        const qsizetype end = m_text.indexOf(u'\n', from);
        return end < 0 ? m_text.size() : end;
    }
    qsizetype closingQuote(qsizetype from)
    {
        if (from < m_noQuoteBefore)
            return -1;
        const qsizetype end = lineEnd(from);
        for (qsizetype i = from + 1; i < end; ++i) {
            if (m_text[i] == u'\\')
                ++i;
            else if (m_text[i] == u'"')
                return i;
        }
        m_noQuoteBefore = end;
        return -1;
    }
    qsizetype closingBracket(qsizetype from)
    {
        if (from < m_noBracketBefore)
            return -1;
        const qsizetype end = lineEnd(from);
        for (qsizetype i = from + 1; i < end && m_text[i] != u'<'; ++i)
            if (m_text[i] == u'>')
                return i;
        m_noBracketBefore = from + 1;
        return -1;
    }

    QStringView m_text;
    qsizetype m_quoteEnd = -1;
    qsizetype m_bracketEnd = -1;
    qsizetype m_noQuoteBefore = 0;
    qsizetype m_noBracketBefore = 0;
};

/// "a@x.org b@y.org" and "<a@x.org> <b@y.org>": addresses that only blanks keep apart.
bool splitAtBlanks(const QString& text, std::vector<Piece>& pieces, bool afterComma)
{
    if (text.contains(u'"'))
        return false;
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    if (words.size() < 2)
        return false;
    if (!std::all_of(words.begin(), words.end(),
                     [](const QString& word) { return parseRecipient(word).valid; }))
        return false;
    for (const QString& word : words) {
        pieces.push_back({word, afterComma});
        afterComma = false;
    }
    return true;
}

/// "Friends: anna@x.org" begins a group (RFC 5322 3.4), or was copied with its field's name; who is in it counts.
QString withoutGroupName(const QString& piece)
{
    const qsizetype colon = piece.indexOf(u':');
    const QStringView name = QStringView(piece).left(colon);
    const bool isScheme = name.compare(u"mailto", Qt::CaseInsensitive) == 0;
    const bool isName = colon > 0 && !isScheme && !name.contains(u'@') && !name.contains(u'<') &&
                        !name.contains(u'[') && name.count(u'"') % 2 == 0;
    return isName ? piece.mid(colon + 1).trimmed() : piece;
}

std::vector<Piece> pieces(QStringView text)
{
    std::vector<Piece> found;
    Scanner scanner(text);
    qsizetype start = 0;
    bool afterComma = false;
    const auto take = [&](qsizetype end) {
        const QString piece =
            withoutGroupName(text.mid(start, end - start).toString().simplified());
        if (!piece.isEmpty() && !splitAtBlanks(piece, found, afterComma))
            found.push_back({piece, afterComma});
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!scanner.isSeparator(i))
            continue;
        take(i);
        start = i + 1;
        afterComma = text[i] == u',';
    }
    take(text.size());
    return found;
}

QString unquoted(QString name)
{
    name = name.trimmed();
    for (const QChar quote : {u'"', u'\''}) // Outlook puts single ones around names, too
        if (name.size() > 2 && name.startsWith(quote) && name.endsWith(quote))
            name = name.mid(1, name.size() - 2);
    QString plain;
    plain.reserve(name.size());
    for (qsizetype i = 0; i < name.size(); ++i) {
        if (name[i] == u'\\' && i + 1 < name.size())
            ++i;
        if (name[i].category() != QChar::Other_Control && name[i].category() != QChar::Other_Format)
            plain.append(name[i]);
    }
    return plain.trimmed();
}

bool isAtomCharacter(QChar c)
{
    if (c.unicode() >= 0x80)
        return !c.isSpace() && c.category() != QChar::Other_Control &&
               c.category() != QChar::Other_Format;
    return c.isLetterOrNumber() || QStringView(u"!#$%&'*+-/=?^_`{|}~").contains(c);
}

bool isValidLocalPart(QStringView local)
{
    if (local.isEmpty() || local.toUtf8().size() > maxLocalPart)
        return false;
    if (local.size() > 2 && local.startsWith(u'"') && local.endsWith(u'"')) {
        const QStringView inner = local.mid(1, local.size() - 2);
        return !inner.contains(u'"') && !inner.contains(u'\\') &&
               std::all_of(inner.begin(), inner.end(), [](QChar c) { return c >= u' '; });
    }
    if (local.startsWith(u'.') || local.endsWith(u'.') || local.contains(u".."))
        return false;
    return std::all_of(local.begin(), local.end(),
                       [](QChar c) { return c == u'.' || isAtomCharacter(c); });
}

bool isValidLiteral(const QString& domain)
{
    const QByteArray inner = domain.mid(1, domain.size() - 2).toLatin1();
    std::array<unsigned char, 16> bytes{};
    if (inner.left(5).toLower() == "ipv6:")
        return inet_pton(AF_INET6, inner.mid(5).constData(), bytes.data()) == 1;
    return inet_pton(AF_INET, inner.constData(), bytes.data()) == 1;
}

bool isValidDomain(const QString& domain)
{
    if (domain.startsWith(u'[') && domain.endsWith(u']'))
        return isValidLiteral(domain);
    if (domain.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0)
        return true;
    const QByteArray ascii = QUrl::toAce(domain);
    if (ascii.isEmpty() || ascii.size() > maxDomain)
        return false;
    const QList<QByteArray> labels = ascii.split('.');
    if (labels.size() < 2)
        return false;
    return std::all_of(labels.begin(), labels.end(), [](const QByteArray& label) {
        const auto isPlain = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '-' || c == '_';
        };
        return !label.isEmpty() && label.size() <= 63 && !label.startsWith('-') &&
               !label.endsWith('-') && std::all_of(label.begin(), label.end(), isPlain);
    });
}

} // namespace

bool isValidAddress(const QString& address)
{
    const qsizetype at = address.lastIndexOf(u'@');
    return at > 0 && isValidLocalPart(QStringView(address).left(at)) &&
           isValidDomain(address.mid(at + 1));
}

bool sameAddress(const std::string& a, const std::string& b)
{
    return qstrnicmp(a.data(), static_cast<qsizetype>(a.size()), b.data(),
                     static_cast<qsizetype>(b.size())) == 0;
}

QString wireAddress(const QString& address)
{
    const qsizetype at = address.lastIndexOf(u'@');
    const QByteArray domain = QUrl::toAce(address.mid(at + 1));
    if (at < 0 || domain.isEmpty())
        return address;
    return address.left(at + 1) + QString::fromLatin1(domain);
}

QString shownAddress(const Address& address)
{
    const QString text = QString::fromStdString(address.address);
    const qsizetype at = text.lastIndexOf(u'@');
    if (at < 0 || !text.contains(QLatin1String("xn--"), Qt::CaseInsensitive))
        return text;
    return text.left(at + 1) + QUrl::fromAce(text.mid(at + 1).toLatin1());
}

TypedRecipient parseRecipient(QStringView text)
{
    QString whole = text.toString().simplified();
    if (whole.startsWith(QLatin1String("mailto:"), Qt::CaseInsensitive))
        whole = whole.mid(7);
    QString name;
    QString address = whole;
    const qsizetype open = whole.lastIndexOf(u'<');
    if (open >= 0 && whole.endsWith(u'>')) {
        address = whole.mid(open + 1, whole.size() - open - 2).trimmed();
        name = unquoted(whole.left(open));
    } else if (whole.endsWith(u')') && whole.contains(u" (")) { // RFC 822's old "a@x.org (Anna)"
        const qsizetype comment = whole.lastIndexOf(u" (");
        if (isValidAddress(whole.left(comment))) {
            address = whole.left(comment);
            name = unquoted(whole.mid(comment + 2, whole.size() - comment - 3));
        }
    }
    if (!isValidAddress(address))
        return {{std::string(), whole.toStdString()}, false};
    if (name == address)
        name.clear();
    return {{name.toStdString(), wireAddress(address).toStdString()}, true};
}

std::vector<TypedRecipient> parseRecipients(QStringView text, std::size_t limit)
{
    const std::vector<Piece> found = pieces(text.left(maxTextLength));
    std::vector<TypedRecipient> recipients;
    for (std::size_t i = 0; i < found.size() && recipients.size() < limit; ++i) {
        // "Doe, John <j@x.org>" as other programs paste it: a family name, then the rest.
        const bool familyName = i + 1 < found.size() && found[i + 1].afterComma &&
                                !found[i].text.contains(u'@') && !found[i].text.contains(u'"') &&
                                found[i + 1].text.indexOf(u'<') > 0 &&
                                parseRecipient(found[i + 1].text).valid;
        if (familyName) {
            recipients.push_back(
                parseRecipient(QString(found[i].text + QLatin1String(", ") + found[i + 1].text)));
            ++i;
        } else {
            recipients.push_back(parseRecipient(found[i].text));
        }
    }
    return recipients;
}

bool holdsSeparator(QStringView text)
{
    Scanner scanner(text);
    for (qsizetype i = 0; i < text.size(); ++i)
        if (scanner.isSeparator(i))
            return true;
    return false;
}

QString chipText(const Address& address)
{
    return address.name.empty() ? shownAddress(address) : QString::fromStdString(address.name);
}

QString editText(const Address& address)
{
    if (address.name.empty())
        return shownAddress(address);
    QString name = QString::fromStdString(address.name);
    static const QString special = QStringLiteral(",;<>\"()@:\\[]\u3001\uFF0C\uFF1B");
    if (std::any_of(name.begin(), name.end(), [](QChar c) { return special.contains(c); })) {
        name.replace(u'\\', QLatin1String("\\\\"));
        name.replace(u'"', QLatin1String("\\\""));
        name = u'"' + name + u'"';
    }
    return name + QLatin1String(" <") + shownAddress(address) + u'>';
}

QString editText(const std::vector<Address>& addresses)
{
    QStringList texts;
    texts.reserve(static_cast<qsizetype>(addresses.size()));
    for (const Address& address : addresses)
        texts.append(editText(address));
    return texts.join(QLatin1String(", "));
}

} // namespace avocet
