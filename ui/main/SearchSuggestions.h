// SPDX-License-Identifier: GPL-3.0-or-later
// What may follow in the search field: the operators, and what they take.
#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

class QLineEdit;

namespace avocet {

struct SearchSuggestion {
    QString text; ///< takes the place of the last word
    QString hint;
    friend bool operator==(const SearchSuggestion&, const SearchSuggestion&) = default;
};

/// For the last word of `text`: operators that begin with it (from two letters on), or the values of an operator that is
/// there. `all` suggests the operators for an empty text. At most eight.
std::vector<SearchSuggestion> searchSuggestions(const QString& text, const QStringList& folders,
                                                bool all = false);

/// A list below the field, which keeps the focus and passes its keys on.
class SearchSuggestions : public QWidget {
    Q_OBJECT
public:
    /// Floats over `area`, below `field`.
    SearchSuggestions(QLineEdit& field, QWidget* area);

    void setFolders(const QStringList& folders) { m_folders = folders; }
    void refresh(bool all = false);
    /// True: the key was for the suggestions.
    bool takeKey(int key);
    int count() const { return static_cast<int>(m_shown.size()); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    int rowAt(const QPoint& at) const;
    void accept(int row);

    QLineEdit& m_field;
    QStringList m_folders;
    std::vector<SearchSuggestion> m_shown;
    int m_current = -1;
};

} // namespace avocet
