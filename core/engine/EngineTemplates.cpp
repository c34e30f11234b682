// SPDX-License-Identifier: GPL-3.0-or-later
// Texts that are used again.
#include "core/engine/EngineCore.h"

#include "core/engine/EngineThread.h"
#include "core/mime/RichText.h"

namespace avocet {

/// What is stored is what the reader and the sanitiser leave of it: a template may come from anywhere.
void EngineCore::run(RequestId request, const command::SaveTemplate& command)
{
    Template one = command.one;
    if (!one.html.empty())
        one.html = writeHtml(readRichText(one.html));
    const Result<TemplateId> saved = m_stores->templates.save(one);
    if (!saved) {
        finish(request, tl::unexpected(saved.error()));
        return;
    }
    m_announce([](MailEngine& engine) { Q_EMIT engine.templatesChanged(); });
    finish(request, QJsonObject{{QStringLiteral("templateId"), static_cast<qint64>(saved->value)}});
}

void EngineCore::run(RequestId request, const command::RemoveTemplate& command)
{
    const Status removed = m_stores->templates.remove(command.one);
    if (removed)
        m_announce([](MailEngine& engine) { Q_EMIT engine.templatesChanged(); });
    finish(request, removed);
}

void EngineCore::run(RequestId request, const command::ListTemplates&)
{
    const auto all = m_stores->templates.all();
    if (!all) {
        finish(request, tl::unexpected(all.error()));
        return;
    }
    for (const Template& one : *all)
        report(request,
               QJsonObject{{QStringLiteral("id"), static_cast<qint64>(one.id.value)},
                           {QStringLiteral("name"), QString::fromStdString(one.name)},
                           {QStringLiteral("subject"), QString::fromStdString(one.subject)},
                           {QStringLiteral("text"), QString::fromStdString(one.text)},
                           {QStringLiteral("html"), QString::fromStdString(one.html)}});
    finish(request, QJsonObject());
}

} // namespace avocet
