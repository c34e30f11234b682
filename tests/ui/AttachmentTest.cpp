// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/AttachmentArea.h"

#include "tests/core/mime/TestFiles.h"
#include "tests/ui/support/ProfileFixture.h"
#include "ui/reader/AttachmentViewer.h"
#include "ui/reader/FileDrag.h"
#include "ui/reader/PreviewText.h"
#include "ui/reader/ReaderContext.h"
#include "ui/reader/ReceivedAttachmentCard.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QMouseEvent>
#include <QPainter>
#include <QPdfWriter>
#include <QTextBlock>
#include <QThreadPool>
#include <QVBoxLayout>

using namespace avocet;
using test::tableRows;

namespace {

std::shared_ptr<const OpenedMessage> messageWith(const std::string& parts)
{
    return std::make_shared<const OpenedMessage>(
        looseMessage("From: Anna <anna@x.org>\nMIME-Version: 1.0\n"
                     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n" +
                     parts + "--b--\n"));
}

std::string partNamed(const std::string& encodedName, const std::string& bytes = "abc")
{
    return "--b\nContent-Type: application/octet-stream\n"
           "Content-Disposition: attachment; filename*=utf-8''" +
           encodedName + "\n\n" + bytes + "\n";
}

std::string longName(std::size_t bytes)
{
    return std::string(bytes - 4, 'n') + ".pdf";
}

} // namespace

/// What the desktop is asked to open.
class Desktop : public QObject {
    Q_OBJECT
public:
    Desktop() { QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "open"); }
    ~Desktop() override { QDesktopServices::unsetUrlHandler(QStringLiteral("file")); }
    QList<QUrl> opened;

public Q_SLOTS:
    void open(const QUrl& url) { opened.append(url); }
};

class AttachmentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }
    void init();
    void cleanup();
    void theShownNameIsTheSavedOne_data();
    void theShownNameIsTheSavedOne();
    void savesAllUnderTheirShownNames();
    void savesTheLongestNames_data();
    void savesTheLongestNames();
    void saysThatANameIsTooLong();
    void saysWhatFailedWhenTheMessageHasGone();
    void theViewerSavesWhenTheMessageHasGone();
    void whatWasOpenedStaysWhenItsWindowCloses();
    void aClickWritesNothing();
    void showsTextInItsCharset_data();
    void showsTextInItsCharset();
    void aPdfWindowCloses();
    void saysThatTextIsCut();
    void anEndlessLineIsBrokenAndCopiedWhole();
    void whatMayRunIsOnlySaved_data();
    void whatMayRunIsOnlySaved();
    void opensOrdinaryFiles_data();
    void opensOrdinaryFiles();

private:
    void show(std::shared_ptr<const OpenedMessage> message)
    {
        m_area = new AttachmentArea(*m_context, *m_bars, &*m_window);
        m_window->layout()->addWidget(m_area);
        m_area->setMessage(std::move(message));
    }
    QList<ReceivedAttachmentCard*> cards() const
    {
        return m_area->findChildren<ReceivedAttachmentCard*>();
    }
    QString save(int index, const QString& directory);
    QString bar() const
    {
        const auto* shown = m_bars->findChild<InfoBar*>();
        return shown ? shown->message().text : QString();
    }

    std::unique_ptr<ProfileFixture> m_profile;
    std::unique_ptr<BodySettings> m_bodies;
    std::unique_ptr<ReaderContext> m_context;
    std::unique_ptr<QWidget> m_window;
    InfoBarStack* m_bars = nullptr;
    AttachmentArea* m_area = nullptr;
};

void AttachmentTest::init()
{
    m_profile = std::make_unique<ProfileFixture>();
    m_bodies = std::make_unique<BodySettings>();
    m_context = std::make_unique<ReaderContext>(m_profile->engine(), *m_bodies, nullptr);
    m_window = std::make_unique<QWidget>();
    new QVBoxLayout(&*m_window);
    m_bars = new InfoBarStack(&*m_window);
    m_window->layout()->addWidget(m_bars);
    m_window->show();
}

void AttachmentTest::cleanup()
{
    m_window.reset();
    m_context.reset();
    m_bodies.reset();
    m_profile.reset();
}

/// By the button and its dialog, under the name that this proposes; that name.
QString AttachmentTest::save(int index, const QString& directory)
{
    Q_EMIT cards().at(index)->saveRequested(index);
    auto* dialog = m_area->findChild<QFileDialog*>();
    if (!dialog)
        return {};
    const QString name = QFileInfo(dialog->selectedFiles().value(0)).fileName();
    Q_EMIT dialog->fileSelected(directory + u'/' + name);
    delete dialog;
    return name;
}

