// SPDX-License-Identifier: GPL-3.0-or-later
// The form for one identity: who the user writes as, and what goes below.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Account.h"
#include "ui/theme/InfoBar.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QVBoxLayout;

namespace avocet {

class FormEdit;
class FormField;
class RichField;
class SegmentedControl;

/// Saves through the engine, which has the last word on addresses. Thread: the GUI's.
class IdentityForm : public QWidget {
    Q_OBJECT
public:
    /// Without an id it becomes a new one of its account.
    IdentityForm(MailEngine& engine, const Identity& identity, QWidget* parent = nullptr);

    /// As it is in the fields.
    Identity identity() const;
    void save();

Q_SIGNALS:
    void saved();
    void cancelled();
    void notice(const avocet::BarMessage& message);
    void noticeOver(const QString& key);

private:
    FormField* addField(const QString& label, FormEdit* edit, const std::string& text,
                        const QString& hint = {});
    void addSignature();
    void addButtons();
    bool check();
    void finished(const Result<QJsonObject>& reply);

    MailEngine& m_engine;
    Identity m_identity;
    RequestId m_request;
    QVBoxLayout* m_column;
    FormEdit *m_name, *m_email, *m_replyTo, *m_organisation, *m_aliases;
    FormField *m_emailField, *m_replyToField, *m_aliasesField;
    RichField* m_signature = nullptr;
    QCheckBox* m_dashes = nullptr;
    SegmentedControl* m_place = nullptr;
    QComboBox* m_format = nullptr;
};

} // namespace avocet
