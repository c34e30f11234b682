// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/RedirectSheet.h"

#include "ui/compose/ComposeRow.h"
#include "ui/compose/RecipientCompleter.h"
#include "ui/compose/RecipientField.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"
#include "ui/words/ErrorWords.h"

#include <QHBoxLayout>
#include <QJsonObject>
#include <QLineEdit>
#include <QShortcut>
#include <QVBoxLayout>

#include <utility>

namespace avocet {

namespace {

constexpr int sheetWidth = 480;

} // namespace

RedirectSheet::RedirectSheet(MailEngine& engine, command::Redirect wish, const QString& sender,
                             QWidget* parent)
    : QDialog(parent)
    , m_engine(engine)
    , m_wish(std::move(wish))
    , m_to(new RecipientField(tr("To"), this))
    , m_hint(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_explained(tr("The message goes on as it is. Answers go to %1.").arg(sender))
    , m_send(new Button(tr("Redirect"), ButtonKind::Primary, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Redirect"));
    setObjectName(QStringLiteral("redirect"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, metrics::space4);
    layout->setSpacing(metrics::space3);
    layout->addWidget(new ComposeRow(tr("To"), m_to, m_to->edit(), this));
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(metrics::space4, 0, metrics::space4, 0);
    foot->setSpacing(metrics::space3);
    m_hint->setWordWrap(true);
    m_hint->setText(m_explained);
    foot->addWidget(m_hint, 1);
    m_send->setIconName("send");
    foot->addWidget(m_send);
    layout->addLayout(foot);
    setMinimumWidth(sheetWidth);
    new RecipientCompleter(m_engine, m_to,
                           [this](const std::string& address) { return m_to->find(address); });
    m_engine.queries().refreshSuggestions();
    connect(m_send, &QPushButton::clicked, this, &RedirectSheet::send);
    connect(new QShortcut(Qt::CTRL | Qt::Key_Return, this), &QShortcut::activated, this,
            &RedirectSheet::send);
    connect(m_to, &RecipientField::changed, this, [this] { m_hint->setText(m_explained); });
    connect(m_to, &RecipientField::leaveRequested, this,
            [this] { m_send->setFocus(Qt::TabFocusReason); });
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (m_request && request == m_request)
                    finished(reply);
            });
    m_to->edit()->setFocus();
}

void RedirectSheet::send()
{
    if (m_request)
        return;
    m_to->complete();
    if (m_to->isEmpty()) {
        complain(tr("Add a recipient to redirect this message."));
        return;
    }
    if (const QString wrong = m_to->firstInvalid(); !wrong.isEmpty()) {
        complain(tr("“%1” is not an email address. Correct or remove it.").arg(wrong.left(80)));
        return;
    }
    m_wish.to = m_to->addresses();
    m_send->setEnabled(false);
    m_request = m_engine.submit(m_wish);
}

void RedirectSheet::finished(const Result<QJsonObject>& reply)
{
    m_request = {};
    m_send->setEnabled(true);
    if (!reply) {
        complain(tr("Not sent. %1").arg(errorSentence(reply.error(), {})));
        return;
    }
    Q_EMIT sent(OutboxId{reply->value(QLatin1String("outboxId")).toInteger()});
    accept();
}

void RedirectSheet::complain(const QString& words)
{
    m_hint->setText(words);
    m_to->edit()->setFocus(Qt::OtherFocusReason);
}

} // namespace avocet
