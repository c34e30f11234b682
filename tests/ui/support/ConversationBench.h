// SPDX-License-Identifier: GPL-3.0-or-later
// A reader with a conversation in it, for tests.
#pragma once

#include "SampleConversation.h"

#include "core/engine/Stores.h"
#include "ui/reader/FoldedLine.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/ReaderPane.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <memory>
#include <span>

namespace avocet {

/// A reader over a real engine that stays offline.
class ConversationBench {
public:
    explicit ConversationBench(const std::vector<SampleLetter>& letters = sampleLetters())
    {
        qputenv("AVOCET_SECRETS", "file");
        profile = m_directory.path().toStdString();
        SampleOptions options;
        options.inboxMessages = 20;
        sample = fillProfile(profile, options);
        conversation = addConversation(profile, sample, letters);
        EngineOptions engineOptions;
        engineOptions.profile = profile;
        engineOptions.online = false;
        engine = std::make_unique<MailEngine>(engineOptions);
        if (const Status opened = engine->open(); !opened) {
            qFatal("the engine does not open: %s", opened.error().detail.c_str());
        }
        reader = std::make_unique<ReaderPane>(*engine, settings);
        reader->setMarkReadAfter({});
        reader->resize(700, 800);
        reader->show();
    }

    ConversationView& view() { return reader->conversation(); }
    MessageId at(int index) const { return conversation.messages[static_cast<std::size_t>(index)]; }
    bool open(int index)
    {
        reader->showMessage({}, at(index));
        return QTest::qWaitFor([this] { return reader->opened() != nullptr; }, 15'000);
    }
    QList<MessageId> openMessages()
    {
        QList<MessageId> found;
        for (MessageCard* card : view().cards()) {
            if (card->isOpen()) {
                found.append(card->message());
            }
        }
        return found;
    }
    /// Another message with the name of the `index`-th, as `change` has it.
    MessageId addCopy(int index, FolderId folder,
                      const std::function<void(NewMessage&, std::string& raw)>& change = {})
    {
        auto stores = Stores::open(profile, Access::ReadWrite);
        const MessageId original = at(index);
        const auto row = stores ? (*stores)->messages.row(original) : tl::unexpected(Error());
        const auto body = stores ? (*stores)->bodies.get(original) : tl::unexpected(Error());
        if (!row || !body || !*body) {
            qFatal("there is nothing to copy");
        }
        NewMessage copy;
        copy.uid = m_nextUid++;
        copy.flags = Seen;
        copy.internalDate = copy.date = row->date;
        copy.size = row->size;
        copy.subject = row->subject;
        copy.from = row->from;
        copy.to = row->to;
        copy.messageIdHeader = engine->queries().messageIdHeader(original);
        if (index > 0) {
            copy.inReplyTo = engine->queries().messageIdHeader(at(index - 1));
            copy.references = {copy.inReplyTo};
        }
        std::string raw = **body;
        if (change) {
            change(copy, raw);
        }
        const auto inserted = (*stores)->messages.insert(folder, std::span(&copy, 1));
        if (!inserted) {
            qFatal("no copy: %s", inserted.error().detail.c_str());
        }
        const MessageId id = inserted->appeared.front();
        if (!raw.empty() &&
            (!(*stores)->bodies.put(id, raw) || !(*stores)->messages.setBody(id, true))) {
            qFatal("the copy has no body");
        }
        return id;
    }
    /// What a sync tells of every batch; waits until the reader has looked what it is about.
    bool syncTells()
    {
        QSignalSpy changed(&view(), &ConversationView::changed);
        Q_EMIT engine->messagesAdded(sample.inbox, {});
        return changed.wait(15'000);
    }
    RunLine* run() { return reader->findChild<RunLine*>(); }
    QString text(int index)
    {
        auto* text = view().card(at(index))->findChild<MessageText*>();
        return text ? text->toPlainText() : QString();
    }

    std::filesystem::path profile;
    SampleProfile sample;
    SampleConversation conversation;
    BodySettings settings;
    std::unique_ptr<MailEngine> engine;
    std::unique_ptr<ReaderPane> reader;

private:
    QTemporaryDir m_directory;
    std::uint32_t m_nextUid = 90'000;
};

} // namespace avocet
