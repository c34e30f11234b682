// SPDX-License-Identifier: GPL-3.0-or-later
// The form for one template: its name, subject and text, with placeholders to choose from.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Template.h"
#include "ui/theme/InfoBar.h"

#include <QWidget>

class QVBoxLayout;

namespace avocet {

class Button;
class FormEdit;
class FormField;
class RichField;

/// Saves through the engine, which has the last word on names. Thread: the GUI's.
class TemplateForm : public QWidget {
    Q_OBJECT
public:
    /// Without an id it becomes a new one.
    TemplateForm(MailEngine& engine, const Template& one, bool rich, QWidget* parent = nullptr);

    /// As it is in the fields.
    Template value() const;
    void save();

Q_SIGNALS:
    void saved();
    void cancelled();
    void notice(const avocet::BarMessage& message);
    void noticeOver(const QString& key);

private:
    void addButtons();
    void insertPlaceholder(const QString& name);
    void finished(const Result<QJsonObject>& reply);

    MailEngine& m_engine;
    TemplateId m_id;
    RequestId m_request;
    QVBoxLayout* m_column;
    FormEdit *m_name, *m_subject;
    RichField* m_text;
    FormField* m_nameField;
    bool m_subjectLast = false; ///< of the two that placeholders may go to
};

} // namespace avocet
