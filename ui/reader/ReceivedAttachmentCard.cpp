// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ReceivedAttachmentCard.h"

#include "core/mime/FileNames.h"
#include "ui/reader/FileDrag.h"
#include "ui/reader/ReaderFiles.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

#include <algorithm>
#include <array>

namespace avocet {

namespace {

constexpr auto progressEvery = std::chrono::milliseconds(100);
constexpr int progressBar = 2;

constexpr QSize cardSize(240, 56);

} // namespace

QString safeFileName(const QString& name)
{
    const std::string safe = mime::safeFileName(name.toStdString());
    return safe.empty() ? ReceivedAttachmentCard::tr("attachment") : QString::fromStdString(safe);
}

QString fileTypeWords(const QString& mediaType, const QString& fileName)
{
    const QString suffix = fileName.section(u'.', -1);
    if (suffix.size() < fileName.size() && suffix.size() <= 5 && !suffix.isEmpty()) {
        return suffix.toUpper();
    }
    if (mediaType.startsWith(u"image/")) {
        return ReceivedAttachmentCard::tr("Image");
    }
    if (mediaType.startsWith(u"text/")) {
        return ReceivedAttachmentCard::tr("Text");
    }
    return mediaType == u"message/rfc822" ? ReceivedAttachmentCard::tr("Message")
                                          : ReceivedAttachmentCard::tr("File");
}

bool mayRunCode(const QString& fileName)
{
    static constexpr std::array suffixes = {
        // Programs, and what starts or installs them.
        "appimage", "bin", "com", "cpl", "deb", "desktop", "dll", "elf", "exe", "flatpak",
        "flatpakref", "flatpakrepo", "gadget", "msi", "msix", "msp", "pif", "rpm", "run", "scr",
        "service", "snap", "so", "application", "appref-ms", "dmg", "pkg", "apk", "xpi", "crx",
        "kwinscript", "plasmoid", "whl",
        // Scripts.
        "awk", "bash", "bat", "cmd", "command", "csh", "fish", "groovy", "jar", "jnlp", "class",
        "js", "jse", "jsx", "mjs", "cjs", "ksh", "php", "phtml", "pl", "ps1", "ps1xml", "ps2",
        "psc1", "psd1", "psm1", "py", "pyc", "pyo", "pyw", "pyz", "pyzw", "qml", "rb", "rbw",
        "scpt", "sct", "sh", "tcl", "tcsh", "vb", "vbe", "vbs", "ws", "wsc", "wsf", "wsh", "zsh",
        "ipynb", "ahk", "reg", "inf", "hta", "msc", "msh",
        // Pages, and pictures and documents that are pages: what they hold runs in a browser.
        "chm", "htm", "html", "shtml", "maff", "mht", "mhtml", "svg", "svgz", "swf", "webarchive",
        "xht", "xhtml", "xml", "xsl", "xslt", "xul", "wasm", "hlp",
        // What leads elsewhere.
        "lnk", "library-ms", "search-ms", "settingcontent-ms", "scf", "url", "webloc", "website",
        "rdp", "iqy", "slk",
        // Documents with macros.
        "docm", "dotm", "xlam", "xlm", "xlsb", "xlsm", "xltm", "xll", "potm", "ppam", "pptm",
        "ppsm", "accdb", "accde", "ade", "adp", "mda", "mdb", "mde", "mdt", "mdw", "mdz", "one",
        "onepkg", "oxt", "blend",
        // File systems that are mounted by opening them.
        "img", "iso", "udf", "vhd", "vhdx"};
    const QString suffix = fileName.section(u'.', -1).toLower();
    return std::any_of(suffixes.begin(), suffixes.end(),
                       [&suffix](const char* each) { return suffix == QLatin1String(each); });
}

ReceivedAttachmentCard::ReceivedAttachmentCard(int index, const ParsedAttachment& attachment,
                                               QWidget* parent)
    : QWidget(parent)
    , m_index(index)
    , m_name(safeFileName(QString::fromStdString(attachment.name)))
    , m_size(attachment.size)
{
    const QString type = QString::fromStdString(attachment.type);
    m_about = QStringLiteral("%1, %2").arg(fileTypeWords(type, m_name), sizeWords(attachment.size));
    m_iconName = fileIconName(type, m_name);
    setFixedSize(cardSize);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Attachment %1, %2").arg(m_name, m_about));
    setToolTip(m_name);
    m_open = new IconButton("open", tr("Open"), this);
    m_save = new IconButton("save", tr("Save"), this);
    m_open->setVisible(false);
    m_save->setVisible(false);
    m_open->installEventFilter(this);
    m_save->installEventFilter(this);
    m_open->setAccessibleName(tr("Open %1").arg(m_name));
    m_save->setAccessibleName(tr("Save %1").arg(m_name));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, metrics::space2, 0);
    layout->setSpacing(0);
    layout->addStretch(1);
    m_cancel = new IconButton("close", tr("Cancel"), this);
    m_cancel->setAccessibleName(tr("Cancel saving %1").arg(m_name));
    m_cancel->hide();
    layout->addWidget(m_open);
    layout->addWidget(m_save);
    layout->addWidget(m_cancel);
    connect(m_cancel, &QToolButton::clicked, this, [this] {
        if (m_progress) {
            m_progress->cancelled = true;
        }
    });
    // Small ones are there before anybody could read of it.
    m_progressTimer.setInterval(progressEvery);
    connect(&m_progressTimer, &QTimer::timeout, this, &ReceivedAttachmentCard::showProgress);
    connect(m_open, &QToolButton::clicked, this, [this] { Q_EMIT openRequested(m_index); });
    connect(m_save, &QToolButton::clicked, this, [this] { Q_EMIT saveRequested(m_index); });
}

