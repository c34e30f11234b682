// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/MessageHeader.h"

#include "core/mime/SenderChecks.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QStyle>
#include <QTextLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace avocet {

namespace {

constexpr int circle = 36;
constexpr int maxSubjectLines = 2;
constexpr std::size_t maxListed = 200; ///< people that the unfolded header names

/// Longer than any address may be (RFC 5321 4.5.3.1). Of what is longer both ends are shown: the domain is what counts.
constexpr qsizetype mostLetters = 500;

QString text(const std::string& utf8)
{
    const QString whole = QString::fromStdString(utf8);
    return whole.size() <= mostLetters
               ? whole
               : whole.left(mostLetters / 2) + u'\u2026' + whole.right(mostLetters / 2);
}

QString nameOf(const Address& person)
{
    return text(person.name.empty() ? shownAddress(person.address) : person.name);
}

QString fullOf(const Address& person)
{
    const QString address = text(shownAddress(person.address));
    return person.name.empty() || person.name == person.address
               ? address
               : QStringLiteral("%1 <%2>").arg(text(person.name), address);
}

QString outcomeWords(AuthOutcome outcome)
{
    switch (outcome) {
    case AuthOutcome::Pass:
        return MessageHeader::tr("passed");
    case AuthOutcome::Fail:
        return MessageHeader::tr("failed");
    case AuthOutcome::SoftFail:
        return MessageHeader::tr("failed softly");
    case AuthOutcome::None:
    case AuthOutcome::Neutral:
    case AuthOutcome::Policy:
        return MessageHeader::tr("says nothing");
    case AuthOutcome::TempError:
    case AuthOutcome::PermError:
        break;
    }
    return MessageHeader::tr("could not be checked");
}

/// What the own server found about the sender, in the order in which people look for it.
QString checkedWords(const Authentication& authentication)
{
    QStringList found;
    for (const char* method : {"dmarc", "dkim", "spf"}) {
        if (const AuthResult* result = authentication.of(method)) {
            const QString words = QStringLiteral("%1 %2").arg(QString::fromLatin1(method).toUpper(),
                                                              outcomeWords(result->outcome));
            found << (result->domain.empty()
                          ? words
                          : QStringLiteral("%1 (%2)").arg(words, text(result->domain)));
        }
    }
    const QString server = text(authentication.server);
    return found.isEmpty() ? MessageHeader::tr("%1 checked nothing about the sender").arg(server)
                           : MessageHeader::tr("Checked by %1: %2")
                                 .arg(server, found.join(QStringLiteral(", ")));
}

} // namespace

SubjectLabel::SubjectLabel(QWidget* parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void SubjectLabel::setText(const QString& subject)
{
    m_text = subject.left(1'000).simplified();
    setAccessibleName(tr("Subject: %1").arg(m_text));
    setToolTip(QString());
    updateGeometry();
    update();
}

int SubjectLabel::linesFor(int width) const
{
    QTextLayout layout(m_text, themeFont(TextRole::Display, true));
    layout.beginLayout();
    int lines = 0;
    while (lines < maxSubjectLines) {
        QTextLine line = layout.createLine();
        if (!line.isValid()) {
            break;
        }
        line.setLineWidth(std::max(40, width));
        ++lines;
    }
    layout.endLayout();
    return std::max(1, lines);
}

int SubjectLabel::heightForWidth(int width) const
{
    return linesFor(width) * lineHeight(TextRole::Display, true);
}

QSize SubjectLabel::sizeHint() const
{
    const QFontMetrics fm(themeFont(TextRole::Display, true));
    return {std::min(fm.horizontalAdvance(m_text) + 2, 900), heightForWidth(width())};
}

QSize SubjectLabel::minimumSizeHint() const
{
    return {120, lineHeight(TextRole::Display, true)};
}

void SubjectLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QFont font = themeFont(TextRole::Display, true);
    const QFontMetrics fm(font);
    painter.setFont(font);
    painter.setPen(tokens().text);
    QTextLayout layout(m_text, font);
    layout.beginLayout();
    int y = 0;
    const auto align = static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) |
                                        Qt::AlignVCenter);
    for (int i = 0; i < maxSubjectLines; ++i) {
        QTextLine line = layout.createLine();
        if (!line.isValid()) {
            break;
        }
        line.setLineWidth(width());
        QString words = m_text.mid(line.textStart(), line.textLength());
        if (i + 1 == maxSubjectLines) {
            words = fm.elidedText(m_text.mid(line.textStart()), Qt::ElideRight, width());
        }
        drawOwnDirection(painter, QRect(0, y, width(), fm.height()), align, words);
        y += fm.height();
    }
    layout.endLayout();
}

/// "to me, Bjørn +3" with an arrow.
class FoldButton : public QAbstractButton {
public:
    explicit FoldButton(QWidget* parent)
        : QAbstractButton(parent)
    {
        setCheckable(true);
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
        setCursor(Qt::PointingHandCursor);
        setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    }
    QSize sizeHint() const override
    {
        const QFontMetrics fm(themeFont(TextRole::Small));
        return {fm.horizontalAdvance(text()) + 12 + 4 * metrics::space1,
                fm.height() + metrics::space1};
    }
    QSize minimumSizeHint() const override { return {60, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Tokens& t = tokens();
        QPainter painter(this);
        const QFont font = themeFont(TextRole::Small);
        const QFontMetrics fm(font);
        painter.setFont(font);
        painter.setPen(underMouse() ? t.text : t.text2);
        const int width = this->width() - 12 - 3 * metrics::space1;
        const QString words = fm.elidedText(text(), Qt::ElideRight, width);
        const int used = std::min(width, fm.horizontalAdvance(words) + 1);
        const auto visual = [this](const QRect& r) {
            return QStyle::visualRect(layoutDirection(), rect(), r);
        };
        painter.drawText(visual(QRect(metrics::space1, 0, used, height())),
                         Qt::AlignVCenter | Qt::AlignLeading, words);
        paintIcon(painter,
                  visual(QRect(used + 2 * metrics::space1, (height() - 12) / 2 + 1, 12, 12)),
                  isChecked() ? "chevron-up" : "chevron-down", t.text2);
        if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
            drawFocusRing(painter, rect(), metrics::radiusMark);
        }
    }
};

