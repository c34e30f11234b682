// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposeEditor.h"
#include "ui/compose/ComposePictures.h"
#include "ui/compose/LinkSheet.h"
#include "ui/compose/RichDocument.h"
#include "ui/compose/SpellMarks.h"
#include "ui/compose/Speller.h"

#include <QAbstractTextDocumentLayout>
#include <QApplication>
#include <QBuffer>
#include <QFile>
#include <QInputMethodEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>

using namespace avocet;

/// Writing formatted text: keys, paste, pictures, spelling.
class ComposeTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void leavesListsAndCodeByCtrlTab();
    void keepsADocument_data();
    void keepsADocument();
    void formatsAsOneTypes_data();
    void formatsAsOneTypes();
    void keepsEmptyLinesInPlainText();
    void goesOnBelowTheWordsOfAQuoteInPlainText();
    void movesOnByTabButInLists();
    void composesNoLetterIntoALinkBefore();
    void keepsItsLinesApart();
    void pastesOnlyWhatPeopleFormatWith();
    void pastesPicturesAsItsOwn();
    void becomesPlainAndBack();
    void keepsThePicturesThatAreShown();
    void completesLinks_data();
    void completesLinks();
    void cutsTextIntoWords_data();
    void cutsTextIntoWords();
    void marksWhatNoDictionaryKnows();
    void choosesTheLanguageByTheWords();
    void tellsALanguageForEachParagraph();

private:
    void type(ComposeBody& body, const QString& script);
};

