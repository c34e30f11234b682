// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main/MainWindow.h"

#include "ui/accounts/AccountSetup.h"
#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/DraftsView.h"
#include "ui/main/MailActions.h"
#include "ui/main/MoveSheet.h"
#include "ui/main/ShortcutsOverlay.h"
#include "ui/main/StatusLine.h"
#include "ui/main/TopBar.h"
#include "ui/outbox/OutboxView.h"
#include "ui/reader/BodySettings.h"
#include "ui/reader/ReaderWindow.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"
#include "ui/theme/Toast.h"
#include "ui/words/ErrorWords.h"

#include <QLineEdit>
#include <QPainter>
#include <QResizeEvent>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace avocet {

using namespace std::chrono_literals;

namespace {

/// The folders' ground, which no palette role has.
class SidebarGround : public QWidget {
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QPainter(this).fillRect(event->rect(), tokens().sidebar);
    }
};

/// A view under its title, as the list has one.
QWidget* titled(const QString& title, QWidget* view)
{
    auto* page = new QWidget(view->parentWidget());
    page->setAutoFillBackground(true);
    page->setBackgroundRole(QPalette::Base);
    QLabel* label = makeLabel(title, TextRole::Title, Ink::Text, true, page);
    label->setContentsMargins(
        readingMargins(28, metrics::space3, metrics::space3, metrics::space3));
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(label);
    layout->addWidget(new Hairline(Qt::Horizontal, page));
    layout->addWidget(view, 1);
    return page;
}

} // namespace

MainWindow::MainWindow(MailEngine& engine, const std::filesystem::path& profile)
    : m_engine(engine)
    , m_profile(QString::fromStdString(profile.string()))
    , m_preferences(m_profile + QStringLiteral("/settings.ini"))
    , m_bodies(new BodySettings)
    , m_folderModel(new FolderModel(this))
{
    setThemeChoice(m_preferences.theme());
    setMinimumSize(720, 480);
    resize(1400, 900);
    setWindowTitle(tr("Avocet"));
    m_bodies->setZoom(m_preferences.textZoom());
    m_bodies->setSimpleView(m_preferences.simpleView());
    m_bodies->setStripTracking(m_preferences.stripTracking());
    m_bodies->setConsent({[&engine](const QString& sender) {
                              return engine.queries().isTrusted(sender.toStdString());
                          },
                          [&engine](const QString& sender) {
                              engine.submit(command::TrustSender{sender.toStdString(), true});
                          }});
    build();
    m_bodies->setParent(this); // now it goes after the readers
    buildShortcuts();
    connectPanes();
    connectChanges();
    connectEngine();
    reloadAccounts();
    restoreState();
    applyLayout(true);
    reloadOutbox();
    updateStatus();
    if (!isWelcome()) {
        m_list->view().setFocus(); // the single keys work from the first moment
    }
}

MainWindow::~MainWindow()
{
    qDeleteAll(m_readerWindows);
}

