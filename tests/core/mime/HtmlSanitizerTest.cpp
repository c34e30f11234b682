// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/HtmlSanitizer.h"
#include "core/mime/CssFilter.h"
#include "core/mime/MessageReader.h"
#include "tests/core/mime/TestFiles.h"
#include "tests/support/HtmlOracle.h"

#include <QTest>

using namespace avocet;
using namespace avocet::test;

namespace {

std::string sanitized(const std::string& html)
{
    const auto result = sanitizeHtml(html, {});
    return result ? result->html : "refused";
}

/// What stands in the body.
std::string body(const std::string& html)
{
    const std::string whole = sanitized(html);
    const std::size_t from = whole.find("<body>");
    const std::size_t to = whole.rfind("</body>");
    return from == whole.npos || to == whole.npos ? whole : whole.substr(from + 6, to - from - 6);
}

std::string repeated(const std::string& text, int times)
{
    std::string result;
    for (int i = 0; i < times; ++i)
        result += text;
    return result;
}

} // namespace

class HtmlSanitizerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void letsNothingLoad_data();
    void letsNothingLoad();
    void listsEachVectorOnce();
    void writesNothingThatParsesAnew_data();
    void writesNothingThatParsesAnew();
    void keepsWhatShapesMail_data();
    void keepsWhatShapesMail();
    void removesWhatActs_data();
    void removesWhatActs();
    void filtersDeclarations_data();
    void filtersDeclarations();
    void filtersStyleSheets_data();
    void filtersStyleSheets();
    void numbersLinks();
    void readsAddressesAsBrowsersDo_data();
    void readsAddressesAsBrowsersDo();
    void asksForEachPicture();
    void namesTrackers_data();
    void namesTrackers();
    void keepsTheLayoutMode_data();
    void keepsTheLayoutMode();
    void tellsDarkRules();
    void refusesBombs_data();
    void refusesBombs();
    void letsLargePagesPass();
};

void HtmlSanitizerTest::letsNothingLoad_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QByteArray>("text");
    for (const auto& row : tableRows(QStringLiteral("tests/cases/L1-60.tsv")))
        QTest::newRow(row.value(0).constData()) << unescaped(row.value(1)) << row.value(2);
}

void HtmlSanitizerTest::letsNothingLoad()
{
    QFETCH(QByteArray, html);
    QFETCH(QByteArray, text);
    for (const bool consent : {false, true}) {
        HtmlPolicy policy;
        policy.linkPrefix = "mail:link/";
        policy.picture = [&](const HtmlPicture& picture) -> std::optional<std::string> {
            if (picture.place == HtmlPicture::Place::Remote && !consent)
                return std::nullopt;
            return "mail:picture";
        };
        const auto result = sanitizeHtml(toStd(html), policy);
        QVERIFY(result);
        QVERIFY2(result->html.find("leak.example") == std::string::npos, result->html.c_str());
        QVERIFY2(result->html.find("//") == std::string::npos, result->html.c_str());
        const std::string read = htmlToText(result->html);
        QVERIFY2(read.find(toStd(text)) != std::string::npos, result->html.c_str());
    }
}

void HtmlSanitizerTest::listsEachVectorOnce()
{
    QByteArrayList ids;
    for (const auto& row : tableRows(QStringLiteral("tests/cases/L1-60.tsv"))) {
        QCOMPARE(row.size(), 3);
        ids << row.value(0);
    }
    QByteArrayList wanted;
    for (int id = 1; id <= 60; ++id)
        wanted << "L" + QByteArray::number(id);
    QCOMPARE(ids, wanted);
}

