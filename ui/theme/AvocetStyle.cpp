// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/AvocetStyle.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/DesktopScheme.h"
#include "ui/theme/StyleControls.h"

#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QStyleOption>

#include <algorithm>

// Q_INIT_RESOURCE must stand outside every namespace.
static void initIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace avocet {

namespace {

/// Views of Avocet's own windows reach to the edges of their panes; Qt's dialogs stand on the
/// window's ground.
bool inQtsDialog(const QWidget* widget)
{
    return qobject_cast<const QAbstractScrollArea*>(widget) &&
           (qobject_cast<const QMessageBox*>(widget->window()) ||
            qobject_cast<const QFileDialog*>(widget->window()));
}

} // namespace

AvocetStyle::AvocetStyle(ThemeChoice choice)
    : QProxyStyle(QStringLiteral("Fusion"))
    , m_choice(choice)
    , m_desktop(std::make_unique<DesktopScheme>())
{
    initIcons();
    const QByteArray forced = qgetenv("AVOCET_THEME").toLower();
    if (forced == "dark") {
        m_choice = ThemeChoice::Dark;
    } else if (forced == "light") {
        m_choice = ThemeChoice::Light;
    }
    m_scheme = wantedScheme();
    connect(m_desktop.get(), &DesktopScheme::changed, this, &AvocetStyle::applyScheme);
}

AvocetStyle::~AvocetStyle() = default;

void AvocetStyle::setChoice(ThemeChoice choice)
{
    if (qEnvironmentVariableIsSet("AVOCET_THEME")) {
        return;
    }
    m_choice = choice;
    applyScheme();
}

Scheme AvocetStyle::wantedScheme() const
{
    if (m_choice != ThemeChoice::Desktop) {
        return m_choice == ThemeChoice::Dark ? Scheme::Dark : Scheme::Light;
    }
    return m_desktop->prefersDark().value_or(m_desktopIsDark) ? Scheme::Dark : Scheme::Light;
}

void AvocetStyle::applyScheme()
{
    const Scheme wanted = wantedScheme();
    if (wanted != m_scheme) {
        m_scheme = wanted;
        // Runs polish(QPalette&) over the desktop's palette again.
        QApplication::setPalette(QPalette());
    }
}

void AvocetStyle::polish(QPalette& palette)
{
    // Qt hands in the desktop's palette, also when the desktop changes it: its lightness is the
    // only thing that is taken from it.
    const QColor ground = palette.color(QPalette::Window);
    const bool ours =
        ground == tokensOf(Scheme::Light).window || ground == tokensOf(Scheme::Dark).window;
    if (!ours) {
        m_desktopIsDark = ground.lightness() < 128;
        m_scheme = wantedScheme();
    }
    palette = paletteOf(tokensOf(m_scheme));
}

QPalette AvocetStyle::standardPalette() const
{
    return QProxyStyle::standardPalette();
}

void AvocetStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    const bool control = qobject_cast<QAbstractButton*>(widget) ||
                         qobject_cast<QComboBox*>(widget) || qobject_cast<QLineEdit*>(widget) ||
                         qobject_cast<QAbstractSpinBox*>(widget) || widget->inherits("QScrollBar");
    if (control) {
        widget->setAttribute(Qt::WA_Hover);
    }
    if (qobject_cast<QMenu*>(widget) || widget->inherits("QComboBoxPrivateContainer")) {
        // Rounded corners need a see-through window; without a compositor the corners are square.
        widget->setAttribute(Qt::WA_TranslucentBackground, qobject_cast<QMenu*>(widget) != nullptr);
    }
}

void AvocetStyle::unpolish(QWidget* widget)
{
    QProxyStyle::unpolish(widget);
}