void AttachmentTest::theShownNameIsTheSavedOne_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("shown");
    for (const auto& row : tableRows(QStringLiteral("tests/cases/A1-20.tsv")))
        QTest::newRow(row.value(0).constData()) << row.value(1) << row.value(2);
}

void AttachmentTest::theShownNameIsTheSavedOne()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, shown);
    show(messageWith(partNamed(sent.toStdString())));
    QCOMPARE(cards().size(), 1);
    const QString name = cards().front()->name();
    QCOMPARE(name.toUtf8(), shown.isEmpty() ? QByteArray("attachment.bin") : shown);
    const QTemporaryDir directory;
    QCOMPARE(save(0, directory.path()), name);
    QTRY_COMPARE(
        QDir(directory.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden),
        QStringList{name});
    QVERIFY(!QFileInfo(directory.filePath(name)).isExecutable());

    Desktop desktop;
    Q_EMIT cards().front()->openRequested(0);
    if (mayRunCode(name)) {
        QTRY_VERIFY2(bar().contains(u"is only saved"), qPrintable(bar()));
        QVERIFY(desktop.opened.isEmpty());
        return;
    }
    QTRY_COMPARE(desktop.opened.size(), 1);
    const QFileInfo opened(desktop.opened.front().toLocalFile());
    QCOMPARE(opened.fileName(), name);
    QVERIFY(!opened.isExecutable());
}

void AttachmentTest::savesAllUnderTheirShownNames()
{
    std::string parts;
    QStringList wanted;
    for (const auto& row : tableRows(QStringLiteral("tests/cases/A1-20.tsv")))
        parts += partNamed(row.value(1).toStdString());
    parts += partNamed(longName(255)) + partNamed(longName(255));
    show(messageWith(parts));
    for (const auto* card : cards())
        wanted.append(card->name());
    wanted.back() = QString::fromStdString(std::string(247, 'n') + " (2).pdf");
    QSignalSpy said(&*m_context, &ReaderContext::toastRequested);
    for (auto* button : m_area->findChildren<QAbstractButton*>())
        if (button->text() == u"Save all")
            button->click();
    const QTemporaryDir directory;
    auto* dialog = m_area->findChild<QFileDialog*>();
    QVERIFY(dialog);
    Q_EMIT dialog->fileSelected(directory.path());
    QTRY_COMPARE(said.size(), 1);
    QCOMPARE(said.front().front().toString(), QStringLiteral("22 attachments saved"));
    QStringList saved = QDir(directory.path()).entryList(QDir::Files | QDir::Hidden);
    saved.sort();
    wanted.sort();
    QCOMPARE(saved, wanted);
}

void AttachmentTest::savesTheLongestNames_data()
{
    QTest::addColumn<int>("bytes");
    for (const int bytes : {248, 249, 254, 255})
        QTest::addRow("%d bytes", bytes) << bytes;
}