void HtmlSanitizerTest::writesNothingThatParsesAnew_data()
{
    QTest::addColumn<QByteArray>("html");
    for (const auto& row : tableRows(QStringLiteral("tests/cases/L1-60.tsv")))
        QTest::newRow(row.value(0).constData()) << unescaped(row.value(1));
    const char* const pages[] = {
        // Namespaces: what is text in one is markup in the other.
        "<svg><style><img src=x onerror=a()></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 "
        "onerror=a()&gt;\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=a()>",
        "<svg></p><style><a id=\"</style><img src=1 onerror=a()>\">",
        "<svg><foreignObject><iframe srcdoc=x><p>b",
        "<math><annotation-xml encoding=\"text/html\"><style></math><img src=x "
        "onerror=a()></style>",
        "<svg><desc><title></svg><script>a()</script>",
        "<svg><![CDATA[<p title=\"]]><img src=x onerror=a()>\">]]></svg>",
        "<math><mi><malignmark><b><noscript><p title=\"</noscript><img src=x onerror=a()>\">",
        "<svg><a xlink:href=javascript:a()><text>b</text></a></svg>",
        // Raw text that is none for another reader.
        "<noscript><p title=\"</noscript><img src=x onerror=a()>\"></noscript>",
        "<noembed><img title=\"</noembed><img src=x onerror=a()>\"></noembed>",
        "<iframe><p title=\"</iframe><script>a()</script>\">",
        "<title><p title=\"</title><script>a()</script>\">",
        "<textarea><p title=\"</textarea><script>a()</script>\">",
        "<xmp><p title=\"</xmp><script>a()</script>\">",
        "<template><p title=\"</template><script>a()</script>\"></template>",
        "<select><template><style><!--</style><a rel=\"--></style></template></select><img src=x "
        "onerror=a()>\">",
        "<plaintext></plaintext><script>a()</script>",
        "<style><style/><img src=x onerror=a()>",
        "<script><!--<script></script>--></script><p>b",
        // Comments that end otherwise than they seem to.
        "<!--><img src=x onerror=a()>-->",
        "<!---><img src=x onerror=a()>-->",
        "<!--a--!><img src=x onerror=a()>",
        "<!-- --!> <p title=\"-->\">",
        "<!a><img src=x onerror=a()>",
        "<?xml a><img src=x onerror=a()>",
        "</ a><img src=x onerror=a()>",
        "<![endif]--><img src=x onerror=a()>",
        "<!--[if gte mso 9]><xml><p>a</xml><![endif]-->b",
        // Tags that are cut elsewhere.
        "<img src=\"x\" title=\"a\nb\" onerror=a()//",
        "<a href=\"javascript&colon;a()\">b",
        "<a/href=javascript:a()>b",
        "<a href=\"java&Tab;script:a()\">b",
        "<a href=\"\1javascript:a()\">b",
        "<img/src/onerror=a()>b",
        "<p =x onclick=a()>b",
        "<p \"onclick=a()\">b",
        "<p title='\"><script>a()</script>'>b",
        "<p title=`><script>a()</script>`>b",
        "<p\fonclick=a()>b",
        "<p title=\"&quot;&gt;&lt;script&gt;\">b",
        "<<script>script>a()</script>",
        "<p title=a&quot;b&lt;c>d",
        "<a href=x href=javascript:a()>b",
        "<ScRiPt >a()</sCrIpT\n>b",
        // Trees that are not written as they are read.
        "<a><table><td><a>b</table>",
        "<p><button><p>a</button>b",
        "<table><b><tr><td>a</b>b",
        "<b><p>a</b>b",
        "<table><form><tr><td></form><form>a",
        "<pre>\n\na</pre>",
        "<pre><p>a</pre>b",
        "<h1><button><h2>a",
        "</p></br>a",
        "<li><fieldset><li>a",
        "<frameset><frame src=x></frameset><p>b",
        "<body><body title=x><html lang=y><p>b",
        "<image src=cid:a>",
        "<p>a<dd>b<dt>c<li>d",
        "<nobr>a<nobr>b",
        "<ruby>a<rt>b<rp>c",
        // Styles that end, hide or load.
        "<style>p{}</style ><img src=x onerror=a()>",
        "<style>p{color:red}</ style><img src=x></style>",
        "<style>@media (x{p{color:red}} ) {position:fixed{color:red}}</style>",
        "<style>p{background:1.url(x)}</style>",
        "<p style=\"background:url(cid:a&quot;)\">",
        "<p style=\"background:url('cid:a\\');x:y\">",
        "<p style=\"background:url(cid:a) url(cid:b),url('cid:c')\">b",
        "<style>@\\69mport 'x';p{color:red}</style>",
        "<style>p{background:url(cid:a\n)}a{color:red}</style>",
        "<style>a[title=\"{\"]{color:red}</style>",
        "<style media=\"print{}*\">p{color:red}</style>",
        "<style type=\"text/x\">p{color:red}</style>",
        "<style>p{color:red}\n--> <!-- a{color:blue}</style>",
        "<p style=\"width:calc((1px + 2px) * 3)\">b",
        "<style>a{b:c;{d}e:f;color:red}</style>",
        "<style>p{background:element(#a);background:paint(x)}</style>",
        "<p style=\"background:-webkit-image-set(url(cid:a) 1x)\">b",
        "<p style=\"behavior:url(#default#time2)\">b",
        "<p style=\"width:expr/**/ession(a())\">b",
        "<p style=\"color:red;position:/**/fixed\">b",
        "<p style=\"position:STICKY;position:-webkit-sticky\">b",
        "<p style=\"--a:url(x);color:var(--a)\">b",
        "<style>:hover{background:url(cid:a)}p{background:url(cid:a)}</style>",
    };
    for (const char* page : pages)
        QTest::newRow(page) << QByteArray(page);
    QTest::newRow("NUL in a name") << QByteArray("<im\0g src=x onerror=a()>b", 26);
    QTest::newRow("NUL in a value") << QByteArray("<p title=\"a\0b\">c", 15);
    QTest::newRow("no UTF-8") << QByteArray("<p title=\"\xE4\xFF\">\xC0\xBC");
}

