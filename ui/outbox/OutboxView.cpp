// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/outbox/OutboxView.h"

#include "ui/compose/SendLaterSheet.h"
#include "ui/outbox/OutboxRow.h"
#include "ui/outbox/OverdueSheet.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"
#include "ui/words/ErrorWords.h"

#include <QHBoxLayout>
#include <QJsonObject>
#include <QListView>
#include <QPainter>
#include <QStackedLayout>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace avocet {

namespace {

const QString actionBar = QStringLiteral("action");
const QString pauseBar = QStringLiteral("pause");

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
    layout->addWidget(makeTop());
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
    connect(&m_engine, &MailEngine::outboxChanged, this, [this](OutboxId item) {
        m_reload.start();
        if (!item)
            setPolicy({});
    });
    connect(&m_engine, &MailEngine::outboxProgress, this,
            [this](OutboxId item, qint64 written, qint64 total) {
                m_model.setProgress(item, {written, total});
            });
    connect(&m_engine, &MailEngine::finished, this, &OutboxView::finish);
    m_reload.setSingleShot(true); // many changes in one round are one look
    connect(&m_reload, &QTimer::timeout, this, &OutboxView::reload);
    connect(&m_clock, &QTimer::timeout, &m_model, &OutboxModel::refreshTimes);
    reload();
    setPolicy({});
}

OutboxRow* OutboxView::row(int row) const
{
    return qobject_cast<OutboxRow*>(m_list->indexWidget(m_model.index(row)));
}

void OutboxView::reload()
{
    m_model.setItems(m_engine.queries().outbox());
    m_clock.start(m_model.countsDown() ? std::chrono::seconds(1) : std::chrono::seconds(30));
    askOverdue();
}

void OutboxView::takeBack(OutboxId id)
{
    submit(id, OutboxAction::Undo, command::EditOutbox{id});
}

QWidget* OutboxView::makeTop()
{
    auto* top = new QWidget(this);
    auto* layout = new QHBoxLayout(top);
    layout->setContentsMargins(metrics::space4, metrics::space2, metrics::space3, 0);
    m_pause = new Button(tr("Pause sending"), ButtonKind::Quiet, top);
    m_pause->setObjectName(QStringLiteral("pauseSending"));
    layout->addStretch(1);
    layout->addWidget(m_pause);
    connect(m_pause, &QPushButton::clicked, this, [this] {
        setPolicy({m_model.paused() ? 0 : 1, {}});
    });
    return top;
}

void OutboxView::setPolicy(command::SetOutboxPolicy policy)
{
    m_policy = m_engine.submit(std::move(policy));
}

void OutboxView::showPause(bool paused)
{
    m_model.setPaused(paused);
    m_pause->setText(paused ? tr("Resume sending") : tr("Pause sending"));
    if (paused)
        m_bars->show({pauseBar,
                      Severity::Info,
                      tr("Sending is paused. Nothing leaves until you resume it."),
                      {{tr("Resume"),
                        [this] {
                            setPolicy({0, {}});
                        }}},
                      false});
    else
        m_bars->dismiss(pauseBar);
}

void OutboxView::askForTime(const std::vector<OutboxId>& ids)
{
    auto* sheet = new SendLaterSheet(this);
    connect(sheet, &SendLaterSheet::chosen, this, [this, ids](const QDateTime& time) {
        for (const OutboxId id : ids) {
            m_asked.erase(id);
            submit(id, OutboxAction::Reschedule,
                   command::RescheduleOutbox{id, time.toSecsSinceEpoch()});
        }
    });
    sheet->open();
}

/// Once for each; the answer may hold for all that come.
void OutboxView::askOverdue()
{
    if (m_overdue)
        return; // what becomes late meanwhile is asked for behind it
    std::vector<OutboxId> late;
    for (const OutboxItem& item : m_model.overdue())
        if (m_asked.insert(item.id).second)
            late.push_back(item.id);
    if (late.empty())
        return;
    m_overdue = new OverdueSheet(static_cast<int>(late.size()), window());
    connect(m_overdue, &OverdueSheet::answered, this,
            [this, late](OverdueSheet::Answer answer, bool always) {
                if (always && answer != OverdueSheet::Answer::AnotherTime)
                    setPolicy({-1, answer == OverdueSheet::Answer::SendNow ? "send" : "draft"});
                for (const OutboxId id : late) {
                    if (answer == OverdueSheet::Answer::SendNow)
                        run(id, OutboxAction::SendNow);
                    else if (answer == OverdueSheet::Answer::KeepAsDraft)
                        run(id, OutboxAction::KeepAsDraft);
                }
                if (answer == OverdueSheet::Answer::AnotherTime)
                    askForTime(late);
            });
    connect(m_overdue, &QDialog::finished, this, [this] {
        m_overdue = nullptr;
        m_reload.start();
    });
    m_overdue->open();
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
                [this, id] { submit(id, OutboxAction::TryNow, command::RetryOutbox{id}); });
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
    case OutboxAction::SendNow:
        submit(id, action, command::RescheduleOutbox{id, 0});
        break;
    case OutboxAction::Undo:
    case OutboxAction::Edit:
    case OutboxAction::EditAndResend:
        submit(id, action, command::EditOutbox{id});
        break;
    case OutboxAction::Reschedule:
        askForTime({id});
        break;
    case OutboxAction::KeepAsDraft:
    case OutboxAction::Cancel:
        submit(id, action, command::CancelOutbox{id});
        break;
    case OutboxAction::CheckAgain:
        if (widget)
            widget->setNote(tr("Looking into Sent"));
        submit(id, action, command::CheckUncertain{id});
        break;
    case OutboxAction::SendAgain: // by the newest facts
        if (widget)
            widget->setNote(tr("Looking into Sent"));
        submit(id, action, command::CheckUncertain{id});
        break;
    case OutboxAction::Settle:
        submit(id, action, command::SettleUncertain{id});
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
    if (m_policy && request == m_policy) {
        m_policy = {};
        if (reply)
            showPause(reply->value(QLatin1String("paused")).toBool());
        return;
    }
    const auto found = m_pending.find(request);
    if (found == m_pending.end())
        return;
    const Pending pending = found->second;
    m_pending.erase(found);
    if (pending.action == OutboxAction::CheckAgain || pending.action == OutboxAction::SendAgain)
        showLook(pending, reply);
    if (!reply) {
        if (!isVisible())
            Q_EMIT problem(errorSentence(reply.error(), {}));
        m_bars->show({actionBar, Severity::Warning, errorSentence(reply.error(), {}), {}, true});
        return;
    }
    if (reply->contains(QLatin1String("draftId")))
        Q_EMIT editRequested(DraftId{reply->value(QLatin1String("draftId")).toInteger()});
    reload();
}

/// Behind a look for an uncertain message. Where looking failed, the error bar says so and the user may decide all the same.
void OutboxView::showLook(const Pending& pending, const Result<QJsonObject>& reply)
{
    const int at = m_model.rowOf(pending.item);
    OutboxRow* widget = row(at);
    if (!widget)
        return;
    const bool found = reply && reply->value(QLatin1String("found")).toBool();
    const bool looked = reply.has_value();
    widget->setNote(!looked || found ? QString() : tr("It is not in Sent or the inbox yet"));
    if (pending.action == OutboxAction::SendAgain && !found)
        widget->askSendAgain(
            uncertainFacts(m_model.item(at), QDateTime::currentDateTime(), looked));
}

} // namespace avocet
