// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/HtmlViews.h"

#include "ui/reader/Sandbox.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QPluginLoader>

namespace avocet {

namespace {

struct Plugin {
    HtmlViewFactory* factory = nullptr;
    bool missing = false;
};

Plugin& plugin()
{
    static Plugin loaded;
    return loaded;
}

/// Beside bin, or beside the folder of a build in which the program lies.
QString pluginFile()
{
    const QString place = QStringLiteral(AVOCET_LIBDIR "/avocet/avocet_webview.so");
    const QString program = QCoreApplication::applicationDirPath();
    for (const QString& up : {QStringLiteral("/../"), QStringLiteral("/../../")}) {
        if (QFileInfo::exists(program + up + place))
            return QFileInfo(program + up + place).canonicalFilePath();
    }
    return {};
}

} // namespace

QString htmlViewProblem()
{
    if (plugin().factory)
        return {};
    if (plugin().missing)
        return QCoreApplication::translate("avocet::HtmlViews",
                                           "Formatted mail is shown as text, because the part of "
                                           "Avocet that shows it could not be loaded.");
    return sandboxProblem();
}

void HtmlViewReturn::operator()(HtmlView* view) const
{
    plugin().factory->takeBack(view);
}

HtmlViewPointer makeHtmlView(HtmlViewClient& client)
{
    if (!htmlViewProblem().isEmpty())
        return nullptr;
    if (!plugin().factory) {
        QPluginLoader loader(pluginFile());
        plugin().factory = qobject_cast<HtmlViewFactory*>(loader.instance());
        plugin().missing = !plugin().factory;
        if (plugin().missing) {
            qWarning("the HTML view cannot be loaded: %s", qPrintable(loader.errorString()));
            return nullptr;
        }
    }
    return HtmlViewPointer(plugin().factory->create(client));
}

} // namespace avocet
