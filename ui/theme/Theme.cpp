// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Theme.h"

#include "ui/theme/AvocetStyle.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>
#include <QScrollArea>

#include <algorithm>
#include <cmath>

namespace avocet {

namespace {

Tokens makeLight()
{
    Tokens t;
    t.window = QColor(0xF4F6F7);
    t.surface = QColor(0xFFFFFF);
    t.sidebar = QColor(0xEAEEF0);
    t.raised = QColor(0xFFFFFF);
    t.text = QColor(0x1A2126);
    t.text2 = QColor(0x55616A);
    t.border = QColor(0xD5DCE0);
    t.control = QColor(0x78848C);
    t.accent = QColor(0x0B6680);
    t.accentPressed = QColor(0x09566C);
    t.accentText = QColor(0xFFFFFF);
    t.unread = QColor(0x0B7FA0);
    t.star = QColor(0xA66A00);
    t.danger = QColor(0xB3261E);
    t.warning = QColor(0x8A5200);
    t.success = QColor(0x1E6B3A);
    t.hover = QColor(0xF0F4F5);
    t.hoverSidebar = QColor(0xDFE5E8);
    t.selection = QColor(0xCFE6ED);
    t.selectionInactive = QColor(0xE1E6E9);
    t.barInfo = QColor(0xE6F1F5);
    t.barWarning = QColor(0xFFF3D6);
    t.barDanger = QColor(0xFCE9E7);
    t.barSuccess = QColor(0xE4F3E9);
    t.searchHit = QColor(0xFFE58A);
    t.toast = QColor(0x232B31);
    t.toastText = QColor(0xF4F6F7);
    t.toastAction = QColor(0x7FD0E6);
    t.accounts = {QColor(0x0B6680), QColor(0x7A4B00), QColor(0x7B3F9D), QColor(0xA32B4E),
                  QColor(0x2F6B2F), QColor(0x3B57B0), QColor(0x8A3F1C), QColor(0x4F5B63)};
    return t;
}

Tokens makeDark()
{
    Tokens t;
    t.window = QColor(0x15191C);
    t.surface = QColor(0x1C2125);
    t.sidebar = QColor(0x181D20);
    t.raised = QColor(0x262C31);
    t.text = QColor(0xE6EAED);
    t.text2 = QColor(0xA3AFB7);
    t.border = QColor(0x333B41);
    t.control = QColor(0x76828A);
    t.accent = QColor(0x62BFD8);
    t.accentPressed = QColor(0x80CFE4);
    t.accentText = QColor(0x06222B);
    t.unread = QColor(0x5CC3E0);
    t.star = QColor(0xF0B429);
    t.danger = QColor(0xFF8A80);
    t.warning = QColor(0xF2B857);
    t.success = QColor(0x7CCB97);
    t.hover = QColor(0x242A2F);
    t.hoverSidebar = QColor(0x222A2F);
    t.selection = QColor(0x1B3D4A);
    t.selectionInactive = QColor(0x2B3238);
    t.barInfo = QColor(0x19323B);
    t.barWarning = QColor(0x382C12);
    t.barDanger = QColor(0x3D1F1D);
    t.barSuccess = QColor(0x1A3324);
    t.searchHit = QColor(0x594400);
    t.toast = QColor(0xE6EAED);
    t.toastText = QColor(0x1A2126);
    t.toastAction = QColor(0x0B6680);
    t.accounts = {QColor(0x62BFD8), QColor(0xD9A441), QColor(0xC59BE0), QColor(0xF08CA6),
                  QColor(0x86C786), QColor(0x94AEF2), QColor(0xE8A07C), QColor(0xA9B5BD)};
    return t;
}

AvocetStyle* style()
{
    return qobject_cast<AvocetStyle*>(QApplication::style());
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& c)
{
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}

} // namespace

const Tokens& tokensOf(Scheme scheme)
{
    static const Tokens light = makeLight();
    static const Tokens dark = makeDark();
    return scheme == Scheme::Dark ? dark : light;
}

Scheme currentScheme()
{
    const AvocetStyle* s = style();
    return s ? s->scheme() : Scheme::Light;
}

const Tokens& tokens()
{
    return tokensOf(currentScheme());
}

QPalette paletteOf(const Tokens& t)
{
    QPalette p;
    const auto set = [&p](QPalette::ColorRole role, const QColor& color) {
        p.setColor(QPalette::All, role, color);
    };
    set(QPalette::Window, t.window);
    set(QPalette::WindowText, t.text);
    set(QPalette::Base, t.surface);
    set(QPalette::AlternateBase, t.surface);
    set(QPalette::Text, t.text);
    set(QPalette::PlaceholderText, t.text2);
    set(QPalette::Button, t.surface);
    set(QPalette::ButtonText, t.text);
    set(QPalette::BrightText, t.danger);
    set(QPalette::ToolTipBase, t.raised);
    set(QPalette::ToolTipText, t.text);
    set(QPalette::Highlight, t.selection);
    set(QPalette::HighlightedText, t.text);
    set(QPalette::Link, t.accent);
    set(QPalette::LinkVisited, t.accent);
    set(QPalette::Light, t.raised);
    set(QPalette::Midlight, t.border);
    set(QPalette::Mid, t.border);
    set(QPalette::Dark, t.control);
    set(QPalette::Shadow, t.control);
    const QColor faint = mixed(t.surface, t.text2, 0.6);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        p.setColor(QPalette::Disabled, role, faint);
    }
    p.setColor(QPalette::Disabled, QPalette::Highlight, t.selectionInactive);
    p.setColor(QPalette::Inactive, QPalette::Highlight, t.selectionInactive);
    return p;
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double one = luminance(a);
    const double two = luminance(b);
    return (std::max(one, two) + 0.05) / (std::min(one, two) + 0.05);
}