void MainWindow::build()
{
    auto* centre = new QWidget(this);
    m_top = new TopBar(centre);
    m_bars = new InfoBarStack(centre);
    m_pages = new QStackedWidget(centre);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_top);
    layout->addWidget(m_bars);
    layout->addWidget(m_pages, 1);
    setCentralWidget(centre);

    m_setup = new AccountSetup(m_engine, m_pages);
    m_list = new ListPane(m_engine, m_pages);
    m_list->setMinimumWidth(metrics::listPaneMin);
    m_reader = new ReaderPane(m_engine, *m_bodies, m_pages);
    m_reader->setMarkReadAfter(m_preferences.markReadAfter());
    m_inner = new QSplitter(Qt::Horizontal, m_pages);
    m_inner->setChildrenCollapsible(false);
    m_inner->setHandleWidth(1);
    m_inner->addWidget(m_list);
    m_inner->addWidget(m_reader);
    m_inner->setStretchFactor(1, 1);
    m_outbox = new OutboxView(m_engine, m_pages);
    m_drafts = new DraftsView(m_engine, m_pages);
    m_right = new QStackedWidget(m_pages);
    m_right->addWidget(m_inner);
    m_right->addWidget(titled(tr("Outbox"), m_outbox));
    m_right->addWidget(m_drafts);

    m_column = buildFolderColumn();
    m_outer = new QSplitter(Qt::Horizontal, m_pages);
    m_outer->setChildrenCollapsible(false);
    m_outer->setHandleWidth(1);
    m_outer->addWidget(m_column);
    m_outer->addWidget(m_right);
    m_outer->setStretchFactor(1, 1);
    m_panes = m_outer;
    m_pages->addWidget(m_panes);
    m_pages->addWidget(m_setup);
    m_columnWidth = metrics::folderPane;
    m_listWidth = metrics::listPane;
    // As somebody drew them, not as a window that was too small for a while had them.
    for (QSplitter* splitter : {m_inner, m_outer})
        connect(splitter, &QSplitter::splitterMoved, this, [this] {
            if (m_layout == Layout::Wide) {
                m_columnWidth = m_column->width();
                m_listWidth = m_list->width();
            }
        });

    m_toast = new Toast(centre);
    m_actions = new MailActions(m_engine, this);
    m_move = new MoveSheet(centre);
    m_shortcuts = new ShortcutsOverlay(centre);
}

QWidget* MainWindow::buildFolderColumn()
{
    auto* column = new SidebarGround(m_pages);
    m_new = new Button(tr("New message"), ButtonKind::Primary, column);
    m_new->setTall(true);
    m_new->setIconName("compose");
    m_new->setAccessibleName(tr("New message"));
    m_new->setToolTip(tr("New message (%1)").arg(QStringLiteral("Ctrl+N")));
    m_folders = new FolderPane(column);
    m_folders->setFolders(m_folderModel);
    m_status = new StatusLine(column);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, metrics::space3, 0, 0);
    layout->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(metrics::space3, 0, metrics::space3, 0);
    top->addWidget(m_new);
    layout->addLayout(top);
    layout->addSpacing(metrics::space2);
    layout->addWidget(m_folders, 1);
    layout->addWidget(m_status);
    connect(m_new, &QPushButton::clicked, this, &MainWindow::newMessage);
    return column;
}

void MainWindow::buildShortcuts()
{
    const auto add = [this](const QKeySequence& keys, std::function<void()> run) {
        auto* shortcut = new QShortcut(keys, this);
        connect(shortcut, &QShortcut::activated, this, [run = std::move(run)] { run(); });
    };
    add(QKeySequence::New, [this] { newMessage(); });
    add(Qt::CTRL | Qt::Key_R, [this] { m_reader->reply(ReplyKind::Reply); });
    add(Qt::CTRL | Qt::SHIFT | Qt::Key_R, [this] { m_reader->reply(ReplyKind::ReplyAll); });
    add(Qt::CTRL | Qt::Key_L, [this] { m_reader->reply(ReplyKind::Forward); });
    add(Qt::CTRL | Qt::SHIFT | Qt::Key_M, [this] { askMove(); });
    add(QKeySequence::Undo, [this] { undo(); });
    add(Qt::Key_F5, [this] { getMail(); });
    add(QKeySequence::Find, [this] { isReading() ? m_reader->find() : focusSearch(); });
    add(Qt::Key_Slash, [this] { focusSearch(); });
    add(Qt::Key_Question, [this] { showShortcuts(); });
    add(Qt::Key_F1, [this] { showShortcuts(); });
    add(Qt::Key_F6, [this] { nextPane(); });
    add(Qt::Key_F10, [this] { showMenu(); });
    add(Qt::CTRL | Qt::Key_Comma, [this] { showSettings(); });
    add(Qt::CTRL | Qt::Key_Q, [this] { quit(); });
    add(QKeySequence::Save, [this] { m_reader->saveAs(); });
    add(Qt::CTRL | Qt::Key_U, [this] { m_reader->showSource(); });
}