void HtmlSanitizerTest::writesNothingThatParsesAnew()
{
    QFETCH(QByteArray, html);
    const HtmlPolicy policy = oraclePolicy();
    const auto once = sanitizeHtml(toStd(html), policy);
    QVERIFY(once);
    const std::string breach = HtmlOracle::breachIn(once->html);
    QVERIFY2(breach.empty(), (breach + "\n" + once->html).c_str());
    const auto twice = sanitizeHtml(once->html, policy);
    QVERIFY(twice);
    QCOMPARE(QString::fromStdString(twice->html), QString::fromStdString(once->html));
}

void HtmlSanitizerTest::keepsWhatShapesMail_data()
{
    QTest::addColumn<QString>("html");
    for (const char* html :
         {"<p>a</p>", "<b>a <i>b</i></b>", "<a href=\"#part\">a</a>", "<h1 align=\"center\">a</h1>",
          "<div style=\"color:#123456;padding:2px 3px;\">a</div>", "<br>", "a &amp; b &lt;c&gt;",
          "<font color=\"red\" face=\"Arial\" size=\"2\">a</font>",
          "<ol start=\"3\"><li>a</li></ol>", "<blockquote class=\"quote\">a</blockquote>",
          "<span dir=\"rtl\" lang=\"ar\">a</span>",
          "<table width=\"600\" cellpadding=\"0\" bgcolor=\"#ffffff\"><tbody><tr><td "
          "colspan=\"2\">a</td></tr>"
          "</tbody></table>"})
        QTest::newRow(html) << QString::fromUtf8(html);
}

void HtmlSanitizerTest::keepsWhatShapesMail()
{
    QFETCH(QString, html);
    QCOMPARE(QString::fromStdString(body(html.toStdString())), html);
}

