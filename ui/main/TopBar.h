// SPDX-License-Identifier: GPL-3.0-or-later
// The one bar on top: get mail, search, menu. There is no menu bar and no tool bar.
#pragma once

#include <QWidget>

class QLineEdit;

namespace avocet {

class IconButton;
class SearchSuggestions;

class TopBar : public QWidget {
    Q_OBJECT
public:
    explicit TopBar(QWidget* parent = nullptr);

    QLineEdit& search() { return *m_search; }
    SearchSuggestions& suggestions() { return *m_suggestions; }
    void setSearchEnabled(bool enabled);
    void setBusy(bool busy);
    /// Hidden while there is no account: nothing to get, nothing to search.
    void setMailVisible(bool visible);
    QWidget* menuButton() const;

Q_SIGNALS:
    void getMailRequested();
    void searchChanged(const QString& text);
    void searchLeft();  ///< Enter or Down: on to the list
    void searchEnded(); ///< Escape: back to the folder
    void themeToggled();
    void menuRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
    void refreshThemeButton();
    void changeEvent(QEvent* event) override;

    IconButton* m_getMail;
    IconButton* m_theme;
    IconButton* m_menu;
    QLineEdit* m_search;
    SearchSuggestions* m_suggestions;
};

} // namespace avocet
