// SPDX-License-Identifier: GPL-3.0-or-later
// Who wrote to whom and when: the card above a message's text, and its subject.
#pragma once

#include "core/mime/AuthenticationResults.h"
#include "core/mime/MessageReader.h"
#include "core/model/Message.h"

#include <QSet>
#include <QWidget>

#include <optional>
#include <vector>

class QLabel;

namespace avocet {

class ElidedLabel;

/// Display size, at most two lines, the second one elided.
class SubjectLabel : public QWidget {
    Q_OBJECT
public:
    explicit SubjectLabel(QWidget* parent = nullptr);
    void setText(const QString& text);
    QString text() const { return m_text; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int linesFor(int width) const;

    QString m_text;
};

/// What the header card shows.
struct HeaderContent {
    std::vector<Address> from, to, cc, bcc, replyTo;
    std::int64_t date = 0;
    std::optional<Authentication> authentication;
};

/// The address is always there, whatever the display name pretends.
class MessageHeader : public QWidget {
    Q_OBJECT
public:
    explicit MessageHeader(QWidget* parent = nullptr);
    void setContent(const HeaderContent& content, const QSet<QString>& ownAddresses);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void updateRecipients();
    QString foldedWords() const;
    QString unfoldedWords() const;

    HeaderContent m_content;
    QSet<QString> m_own;
    QString m_initials;
    QString m_key;
    ElidedLabel* m_name;
    ElidedLabel* m_address;
    QLabel* m_date;
    QLabel* m_recipients;
    class FoldButton* m_fold;
    bool m_unfolded = false;
};

} // namespace avocet