void HtmlSanitizerTest::removesWhatActs_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("left");
    const auto row = [](const char* html, const char* left) {
        QTest::newRow(html) << QString::fromUtf8(html) << QString::fromUtf8(left);
    };
    row("<script>a</script>b", "b");
    row("<scr<script>ipt>a</script>b", "ipt&gt;ab");
    row("<p onclick=\"x()\" onerror=x>b</p>", "<p>b</p>");
    row("<a href=\"javascript:x()\">b</a>", "<a>b</a>");
    row("<a href=\" java\nscript:x()\">b</a>", "<a>b</a>");
    row("<a href=\"vbscript:x\">b</a><a href=\"data:text/html,x\">c</a>", "<a>b</a><a>c</a>");
    row("<a target=\"_top\" href=\"#x\">b</a>", "<a href=\"#x\">b</a>");
    row("<form action=\"/x\"><input value=\"a\"><button>b</button></form>", "b");
    row("<svg><p>a</p><script>x</script></svg>b", "<p>a</p>b");
    row("<math><mi>a</mi><annotation-xml><p>x</p></annotation-xml></math>b", "ab");
    row("<noscript><p>b</p></noscript>", "<p>b</p>");
    row("<unknown-thing>b</unknown-thing>", "b");
    row("<img name=body id=x><a name=top>b</a>", "<img id=\"x\"><a name=\"top\">b</a>");
    row("<p contenteditable=\"true\" tabindex=\"1\" srcdoc=\"x\">b</p>", "<p>b</p>");
    row("<p aria-label=\"a\" aria-x\"y=\"z\">b</p>", "<p aria-label=\"a\">b</p>");
    row("<!-- c --><p title=\"&lt;b&gt;&quot;\">b</p>", "<p title=\"&lt;b&gt;&quot;\">b</p>");
    row("<img src=\"x.png\" alt=\"b\" onload=\"x\">", "<img alt=\"b\">");
    row("<plaintext><p>b", "<pre>&lt;p&gt;b</pre>");
}

void HtmlSanitizerTest::removesWhatActs()
{
    QFETCH(QString, html);
    QFETCH(QString, left);
    QCOMPARE(QString::fromStdString(body(html.toStdString())), left);
}

void HtmlSanitizerTest::filtersDeclarations_data()
{
    QTest::addColumn<QString>("style");
    QTest::addColumn<QString>("left");
    const auto row = [](const char* style, const char* left) {
        QTest::newRow(style) << QString::fromUtf8(style) << QString::fromUtf8(left);
    };
    row("color: red", "color:red;");
    row("COLOR:Red;;margin : 0 auto !important", "color:Red;margin:0 auto !important;");
    row("font-family:\"Segoe UI\",'x;y',serif;color:red",
        "font-family:\"Segoe UI\",'x;y',serif;color:red;");
    row("background:url(cid:a)", "background:url(\"mail:cid:a\");");
    row("background:#fff url( 'cid:a' ) no-repeat",
        "background:#fff url(\"mail:cid:a\") no-repeat;");
    row("background:url(other);color:red", "color:red;");
    row("width:calc(100% - 20px)", "width:calc(100% - 20px);");
    row("width:expression(alert(1));color:red", "color:red;");
    row("behavior:url(cid:a);-moz-binding:url(cid:a);mso-x:y;color:red", "color:red;");
    row("position:fixed;top:0", "top:0;");
    row("position:STICKY;position:relative !important", "position:relative !important;");
    row("co\\6cor:red;color:gr\\65 en;width:1px", "width:1px;");
    row("color:red}p{color:blue", "color:red;");
    row("color:(red;blue);width:1px", "width:1px;");
    row("color:{red;blue};width:1px", "width:1px;");
    row("color:red</style><script>", "");
    row("/* a */color/* b */:/* c */red/* d", "color:red;");
    row("content:\"x\";cursor:pointer;z-index:9;color:red", "content:\"x\";z-index:9;color:red;");
    row("content:attr(href);content:url(other);content:counter(x)", "");
    row("color:\"red\nwidth:1px", "");
    row("color;width:1px", "width:1px;");
    row("background:1url(https://a.example);width:1px", "width:1px;");
    row("{color:red};width:1px", "width:1px;");
}

void HtmlSanitizerTest::filtersDeclarations()
{
    QFETCH(QString, style);
    QFETCH(QString, left);
    const auto url = [](std::string_view where) -> std::optional<std::string> {
        return where.starts_with("cid:") ? std::optional("mail:" + std::string(where))
                                         : std::nullopt;
    };
    QCOMPARE(QString::fromStdString(mime::filterDeclarations(style.toStdString(), url)), left);
}

