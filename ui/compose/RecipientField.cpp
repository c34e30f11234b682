// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/RecipientField.h"

#include "ui/compose/RecipientChip.h"
#include "ui/theme/Theme.h"

#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QScrollBar>

#include <algorithm>

namespace avocet {

namespace {

constexpr int rowGap = 4;
constexpr int mostRows = 4;
constexpr int narrowestEdit = 120;
constexpr int unframedInset = 5; ///< what a line edit keeps free inside, less the caret's pixel

} // namespace

RecipientField::RecipientField(const QString& name, QWidget* parent)
    : QScrollArea(parent)
    , m_name(name)
    , m_content(new QWidget(this))
    , m_edit(new QLineEdit(m_content))
{
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setFocusProxy(m_edit);
    setAcceptDrops(true);
    viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    setWidget(m_content);
    m_content->setAutoFillBackground(false);
    m_content->setCursor(Qt::IBeamCursor);
    m_content->installEventFilter(this);

    m_edit->setFrame(false);
    m_edit->setTextMargins(-unframedInset, 0, 0, 0);
    m_edit->setAcceptDrops(false);
    m_edit->setAccessibleName(name);
    m_edit->setMaxLength(256 * 1024);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textEdited, this, &RecipientField::textEdited);
    arrange();
}

void RecipientField::setAddresses(const std::vector<Address>& addresses)
{
    qDeleteAll(m_chips);
    m_chips.clear();
    m_edit->clear();
    m_lastLength = 0;
    for (const Address& address : addresses) {
        const bool valid = isValidAddress(QString::fromStdString(address.address));
        insertChip(m_chips.size(), {address, valid});
    }
    arrange();
}

std::vector<TypedRecipient> RecipientField::recipients() const
{
    std::vector<TypedRecipient> all;
    for (const RecipientChip* chip : m_chips)
        all.push_back(chip->recipient());
    for (TypedRecipient& typed : parseRecipients(m_edit->text()))
        all.push_back(std::move(typed));
    return all;
}

std::vector<Address> RecipientField::addresses() const
{
    std::vector<Address> all;
    for (TypedRecipient& recipient : recipients())
        all.push_back(std::move(recipient.address));
    return all;
}

bool RecipientField::isEmpty() const
{
    return m_chips.isEmpty() && m_edit->text().trimmed().isEmpty();
}

QString RecipientField::firstInvalid() const
{
    for (const TypedRecipient& recipient : recipients())
        if (!recipient.valid)
            return QString::fromStdString(recipient.address.address);
    return {};
}

void RecipientField::addText(const QString& text)
{
    const std::vector<TypedRecipient> typed = parseRecipients(text);
    if (typed.empty())
        return;
    for (const TypedRecipient& recipient : typed)
        insertChip(m_chips.size(), recipient);
    arrange();
    Q_EMIT added();
    Q_EMIT changed();
}

void RecipientField::takeInstead(const Address& address)
{
    m_edit->clear();
    m_lastLength = 0;
    insertChip(m_chips.size(), {address, isValidAddress(QString::fromStdString(address.address))});
    arrange();
    Q_EMIT added();
    Q_EMIT changed();
}

RecipientChip* RecipientField::find(const std::string& address) const
{
    const auto found = std::find_if(m_chips.begin(), m_chips.end(), [&](RecipientChip* chip) {
        return sameAddress(chip->recipient().address.address, address);
    });
    return found == m_chips.end() ? nullptr : *found;
}

void RecipientField::complete()
{
    const QString text = m_edit->text();
    if (text.isEmpty())
        return;
    m_edit->clear();
    m_lastLength = 0;
    addText(text);
}

void RecipientField::textEdited(const QString& text)
{
    const qsizetype grown = text.size() - m_lastLength;
    m_lastLength = text.size();
    // A comma inside a quote that is still being typed belongs to the name.
    const bool insideQuote = grown == 1 && text.count(u'"') % 2 == 1;
    const bool wholePaste = grown > 1 && parseRecipient(text).valid;
    if (!insideQuote && (wholePaste || holdsSeparator(text)))
        complete();
    else
        arrange();
    Q_EMIT changed();
}

bool RecipientField::editKey(QKeyEvent* event)
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const bool atStart = m_edit->cursorPosition() == 0 && !m_edit->hasSelectedText();
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (event->modifiers() & Qt::ControlModifier)
            return false;
        if (m_edit->text().trimmed().isEmpty())
            Q_EMIT leaveRequested();
        else
            complete();
        return true;
    case Qt::Key_Backspace:
        if (!atStart || m_chips.isEmpty() || !m_edit->text().isEmpty())
            return false;
        removeChip(m_chips.last());
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
        if ((event->key() == Qt::Key_Right) != mirrored || !atStart || m_chips.isEmpty() ||
            event->modifiers() & Qt::ShiftModifier)
            return false;
        m_chips.last()->setFocus(Qt::OtherFocusReason);
        return true;
    default:
        return false;
    }
}

bool RecipientField::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress &&
        editKey(static_cast<QKeyEvent*>(event)))
        return true;
    if (watched == m_edit && event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason &&
        static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason)
        complete();
    if (watched == m_edit && event->type() == QEvent::FocusIn)
        ensureWidgetVisible(m_edit, 0, 0);
    if (watched == m_content && event->type() == QEvent::MouseButtonPress) {
        m_edit->setFocus(Qt::MouseFocusReason);
        return true;
    }
    return QScrollArea::eventFilter(watched, event);
}

