// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/SearchText.h"
#include "core/store/Zstd.h"
#include "tests/core/store/StoreFixture.h"

#include <unicode/normalizer2.h>
#include <zlib.h>

using namespace avocet;

namespace {

/// As the index kept texts once.
std::string zlibPacked(const std::string& raw)
{
    uLongf size = compressBound(raw.size());
    std::string packed(size + 5, '\1');
    for (std::size_t i = 0; i < 4; ++i)
        packed[1 + i] = static_cast<char>(raw.size() >> (8 * i));
    if (compress(reinterpret_cast<Bytef*>(packed.data() + 5), &size,
                 reinterpret_cast<const Bytef*>(raw.data()), raw.size()) != Z_OK)
        return {};
    packed.resize(size + 5);
    return packed;
}

} // namespace

class SearchTextTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void normalises_data();
    void normalises();
    void isTheSameHoweverComposed_data();
    void isTheSameHoweverComposed();
    void takesAnyBytes();
    void boundsTheInput();
    void putsEachFieldIntoItsColumn();
    void readsBackWhatWasStored_data();
    void readsBackWhatWasStored();
    void readsWhatZlibPacked();
    void refusesDamagedStorage_data();
    void refusesDamagedStorage();
    void marksBeginningsOnce();
    void cutsAWordTheSameWayEverywhere();
};

void SearchTextTest::normalises_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("tokens");
    QTest::newRow("words and punctuation") << "Hello, World! (again)"
                                           << "hello world again";
    QTest::newRow("nothing but punctuation") << " --- !!! \t\n"
                                             << "";
    QTest::newRow("an address") << "Anna.Berg+list@mail.example.org"
                                << "anna berg list mail example org";
    QTest::newRow("accents go") << "Zoë Ångström naïve CAFÉ"
                                << "zoe angstrom naive cafe";
    QTest::newRow("sharp s and ligatures") << "Straße ﬁnal ŒUVRE Æsop"
                                           << "strasse final oeuvre aesop";
    QTest::newRow("strokes go") << "Łódź Øre đak ıslak"
                                << "lodz ore dak islak";
    QTest::newRow("Greek with tonos and final sigma") << "Ὀδυσσεύς ΟΔΟΣ"
                                                      << "οδυσσευσ οδοσ";
    QTest::newRow("Cyrillic") << "Ёлка и МИР"
                              << "елка и мир";
    QTest::newRow("wide letters") << "ＡＢＣ　１２３，ｘ"
                                  << "abc 123 x";
    QTest::newRow("a soft hyphen leaves no gap") << "Donau\u00ADdampf"
                                                 << "donaudampf";
    QTest::newRow("zero-width joiners leave no gap") << "in\u200Bvisible"
                                                     << "invisible";
    QTest::newRow("no-break space separates") << "10\u00A0km"
                                              << "10 km";
    QTest::newRow("Chinese, a character a token") << "東京へ行く"
                                                  << "東 京 へ 行 く";
    QTest::newRow("Chinese with its own punctuation") << "你好，世界。"
                                                      << "你 好 世 界";
    QTest::newRow("Chinese among Latin") << "see東京Tower2"
                                         << "see 東 京 tower2";
    QTest::newRow("Korean, a syllable a token") << "서울에서"
                                                << "서 울 에 서";
    QTest::newRow("half-width katakana with voicing") << "ｶﾞｽ"
                                                      << "ガ ス";
    QTest::newRow("kana voicing is not a decoration") << "か\u3099"
                                                      << "が";
    QTest::newRow("Thai, a character a token") << "ไทย"
                                               << "ไ ท ย";
    QTest::newRow("Arabic without its vowel signs") << "مُحَمَّد"
                                                    << "محمد";
    QTest::newRow("Hebrew without its points") << "שָׁלוֹם"
                                               << "שלום";
    QTest::newRow("Devanagari keeps its vowel signs") << "हिन्दी"
                                                      << "हिन्दी";
    QTest::newRow("a pictograph is a word") << "yes🎉🎉"
                                            << "yes 🎉 🎉";
    QTest::newRow("superscripts and fractions") << "m² ½"
                                                << "m2 1 2";
    QTest::newRow("for private use") << "a\uE000b"
                                     << "a b";
    QTest::newRow("syntax of FTS5") << "\"a\" NEAR(b) OR -c* ^d {e}:f"
                                    << "a near b or c d e f";
}

