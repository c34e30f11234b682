// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures inside a message's text: their files, and how they are drawn where the text has them.
#pragma once

#include "core/mime/RichText.h"
#include "core/model/Outgoing.h"

#include <QHash>
#include <QImage>
#include <QObject>
#include <QSize>
#include <QTextObjectInterface>

#include <vector>

#ifdef Q_MOC_RUN
Q_DECLARE_INTERFACE(QTextObjectInterface, "org.qt-project.Qt.QTextObjectInterface")
#endif

namespace avocet {

/// Draws each no wider than the text. Decoding is bounded and happens on another thread; until then there is a quiet box.
/// Files stay for as long as the window: an undone deletion needs them. Thread: the GUI's. Owner: ComposeBody.
class ComposePictures : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    explicit ComposePictures(QObject* parent = nullptr);

    /// `file.contentId` names it from here on.
    void add(DraftAttachment file);
    /// Other bytes of the same picture.
    void replace(const QString& contentId, std::string type, std::string data);
    const DraftAttachment* find(const QString& contentId) const;
    /// Pixels; empty where it is no picture that can be shown.
    QSize naturalSize(const QString& contentId) const;
    /// Those that `html` shows.
    std::vector<DraftAttachment> shownIn(const std::string& html) const;
    /// With the bytes of its pictures in it, so that it can stand alone.
    RichText withData(RichText text) const;

    QSizeF intrinsicSize(QTextDocument* document, int position, const QTextFormat& format) override;
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int position,
                    const QTextFormat& format) override;

Q_SIGNALS:
    void decoded();

private:
    struct Picture {
        DraftAttachment file;
        QSize natural;
        QImage shown;
        bool asked = false;
    };
    void decode(const QString& name);

    QHash<QString, Picture> m_pictures; ///< by "cid:" and the Content-ID
    std::vector<QString> m_order;
};

/// A new Content-ID.
std::string newContentId();

} // namespace avocet
