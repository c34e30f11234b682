// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/RichText.h"

#include <QtTest>

using namespace avocet;

/// HTML of any origin to paragraphs, and paragraphs to HTML and plain text.
class RichTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesCleanHtmlAndText_data();
    void writesCleanHtmlAndText();
    void keepsWhatItWrote_data();
    void keepsWhatItWrote();
    void takesOnlyWhatPeopleFormatWith_data();
    void takesOnlyWhatPeopleFormatWith();
    void staysBounded_data();
    void staysBounded();
    void readsQuotesInPlainText();
};

namespace {

using Kind = RichBlock::Kind;

RichStyle bold()
{
    RichStyle style;
    style.bold = true;
    return style;
}

RichStyle link(const std::string& address)
{
    RichStyle style;
    style.link = address;
    return style;
}

RichBlock paragraph(const std::string& text, int quote = 0)
{
    RichBlock block;
    block.quote = quote;
    if (!text.empty())
        block.runs = {{text}};
    return block;
}

RichBlock item(Kind kind, int level, const std::string& text)
{
    RichBlock block = paragraph(text);
    block.kind = kind;
    block.level = level;
    return block;
}

} // namespace

Q_DECLARE_METATYPE(avocet::RichText)

void RichTextTest::writesCleanHtmlAndText_data()
{
    QTest::addColumn<RichText>("text");
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QByteArray>("plain");
    const auto row = [](const char* name, std::vector<RichBlock> blocks, const char* html,
                        const char* plain) {
        QTest::newRow(name) << RichText{std::move(blocks)} << QByteArray(html) << QByteArray(plain);
    };
    row("paragraphs", {paragraph("Hello <you> & all"), paragraph(""), paragraph("Bye")},
        "<div>Hello &lt;you&gt; &amp; all</div>\n<div><br></div>\n<div>Bye</div>\n",
        "Hello <you> & all\n\nBye\n");
    RichBlock mixed;
    mixed.runs = {{"a "}, {"b", bold()}, {" c"}};
    row("bold within a line", {mixed}, "<div>a <b>b</b> c</div>\n", "a b c\n");
    row("spaces in a row", {paragraph(" a  b ")},
        "<div>\xC2\xA0"
        "a \xC2\xA0"
        "b\xC2\xA0</div>\n",
        " a  b \n");
    RichBlock linked;
    linked.runs = {{"See "}, {"our page", link("https://x.org/")}, {"."}};
    row("a link", {linked}, "<div>See <a href=\"https://x.org/\">our page</a>.</div>\n",
        "See our page <https://x.org/>.\n");
    linked.runs = {{"x.org", link("https://x.org/")}, {" "}, {"a@x.org", link("mailto:a@x.org")}};
    row("links that say their address", {linked},
        "<div><a href=\"https://x.org/\">x.org</a> <a href=\"mailto:a@x.org\">a@x.org</a></div>\n",
        "x.org a@x.org\n");
    row("a nested list",
        {item(Kind::Bullet, 1, "one"), item(Kind::Number, 2, "first"),
         item(Kind::Number, 2, "second"), item(Kind::Bullet, 1, "two"), paragraph("end")},
        "<ul style=\"margin:0\"><li>one<ol "
        "style=\"margin:0\"><li>first</li>\n<li>second</li></ol>\n</li>\n<li>two</li></ul>\n"
        "<div>end</div>\n",
        "- one\n  1. first\n  2. second\n- two\nend\n");
    row("quotes within quotes", {paragraph("new"), paragraph("old", 1), paragraph("older", 2)},
        "<div>new</div>\n"
        "<blockquote type=\"cite\" style=\"margin:0 0 0 8px;padding:0 0 0 12px;border-left:2px "
        "solid "
        "#78848c\">\n<div>old</div>\n"
        "<blockquote type=\"cite\" style=\"margin:0 0 0 8px;padding:0 0 0 12px;border-left:2px "
        "solid "
        "#78848c\">\n<div>older</div>\n</blockquote>\n</blockquote>\n",
        "new\n> old\n>> older\n");
    RichBlock code = paragraph("if (a < b)");
    code.kind = Kind::Code;
    RichBlock more = paragraph("    return;");
    more.kind = Kind::Code;
    row("a block of code", {code, more},
        "<pre style=\"margin:0;white-space:pre-wrap\">if (a &lt; b)\n    return;</pre>\n",
        "if (a < b)\n    return;\n");
    RichBlock picture;
    picture.runs = {{"A cat", {}, "cid:1@x", 320, 200}};
    row("a picture", {picture},
        "<div><img src=\"cid:1@x\" alt=\"A cat\" width=\"320\" height=\"200\"></div>\n",
        "[A cat]\n");
}

