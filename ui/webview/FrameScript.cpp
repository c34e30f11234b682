// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/webview/FrameScript.h"

namespace avocet {

namespace {

// A part is measured in a frame without height, since pages that fill their window would else only ever grow; lengths
// that count in the height of the window become those of an ordinary one. A part that is wider than its frame is made
// smaller, where that helps and is still read; else it scrolls sideways.
// Timers and listeners do not run while scripts are switched off, observers do.
constexpr char script[] = R"js(
(function () {
    'use strict';
    var token = '@token@', smallest = 0.75, mostFits = 2000, mostFolds = 500, pixelsOfVh = 8, barHeight = 15;
    function frames() { return Array.from(top.document.getElementsByTagName('iframe')); }
    function documents() {
        return frames().filter(function (f) { return f.contentDocument && f.contentDocument.body; });
    }

    if (window === top) {
        // The next mail in this shell.
        window.avocetOpen = function (parts) {
            frames().forEach(function (f) { f.remove(); });
            document.documentElement.style.overflowY = '';
            scrollTo(0, 0);
            parts.forEach(function (address) {
                var f = document.createElement('iframe');
                f.setAttribute('sandbox', 'allow-same-origin');
                f.src = address;
                document.body.append(f);
            });
        };
        window.avocetInk = function (ink, ground) {
            document.documentElement.dataset.ink = ink;
            document.documentElement.style.backgroundColor = ground;
            frames().forEach(function (f) { if (f.contentWindow.avocetInk) f.contentWindow.avocetInk(); });
        };
        window.avocetUnfold = function (wanted) {
            wanted = wanted.toLowerCase();
            documents().forEach(function (f) {
                var closed = (f.contentWindow.avocetFolds || []).filter(function (fold) {
                    return !fold.open && fold.textContent.toLowerCase().includes(wanted);
                });
                closed.forEach(function (fold) { fold.open = true; });
                if (closed.length && f.contentWindow.avocetFit) f.contentWindow.avocetFit();
            });
        };
        // The engine goes on searching behind what is selected, and selects where a search ended.
        window.avocetUnselect = function () {
            documents().forEach(function (f) { f.contentWindow.getSelection().removeAllRanges(); });
        };
        // The place of the n-th visible occurrence of a text, as find-in-page counts them.
        window.avocetPlace = function (wanted, n) {
            var best = null, count = 0;
            wanted = wanted.toLowerCase();
            documents().forEach(function (f) {
                var d = f.contentDocument, nodes = [], starts = [], all = '';
                var walker = d.createTreeWalker(d.body, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    nodes.push(walker.currentNode);
                    starts.push(all.length);
                    all += walker.currentNode.data.toLowerCase();
                }
                var inFrame = f.getBoundingClientRect(), node = 0;
                for (var at = all.indexOf(wanted); at >= 0 && count < n; at = all.indexOf(wanted, at + wanted.length)) {
                    while (node + 1 < nodes.length && starts[node + 1] <= at) ++node;
                    var range = d.createRange(), offset = at - starts[node];
                    range.setStart(nodes[node], offset);
                    range.setEnd(nodes[node], Math.min(nodes[node].length, offset + wanted.length));
                    var box = range.getClientRects()[0];
                    if (!box || !box.width) continue;
                    ++count;
                    best = [inFrame.left + box.left, inFrame.top + box.top, box.width, box.height];
                }
            });
            return best;
        };
        return;
    }

    var frame = window.frameElement, root = document.documentElement, body = document.body;
    if (!frame || !body) return;
    var mail = location.pathname.split('/')[1]; // what is measured is told later than another may be on its way
    var ours = document.createElement('style'), media = new Map(), fits = 0, fitted = '';
    document.head.appendChild(ours);

    function rulesOf(sheet) {
        return Array.from(sheet.cssRules).reduce(function (all, rule) {
            return all.concat(rule, rule.cssRules ? rulesOf(rule) : []);
        }, []);
    }
    var rules = Array.from(document.styleSheets).reduce(function (all, s) { return all.concat(rulesOf(s)); }, []);

    function withoutHeights(style) {
        // Bounded, or a page of digits takes minutes.
        var tall = /(?<![0-9.])([0-9.]{1,20})v(?:h|b|min|max)\b/gi;
        if (style && tall.test(style.cssText))
            style.cssText = style.cssText.replace(tall, function (all, n) { return n * pixelsOfVh + 'px'; });
    }
    rules.forEach(function (rule) { withoutHeights(rule.style); });
    body.parentNode.querySelectorAll('[style*="v" i]').forEach(function (e) { withoutHeights(e.style); });

    function inkMedia(rule, dark) {
        if (!rule.media) return;
        if (!media.has(rule)) media.set(rule, rule.media.mediaText);
        var told = media.get(rule);
        if (!/prefers-color-scheme/i.test(told)) return;
        rule.media.mediaText = told.replace(
            /\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi,
            function (all, which) {
                return (which.toLowerCase() === 'dark') === dark ? '(min-width: 0)' : '(max-width: 0)';
            });
    }
    window.avocetInk = function () {
        var ink = top.document.documentElement.dataset.ink, inverted = ink === 'inverted';
        frame.style.filter = inverted ? 'invert(1) hue-rotate(180deg)' : '';
        frame.style.mixBlendMode = inverted ? 'lighten' : '';
        frame.style.backgroundColor = inverted ? '#fff' : '';
        ours.textContent = 'html,body{height:auto!important;min-height:0!important}' +
            (inverted ? 'img[src]{filter:invert(1) hue-rotate(180deg)}' : '');
        rules.forEach(function (rule) { inkMedia(rule, ink === 'dark'); });
    };

    function fit() {
        if (++fits > mostFits) return;
        var page = document.scrollingElement || root, room = frame.clientWidth;
        root.style.zoom = '';
        root.style.overflow = 'hidden';
        frame.style.height = '0';
        var scale = Math.max(smallest, room / Math.max(page.scrollWidth, 1));
        if (scale < 1) root.style.zoom = scale;
        // What is as wide as its frame and some more stays so at any size.
        if (scale > smallest && page.scrollWidth > room + 1) root.style.zoom = '';
        var height = page.scrollHeight;
        frame.style.height = height + 'px';
        if (page.scrollWidth > room + 1) {
            root.style.overflow = 'auto hidden';
            frame.style.height = height + barHeight + 'px';
        }
        var sum = 0;
        frames().forEach(function (f) { sum += parseInt(f.style.height) || 0; });
        console.log(token + mail + ' ' + sum);
        fitted = size();
    }
    function size() {
        var box = body.getBoundingClientRect();
        var open = window.avocetFolds.filter(function (fold) { return fold.open; }).length;
        return [frame.clientWidth, Math.round(box.width), Math.round(box.height), open].join();
    }
    // Observers tell all at first, and what fit() itself changed; to lay out a large page anew takes long.
    function fitAgain() { if (size() !== fitted) fit(); }
    // What is quoted more than twice over folds, behind a control that works without scripts. Gmail puts a line of
    // its own and the quote into a box; indents are quotes to some editors, and have no border on purpose.
    function isQuote(e) {
        if (e.localName !== 'blockquote')
            return !Array.from(e.children).some(function (c) { return c.localName === 'blockquote'; });
        return e.style.borderStyle !== 'none';
    }
    function foldQuotes() {
        var levels = new Map(), deep = [];
        body.querySelectorAll('blockquote, div.gmail_quote').forEach(function (e) {
            var above = e.parentElement.closest('blockquote, div.gmail_quote');
            var level = (levels.get(above) || 0) + (isQuote(e) ? 1 : 0);
            levels.set(e, level);
            if (level > 2 && levels.get(above) === 2 && deep.length < mostFolds) deep.push(e);
        });
        window.avocetFolds = deep.map(function (e) {
            var fold = document.createElement('details'), line = document.createElement('summary');
            fold.style.cssText = 'display:block!important';
            line.style.cssText = 'display:list-item!important;cursor:pointer;margin:4px 0;color:#6b7280;' +
                'font:13px sans-serif;list-style:disclosure-closed inside';
            line.textContent = '@quoted@';
            e.replaceWith(fold);
            fold.append(line, e);
            return fold;
        });
    }
    foldQuotes();
    window.avocetFit = fit;
    window.avocetInk();
    fit();
    new ResizeObserver(fitAgain).observe(body);
    new ResizeObserver(fitAgain).observe(frame);
    // The body of an old page stays as tall as its window where one closes.
    window.avocetFolds.forEach(function (fold) { new ResizeObserver(fitAgain).observe(fold); });
})();
)js";

} // namespace

QString frameScript(const QString& token, const QString& quoted)
{
    QString words;
    for (const QChar c : quoted)
        words += QStringLiteral("\\u%1").arg(uint(c.unicode()), 4, 16, QLatin1Char('0'));
    return QString::fromLatin1(script)
        .replace(QLatin1String("@token@"), token)
        .replace(QLatin1String("@quoted@"), words);
}

} // namespace avocet