namespace {

std::string htmlOf(const ComposeBody& body)
{
    return writeHtml(body.richText());
}

/// A dictionary of a few words.
void writeDictionary(const QString& folder, const QString& name, const QByteArrayList& words,
                     const QByteArray& encoding = "UTF-8")
{
    QFile affixes(folder + u'/' + name + u".aff"_qs);
    QVERIFY(affixes.open(QIODevice::WriteOnly));
    affixes.write("SET " + encoding + "\nTRY esianrtolcdugmphbyfvkwz\n");
    QFile dictionary(folder + u'/' + name + u".dic"_qs);
    QVERIFY(dictionary.open(QIODevice::WriteOnly));
    dictionary.write(QByteArray::number(words.size()) + "\n" + words.join('\n') + "\n");
}

QByteArray png(int side)
{
    QImage image(side, side, QImage::Format_RGB32);
    image.fill(Qt::blue);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

} // namespace

void ComposeTextTest::leavesListsAndCodeByCtrlTab()
{
    QWidget window;
    QLineEdit before(&window);
    ComposeBody body(&window);
    QLineEdit behind(&window);
    QVBoxLayout column(&window);
    for (QWidget* part : {static_cast<QWidget*>(&before), static_cast<QWidget*>(&body),
                          static_cast<QWidget*>(&behind)})
        column.addWidget(part);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    for (const bool list : {true, false}) {
        body.setRichText({});
        body.setFocus();
        list ? body.toggleList(RichBlock::Kind::Bullet) : body.toggleCodeBlock();
        QTest::keyClick(&body, Qt::Key_Tab);
        QVERIFY(body.hasFocus());
        const QByteArray written = htmlOf(body).c_str();
        QTest::keyClick(&body, Qt::Key_Tab, Qt::ControlModifier);
        QVERIFY(behind.hasFocus());
        body.setFocus();
        QTest::keyClick(&body, Qt::Key_Backtab, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(before.hasFocus());
        QCOMPARE(QByteArray::fromStdString(htmlOf(body)), written);
    }
}

void ComposeTextTest::keepsADocument_data()
{
    QTest::addColumn<QByteArray>("html");
    const auto row = [](const char* name, const char* html) {
        QTest::newRow(name) << QByteArray(html);
    };
    row("marks", "<div>a <b>b</b><i>c</i><u>d</u><s>e</s><code>f</code> "
                 "<span style=\"color:#c62828\">g</span></div>\n");
    row("links",
        "<div><a href=\"https://x.org/\">x</a> <a href=\"https://x.org/\"><b>y</b></a></div>\n");
    row("headings", "<h1 style=\"margin:0;font-size:1.5em\">One</h1>\n<div>a</div>\n<h3 "
                    "style=\"margin:0;font-size:1em\">Three</h3>\n");
    row("nested lists",
        "<ul style=\"margin:0\"><li>a<ol "
        "style=\"margin:0\"><li>b</li>\n<li>c</li></ol>\n</li>\n<li>d</li></ul>\n<div>e</div>\n");
    row("code", "<pre style=\"margin:0;white-space:pre-wrap\">a\n\n  b</pre>\n");
    row("a rule", "<div>a</div>\n<hr>\n<div>b</div>\n");
    row("a picture", "<div><img src=\"cid:a@x\" alt=\"A\" width=\"20\" height=\"10\"> b</div>\n");
    row("two lists of a kind", "<ul style=\"margin:0\"><li>a</li></ul>\n<div>b</div>\n<ul "
                               "style=\"margin:0\"><li>c</li></ul>\n");
    row("writing from the right",
        "<div dir=\"rtl\">\u05e9\u05dc\u05d5\u05dd A</div>\n<ul dir=\"rtl\" style=\"margin:0\">"
        "<li>\u0645\u0631\u062d\u0628\u0627</li></ul>\n<div>A \u05e9</div>\n<div>1.</div>\n");
    row("items from both sides", "<ul style=\"margin:0\"><li>a</li>\n<li "
                                 "dir=\"rtl\">\u05e9</li>\n<li>1</li></ul>\n<div>b</div>\n"
                                 "<ul dir=\"rtl\" style=\"margin:0\"><li>\u05e9<ol dir=\"ltr\" "
                                 "style=\"margin:0\"><li>a</li></ol>\n"
                                 "</li>\n<li dir=\"ltr\">b</li></ul>\n");
    row("a list in a quote",
        "<blockquote type=\"cite\" style=\"margin:0 0 0 8px;padding:0 0 0 12px;border-left:2px "
        "solid "
        "#78848c\">\n<div>a</div>\n<ul "
        "style=\"margin:0\"><li>b</li></ul>\n</blockquote>\n<div>c</div>\n");
    row("empty lines", "<div><br></div>\n<div><br></div>\n<div>a</div>\n");
}

void ComposeTextTest::keepsADocument()
{
    QFETCH(QByteArray, html);
    ComposeBody body;
    body.setRichText(readRichText(html.toStdString()));
    QCOMPARE(QByteArray::fromStdString(htmlOf(body)), html);
    QVERIFY(!body.document()->isUndoAvailable());
    QVERIFY(!body.document()->isModified());
    for (const char* qt : {"-qt-", "margin-top", "font-family", "<p>", "<p ", "<style"})
        QVERIFY(!html.contains(qt));
}

/// Letters are typed; between '{' and '}' stands what is done.
void ComposeTextTest::type(ComposeBody& body, const QString& script)
{
    using Mark = ComposeBody::Mark;
    for (int i = 0; i < script.size(); ++i) {
        if (script[i] != u'{') {
            QTest::keyClicks(&body, script.mid(i, 1));
            continue;
        }
        const int end = static_cast<int>(script.indexOf(u'}', i));
        const QString what = script.mid(i + 1, end - i - 1);
        i = end;
        if (what == u"enter")
            QTest::keyClick(&body, Qt::Key_Return);
        else if (what == u"back")
            QTest::keyClick(&body, Qt::Key_Backspace);
        else if (what == u"tab")
            QTest::keyClick(&body, Qt::Key_Tab);
        else if (what == u"bold")
            body.toggle(Mark::Bold);
        else if (what == u"bullets")
            body.toggleList(RichBlock::Kind::Bullet);
        else if (what == u"numbers")
            body.toggleList(RichBlock::Kind::Number);
        else if (what == u"quote")
            body.toggleQuote();
        else if (what == u"code")
            body.toggleCodeBlock();
        else if (what == u"head")
            body.setHeading(2);
        else if (what == u"link")
            body.setLink(u"x"_qs, u"https://x.org/"_qs);
        else if (what == u"red")
            body.setInk(u"#c62828"_qs);
        else if (what == u"own")
            body.setInk({});
        else if (what == u"all")
            body.selectAll();
        else if (what == u"clear")
            body.clearFormatting();
        else if (what == u"rule")
            body.setRichText(readRichText("<hr>"));
        else if (what == u"paste") // plain words, as from a terminal
            body.textCursor().insertText(u"p"_qs);
        else if (what == u"undo")
            body.undo();
        else
            QFAIL(qPrintable(what));
    }
}

void ComposeTextTest::formatsAsOneTypes_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QByteArray>("html");
    const auto row = [](const char* name, const QString& script, const char* html) {
        QTest::newRow(name) << script << QByteArray(html);
    };
    row("bold on and off", u"a{bold}b{bold}c"_qs, "<div>a<b>b</b>c</div>\n");
    row("a list that an empty item ends", u"{bullets}a{enter}b{enter}{enter}c"_qs,
        "<ul style=\"margin:0\"><li>a</li>\n<li>b</li></ul>\n<div>c</div>\n");
    row("an item one deeper, and back", u"{bullets}a{enter}{tab}b{enter}{enter}c"_qs,
        "<ul style=\"margin:0\"><li>a<ul "
        "style=\"margin:0\"><li>b</li></ul>\n</li>\n<li>c</li></ul>\n");
    row("Backspace at the start takes the list away", u"{numbers}{back}a"_qs, "<div>a</div>\n");
    row("a heading ends with its line", u"{head}a{enter}b"_qs,
        "<h2 style=\"margin:0;font-size:1.2em\">a</h2>\n<div>b</div>\n");
    row("an empty quoted line ends the quote", u"{quote}a{enter}{enter}b"_qs,
        "<blockquote type=\"cite\" style=\"margin:0 0 0 8px;padding:0 0 0 12px;border-left:2px "
        "solid "
        "#78848c\">\n<div>a</div>\n</blockquote>\n<div>b</div>\n");
    row("an empty line", u"a{enter}{enter}b{enter}{enter}{enter}c"_qs,
        "<div>a</div>\n<div><br></div>\n<div>b</div>\n<div><br></div>\n<div><br></div>\n"
        "<div>c</div>\n");
    row("words below a rule, and within it", u"{rule}{enter}a"_qs, "<hr>\n<div>a</div>\n");
    row("words where a rule was", u"{rule}a"_qs, "<div>a</div>\n");
    row("a paragraph behind a link", u"{link}{enter}{paste}"_qs,
        "<div><a href=\"https://x.org/\">x</a></div>\n<div>p</div>\n");
    row("selected code is indented", u"{code}a{enter}b{all}{tab}"_qs,
        "<pre style=\"margin:0;white-space:pre-wrap\">    a\n    b</pre>\n");
    row("code keeps its lines together", u"{code}a{enter}b"_qs,
        "<pre style=\"margin:0;white-space:pre-wrap\">a\nb</pre>\n");
    row("what is typed behind a link is none", u"{link}y"_qs,
        "<div><a href=\"https://x.org/\">x</a>y</div>\n");
    row("a colour and its end", u"{red}a{own}b"_qs,
        "<div><span style=\"color:#c62828\">a</span>b</div>\n");
    row("all formatting goes", u"{bullets}{bold}{red}a{all}{clear}"_qs, "<div>a</div>\n");
    row("all of it can be undone", u"{bullets}a{all}{clear}{undo}"_qs,
        "<ul style=\"margin:0\"><li>a</li></ul>\n");
}

void ComposeTextTest::formatsAsOneTypes()
{
    QFETCH(QString, script);
    QFETCH(QByteArray, html);
    ComposeBody body;
    body.setRichText({{RichBlock{}}});
    type(body, script);
    QCOMPARE(QByteArray::fromStdString(htmlOf(body)), html);
}

void ComposeTextTest::keepsEmptyLinesInPlainText()
{
    ComposeBody body;
    body.setText({});
    type(body, u"a{enter}{enter}b"_qs);
    QCOMPARE(body.text(), u"a\n\nb"_qs);
}

void ComposeTextTest::goesOnBelowTheWordsOfAQuoteInPlainText()
{
    ComposeBody body;
    body.resize(300, 400);
    body.show();
    const QString quoted = QStringLiteral("> > ") + QStringLiteral("many words ").repeated(20);
    body.setText(QStringLiteral("Own words\n") + quoted);
    const auto offset = [&body](int number) { // of the second line from the first one's words
        const QTextBlock block = body.document()->findBlockByNumber(number);
        (void)body.document()->documentLayout()->blockBoundingRect(block);
        const QTextLayout& layout = *block.layout();
        const int words = block.text().startsWith(u"> > ") ? 4 : 0;
        return layout.lineCount() > 1
                   ? qRound(layout.lineAt(1).cursorToX(layout.lineAt(1).textStart()) -
                            layout.lineAt(0).cursorToX(words))
                   : 1000;
    };
    QCOMPARE(offset(1), 0);
    QVERIFY(!body.document()->isUndoAvailable());
    QVERIFY(!body.document()->isModified());

    // What is no quote any more stands at the margin, and what becomes one does not.
    QTextCursor cursor(body.document()->findBlockByNumber(1));
    cursor.movePosition(QTextCursor::Right, QTextCursor::KeepAnchor, 4);
    cursor.removeSelectedText();
    QTRY_COMPARE(body.document()->findBlockByNumber(1).blockFormat().leftMargin(), 0);
    QCOMPARE(offset(1), 0);
    body.undo();
    QCOMPARE(body.text(), QStringLiteral("Own words\n") + quoted);
    QVERIFY(!body.document()->isUndoAvailable());
    QTRY_COMPARE(offset(1), 0);
    QTest::qWait(20);
    QVERIFY(body.document()->isRedoAvailable());
    body.moveCursor(QTextCursor::End);
    QTest::keyClick(&body, Qt::Key_Return);
    QTRY_COMPARE(body.document()->lastBlock().blockFormat().leftMargin(), 0);
}

void ComposeTextTest::movesOnByTabButInLists()
{
    QWidget window;
    auto* layout = new QVBoxLayout(&window);
    auto* body = new ComposeBody(&window);
    auto* next = new QLineEdit(&window);
    layout->addWidget(body);
    layout->addWidget(next);
    window.show();
    QApplication::setActiveWindow(&window);
    body->setRichText({{RichBlock{}}});
    body->setFocus();
    type(*body, u"{bullets}a{enter}b{enter}{tab}c"_qs);
    QVERIFY(body->hasFocus());
    QCOMPARE(QByteArray::fromStdString(htmlOf(*body)),
             QByteArray(
                 "<ul style=\"margin:0\"><li>a</li>\n<li>b<ul style=\"margin:0\"><li>c</li></ul>\n"
                 "</li></ul>\n"));
    type(*body, u"{enter}{enter}{enter}d{tab}"_qs); // out of both lists
    QVERIFY(next->hasFocus());
}

void ComposeTextTest::composesNoLetterIntoALinkBefore()
{
    ComposeBody body;
    body.setRichText({{RichBlock{}}});
    type(body, u"{link}"_qs);
    QInputMethodEvent letter;
    letter.setCommitString(u"\u00e9"_qs); // a dead key, or a writing system of many
    QApplication::sendEvent(&body, &letter);
    QCOMPARE(QByteArray::fromStdString(htmlOf(body)),
             QByteArray("<div><a href=\"https://x.org/\">x</a>\u00e9</div>\n"));
}

void ComposeTextTest::keepsItsLinesApart()
{
    ComposeBody body;
    body.resize(400, 400);
    body.setRichText({{RichBlock{}}});
    type(body, u"a{enter}b{enter}{enter}c{enter}d"_qs);
    const auto* layout = body.document()->documentLayout();
    const auto top = [&](int number) {
        return layout->blockBoundingRect(body.document()->findBlockByNumber(number)).top();
    };
    for (int number = 1; number < 4; ++number)
        QCOMPARE(top(number + 1) - top(number), top(1) - top(0));
}

void ComposeTextTest::pastesOnlyWhatPeopleFormatWith()
{
    class Open : public ComposeBody {
    public:
        using ComposeBody::insertFromMimeData;
    } body;
    QMimeData page;
    page.setHtml(
        u"<html><body><!--StartFragment--><p class=MsoNormal style='margin:0;font-family:Arial'>"
        "Some <b onclick=x()>bold</b> <span style='font-size:40px'>words</span>"
        "<img src=https://t.org/p.gif><script>x()</script></p><!--EndFragment--></body></html>"_qs);
    page.setText(u"Some bold words"_qs);
    body.setRichText({{RichBlock{}}});
    type(body, u"[ ]"_qs);
    QTest::keyClick(&body, Qt::Key_Left);
    body.insertFromMimeData(&page);
    QCOMPARE(QByteArray::fromStdString(htmlOf(body)),
             QByteArray("<div>[ Some <b>bold</b> words]</div>\n"));
    // Plain text takes the words alone, and so it can be asked for.
    body.setText({});
    body.insertFromMimeData(&page);
    QCOMPARE(body.text(), u"Some bold words"_qs);
}

void ComposeTextTest::pastesPicturesAsItsOwn()
{
    class Open : public ComposeBody {
    public:
        using ComposeBody::insertFromMimeData;
    } body;
    body.setRichText({{RichBlock{}}});
    QMimeData page;
    page.setHtml(u"<img src=\"data:image/png;base64,%1\" alt=Blue><img src=cid:foreign@x>"_qs.arg(
        QString::fromLatin1(png(8).toBase64())));
    body.insertFromMimeData(&page);
    const std::string html = htmlOf(body);
    const auto shown = body.pictures().shownIn(html);
    QCOMPARE(shown.size(), std::size_t(1));
    QCOMPARE(QByteArray::fromStdString(shown[0].data), png(8));
    QVERIFY(html.find("foreign") == std::string::npos && html.find("data:") == std::string::npos);
}

void ComposeTextTest::becomesPlainAndBack()
{
    ComposeEditor editor;
    QSignalSpy notices(&editor, &ComposeEditor::notice);
    Draft draft;
    draft.html = "<div>a <b>b</b></div>\n<ul style=\"margin:0\"><li>c</li></ul>\n";
    editor.setDraft(draft);
    editor.setRich(false);
    QCOMPARE(editor.body()->text(), u"a b\n- c"_qs);
    QCOMPARE(notices.count(), 1);
    const auto bar = qvariant_cast<BarMessage>(notices[0][0]);
    bar.actions[0].run();
    QCOMPARE(QByteArray::fromStdString(htmlOf(*editor.body())),
             QByteArray::fromStdString(draft.html));
    // Nothing is said where nothing is lost.
    draft.html = "<div>a</div>\n";
    editor.setDraft(draft);
    editor.setRich(false);
    QCOMPARE(notices.count(), 1);
    Draft written;
    editor.write(written);
    QVERIFY(written.html.empty());
    QCOMPARE(written.text, std::string("a"));
}

void ComposeTextTest::keepsThePicturesThatAreShown()
{
    ComposeEditor editor;
    Draft draft;
    draft.html = "<div><img src=\"cid:a@x\" alt=\"\" width=\"8\" height=\"8\"> words</div>\n";
    draft.attachments = {{"a.png", "image/png", png(8).toStdString(), "a@x"},
                         {"b.png", "image/png", "B", "b@x"}};
    const auto files = editor.setDraft(draft);
    QCOMPARE(files.size(), std::size_t(1));
    QCOMPARE(files[0].name, std::string("b.png"));
    Draft written;
    editor.write(written);
    QCOMPARE(written.html, draft.html);
    QCOMPARE(written.attachments.size(), std::size_t(1));
    QTest::keyClick(editor.body(), Qt::Key_Delete);
    Draft without;
    editor.write(without);
    QVERIFY(without.attachments.empty());
    editor.body()->undo();
    Draft again;
    editor.write(again);
    QCOMPARE(again.attachments.size(), std::size_t(1));
}

void ComposeTextTest::completesLinks_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("address");
    QTest::newRow("a page") << u"https://x.org/a?b=1"_qs << u"https://x.org/a?b=1"_qs;
    QTest::newRow("a host") << u"x.org"_qs << u"https://x.org"_qs;
    QTest::newRow("a mail address") << u"a@x.org"_qs << u"mailto:a@x.org"_qs;
    QTest::newRow("a script") << u"javascript:alert(1)"_qs << QString();
    QTest::newRow("a file") << u"file:///etc/passwd"_qs << QString();
    QTest::newRow("a word") << u"hello"_qs << QString();
    QTest::newRow("several words") << u"x.org is it"_qs << QString();
}

