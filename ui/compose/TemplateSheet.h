// SPDX-License-Identifier: GPL-3.0-or-later
// Asks what a template is to be called; one that is there already may be replaced.
#pragma once

#include "core/model/Template.h"

#include <QDialog>

#include <vector>

class QLabel;
class QLineEdit;

namespace avocet {

class Button;

class TemplateSheet : public QDialog {
    Q_OBJECT
public:
    TemplateSheet(std::vector<Template> all, const QString& suggestion, QWidget* parent);

Q_SIGNALS:
    /// `replaced`: the one that has this name already, or none.
    void chosen(const QString& name, avocet::TemplateId replaced);

private:
    const Template* sameName() const;
    void check();
    void choose();

    std::vector<Template> m_all;
    QLineEdit* m_name;
    QLabel* m_hint;
    Button* m_save;
};

/// Characters of a template's name.
inline constexpr int longestTemplateTitle = 60;

} // namespace avocet
