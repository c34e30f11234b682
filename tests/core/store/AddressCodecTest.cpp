// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/AddressCodec.h"
#include "core/store/TextMatcher.h"

#include <QTest>

using namespace avocet;

Q_DECLARE_METATYPE(std::vector<Address>)

class AddressCodecTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void givesBackWhatItTook_data();
    void givesBackWhatItTook();
    void takesAnyText_data();
    void takesAnyText();
    void staysReadableToASearch();
};

void AddressCodecTest::givesBackWhatItTook_data()
{
    QTest::addColumn<std::vector<Address>>("addresses");
    using List = std::vector<Address>;
    QTest::newRow("none") << List{};
    QTest::newRow("one") << List{{"A Name", "a@example.org"}};
    QTest::newRow("only an address") << List{{"", "a@example.org"}};
    QTest::newRow("only a name") << List{{"A Name", ""}};
    QTest::newRow("two") << List{{"A", "a@example.org"}, {"", "b@example.org"}};
    QTest::newRow("empty ones") << List{{"", ""}, {"", ""}};
    QTest::newRow("Unicode") << List{{"Zoë 山田", "zoë@例え.jp"}};
    QTest::newRow("the separators themselves")
        << List{{"a\x1f\x1e\x1b", "\x1e@\x1f"}, {"\x1b\x5f", "x"}};
    QTest::newRow("NUL and line ends") << List{{std::string("a\0b\r\n\t", 6), "c@example.org"}};
    QTest::newRow("bytes that are no UTF-8") << List{{"\xff\xfe\x80", "\xc3@x"}};
}

void AddressCodecTest::givesBackWhatItTook()
{
    QFETCH(std::vector<Address>, addresses);
    const std::string text = encodeAddresses(addresses);
    QVERIFY(decodeAddresses(text) == addresses);
    for (const char byte : {'\0', '\r', '\n'})
        QVERIFY(text.find(byte) == std::string::npos);
}

void AddressCodecTest::takesAnyText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no separator") << QByteArray("plain");
    QTest::newRow("ends in an escape") << QByteArray("a\x1f\x1b");
    QTest::newRow("only separators") << QByteArray("\x1e\x1e\x1f\x1f\x1e");
    QTest::newRow("escape before a high byte") << QByteArray("\x1b\xff\x1f\x1b");
}

void AddressCodecTest::takesAnyText()
{
    QFETCH(QByteArray, text);
    const auto addresses = decodeAddresses(text.toStdString());
    QVERIFY(decodeAddresses(encodeAddresses(addresses)) == addresses);
}

void AddressCodecTest::staysReadableToASearch()
{
    const std::string text = encodeAddresses({{"Ångström, Zoë", "Zoe@Example.org"}});
    QVERIFY(TextMatcher("ÅNGSTRÖM").matches(text));
    QVERIFY(TextMatcher("zoe@example").matches(text));
    QVERIFY(TextMatcher("").matches(text));
    QVERIFY(!TextMatcher("angstrom").matches(text));
    QVERIFY(TextMatcher("STRASSE").matches("Große Straße"));
    QVERIFY(!TextMatcher("a\xff").matches("\xffz"));
}

QTEST_APPLESS_MAIN(AddressCodecTest)
#include "AddressCodecTest.moc"
