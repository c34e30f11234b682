// SPDX-License-Identifier: GPL-3.0-or-later
// The text of an attachment in a window: whatever its charset, however long it or one of its lines is.
#pragma once

#include "core/mime/MessageReader.h"

#include <QPlainTextEdit>

#include <string>
#include <string_view>

namespace avocet {

/// As UTF-8, by the charset that its part declares. Any thread.
std::string attachmentText(std::string_view raw, const ParsedMessage& parsed,
                           const ParsedAttachment& attachment);

/// The first 2 MB; no editor lays out more in time, nor an endless line, which is broken and copied whole again.
class PreviewText : public QPlainTextEdit {
    Q_OBJECT
public:
    PreviewText(const std::string& utf8, QWidget* parent);

    /// False: there is more of it than is shown.
    bool isWhole() const { return m_whole; }

protected:
    QMimeData* createMimeDataFromSelection() const override;

private:
    void setLines(const QString& text);

    bool m_whole = true;
};

} // namespace avocet