int AvocetStyle::pixelMetric(PixelMetric metric, const QStyleOption* option,
                             const QWidget* widget) const
{
    switch (metric) {
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_MenuPanelWidth:
    case PM_FocusFrameVMargin:
        return 0;
    case PM_FocusFrameHMargin: // Qt's own rows put a pixel more before their text
        return !qobject_cast<const QAbstractItemView*>(widget) ? 0
               : widget->inherits("QComboBoxListView")         ? metrics::space3 - 1
                                                               : metrics::space1 - 1;
    case PM_MenuHMargin:
    case PM_MenuVMargin:
        return metrics::space1;
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollBarSliderMin:
        return metrics::space8;
    case PM_ScrollView_ScrollBarOverlap:
    case PM_ScrollView_ScrollBarSpacing:
        return 0;
    case PM_SplitterWidth:
        return 1;
    case PM_SmallIconSize:
        return metrics::iconSmall;
    case PM_ButtonIconSize:
        return metrics::iconSmall;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 18;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return metrics::space2;
    case PM_ToolTipLabelFrameWidth:
        return metrics::space2;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
        return qobject_cast<const QMessageBox*>(widget) ? metrics::space6
               : !widget || widget->isWindow()          ? metrics::space4
                                                        : metrics::space3;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return metrics::space2;
    case PM_MessageBoxIconSize:
        return metrics::space8;
    case PM_ToolBarIconSize:
    case PM_TitleBarButtonIconSize:
        return metrics::iconSmall;
    case PM_DefaultFrameWidth:
        if (widget && widget->inherits("QComboBoxPrivateContainer")) {
            return 1;
        }
        if (inQtsDialog(widget)) {
            return 2; // as much as the corners of the frame need
        }
        return qobject_cast<const QLineEdit*>(widget) ? metrics::space2 / 2 : 0;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int AvocetStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                           QStyleHintReturn* returnData) const
{
    switch (hint) {
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_EtchDisabledText:
    case SH_UnderlineShortcut:
    case SH_ItemView_ActivateItemOnSingleClick:
        return 0;
    case SH_ItemView_ShowDecorationSelected:
    case SH_ComboBox_ListMouseTracking:
    case SH_ScrollBar_LeftClickAbsolutePosition:
    case SH_Menu_MouseTracking:
        return 1;
    case SH_ComboBox_Popup:
        return 0;
    case SH_DialogButtonLayout:
        return QDialogButtonBox::GnomeLayout;
    case SH_MessageBox_CenterButtons:
        return 0;
    case SH_MessageBox_TextInteractionFlags:
        return static_cast<int>(Qt::TextSelectableByMouse);
    case SH_ToolTip_WakeUpDelay:
        return 500;
    case SH_ToolTipLabel_Opacity:
        return 255;
    case SH_ScrollBar_Transient:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

QIcon AvocetStyle::standardIcon(StandardPixmap pixmap, const QStyleOption* option,
                                const QWidget* widget) const
{
    switch (pixmap) {
    case SP_LineEditClearButton:
    case SP_TitleBarCloseButton:
        return themeIcon("close", Tint::Text2);
    case SP_MessageBoxInformation:
        return themeIcon("info", Tint::Accent);
    case SP_MessageBoxWarning:
        return themeIcon("warning", Tint::Warning);
    case SP_MessageBoxCritical:
        return themeIcon("error", Tint::Danger);
    case SP_MessageBoxQuestion:
        return themeIcon("info", Tint::Accent);
    case SP_ArrowBack:
        return themeIcon("chevron-left", Tint::Text2);
    case SP_ArrowForward:
        return themeIcon("chevron-right", Tint::Text2);
    case SP_FileDialogToParent:
        return themeIcon("chevron-up", Tint::Text2);
    case SP_FileDialogNewFolder:
        return themeIcon("plus", Tint::Text2);
    case SP_FileDialogListView:
        return themeIcon("all-mail", Tint::Text2);
    case SP_FileDialogDetailedView:
        return themeIcon("menu", Tint::Text2);
    case SP_ComputerIcon:
    case SP_DriveHDIcon:
        return themeIcon("server", Tint::Text2);
    case SP_DirHomeIcon:
        return themeIcon("person", Tint::Text2);
    case SP_DirIcon:
    case SP_DirClosedIcon:
    case SP_DirOpenIcon:
    case SP_DirLinkIcon:
        return themeIcon("folder", Tint::Text2);
    case SP_FileIcon:
    case SP_FileLinkIcon:
        return themeIcon("file", Tint::Text2);
    default:
        return QProxyStyle::standardIcon(pixmap, option, widget);
    }
}

QSize AvocetStyle::sizeFromContents(ContentsType type, const QStyleOption* option,
                                    const QSize& size, const QWidget* widget) const
{
    if (type == CT_ItemViewItem) {
        const QSize row = QProxyStyle::sizeFromContents(type, option, size, widget);
        return {row.width(), std::max(row.height(), metrics::dateHeader)};
    }
    return controls::sizeOf(type, option, size, widget)
        .value_or(QProxyStyle::sizeFromContents(type, option, size, widget));
}

QRect AvocetStyle::subElementRect(SubElement element, const QStyleOption* option,
                                  const QWidget* widget) const
{
    if (element == SE_LineEditContents) {
        const QRect inner = QProxyStyle::subElementRect(element, option, widget);
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        // With the frame and what the edit keeps free itself, the text of a field begins at 12.
        const int inset = frame && frame->lineWidth > 0 ? 6 : metrics::space1;
        return inner.adjusted(inset, 0, -inset, 0);
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect AvocetStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option,
                                  SubControl subControl, const QWidget* widget) const
{
    const QRect fusion = QProxyStyle::subControlRect(control, option, subControl, widget);
    return controls::partOf(control, option, subControl, fusion).value_or(fusion);
}

void AvocetStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
                                QPainter* painter, const QWidget* widget) const
{
    if (!controls::drawPrimitive(element, option, painter, widget)) {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void AvocetStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const
{
    if (!controls::drawControl(*this, element, option, painter, widget)) {
        QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void AvocetStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                     QPainter* painter, const QWidget* widget) const
{
    if (controls::drawComplex(control, option, painter, widget)) {
        return;
    }
    const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
    if (control == CC_ToolButton && button) {
        // Our icons say that there is a menu; Fusion's own mark is a speck beside them.
        QStyleOptionToolButton unmarked(*button);
        unmarked.features &=
            ~QStyleOptionToolButton::ToolButtonFeatures(QStyleOptionToolButton::HasMenu);
        QProxyStyle::drawComplexControl(control, &unmarked, painter, widget);
        return;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

} // namespace avocet
