// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/RecipientField.h"
#include "ui/compose/RecipientChip.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace avocet;

class RecipientFieldTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatPeoplePaste_data();
    void readsWhatPeoplePaste();
    void judgesAddresses_data();
    void judgesAddresses();
    void writesBackWhatItReads_data();
    void writesBackWhatItReads();
    void boundsAHugePaste();
    void completesAChipAtEachKey_data();
    void completesAChipAtEachKey();
    void keepsACommaInsideAQuotedName();
    void makesChipsOfAPasteAtOnce();
    void removesTheLastChipByBackspace();
    void walksChipsByArrowKeysAndDeletesOne();
    void editsAChipInPlace();
    void marksWhatIsNoAddress();
    void countsTypedTextWithoutAChip();
    void namesEveryPartForAssistiveTools();
    void growsWithItsRowsAndThenScrolls();
};

namespace {

/// "valid Name <address>" or "invalid text", one a recipient, joined by bars.
QString summary(const std::vector<TypedRecipient>& recipients)
{
    QStringList parts;
    for (const TypedRecipient& recipient : recipients) {
        const QString address = QString::fromStdString(recipient.address.address);
        const QString name = QString::fromStdString(recipient.address.name);
        if (!recipient.valid)
            parts.append(u"invalid "_qs + address);
        else
            parts.append(name.isEmpty() ? address : name + u" <"_qs + address + u'>');
    }
    return parts.join(u" | "_qs);
}

} // namespace

void RecipientFieldTest::readsWhatPeoplePaste_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("one address") << u"anna@x.org"_qs << u"anna@x.org"_qs;
    QTest::newRow("commas") << u"a@x.org,b@x.org, c@x.org"_qs << u"a@x.org | b@x.org | c@x.org"_qs;
    QTest::newRow("semicolons and an empty end")
        << u"a@x.org; b@x.org;"_qs << u"a@x.org | b@x.org"_qs;
    QTest::newRow("a column of a spreadsheet")
        << u"a@x.org\r\nb@x.org\n\nc@x.org\n"_qs << u"a@x.org | b@x.org | c@x.org"_qs;
    QTest::newRow("a row of a spreadsheet") << u"a@x.org\tb@x.org"_qs << u"a@x.org | b@x.org"_qs;
    QTest::newRow("blanks alone") << u"a@x.org b@x.org"_qs << u"a@x.org | b@x.org"_qs;
    QTest::newRow("names") << u"Anna Berg <a@x.org>, Bo <b@x.org>"_qs
                           << u"Anna Berg <a@x.org> | Bo <b@x.org>"_qs;
    QTest::newRow("a quoted comma")
        << u"\"Doe, John\" <j@x.org>, b@x.org"_qs << u"Doe, John <j@x.org> | b@x.org"_qs;
    QTest::newRow("an unquoted family name first")
        << u"Doe, John <j@x.org>; Roe, Jane <r@x.org>"_qs
        << u"Doe, John <j@x.org> | Roe, Jane <r@x.org>"_qs;
    QTest::newRow("escaped quotes")
        << u"\"The \\\"Boss\\\"\" <b@x.org>"_qs << u"The \"Boss\" <b@x.org>"_qs;
    QTest::newRow("a quote that never ends")
        << u"\"Anna <a@x.org>, b@x.org"_qs << u"\"Anna <a@x.org> | b@x.org"_qs;
    QTest::newRow("the old comment form") << u"a@x.org (Anna Berg)"_qs << u"Anna Berg <a@x.org>"_qs;
    QTest::newRow("a copied link") << u"mailto:a@x.org"_qs << u"a@x.org"_qs;
    QTest::newRow("no address at all") << u"Anna, b@x.org"_qs << u"invalid Anna | b@x.org"_qs;
    QTest::newRow("an international domain")
        << u"anna@bücher.example"_qs << u"anna@xn--bcher-kva.example"_qs;
    QTest::newRow("an international local part") << u"用户@例え.jp"_qs << u"用户@xn--r8jz45g.jp"_qs;
    QTest::newRow("full-width separators")
        << u"a@x.org，b@x.org；c@x.org、d@x.org"_qs << u"a@x.org | b@x.org | c@x.org | d@x.org"_qs;
    QTest::newRow("a name that is the address") << u"\"a@x.org\" <a@x.org>"_qs << u"a@x.org"_qs;
    QTest::newRow("an address inside a name stays a name")
        << u"\"bank@x.org\" <evil@y.org>"_qs << u"bank@x.org <evil@y.org>"_qs;
    QTest::newRow("a direction override in a name")
        << u"An\u202Ena <a@x.org>"_qs << u"Anna <a@x.org>"_qs;
    QTest::newRow("a group") << u"Friends: Anna <a@x.org>, b@x.org; c@x.org"_qs
                             << u"Anna <a@x.org> | b@x.org | c@x.org"_qs;
    QTest::newRow("a group of nobody") << u"undisclosed-recipients:;"_qs << QString();
    QTest::newRow("copied with the field's name") << u"To: a@x.org"_qs << u"a@x.org"_qs;
    QTest::newRow("a colon in a quoted name")
        << u"\"Re: me\" <a@x.org>"_qs << u"Re: me <a@x.org>"_qs;
    QTest::newRow("as Outlook copies them") << u"'Berg, Anna' <a@x.org>; Bo Lund <b@x.org>; "_qs
                                            << u"Berg, Anna <a@x.org> | Bo Lund <b@x.org>"_qs;
    QTest::newRow("nothing but separators") << u" , ;\n "_qs << QString();
}