void ComposeTextTest::completesLinks()
{
    QFETCH(QString, typed);
    QFETCH(QString, address);
    QCOMPARE(LinkSheet::completed(typed), address);
}

void ComposeTextTest::cutsTextIntoWords_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("words");
    QTest::newRow("punctuation") << u"Well, \"this\" is it; isn't it?"_qs
                                 << u"Well this is it isn't it"_qs;
    QTest::newRow("addresses") << u"see https://x.org/teh, a@teh.org and www.teh.org now"_qs
                               << u"see and now"_qs;
    QTest::newRow("hosts and files")
        << u"open teh.org or /usr/teh please"_qs << u"open or please"_qs;
    QTest::newRow("numbers") << u"In 2026 the 3rd of B2B"_qs << u"In the of"_qs;
    QTest::newRow("hyphens") << u"well-known"_qs << u"well known"_qs;
    QTest::newRow("single letters") << u"a b cd"_qs << u"cd"_qs;
    QTest::newRow("other scripts") << u"Grüße für Ελλάδα"_qs << u"Grüße für Ελλάδα"_qs;
    QTest::newRow("the end of a sentence")
        << u"It ends. So it does."_qs << u"It ends So it does"_qs;
}

void ComposeTextTest::cutsTextIntoWords()
{
    QFETCH(QString, text);
    QFETCH(QString, words);
    QStringList found;
    for (const SpellWord& word : spellWords(text))
        found.append(text.mid(word.start, word.length));
    QCOMPARE(found.join(u' '), words);
}

