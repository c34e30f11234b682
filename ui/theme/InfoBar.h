// SPDX-License-Identifier: GPL-3.0-or-later
// One sentence about a state, with the action that mends it. Never modal.
#pragma once

#include <QFrame>
#include <QList>
#include <QString>

#include <functional>
#include <optional>

class QLabel;
class QHBoxLayout;

namespace avocet {

/// In order of weight.
enum class Severity { Success, Info, Warning, Danger };

struct BarAction {
    QString text; ///< a verb
    std::function<void()> run;
};

struct BarMessage {
    QString key; ///< a second message with the same key replaces the first
    Severity severity = Severity::Info;
    QString text;
    QList<BarAction> actions; ///< at most two are shown
    bool closable = true;
    bool canWait = false; ///< stands behind others of its weight, whenever those come
};

/// One bar: icon, sentence, actions, close.
class InfoBar : public QFrame {
    Q_OBJECT
public:
    explicit InfoBar(QWidget* parent = nullptr);
    void setMessage(const BarMessage& message, int more = 0);
    const BarMessage& message() const { return m_message; }
    /// To its first button.
    void takeFocus();

Q_SIGNALS:
    void closed(const QString& key);
    void moreRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void clear();

    BarMessage m_message;
    QLabel* m_icon;
    QLabel* m_text;
    QHBoxLayout* m_layout;
    QList<QWidget*> m_buttons;
};

/// The bars of one pane: the gravest is shown, "2 more" unfolds the rest. Hidden while empty.
class InfoBarStack : public QWidget {
    Q_OBJECT
public:
    explicit InfoBarStack(QWidget* parent = nullptr);

    void show(const BarMessage& message);
    void dismiss(const QString& key);
    void clear();
    bool contains(const QString& key) const;
    int count() const { return static_cast<int>(m_messages.size()); }

Q_SIGNALS:
    void closedByUser(const QString& key);

private:
    void rebuild();
    std::optional<QString> holdFocus();
    void giveFocus(const QString& key);

    QList<BarMessage> m_messages;
    QList<InfoBar*> m_bars;
    bool m_unfolded = false;
};

} // namespace avocet
