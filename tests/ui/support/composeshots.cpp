// SPDX-License-Identifier: GPL-3.0-or-later
// Composes texts as people do and photographs them in the editor, beside the page that leaves: composeshots DIRECTORY WIDTH
// [NAME]. DIRECTORY/NAME.png is the editor, NAME.html the HTML part of the built message, its pictures in it. Run by
// tests/html/compose.
#include "core/mime/MessageBuilder.h"
#include "core/mime/MessageReader.h"
#include "core/mime/ReplyBuilder.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposeEditor.h"
#include "ui/theme/Theme.h"

#include <QAbstractTextDocumentLayout>
#include <QApplication>
#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QInputMethodEvent>
#include <QLinearGradient>
#include <QMimeData>
#include <QPainter>
#include <QTest>

using namespace avocet;

namespace {

using Mark = ComposeBody::Mark;
using Kind = RichBlock::Kind;

/// What a person does, by the editor's own ways.
class Writer {
public:
    explicit Writer(ComposeEditor& editor)
        : m_editor(editor)
        , m_body(*editor.body())
    {
    }

    Writer& type(const char* words)
    {
        QInputMethodEvent letters; // any letters, which keys would not be
        letters.setCommitString(QString::fromUtf8(words));
        QApplication::sendEvent(&m_body, &letters);
        return *this;
    }
    Writer& marked(Mark mark, const char* words)
    {
        m_body.toggle(mark);
        type(words);
        m_body.toggle(mark);
        return *this;
    }
    Writer& inked(const char* colour, const char* words)
    {
        m_body.setInk(QString::fromUtf8(colour));
        type(words);
        m_body.setInk({});
        return *this;
    }
    Writer& enter(int times = 1)
    {
        for (int i = 0; i < times; ++i)
            QTest::keyClick(&m_body, Qt::Key_Return);
        return *this;
    }
    Writer& tab()
    {
        QTest::keyClick(&m_body, Qt::Key_Tab);
        return *this;
    }
    Writer& heading(int level, const char* words)
    {
        m_body.setHeading(level);
        type(words);
        return enter();
    }
    Writer& list(Kind kind)
    {
        m_body.toggleList(kind);
        return *this;
    }
    Writer& quote()
    {
        m_body.toggleQuote();
        return *this;
    }
    Writer& code()
    {
        m_body.toggleCodeBlock();
        return *this;
    }
    Writer& link(const char* words, const char* address)
    {
        m_body.setLink(QString::fromUtf8(words), QString::fromUtf8(address));
        return *this;
    }
    Writer& picture(QSize size, int width)
    {
        QImage image(size, QImage::Format_RGB32);
        QPainter painter(&image);
        QLinearGradient sky(0, 0, 0, size.height());
        sky.setColorAt(0, QColor(70, 130, 180));
        sky.setColorAt(1, QColor(250, 210, 150));
        painter.fillRect(image.rect(), sky);
        painter.setBrush(QColor(255, 240, 200));
        painter.setPen(Qt::NoPen);
        painter.drawEllipse(QPointF(size.width() * 0.7, size.height() * 0.4), size.height() * 0.1,
                            size.height() * 0.1);
        painter.end();
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        m_body.insertPicture({"view.png", "image/png", bytes.toStdString(), ""}, width);
        return *this;
    }
    /// What another program has on the clipboard.
    Writer& paste(const char* html)
    {
        m_body.insertForeign(readRichText(html));
        return *this;
    }
    Writer& answer(const char* html)
    {
        const std::string raw =
            std::string("From: Anna <anna@example.org>\r\nTo: mara@example.org\r\n"
                        "Subject: Plan\r\nMIME-Version: 1.0\r\n"
                        "Content-Type: text/html; charset=utf-8\r\n\r\n") +
            html;
        ReplyOptions options;
        options.rich = true;
        Identity mara;
        mara.email = "mara@example.org";
        m_editor.setDraft(draftReply(ReplyKind::Reply, raw, readMessage(raw), mara, {},
                                     "On Friday, Anna wrote:", options));
        m_body.placeCursor();
        return *this;
    }

private:
    ComposeEditor& m_editor;
    ComposeBody& m_body;
};

struct Text {
    const char* name;
    void (*compose)(Writer&);
};

constexpr Text texts[] = {
    {"01-paragraphs",
     [](Writer& w) {
         w.type("Hi Björn,").enter(2);
         w.type("thank you for the offer. I read it twice, and I think that we should go on as you "
                "propose; there is one "
                "thing that I would like to have changed before we sign.")
             .enter(2);
         w.type("Two  spaces,   three, and a line of its own:").enter().type("here.").enter(3);
         w.type("Yours").enter().type("Mara");
     }},
    {"02-marks",
     [](Writer& w) {
         w.type("All ")
             .marked(Mark::Bold, "bold")
             .type(", ")
             .marked(Mark::Italic, "italic")
             .type(", ");
         w.marked(Mark::Underline, "underlined")
             .type(", ")
             .marked(Mark::Strike, "struck out")
             .type(" and ");
         w.marked(Mark::Code, "code").type(" in one line.").enter();
         w.inked("#c62828", "Red").type(", ").inked("#2e7d32", "green").type(" and ");
         w.inked("#1565c0", "blue").type(" words.").enter();
         w.type("A ").link("link with words", "https://example.org/a?b=1").type(" and ");
         w.link("https://example.org/", "https://example.org/").type(" bare.");
     }},
    {"03-headings",
     [](Writer& w) {
         w.heading(1, "A heading of the first kind").type("Words below it.").enter();
         w.heading(2, "One of the second").type("Words below it.").enter();
         w.heading(3, "And of the third").type("Words below it.");
     }},
    {"04-lists",
     [](Writer& w) {
         w.type("What to bring:")
             .enter()
             .list(Kind::Bullet)
             .type("Bread")
             .enter()
             .type("Cheese")
             .enter();
         w.tab().type("the old one").enter().type("the fresh one").enter();
         w.tab().type("from goats").enter(3).type("Wine").enter(2);
         w.type("How to come:").enter().list(Kind::Number);
         w.type("Take the train at 9:12, which is the one that goes on to the sea, and mind that "
                "only the front part does")
             .enter();
         w.type("Change").enter().type("Walk").enter(2).type("That is all.");
     }},
    {"05-quotes",
     [](Writer& w) {
         w.answer("<p>Dear Mara,</p><p>shall we meet <b>on Monday</b>? The place is as always.</p>"
                  "<blockquote><p>I have time next week.</p><blockquote><p>When do you have "
                  "time?</p></blockquote>"
                  "</blockquote><ul><li>Room 1</li><li>Room 2</li></ul>");
         w.type("Monday is fine.").enter().type("Mara");
     }},
    {"06-code",
     [](Writer& w) {
         w.type("This is how it goes:").enter().code().type("int main()").enter().type("{").enter();
         w.type("    return 0; // a & b < c").enter().type("}").enter(2).type("And that is ");
         w.marked(Mark::Code, "return").type(".");
     }},
    {"07-pictures",
     [](Writer& w) {
         w.type("From the window, made smaller:").enter().picture({800, 500}, 400).enter();
         w.type("In the midst ").picture({60, 40}, 60).type(" of words, and one more:").enter();
         w.picture({120, 80}, 120);
     }},
    {"08-scripts",
     [](Writer& w) {
         w.type("Ελληνικά, Русский, 日本語のテキスト, 한국어, हिन्दी.").enter();
         w.type("שלום עולם, זהו טקסט בעברית (with English in it).").enter();
         w.type("مرحبا بالعالم 123.").enter();
         w.type("Emoji: 😀 👩‍👩‍👧 🇩🇪 and a very long word: "
                "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft");
     }},
    {"09-pasted",
     [](Writer& w) {
         w.type("From the page:").enter();
         w.paste(
             "<h2 style='font-family:Impact;color:#fff;background:#000'>Offer</h2><p class=x "
             "style='margin:0 0 40px;"
             "line-height:3;font-size:30px'>Only <strong>today</strong> and <em>tomorrow</em>:</p>"
             "<table "
             "border=1><tr><td>Apples</td><td>2.50</td></tr><tr><td>Pears</td><td>3.10</td></tr></"
             "table>"
             "<ol><li>First<li>Second<ul><li>deeper</ul></ol><script>x()</script><p>End.</p>");
     }},
    {"10-signed",
     [](Writer& w) {
         w.type("See you then.").enter(2);
         w.paste("<div>-- </div><div><b>Mara Lindt</b></div><div>Head of <a "
                 "href='https://example.org/'>Things</a></div>"
                 "<hr><div><i>Please think before you print.</i></div>");
     }},
};

void writeFile(const QString& path, const std::string& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write %s", qPrintable(path));
    file.write(bytes.data(), static_cast<qint64>(bytes.size()));
}

/// The page as it leaves; cid: addresses become what they name.
std::string pageOf(const ComposeEditor& editor)
{
    Draft draft;
    draft.to = {{"", "bjorn@example.org"}};
    editor.write(draft);
    Identity mara;
    mara.email = "mara@example.org";
    const auto built = buildMessage(draft, mara, 1'700'000'000);
    if (!built)
        qFatal("not built: %s", built.error().detail.c_str());
    const ParsedMessage read = readMessage(built->bytes);
    QString page;
    for (const MimePart& part : read.parts)
        if (part.type == "text/html")
            page = QString::fromStdString(partText(built->bytes, part));
    for (const ParsedAttachment& file : read.attachments) {
        const std::string bytes = decodedAttachment(built->bytes, read, file);
        page.replace(QLatin1String("cid:") + QString::fromStdString(file.contentId),
                     QLatin1String("data:image/png;base64,") +
                         QString::fromLatin1(QByteArray::fromStdString(bytes).toBase64()));
    }
    return page.toStdString();
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    if (argc < 3)
        return 2;
    installTheme(app);
    const QString directory = QString::fromLocal8Bit(argv[1]);
    const int width = QByteArray(argv[2]).toInt();
    for (const Text& text : texts) {
        if (argc > 3 && !QByteArray(text.name).contains(argv[3]))
            continue;
        ComposeEditor editor;
        Draft empty;
        empty.html = "<div><br></div>\n";
        editor.setDraft(empty);
        editor.setFixedWidth(width);
        editor.resize(width, 400);
        editor.show();
        Writer writer(editor);
        text.compose(writer);
        const int height =
            static_cast<int>(editor.body()->document()->documentLayout()->documentSize().height());
        editor.resize(width, height + 60);
        QTest::qWait(300); // pictures are decoded beside; nothing is judged here, a person looks
        editor.body()->clearFocus();
        editor.body()->setCursorWidth(0);
        QCoreApplication::processEvents();
        editor.body()->grab().save(directory + u'/' + QLatin1String(text.name) +
                                   QLatin1String(".png"));
        writeFile(directory + u'/' + QLatin1String(text.name) + QLatin1String(".html"),
                  pageOf(editor));
    }
    return 0;
}
