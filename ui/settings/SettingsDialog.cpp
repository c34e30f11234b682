// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/SettingsDialog.h"

#include "ui/settings/AccountsPage.h"
#include "ui/settings/ComposingPage.h"
#include "ui/settings/ContactsPage.h"
#include "ui/settings/PrivacyPage.h"
#include "ui/settings/SegmentedControl.h"
#include "ui/settings/SettingRow.h"
#include "ui/settings/TemplatesPage.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"

#include <QComboBox>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

namespace avocet {

namespace {

constexpr int dialogWidth = 880;
constexpr int dialogHeight = 620;
constexpr int leftWidth = 208;
constexpr std::array<int, 6> markReadChoices{0, 1000, 1500, 3000, 5000, 10'000};

class SidePane : public QWidget {
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), tokens().sidebar);
    }
};

/// Looks like a row of the folder pane: 32 high, icon at 20, text at 48.
class PageRow : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {leftWidth, std::max(metrics::folderRow, lineHeight(TextRole::Body) + 12)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const Tokens& t = tokens();
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        const QRect row = option.rect.adjusted(metrics::space2, 0, -metrics::space2, 0);
        if (selected) {
            fillRounded(*painter, row, metrics::radiusControl, t.selection);
            const QRect bar = QStyle::visualRect(
                option.direction, row, QRect(row.left(), row.top() + 8, 3, row.height() - 16));
            fillRounded(*painter, bar, 1.5, t.accent);
        } else if (option.state.testFlag(QStyle::State_MouseOver)) {
            fillRounded(*painter, row, metrics::radiusControl, t.hoverSidebar);
        }
        const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
        if (selected && view && view->hasFocus() && option.state.testFlag(QStyle::State_HasFocus) &&
            option.state.testFlag(QStyle::State_KeyboardFocusChange))
            drawFocusRing(*painter, row);
        const QRect mark(20, row.top() + (row.height() - metrics::icon) / 2, metrics::icon,
                         metrics::icon);
        const QByteArray icon = index.data(Qt::UserRole).toByteArray();
        paintIcon(*painter, QStyle::visualRect(option.direction, option.rect, mark),
                  icon.constData(), selected ? t.accent : t.text2);
        painter->setFont(themeFont(TextRole::Body, selected));
        painter->setPen(t.text);
        const QRect text = QStyle::visualRect(option.direction, option.rect,
                                              QRect(48, row.top(), row.right() - 56, row.height()));
        painter->drawText(
            text,
            static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) |
                             Qt::AlignVCenter),
            painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight,
                                              text.width()));
    }
};

} // namespace

SettingsDialog::SettingsDialog(MailEngine& engine, Preferences& preferences, const QString& profile,
                               QWidget* parent)
    : QDialog(parent)
    , m_preferences(preferences)
    , m_accounts(new AccountsPage(engine, this))
    , m_search(new QLineEdit(this))
    , m_list(new QListWidget(this))
    , m_pages(new QStackedWidget(this))
{
    setWindowTitle(tr("Settings"));
    resize(dialogWidth, dialogHeight);
    setMinimumSize(640, 420);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);

    auto* left = new SidePane(this);
    left->setFixedWidth(leftWidth);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, metrics::space3, 0, metrics::space3);
    column->setSpacing(metrics::space2);
    auto* searchRow = new QHBoxLayout;
    searchRow->setContentsMargins(metrics::space3, 0, metrics::space3, 0);
    m_search->setObjectName(QStringLiteral("search"));
    m_search->setPlaceholderText(tr("Search settings"));
    m_search->setAccessibleName(tr("Search settings"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumHeight(metrics::field);
    searchRow->addWidget(m_search);
    column->addLayout(searchRow);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setAccessibleName(tr("Pages"));
    m_list->setItemDelegate(new PageRow(m_list));
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_list, 1);
    layout->addWidget(left);
    layout->addWidget(new Hairline(Qt::Vertical, this));
    layout->addWidget(m_pages, 1);

    addPage("people", tr("Accounts"), m_accounts,
            tr("add account server password identity name incoming outgoing test remove"));
    addPage("palette", tr("Appearance"), makeAppearance(), {});
    addPage("mail-read", tr("Reading"), makeReading(), {});
    addPage("edit", tr("Composing"), new ComposingPage(preferences, this), {});
    addPage("file-text", tr("Templates"), new TemplatesPage(engine, preferences, this), {});
    addPage("person", tr("Contacts"), new ContactsPage(engine, this), {});
    addPage("shield", tr("Privacy"), new PrivacyPage(engine, m_preferences, this),
            tr("tracking remote images trusted senders"));
    addPage("settings", tr("Advanced"), makeAdvanced(profile), {});
    connect(m_list, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_search, &QLineEdit::textChanged, this, &SettingsDialog::search);
    // Esc ends the search before it closes the window.
    auto* clear = new QShortcut(Qt::Key_Escape, m_search, nullptr, nullptr, Qt::WidgetShortcut);
    connect(clear, &QShortcut::activated, this,
            [this] { m_search->text().isEmpty() ? reject() : m_search->clear(); });
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, m_search,
            [this] { m_search->setFocus(Qt::ShortcutFocusReason); });
    m_list->setCurrentRow(0);
    m_list->setFocus(Qt::OtherFocusReason);
}

