// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageReader.h"
#include "tests/core/mime/TestFiles.h"

#include <QtTest>

using namespace avocet;

/// What a single message of the corpus does not show: offsets, limits, previews, HTML to text.
class MessageReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesACharsetOfAnyBytesInValidUtf8();
    void keepsTheExactBytesOfAPart();
    void listedSizesAreTheDecodedSizes();
    void honoursItsLimits_data();
    void honoursItsLimits();
    void loses_noPrefixOfAnyMessage();
    void makesPreviews_data();
    void makesPreviews();
    void showsEachPageByItself_data();
    void showsEachPageByItself();
    void showsAHundredPagesAtMost();
    void findsPicturesOfAPage();
    void keepsHtmlReadable_data();
    void keepsHtmlReadable();
};

void MessageReaderTest::keepsTheExactBytesOfAPart()
{
    const std::string signedPart = "Content-Type: text/plain\r\n\r\nsigned  \r\nwords\r\n";
    const std::string message =
        "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n" + signedPart +
        "\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nabc\r\n--b--\r\n";
    const ParsedMessage parsed = readMessage(message);
    QCOMPARE(parsed.parts.size(), std::size_t{3});
    const MimePart& part = parsed.parts[1];
    QCOMPARE(message.substr(part.headerStart, part.bodyEnd - part.headerStart), signedPart);
    QCOMPARE(part.parent, 0);
    QCOMPARE(parsed.parts[0].children, (std::vector<int>{1, 2}));
    QCOMPARE(decodedPart(message, parsed.parts[2]), std::string("abc"));
}

void MessageReaderTest::listedSizesAreTheDecodedSizes()
{
    for (const std::string encoding :
         {"base64", "quoted-printable", "7bit", "x-uuencode", "x-other"}) {
        const std::string message =
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n"
            "Content-Transfer-Encoding: " +
            encoding + "\n\nbegin 644 a\n#86)C\n`\nend\nQUJD=\n=20x=\n--b--\n";
        const ParsedMessage parsed = readMessage(message);
        QCOMPARE(parsed.attachments.size(), std::size_t{1});
        const auto& attachment = parsed.attachments.front();
        QCOMPARE(decodedAttachment(message, parsed, attachment).size(),
                 static_cast<std::size_t>(attachment.size));
    }
}

void MessageReaderTest::honoursItsLimits_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("parts");
    QTest::addColumn<QByteArray>("note");
    const QByteArray mixed = "Content-Type: multipart/mixed; boundary=b\n\n";
    QTest::newRow("parts beyond the limit are shown raw")
        << mixed + QByteArray("--b\n\none\n").repeated(6) + "--b\n\nlast words\n--b--\n"
        << 4 << QByteArray("more parts");
    QTest::newRow("parts nested beyond the limit are shown raw")
        << QByteArray("Content-Type: multipart/mixed; boundary=b1\n\n--b1\n"
                      "Content-Type: multipart/mixed; boundary=b2\n\n--b2\n"
                      "Content-Type: multipart/mixed; boundary=b3\n\n--b3\n\nlast words\n")
        << 3 << QByteArray("too deeply");
    QTest::newRow("a header beyond the limit is shown raw")
        << "X-A: " + QByteArray("a").repeated(300) + "\nX-B: last words\n\nbody\n"
        << 1 << QByteArray("header is larger");
    QTest::newRow("addresses beyond the limit are shown raw")
        << "To: " + QByteArray("a@b.c, ").repeated(20) + "last words <x@y.z>\n\nbody\n"
        << 1 << QByteArray("field \"To\" is larger");
}

void MessageReaderTest::honoursItsLimits()
{
    QFETCH(QByteArray, message);
    QFETCH(int, parts);
    QFETCH(QByteArray, note);
    ReaderLimits limits;
    limits.depth = 2;
    limits.parts = 4;
    limits.headerBlock = 256;
    limits.addressField = 64;
    const ParsedMessage parsed = readMessage(message.toStdString(), limits);
    QCOMPARE(parsed.parts.size(), static_cast<std::size_t>(parts));
    QVERIFY2(parsed.text.find("last words") != std::string::npos, parsed.text.c_str());
    const bool noted = std::any_of(parsed.notes.begin(), parsed.notes.end(), [&](const auto& n) {
        return n.find(note.toStdString()) != std::string::npos;
    });
    QVERIFY(noted);
    QVERIFY(parsed.to.size() < 12);
}