void HtmlSanitizerTest::filtersStyleSheets_data()
{
    QTest::addColumn<QString>("css");
    QTest::addColumn<QString>("left");
    const auto row = [](const char* css, const char* left) {
        QTest::newRow(css) << QString::fromUtf8(css) << QString::fromUtf8(left);
    };
    row("p{color:red}", "p{color:red;}");
    row("p , a:hover > b.c#d [x=\"y\"] { color : red ; }",
        "p , a:hover > b.c#d [x=\"y\"]{color:red;}");
    row("p:not(.a){color:red}p:has(a){color:red}", "p:not(.a){color:red;}");
    row("@media screen and (max-width:600px){p{width:100%!important}}",
        "@media screen and (max-width:600px){p{width:100%!important;}}");
    row("@media print{p{cursor:x}}p{color:red}", "p{color:red;}");
    row("@import 'x';@charset \"x\";p{color:red}", "p{color:red;}");
    row("@font-face{src:url(x)}@keyframes a{from{color:red}}p{color:red}", "p{color:red;}");
    row("<!-- p{color:red} -->", "p{color:red;}");
    row("p{color:red}}a{color:blue}", "p{color:red;}a{color:blue;}");
    row("p\\{x{color:red}a{color:blue}", "a{color:blue;}");
    row("p{color:red", "p{color:red;}");
    row("@media x{p{color:red}", "@media x{p{color:red;}}");
    row("@media a{@media b{@media c{@media d{@media e{p{color:red}}a{color:red}}}}}",
        "@media a{@media b{@media c{@media d{a{color:red;}}}}}");
    row("@8 p{color:red}a@b{color:red}i{color:red}", "i{color:red;}");
    row("p{color:\"</style>\"}a{color:red}", "a{color:red;}");
}

void HtmlSanitizerTest::filtersStyleSheets()
{
    QFETCH(QString, css);
    QFETCH(QString, left);
    const auto none = [](std::string_view) { return std::optional<std::string>(); };
    QCOMPARE(QString::fromStdString(mime::filterStyleSheet(css.toStdString(), {}, none).css), left);
}

void HtmlSanitizerTest::numbersLinks()
{
    HtmlPolicy policy;
    policy.linkPrefix = "mail:link/";
    const auto result = sanitizeHtml(
        "<a href=\"https://a.example/?x=1&amp;y\">the <b>first</b>\n one</a> "
        "<map><area href=\"http://b.example\"></map><a href=\"mailto:c@d.example\">write</a> after",
        policy);
    QVERIFY(result);
    QCOMPARE(result->links.size(), std::size_t{3});
    QCOMPARE(result->links[0].target, std::string("https://a.example/?x=1&y"));
    QCOMPARE(result->links[0].text, std::string("the first one"));
    QCOMPARE(result->links[1].target, std::string("http://b.example"));
    QCOMPARE(result->links[1].text, std::string());
    QCOMPARE(result->links[2].text, std::string("write"));
    QVERIFY(result->html.find("<a href=\"mail:link/0\">the <b>first</b>") != std::string::npos);
    QVERIFY(result->html.find("<a href=\"mail:link/2\">write</a> after") != std::string::npos);
}

void HtmlSanitizerTest::readsAddressesAsBrowsersDo_data()
{
    QTest::addColumn<QString>("href");
    QTest::addColumn<QString>("target");
    const auto row = [](const char* href, const char* target) {
        QTest::newRow(href) << QString::fromUtf8(href) << QString::fromUtf8(target);
    };
    row(" https://a.example/x ", "https://a.example/x");
    row("HTTPS://a.exa\n mple/x", "HTTPS://a.exa%20mple/x");
    row("ht\ttps://a.example", "https://a.example");
    row("//a.example/x", "https://a.example/x");
    row("mailto:a@b.example?subject=two words", "mailto:a@b.example?subject=two%20words");
    row("https://a.example/?x=1&copy=2&amp;y=3", "https://a.example/?x=1&copy=2&y=3");
    row("tel:+49 30 1", "tel:+49%2030%201");
    row("x.html", "");
    row("javascript:x", "");
    row("\x01javascript:x", "");
    row("cid:a", "");
    row("file:///etc/passwd", "");
}

