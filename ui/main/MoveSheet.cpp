// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main/MoveSheet.h"

#include "ui/folders/FolderModel.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace avocet {

namespace {

constexpr int sheetWidth = 560;
constexpr int sheetTop = 96;
constexpr int rowHeight = 36;
constexpr int mostRows = 10;

/// Icon, name, and at the right where it lies.
class ChoiceDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {option.rect.width(), std::max(rowHeight, lineHeight(TextRole::Body) + 16)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Tokens& t = tokens();
        const QRect row = option.rect.adjusted(metrics::space2, 0, -metrics::space2, 0);
        const auto visual = [&](const QRect& r) {
            return QStyle::visualRect(option.direction, row, r);
        };
        painter->save();
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
            fillRounded(*painter, row, metrics::radiusControl, selected ? t.selection : t.hover);
        }
        const QRect icon(row.x() + metrics::space2, row.y() + (row.height() - metrics::icon) / 2,
                         metrics::icon, metrics::icon);
        paintIcon(*painter, visual(icon),
                  index.data(FolderChoices::IconRole).toByteArray().constData(),
                  selected ? t.accent : t.text2);
        const auto left = static_cast<int>(
            QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignVCenter);
        const auto right = static_cast<int>(
            QStyle::visualAlignment(option.direction, Qt::AlignRight) | Qt::AlignVCenter);
        const QRect text(icon.right() + 1 + metrics::space3, row.y(),
                         row.right() - icon.right() - 2 * metrics::space3, row.height());
        const QFont font = themeFont(TextRole::Body, selected);
        const QString name =
            QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, text.width());
        painter->setFont(font);
        painter->setPen(t.text);
        drawOwnDirection(*painter, visual(text), left, name);
        const int taken = QFontMetrics(font).horizontalAdvance(name) + metrics::space4;
        const QFont small = themeFont(TextRole::Small);
        painter->setFont(small);
        painter->setPen(t.text2);
        const QRect rest = text.adjusted(taken, 0, 0, 0);
        painter->drawText(
            visual(rest), right,
            QFontMetrics(small).elidedText(index.data(FolderChoices::PathRole).toString(),
                                           Qt::ElideLeft, rest.width()));
        painter->restore();
    }
};

QString pathWords(const Folder& folder)
{
    QString path = QString::fromStdString(folder.path);
    if (folder.delimiter != 0) {
        path.replace(QLatin1Char(folder.delimiter), QStringLiteral(" / "));
    }
    return path;
}

} // namespace

void FolderChoices::setFolders(std::vector<Folder> folders)
{
    m_all = std::move(folders);
    setText({});
}

void FolderChoices::setText(const QString& text)
{
    beginResetModel();
    m_text = text.trimmed();
    m_shown.clear();
    std::vector<std::size_t> within;
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        const QString title = folderTitle(m_all[i]);
        if (title.startsWith(m_text, Qt::CaseInsensitive)) {
            m_shown.push_back(i);
        } else if (title.contains(m_text, Qt::CaseInsensitive) ||
                   pathWords(m_all[i]).contains(m_text, Qt::CaseInsensitive)) {
            within.push_back(i);
        }
    }
    m_shown.insert(m_shown.end(), within.begin(), within.end());
    endResetModel();
}

const Folder& FolderChoices::folder(int row) const
{
    return m_all[m_shown[static_cast<std::size_t>(row)]];
}

int FolderChoices::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant FolderChoices::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const Folder& each = folder(index.row());
    const QString title = folderTitle(each);
    const QString path = pathWords(each);
    switch (role) {
    case Qt::DisplayRole:
        return title;
    case Qt::AccessibleTextRole:
        return path == title ? title : QStringLiteral("%1, %2").arg(title, path);
    case PathRole:
        return path.compare(title, Qt::CaseInsensitive) == 0 ? QString() : path;
    case IconRole:
        return QByteArray(folderIconName(each.role));
    default:
        return {};
    }
}

