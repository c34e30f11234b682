// SPDX-License-Identifier: GPL-3.0-or-later
// Draws every standard control flat and from the tokens, over Fusion, so that no window needs a
// style sheet (which would bypass this style).
#pragma once

#include "ui/theme/Theme.h"

#include <QProxyStyle>

#include <memory>

namespace avocet {

class DesktopScheme;

/// Thread: the GUI's. Owned by QApplication once set. Push buttons are drawn by their "kind"
/// property (see Buttons.h); plain ones count as secondary.
class AvocetStyle : public QProxyStyle {
    Q_OBJECT
public:
    explicit AvocetStyle(ThemeChoice choice);
    ~AvocetStyle() override;

    Scheme scheme() const { return m_scheme; }
    ThemeChoice choice() const { return m_choice; }
    void setChoice(ThemeChoice choice);

    using QProxyStyle::polish;
    using QProxyStyle::unpolish;
    void polish(QPalette& palette) override;
    void polish(QWidget* widget) override;
    void unpolish(QWidget* widget) override;
    QPalette standardPalette() const override;

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget = nullptr) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget = nullptr) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                            QPainter* painter, const QWidget* widget = nullptr) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option,
                         SubControl subControl, const QWidget* widget = nullptr) const override;
    QRect subElementRect(SubElement element, const QStyleOption* option,
                         const QWidget* widget = nullptr) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                           const QWidget* widget = nullptr) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option = nullptr,
                    const QWidget* widget = nullptr) const override;
    int styleHint(StyleHint hint, const QStyleOption* option = nullptr,
                  const QWidget* widget = nullptr,
                  QStyleHintReturn* returnData = nullptr) const override;
    QIcon standardIcon(StandardPixmap pixmap, const QStyleOption* option = nullptr,
                       const QWidget* widget = nullptr) const override;

private:
    void applyScheme();
    Scheme wantedScheme() const;

    ThemeChoice m_choice;
    Scheme m_scheme = Scheme::Light;
    bool m_desktopIsDark = false;
    std::unique_ptr<DesktopScheme> m_desktop;
};

} // namespace avocet
