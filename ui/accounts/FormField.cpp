// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accounts/FormField.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Labels.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <utility>

namespace avocet {

FormEdit::FormEdit(QWidget* parent)
    : QLineEdit(parent)
{
    setMaxLength(1000);
}

QSize FormEdit::sizeHint() const
{
    return {QLineEdit::sizeHint().width(),
            std::max(metrics::field, fontMetrics().height() + metrics::space4)};
}

void FormEdit::setInvalid(bool invalid)
{
    if (m_invalid == invalid)
        return;
    m_invalid = invalid;
    update();
}

void FormEdit::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    if (!m_invalid || hasFocus())
        return;
    QPainter painter(this);
    strokeRounded(painter, QRectF(rect()), metrics::radiusControl, tokens().danger);
}

FormField::FormField(const QString& label, QWidget* field, QWidget* parent)
    : QWidget(parent)
    , m_field(field)
    , m_layout(new QVBoxLayout(this))
    , m_hint(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_problemRow(new QWidget(this))
    , m_problemIcon(new QLabel(m_problemRow))
    , m_problem(makeLabel({}, TextRole::Small, Ink::Danger, false, m_problemRow))
    , m_detailsButton(new Button(tr("Details"), ButtonKind::Quiet, m_problemRow))
    , m_details(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_offerText(makeLabel({}, TextRole::Small, Ink::Text, false, this))
    , m_offer(new Button({}, ButtonKind::Secondary, this))
{
    auto* name = makeLabel(label, TextRole::Body, Ink::Text, false, this);
    name->setBuddy(field);
    field->setParent(this);
    field->setAccessibleName(label);
    if (qobject_cast<QComboBox*>(field))
        field->setMinimumHeight(metrics::field);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(metrics::space1);
    m_layout->addWidget(name);
    m_layout->addWidget(field);

    auto* row = new QHBoxLayout(m_problemRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::space1);
    m_problemIcon->setFixedSize(metrics::iconSmall, metrics::iconSmall);
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_problemIcon, 0, Qt::AlignVCenter);
    row->addWidget(m_problem, 1);
    row->addWidget(m_detailsButton, 0, Qt::AlignVCenter);
    tellProblemsIn(m_layout);
    m_offerText->setWordWrap(true);
    m_offerText->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    connect(m_offer, &QPushButton::clicked, this, [this] {
        if (m_run)
            std::exchange(m_run, nullptr)(); // it may clear the problem, and m_run with it
    });
    m_layout->addWidget(m_hint);
    m_hint->setWordWrap(true);
    m_details->setWordWrap(true);
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    connect(m_detailsButton, &QPushButton::clicked, this, [this] { showDetails(!m_detailsShown); });
    setHint({});
    clearProblem();
}

void FormField::tellProblemsIn(QVBoxLayout* layout)
{
    for (QWidget* part : std::initializer_list<QWidget*>{m_problemRow, m_details, m_offerText})
        layout->addWidget(part);
    layout->addWidget(m_offer, 0, Qt::AlignLeading);
}

void FormField::setHint(const QString& hint)
{
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty() && !hasProblem());
    if (!hasProblem())
        m_field->setAccessibleDescription(hint);
}

void FormField::setProblem(const QString& words, const QString& details)
{
    m_run = nullptr;
    m_problem->setText(words);
    m_details->setText(details);
    m_problemIcon->setPixmap(
        themeIcon("error", Tint::Danger)
            .pixmap(QSize(metrics::iconSmall, metrics::iconSmall), devicePixelRatioF()));
    m_problemRow->setVisible(!words.isEmpty());
    m_detailsButton->setVisible(!details.isEmpty());
    showDetails(false);
    m_hint->setVisible(words.isEmpty() && !m_hint->text().isEmpty());
    m_field->setAccessibleDescription(words.isEmpty() ? m_hint->text() : words);
    if (auto* edit = qobject_cast<FormEdit*>(m_field))
        edit->setInvalid(!words.isEmpty());
}

void FormField::offer(const QString& action, const QString& text, std::function<void()> run)
{
    m_run = std::move(run);
    m_offer->setText(action);
    m_offerText->setText(text);
    m_detailsButton->show();
    showDetails(false);
}

void FormField::clearProblem()
{
    setProblem({});
}

QString FormField::problem() const
{
    return m_problem->text();
}

void FormField::showDetails(bool on)
{
    m_detailsShown = on;
    m_details->setVisible(on && !m_details->text().isEmpty());
    m_offerText->setVisible(on && m_run);
    m_offer->setVisible(on && m_run);
    m_detailsButton->setText(on ? tr("Hide details") : tr("Details"));
}

void FormField::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && hasProblem())
        m_problemIcon->setPixmap(
            themeIcon("error", Tint::Danger)
                .pixmap(QSize(metrics::iconSmall, metrics::iconSmall), devicePixelRatioF()));
}

} // namespace avocet
