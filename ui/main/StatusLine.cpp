// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main/StatusLine.h"

#include "ui/folders/FolderModel.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace avocet {

StatusWords statusWords(const std::vector<AccountStatus>& accounts,
                        const std::vector<Folder>& folders)
{
    using State = AccountStatus::State;
    StatusWords words;
    if (accounts.empty()) {
        words.text.clear();
        return words;
    }
    for (const AccountStatus& status : accounts) {
        if (status.state != State::Syncing) {
            continue;
        }
        const auto folder =
            std::find_if(folders.begin(), folders.end(),
                         [&status](const Folder& each) { return each.id == status.folder; });
        const QString name = folder == folders.end() ? QString() : folderTitle(*folder);
        words.icon = "refresh";
        words.busy = true;
        words.done = status.done;
        words.total = status.total;
        if (name.isEmpty()) {
            words.text = StatusLine::tr("Syncing");
        } else if (status.total > 0) {
            words.text = StatusLine::tr("Syncing %1, %2 of %3")
                             .arg(name, countWords(status.done), countWords(status.total));
        } else {
            words.text = StatusLine::tr("Syncing %1").arg(name);
        }
        return words;
    }
    const auto any = [&accounts](State state) {
        return std::any_of(accounts.begin(), accounts.end(),
                           [state](const AccountStatus& s) { return s.state == state; });
    };
    if (any(State::Connecting)) {
        words.text = StatusLine::tr("Connecting");
        words.icon = "refresh";
        words.busy = true;
    } else if (any(State::Paused)) {
        words.text = StatusLine::tr("An account needs you");
        words.icon = "warning";
    } else if (any(State::Offline)) {
        words.text = StatusLine::tr("Offline");
        words.icon = "offline";
    } else if (std::any_of(accounts.begin(), accounts.end(),
                           [](const AccountStatus& status) { return status.bodiesWait; })) {
        words.text = StatusLine::tr(
            "Metered connection: older mail waits until tomorrow or another network");
    } else {
        words.text = StatusLine::tr("Up to date");
    }
    return words;
}

StatusLine::StatusLine(QWidget* parent)
    : QWidget(parent)
{
    setFixedHeight(metrics::statusLine);
}

void StatusLine::setWords(const StatusWords& words)
{
    if (words != m_words) {
        m_words = words;
        setAccessibleName(words.text);
        setToolTip(words.text);
        update();
    }
}

void StatusLine::setRail(bool rail)
{
    m_rail = rail;
    update();
}

void StatusLine::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    painter.fillRect(rect(), t.sidebar);
    if (m_words.text.isEmpty()) {
        return;
    }
    const auto visual = [this](const QRect& r) {
        return QStyle::visualRect(layoutDirection(), rect(), r);
    };
    const bool warns = qstrcmp(m_words.icon, "warning") == 0;
    const int iconX = m_rail ? (width() - 16) / 2 : 22;
    paintIcon(painter, visual(QRect(iconX, (height() - 16) / 2, 16, 16)), m_words.icon,
              warns ? t.warning : t.text2);
    if (m_words.total > 0) {
        const QRectF track(m_rail ? 8 : 20, height() - 6, width() - (m_rail ? 16 : 40), 3);
        fillRounded(painter, track, 1.5, t.border);
        const double share = std::clamp(double(m_words.done) / double(m_words.total), 0.0, 1.0);
        QRectF done = track;
        done.setWidth(std::max(3.0, track.width() * share));
        if (layoutDirection() == Qt::RightToLeft) {
            done.moveRight(track.right());
        }
        fillRounded(painter, done, 1.5, t.accent);
    }
    if (!m_rail) {
        const QFont font = themeFont(TextRole::Small);
        painter.setFont(font);
        painter.setPen(t.text2);
        const QRect text(48, 0, width() - 48 - metrics::space3, height());
        painter.drawText(visual(text), Qt::AlignVCenter | Qt::AlignLeading,
                         QFontMetrics(font).elidedText(m_words.text, Qt::ElideRight, text.width()));
    }
}

} // namespace avocet