void AttachmentTest::savesTheLongestNames()
{
    QFETCH(int, bytes);
    const std::string name = longName(static_cast<std::size_t>(bytes));
    show(messageWith(partNamed(name)));
    const QTemporaryDir directory;
    QSignalSpy said(&*m_context, &ReaderContext::toastRequested);
    QCOMPARE(save(0, directory.path()).toStdString(), name);
    QTRY_COMPARE(said.size(), 1);
    QCOMPARE(said.front().front().toString(), QStringLiteral("Attachment saved"));
    QVERIFY(QFile::exists(directory.filePath(QString::fromStdString(name))));
    const QString next = ReaderFiles::freeName(directory.path(), QString::fromStdString(name));
    QVERIFY(QFileInfo(next).fileName().toUtf8().size() <= 255);
    QVERIFY2(next.endsWith(u" (2).pdf"), qPrintable(next));
    // What was there is replaced, and nothing else is left.
    save(0, directory.path());
    QTRY_COMPARE(said.size(), 2);
    QCOMPARE(QDir(directory.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void AttachmentTest::saysThatANameIsTooLong()
{
    show(messageWith(partNamed("a.pdf")));
    const QTemporaryDir directory;
    Q_EMIT cards().front()->saveRequested(0);
    auto* dialog = m_area->findChild<QFileDialog*>();
    Q_EMIT dialog->fileSelected(directory.filePath(QString(300, u'x')));
    QTRY_VERIFY2(bar().contains(u"The name is too long for this folder."), qPrintable(bar()));
}

void AttachmentTest::saysWhatFailedWhenTheMessageHasGone()
{
    show(messageWith(partNamed("a.pdf")));
    QSignalSpy said(&*m_context, &ReaderContext::toastRequested);
    save(0, QStringLiteral("/nonexistent"));
    delete m_area; // another message was selected
    QTRY_COMPARE(said.size(), 1);
    QCOMPARE(said.front().front().toString(),
             QStringLiteral("a.pdf was not saved. This folder cannot be written to. Choose "
                            "another one."));
}

void AttachmentTest::theViewerSavesWhenTheMessageHasGone()
{
    show(messageWith("--b\nContent-Type: text/plain\nContent-Disposition: attachment; "
                     "filename=a.txt\n\nabc\n"));
    Q_EMIT cards().front()->openRequested(0);
    const auto viewer = [] {
        for (QWidget* widget : QApplication::topLevelWidgets())
            if (auto* found = qobject_cast<AttachmentViewer*>(widget))
                return found;
        return static_cast<AttachmentViewer*>(nullptr);
    };
    QTRY_VERIFY(viewer());
    const std::unique_ptr<AttachmentViewer> window(viewer());
    delete m_area;
    m_context.reset(); // and its window closed
    const QTemporaryDir directory;
    for (auto* button : window->findChildren<QAbstractButton*>())
        if (button->text() == u"Save")
            button->click();
    auto* dialog = window->findChild<QFileDialog*>();
    QVERIFY(dialog);
    const QString path = directory.filePath(QStringLiteral("a.txt"));
    Q_EMIT dialog->fileSelected(path);
    QTRY_VERIFY(QFile::exists(path));
    auto* bars = window->findChild<InfoBarStack*>();
    QTRY_VERIFY(bars->contains(QStringLiteral("save")));
    Q_EMIT dialog->fileSelected(QStringLiteral("/nonexistent/a.txt"));
    const auto words = [bars] {
        const auto* shown = bars->findChild<InfoBar*>();
        return shown ? shown->message().text : QString();
    };
    QTRY_VERIFY2(words().startsWith(u"a.txt was not saved."), qPrintable(words()));
}

void AttachmentTest::whatWasOpenedStaysWhenItsWindowCloses()
{
    Desktop desktop;
    auto second = std::make_unique<ReaderContext>(m_profile->engine(), *m_bodies, nullptr);
    auto* area = new AttachmentArea(*second, *m_bars, &*m_window);
    area->setMessage(messageWith(partNamed("plan.odt")));
    Q_EMIT area->findChild<ReceivedAttachmentCard*>()->openRequested(0);
    QTRY_COMPARE(desktop.opened.size(), 1);
    delete area;
    second.reset();
    QVERIFY(QFile::exists(desktop.opened.front().toLocalFile()));
}

void AttachmentTest::aClickWritesNothing()
{
    QWidget source;
    int written = 0;
    const FileContent content([&written](const FileContent::Take& take) {
        ++written;
        take("abc");
    });
    ReaderFiles files;
    FileDrag drag(&source, files, QStringLiteral("a.txt"), content);
    const auto event = [](QEvent::Type type, int x) {
        return QMouseEvent(type, QPointF(x, 5), QPointF(x, 5), Qt::LeftButton, Qt::LeftButton,
                           Qt::NoModifier);
    };
    drag.pressed(event(QEvent::MouseButtonPress, 5));
    QVERIFY(!drag.moved(event(QEvent::MouseMove, 6)));
    QThreadPool::globalInstance()->waitForDone();
    QCOMPARE(written, 0);
    QVERIFY(drag.moved(event(QEvent::MouseMove, 6 + 2 * QApplication::startDragDistance())));
    QThreadPool::globalInstance()->waitForDone();
    QCOMPARE(written, 1);
}

void AttachmentTest::showsTextInItsCharset_data()
{
    QTest::addColumn<QByteArray>("charset");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("words");
    QTest::newRow("Cyrillic of Windows")
        << QByteArray("windows-1251") << QByteArray("\xCF\xF0\xE8\xE2\xE5\xF2")
        << QStringLiteral("\u041F\u0440\u0438\u0432\u0435\u0442");
    QTest::newRow("Japanese") << QByteArray("Shift_JIS") << QByteArray("\x93\xFA\x96\x7B\x8C\xEA")
                              << QStringLiteral("\u65E5\u672C\u8A9E");
    QTest::newRow("UTF-8") << QByteArray("utf-8") << QByteArray("gr\xC3\xB6\xC3\x9F")
                           << QStringLiteral("gr\u00F6\u00DF");
}

void AttachmentTest::showsTextInItsCharset()
{
    QFETCH(QByteArray, charset);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, words);
    const auto message = messageWith(
        "--b\nContent-Type: text/plain; charset=" + charset.toStdString() +
        "\nContent-Disposition: attachment; filename=a.txt\n\n" + bytes.toStdString() + "\n");
    const std::string text =
        attachmentText(message->raw, message->parsed, message->parsed.attachments.front());
    AttachmentViewer viewer(PreviewKind::Text, QStringLiteral("a.txt"), text);
    viewer.setAttribute(Qt::WA_DeleteOnClose, false);
    QCOMPARE(viewer.findChild<PreviewText*>()->toPlainText().trimmed(), words);
}

void AttachmentTest::aPdfWindowCloses()
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    QPainter(&writer).drawText(500, 500, QStringLiteral("words"));
    QPointer<AttachmentViewer> viewer(
        new AttachmentViewer(PreviewKind::Pdf, QStringLiteral("a.pdf"), bytes.toStdString()));
    viewer->show();
    const auto pages = [&viewer] {
        const QList<QAbstractScrollArea*> areas = viewer->findChildren<QAbstractScrollArea*>();
        return std::any_of(areas.begin(), areas.end(),
                           [](const auto* area) { return area->inherits("QPdfView"); });
    };
    QTRY_VERIFY(pages());
    viewer->close();
    QTRY_VERIFY(!viewer);
}

void AttachmentTest::saysThatTextIsCut()
{
    std::string text;
    while (text.size() < 2'000'000)
        text += std::string(70, 'a') + "\n";
    text.resize(1'999'999);
    text += "\u00E9 and more"; // cut in its middle
    AttachmentViewer viewer(PreviewKind::Text, QStringLiteral("a.txt"), text);
    viewer.setAttribute(Qt::WA_DeleteOnClose, false);
    QVERIFY(viewer.findChild<InfoBarStack*>()->contains(QStringLiteral("cut")));
    const QString shown = viewer.findChild<PreviewText*>()->toPlainText();
    QCOMPARE(shown.size(), 1'999'999);
    QVERIFY(shown.endsWith(u'a') || shown.endsWith(u'\n'));
    AttachmentViewer whole(PreviewKind::Text, QStringLiteral("a.txt"), "abc\n");
    whole.setAttribute(Qt::WA_DeleteOnClose, false);
    QVERIFY(!whole.findChild<InfoBarStack*>()->contains(QStringLiteral("cut")));
}

void AttachmentTest::anEndlessLineIsBrokenAndCopiedWhole()
{
    const std::string text =
        "first\n" + std::string(900'000, 'x') + " " + std::string(900'000, 'y') + "\nlast";
    PreviewText view(text, nullptr);
    view.resize(700, 500);
    view.show();
    int longest = 0;
    for (QTextBlock block = view.document()->firstBlock(); block.isValid(); block = block.next())
        longest = std::max(longest, block.length());
    QVERIFY2(longest <= 2'001, qPrintable(QString::number(longest)));
    view.selectAll();
    view.copy();
    QCOMPARE(QApplication::clipboard()->text(), QString::fromStdString(text));
}

void AttachmentTest::whatMayRunIsOnlySaved_data()
{
    QTest::addColumn<QString>("name");
    for (const char* suffix :
         {"desktop", "exe",      "svg",  "svgz", "html",   "xht", "xhtml",      "mhtml", "mht",
          "xml",     "xsl",      "csh",  "zsh",  "fish",   "rb",  "jnlp",       "docm",  "xlsm",
          "pptm",    "dotm",     "xlam", "wsf",  "vbe",    "pyw", "flatpakref", "iso",   "img",
          "chm",     "appimage", "mjs",  "scf",  "webloc", "msix"})
        QTest::newRow(suffix) << QStringLiteral("Plan.") +
                                     QLatin1String(suffix).toString().toUpper();
}

void AttachmentTest::whatMayRunIsOnlySaved()
{
    QFETCH(QString, name);
    QVERIFY(mayRunCode(name));
    QVERIFY(previewKind(QStringLiteral("text/plain"), name) == PreviewKind::None);
}

void AttachmentTest::opensOrdinaryFiles_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"a.pdf", "a.docx", "a.xlsx", "a.odt", "a.txt", "a.csv", "a.ics",
                             "a.zip", "a.png", "a.mp4", "a.vcf", "no suffix"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void AttachmentTest::opensOrdinaryFiles()
{
    QFETCH(QString, name);
    QVERIFY(!mayRunCode(name));
}

QTEST_MAIN(AttachmentTest)
#include "AttachmentTest.moc"