void RecipientFieldTest::readsWhatPeoplePaste()
{
    QFETCH(QString, text);
    QTEST(summary(parseRecipients(text)), "expected");
}

void RecipientFieldTest::judgesAddresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("valid");
    const auto row = [](const char* name, const QString& address, bool valid) {
        QTest::newRow(name) << address << valid;
    };
    row("plain", u"anna@example.org"_qs, true);
    row("plus and dots", u"anna.b+news@mail.example.co.uk"_qs, true);
    row("local host", u"anna@localhost"_qs, true);
    row("IPv4 literal", u"anna@[192.0.2.1]"_qs, true);
    row("IPv6 literal", u"anna@[IPv6:2001:db8::1]"_qs, true);
    row("quoted local part", u"\"anna berg\"@example.org"_qs, true);
    row("one label", u"anna@example"_qs, false);
    row("no domain", u"anna@"_qs, false);
    row("no local part", u"@example.org"_qs, false);
    row("two at signs", u"anna@b@example.org"_qs, false);
    row("blank inside", u"an na@example.org"_qs, false);
    row("dot at the end", u"anna.@example.org"_qs, false);
    row("two dots", u"an..na@example.org"_qs, false);
    row("empty label", u"anna@example..org"_qs, false);
    row("hyphen at a label's end", u"anna@example-.org"_qs, false);
    row("literal out of range", u"anna@[300.0.2.1]"_qs, false);
    row("line break", u"anna@example.org\nBcc: x@y.org"_qs, false);
    row("local part of 65 bytes", QString(65, u'a') + u"@example.org"_qs, false);
}

void RecipientFieldTest::judgesAddresses()
{
    QFETCH(QString, address);
    QTEST(isValidAddress(address), "valid");
}

void RecipientFieldTest::writesBackWhatItReads_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << u"Anna Berg"_qs;
    QTest::newRow("comma") << u"Berg, Anna"_qs;
    QTest::newRow("quotes and a backslash") << u"The \"Boss\" \\ Co"_qs;
    QTest::newRow("brackets") << u"Anna <the first>"_qs;
    QTest::newRow("Chinese comma") << u"安、娜"_qs;
    QTest::newRow("none") << QString();
}

void RecipientFieldTest::writesBackWhatItReads()
{
    QFETCH(QString, name);
    const Address address{name.toStdString(), "anna@x.org"};
    const auto read = parseRecipients(editText({address, {"Bo", "bo@x.org"}}));
    QCOMPARE(read.size(), std::size_t(2));
    QCOMPARE(QString::fromStdString(read[0].address.name), name);
    QVERIFY(read[0].valid && read[1].valid);
}