void ComposeTextTest::marksWhatNoDictionaryKnows()
{
    QTemporaryDir folder;
    writeDictionary(folder.path(), u"en_US"_qs, {"the", "fox", "jumps", "quickly"});
    auto speller =
        std::make_shared<Speller>(QStringList(folder.path()), folder.filePath(u"own.txt"_qs));
    ComposeBody body;
    body.resize(600, 400);
    body.setRichText(readRichText("<div>teh fox jumsp</div><blockquote><div>teh</div></blockquote>"
                                  "<div><code>teh</code> <a href=\"https://x.org\">teh</a></div>"));
    body.spelling().setSpeller(speller);
    body.spelling().choose({true, {u"en_US"_qs}});
    body.show();
    QTRY_VERIFY(!body.spelling().wrongWordAt(0).isNull());
    QCOMPARE(body.spelling().wrongWordAt(1).selectedText(), u"teh"_qs);
    QVERIFY(body.spelling().wrongWordAt(5).isNull());
    QCOMPARE(body.spelling().wrongWordAt(10).selectedText(), u"jumsp"_qs);
    QTRY_VERIFY(body.spelling().isSettled());
    for (const int elsewhere : {15, 19, 23})
        QVERIFY(body.spelling().wrongWordAt(elsewhere).isNull());
    QVERIFY(speller->suggestions(u"jumsp"_qs, u"en_US"_qs).contains(u"jumps"_qs));
    speller->addOwn(u"teh"_qs);
    QTRY_VERIFY(body.spelling().isSettled() && body.spelling().wrongWordAt(1).isNull());
    const Speller next(QStringList(folder.path()), folder.filePath(u"own.txt"_qs));
    QVERIFY(QFile::exists(folder.filePath(u"own.txt"_qs)));
}

