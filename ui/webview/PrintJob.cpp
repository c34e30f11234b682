// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/webview/PrintJob.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QWebEngineScript>
#include <QWebEngineView>

#include <chrono>

namespace avocet {

using namespace std::chrono_literals;

namespace {

constexpr auto printPatience = 60s;
constexpr double screenDots = 96;

/// Who wrote what to whom, above the first line. Values are text, never markup.
QString headScript(const QList<HtmlField>& head)
{
    QJsonArray fields;
    for (const HtmlField& field : head)
        fields.append(QJsonArray{field.name, field.value});
    return QStringLiteral(R"js((function (fields) {
        var box = document.createElement('div');
        box.style.cssText = 'all:initial;display:block;font:13px sans-serif;color:#000;padding:0 0 10px;' +
            'margin:0 0 14px;border-bottom:1px solid #888';
        fields.forEach(function (field) {
            var line = box.appendChild(document.createElement('div'));
            line.appendChild(document.createElement('b')).textContent = field[0] + ' ';
            line.appendChild(document.createTextNode(field[1]));
        });
        if (window.avocetUnfold) avocetUnfold('');
        if (fields.length) document.body.insertBefore(box, document.body.firstChild);
    })(%1))js")
        .arg(QString::fromUtf8(QJsonDocument(fields).toJson(QJsonDocument::Compact)));
}

} // namespace

PrintJob::PrintJob(WebEngine& engine, const MailDocuments& documents, const QPageLayout& layout,
                   const QList<HtmlField>& head, Done done, QObject* parent)
    : QObject(parent)
    , m_page(engine.profile(), engine.token(), nullptr)
    , m_done(std::move(done))
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] { printed({}); });
    m_patience.start(printPatience);
    connect(&m_page, &QWebEnginePage::renderProcessTerminated, this, [this] { printed({}); });
    connect(&m_page, &QWebEnginePage::loadFinished, this, [this, layout, head](bool ok) {
        if (!ok) {
            printed({});
            return;
        }
        QPointer<PrintJob> self(this);
        m_page.runJavaScript(headScript(head), QWebEngineScript::ApplicationWorld,
                             [self, layout](const QVariant&) {
                                 if (self)
                                     self->m_page.printToPdf(
                                         [self](const QByteArray& pdf) {
                                             if (self)
                                                 self->printed(pdf);
                                         },
                                         layout);
                             });
    });
    if (documents.parts() == 1) {
        m_page.openPart(documents, 0);
        return;
    }
    m_frames = std::make_unique<QWebEngineView>();
    m_frames->setPage(&m_page);
    m_frames->resize(static_cast<int>(layout.paintRect(QPageLayout::Inch).width() * screenDots),
                     1000);
    m_page.open(documents);
}

PrintJob::~PrintJob()
{
    if (m_done)
        m_done({});
}

void PrintJob::printed(const QByteArray& pdf)
{
    if (auto done = std::exchange(m_done, nullptr))
        done(pdf);
    // The page is in the middle of telling this.
    deleteLater();
}

} // namespace avocet
