// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/AttachmentPieces.h"
#include "ui/reader/AttachmentSaver.h"
#include "ui/reader/AttachmentViewer.h"
#include "ui/reader/BodySettings.h"
#include "ui/reader/Linkify.h"
#include "ui/reader/MessageHeader.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/ReaderFiles.h"
#include "ui/reader/ReceivedAttachmentCard.h"
#include "ui/reader/SourceWindow.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QAbstractTextDocumentLayout>
#include <QClipboard>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

#include <atomic>
#include <csignal>
#include <sys/resource.h>

using namespace avocet;

class ReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }

    void findsLinksInPlainText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("targets");
        const auto row = [](const char* name, const QString& text, const QStringList& targets) {
            QTest::newRow(name) << text << targets;
        };
        row("a full stop ends the sentence, not the link",
            QStringLiteral("See https://x.org/a. Then"), {QStringLiteral("https://x.org/a")});
        row("brackets around a link stay outside", QStringLiteral("(http://x.org/b)"),
            {QStringLiteral("http://x.org/b")});
        row("brackets within a link stay inside", QStringLiteral("https://x.org/w_(q)"),
            {QStringLiteral("https://x.org/w_(q)")});
        row("angle brackets", QStringLiteral("<https://x.org/c>"),
            {QStringLiteral("https://x.org/c")});
        row("www becomes https", QStringLiteral("www.x.org"),
            {QStringLiteral("https://www.x.org")});
        row("an address is a mailto", QStringLiteral("ask anna@x.org, or"),
            {QStringLiteral("mailto:anna@x.org")});
        row("other schemes are text",
            QStringLiteral("javascript:alert(1) file:///etc data:x ftp://x.org"), {});
        row("part of a word is no link", QStringLiteral("xhttps://x.org"), {});
        row("a host is needed", QStringLiteral("https:// and http://"), {});
        row("two in a line", QStringLiteral("http://a.org http://b.org"),
            {QStringLiteral("http://a.org"), QStringLiteral("http://b.org")});
    }

    void findsLinksInPlainText()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, targets);
        QStringList found;
        for (const TextLink& link : findLinks(text)) {
            found << link.target.toString();
        }
        QCOMPARE(found, targets);
    }

    void findsLinksInLinearTime()
    {
        QElapsedTimer timer;
        timer.start();
        findLinks(QStringLiteral("https://").repeated(60'000));
        findLinks(QStringLiteral("a@").repeated(200'000));
        findLinks(QString(500'000, u'a') + u'@');
        QVERIFY(timer.elapsed() < 5'000);
    }

    void asksBeforeALinkThatNamesAnotherHost_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("target");
        QTest::addColumn<bool>("fits");
        const auto row = [](const char* name, const QString& words, const char* target, bool fits) {
            QTest::newRow(name) << words << QString::fromUtf8(target) << fits;
        };
        row("its own address", QStringLiteral("https://x.org/a"), "https://x.org/a", true);
        row("words alone", QStringLiteral("Read more."), "https://x.org/a", true);
        row("a picture", {}, "https://x.org/a", true);
        row("the domain above", QStringLiteral("x.org"), "https://shop.x.org/a", true);
        row("www before the domain", QStringLiteral("www.x.org"), "https://x.org/", true);
        row("another host", QStringLiteral("https://bank.org"), "https://evil.org", false);
        row("another host in a sentence", QStringLiteral("Go to Bank.org now"), "https://evil.org",
            false);
        row("a host that only begins alike", QStringLiteral("bank.org"),
            "https://bank.org.evil.example", false);
        row("a host that only ends alike", QStringLiteral("bank.org"), "https://mybank.org", false);
        row("letters that nobody sees", QStringLiteral("ba\u200bnk.o\u00adrg"), "https://evil.org",
            false);
        row("a wide full stop", QStringLiteral("bank\uff0eorg"), "https://evil.org", false);
        row("a user part", QStringLiteral("click here"), "https://bank.org@evil.org", false);
        row("letters of another script", QStringLiteral("click here"), "https://\u0440aypal.com",
            false);
        row("an address of mail", QStringLiteral("bank.org"), "mailto:a@b.org", true);
    }

    void asksBeforeALinkThatNamesAnotherHost()
    {
        QFETCH(QString, words);
        QFETCH(QString, target);
        QTEST(wordsFitTarget(words, QUrl(target)), "fits");
    }

    void showsTextAsTextAndLinksAsLinks()
    {
        MessageText text;
        text.resize(700, 400);
        text.setMessage(QStringLiteral("<b>not bold</b> &amp; https://x.org/a\n> quoted"));
        QVERIFY(text.toPlainText().startsWith(QStringLiteral("<b>not bold</b> &amp;")));
        QSignalSpy opened(&text, &MessageText::linkActivated);
        Q_EMIT text.anchorClicked(QUrl(QStringLiteral("https://x.org/a")));
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.first().at(1).toString(), QStringLiteral("https://x.org/a"));
    }

    void foldsWhatIsQuotedDeeplyAndPgpsWrapping_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("shown");
        QTest::newRow("two levels stay")
            << QStringLiteral("Yes.\n> one\n>> two\n> > two")
            << QStringList{QStringLiteral("0 Yes."), QStringLiteral("1 one"),
                           QStringLiteral("2 two"), QStringLiteral("2 two")};
        QTest::newRow("from the third on they are folded, with the gaps between them")
            << QStringLiteral("> a\n>> b\n>>> c\n>>\n>>>> d\n>>> e\nend")
            << QStringList{QStringLiteral("1 a"), QStringLiteral("2 b"),
                           QStringLiteral("2 \u2026 4 quoted lines"), QStringLiteral("0 end")};
        QTest::newRow("one line is not worth it")
            << QStringLiteral(">>> c\nend")
            << QStringList{QStringLiteral("3 c"), QStringLiteral("0 end")};
        QTest::newRow("a signed text")
            << QStringLiteral("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n"
                              "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP "
                              "SIGNATURE-----\nafter")
            << QStringList{QStringLiteral("0 Signed with OpenPGP, not checked"),
                           QStringLiteral("0 Hello"), QStringLiteral("0 \u2026 OpenPGP signature"),
                           QStringLiteral("0 after")};
        QTest::newRow("armour that never ends hides nothing")
            << QStringLiteral("-----BEGIN PGP MESSAGE-----\nhQ==")
            << QStringList{QStringLiteral("0 -----BEGIN PGP MESSAGE-----"),
                           QStringLiteral("0 hQ==")};
    }

    void foldsWhatIsQuotedDeeplyAndPgpsWrapping()
    {
        QFETCH(QString, text);
        const ReadableText readable = readableText(text);
        QStringList shown;
        int fold = -1;
        for (const ReadableLine& line : readable.lines) {
            if (line.fold >= 0) {
                const TextFold& folded = readable.folds[static_cast<std::size_t>(line.fold)];
                if (fold != line.fold) {
                    shown << QStringLiteral("%1 %2").arg(folded.depth).arg(folded.words());
                }
            } else {
                shown << QStringLiteral("%1 %2")
                             .arg(line.depth)
                             .arg(text.mid(line.start, line.length));
            }
            fold = line.fold;
        }
        QTEST(shown, "shown");
    }

    void opensAFoldAndCopiesQuoteMarks()
    {
        MessageText text;
        text.resize(700, 400);
        text.setMessage(QStringLiteral("Yes.\n> one\n>>> three\n>>> and more"));
        QVERIFY(!text.toPlainText().contains(QStringLiteral("three")));
        QSignalSpy followed(&text, &MessageText::linkActivated);
        Q_EMIT text.anchorClicked(QUrl(QStringLiteral("avocet-fold:0")));
        QVERIFY(text.toPlainText().contains(QStringLiteral("three")));
        QCOMPARE(followed.size(), 0);
        text.selectAll();
        text.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("Yes.\n> one\n>>> three\n>>> and more"));
    }

    void aLinkOfTheTextOpensNoFold()
    {
        // Only http, https and mailto are ever made links.
        MessageText text;
        text.setMessage(QStringLiteral("avocet-fold:0"));
        QCOMPARE(text.document()->begin().begin().fragment().charFormat().isAnchor(), false);
    }

    void readsHugeTextInLinearTime()
    {
        QElapsedTimer timer;
        timer.start();
        readableText(QStringLiteral("-----BEGIN PGP MESSAGE-----\n").repeated(60'000));
        readableText(QString(2'000'000, u'>'));
        readableText(QStringLiteral(">>>\n").repeated(200'000));
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
    }

    void isAsTallAsItsLines()
    {
        MessageText text;
        text.resize(700, 400);
        text.show();
        text.setMessage(QStringLiteral("Line\n").repeated(200));
        const int line = QFontMetrics(text.document()->defaultFont()).height();
        QTRY_VERIFY(text.heightForWidth(700) > 200 * line);
    }

    void breaksItsLinesAnewForAnotherWidth()
    {
        MessageText text;
        text.resize(160, 400);
        text.show();
        text.setMessage(QStringLiteral("Confirm your password within 24 hours.\n"));
        text.grab();
        const QTextBlock block = text.document()->firstBlock();
        QVERIFY(block.layout()->lineCount() > 1);
        text.resize(700, 400);
        text.grab();
        QTRY_COMPARE(block.layout()->lineCount(), 1);
        text.resize(160, 400);
        text.grab();
        QTRY_VERIFY(block.layout()->lineCount() > 1);
    }

    void bringsALongTextInPieces()
    {
        QString words;
        for (int i = 0; i < 5'000; ++i) {
            words += QStringLiteral("Line %1 has some words.\n>>> deep %1\n>>> deeper\n").arg(i);
        }
        MessageText text;
        text.resize(700, 400);
        text.show();
        text.setMessage(words);
        QVERIFY(!text.isWhole());
        QVERIFY(text.toPlainText().startsWith(QStringLiteral("Line 0 ")));
        const int atFirst = text.heightForWidth(700);
        int count = -1;
        text.markWords(QStringLiteral("Line 4999 has"), [&count](int all) { count = all; });
        QCOMPARE(count, -1);
        QTRY_COMPARE(count, 1);
        QVERIFY(text.isWhole());
        QVERIFY(text.heightForWidth(700) > 2 * atFirst);
        // A fold deep in it opens in its place.
        HtmlFound place;
        text.findWords(QStringLiteral("deep 3000"), false,
                       [&place](const HtmlFound& found) { place = found; });
        QTRY_COMPARE(place.all, 1);
        QVERIFY(text.toPlainText().contains(
            QStringLiteral("Line 3000 has some words.\ndeep 3000\ndeeper\nLine 3001 ")));
        QVERIFY(place.where.y() > text.heightForWidth(700) / 2);
        text.findWords(QStringLiteral("Line 1 has"), false,
                       [&place](const HtmlFound& found) { place = found; });
        QTRY_COMPARE(place.all, 1);
        QVERIFY(text.toPlainText().contains(
            QStringLiteral("Line 3000 has some words.\n\u2026 2 quoted lines\nLine 3001 ")));
        text.selectAll();
        text.copy();
        QVERIFY(QGuiApplication::clipboard()->text().contains(
            QStringLiteral("Line 4999 has some words.\n>> \u2026 2 quoted lines")));
    }

    void breaksEndlessLinesAndCopiesThemWhole()
    {
        const QString words = QStringLiteral("> ") + QStringLiteral("some words ").repeated(2'000);
        MessageText text;
        text.setMessage(words);
        QTRY_VERIFY(text.isWhole());
        QVERIFY(text.document()->blockCount() > 4);
        text.selectAll();
        text.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), words);
    }

    void addsUpHeightsThatAreGuessedAndMeasured()
    {
        QString words;
        for (int i = 0; i < 3'000; ++i) {
            words += QStringLiteral("%1 \u4e2d\u6587 words that are wrapped once and again, %1\n")
                         .arg(i)
                         .repeated(1 + i % 3)
                         .replace(u'\n', u' ') +
                     u'\n';
        }
        MessageText text;
        text.setMessage(words);
        QTRY_VERIFY(text.isWhole());
        const auto* layout = text.document()->documentLayout();
        text.heightForWidth(300);
        text.resize(300, 400);
        const auto bottom = [&] {
            return layout->blockBoundingRect(text.document()->lastBlock()).bottom();
        };
        QTRY_VERIFY(std::abs(bottom() + text.document()->documentMargin() -
                             layout->documentSize().height()) < 1);
    }

    void wrapsAtAReadableWidth()
    {
        MessageText text;
        text.setMessage(QStringLiteral("word ").repeated(400));
        const int wide = text.heightForWidth(2'000);
        QCOMPARE(wide, text.heightForWidth(text.columnWidth() + 2 * MessageText::margin));
        QVERIFY(text.heightForWidth(300) > wide);
    }

    void alwaysShowsTheAddress()
    {
        MessageHeader header;
        HeaderContent content;
        content.from = {{"boss@company.org", "thief@evil.org"}};
        content.to = {{"Anna", "anna@x.org"}, {"", "b@x.org"}, {"C", "c@x.org"}, {"D", "d@x.org"}};
        content.date = 1'790'000'000;
        header.setContent(content, {QStringLiteral("anna@x.org")});
        header.resize(500, 80);
        header.show();
        bool seen = false;
        for (const ElidedLabel* label : header.findChildren<ElidedLabel*>()) {
            seen = seen || (label->isVisible() && label->fullText() == u"thief@evil.org");
        }
        QVERIFY(seen);
        auto* fold = header.findChild<QAbstractButton*>();
        QCOMPARE(fold->text(), QStringLiteral("to me, b@x.org, C +1"));
    }

    void showsMisleadingDomainsInAscii()
    {
        MessageHeader header;
        HeaderContent content;
        content.from = {{"Shop", "a@g\u043E\u043Egle.com"}};
        content.to = {{"", "b@b\u00FCcher.example"}};
        header.setContent(content, {});
        QStringList shown;
        for (const ElidedLabel* label : header.findChildren<ElidedLabel*>())
            shown << label->fullText();
        QVERIFY(shown.contains(QStringLiteral("a@xn--ggle-55da.com")));
        QCOMPARE(header.findChild<QAbstractButton*>()->text(),
                 QStringLiteral("to b@b\u00FCcher.example"));
    }

    void tellsWhatTheOwnServerFound()
    {
        MessageHeader header;
        HeaderContent content;
        content.from = {{"Shop", "a@example.org"}};
        content.authentication = Authentication{
            "mx.example.net",
            {{"spf", AuthOutcome::Pass, "example.org", {}}, {"dmarc", AuthOutcome::Fail, {}, {}}}};
        header.setContent(content, {});
        header.findChild<QAbstractButton*>()->click();
        bool told = false;
        for (const QLabel* label : header.findChildren<QLabel*>())
            told =
                told || label->text().contains(QStringLiteral(
                            "Checked by mx.example.net: DMARC failed, SPF passed (example.org)"));
        QVERIFY(told);
    }

    void makesFileNamesSafe_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("safe");
        QTest::newRow("a path is cut")
            << QStringLiteral("../../etc/passwd") << QStringLiteral("passwd");
        QTest::newRow("a Windows path is cut")
            << QStringLiteral("C:\\Users\\x\\a.txt") << QStringLiteral("a.txt");
        QTest::newRow("hidden files come to light")
            << QStringLiteral(".bashrc") << QStringLiteral("bashrc");
        QTest::newRow("direction marks go")
            << QStringLiteral("invoice\u202Efdp.exe") << QStringLiteral("invoicefdp.exe");
        QTest::newRow("nothing left gets a name")
            << QStringLiteral("..") << QStringLiteral("attachment");
    }

    void makesFileNamesSafe()
    {
        QFETCH(QString, name);
        QTEST(safeFileName(name), "safe");
        QVERIFY(safeFileName(QString(4'000, u'\u00e9') + QStringLiteral(".pdf")).toUtf8().size() <=
                255);
        QVERIFY(safeFileName(QString(4'000, u'x') + QStringLiteral(".pdf")).endsWith(u".pdf"));
    }

    void neverOpensWhatMayRun()
    {
        QVERIFY(mayRunCode(QStringLiteral("a.desktop")));
        QVERIFY(mayRunCode(QStringLiteral("A.EXE")));
        QVERIFY(!mayRunCode(QStringLiteral("a.pdf")));
    }

    void previewsOnlyWhatIsHarmless()
    {
        const auto kind = [](const char* type, const char* name) {
            return previewKind(QLatin1String(type), QLatin1String(name));
        };
        QCOMPARE(kind("image/png", "a.png"), PreviewKind::Picture);
        QCOMPARE(kind("image/svg+xml", "a.svg"), PreviewKind::None);
        QCOMPARE(kind("image/png", "a.png.exe"), PreviewKind::None);
        QCOMPARE(kind("text/plain", "a.txt"), PreviewKind::Text);
        QCOMPARE(kind("text/html", "a.txt"), PreviewKind::None);
        QCOMPARE(kind("application/pdf", "a.pdf"), PreviewKind::Pdf);
        QCOMPARE(kind("application/octet-stream", "a.eml"), PreviewKind::Message);
    }

    void saysWhenAPreviewCannotBeRead()
    {
        auto* viewer =
            new AttachmentViewer(PreviewKind::Picture, QStringLiteral("a.png"), "no picture");
        viewer->show();
        QTRY_VERIFY(viewer->findChild<EmptyState*>());
        QCOMPARE(viewer->findChild<EmptyState*>()->title(),
                 QStringLiteral("This picture cannot be read"));
        delete viewer;
        auto* pdf = new AttachmentViewer(PreviewKind::Pdf, QStringLiteral("a.pdf"), "no pdf");
        QTRY_VERIFY(pdf->findChild<EmptyState*>());
        delete pdf;
    }

    void savesWithoutExecuteRights()
    {
        QTemporaryDir directory;
        ReaderFiles files;
        std::optional<Result<QString>> saved;
        const QString path = directory.filePath(QStringLiteral("a.sh"));
        files.save(path, std::string("#!/bin/sh\n"),
                   [&saved](Result<QString> result) { saved = result; });
        QTRY_VERIFY(saved.has_value());
        QVERIFY(saved->has_value());
        const auto rights = QFileInfo(path).permissions();
        QVERIFY(!rights.testFlag(QFileDevice::ExeOwner) && !rights.testFlag(QFileDevice::ExeGroup));
        QCOMPARE(
            QFileInfo(ReaderFiles::freeName(directory.path(), QStringLiteral("a.sh"))).fileName(),
            QStringLiteral("a (2).sh"));
    }

    void saysAllAreSavedOnlyOnceTheyAre()
    {
        const QTemporaryDir directory;
        ReaderFiles files;
        QList<AttachmentSaver::Bytes> asked;
        auto* saver = new AttachmentSaver(
            files, directory.path(),
            {QStringLiteral("a.pdf"), QStringLiteral("a.pdf"), QStringLiteral("b.jpg")},
            [&asked](int, AttachmentSaver::Bytes done) { asked.append(std::move(done)); }, &files);
        std::optional<AttachmentSaver::Report> report;
        int onDisk = 0;
        connect(saver, &AttachmentSaver::finished, this, [&](const AttachmentSaver::Report& said) {
            report = said;
            onDisk = static_cast<int>(QDir(directory.path()).count()) - 2;
        });
        saver->start();
        for (int i = 0; i < 3; ++i) {
            QTRY_COMPARE(asked.size(), i + 1);
            QVERIFY(!report);
            asked[i](std::string(1, static_cast<char>('0' + i)));
        }
        QTRY_VERIFY(report.has_value());
        QCOMPARE(report->saved, 3);
        QCOMPARE(onDisk, 3);
        QVERIFY(report->missing.isEmpty());
        QFile second(directory.filePath(QStringLiteral("a (2).pdf")));
        QVERIFY(second.open(QIODevice::ReadOnly));
        QCOMPARE(second.readAll(), QByteArray("1"));
    }

    void namesWhatWasNotSaved()
    {
        const QTemporaryDir directory;
        ReaderFiles files;
        auto* saver = new AttachmentSaver(
            files, directory.path(), {QStringLiteral("a.pdf"), QStringLiteral("b.jpg")},
            [](int index, const AttachmentSaver::Bytes& done) {
                index == 0 ? done(fail(ErrorKind::Rejected, "gone", ErrorCode::NotFound))
                           : done(std::string("x"));
            },
            &files);
        std::optional<AttachmentSaver::Report> report;
        connect(saver, &AttachmentSaver::finished, this,
                [&report](const AttachmentSaver::Report& said) { report = said; });
        saver->start();
        QTRY_VERIFY(report.has_value());
        QCOMPARE(report->saved, 1);
        QCOMPARE(report->missing, QStringList{QStringLiteral("a.pdf")});
        QVERIFY(!report->unwritable);
        QVERIFY(QFile::exists(directory.filePath(QStringLiteral("b.jpg"))));

        AttachmentSaver::Report full;
        full.missing = {QStringLiteral("a.pdf"), QStringLiteral("b.jpg")};
        full.cause = Error{ErrorKind::Storage, "no space", {}, ErrorCode::DiskFull, 0};
        full.unwritable = true;
        QCOMPARE(
            notSavedSentence(full, 3),
            QStringLiteral("2 of 3 attachments were not saved: a.pdf, b.jpg. The disk is full. "
                           "Make room or choose another folder."));
    }

    void leavesNothingOfAFileThatTheDiskHasNoRoomFor()
    {
        const QTemporaryDir directory;
        ReaderFiles files;
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        signal(SIGXFSZ, SIG_IGN);
        const rlimit small{3'000'000, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
        std::optional<Result<QString>> saved;
        files.save(directory.filePath(QStringLiteral("a.bin")), std::string(8'000'000, 'x'),
                   [&saved](Result<QString> result) { saved = result; });
        QTRY_VERIFY(saved.has_value());
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!saved->has_value());
        QCOMPARE(saved->error().code, ErrorCode::DiskFull);
        QVERIFY(QDir(directory.path()).isEmpty());
    }

    void leavesNothingOfAFileThatIsCalledOff()
    {
        const QTemporaryDir directory;
        ReaderFiles files;
        const auto progress = std::make_shared<FileProgress>();
        std::optional<Result<QString>> saved;
        const FileContent endless([](const FileContent::Take& take) {
            while (take(std::string(1000, 'x'))) {
            }
        });
        files.save(
            directory.filePath(QStringLiteral("a.bin")), endless,
            [&saved](Result<QString> result) { saved = result; }, progress);
        QTRY_VERIFY(progress->written > 0);
        progress->cancelled = true;
        QTRY_VERIFY(saved.has_value());
        QCOMPARE(saved->error().kind, ErrorKind::Cancelled);
        QVERIFY(progress->ended);
        QVERIFY(QDir(directory.path()).isEmpty());
    }

    void savesALargeAttachmentInSmallPieces()
    {
        const QTemporaryDir directory;
        ReaderFiles files;
        const auto parsed = std::make_shared<ParsedMessage>();
        const auto raw = std::make_shared<std::string>(
            "Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n");
        const std::string line(76, 'A');
        while (raw->size() < 68'000'000) {
            *raw += line + '\n';
        }
        *parsed = readMessage(*raw);
        QCOMPARE(parsed->attachments.size(), std::size_t(1));
        const auto largest = std::make_shared<std::atomic<std::size_t>>(0);
        const FileContent content([raw, parsed, largest](const FileContent::Take& take) {
            decodeInPieces(*raw, *parsed, parsed->attachments.front(),
                           [&take, &largest](std::string_view piece) {
                               *largest = std::max<std::size_t>(*largest, piece.size());
                               return take(piece);
                           });
        });
        std::optional<Result<QString>> saved;
        const QString path = directory.filePath(QStringLiteral("a.zip"));
        files.save(path, content, [&saved](Result<QString> result) { saved = result; });
        QTRY_VERIFY_WITH_TIMEOUT(saved.has_value(), 60'000);
        QVERIFY(saved->has_value());
        QCOMPARE(QFileInfo(path).size(), parsed->attachments.front().size);
        QVERIFY(QFileInfo(path).size() > 50'000'000);
        QVERIFY(*largest <= 1'000'000);
    }

    void showsHowFarAnAttachmentIs()
    {
        ParsedAttachment attachment;
        attachment.name = "film.mp4";
        attachment.type = "video/mp4";
        attachment.size = 50'000'000;
        ReceivedAttachmentCard card(0, attachment);
        card.show();
        const auto progress = std::make_shared<FileProgress>();
        progress->written = 20'000'000;
        card.follow(progress);
        QAbstractButton* cancel = nullptr;
        for (auto* button : card.findChildren<QAbstractButton*>()) {
            if (button->accessibleName() == u"Cancel saving film.mp4") {
                cancel = button;
            }
        }
        QVERIFY(cancel);
        QTRY_VERIFY(cancel->isVisible());
        QTest::mouseClick(cancel, Qt::LeftButton);
        QVERIFY(progress->cancelled);
        progress->ended = true;
        QTRY_VERIFY(!cancel->isVisible());
    }

    void opensLinksWithoutWhatTellsWhoClicked()
    {
        BodySettings settings;
        const QUrl link(QStringLiteral("https://shop.example/a?utm_source=news&id=7"));
        QCOMPARE(settings.cleaned(link), link);
        settings.setStripTracking(true);
        QCOMPARE(settings.cleaned(link), QUrl(QStringLiteral("https://shop.example/a?id=7")));
        const QUrl mail(QStringLiteral("mailto:a@b.example?subject=utm_source"));
        QCOMPARE(settings.cleaned(mail), mail);
    }

    void saysWhenSavingFails()
    {
        ReaderFiles files;
        std::optional<Result<QString>> saved;
        files.save(QStringLiteral("/nonexistent/place/a.txt"), std::string("x"),
                   [&saved](Result<QString> result) { saved = result; });
        QTRY_VERIFY(saved.has_value());
        QVERIFY(!saved->has_value());
        QCOMPARE(saved->error().kind, ErrorKind::Storage);
    }

    void namesPeopleOfAnyLength()
    {
        MessageHeader header;
        HeaderContent content;
        content.from = {{std::string(100'000, 'n'), std::string(100'000, 'a') + "@evil.example"}};
        content.to = {{std::string(1'000'000, 'b'), "b@example.org"}};
        header.setContent(content, {});
        header.resize(600, header.sizeHint().height());
        for (const auto* button : header.findChildren<QAbstractButton*>())
            QVERIFY(button->text().size() < 600);
        for (const auto* label : header.findChildren<ElidedLabel*>()) {
            QVERIFY(label->fullText().size() < 600);
            if (label->fullText().contains(u'@'))
                QVERIFY(label->fullText().endsWith(QStringLiteral("@evil.example")));
        }
    }

    void showsASourceWithinLimits_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<bool>("whole");
        const auto row = [](const char* name, const QByteArray& raw, bool whole) {
            QTest::newRow(name) << raw << whole;
        };
        row("a message", "Subject: a\n\ntext\n", true);
        row("nothing", "", true);
        row("no end of line", "Subject: a", true);
        row("as many lines as are shown", QByteArray("X: y\n").repeated(20'000), true);
        row("one more", QByteArray("X: y\n").repeated(20'000) + "last", false);
        row("many bytes", QByteArray(1'000, 'a').append('\n').repeated(2'000), false);
        row("many letters of four bytes", "ab" + QByteArray("\xf0\x9f\x98\x80").repeated(300'000),
            false);
        row("one long line", "X: " + QByteArray(900'000, 'a'), true);
        row("letters of two units", QByteArray("\xf0\x9f\x98\x80").repeated(50'000), true);
    }

    void showsASourceWithinLimits()
    {
        QFETCH(QByteArray, raw);
        QFETCH(bool, whole);
        const SourceWindow window(QStringLiteral("a"), raw.toStdString());
        const QString shown = window.findChild<QPlainTextEdit*>()->toPlainText();
        bool said = false;
        for (const QLabel* label : window.findChildren<QLabel*>())
            said = said || label->text().startsWith(QStringLiteral("The first"));
        QCOMPARE(said, !whole);
        const QStringList lines = shown.split(u'\n');
        QVERIFY(lines.size() <= 20'300);
        for (const QString& line : lines)
            QVERIFY(line.size() <= 4'001);
        const auto letters = [](QString text) { return text.remove(u'\n'); };
        const QString all = letters(QString::fromUtf8(raw));
        QCOMPARE(letters(shown), all.left(letters(shown).size()));
        QCOMPARE(letters(shown).size() == all.size(), whole);
    }
};

QTEST_MAIN(ReaderTest)
#include "ReaderTest.moc"