/// A message cut anywhere is still a message: each prefix is read, and plain words stay.
void MessageReaderTest::loses_noPrefixOfAnyMessage()
{
    const std::string message =
        "From: \"A\" <a@b.c>\r\nSubject: =?utf-8?B?w6TDtg==?=\r\nContent-Type: multipart/mixed;\r\n"
        " boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nfirst words\r\n--b\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "c2Vjb25kIHdvcmRz\r\n--b--\r\nlast words\r\n";
    for (std::size_t size = 0; size <= message.size(); ++size) {
        const std::string_view prefix = std::string_view(message).substr(0, size);
        const ParsedMessage parsed = readMessage(prefix);
        QVERIFY(!parsed.parts.empty());
        const std::size_t words = prefix.find("first words");
        if (words != std::string_view::npos)
            QVERIFY2(parsed.text.find("first words") != std::string::npos, parsed.text.c_str());
    }
    const std::string text = readMessage(message).text;
    QCOMPARE(text, std::string("first words\n\nsecond words\n\nlast words\n"));
}

void MessageReaderTest::makesPreviews_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("limit");
    QTest::addColumn<QByteArray>("preview");
    QTest::newRow("lines become one")
        << QByteArray("one\n  two\n\nthree\n") << 200 << QByteArray("one two three");
    QTest::newRow("quotes and their introduction are left out")
        << QByteArray("On Monday Mara wrote:\n> old words\n\nnew words\n") << 200
        << QByteArray("new words");
    QTest::newRow("a colon without a quote stays")
        << QByteArray("Please bring:\nbread\n") << 200 << QByteArray("Please bring: bread");
    QTest::newRow("the signature is left out")
        << QByteArray("words\n-- \nMara\n") << 200 << QByteArray("words");
    QTest::newRow("characters are not cut in two") << QByteArray("äöüß") << 3 << QByteArray("äöü");
    QTest::newRow("nothing to show") << QByteArray("> only\n> quotes\n") << 200 << QByteArray();
}

void MessageReaderTest::makesPreviews()
{
    QFETCH(QByteArray, text);
    QFETCH(int, limit);
    QFETCH(QByteArray, preview);
    ParsedMessage message;
    message.text = text.toStdString();
    QCOMPARE(QByteArray::fromStdString(previewOf(message, static_cast<std::size_t>(limit))),
             preview);
}

void MessageReaderTest::keepsHtmlReadable_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const char* html, const char* text) {
        QTest::newRow(name) << QByteArray(html) << QByteArray(text);
    };
    row("nothing", "", "");
    row("only markup", "<html><head><title>x</title></head><body></body></html>", "");
    row("white space is one space", "a \n\t b&nbsp;&nbsp;c", "a b c\n");
    row("inline markup does not split words", "wo<b>r</b>d<span>s</span>", "words\n");
    row("paragraphs are apart", "<p>a</p>\n<p>b</p>", "a\n\nb\n");
    row("many line breaks are one empty line", "a<br><br><br><br>b", "a\n\nb\n");
    row("preformatted text keeps its shape", "<pre>\na  b\n  c</pre>d", "a  b\n  c\n\nd\n");
    row("a link whose text is its target is not doubled",
        "<a href=\"https://example.org/\">example.org</a>", "example.org\n");
    row("an address keeps what looks like a reference",
        "<a href='https://a.example/?x=1&copy=2&amp;y'>go</a>",
        "go <https://a.example/?x=1&copy=2&y>\n");
    row("a mail link shows its address", "<a href='mailto:a@b.c'>write</a>", "write <a@b.c>\n");
    row("a script target is not shown", "<a href='javascript:x()'>go</a>", "go\n");
    row("a picture shows its description", "<img src=x alt='A cat'> sits", "[A cat] sits\n");
    row("closing tags without opening ones", "</div></p></blockquote></ul>a", "a\n");
    row("upper case tags", "<P>a<BR>b<SCRIPT>x</SCRIPT>", "a\nb\n");
    row("fillers of newsletters are dropped", "<div>Hi&#847;&zwnj;&#8203;&shy;</div>there",
        "Hi\xE2\x80\x8C\nthere\n");
    row("references without their end", "a &amp b &lt c &copy 1 &notanentity; &#65 &#x42",
        "a & b < c © 1 &notanentity; A B\n");
    row("code points that are none", "&#0;&#xD800;&#x110000;&#99999999999;",
        "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n");
    row("an unclosed tag at the end is text", "words <a href=", "words <a href=\n");
    row("conditional comments", "<!--[if mso]>no<![endif]-->yes<![if !mso]> too<![endif]>",
        "yes too\n");
}

void MessageReaderTest::keepsHtmlReadable()
{
    QFETCH(QByteArray, html);
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(htmlToText(html.toStdString())), text);
}