void SearchTextTest::normalises()
{
    QFETCH(QString, text);
    QFETCH(QString, tokens);
    QCOMPARE(QString::fromStdString(searchTokens(text.toStdString())), tokens);
    // What is normalised stays as it is: a stored text indexes like the message did.
    QCOMPARE(QString::fromStdString(searchTokens(tokens.toStdString())), tokens);
}

void SearchTextTest::isTheSameHoweverComposed_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"Zoë Ångström", "Việt Nam", "Ελλάς", "Йод", "ガギグ", "한국어",
                             "e\u0301tude", "ﬀ①㍿", "ǆ Ǆ", "İstanbul"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void SearchTextTest::isTheSameHoweverComposed()
{
    QFETCH(QString, text);
    const std::string expected = searchTokens(text.toStdString());
    QVERIFY(!expected.empty());
    QCOMPARE(searchTokens(text.normalized(QString::NormalizationForm_D).toStdString()), expected);
    QCOMPARE(searchTokens(text.normalized(QString::NormalizationForm_C).toStdString()), expected);
    QCOMPARE(searchTokens(text.normalized(QString::NormalizationForm_KD).toStdString()), expected);
    QCOMPARE(searchTokens(text.toUpper().toStdString()),
             searchTokens(text.toUpper().toLower().toStdString()));
}

void SearchTextTest::takesAnyBytes()
{
    std::uint32_t random = 1;
    for (int round = 0; round < 2000; ++round) {
        std::string bytes;
        for (int i = 0; i < 60; ++i) {
            random = random * 1664525 + 1013904223;
            bytes += static_cast<char>(random >> 24);
        }
        const std::string tokens = searchTokens(bytes);
        QVERIFY(tokens.find("  ") == std::string::npos);
        QVERIFY(tokens.find('\n') == std::string::npos && tokens.find('"') == std::string::npos);
        QVERIFY(tokens.empty() || (tokens.front() != ' ' && tokens.back() != ' '));
        QVERIFY(QString::fromStdString(tokens).toUtf8().toStdString() == tokens);
    }
}

void SearchTextTest::boundsTheInput()
{
    const std::string endless(3 << 20, 'x');
    std::string words;
    while (words.size() < (3u << 20))
        words += "word ";
    SearchFields fields;
    fields.subject = words;
    fields.from = {{words, words}, {words, words}};
    fields.texts = {words, words};
    fields.names = {words};
    const SearchText text = prepareSearchText(fields);
    for (const std::string& column : text.columns)
        QVERIFY(column.size() <= maxSearchedText);
    QVERIFY(text.columns[0].size() <= maxSearchedField);
    QVERIFY(text.columns[1].size() <= maxSearchedField);
    QCOMPARE(searchTokens(endless), std::string(maxSearchToken, 'x'));
    // A bound in the middle of a character leaves no half of it.
    std::string umlauts = "a";
    while (umlauts.size() <= maxSearchedField)
        umlauts += " ß";
    fields = {};
    fields.subject = umlauts;
    const std::string cut = prepareSearchText(fields).columns[0];
    QCOMPARE(QString::fromStdString(cut).toUtf8().toStdString(), cut);
}

void SearchTextTest::putsEachFieldIntoItsColumn()
{
    SearchFields fields;
    fields.subject = "The Subject";
    fields.from = {{"Anna Berg", "anna@a.org"}};
    fields.to = {{"Ben", "ben@b.org"}, {"", "cc@c.org"}};
    fields.texts = {"First part", "Second"};
    fields.names = {"Report.PDF", "a b.txt"};
    const SearchText text = prepareSearchText(fields);
    QCOMPARE(text.columns[0], std::string("the subject"));
    QCOMPARE(text.columns[1], std::string("anna berg anna a org"));
    QCOMPARE(text.columns[2], std::string("ben ben b org cc c org"));
    QCOMPARE(text.columns[3], std::string("first part second"));
    QCOMPARE(text.columns[4], std::string("report pdf a b txt"));
}

void SearchTextTest::readsBackWhatWasStored_data()
{
    QTest::addColumn<int>("repeats");
    QTest::newRow("empty") << 0;
    QTest::newRow("too short to be packed") << 3;
    QTest::newRow("packed") << 400;
    QTest::newRow("as much as is taken") << 60'000;
}

void SearchTextTest::readsBackWhatWasStored()
{
    QFETCH(int, repeats);
    std::string body;
    for (int i = 0; i < repeats; ++i)
        body += "Wort " + std::to_string(i * 7919) + "\n";
    SearchFields fields;
    fields.subject = repeats > 0 ? "Über uns" : "";
    fields.texts = {body};
    const SearchText text = prepareSearchText(fields);
    std::array<std::string, searchColumns> columns;
    QVERIFY(SearchTextReader().read(text.stored, columns));
    QVERIFY(columns == text.columns);
    if (repeats >= 400)
        QVERIFY(text.stored.size() < text.columns[3].size());
}