void HtmlSanitizerTest::readsAddressesAsBrowsersDo()
{
    QFETCH(QString, href);
    QFETCH(QString, target);
    const auto result = sanitizeHtml("<a href=\"" + href.toStdString() + "\">x</a>", {});
    QVERIFY(result);
    QCOMPARE(result->links.empty() ? QString()
                                   : QString::fromStdString(result->links.front().target),
             target);
}

void HtmlSanitizerTest::asksForEachPicture()
{
    std::vector<std::pair<HtmlPicture::Place, std::string>> asked;
    HtmlPolicy policy;
    policy.picture = [&](const HtmlPicture& picture) -> std::optional<std::string> {
        asked.emplace_back(picture.place, picture.where);
        return "mail:" + std::to_string(asked.size());
    };
    const auto result = sanitizeHtml(
        "<style>p{background:url(//c.example/x)}</style><img src=\"CID:a@b\"><img "
        "src=\"http://c.example/a b\">"
        "<img src=\"data:image/png;base64,AA\n==\"><img src=\"data:text/html;base64,AA==\">",
        policy);
    QVERIFY(result);
    using Place = HtmlPicture::Place;
    const std::vector<std::pair<Place, std::string>> wanted{
        {Place::Remote, "https://c.example/x"},
        {Place::Message, "a@b"},
        {Place::Remote, "http://c.example/a%20b"},
        {Place::Data, "data:image/png;base64,AA=="}};
    QVERIFY(asked == wanted);
    QVERIFY(result->html.find("<img src=\"mail:4\"><img></body>") != std::string::npos);
}

void HtmlSanitizerTest::namesTrackers_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("tracker");
    const auto row = [](const char* html, const char* tracker) {
        QTest::newRow(html) << QString::fromUtf8(html) << QString::fromUtf8(tracker);
    };
    row("<img src='https://a.example/x.png'>", "");
    row("<img src='https://a.example/x.png' width=1 height=1>", "a.example");
    row("<img height=1 src='https://a.example/x.png' width='1px'>", "a.example");
    row("<img src='https://a.example/x.png' style='display:none'>", "a.example");
    row("<img src='https://a.example/x.png' style='width:1px;height:1px !important'>", "a.example");
    row("<img src='https://a.example/x.png' width=1>", "a.example");
    row("<img src='https://a.example/x.png' width=0 height=200>", "a.example");
    row("<img src='https://a.example/x.png' hidden>", "a.example");
    row("<img src='https://a.example/spacer.gif' width=600 height=1>", "");
    row("<img src='https://a.example/x.png' width='100%' height=1>", "a.example");
    row("<img src='https://u1.ct.sendgrid.net/wf/open?upn=x'>", "SendGrid");
    row("<img src='https://u1.sendgrid.net/logo.png'>", "");
    row("<img src='https://x.us1.list-manage.com/track/open.php?u=1'>", "Mailchimp");
    row("<td background='https://abc.emltrk.com/x?p'>", "Litmus");
    row("<style>p{background:url(https://abc.emltrk.com/x?p)}</style>", "Litmus");
    row("<img src='https://notemltrk.com/x'>", "");
    row("<img src='https://emltrk.com@a.example/x'>", "");
    row("<img src='https://a.example\\@emltrk.com/x'>", "");
}

void HtmlSanitizerTest::namesTrackers()
{
    QFETCH(QString, html);
    QFETCH(QString, tracker);
    std::vector<std::string> told;
    HtmlPolicy policy;
    policy.picture = [&](const HtmlPicture& picture) {
        told.push_back(picture.tracker);
        return std::optional<std::string>("mail:1");
    };
    const auto result = sanitizeHtml(html.toStdString() + html.toStdString(), policy);
    QVERIFY(result);
    QCOMPARE(result->remotePictures.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(result->remotePictures.front().tracker), tracker);
    QCOMPARE(told.size(), std::size_t{2});
    QCOMPARE(QString::fromStdString(told.back()), tracker);
}

