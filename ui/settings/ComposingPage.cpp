// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/ComposingPage.h"

#include "ui/compose/SpellMenu.h"
#include "ui/compose/Speller.h"
#include "ui/settings/SegmentedControl.h"
#include "ui/theme/Buttons.h"

#include <QCheckBox>
#include <QMenu>
#include <QSpinBox>

namespace avocet {

ComposingPage::ComposingPage(Preferences& preferences, QWidget* parent)
    : SettingsPage(tr("Composing"), parent)
    , m_preferences(preferences)
{
    addChoice(QStringLiteral("format"), &ComposeSettings::rich, tr("New messages"),
              tr("Formatted text, or plain text for everybody. An identity may say otherwise."),
              tr("Plain"), tr("Formatted"));
    addChoice(QStringLiteral("reply"), &ComposeSettings::replyBelow, tr("Answer"),
              tr("Where you write when you reply."), tr("Above the quote"), tr("Below it"));
    addSwitch(QStringLiteral("signReplies"), &ComposeSettings::signReplies,
              tr("Signature in replies"),
              tr("Replies and forwards get the identity's signature, too."));
    addSwitch(QStringLiteral("reminder"), &ComposeSettings::attachmentReminder,
              tr("Attachment reminder"),
              tr("Asks before sending when your text speaks of a file and none is attached."));
    addSwitch(QStringLiteral("deliveryReport"), &ComposeSettings::deliveryReport,
              tr("Ask for delivery reports"),
              tr("The recipients' servers tell when a message has arrived, where they can."));
    addSwitch(QStringLiteral("readReceipt"), &ComposeSettings::readReceipt,
              tr("Ask for read receipts"),
              tr("The recipients are asked to confirm that they have read it. Many see this as an "
                 "intrusion."));
    addSwitch(QStringLiteral("hideTimeZone"), &ComposeSettings::hideTimeZone,
              tr("Do not tell my time zone"),
              tr("The date of a message is given in UTC, so that it does not show where you are."));
    addSwitch(QStringLiteral("userAgent"), &ComposeSettings::userAgent, tr("Name this program"),
              tr("Messages say that Avocet wrote them, and which version."));
    addSpelling();
    addUndo();
}

/// The same menu as in the composer, which remembers its choice here.
void ComposingPage::addSpelling()
{
    constexpr int widestChoice = 200;
    auto* button = new Button({}, ButtonKind::Secondary, this);
    button->setObjectName(QStringLiteral("spelling"));
    const auto show = [this, button] {
        button->setText(button->fontMetrics().elidedText(
            spellChoiceWords(spellChoice(m_preferences.composing())), Qt::ElideRight,
            widestChoice));
    };
    auto* menu = new QMenu(button);
    menu->setAccessibleName(tr("Spelling"));
    button->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, show] {
        const ComposeSettings now = m_preferences.composing();
        const auto speller = Speller::shared(QString::fromStdString(now.ownWords));
        fillSpellMenu(
            *menu, speller->languages(), spellChoice(now), [this, show](const SpellChoice& choice) {
                m_preferences.setComposing(withSpellChoice(m_preferences.composing(), choice));
                show();
            });
    });
    show();
    addRow(new SettingRow(tr("Spelling"),
                          tr("Marks words that no dictionary of these languages knows. Choose "
                             "several if you write in several."),
                          button, this));
}

/// A message waits so long before it leaves; meanwhile it can be taken back.
void ComposingPage::addUndo()
{
    auto* seconds = new QSpinBox(this);
    seconds->setObjectName(QStringLiteral("undoSeconds"));
    seconds->setRange(0, 60);
    seconds->setSuffix(tr(" s"));
    seconds->setSpecialValueText(tr("Off"));
    seconds->setValue(m_preferences.undoSeconds());
    connect(seconds, &QSpinBox::valueChanged, this,
            [this](int value) { m_preferences.setUndoSeconds(value); });
    addRow(new SettingRow(tr("Undo send"),
                          tr("How long a message waits before it leaves, so that you can take it "
                             "back."),
                          seconds, this));
}

void ComposingPage::addChoice(const QString& name, bool ComposeSettings::*field,
                              const QString& label, const QString& description, const QString& off,
                              const QString& on)
{
    auto* choice = new SegmentedControl({off, on}, this);
    choice->setObjectName(name);
    choice->setCurrent(m_preferences.composing().*field ? 1 : 0);
    connect(choice, &SegmentedControl::chosen, this,
            [this, field](int index) { set(field, index == 1); });
    addRow(new SettingRow(label, description, choice, this));
}

void ComposingPage::addSwitch(const QString& name, bool ComposeSettings::*field,
                              const QString& label, const QString& description)
{
    auto* box = new QCheckBox(this);
    box->setObjectName(name);
    box->setChecked(m_preferences.composing().*field);
    connect(box, &QCheckBox::toggled, this, [this, field](bool on) { set(field, on); });
    addRow(new SettingRow(label, description, box, this));
}

void ComposingPage::set(bool ComposeSettings::*field, bool on)
{
    ComposeSettings settings = m_preferences.composing();
    settings.*field = on;
    m_preferences.setComposing(settings);
}

} // namespace avocet