QColor mixed(const QColor& under, const QColor& over, double share)
{
    const auto mix = [share](float u, float o) {
        return static_cast<float>(u * (1 - share) + o * share);
    };
    return QColor::fromRgbF(mix(under.redF(), over.redF()), mix(under.greenF(), over.greenF()),
                            mix(under.blueF(), over.blueF()));
}

QColor colorForKey(const QString& key)
{
    // FNV-1a rather than qHash, whose seed differs at each start.
    std::uint32_t hash = 2166136261U;
    for (const QChar c : key.toLower()) {
        hash = (hash ^ c.unicode()) * 16777619U;
    }
    return tokens().accounts[(hash >> 8) % 8];
}

QColor accountColor(int index)
{
    return tokens().accounts[static_cast<std::size_t>(index) % 8];
}

QFont themeFont(TextRole role, bool strong)
{
    QFont f = QApplication::font();
    const double base = f.pointSizeF() > 0 ? f.pointSizeF() : 10.0;
    switch (role) {
    case TextRole::Small:
        f.setPointSizeF(std::max(base - 1, 9.0));
        break;
    case TextRole::Body:
        f.setPointSizeF(base);
        break;
    case TextRole::Title:
        f.setPointSizeF(base + 2);
        break;
    case TextRole::Display:
        f.setPointSizeF(base + 5);
        break;
    case TextRole::Message:
        f.setPointSizeF(base + 1);
        break;
    }
    f.setWeight(strong ? QFont::DemiBold : QFont::Normal);
    return f;
}

int lineHeight(TextRole role, bool strong)
{
    return QFontMetrics(themeFont(role, strong)).height();
}

void installTheme(QApplication& app, ThemeChoice choice)
{
    const QString family = QApplication::font().family().toLower();
    const bool unnamed = family.isEmpty() || family == u"sans" || family == u"sans serif" ||
                         family == u"sans-serif" || family == u"dejavu sans";
    QFont own = QApplication::font();
    if (unnamed) {
        if (QFontDatabase::hasFamily(QStringLiteral("Inter"))) {
            own.setFamilies({QStringLiteral("Inter"), QStringLiteral("Noto Sans")});
        }
        own.setPointSizeF(10);
    }
    // Without it smileys come from the first font that has outlines of them, and to find that font takes 57 ms, not 6.
    const QString emoji = QStringLiteral("Noto Color Emoji");
    if (QFontDatabase::hasFamily(emoji) && !own.families().contains(emoji)) {
        own.setFamilies(own.families() + QStringList{emoji});
    }
    QApplication::setFont(own);
    app.setEffectEnabled(Qt::UI_AnimateMenu, false);
    app.setEffectEnabled(Qt::UI_AnimateCombo, false);
    QApplication::setStyle(new AvocetStyle(choice));
    // A scroll area follows Tab only while the focus was in it before.
    QObject::connect(&app, &QApplication::focusChanged, &app, [](QWidget*, QWidget* now) {
        if (!now || !now->window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
            return;
        }
        for (QWidget* above = now->parentWidget(); above; above = above->parentWidget()) {
            if (auto* area = qobject_cast<QScrollArea*>(above)) {
                area->ensureWidgetVisible(now, metrics::space4, metrics::space4);
            }
        }
    });
}

void setThemeChoice(ThemeChoice choice)
{
    if (AvocetStyle* s = style()) {
        s->setChoice(choice);
    }
}

ThemeChoice themeChoice()
{
    const AvocetStyle* s = style();
    return s ? s->choice() : ThemeChoice::Desktop;
}

int motionMs(int ms)
{
    const QStyle* s = QApplication::style();
    const bool wanted = QApplication::isEffectEnabled(Qt::UI_General);
    return wanted && s && s->styleHint(QStyle::SH_Widget_Animation_Duration) > 0 ? ms : 0;
}

void fillRounded(QPainter& painter, const QRectF& rect, double radius, const QColor& color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(rect, radius, radius);
    painter.restore();
}

void strokeRounded(QPainter& painter, const QRectF& rect, double radius, const QColor& color,
                   double width)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, width));
    painter.setBrush(Qt::NoBrush);
    const double half = width / 2;
    const double inner = std::max(0.0, radius - half);
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), inner, inner);
    painter.restore();
}

void drawFocusRing(QPainter& painter, const QRectF& rect, double radius)
{
    strokeRounded(painter, rect, radius, tokens().accent, metrics::focusRing);
}

} // namespace avocet