void MainWindow::connectPanes()
{
    connect(m_folders, &FolderPane::chosen, this, &MainWindow::chooseFolder);
    connect(m_top, &TopBar::getMailRequested, this, &MainWindow::getMail);
    connect(m_top, &TopBar::searchChanged, this, &MainWindow::search);
    connect(m_top, &TopBar::searchEnded, this, [this] { m_list->view().setFocus(); });
    connect(m_top, &TopBar::searchLeft, this, [this] {
        m_list->view().setFocus();
        m_list->takeFirst();
    });
    connect(m_top, &TopBar::themeToggled, this, &MainWindow::toggleTheme);
    connect(m_top, &TopBar::menuRequested, this, &MainWindow::showMenu);
    connect(m_list, &ListPane::filterCleared, this, [this] { m_top->search().clear(); });

    MessageListView& view = m_list->view();
    view.setFiles([this](const std::vector<MessageSummary>& rows) { return filesOf(rows); });
    connect(&view, &MessageListView::messageSelected, this, &MainWindow::selectMessage);
    connect(&view, &MessageListView::openRequested, this, [this](MessageId id) {
        if (goOnWriting(id)) {
            return;
        }
        m_selected = id;
        openSelected();
    });
    connect(&view, &MessageListView::windowRequested, this, [this](MessageId id) {
        if (!goOnWriting(id)) {
            openInWindow(m_list->folderOf(id), id);
        }
    });
    connect(&view, &QAbstractItemView::clicked, this, [this] {
        if (m_layout == Layout::OnePane) {
            openSelected();
        }
    });
    connect(&view, &MessageListView::selectionSizeChanged, this, [this](int count) {
        m_selectionSize = count;
        if (count > 1) {
            m_showDelay.stop();
            m_reader->showSelection(count);
        }
    });
    connect(&view, &MessageListView::keyPressed, this, &MainWindow::handleKey);
    connectReader(*m_reader);
    connect(&m_reader->context(), &ReaderContext::toastRequested, this,
            [this](const QString& text) { say(text); });
    connect(m_reader, &ReaderPane::keyPressed, this, &MainWindow::handleKey);
    connect(m_reader, &ReaderPane::backRequested, this, [this] {
        showReaderAlone(false);
        m_list->view().setFocus();
    });
    connect(m_outbox, &OutboxView::editRequested, this, &MainWindow::openDraft);
    connect(m_outbox, &OutboxView::problem, this, [this](const QString& text) { say(text); });
    connect(m_drafts, &DraftsView::openRequested, this, &MainWindow::openDraft);
    connect(m_drafts, &DraftsView::openFailed, this,
            [this](const Error& error) { say(errorSentence(error, {})); });
    connect(m_drafts, &DraftsView::discardRequested, this, &MainWindow::discardDraft);
    connect(m_drafts, &DraftsView::discardMessageRequested, this,
            [this](FolderId folder, MessageId message) { m_actions->remove({message}, folder); });
    connect(m_drafts, &DraftsView::countChanged, this,
            [this](int count) { m_folderModel->setDraftCount(count); });
    connect(m_bars, &InfoBarStack::closedByUser, this,
            [this](const QString& key) { m_closedBars.insert(key, m_shownErrors.value(key)); });
    connect(m_setup, &AccountSetup::added, this,
            [this] { say(tr("Ready. Newest mail comes first.")); });
    connect(&m_preferences, &Preferences::themeChanged, this,
            [](ThemeChoice choice) { setThemeChoice(choice); });
    connect(m_bodies, &BodySettings::zoomChanged, this,
            [this] { m_preferences.setTextZoom(m_bodies->zoom()); });
    connect(&m_preferences, &Preferences::markReadAfterChanged, this,
            [this] { m_reader->setMarkReadAfter(m_preferences.markReadAfter()); });
    connect(&m_preferences, &Preferences::simpleViewChanged, this,
            [this] { m_bodies->setSimpleView(m_preferences.simpleView()); });
    connect(&m_preferences, &Preferences::stripTrackingChanged, this,
            [this] { m_bodies->setStripTracking(m_preferences.stripTracking()); });
    // Holding J runs through the list without opening every message on the way.
    m_showDelay.setSingleShot(true);
    connect(&m_showDelay, &QTimer::timeout, this, [this] {
        if (m_selectionSize <= 1) {
            m_reader->showMessage(m_list->folderOf(m_selected), m_selected);
        }
    });
}

