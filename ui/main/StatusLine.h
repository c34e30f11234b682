// SPDX-License-Identifier: GPL-3.0-or-later
// One quiet line below the folders: what is going on, and how far it is.
#pragma once

#include "core/engine/MailEngine.h"

#include <QWidget>

#include <vector>

namespace avocet {

/// What the line says, worked out from all accounts. Pure.
struct StatusWords {
    QString text;
    const char* icon = "check";
    bool busy = false;
    std::int64_t done = 0, total = 0; ///< total 0: no bar
    friend bool operator==(const StatusWords&, const StatusWords&) = default;
};
StatusWords statusWords(const std::vector<AccountStatus>& accounts,
                        const std::vector<Folder>& folders);

class StatusLine : public QWidget {
    Q_OBJECT
public:
    explicit StatusLine(QWidget* parent = nullptr);
    void setWords(const StatusWords& words);
    const StatusWords& words() const { return m_words; }
    void setRail(bool rail);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    StatusWords m_words;
    bool m_rail = false;
};

} // namespace avocet