void RecipientFieldTest::boundsAHugePaste()
{
    QString text;
    for (int i = 0; i < 100'000; ++i)
        text += u"\"<"_qs;
    QVERIFY(parseRecipients(text).size() <= 2000); // and ends: quotes that never close are linear
    QString many;
    for (int i = 0; i < 5000; ++i)
        many += QStringLiteral("user%1@example.org,").arg(i);
    QCOMPARE(parseRecipients(many).size(), std::size_t(2000));
}

void RecipientFieldTest::completesAChipAtEachKey_data()
{
    QTest::addColumn<int>("key");
    QTest::newRow("comma") << int(Qt::Key_Comma);
    QTest::newRow("semicolon") << int(Qt::Key_Semicolon);
    QTest::newRow("Return") << int(Qt::Key_Return);
    QTest::newRow("Enter") << int(Qt::Key_Enter);
    QTest::newRow("Tab, which goes on") << int(Qt::Key_Tab);
}

void RecipientFieldTest::completesAChipAtEachKey()
{
    QFETCH(int, key);
    QWidget window;
    RecipientField field(u"To"_qs, &window);
    QLineEdit other(&window);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    field.edit()->setFocus();
    QTest::keyClicks(field.edit(), u"anna@x.org"_qs);
    QCOMPARE(field.chips().size(), 0);
    QTest::keyClick(field.edit(), static_cast<Qt::Key>(key));
    QCOMPARE(field.chips().size(), 1);
    QVERIFY(field.edit()->text().isEmpty());
    QCOMPARE(other.hasFocus(), key == Qt::Key_Tab);
}

void RecipientFieldTest::keepsACommaInsideAQuotedName()
{
    RecipientField field(u"To"_qs);
    QTest::keyClicks(field.edit(), u"\"Doe, John\" <j@x.org>"_qs);
    QCOMPARE(field.chips().size(), 0);
    QTest::keyClick(field.edit(), Qt::Key_Return);
    QCOMPARE(summary(field.recipients()), u"Doe, John <j@x.org>"_qs);
}

void RecipientFieldTest::makesChipsOfAPasteAtOnce()
{
    RecipientField field(u"To"_qs);
    QSignalSpy changed(&field, &RecipientField::changed);
    QApplication::clipboard()->setText(u"a@x.org\nBo <b@x.org>\nnonsense"_qs);
    field.edit()->paste();
    QCOMPARE(summary(field.recipients()), u"a@x.org | Bo <b@x.org> | invalid nonsense"_qs);
    QCOMPARE(field.chips().size(), 3);
    QVERIFY(!changed.isEmpty());
    field.addText(u"b@x.org"_qs);
    QCOMPARE(field.chips().size(), 3); // the same address twice says nothing more
}

void RecipientFieldTest::removesTheLastChipByBackspace()
{
    RecipientField field(u"To"_qs);
    field.addText(u"a@x.org, b@x.org"_qs);
    QTest::keyClicks(field.edit(), u"c"_qs);
    QTest::keyClick(field.edit(), Qt::Key_Backspace);
    QCOMPARE(field.chips().size(), 2); // that one took the letter
    QTest::keyClick(field.edit(), Qt::Key_Backspace);
    QCOMPARE(summary(field.recipients()), u"a@x.org"_qs);
}

void RecipientFieldTest::walksChipsByArrowKeysAndDeletesOne()
{
    RecipientField field(u"To"_qs);
    field.addText(u"a@x.org, b@x.org, c@x.org"_qs);
    field.show();
    field.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&field));
    field.edit()->setFocus();
    QTest::keyClick(field.edit(), Qt::Key_Left);
    QVERIFY(field.chips()[2]->hasFocus());
    QTest::keyClick(field.chips()[2], Qt::Key_Left);
    QVERIFY(field.chips()[1]->hasFocus());
    QTest::keyClick(field.chips()[1], Qt::Key_Delete);
    QCOMPARE(summary(field.recipients()), u"a@x.org | c@x.org"_qs);
    QVERIFY(field.chips()[1]->hasFocus()); // the next one, so that Delete goes on
    QTest::keyClick(field.chips()[1], Qt::Key_Right);
    QVERIFY(field.edit()->hasFocus());
}

void RecipientFieldTest::editsAChipInPlace()
{
    RecipientField field(u"To"_qs);
    field.addText(u"Anna <a@x.org>, b@x.org"_qs);
    QTest::keyClick(field.chips()[0], Qt::Key_Return);
    QCOMPARE(field.edit()->text(), u"Anna <a@x.org>"_qs);
    QCOMPARE(field.chips().size(), 1);
}

void RecipientFieldTest::marksWhatIsNoAddress()
{
    RecipientField field(u"To"_qs);
    field.addText(u"anna@x"_qs);
    QVERIFY(!field.chips()[0]->recipient().valid);
    QCOMPARE(field.firstInvalid(), u"anna@x"_qs);
    QVERIFY(field.chips()[0]->accessibleName().contains(u"not an email address"_qs));
}

void RecipientFieldTest::countsTypedTextWithoutAChip()
{
    RecipientField field(u"To"_qs);
    field.addText(u"a@x.org"_qs);
    QTest::keyClicks(field.edit(), u"b@x.or"_qs);
    QCOMPARE(field.addresses().size(), std::size_t(2)); // a draft keeps every letter
    QVERIFY(!field.isEmpty());
}

void RecipientFieldTest::namesEveryPartForAssistiveTools()
{
    RecipientField field(u"To"_qs);
    field.addText(u"Anna <a@x.org>"_qs);
    QCOMPARE(field.edit()->accessibleName(), u"To"_qs);
    QCOMPARE(field.chips()[0]->accessibleName(), u"Anna, a@x.org"_qs);
}

void RecipientFieldTest::growsWithItsRowsAndThenScrolls()
{
    RecipientField field(u"To"_qs);
    field.resize(400, field.height());
    field.show();
    const int one = field.height();
    QVERIFY(one >= metrics::field);
    field.addText(u"first.person@example.org, second.person@example.org"_qs);
    QVERIFY(field.height() > one);
    QString many;
    for (int i = 0; i < 60; ++i)
        many += QStringLiteral("person%1@example.org,").arg(i);
    field.addText(many);
    QVERIFY(field.height() < 5 * one);
}

QTEST_MAIN(RecipientFieldTest)
#include "RecipientFieldTest.moc"