MessageHeader::MessageHeader(QWidget* parent)
    : QWidget(parent)
    , m_name(new ElidedLabel({}, this))
    , m_address(new ElidedLabel({}, this, Qt::ElideMiddle))
    , m_date(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_recipients(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_fold(new FoldButton(this))
{
    m_name->setFont(themeFont(TextRole::Body, true));
    m_address->setForegroundRole(QPalette::PlaceholderText);
    m_address->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_recipients->setWordWrap(true);
    m_recipients->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_recipients->hide();
    auto* names = new QHBoxLayout;
    names->setSpacing(metrics::space2);
    // The fold button keeps room for its ring; the texts stand in by as much.
    names->setContentsMargins(readingMargins(metrics::space1, 0, 0, 0));
    m_recipients->setContentsMargins(readingMargins(metrics::space1, 0, 0, 0));
    names->addWidget(m_name);
    names->addWidget(m_address, 1);
    auto* folded = new QHBoxLayout;
    folded->addWidget(m_fold);
    folded->addStretch(1);
    folded->addWidget(m_date);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(readingMargins(circle + metrics::space2, 0, 0, 0));
    layout->setSpacing(0);
    layout->addLayout(names);
    layout->addLayout(folded);
    layout->addWidget(m_recipients);
    setMinimumHeight(circle);
    connect(m_fold, &QAbstractButton::toggled, this, [this](bool on) {
        m_unfolded = on;
        updateRecipients();
    });
}

void MessageHeader::setContent(const HeaderContent& content, const QSet<QString>& ownAddresses)
{
    m_content = content;
    m_own = ownAddresses;
    const Address sender = content.from.empty() ? Address{} : content.from.front();
    const QString address = text(shownAddress(sender.address));
    const QString name = text(sender.name);
    m_key = address;
    m_initials = initialsOf(name, address);
    m_name->setVisible(!name.isEmpty() && name != address);
    m_name->setFullText(name);
    m_address->setFullText(address.isEmpty() ? tr("Unknown sender") : address);
    // The name gives way, never the address: it is what a cheat cannot choose.
    constexpr int leastRoom = 280;
    m_address->setMinimumWidth(std::min(m_address->sizeHint().width(), leastRoom));
    m_date->setText(content.date ? messageDate(content.date) : QString());
    m_date->setToolTip(content.date ? fullDate(content.date) : QString());
    updateRecipients();
    update();
}

QString MessageHeader::foldedWords() const
{
    QStringList names;
    std::size_t more = 0;
    for (const auto* list : {&m_content.to, &m_content.cc, &m_content.bcc}) {
        for (const Address& person : *list) {
            if (names.size() == 3) {
                ++more;
                continue;
            }
            names << (m_own.contains(text(person.address).toLower()) ? tr("me") : nameOf(person));
        }
    }
    if (names.isEmpty()) {
        return tr("no recipients named");
    }
    const QString words = tr("to %1").arg(names.join(QStringLiteral(", ")));
    return more == 0 ? words : words + QStringLiteral(" +%1").arg(more);
}

QString MessageHeader::unfoldedWords() const
{
    QStringList lines;
    const auto add = [&lines](const QString& label, const std::vector<Address>& people) {
        if (people.empty()) {
            return;
        }
        QStringList all;
        for (const Address& person : people) {
            if (static_cast<std::size_t>(all.size()) == maxListed) {
                all << tr("and %1 more").arg(people.size() - maxListed);
                break;
            }
            all << fullOf(person);
        }
        lines << QStringLiteral("%1  %2").arg(label, all.join(QStringLiteral(", ")));
    };
    if (m_content.from.size() > 1) {
        add(tr("From"), m_content.from);
    }
    add(tr("To"), m_content.to);
    add(tr("Cc"), m_content.cc);
    add(tr("Bcc"), m_content.bcc);
    add(tr("Answers go to"), m_content.replyTo);
    if (m_content.authentication) {
        lines << checkedWords(*m_content.authentication);
    }
    return lines.join(QLatin1Char('\n'));
}

void MessageHeader::updateRecipients()
{
    m_fold->setText(m_unfolded ? tr("Recipients") : foldedWords());
    m_fold->setAccessibleName(foldedWords());
    m_fold->setToolTip(m_unfolded ? tr("Fold recipients") : tr("Show all recipients"));
    m_fold->updateGeometry();
    m_fold->update();
    m_recipients->setText(m_unfolded ? unfoldedWords() : QString());
    m_recipients->setVisible(m_unfolded);
}

void MessageHeader::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect r(0, 0, circle, circle);
    paintInitials(painter, QStyle::visualRect(layoutDirection(), rect(), r), m_initials,
                  colorForKey(m_key));
}

} // namespace avocet