void SettingsDialog::addPage(const char* icon, const QString& title, QWidget* page,
                             const QString& words)
{
    auto* item = new QListWidgetItem(title, m_list);
    item->setData(Qt::UserRole, QByteArray(icon));
    m_entries.append({icon, page, title + u' ' + words});
    if (!qobject_cast<SettingsPage*>(page)) {
        m_pages->addWidget(page);
        return;
    }
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    page->setAutoFillBackground(true);
    scroll->setWidget(page);
    m_pages->addWidget(scroll);
}

SettingsPage* SettingsDialog::makeAppearance()
{
    auto* page = new SettingsPage(tr("Appearance"), this);
    auto* theme = new SegmentedControl({tr("Desktop"), tr("Light"), tr("Dark")}, page);
    theme->setObjectName(QStringLiteral("theme"));
    theme->setCurrent(static_cast<int>(m_preferences.theme()));
    connect(theme, &SegmentedControl::chosen, this, [this](int index) {
        const auto choice = static_cast<ThemeChoice>(index);
        m_preferences.setTheme(choice);
        setThemeChoice(choice);
    });
    page->addRow(new SettingRow(tr("Theme"), tr("Desktop follows light and dark of your desktop."),
                                theme, page));
    return page;
}

SettingsPage* SettingsDialog::makeReading()
{
    auto* page = new SettingsPage(tr("Reading"), this);
    auto* after = new QComboBox(page);
    after->setObjectName(QStringLiteral("markRead"));
    const QLocale locale;
    for (const int ms : markReadChoices)
        after->addItem(ms == 0 ? tr("At once")
                               : tr("After %1 s").arg(locale.toString(ms / 1000.0, 'g', 3)),
                       ms);
    after->addItem(tr("Never"), -1);
    const auto current = m_preferences.markReadAfter();
    const int ms = current ? static_cast<int>(current->count()) : -1;
    if (after->findData(ms) < 0)
        after->insertItem(after->count() - 1,
                          tr("After %1 s").arg(locale.toString(ms / 1000.0, 'g', 3)), ms);
    after->setCurrentIndex(after->findData(ms));
    connect(after, &QComboBox::activated, this, [this, after] {
        const int chosen = after->currentData().toInt();
        if (chosen < 0)
            m_preferences.setMarkReadAfter(std::nullopt);
        else
            m_preferences.setMarkReadAfter(std::chrono::milliseconds(chosen));
    });
    page->addRow(new SettingRow(tr("Mark a message as read"),
                                tr("How long it is in view before it counts as read."), after,
                                page));
    auto* html = new SegmentedControl({tr("As sent"), tr("Simple view")}, page);
    html->setObjectName(QStringLiteral("html"));
    html->setCurrent(m_preferences.simpleView() ? 1 : 0);
    connect(html, &SegmentedControl::chosen, this,
            [this](int index) { m_preferences.setSimpleView(index == 1); });
    page->addRow(new SettingRow(
        tr("Formatted mail"), tr("Simple view shows the words alone, without pictures and layout."),
        html, page));
    return page;
}

SettingsPage* SettingsDialog::makeAdvanced(const QString& profile)
{
    auto* page = new SettingsPage(tr("Advanced"), this);
    auto* open = new Button(tr("Open folder"), ButtonKind::Secondary, page);
    connect(open, &QPushButton::clicked, this,
            [profile] { QDesktopServices::openUrl(QUrl::fromLocalFile(profile)); });
    open->setAccessibleName(tr("Open the profile's folder"));
    page->addRow(new SettingRow(tr("Profile"), profile, open, page));
    return page;
}

void SettingsDialog::openPage(Page page)
{
    m_search->clear();
    m_list->setCurrentRow(static_cast<int>(page));
}

SettingsDialog::Page SettingsDialog::page() const
{
    return static_cast<Page>(m_pages->currentIndex());
}

void SettingsDialog::search(const QString& text)
{
    const QString wanted = text.trimmed();
    int first = -1;
    for (int i = 0; i < m_entries.size(); ++i) {
        auto* page = qobject_cast<SettingsPage*>(m_entries[i].page);
        const bool hit =
            page ? page->filter(wanted) : m_entries[i].words.contains(wanted, Qt::CaseInsensitive);
        m_list->item(i)->setHidden(!hit);
        if (hit && first < 0)
            first = i;
    }
    if (first >= 0 && m_list->item(m_list->currentRow())->isHidden())
        m_list->setCurrentRow(first);
}

} // namespace avocet
