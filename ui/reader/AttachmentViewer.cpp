// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/AttachmentViewer.h"

#include "ui/reader/ReceivedAttachmentCard.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/Labels.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QImageReader>
#include <QKeyEvent>
#include <QPainter>
#include <QPdfDocument>
#include <QPdfView>
#include <QPlainTextEdit>
#include <QPointer>
#include <QStackedWidget>
#include <QThreadPool>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace avocet {

namespace {

constexpr std::size_t mostText = 2'000'000;
constexpr int largestSide = 4'096; ///< pictures are read at no more than this
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
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("%1 \u2013 Avocet").arg(fileName.left(100)));
    resize(900, 760);
    auto* save = new Button(tr("Save"), ButtonKind::Quiet, this);
    save->setIconName("save");
    connect(save, &QPushButton::clicked, this, &AttachmentViewer::saveRequested);
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
    layout->addWidget(kind == PreviewKind::Picture ? makePicture(std::move(bytes))
                      : kind == PreviewKind::Pdf   ? makePdf(bytes)
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

QWidget* AttachmentViewer::makeText(const std::string& bytes)
{
    auto* view = new QPlainTextEdit(this);
    view->setReadOnly(true);
    view->setFrameShape(QFrame::NoFrame);
    view->setAccessibleName(tr("Text of the attachment"));
    view->document()->setDocumentMargin(metrics::space4);
    view->setFont(themeFont(TextRole::Message));
    const QByteArray shown(bytes.data(), static_cast<qsizetype>(std::min(bytes.size(), mostText)));
    view->setPlainText(shown.isValidUtf8() ? QString::fromUtf8(shown) : QString::fromLatin1(shown));
    return view;
}

QWidget* AttachmentViewer::makePdf(const std::string& bytes)
{
    auto* view = new QPdfView(this);
    auto* buffer = new QBuffer(view);
    buffer->setData(bytes.data(), static_cast<int>(bytes.size()));
    buffer->open(QIODevice::ReadOnly);
    auto* document = new QPdfDocument(view);
    document->load(buffer);
    if (document->status() == QPdfDocument::Status::Error) {
        delete view;
        return failure(this, tr("This PDF file cannot be read"));
    }
    view->setAccessibleName(tr("Pages of the attachment"));
    view->setDocument(document);
    view->setPageMode(QPdfView::PageMode::MultiPage);
    view->setZoomMode(QPdfView::ZoomMode::FitToWidth);
    return view;
}

void AttachmentViewer::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape || event->matches(QKeySequence::Close)) {
        close();
    } else if (event->matches(QKeySequence::Save)) {
        Q_EMIT saveRequested();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace avocet
