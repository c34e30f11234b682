// SPDX-License-Identifier: GPL-3.0-or-later
// A mail's body as it stands in the reader, with the real view of HTML.
#pragma once

#include "core/mime/MessageReader.h"
#include "ui/reader/BodySettings.h"
#include "ui/reader/HtmlViews.h"
#include "ui/reader/MessageBody.h"
#include "ui/theme/InfoBar.h"

#include <QMenu>
#include <QScrollArea>
#include <QSignalSpy>
#include <QVBoxLayout>

namespace avocet {

inline std::shared_ptr<const OpenedMessage> message(const QByteArray& html,
                                                    const QByteArray& more = {})
{
    auto opened = std::make_shared<OpenedMessage>();
    opened->raw =
        ("From: Shop <news@shop.example>\r\nTo: anna@fjordworks.example\r\nSubject: News\r\n"
         "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n"
         "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
         html + "\r\n" + more + "--b--\r\n")
            .toStdString();
    opened->parsed = readMessage(opened->raw);
    opened->hasBody = true;
    return opened;
}

/// A body as it stands in the reader: in a column that scrolls.
struct BodyReader {
    BodyReader()
    {
        auto* content = new QWidget;
        bars = new InfoBarStack(content);
        body = new MessageBody(settings, *bars, content);
        below = new QWidget(content);
        below->setFixedHeight(20);
        auto* column = new QVBoxLayout(content);
        column->addWidget(bars);
        column->addWidget(body);
        column->addWidget(below);
        column->addStretch(1);
        scroll.setWidget(content);
        scroll.setWidgetResizable(true);
        scroll.setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
        scroll.resize(700, 500);
        scroll.show();
        // Or a window that becomes active late gives the keyboard to the page, if it is there by then.
        scroll.setFocus();
    }

    bool read(const std::shared_ptr<const OpenedMessage>& what)
    {
        QSignalSpy shown(body, &MessageBody::shown);
        body->setMessage(what);
        return !shown.isEmpty() || shown.wait(30'000);
    }

    /// What takes the events of the page.
    QWidget* page() const { return body->htmlView()->findChild<QWidget*>()->focusProxy(); }
    QColor colourAt(const QPoint& at) const
    {
        return body->htmlView()->grab().toImage().pixelColor(at);
    }
    void choose(const QString& entry) const
    {
        QMenu menu;
        body->addActions(menu);
        for (QAction* action : menu.actions()) {
            if (action->text() == entry)
                action->trigger();
        }
    }

    BodySettings settings;
    QScrollArea scroll;
    InfoBarStack* bars;
    MessageBody* body;
    QWidget* below;
};

} // namespace avocet
