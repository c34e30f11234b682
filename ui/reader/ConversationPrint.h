// SPDX-License-Identifier: GPL-3.0-or-later
// The open messages of a conversation as PDF, each as it is shown: HTML by its view, text by us.
#pragma once

#include "ui/reader/MessageCard.h"

#include <QByteArray>
#include <QList>
#include <QPageLayout>
#include <QPointer>

#include <functional>
#include <memory>

class QPainter;
class QPrinter;

namespace avocet {

class ConversationView;

/// Whether a message is shown as HTML, so that a text document would not be what the user sees.
bool showsAnyHtml(const ConversationView& view);

/// Thread: the GUI's. Deletes itself once it is done; silent where its parent goes first.
class ConversationPrint : public QObject {
    Q_OBJECT
public:
    /// One file a message, the oldest first; none: one of them could not be made.
    using Done = std::function<void(const QList<QByteArray>& files)>;

    ConversationPrint(const ConversationView& view, const QPageLayout& layout, Done done,
                      QObject* parent);

private:
    void next();
    void take(const QByteArray& pdf);

    QList<QPointer<MessageCard>> m_cards;
    QPageLayout m_layout;
    QList<QByteArray> m_files;
    Done m_done;
};

/// Pages on a printer, each rendered on a worker, so that the window goes on meanwhile. Deletes itself once it is done.
class PagePrint : public QObject {
    Q_OBJECT
public:
    enum class Outcome { Done, Cut, Failed }; ///< Cut: only the first pages, there are too many

    PagePrint(std::shared_ptr<QPrinter> printer, const QList<QByteArray>& files,
              std::function<void(Outcome)> done, QObject* parent);
    ~PagePrint() override;

private:
    struct Pages;
    struct Sheet;

    void next();
    void paint(const Sheet& sheet);
    void end(Outcome outcome);

    std::shared_ptr<QPrinter> m_printer;
    QList<QByteArray> m_files;
    std::shared_ptr<Pages> m_pages; ///< of the first file
    std::unique_ptr<QPainter> m_painter;
    std::function<void(Outcome)> m_done;
    int m_page = 0;    ///< of the first file
    int m_printed = 0; ///< of all
};

} // namespace avocet