void RichTextTest::writesCleanHtmlAndText()
{
    QFETCH(RichText, text);
    QFETCH(QByteArray, html);
    QFETCH(QByteArray, plain);
    QCOMPARE(QByteArray::fromStdString(writeHtml(text)), html);
    QCOMPARE(QByteArray::fromStdString(writePlain(text)) + '\n', plain);
    QVERIFY(readRichText(writeHtml(text)) == text);
}

void RichTextTest::keepsWhatItWrote_data()
{
    QTest::addColumn<RichText>("text");
    RichStyle all = bold();
    all.italic = all.underline = all.strike = all.code = true;
    all.colour = "#b3261e";
    all.link = "https://x.org/?a=1&b=\"2\"";
    RichBlock styled;
    styled.runs = {{"x\ty", all}, {"  "}, {"z", bold()}};
    all.link = "https://x.org/?a=1&b=%222%22";
    styled.runs[0].style.link = "https://x.org/?a=1&b=2";
    styled.runs[0].style.colour.clear();
    QTest::newRow("all marks at once") << RichText{{styled}};
    RichBlock coloured;
    coloured.runs = {{"red"}, {"blue"}};
    coloured.runs[0].style.colour = "#b3261e";
    coloured.runs[1].style.colour = "#0b6680";
    QTest::newRow("colours") << RichText{{coloured}};
    RichBlock heading = paragraph("Title", 1);
    heading.heading = 2;
    RichBlock rule;
    rule.kind = Kind::Rule;
    RichBlock blank;
    blank.kind = Kind::Code;
    QTest::newRow("headings, rules and empty code") << RichText{
        {heading, rule, blank, blank, paragraph(""), paragraph("\xC2\xA0x 10\xC2\xA0km"), heading}};
    QTest::newRow("an empty item, and one of two lines")
        << RichText{{item(Kind::Bullet, 1, ""), item(Kind::Bullet, 1, "a\nb"),
                     item(Kind::Number, 1, "c"), item(Kind::Number, 3, "deep"), paragraph("")}};
    RichBlock quotedItem = item(Kind::Bullet, 1, "x");
    quotedItem.quote = 2;
    QTest::newRow("a list in a quote in a quote")
        << RichText{{paragraph("a", 1), quotedItem, paragraph("b", 2), paragraph("c")}};
    QTest::newRow("nothing") << RichText{};
    QTest::newRow("only empty lines") << RichText{{paragraph(""), paragraph("")}};
}

void RichTextTest::keepsWhatItWrote()
{
    QFETCH(RichText, text);
    const std::string html = writeHtml(text);
    const RichText read = readRichText(html);
    QCOMPARE(QByteArray::fromStdString(writeHtml(read)), QByteArray::fromStdString(html));
    // A blank that does not fold at an edge is the same as a space there.
    if (qstrcmp(QTest::currentDataTag(), "headings, rules and empty code") != 0)
        QVERIFY(read == text);
}