void SearchTextTest::readsWhatZlibPacked()
{
    SearchTextReader reader;
    std::array<std::string, searchColumns> columns;
    for (const int count : {500, 3}) {
        std::string text;
        for (int i = 0; i < count; ++i)
            text += "word ";
        QVERIFY(reader.read(zlibPacked("a\nb\nc\n" + text + "\ne\n"), columns));
        QCOMPARE(columns[3], text);
    }
}

void SearchTextTest::refusesDamagedStorage_data()
{
    QTest::addColumn<QByteArray>("stored");
    SearchFields fields;
    std::string body;
    for (int i = 0; i < 1000; ++i)
        body += "word " + std::to_string(i % 50) + ' ';
    fields.texts = {body};
    const std::string good = prepareSearchText(fields).stored;
    const auto bytes = [](const std::string& text) { return QByteArray::fromStdString(text); };
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("an unknown codec") << bytes("\x07" + good.substr(1));
    QTest::newRow("cut off") << bytes(good.substr(0, good.size() - 3));
    std::string other = good;
    other[other.size() / 2] = static_cast<char>(other[other.size() / 2] + 1);
    QTest::newRow("another byte") << bytes(other);
    std::string endless(1, '\2');
    appendZstd(std::string(17u << 20, 'a'), endless);
    QTest::newRow("more than all bounds") << bytes(endless);
    const std::string old = zlibPacked("a\nb\nc\nd\ne\n");
    std::string larger = old;
    larger[4] = '\x7f';
    QTest::newRow("zlib: a size beyond all bounds") << bytes(larger);
    std::string another = old;
    another[1] = static_cast<char>(another[1] + 1);
    QTest::newRow("zlib: another size") << bytes(another);
    QTest::newRow("zlib: cut off") << bytes(old.substr(0, old.size() - 3));
    QTest::newRow("columns missing") << bytes(std::string("\0a\nb\n", 5));
    QTest::newRow("columns too many") << bytes(std::string("\0a\nb\nc\nd\ne\nf\n", 13));
}

void SearchTextTest::refusesDamagedStorage()
{
    QFETCH(QByteArray, stored);
    std::array<std::string, searchColumns> columns;
    QVERIFY(!SearchTextReader().read(stored.toStdString(), columns));
}

void SearchTextTest::marksBeginningsOnce()
{
    SearchFields fields;
    fields.subject = "maps mapping a 東京";
    fields.from = {{"Ma", ""}};
    const SearchText text = prepareSearchText(fields);
    const std::string marks = ' ' + searchMarks(text.columns, AccountId{7}) + ' ';
    const auto count = [&](const std::string& mark) {
        int found = 0;
        for (std::size_t at = marks.find(' ' + mark + ' '); at != std::string::npos;
             at = marks.find(' ' + mark + ' ', at + 1))
            ++found;
        return found;
    };
    QCOMPARE(count(searchAccountMark(AccountId{7})), 1);
    QCOMPARE(count(searchAccountMark(AccountId{8})), 0);
    QCOMPARE(count(searchStartMark("ma", {})), 1);
    QCOMPARE(count(searchStartMark("map", {})), 1);
    QCOMPARE(count(searchStartMark("mapp", {})), 1);
    QCOMPARE(searchStartMark("mappi", {}), searchStartMark("mapp", {}));
    QCOMPARE(count(searchStartMark("ma", SearchColumn::From)), 1);
    QCOMPARE(count(searchStartMark("map", SearchColumn::From)), 0);
    QCOMPARE(count(searchStartMark("map", SearchColumn::Subject)), 1);
    QVERIFY(searchStartMark("a", {}).empty());
    QVERIFY(searchStartMark("東", {}).empty());
}

void SearchTextTest::cutsAWordTheSameWayEverywhere()
{
    const std::string url(90, 'a');
    QCOMPARE(searchTokens(url), searchTokens("x " + url).substr(2));
    const QString wide = QString(50, QChar(0x439));
    const std::string tokens = searchTokens(wide.toStdString());
    QVERIFY(tokens.size() <= maxSearchToken);
    QCOMPARE(QString::fromStdString(tokens).toUtf8().toStdString(), tokens);
}

QTEST_APPLESS_MAIN(SearchTextTest)
#include "SearchTextTest.moc"