void ComposeTextTest::choosesTheLanguageByTheWords()
{
    QTemporaryDir folder;
    writeDictionary(folder.path(), u"en_US"_qs, {"we", "meet", "at", "noon", "today", "then"});
    writeDictionary(folder.path(), u"de_DE"_qs,
                    {"wir", "treffen", "uns", "heute", "um", "zw\xF6lf"}, "ISO8859-1");
    Speller speller(QStringList(folder.path()), {});
    QCOMPARE(speller.languages(), (QStringList{u"de_DE"_qs, u"en_US"_qs}));
    speller.load(u"de_DE"_qs);
    speller.load(u"en_US"_qs);
    QTRY_VERIFY(speller.isLoaded(u"de_DE"_qs) && speller.isLoaded(u"en_US"_qs));
    const QStringList german = u"wir treffen uns heute um zwölf"_qs.split(u' ');
    QCOMPARE(speller.bestFor(german, speller.languages()), u"de_DE"_qs);
    QCOMPARE(speller.bestFor(u"then we meet at noon"_qs.split(u' '), speller.languages()),
             u"en_US"_qs);
    QVERIFY(speller.isRight(u"zwölf"_qs, u"de_DE"_qs));
    QVERIFY(!speller.isRight(u"日本"_qs, u"de_DE"_qs));
    QCOMPARE(speller.bestFor({u"noon"_qs}, speller.languages()), QString());
}