void RichTextTest::takesOnlyWhatPeopleFormatWith_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QByteArray>("wanted");
    const auto row = [](const char* name, const char* html, const char* wanted) {
        QTest::newRow(name) << QByteArray(html) << QByteArray(wanted);
    };
    row("scripts and styles go",
        "<html><head><style>p{color:red}</style><title>t</title></head><body><script>x()</script>"
        "<p onclick=y()>a</p></body></html>",
        "<div>a</div>\n");
    row("paragraphs of the web get their gaps", "<p>a</p><p>b</p>",
        "<div>a</div>\n<div><br></div>\n<div>b</div>\n");
    row("a word processor's page",
        "<p class=MsoNormal style='mso-margin-top-alt:auto;margin:0'><b "
        "style='mso-bidi-font-weight:"
        "normal'><span lang=DE style='font-size:11pt;font-family:\"Calibri\";color:black'>Guten "
        "Tag</span></b><o:p></o:p></p>",
        "<div><b>Guten Tag</b></div>\n");
    row("styles that mean tags",
        "<span style='font-weight:700'>a</span><span style='font-style:italic'>b</span>"
        "<span style='text-decoration:line-through'>c</span>",
        "<div><b>a</b><i>b</i><s>c</s></div>\n");
    row("a link in a coloured sentence looks like a link",
        "<p><span style=\"color:#b3261e\">see <a href=\"https://a.example/\">this</a></span></p>",
        "<div><span style=\"color:#b3261e\">see </span><a "
        "href=\"https://a.example/\">this</a></div>\n");
    row("colours that are no ink go",
        "<font color=black>a</font> <font color=#ffffff>b</font> "
        "<font color=red>c</font>",
        "<div>a b <span style=\"color:#ff0000\">c</span></div>\n");
    row("hidden text goes", "<div style='display:none'>pre</div>a", "<div>a</div>\n");
    row("pictures of the internet become their words", "<img src=https://t.org/x.png alt=Logo>a",
        "<div>Logoa</div>\n");
    row("links that run code go", "<a href='javascript:x()'>a</a>", "<div>a</div>\n");
    row("tables become lines", "<table><tr><td>a<td>b<tr><td>c<td>d</table>",
        "<div>a<span style=\"white-space:pre\">\t</span>b</div>\n"
        "<div>c<span style=\"white-space:pre\">\t</span>d</div>\n");
    row("line breaks are lines", "a<br>b<br><br>c<br>",
        "<div>a</div>\n<div>b</div>\n<div><br></div>\n<div>c</div>\n");
    row("tags that were never closed", "<b>a<p>b<li>c<ul><li>d</body>",
        "<div><b>a</b></div>\n<div><br></div>\n<div><b>b</b></div>\n<div><b>c</b></div>\n"
        "<ul style=\"margin:0\"><li><b>d</b></li></ul>\n");
}

void RichTextTest::takesOnlyWhatPeopleFormatWith()
{
    QFETCH(QByteArray, html);
    QFETCH(QByteArray, wanted);
    const std::string once = writeHtml(readRichText(html.toStdString()));
    QCOMPARE(QByteArray::fromStdString(once), wanted);
    QCOMPARE(QByteArray::fromStdString(writeHtml(readRichText(once))), wanted);
}

void RichTextTest::staysBounded_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::newRow("quotes 10,000 deep") << QByteArray("<blockquote>x").repeated(10'000);
    QTest::newRow("lists 10,000 deep") << QByteArray("<ul><li>x").repeated(10'000);
    QTest::newRow("bold 300,000 times") << QByteArray("<b>x").repeated(300'000);
    QTest::newRow("5 MB of words") << QByteArray("word ").repeated(1'000'000);
    QTest::newRow("2 MB of line breaks") << QByteArray("<br>").repeated(500'000);
    QTest::newRow("1 MB of spaces that do not fold") << QByteArray("&nbsp;").repeated(170'000);
    QTest::newRow("100,000 pictures") << QByteArray("<img src=cid:a@b>").repeated(100'000);
}

void RichTextTest::staysBounded()
{
    QFETCH(QByteArray, html);
    const RichText text = readRichText(html.toStdString());
    const RichLimits limits;
    QVERIFY(text.blocks.size() <= limits.blocks);
    std::size_t bytes = 0, images = 0;
    for (const RichBlock& block : text.blocks) {
        QVERIFY(block.quote <= deepestQuote && block.level <= deepestList);
        for (const RichRun& run : block.runs) {
            bytes += run.text.size();
            images += run.image.empty() ? 0 : 1;
        }
    }
    QVERIFY(bytes <= limits.text + (64 << 10));
    QVERIFY(images <= limits.images);
}

void RichTextTest::readsQuotesInPlainText()
{
    const std::string plain = "new\n> old\n>> older\n>\n> end\n";
    const RichText text = richFromPlain(plain);
    QCOMPARE(text.blocks.size(), std::size_t{5});
    QCOMPARE(text.blocks[2].quote, 2);
    QCOMPARE(writePlain(text) + "\n", plain);
}

QTEST_GUILESS_MAIN(RichTextTest)
#include "RichTextTest.moc"