void RecipientField::insertChip(qsizetype at, const TypedRecipient& recipient)
{
    if (recipient.valid && find(recipient.address.address))
        return; // twice in one field says nothing more
    auto* chip = new RecipientChip(recipient, m_content);
    m_chips.insert(at, chip);
    connectChip(chip);
    chip->show();
}

void RecipientField::connectChip(RecipientChip* chip)
{
    connect(chip, &RecipientChip::removeRequested, this, [this, chip] { removeChip(chip); });
    connect(chip, &RecipientChip::draggedAway, this, [this, chip] { removeChip(chip); });
    connect(chip, &RecipientChip::corrected, this, [this, chip](const Address& address) {
        const qsizetype at = m_chips.indexOf(chip);
        removeChip(chip);
        insertChip(at, {address, true});
        arrange();
        Q_EMIT added();
        Q_EMIT changed();
    });
    connect(chip, &RecipientChip::editRequested, this, [this, chip] { editChip(chip); });
    connect(chip, &RecipientChip::moveRequested, this,
            [this, chip](int step) { moveFrom(chip, step); });
    connect(chip, &RecipientChip::typed, this, [this](const QString& text) {
        m_edit->setFocus(Qt::OtherFocusReason);
        m_edit->insert(text);
        textEdited(m_edit->text());
    });
}

void RecipientField::removeChip(RecipientChip* chip)
{
    const qsizetype at = m_chips.indexOf(chip);
    if (at < 0)
        return;
    const bool hadFocus = chip->hasFocus();
    m_chips.removeAt(at);
    chip->hide();
    chip->deleteLater();
    if (hadFocus) {
        QWidget* next = m_edit;
        if (at < m_chips.size())
            next = m_chips[at];
        next->setFocus(Qt::OtherFocusReason);
    }
    arrange();
    Q_EMIT changed();
}

void RecipientField::editChip(RecipientChip* chip)
{
    const TypedRecipient recipient = chip->recipient();
    complete();
    removeChip(chip);
    m_edit->setText(recipient.valid ? editText(recipient.address)
                                    : QString::fromStdString(recipient.address.address));
    m_lastLength = m_edit->text().size();
    m_edit->setFocus(Qt::OtherFocusReason);
    m_edit->selectAll();
    arrange();
    Q_EMIT changed();
}

void RecipientField::moveFrom(RecipientChip* chip, int step)
{
    const qsizetype to = m_chips.indexOf(chip) + step;
    if (to < 0)
        return;
    QWidget* target = m_edit;
    if (to < m_chips.size())
        target = m_chips[to];
    target->setFocus(Qt::OtherFocusReason);
    ensureWidgetVisible(target, 0, 0);
}

void RecipientField::arrange()
{
    const int width = viewport()->width();
    const int editHeight = m_edit->fontMetrics().height();
    const int rowHeight =
        m_chips.isEmpty() ? std::max(24, editHeight + 4) : m_chips.first()->sizeHint().height();
    const int padding = std::max(0, (metrics::field - rowHeight) / 2);
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    int x = 0;
    int y = padding;
    int rows = 1;
    const auto place = [&](QWidget* widget, int wanted, int least) {
        if (x > 0 && x + least > width) {
            x = 0;
            y += rowHeight + rowGap;
            ++rows;
        }
        const int given = std::min(wanted, std::max(least, width - x));
        const QRect spot(x, y, std::min(given, width), rowHeight);
        widget->setGeometry(
            mirrored ? QRect(width - spot.x() - spot.width(), y, spot.width(), rowHeight) : spot);
        x += given + metrics::space1;
    };
    for (RecipientChip* chip : std::as_const(m_chips))
        place(chip, std::min(chip->sizeHint().width(), width),
              std::min(chip->sizeHint().width(), width));
    const int typed = m_edit->fontMetrics().horizontalAdvance(m_edit->text()) + 16;
    place(m_edit, width, std::min(std::max(narrowestEdit, typed), width));
    m_content->resize(width, 2 * padding + rows * rowHeight + (rows - 1) * rowGap);
    const int shownRows = std::min(rows, mostRows);
    const int wanted = 2 * padding + shownRows * rowHeight + (shownRows - 1) * rowGap;
    if (height() != wanted || minimumHeight() != wanted)
        setFixedHeight(wanted);
    if (m_edit->hasFocus())
        ensureWidgetVisible(m_edit, 0, 0);
}

void RecipientField::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    arrange();
}

void RecipientField::changeEvent(QEvent* event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LayoutDirectionChange ||
        event->type() == QEvent::StyleChange)
        arrange();
}

void RecipientField::dragEnterEvent(QDragEnterEvent* event)
{
    // Files belong to the window, which attaches them.
    if (event->mimeData()->hasText() && !event->mimeData()->hasUrls())
        event->acceptProposedAction();
    else
        event->ignore();
}

void RecipientField::dropEvent(QDropEvent* event)
{
    auto* chip = qobject_cast<RecipientChip*>(event->source());
    if (chip && m_chips.contains(chip)) {
        event->setDropAction(Qt::IgnoreAction);
        event->accept();
        return;
    }
    addText(event->mimeData()->text());
    if (!chip) // only our own chips leave where they came from
        event->setDropAction(Qt::CopyAction);
    event->accept();
}

} // namespace avocet