void ReceivedAttachmentCard::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    const auto visual = [this](const QRect& r) {
        return QStyle::visualRect(layoutDirection(), rect(), r);
    };
    fillRounded(painter, rect(), metrics::radiusCard, underMouse() ? t.hover : t.surface);
    strokeRounded(painter, rect(), metrics::radiusCard, t.border);
    paintIcon(painter, visual(QRect(metrics::space3, 12, 32, 32)), m_iconName, t.text2);
    const int x = metrics::space3 + 32 + metrics::space2;
    const int buttons = m_open->isVisible()     ? 2 * metrics::button + metrics::space2
                        : m_cancel->isVisible() ? metrics::button + metrics::space2
                                                : 0;
    const int width = this->width() - x - std::max<int>(metrics::space3, buttons);
    const auto left = static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) |
                                       Qt::AlignVCenter);
    const QFont body = themeFont(TextRole::Body);
    const int bodyHeight = QFontMetrics(body).height();
    const QFont small = themeFont(TextRole::Small);
    const int smallHeight = QFontMetrics(small).height();
    const int top = (height() - bodyHeight - smallHeight - 2) / 2;
    painter.setFont(body);
    painter.setPen(t.text);
    painter.drawText(visual(QRect(x, top, width, bodyHeight)), left,
                     QFontMetrics(body).elidedText(m_name, Qt::ElideMiddle, width));
    painter.setFont(small);
    painter.setPen(t.text2);
    const QString about =
        m_progress ? tr("Saving, %1 of %2").arg(sizeWords(m_progress->written), sizeWords(m_size))
                   : m_about;
    painter.drawText(visual(QRect(x, top + bodyHeight + 2, width, smallHeight)), left,
                     QFontMetrics(small).elidedText(about, Qt::ElideRight, width));
    if (m_progress && m_size > 0) {
        const double share =
            std::min(1.0, static_cast<double>(m_progress->written) / static_cast<double>(m_size));
        const QRect whole(x, height() - progressBar - metrics::space1,
                          this->width() - x - metrics::space3, progressBar);
        QRect done = whole;
        done.setWidth(static_cast<int>(whole.width() * share));
        fillRounded(painter, visual(whole), 1, t.selectionInactive);
        fillRounded(painter, visual(done), 1, t.accent);
    }
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        drawFocusRing(painter, rect(), metrics::radiusCard);
    }
}

void ReceivedAttachmentCard::follow(std::shared_ptr<FileProgress> progress)
{
    m_progress = std::move(progress);
    m_progressTimer.start();
}

void ReceivedAttachmentCard::showProgress()
{
    if (m_progress && m_progress->ended) {
        m_progress.reset();
        m_progressTimer.stop();
    }
    showButtons(underMouse() || hasFocus() || m_open->hasFocus() || m_save->hasFocus());
}

void ReceivedAttachmentCard::showButtons(bool shown)
{
    const bool saving = m_progress != nullptr;
    m_open->setVisible(shown && !saving);
    m_save->setVisible(shown && !saving);
    m_cancel->setVisible(saving);
    update();
}

void ReceivedAttachmentCard::enterEvent(QEnterEvent*)
{
    showButtons(true);
}

void ReceivedAttachmentCard::leaveEvent(QEvent*)
{
    showButtons(hasFocus() || m_open->hasFocus() || m_save->hasFocus());
}

bool ReceivedAttachmentCard::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusOut) {
        showButtons(underMouse() || hasFocus() || m_open->hasFocus() || m_save->hasFocus());
    }
    return QWidget::eventFilter(watched, event);
}

void ReceivedAttachmentCard::focusInEvent(QFocusEvent*)
{
    showButtons(true);
}

void ReceivedAttachmentCard::focusOutEvent(QFocusEvent*)
{
    showButtons(underMouse() || m_open->hasFocus() || m_save->hasFocus());
}

void ReceivedAttachmentCard::keyPressEvent(QKeyEvent* event)
{
    if (m_progress && event->key() == Qt::Key_Escape) {
        m_progress->cancelled = true;
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
               event->key() == Qt::Key_Space) {
        Q_EMIT openRequested(m_index);
    } else if (event->matches(QKeySequence::Save)) {
        Q_EMIT saveRequested(m_index);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void ReceivedAttachmentCard::mousePressEvent(QMouseEvent* event)
{
    if (m_drag && event->button() == Qt::LeftButton) {
        m_drag->pressed(*event);
    }
}

void ReceivedAttachmentCard::mouseMoveEvent(QMouseEvent* event)
{
    if (m_drag) {
        m_drag->moved(*event);
    }
}

void ReceivedAttachmentCard::mouseDoubleClickEvent(QMouseEvent*)
{
    Q_EMIT openRequested(m_index);
}

} // namespace avocet
