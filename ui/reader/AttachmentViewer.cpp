// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/AttachmentViewer.h"

#include "ui/OnWorker.h"
#include "ui/reader/AttachmentArea.h"
#include "ui/reader/AttachmentSaver.h"
#include "ui/reader/PreviewText.h"
#include "ui/reader/ReceivedAttachmentCard.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QImageReader>
#include <QKeyEvent>
#include <QPainter>
#include <QPdfDocument>
#include <QPdfView>
#include <QPointer>
#include <QStackedWidget>
#include <QThreadPool>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace avocet {

namespace {

constexpr int mostPdfPages = 5'000; ///< of a PDF: all are laid out at once
constexpr int largestSide = 4'096;  ///< pictures are read at no more than this
constexpr qint64 mostPixels = 200'000'000;

/// Only what bitmaps are read by; the rest of the plugins is none of a stranger's business.
constexpr std::array pictureTypes = {"image/png", "image/jpeg", "image/gif", "image/webp",
                                     "image/bmp"};

class PictureView : public QWidget {
public:
    PictureView(QImage picture, QWidget* parent)
        : QWidget(parent)
        , m_picture(std::move(picture))
    {
        setAccessibleName(AttachmentViewer::tr("Picture"));
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        const QSize room = size() * devicePixelRatioF();
        const QSize fits = m_picture.width() <= room.width() && m_picture.height() <= room.height()
                               ? m_picture.size()
                               : m_picture.size().scaled(room, Qt::KeepAspectRatio);
        QRect target(QPoint(), fits / devicePixelRatioF());
        target.moveCenter(rect().center());
        painter.drawImage(target, m_picture);
    }

private:
    QImage m_picture;
};

QImage readPicture(const std::string& bytes)
{
    QByteArray data = QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()));
    QBuffer buffer(&data);
    QImageReader reader(&buffer);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    const QByteArray format = "image/" + reader.format().replace("jpg", "jpeg");
    const bool known = std::any_of(pictureTypes.begin(), pictureTypes.end(),
                                   [&format](const char* type) { return format == type; });
    if (!known || !size.isValid() || qint64(size.width()) * size.height() > mostPixels) {
        return {};
    }
    if (std::max(size.width(), size.height()) > largestSide) {
        reader.setScaledSize(size.scaled(largestSide, largestSide, Qt::KeepAspectRatio));
    }
    return reader.read();
}

/// Objects of the GUI's thread that a worker may drop.
struct LaterDeleter {
    void operator()(QObject* object) const { object->deleteLater(); }
};
using PdfPointer = std::unique_ptr<QPdfDocument, LaterDeleter>;

/// Null: it cannot be read. A worker; a stranger's file may take long.
PdfPointer readPdf(const std::string& bytes)
{
    PdfPointer document(new QPdfDocument(nullptr));
    auto* buffer = new QBuffer(document.get());
    buffer->setData(bytes.data(), static_cast<int>(bytes.size()));
    buffer->open(QIODevice::ReadOnly);
    document->load(buffer);
    const bool right = document->status() == QPdfDocument::Status::Ready;
    document->moveToThread(QCoreApplication::instance()->thread());
    return right ? std::move(document) : nullptr;
}

/// Lets go of its document while it still stands: a document that goes says so, to a view that is half gone.
class PdfPages : public QPdfView {
public:
    PdfPages(PdfPointer document, QWidget* parent)
        : QPdfView(parent)
        , m_document(std::move(document))
    {
        setAccessibleName(AttachmentViewer::tr("Pages of the attachment"));
        setDocument(m_document.get());
        setPageMode(PageMode::MultiPage);
        setZoomMode(ZoomMode::FitToWidth);
        setGround();
    }
    ~PdfPages() override { setDocument(nullptr); }

protected:
    void changeEvent(QEvent* event) override
    {
        QPdfView::changeEvent(event);
        if (event->type() == QEvent::PaletteChange) {
            setGround();
        }
    }

private:
    void setGround()
    {
        QPalette changed = palette();
        if (changed.color(QPalette::Dark) != tokens().sidebar) {
            changed.setColor(QPalette::Dark, tokens().sidebar);
            setPalette(changed);
        }
    }

    PdfPointer m_document;
};

QWidget* failure(QWidget* parent, const QString& title)
{
    auto* state = new EmptyState(parent);
    state->setContent("error", title,
                      AttachmentViewer::tr("Save it and open it with another program."));
    return state;
}

} // namespace