void ComposeTextTest::tellsALanguageForEachParagraph()
{
    QTemporaryDir folder;
    writeDictionary(folder.path(), u"en_US"_qs, {"we", "meet", "at", "noon", "today", "then"});
    writeDictionary(folder.path(), u"de_DE"_qs, {"wir", "treffen", "uns", "heute", "um", "acht"});
    auto speller = std::make_shared<Speller>(QStringList(folder.path()), QString());
    ComposeBody body;
    body.resize(600, 400);
    const QString german = u"wir treffen uns heute um acht then"_qs;
    const QString english = u"then we meet at noon today heute"_qs;
    const QString either = u"heute noon zzyx"_qs; // too short to tell
    body.setText(german + u'\n' + english + u'\n' + either);
    body.spelling().setSpeller(speller);
    body.spelling().choose({true, {u"en_US"_qs, u"de_DE"_qs, u"xx_XX"_qs}});
    body.show();
    const int second = static_cast<int>(german.size()) + 1;
    const int third = second + static_cast<int>(english.size()) + 1;
    const auto wrongAt = [&](int position) {
        return body.spelling().wrongWordAt(position).selectedText();
    };
    QTRY_COMPARE(wrongAt(third + 12), u"zzyx"_qs);
    QCOMPARE(wrongAt(second - 2), u"then"_qs);
    QCOMPARE(wrongAt(third - 2), u"heute"_qs);
    for (const int right : {0, 6, second, second + 6, third, third + 7})
        QCOMPARE(wrongAt(right), QString());
    QCOMPARE(body.spelling().languageAt(1), u"de_DE"_qs);
    QCOMPARE(body.spelling().languageAt(second + 1), u"en_US"_qs);
    body.spelling().choose({true, {u"de_DE"_qs}});
    QTRY_COMPARE(wrongAt(third + 7), u"noon"_qs);
    body.spelling().choose({false, {u"de_DE"_qs}});
    QCOMPARE(wrongAt(third + 7), QString());
}

QTEST_MAIN(ComposeTextTest)
#include "ComposeTextTest.moc"