void HtmlSanitizerTest::keepsTheLayoutMode_data()
{
    QTest::addColumn<QString>("doctype");
    QTest::addColumn<QString>("written");
    QTest::newRow("none") << QString() << QStringLiteral("<html>");
    QTest::newRow("HTML5") << QStringLiteral("<!doctype html>")
                           << QStringLiteral("<!DOCTYPE html><html>");
    QTest::newRow("XHTML transitional")
        << QStringLiteral("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
                          "\"http://www.w3.org/TR/x\">")
        << QStringLiteral("<!DOCTYPE html PUBLIC ");
    QTest::newRow("HTML 4 transitional without a system identifier")
        << QStringLiteral("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\">")
        << QStringLiteral(
               "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\"><html>");
    QTest::newRow("markup in the identifier")
        << QStringLiteral("<!DOCTYPE html PUBLIC '\"<x'>") << QStringLiteral("<html>");
    QTest::newRow("strict")
        << QStringLiteral("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"x\">")
        << QStringLiteral("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"\"><html>");
}

void HtmlSanitizerTest::keepsTheLayoutMode()
{
    QFETCH(QString, doctype);
    QFETCH(QString, written);
    const QString html = QString::fromStdString(sanitized(doctype.toStdString() + "<p>a"));
    QVERIFY2(html.startsWith(written), qPrintable(html));
}

void HtmlSanitizerTest::tellsDarkRules()
{
    QVERIFY(sanitizeHtml("<style>@media (prefers-color-scheme: dark){p{color:#fff}}</style>", {})
                ->darkRules);
    QVERIFY(!sanitizeHtml("<style>p{color:#fff}</style>prefers-color-scheme", {})->darkRules);
}

void HtmlSanitizerTest::refusesBombs_data()
{
    QTest::addColumn<QByteArray>("html");
    const auto row = [](const char* name, const std::string& html) {
        QTest::newRow(name) << QByteArray::fromStdString(html);
    };
    row("nested divisions", repeated("<div>", 100'000));
    row("lists in lists", repeated("<li>a<dt>b", 20'000));
    row("tables that keep what was closed around them",
        repeated("<div><table><td></div></table>", 20'000));
    row("false ends between", repeated("<div></x>", 100'000));
    row("open tables", repeated("<table><td></div>", 50'000));
    std::string fonts = "<p>";
    for (int i = 0; i < 300; ++i)
        fonts += "<font size=" + std::to_string(i) + ">";
    row("formats left open that each block repeats", fonts + repeated("<p>a", 100'000));
    row("9 MB", std::string(9 << 20, 'a'));
}

void HtmlSanitizerTest::refusesBombs()
{
    QFETCH(QByteArray, html);
    QVERIFY(!sanitizeHtml(toStd(html), {}));
}

void HtmlSanitizerTest::letsLargePagesPass()
{
    std::string bodies;
    for (int i = 0; i < 50'000; ++i) {
        bodies += "<body aria-";
        for (int rest = i; rest > 0; rest /= 26)
            bodies += static_cast<char>('a' + rest % 26);
        bodies += "=x>";
    }
    QVERIFY(sanitizeHtml(bodies, {})->html.size() < 5'000);
    for (const std::string& html :
         {"<table>" + repeated("<tr><td><p><font size=2><b>a</b></font><br>", 20'000),
          repeated("<p><font color=red>a</font><p>", 20'000), repeated("<blockquote>", 200) + "a",
          repeated("<span>a", 4'000), repeated("<font>a", 4'000) + "<p>b",
          repeated("<li>a", 20'000), repeated("<dd>a<dt>b", 20'000), repeated("<x y=1>", 100'000),
          repeated("<tr><td><div><span>a</div>", 20'000), "<p" + repeated(" a=1", 500'000) + ">b",
          "<font>" + repeated("<p>a</p>", 50'000)})
        QVERIFY(sanitizeHtml(html, {}));
}

QTEST_GUILESS_MAIN(HtmlSanitizerTest)
#include "HtmlSanitizerTest.moc"