void MainWindow::restoreState()
{
    QSettings& s = m_preferences.settings();
    restoreGeometry(s.value(QStringLiteral("window/geometry")).toByteArray());
    m_columnWidth =
        std::clamp(s.value(QStringLiteral("window/folders"), int(metrics::folderPane)).toInt(),
                   int(metrics::folderPaneMin), 480);
    m_listWidth = std::clamp(s.value(QStringLiteral("window/list"), int(metrics::listPane)).toInt(),
                             int(metrics::listPaneMin), 900);
    m_folders->setFoldedKeys(s.value(QStringLiteral("window/folded")).toStringList());
    m_folders->selectKey(s.value(QStringLiteral("window/folder")).toString());
    const MessageId message{s.value(QStringLiteral("window/message")).toLongLong()};
    if (message) {
        m_list->selectWhenListed(message);
    }
}

void MainWindow::saveState()
{
    QSettings& s = m_preferences.settings();
    s.setValue(QStringLiteral("window/geometry"), saveGeometry());
    s.setValue(QStringLiteral("window/folders"), m_columnWidth);
    s.setValue(QStringLiteral("window/list"), m_listWidth);
    s.setValue(QStringLiteral("window/folder"), m_folders->selectedKey());
    s.setValue(QStringLiteral("window/folded"), m_folders->foldedKeys());
    s.setValue(QStringLiteral("window/message"), QVariant::fromValue<qlonglong>(m_selected.value));
}

bool MainWindow::isWelcome() const
{
    return m_pages->currentWidget() == m_setup;
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    if (m_outer) {
        applyLayout();
    }
}

void MainWindow::applyLayout(bool force)
{
    const Layout wanted = width() < metrics::onePaneBelow ? Layout::OnePane
                          : width() < metrics::railBelow  ? Layout::Rail
                                                          : Layout::Wide;
    if (wanted == m_layout && !force) {
        return;
    }
    m_layout = wanted;
    const bool rail = wanted != Layout::Wide;
    m_folders->setRail(rail);
    m_status->setRail(rail);
    m_new->setText(rail ? QString() : tr("New message"));
    m_new->setFixedWidth(rail ? metrics::buttonMain - 4 : QWIDGETSIZE_MAX);
    m_new->setMinimumWidth(rail ? metrics::buttonMain - 4 : 0);
    m_column->setMinimumWidth(rail ? metrics::folderRail : metrics::folderPaneMin);
    m_column->setMaximumWidth(rail ? metrics::folderRail : 480);
    m_reader->setMinimumWidth(wanted == Layout::OnePane ? 0 : metrics::readerMin);
    const int column = rail ? metrics::folderRail : m_columnWidth;
    const int list = rail ? metrics::listPaneNarrow : m_listWidth;
    m_outer->setSizes({column, width() - column - 1});
    m_inner->setSizes({list, width() - column - list - 2});
    // Who reads goes on reading.
    showReaderAlone(wanted == Layout::OnePane && (m_readerAlone || (m_selected && isReading())));
}

void MainWindow::showReaderAlone(bool reader)
{
    const bool single = m_layout == Layout::OnePane;
    m_readerAlone = single && reader;
    m_list->setVisible(!single || !reader);
    m_reader->setVisible(!single || reader);
    m_reader->setBackVisible(single);
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        update();
    }
}

} // namespace avocet
