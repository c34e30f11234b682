// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/outbox/OverdueSheet.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace avocet {

OverdueSheet::OverdueSheet(int messages, QWidget* parent)
    : QDialog(parent)
    , m_always(new QCheckBox(tr("Do this always"), this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Send later"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(metrics::space6, metrics::space6, metrics::space6, metrics::space4);
    layout->setSpacing(metrics::space3);
    auto* words =
        makeLabel(tr("%n messages were to be sent while Avocet was closed.", nullptr, messages),
                  TextRole::Body, Ink::Text, true, this);
    words->setWordWrap(true);
    layout->addWidget(words);
    layout->addWidget(m_always);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::space2);
    const auto add = [&](const QString& text, ButtonKind kind, Answer what) {
        auto* button = new Button(text, kind, this);
        connect(button, &QPushButton::clicked, this, [this, what] { answer(what); });
        buttons->addWidget(button);
        return button;
    };
    add(tr("Keep as draft"), ButtonKind::Quiet, Answer::KeepAsDraft);
    add(tr("Another time…"), ButtonKind::Secondary, Answer::AnotherTime);
    Button* now = add(tr("Send now"), ButtonKind::Primary, Answer::SendNow);
    now->setDefault(true);
    now->setFocus();
    layout->addLayout(buttons);
}

void OverdueSheet::answer(Answer what)
{
    Q_EMIT answered(what, m_always->isChecked());
    accept();
}

} // namespace avocet
