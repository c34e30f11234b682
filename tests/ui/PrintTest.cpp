// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations on paper: each message as it is shown, and a word where that cannot be.
#include "SampleConversation.h"

#include "ui/reader/ConversationPrint.h"
#include "ui/reader/ConversationView.h"
#include "ui/reader/HtmlViews.h"
#include "ui/reader/JoinedPdf.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/ReaderContext.h"
#include "ui/reader/ReaderPane.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QBuffer>
#include <QPainter>
#include <QPdfDocument>
#include <QPdfSelection>
#include <QPdfWriter>
#include <QPrinter>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>

using namespace avocet;

namespace {

/// Pages with a word each.
QByteArray pdf(const QStringList& words)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        QPainter painter(&writer);
        for (const QString& word : words) {
            if (word != words.front())
                writer.newPage();
            painter.drawText(QPoint(400, 400), word);
            painter.drawEllipse(QPoint(3'000, 3'000), 900, 500);
        }
    }
    return buffer.data();
}

QStringList pagesOf(QByteArray bytes)
{
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    QPdfDocument document;
    document.load(&buffer);
    QStringList texts;
    for (int page = 0; page < document.pageCount(); ++page)
        texts.append(document.getAllText(page).text().simplified());
    return texts;
}

} // namespace

class PrintTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }

    void joinsFilesPageByPage()
    {
        const QByteArray joined = joinedPdf(
            {pdf({u"one"_qs, u"two"_qs}), pdf({u"three"_qs}), joinedPdf({pdf({u"four"_qs})})});
        QCOMPARE(pagesOf(joined), (QStringList{u"one"_qs, u"two"_qs, u"three"_qs, u"four"_qs}));
    }

    void joinsNothingThatIsNoPdf()
    {
        QVERIFY(joinedPdf({}).isEmpty());
        QVERIFY(joinedPdf({pdf({u"one"_qs}), "no pdf"}).isEmpty());
        QVERIFY(joinedPdf({pdf({u"one"_qs}), pdf({u"two"_qs}).chopped(40)}).isEmpty());
    }

    void printsEveryPageOfEveryFile()
    {
        const QTemporaryDir directory;
        const QString path = directory.filePath(u"out.pdf"_qs);
        auto printer = std::make_shared<QPrinter>();
        printer->setOutputFileName(path);
        std::optional<PagePrint::Outcome> outcome;
        QObject parent;
        new PagePrint(
            printer, {pdf({u"one"_qs, u"two"_qs}), pdf({u"three"_qs})},
            [&](PagePrint::Outcome how) { outcome = how; }, &parent);
        QTRY_VERIFY(outcome);
        QVERIFY(*outcome == PagePrint::Outcome::Done);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(pagesOf(file.readAll()).size(), 3);
    }

    void saysThatNothingWasPrinted_data()
    {
        QTest::addColumn<QList<QByteArray>>("files");
        QTest::newRow("the engine made no file") << QList<QByteArray>();
        QTest::newRow("the engine made an empty file") << QList<QByteArray>{{}};
        QTest::newRow("the engine made something else") << QList<QByteArray>{"no pdf"};
    }

    void saysThatNothingWasPrinted()
    {
        QFETCH(QList<QByteArray>, files);
        const QTemporaryDir directory;
        auto printer = std::make_shared<QPrinter>();
        printer->setOutputFileName(directory.filePath(u"out.pdf"_qs));
        std::optional<PagePrint::Outcome> outcome;
        QObject parent;
        new PagePrint(
            printer, files, [&](PagePrint::Outcome how) { outcome = how; }, &parent);
        QTRY_VERIFY(outcome);
        QVERIFY(*outcome == PagePrint::Outcome::Failed);
    }

    void printsEachMessageAsItIsShown()
    {
        if (const QString problem = htmlViewProblem(); !problem.isEmpty())
            QSKIP(qPrintable(problem));
        qputenv("AVOCET_SECRETS", "file");
        const QTemporaryDir directory, place;
        const std::filesystem::path profile = place.path().toStdString();
        SampleOptions options;
        options.inboxMessages = 1;
        const SampleProfile sample = fillProfile(profile, options);
        const std::string page = "Content-Type: text/html\r\n\r\n<p>Our <a "
                                 "href=\"https://plans.example/a\">floor plan</a></p>";
        const SampleConversation conversation = addConversation(
            profile, sample,
            {{"Ola", "ola@fjordworks.example", page, false},
             {"Marta", "marta@polnoc.example", plainBody("Thank you for it.\n"), false}});
        MailEngine engine(EngineOptions{profile, false});
        QVERIFY(engine.open());
        BodySettings settings;
        ReaderPane reader(engine, settings);
        reader.resize(700, 800);
        reader.show();
        reader.showMessage({}, conversation.messages.back());
        const auto* card = reader.conversation().card(conversation.messages.front());
        QVERIFY(card && card->isOpen());
        QTRY_VERIFY_WITH_TIMEOUT(reader.opened() && card->opened() && card->body()->showsHtml(),
                                 30'000);
        QSignalSpy said(&reader.context(), &ReaderContext::toastRequested);
        const QString path = directory.filePath(u"out.pdf"_qs);
        reader.writePdf(path);
        QTRY_COMPARE_WITH_TIMEOUT(said.size(), 1, 60'000);
        QCOMPARE(said.front().front().toString(), u"PDF saved"_qs);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList pages = pagesOf(file.readAll());
        QCOMPARE(pages.size(), 2);
        QVERIFY2(pages[0].contains(u"Our floor plan"_qs), qPrintable(pages[0]));
        QVERIFY2(!pages[0].contains(u"https://plans.example"_qs), "as HTML, not as its text");
        QVERIFY2(pages[0].contains(u"ola@fjordworks.example"_qs), qPrintable(pages[0]));
        QVERIFY2(pages[1].contains(u"Thank you for it."_qs), qPrintable(pages[1]));
    }
};

QTEST_MAIN(PrintTest)
#include "PrintTest.moc"
