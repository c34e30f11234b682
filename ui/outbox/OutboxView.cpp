// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/outbox/OutboxView.h"

#include "ui/outbox/OutboxRow.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"
#include "ui/words/ErrorWords.h"

#include <QJsonObject>
#include <QListView>
#include <QPainter>
#include <QStackedLayout>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace avocet {

namespace {

const QString actionBar = QStringLiteral("action");

/// The row's widget draws all but the ground, where the list shows selection and focus.
class RowGround : public QStyledItemDelegate {
public:
    explicit RowGround(OutboxView* view)
        : QStyledItemDelegate(view)
        , m_view(view)
    {
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex&) const override
    {
        const Tokens& t = tokens();
        const bool focused = option.state.testFlag(QStyle::State_HasFocus);
        if (focused) {
            painter->fillRect(option.rect, t.selection);
            painter->fillRect(QStyle::visualRect(option.direction, option.rect,
                                                 QRect(option.rect.left(), option.rect.top(), 3,
                                                       option.rect.height())),
                              t.accent);
        } else if (option.state.testFlag(QStyle::State_MouseOver)) {
            painter->fillRect(option.rect, t.hover);
        }
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const OutboxRow* row = m_view->row(index.row());
        return {option.rect.width(), row ? row->sizeHint().height() : 72};
    }

private:
    OutboxView* m_view;
};

} // namespace

OutboxView::OutboxView(MailEngine& engine, QWidget* parent)
    : QWidget(parent)
    , m_engine(engine)
    , m_bars(new InfoBarStack(this))
    , m_list(new QListView(this))
    , m_empty(new EmptyState(this))
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bars);
    auto* body = new QWidget(this);
    m_stack = new QStackedLayout(body);
    layout->addWidget(body, 1);
    m_empty->setContent("outbox", tr("Nothing waiting to be sent"));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_list);

    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Outbox"));
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setMouseTracking(true);
    m_list->setItemDelegate(new RowGround(this));
    m_list->setModel(&m_model);
    setFocusProxy(m_list);

    connect(&m_model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) {
                placeRows(first, last);
                showListOrEmpty();
            });
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &OutboxView::showListOrEmpty);
    connect(&m_model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last) {
                for (int i = first.row(); i <= last.row(); ++i)
                    if (OutboxRow* widget = row(i))
                        widget->setContent(m_model, i);
            });
    connect(m_list, &QListView::activated, this, [this](const QModelIndex& index) {
        const OutboxWords words = m_model.words(index.row());
        if (!words.actions.isEmpty())
            run(m_model.item(index.row()).id, words.actions.first());
    });
    connect(&m_engine, &MailEngine::outboxChanged, &m_reload, qOverload<>(&QTimer::start));
    connect(&m_engine, &MailEngine::finished, this, &OutboxView::finish);
    m_reload.setSingleShot(true); // many changes in one round are one look
    connect(&m_reload, &QTimer::timeout, this, &OutboxView::reload);
    m_clock.setInterval(30'000);
    connect(&m_clock, &QTimer::timeout, &m_model, &OutboxModel::refreshTimes);
    m_clock.start();
    reload();
}

OutboxRow* OutboxView::row(int row) const
{
    return qobject_cast<OutboxRow*>(m_list->indexWidget(m_model.index(row)));
}

void OutboxView::reload()
{
    m_model.setItems(m_engine.queries().outbox());
}

void OutboxView::showListOrEmpty()
{
    QWidget* wanted = m_empty;
    if (m_model.rowCount() > 0)
        wanted = m_list;
    m_stack->setCurrentWidget(wanted);
}

void OutboxView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    reload();
}

void OutboxView::placeRows(int first, int last)
{
    for (int i = first; i <= last; ++i) {
        const OutboxId id = m_model.item(i).id;
        auto* widget = new OutboxRow(m_list->viewport());
        widget->setContent(m_model, i);
        connect(widget, &OutboxRow::triggered, this,
                [this, id](OutboxAction action) { run(id, action); });
        connect(widget, &OutboxRow::sendAgainConfirmed, this,
                [this, id] { submit(id, OutboxAction::SendAgain, command::RetryOutbox{id}); });
        connect(widget, &OutboxRow::sizeChanged, this, [this, id] { resizeRow(id); });
        m_list->setIndexWidget(m_model.index(i), widget);
    }
}

void OutboxView::resizeRow(OutboxId id)
{
    const int at = m_model.rowOf(id);
    if (at >= 0 && row(at))
        Q_EMIT m_list->itemDelegate()->sizeHintChanged(m_model.index(at));
}

void OutboxView::run(OutboxId id, OutboxAction action)
{
    OutboxRow* widget = row(m_model.rowOf(id));
    switch (action) {
    case OutboxAction::TryNow:
        submit(id, action, command::RetryOutbox{id});
        break;
    case OutboxAction::Edit:
        submit(id, action, command::EditOutbox{id});
        break;
    case OutboxAction::Cancel:
        submit(id, action, command::CancelOutbox{id});
        break;
    case OutboxAction::CheckAgain:
        if (widget)
            widget->setNote(tr("Looking into Sent"));
        submit(id, action, command::CheckUncertain{id});
        break;
    case OutboxAction::SendAgain:
        if (widget)
            widget->askSendAgain();
        break;
    case OutboxAction::Details:
        if (widget)
            widget->toggleDetails();
        break;
    }
}

void OutboxView::submit(OutboxId id, OutboxAction action, Command command)
{
    m_bars->dismiss(actionBar);
    m_pending.insert_or_assign(m_engine.submit(std::move(command)), Pending{id, action});
}

void OutboxView::finish(RequestId request, const Result<QJsonObject>& reply)
{
    const auto found = m_pending.find(request);
    if (found == m_pending.end())
        return;
    const Pending pending = found->second;
    m_pending.erase(found);
    OutboxRow* widget = row(m_model.rowOf(pending.item));
    if (pending.action == OutboxAction::CheckAgain && widget)
        widget->setNote({});
    if (!reply) {
        m_bars->show({actionBar, Severity::Warning, errorSentence(reply.error(), {}), {}, true});
        return;
    }
    if (pending.action == OutboxAction::Edit)
        Q_EMIT editRequested(DraftId{reply->value(QLatin1String("draftId")).toInteger()});
    if (pending.action == OutboxAction::CheckAgain && widget &&
        !reply->value(QLatin1String("found")).toBool())
        widget->setNote(tr("It is not in Sent or the inbox yet"));
    reload();
}

} // namespace avocet