PreviewKind previewKind(const QString& mediaType, const QString& fileName)
{
    if (mediaType == u"message/rfc822" || fileName.endsWith(u".eml", Qt::CaseInsensitive)) {
        return PreviewKind::Message;
    }
    if (mayRunCode(fileName)) {
        return PreviewKind::None;
    }
    if (std::any_of(pictureTypes.begin(), pictureTypes.end(),
                    [&mediaType](const char* type) { return mediaType == QLatin1String(type); })) {
        return PreviewKind::Picture;
    }
    if (mediaType == u"application/pdf") {
        return PreviewKind::Pdf;
    }
    return mediaType == u"text/plain" || mediaType == u"text/csv" ? PreviewKind::Text
                                                                  : PreviewKind::None;
}

AttachmentViewer::AttachmentViewer(PreviewKind kind, const QString& fileName, std::string bytes)
    : m_name(fileName)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("%1 \u2014 Avocet").arg(fileName.left(100)));
    resize(900, 760);
    auto* save = new Button(tr("Save"), ButtonKind::Quiet, this);
    save->setIconName("save");
    save->hide();
    m_save = save;
    connect(save, &QPushButton::clicked, this, &AttachmentViewer::save);
    auto* name = new ElidedLabel(fileName, this, Qt::ElideMiddle);
    name->setFont(themeFont(TextRole::Title, true));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(metrics::space4, metrics::space2, metrics::space2, metrics::space2);
    head->addWidget(name, 1);
    head->addWidget(save);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    m_bars = new InfoBarStack(this);
    layout->addWidget(m_bars);
    layout->addWidget(kind == PreviewKind::Picture ? makePicture(std::move(bytes))
                      : kind == PreviewKind::Pdf   ? makePdf(std::move(bytes))
                                                   : makeText(bytes),
                      1);
}

QWidget* AttachmentViewer::makePicture(std::string bytes)
{
    auto* stack = new QStackedWidget(this);
    stack->addWidget(new QWidget(stack));
    QThreadPool::globalInstance()->start([stack = QPointer(stack), bytes = std::move(bytes)] {
        QImage picture = readPicture(bytes);
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [stack, picture = std::move(picture)] {
                if (!stack) {
                    return;
                }
                stack->addWidget(picture.isNull()
                                     ? failure(stack, tr("This picture cannot be read"))
                                     : new PictureView(picture, stack));
                stack->setCurrentIndex(1);
            },
            Qt::QueuedConnection);
    });
    return stack;
}

QWidget* AttachmentViewer::makeText(const std::string& utf8)
{
    auto* view = new PreviewText(utf8, this);
    view->setAccessibleName(tr("Text of the attachment"));
    if (!view->isWhole()) {
        m_bars->show({QStringLiteral("cut"),
                      Severity::Info,
                      tr("Only the first 2 MB are shown. Save it to read all of it."),
                      {},
                      true});
    }
    return view;
}

QWidget* AttachmentViewer::makePdf(std::string bytes)
{
    auto* stack = new QStackedWidget(this);
    stack->addWidget(new QWidget(stack));
    onWorker(
        stack, [bytes = std::move(bytes)] { return readPdf(bytes); },
        [stack](PdfPointer document) {
            if (!document || document->pageCount() > mostPdfPages) {
                stack->addWidget(failure(stack, document ? tr("This PDF file has too many pages")
                                                         : tr("This PDF file cannot be read")));
            } else {
                stack->addWidget(new PdfPages(std::move(document), stack));
            }
            stack->setCurrentIndex(1);
        });
    return stack;
}

void AttachmentViewer::offerSaving(ReaderFiles& files, FileContent content)
{
    m_files = &files;
    m_content = std::move(content);
    m_save->show();
}

void AttachmentViewer::save()
{
    if (!m_files || !m_content) {
        return;
    }
    auto* dialog =
        new QFileDialog(this, tr("Save attachment"), downloadsPlace() + QLatin1Char('/') + m_name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, &AttachmentViewer::saveInto);
    dialog->open();
}

void AttachmentViewer::saveInto(const QString& path)
{
    if (!m_files) {
        return;
    }
    m_files->save(path, *m_content, [self = QPointer(this), path](const Result<QString>& saved) {
        if (!self) {
            return;
        }
        const AttachmentSaver::Report report{
            0, {QFileInfo(path).fileName()}, saved ? Error{} : saved.error(), true};
        self->m_bars->show({QStringLiteral("save"),
                            saved ? Severity::Success : Severity::Danger,
                            saved ? tr("Attachment saved") : notSavedSentence(report, 1),
                            {},
                            true});
    });
}

void AttachmentViewer::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape || event->matches(QKeySequence::Close)) {
        close();
    } else if (event->matches(QKeySequence::Save)) {
        save();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace avocet
