// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ReaderWindow.h"

#include "ui/list/MessageListModel.h"
#include "ui/theme/Toast.h"

#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace avocet {

namespace {

constexpr QSize usualSize(820, 760);

} // namespace

ReaderWindow::ReaderWindow(MailEngine& engine, BodySettings& bodies)
    : m_reader(new ReaderPane(engine, bodies, this))
    , m_toast(new Toast(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumSize(400, 300);
    resize(usualSize);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_reader);
    connect(&m_reader->conversation(), &ConversationView::changed, this, &ReaderWindow::setTitle);
    connect(&m_reader->conversation(), &ConversationView::emptied, this, &QWidget::close);
    connect(m_reader, &ReaderPane::backRequested, this, &QWidget::close);
    connect(&m_reader->context(), &ReaderContext::toastRequested, this, &ReaderWindow::say);
    for (const auto leaving : {&ReaderContext::archiveRequested, &ReaderContext::deleteRequested,
                               &ReaderContext::junkRequested})
        connect(&m_reader->context(), leaving, this, &ReaderWindow::closeBehind);
    connect(new QShortcut(QKeySequence::Close, this), &QShortcut::activated, this, &QWidget::close);
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, m_reader,
            &ReaderPane::find);
}

void ReaderWindow::showMessage(FolderId folder, MessageId message)
{
    m_reader->showMessage(folder, message);
    setTitle();
    m_reader->focusText();
}

void ReaderWindow::showLoose(std::shared_ptr<const OpenedMessage> message)
{
    m_reader->showLoose(std::move(message));
    setTitle();
    m_reader->focusText();
}

void ReaderWindow::closeBehind(const std::vector<MessageId>& messages, FolderId from)
{
    std::vector<MessageId> left = m_reader->conversation().messagesIn(from);
    std::erase_if(left, [&messages](MessageId each) {
        return std::find(messages.begin(), messages.end(), each) != messages.end();
    });
    if (left.empty()) // once whoever does it has heard of it
        QMetaObject::invokeMethod(this, &QWidget::close, Qt::QueuedConnection);
}

void ReaderWindow::say(const QString& text)
{
    m_toast->present(text);
}

void ReaderWindow::setTitle()
{
    if (const MessageCard* card = m_reader->conversation().current()) {
        setWindowTitle(tr("%1 \u2014 Avocet").arg(subjectWords(card->summary()).left(100)));
    }
}

} // namespace avocet
