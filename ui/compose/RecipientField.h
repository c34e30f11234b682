// SPDX-License-Identifier: GPL-3.0-or-later
// To, Cc or Bcc: typed or pasted text becomes chips, one a recipient.
#pragma once

#include "ui/compose/RecipientParser.h"

#include <QList>
#include <QScrollArea>

#include <vector>

class QLineEdit;

namespace avocet {

class RecipientChip;

/// Comma, semicolon, Enter and leaving the field complete a chip; Backspace in the empty field removes
/// the last. Grows with its rows up to four, then scrolls. Thread: the GUI's.
class RecipientField : public QScrollArea {
    Q_OBJECT
public:
    /// `name`: what the field is called for assistive tools, e.g. "To".
    explicit RecipientField(const QString& name, QWidget* parent = nullptr);

    void setAddresses(const std::vector<Address>& addresses);
    /// All recipients in order, what is typed but not completed included.
    std::vector<TypedRecipient> recipients() const;
    std::vector<Address> addresses() const;
    bool isEmpty() const;
    /// The first text that is not an address, or empty.
    QString firstInvalid() const;

    void addText(const QString& text);
    /// A chip in place of what is typed.
    void takeInstead(const Address& address);
    /// The chip of an address, whatever its case; null: none.
    RecipientChip* find(const std::string& address) const;
    void removeChip(RecipientChip* chip);
    /// Makes a chip of what is typed.
    void complete();

    const QString& name() const { return m_name; }
    QLineEdit* edit() const { return m_edit; }
    QList<RecipientChip*> chips() const { return m_chips; }

Q_SIGNALS:
    void changed();
    void added();          ///< chips came by the user's doing; before changed()
    void leaveRequested(); ///< Enter in the empty field: on to the next one

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void textEdited(const QString& text);
    bool editKey(QKeyEvent* event);
    void insertChip(qsizetype at, const TypedRecipient& recipient);
    void editChip(RecipientChip* chip);
    void moveFrom(RecipientChip* chip, int step);
    void connectChip(RecipientChip* chip);
    void arrange();

    QString m_name;
    QWidget* m_content;
    QLineEdit* m_edit;
    QList<RecipientChip*> m_chips;
    qsizetype m_lastLength = 0;
};

} // namespace avocet