void MessageReaderTest::showsEachPageByItself_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char* name, const char* body, const char* shown) {
        QTest::newRow(name) << QByteArray(body) << QByteArray(shown);
    };
    row("text alone is no page", "text/plain\n\na", "");
    row("text around a page",
        "multipart/mixed; boundary=b\n\n--b\n\na\n--b\nContent-Type: "
        "text/html\n\n<p>b\n--b\n\nc\n--b--",
        "a|<p>b|c\n|");
    row("of alternatives the page, a footer behind it",
        "multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; "
        "boundary=c\n\n--c\n\na\n--c\n"
        "Content-Type: text/html\n\n<p>a\n--c--\n\n--b\n\nfooter\n--b--",
        "<p>a|footer|");
    row("a page, a file and a page as one of the alternatives",
        "multipart/alternative; boundary=c\n\n--c\n\nwords\n--c\nContent-Type: multipart/mixed; "
        "boundary=b\n\n"
        "--b\nContent-Type: text/html\n\n<p>a\n--b\nContent-Type: "
        "image/png\n\nx\n--b\n\nbetween\n--b\n"
        "Content-Type: text/html\n\n<p>z\n--b--\n\n--c--",
        "<p>a|between|<p>z|");
    row("a part between two halves of a tag stays apart",
        "multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<img "
        "src=\"https://a.example/\n--b\n\nsecret\n"
        "--b\nContent-Type: text/html\n\n\">\n--b--",
        "<img src=\"https://a.example/|secret|\">|");
    row("the page of a message within",
        "multipart/mixed; boundary=b\n\n--b\n\na\n--b\nContent-Type: message/rfc822\n\nSubject: "
        "s\nContent-Type: "
        "text/html\n\n<p>b\n--b--",
        "a|Subject: s\n|<p>b|");
}

void MessageReaderTest::showsEachPageByItself()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, shown);
    const ParsedMessage parsed = readMessage("Content-Type: " + body.toStdString());
    QByteArray found;
    for (const ShownPart& part : parsed.shown) {
        QCOMPARE(part.isHtml, part.content.find('<') != std::string::npos || part.content == "\">");
        found += QByteArray::fromStdString(part.content) + '|';
    }
    QCOMPARE(found.replace("\n|", "|"), QByteArray(shown).replace("\n|", "|"));
}

void MessageReaderTest::showsAHundredPagesAtMost()
{
    std::string raw = "Content-Type: multipart/mixed; boundary=b\n\n";
    for (int i = 0; i < 150; ++i)
        raw += "--b\nContent-Type: text/html\n\n<p>page\n--b\n\nwords\n";
    const ParsedMessage parsed = readMessage(raw + "--b--\n");
    QCOMPARE(parsed.shown.size(), std::size_t{100});
    QCOMPARE(parsed.attachments.size(), std::size_t{100});
    std::size_t words = 0;
    for (const ShownPart& part : parsed.shown)
        for (std::size_t at = part.content.find("words"); at != std::string::npos;
             at = part.content.find("words", at + 1))
            ++words;
    QCOMPARE(words, std::size_t{150});
}

void MessageReaderTest::findsPicturesOfAPage()
{
    const std::string picture = "Content-Type: image/png\nContent-ID: <one@x>\n\nx\n";
    const ParsedMessage parsed =
        readMessage("Content-Type: multipart/mixed; boundary=b\n\n--b\n" + picture +
                    "--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: "
                    "text/html\n\n<img src=cid:one@x>\n--c\n" +
                    picture +
                    "--c--\n\n--b\nContent-Type: message/rfc822\n\nContent-Type: text/html\n\n<img "
                    "src=cid:one@x>\n--b--\n");
    QCOMPARE(parsed.parts.size(), std::size_t{7});
    QCOMPARE(partByContentId(parsed, 3, "one@x"), 4);
    QCOMPARE(partByContentId(parsed, 2, "one@x"), 4);
    QCOMPARE(partByContentId(parsed, 1, "one@x"), 1);
    QCOMPARE(partByContentId(parsed, 6, "one@x"), -1);
    QCOMPARE(partByContentId(parsed, 3, "two@x"), -1);
    QCOMPARE(partByContentId(parsed, 99, "one@x"), -1);
    QCOMPARE(partByContentId(parsed, 3, ""), -1);
}

/// Found by the fuzzer: a page whose charset had bytes beyond ASCII put them into the note.
void MessageReaderTest::namesACharsetOfAnyBytesInValidUtf8()
{
    const auto parsed = readMessage("Content-Type: text/html\n\n"
                                    "<meta charset=windows-125\xcf\xf0\xe8\xe2\xe5\xf2>");
    QVERIFY(!parsed.notes.empty());
    for (const std::string& note : parsed.notes)
        for (const char c : note)
            QVERIFY(c >= ' ' && c <= '~');
}

QTEST_GUILESS_MAIN(MessageReaderTest)
#include "MessageReaderTest.moc"
