// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/LinkSheet.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QUrl>

namespace avocet {

LinkSheet::LinkSheet(QWidget* parent)
    : QFrame(parent)
    , m_words(new QLineEdit(this))
    , m_address(new QLineEdit(this))
    , m_set(new Button(tr("Set link"), ButtonKind::Primary, this))
    , m_remove(new Button(tr("Remove link"), ButtonKind::Quiet, this))
{
    setAccessibleName(tr("Link"));
    m_words->setAccessibleName(tr("Words of the link"));
    m_address->setAccessibleName(tr("Address of the link"));
    m_address->setPlaceholderText(tr("example.org or name@example.org"));
    for (QLineEdit* field : {m_words, m_address}) {
        field->setMinimumHeight(metrics::button);
        field->setMaxLength(4000);
        connect(field, &QLineEdit::returnPressed, this, &LinkSheet::accept);
    }
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(metrics::space4, metrics::space4, metrics::space4, metrics::space4);
    layout->setHorizontalSpacing(metrics::space3);
    layout->setVerticalSpacing(metrics::space2);
    layout->addWidget(makeLabel(tr("Words"), TextRole::Body, Ink::Text2, false, this), 0, 0);
    layout->addWidget(m_words, 0, 1);
    layout->addWidget(makeLabel(tr("Address"), TextRole::Body, Ink::Text2, false, this), 1, 0);
    layout->addWidget(m_address, 1, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    auto* cancel = new Button(tr("Cancel"), ButtonKind::Quiet, this);
    buttons->addWidget(cancel);
    buttons->addWidget(m_set);
    layout->addLayout(buttons, 2, 0, 1, 2);
    connect(m_set, &QPushButton::clicked, this, &LinkSheet::accept);
    connect(cancel, &QPushButton::clicked, this, &LinkSheet::left);
    connect(m_remove, &QPushButton::clicked, this, &LinkSheet::removed);
    connect(m_address, &QLineEdit::textChanged, this,
            [this](const QString& text) { m_set->setEnabled(!completed(text).isEmpty()); });
    hide();
}

void LinkSheet::open(const QString& words, const QString& address, bool isLink)
{
    m_words->setText(words);
    m_address->setText(address);
    m_set->setEnabled(!completed(address).isEmpty());
    m_remove->setVisible(isLink);
    show();
    raise();
    m_address->setFocus(Qt::OtherFocusReason);
    m_address->selectAll();
}

QString LinkSheet::completed(const QString& address)
{
    const QString text = address.trimmed();
    if (text.isEmpty() || text.contains(u' '))
        return {};
    if (text.contains(u'@') && !text.contains(u'/') && !text.contains(u':'))
        return QLatin1String("mailto:") + text;
    const QUrl url(text, QUrl::StrictMode);
    static const QStringList schemes{QStringLiteral("http"), QStringLiteral("https"),
                                     QStringLiteral("mailto"), QStringLiteral("tel"),
                                     QStringLiteral("ftp")};
    if (schemes.contains(url.scheme()))
        return url.toString(QUrl::FullyEncoded);
    const QUrl web(QLatin1String("https://") + text, QUrl::StrictMode);
    const bool plausible = web.isValid() && web.host().contains(u'.') && !text.startsWith(u'.');
    return plausible ? web.toString(QUrl::FullyEncoded) : QString();
}

void LinkSheet::accept()
{
    const QString address = completed(m_address->text());
    if (address.isEmpty())
        return;
    const QString words = m_words->text().trimmed();
    Q_EMIT accepted(words.isEmpty() ? m_address->text().trimmed() : words, address);
}

void LinkSheet::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT left();
    else
        QFrame::keyPressEvent(event);
}

bool LinkSheet::event(QEvent* event)
{
    // The window's own Escape would close the window.
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape)
        event->accept();
    return QFrame::event(event);
}

void LinkSheet::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    fillRounded(painter, rect(), metrics::radiusCard, tokens().raised);
    strokeRounded(painter, rect(), metrics::radiusCard, tokens().border);
}

} // namespace avocet
