// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/webview/FrameScript.h"

namespace avocet {

namespace {

// A part is measured in a frame without height, since pages that fill their window would else only ever grow. One that
// is wider than its frame is made smaller, down to where text is still read; beyond that it scrolls sideways.
// Timers and listeners do not run while scripts are switched off, observers do.
constexpr char script[] = R"js(
(function () {
    'use strict';
    var token = '@token@', smallest = 0.6, mostFits = 2000;
    function frames() { return Array.from(top.document.getElementsByTagName('iframe')); }
    function documents() {
        return frames().filter(function (f) { return f.contentDocument && f.contentDocument.body; });
    }

    if (window === top) {
        window.avocetInk = function (ink, ground) {
            document.documentElement.dataset.ink = ink;
            document.documentElement.style.backgroundColor = ground;
            frames().forEach(function (f) { if (f.contentWindow.avocetInk) f.contentWindow.avocetInk(); });
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
    var ours = document.createElement('style'), media = new Map(), fits = 0;
    document.head.appendChild(ours);

    function inkMedia(rules, dark) {
        Array.from(rules).forEach(function (rule) {
            if (rule.media && (media.has(rule) || /prefers-color-scheme/i.test(rule.media.mediaText))) {
                if (!media.has(rule)) media.set(rule, rule.media.mediaText);
                rule.media.mediaText = media.get(rule).replace(
                    /\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi,
                    function (all, which) {
                        return (which.toLowerCase() === 'dark') === dark ? '(min-width: 0)' : '(max-width: 0)';
                    });
            }
            if (rule.cssRules) inkMedia(rule.cssRules, dark);
        });
    }
    window.avocetInk = function () {
        var ink = top.document.documentElement.dataset.ink, inverted = ink === 'inverted';
        frame.style.filter = inverted ? 'invert(1) hue-rotate(180deg)' : '';
        frame.style.mixBlendMode = inverted ? 'lighten' : '';
        frame.style.backgroundColor = inverted ? '#fff' : '';
        ours.textContent = 'html,body{height:auto!important;min-height:0!important}' +
            (inverted ? 'img{filter:invert(1) hue-rotate(180deg)}' : '');
        Array.from(document.styleSheets).forEach(function (s) { inkMedia(s.cssRules, ink === 'dark'); });
    };

    function fit() {
        if (++fits > mostFits) return;
        var page = document.scrollingElement || root, room = frame.clientWidth;
        root.style.zoom = '';
        frame.style.height = '0';
        var scale = page.scrollWidth > room && room > 0 ? Math.max(smallest, room / page.scrollWidth) : 1;
        if (scale < 1) root.style.zoom = scale;
        frame.style.height = Math.ceil(page.scrollHeight * scale) + 'px';
        var bar = frame.offsetHeight - root.clientHeight;
        if (bar > 0) frame.style.height = Math.ceil(page.scrollHeight * scale) + bar + 'px';
        var sum = 0;
        frames().forEach(function (f) { sum += parseInt(f.style.height) || 0; });
        console.log(token + sum);
    }
    window.avocetInk();
    fit();
    new ResizeObserver(fit).observe(body);
    new ResizeObserver(fit).observe(frame);
})();
)js";

} // namespace

QString frameScript(const QString& token)
{
    return QString::fromLatin1(script).replace(QLatin1String("@token@"), token);
}

} // namespace avocet
