// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/ContactsPage.h"

#include "core/mime/VCard.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QJsonObject>
#include <QLineEdit>
#include <QListView>
#include <QPointer>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QThreadPool>

#include <algorithm>
#include <chrono>
#include <memory>

namespace avocet {

namespace {

constexpr qint64 largestFile = 64 * 1024 * 1024;
constexpr std::size_t contactsAtOnce = 1000;
constexpr int listHeight = 260;
constexpr auto refillDelay = std::chrono::milliseconds(50);
constexpr int idRole = Qt::UserRole + 1;
const QString importBar = QStringLiteral("import");

Result<VCards> readFile(const QString& path)
{
    QFile file(path);
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Rejected, "cannot be read", ErrorCode::NotFound);
    if (file.size() > largestFile)
        return fail(ErrorKind::Rejected, "too large", ErrorCode::TooLarge);
    const QByteArray bytes = file.read(largestFile);
    return readVCards({bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace

ContactsPage::ContactsPage(MailEngine& engine, QWidget* parent)
    : SettingsPage(tr("Contacts"), parent)
    , m_engine(engine)
    , m_bars(new InfoBarStack(this))
    , m_search(new QLineEdit(this))
    , m_model(new QStandardItemModel(this))
    , m_filter(new QSortFilterProxyModel(this))
    , m_list(new QListView(this))
    , m_count(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_remove(new Button(tr("Remove"), ButtonKind::Quiet, this))
    , m_unhide(new Button(tr("Suggest again"), ButtonKind::Secondary, this))
{
    auto* import = new Button(tr("Import"), ButtonKind::Secondary, this);
    import->setAccessibleName(tr("Import contacts"));
    connect(import, &QPushButton::clicked, this, &ContactsPage::chooseFiles);
    m_bars->layout()->setContentsMargins(0, 0, 0, metrics::space2);
    addWidget(m_bars);
    addRow(new SettingRow(tr("Contact files"),
                          tr("People from .vcf files are suggested when you write. Those whom you "
                             "write to are, without being listed here."),
                          import, this));
    m_hidden = new SettingRow(tr("Removed suggestions"),
                              tr("Addresses that you took away are suggested again once you write "
                                 "to them."),
                              m_unhide, this);
    addRow(m_hidden);
    connect(m_unhide, &QPushButton::clicked, this,
            [this] { m_engine.submit(command::HideSuggestion{}); });

    auto* tools = new QWidget(this);
    auto* line = new QHBoxLayout(tools);
    line->setContentsMargins(0, metrics::space4, 0, metrics::space2);
    line->setSpacing(metrics::space2);
    m_search->setObjectName(QStringLiteral("find"));
    m_search->setPlaceholderText(tr("Find a contact"));
    m_search->setAccessibleName(tr("Find a contact"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumHeight(metrics::field);
    line->addWidget(m_search, 1);
    line->addWidget(m_count);
    line->addWidget(m_remove);
    addWidget(tools);
    m_filter->setSourceModel(m_model);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_list->setObjectName(QStringLiteral("contacts"));
    m_list->setAccessibleName(tr("Contacts"));
    m_list->setModel(m_filter);
    m_list->setUniformItemSizes(true);
    m_list->setFixedHeight(listHeight);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    addWidget(m_list);
    connect(m_search, &QLineEdit::textChanged, m_filter,
            &QSortFilterProxyModel::setFilterFixedString);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ContactsPage::updateButtons);
    connect(m_remove, &QPushButton::clicked, this, &ContactsPage::removeSelected);
    m_refill.setSingleShot(true); // an import comes in many parts
    m_refill.setInterval(refillDelay);
    connect(&m_refill, &QTimer::timeout, this, &ContactsPage::fill);
    connect(&m_engine, &MailEngine::contactsChanged, &m_refill, qOverload<>(&QTimer::start));
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (!m_last || request != m_last)
                    return;
                m_last = {};
                if (reply)
                    m_bars->show({importBar, Severity::Success, m_words, {}, true});
                else
                    m_bars->show({importBar,
                                  Severity::Danger,
                                  reply.error().code == ErrorCode::TooLarge
                                      ? tr("Not all were taken: 100,000 contacts are the most.")
                                      : tr("The contacts were not saved. The disk may be full."),
                                  {},
                                  true});
            });
    fill();
}

void ContactsPage::chooseFiles()
{
    auto* dialog = new QFileDialog(this, tr("Import contacts"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilter(tr("Contact files (*.vcf *.vcard)"));
    connect(dialog, &QFileDialog::filesSelected, this, &ContactsPage::importFiles);
    dialog->open();
}

void ContactsPage::importFiles(const QStringList& paths)
{
    for (const QString& path : paths) {
        const QString name = QFileInfo(path).fileName();
        m_bars->show({importBar, Severity::Info, tr("Reading %1").arg(name), {}, true});
        QThreadPool::globalInstance()->start([self = QPointer(this), path, name] {
            auto read = std::make_shared<Result<VCards>>(readFile(path));
            QMetaObject::invokeMethod(qApp, [self, read, name] {
                if (!self)
                    return;
                if (*read)
                    self->imported(name, (*read)->contacts, (*read)->cut);
                else
                    self->m_bars->show({importBar,
                                        Severity::Warning,
                                        tr("%1 holds no contacts that can be read.").arg(name),
                                        {},
                                        true});
            });
        });
    }
}

void ContactsPage::imported(const QString& name, const std::vector<Contact>& contacts, bool cut)
{
    if (contacts.empty()) {
        m_bars->show({importBar,
                      Severity::Warning,
                      tr("Nobody in %1 has an email address.").arg(name),
                      {},
                      true});
        return;
    }
    const auto count = static_cast<int>(contacts.size());
    m_words = cut ? tr("The first %n address(es) of %1 were taken.", nullptr, count).arg(name)
                  : tr("%n address(es) of %1 were taken.", nullptr, count).arg(name);
    for (std::size_t at = 0; at < contacts.size(); at += contactsAtOnce) {
        const auto begin = contacts.begin() + static_cast<std::ptrdiff_t>(at);
        const auto end = contacts.begin() + static_cast<std::ptrdiff_t>(
                                                std::min(at + contactsAtOnce, contacts.size()));
        m_last = m_engine.submit(command::AddContacts{name.toStdString(), {begin, end}});
    }
}

void ContactsPage::fill()
{
    showHidden();
    m_engine.queries().contacts(this,
                                [this](const std::vector<Contact>& contacts) { show(contacts); });
}

void ContactsPage::show(const std::vector<Contact>& contacts)
{
    m_model->clear();
    for (const Contact& contact : contacts) {
        const QString address = QString::fromStdString(contact.address);
        const QString name = QString::fromStdString(contact.name);
        auto* item = new QStandardItem(name.isEmpty() ? address
                                                      : tr("%1 <%2>").arg(name.left(200), address));
        item->setData(static_cast<qlonglong>(contact.id.value), idRole);
        item->setToolTip(tr("From %1").arg(QString::fromStdString(contact.source)));
        m_model->appendRow(item);
    }
    m_count->setText(contacts.empty() ? tr("None yet")
                                      : tr("%n contact(s)", nullptr, m_model->rowCount()));
    updateButtons();
}

void ContactsPage::showHidden()
{
    const auto hidden = static_cast<int>(m_engine.queries().hiddenSuggestions());
    m_unhide->setText(hidden > 0 ? tr("Suggest %n again", nullptr, hidden) : tr("None"));
    m_unhide->setEnabled(hidden > 0);
}

void ContactsPage::updateButtons()
{
    m_remove->setEnabled(m_list->selectionModel()->hasSelection());
}

void ContactsPage::removeSelected()
{
    command::RemoveContacts remove;
    for (const QModelIndex& index : m_list->selectionModel()->selectedIndexes())
        remove.contacts.push_back(ContactId{index.data(idRole).toLongLong()});
    if (!remove.contacts.empty())
        m_engine.submit(remove);
}

} // namespace avocet
