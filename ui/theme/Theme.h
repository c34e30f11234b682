// SPDX-License-Identifier: GPL-3.0-or-later
// Every colour, size, space and font of the interface, light and dark. Nothing else in ui/ names a
// colour or a font size; the numbers are explained in README.md beside this file.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

#include <array>

class QApplication;
class QPainter;
class QRectF;

namespace avocet {

enum class Scheme { Light, Dark };

/// What the user chose. Desktop follows the portal's colour scheme, else the lightness of the
/// desktop's palette.
enum class ThemeChoice { Desktop, Light, Dark };

/// The named colours of one scheme.
struct Tokens {
    QColor window, surface, sidebar, raised;
    QColor text, text2, border, control;
    QColor accent, accentPressed, accentText;
    QColor unread, star, danger, warning, success;
    QColor hover, hoverSidebar, selection, selectionInactive;
    QColor barInfo, barWarning, barDanger, barSuccess;
    QColor searchHit;
    QColor toast, toastText, toastAction;
    std::array<QColor, 8> accounts; ///< account dots and initials, with accentText on them
};

const Tokens& tokensOf(Scheme scheme);
/// The tokens in use now: those of the application's AvocetStyle, light where there is none.
const Tokens& tokens();
Scheme currentScheme();

/// Maps the tokens onto Qt's roles, disabled and inactive groups included.
QPalette paletteOf(const Tokens& tokens);

/// WCAG 2 contrast ratio, 1 to 21.
double contrastRatio(const QColor& a, const QColor& b);
/// `over` at `share` (0 to 1) mixed into `under`, opaque.
QColor mixed(const QColor& under, const QColor& over, double share);

/// The colour that belongs to an address or account, the same one at each start.
QColor colorForKey(const QString& key);
QColor accountColor(int index);

enum class TextRole { Small, Body, Title, Display, Message };

/// The user's font in one of the four sizes or the message's; weights are 400 and 600 alone.
QFont themeFont(TextRole role, bool strong = false);
int lineHeight(TextRole role, bool strong = false);

namespace metrics {
inline constexpr int space1 = 4, space2 = 8, space3 = 12, space4 = 16, space6 = 24, space8 = 32;
inline constexpr int radiusMark = 4, radiusControl = 6, radiusCard = 8, radiusOverlay = 12;
inline constexpr int iconSmall = 16, icon = 20, iconLarge = 48;
inline constexpr int button = 32, buttonMain = 36, field = 36;
inline constexpr int topBar = 52, statusLine = 36, infoBar = 40, toast = 44;
inline constexpr int folderRow = 32, folderRail = 56, dateHeader = 28;
inline constexpr int folderPane = 232, folderPaneMin = 200;
inline constexpr int listPane = 392, listPaneMin = 300, listPaneNarrow = 320, readerMin = 400;
inline constexpr int railBelow = 1180, onePaneBelow = 860;
inline constexpr int searchMax = 480;
inline constexpr int focusRing = 2;
inline constexpr int messageColumns = 76;
} // namespace metrics

/// Installs AvocetStyle, the palette and the font on the application. The environment variable
/// AVOCET_THEME (light, dark) overrules `choice`.
void installTheme(QApplication& app, ThemeChoice choice = ThemeChoice::Desktop);
/// Changes the choice at run time; every window repaints.
void setThemeChoice(ThemeChoice choice);
ThemeChoice themeChoice();

/// Whether the desktop allows motion; durations are 0 where it does not.
int motionMs(int ms);

/// Fills a rounded rectangle, antialiased.
void fillRounded(QPainter& painter, const QRectF& rect, double radius, const QColor& color);
/// Outlines it with a hairline of `width` drawn inside the rectangle.
void strokeRounded(QPainter& painter, const QRectF& rect, double radius, const QColor& color,
                   double width = 1);
/// The 2 px accent ring, inside `rect`.
void drawFocusRing(QPainter& painter, const QRectF& rect, double radius = metrics::radiusControl);

} // namespace avocet