MoveSheet::MoveSheet(QWidget* parent)
    : QWidget(parent)
    , m_field(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_none(makeLabel({}, TextRole::Body, Ink::Text2, false, this))
    , m_choices(new FolderChoices(this))
{
    setAccessibleName(tr("Move to"));
    m_field->setFixedHeight(48 - metrics::space3);
    m_field->installEventFilter(this);
    m_field->setMaxLength(200);
    m_list->setModel(m_choices);
    m_list->setItemDelegate(new ChoiceDelegate(this));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Folders"));
    QPalette palette = m_list->palette();
    palette.setColor(QPalette::Base, Qt::transparent);
    m_list->setPalette(palette);
    m_none->setContentsMargins(metrics::space4, metrics::space2, metrics::space4, metrics::space2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, metrics::space2, 0, metrics::space2);
    column->setSpacing(metrics::space2);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(metrics::space2, 0, metrics::space2, 0);
    head->addWidget(m_field);
    column->addLayout(head);
    column->addWidget(m_list);
    column->addWidget(m_none);
    connect(m_field, &QLineEdit::textChanged, this, &MoveSheet::filter);
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex& index) { choose(index.row()); });
    parent->installEventFilter(this);
    hide();
}

void MoveSheet::present(const QString& title, std::vector<Folder> folders,
                        std::function<void(FolderId)> chosen)
{
    m_chosen = std::move(chosen);
    m_choices->setFolders(std::move(folders));
    m_field->setPlaceholderText(title);
    m_field->setAccessibleName(title);
    {
        const QSignalBlocker quiet(m_field);
        m_field->clear();
    }
    m_before = QApplication::focusWidget();
    filter({});
    show();
    raise();
    m_field->setFocus(Qt::PopupFocusReason);
}

void MoveSheet::filter(const QString& text)
{
    m_choices->setText(text);
    const int rows = m_choices->rowCount();
    m_list->setVisible(rows > 0);
    m_none->setVisible(rows == 0);
    m_none->setText(tr("No folder called \u201c%1\u201d").arg(text.trimmed().left(60)));
    if (rows > 0) {
        m_list->setCurrentIndex(m_choices->index(0));
    }
    place();
}

void MoveSheet::place()
{
    const int rows = std::clamp(m_choices->rowCount(), 1, mostRows);
    const int row = std::max(rowHeight, lineHeight(TextRole::Body) + 16);
    const QWidget* area = parentWidget();
    const int top = std::min(sheetTop, area->height() / 6);
    const int room = area->height() - top - m_field->height() - 4 * metrics::space3;
    m_list->setFixedHeight(std::min(rows * row, room));
    const int width = std::min(sheetWidth, area->width() - 2 * metrics::space4);
    layout()->activate();
    resize(width, sizeHint().height());
    move((area->width() - width) / 2, top);
}

void MoveSheet::choose(int row)
{
    if (row < 0 || row >= m_choices->rowCount()) {
        return;
    }
    const FolderId folder = m_choices->folder(row).id;
    const auto chosen = m_chosen;
    hideAndReturn();
    chosen(folder);
}

void MoveSheet::hideAndReturn()
{
    hide();
    if (m_before) {
        m_before->setFocus();
    }
}

void MoveSheet::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    fillRounded(painter, rect(), metrics::radiusOverlay, tokens().raised);
    strokeRounded(painter, rect(), metrics::radiusOverlay, tokens().control);
}

bool MoveSheet::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget()) {
        if (event->type() == QEvent::Resize && isVisible()) {
            place();
        }
        return QWidget::eventFilter(watched, event);
    }
    if (event->type() == QEvent::FocusOut) {
        hide();
    } else if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int row = m_list->currentIndex().row();
        if (key == Qt::Key_Escape || key == Qt::Key_Tab) {
            hideAndReturn();
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            choose(row);
            return true;
        }
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int next = row + (key == Qt::Key_Down ? 1 : -1);
            m_list->setCurrentIndex(
                m_choices->index(std::clamp(next, 0, std::max(0, m_choices->rowCount() - 1))));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace avocet
