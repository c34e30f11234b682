// SPDX-License-Identifier: GPL-3.0-or-later
// The text of the compose window with all that belongs to it: format bar, links, pictures, spelling, plain or formatted.
#pragma once

#include "core/mime/RichText.h"
#include "core/model/Account.h"
#include "core/model/Outgoing.h"
#include "ui/theme/InfoBar.h"

#include <QWidget>

#include <vector>

namespace avocet {

class ComposeBody;
class FormatBar;
class LinkSheet;

/// Thread: the GUI's. Owner: the compose window, which shows the bars that notice() asks for.
class ComposeEditor : public QWidget {
    Q_OBJECT
public:
    explicit ComposeEditor(QWidget* parent = nullptr);

    ComposeBody* body() const { return m_body; }
    /// Stands apart from the text: the attachments are between them.
    FormatBar* bar() const { return m_bar; }
    void useOwnWords(const QString& file);

    /// The text as the draft has it; returns the attachments that are no pictures of it.
    std::vector<DraftAttachment> setDraft(const Draft& draft);
    /// Text, HTML and the pictures that it shows.
    void write(Draft& draft) const;
    void changeSignature(const Identity* old, const Identity& fresh);
    /// Nothing but the signature was written.
    bool isBlankBut(const Identity* identity) const;
    void setReadOnly(bool readOnly);

public Q_SLOTS:
    void addPicture(const QImage& image);
    /// A file that was read; true where it went into the text.
    bool takePicture(const DraftAttachment& file);
    void choosePictures();
    void editLink();
    void setRich(bool rich);

Q_SIGNALS:
    void notice(const avocet::BarMessage& message);
    void noticeOver(const QString& key);
    /// The user changed it by hand.
    void richChosen(bool rich);
    void pictureFilesChosen(const QStringList& paths);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void place(DraftAttachment file);
    void offerSmaller(const QString& contentId);
    void makeSmaller(const QString& contentId);
    void placeSheet();
    void closeSheet();

    ComposeBody* m_body;
    FormatBar* m_bar;
    LinkSheet* m_sheet;
    RichText m_before; ///< what was formatted, before it was made plain
};

} // namespace avocet
