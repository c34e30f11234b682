// SPDX-License-Identifier: GPL-3.0-or-later
// The building blocks of a settings page: a titled column of rows.
#pragma once

#include <QString>
#include <QWidget>

class QHBoxLayout;
class QVBoxLayout;

namespace avocet {

/// At least 48 high: label, one line in Small on what the setting does, the control at the right.
class SettingRow : public QWidget {
    Q_OBJECT
public:
    SettingRow(const QString& label, const QString& description, QWidget* control,
               QWidget* parent = nullptr);

    /// Everything that search looks at.
    QString searchText() const { return m_searchText; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_searchText;
};

/// At most 600 wide with a padding of 32; the title in Title.
class SettingsPage : public QWidget {
    Q_OBJECT
public:
    SettingsPage(const QString& title, QWidget* parent = nullptr);

    QString title() const { return m_title; }
    /// Above the rows, over the column's whole width.
    void addWidget(QWidget* widget);
    void addRow(SettingRow* row);
    /// Shows only rows that hold `text`; whether any does, or the title.
    bool filter(const QString& text);

private:
    QString m_title;
    QVBoxLayout* m_column;
    QList<SettingRow*> m_rows;
};

} // namespace avocet
