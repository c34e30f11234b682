// SPDX-License-Identifier: GPL-3.0-or-later
// The message's bytes as they came, for those who want to look closer.
#pragma once

#include <QWidget>

#include <string>

namespace avocet {

/// Its own window; deletes itself once closed. Shows at most 2 MB.
class SourceWindow : public QWidget {
    Q_OBJECT
public:
    SourceWindow(const QString& subject, const std::string& raw);
};

} // namespace avocet
