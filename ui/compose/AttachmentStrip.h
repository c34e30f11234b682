// SPDX-License-Identifier: GPL-3.0-or-later
// The attachments of a draft as cards at the foot of the compose window.
#pragma once

#include "core/model/Outgoing.h"

#include <QList>
#include <QScrollArea>

#include <vector>

namespace avocet {

/// One attachment, 240x56: type icon, name, kind and size, remove. Delete removes it, too.
class AttachmentCard : public QWidget {
    Q_OBJECT
public:
    AttachmentCard(const QString& name, const QString& type, qint64 size, QWidget* parent);
    QSize sizeHint() const override;

Q_SIGNALS:
    void removeRequested();
    void moveRequested(int step);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QString m_name;
    QString m_kind;
    const char* m_icon;
    QWidget* m_remove;
    bool m_ringed = false;
};

/// Holds the data, too. Hidden while empty; two rows high at most, then it scrolls. Thread: the GUI's.
class AttachmentStrip : public QScrollArea {
    Q_OBJECT
public:
    explicit AttachmentStrip(QWidget* parent = nullptr);

    void setAttachments(std::vector<DraftAttachment> attachments);
    const std::vector<DraftAttachment>& attachments() const { return m_attachments; }
    void add(DraftAttachment attachment);
    void remove(qsizetype at);

Q_SIGNALS:
    void changed();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void addCard(const DraftAttachment& attachment);
    void arrange();

    std::vector<DraftAttachment> m_attachments;
    QList<AttachmentCard*> m_cards;
    QWidget* m_content;
};

/// "PDF, 1.2 MB": the kind as people call it and the size.
QString attachmentKind(const QString& name, const QString& type, qint64 size);

} // namespace avocet
