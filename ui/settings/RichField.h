// SPDX-License-Identifier: GPL-3.0-or-later
// A formatted text in a form: the composer's editor and its bar in one outline.
#pragma once

#include "core/mime/RichText.h"
#include "ui/theme/InfoBar.h"

#include <QWidget>

#include <string>

namespace avocet {

class ComposeBody;
class ComposeEditor;

/// Text and HTML go in and out together, so that neither says what the other does not. Thread: the GUI's.
class RichField : public QWidget {
    Q_OBJECT
public:
    enum class Pictures { No, Yes };

    RichField(Pictures pictures, int lines, QWidget* parent = nullptr);

    ComposeBody* body() const { return m_body; }
    /// `html` empty: the text is all there is, to be formatted from here on where `rich`.
    void setText(const std::string& text, const std::string& html, bool rich);
    std::string text() const;
    /// Pictures as data: addresses; empty where the text says all.
    std::string html() const;

Q_SIGNALS:
    void notice(const avocet::BarMessage& message);
    void noticeOver(const QString& key);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Pictures m_pictures;
    ComposeEditor* m_editor;
    ComposeBody* m_body;
};

} // namespace avocet
