// SPDX-License-Identifier: GPL-3.0-or-later
// Words and address of a link, in a small sheet over the text.
#pragma once

#include <QFrame>

class QLineEdit;

namespace avocet {

class Button;

/// Opened by Ctrl+K; Return sets the link, Escape leaves all as it was. Thread: the GUI's. Owner: ComposeEditor.
class LinkSheet : public QFrame {
    Q_OBJECT
public:
    explicit LinkSheet(QWidget* parent = nullptr);

    void open(const QString& words, const QString& address, bool isLink);

    /// With a scheme: "example.org" is meant as https, "a@example.org" as mailto; empty: no address that may be linked to.
    static QString completed(const QString& address);

Q_SIGNALS:
    void accepted(const QString& words, const QString& address);
    void removed();
    void left();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void accept();

    QLineEdit* m_words;
    QLineEdit* m_address;
    Button* m_set;
    Button* m_remove;
};

} // namespace avocet
