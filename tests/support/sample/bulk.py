# SPDX-License-Identifier: GPL-3.0-or-later
"""Many messages of varied shape, made fast: bodies are rendered once, headers for each message."""

import base64
import datetime

from . import media, wire

FIRST = "Ada Bo Clara Dev Elif Femi Greta Hugo Ines Jun Kofi Lea Milo Nadia Otto Paula Quinn Rosa Sami Tove".split()
LAST = ("Abara Bjørnstad Castañeda Dvořák Eriksen Fontaine Grönroos Hughes Ito Jakobsen Kowalczyk Lindqvist Moreau "
        "Nakamura Okafor Petrov Quiroga Rossi Şahin Tanaka").split()
PLACES = "harbour delta marsh ridge meadow orchard quarry lighthouse canal foundry".split()
TOPICS = ("Minutes of the {} meeting", "Invoice {n} for the {}", "Photos from the {}", "Question about the {} survey",
          "Timetable for the {}, week {w}", "{} drawings, revision {n}", "Re: Budget for the {}",
          "Grüße vom {}", "Отчёт: {} №{n}", "{}の図面 第{n}版", "Fwd: Notes on the {}", "Reminder: {} on day {w}")
SENTENCES = (
    "The surveyors finished the northern edge on Tuesday and found the ground firmer than the old maps say.",
    "Could you look at the second page before Friday, so that the printers get it in time?",
    "We kept the path on the higher bank, which costs a bridge but saves the nesting ground.",
    "The figures are in the table; the column on the right is what we would pay if we waited a year.",
    "Nobody objected at the meeting, and two neighbours offered to help with the planting.",
    "If the weather holds we pour the foundations on the ninth, otherwise a week later.",
    "I moved the workshop to the small hall since the large one is being painted.",
    "Please answer to all, so that the office sees who needs a seat on the bus.",
)


def paragraphs(chance, count):
    return "\n\n".join(" ".join(chance.choice(SENTENCES) for _ in range(chance.randrange(2, 5)))
                       for _ in range(count))


def render_bodies(chance, count):
    """Plain, HTML with its text, with attachments, 8-bit charsets, nested."""
    picture, paper = media.shore_picture(96, 54), media.pdf("Survey", SENTENCES[:4])
    bodies = []
    for number in range(count):
        text = paragraphs(chance, chance.randrange(1, 7))
        kind, mark = number % 10, f"part-{number}"
        plain = wire.text_part(text)
        html = wire.text_part("<html><body>" + "".join(
            f"<p style='margin:0 0 12px'>{p}</p>" for p in text.split("\n\n")) + "</body></html>", "html")
        if kind < 4:
            body = plain
        elif kind < 7:
            body = wire.multipart("alternative", mark, [plain, html])
        elif kind == 7:
            files = [wire.attachment("survey.pdf", "application/pdf", paper),
                     wire.attachment("view.png", "image/png", picture)][:1 + number % 2]
            body = wire.multipart("mixed", mark, [plain] + files)
        elif kind == 8:
            inner = wire.multipart("alternative", mark + "-a", [plain, html])
            body = wire.multipart("mixed", mark, [wire.multipart("related", mark + "-r", [
                inner, wire.attachment("head.png", "image/png", picture, f"{mark}@media.example")]),
                wire.attachment("Übersicht.pdf", "application/pdf", paper)])
        else:
            body = wire.text_part("Sehr geehrte Damen und Herren,\n\nschöne Grüße aus Köln.\n\n" + text,
                                  charset="iso-8859-15", encoding="8bit")
        bodies.append(b"MIME-Version: 1.0\r\n" + body)
    return bodies


def vocabulary(chance, count):
    """Invented words, and how often each comes, as in any language: the second half as often as the first."""
    syllables = [a + b + c for a in "bdfghklmnprstvw" for b in "aeiou" for c in ("", "n", "r", "st")]
    words = sorted({"".join(chance.choices(syllables, k=chance.randrange(1, 5))) for _ in range(count)})
    chance.shuffle(words)
    total, upto = 0.0, []
    for rank in range(len(words)):
        total += 1 / (rank + 3)
        upto.append(total)
    return words, upto


def written(chance, words, upto, size):
    """Paragraphs of about `size` bytes."""
    drawn = chance.choices(words, cum_weights=upto, k=size // 6)
    lines = []
    while drawn:
        length = chance.randrange(6, 20)
        sentence = " ".join(drawn[:length]).capitalize() + "."
        drawn = drawn[length:]
        lines.append(sentence + ("\n\n" if chance.random() < 0.25 else " "))
    return "".join(lines).strip()


def newsletter(text, size):
    """The text in tables with a style at each cell, as such mail is: about `size` bytes."""
    paragraphs = text.split("\n\n")
    cell = ("<table role='presentation' width='100%' cellpadding='0' cellspacing='0'><tr><td align='left' "
            "style='font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:22px;color:#2{:05x};"
            "padding:{}px 24px'><a href='https://news.example/click/{}'>{}</a></td></tr></table>\n")
    rows = [cell.format(len(p) * 37, 8 + len(p) % 9, abs(len(p) * 7919 + i), p) for i, p in enumerate(paragraphs)]
    style = "".join(f".c{i}{{margin:{i}px;color:#{i * 4099 % 0xffffff:06x}}}\n" for i in range(max(0, size // 60)))
    return f"<html><head><style>{style}</style></head><body>{''.join(rows)}</body></html>"


def render_heavy_bodies(chance, count):
    """As mailboxes of today are: short letters, newsletters in HTML, files; 12.7 KB on average."""
    words, upto = vocabulary(chance, 30_000)
    bodies = []
    for number in range(count):
        kind, mark = number % 10, f"part-{number}"
        text = written(chance, words, upto, chance.randrange(600, 4_000))
        plain = wire.text_part(text, charset="iso-8859-15", encoding="8bit") if kind == 9 else wire.text_part(text)
        if 4 <= kind <= 6 or kind == 8:
            html = wire.text_part(newsletter(text, chance.randrange(1_000, 6_000)), "html")
            body = wire.multipart("alternative", mark + "-a", [plain, html])
        else:
            body = plain
        if kind in (7, 8):
            paper = chance.randbytes(chance.randrange(5_000, 27_500))
            body = wire.multipart("mixed", mark, [body, wire.attachment("survey.pdf", "application/pdf", paper)])
        bodies.append(b"MIME-Version: 1.0\r\n" + body)
    return bodies


def messages(count, me, folder, now, chance, heavy=False):
    """Yields (folder, bytes, flags, seconds since 1970), oldest first over two years."""
    bodies = render_heavy_bodies(chance, 600) if heavy else render_bodies(chance, 200)
    people = [f"{f} {l}" for f in FIRST for l in LAST]
    senders = [wire.address(f"{p} <{p.split()[0].lower()}{i}@{PLACES[i % 10]}.example>")
               for i, p in enumerate(people)]
    subjects = []
    for topic in TOPICS:
        for place in PLACES:
            for number in range(4):
                subjects.append(wire.encoded_words(topic.format(place, n=number + 100, w=number + 1)))
    begin = now - datetime.timedelta(days=730)
    step = (now - datetime.timedelta(minutes=5) - begin) / max(count, 1)
    to = wire.address(me)
    stem = base64.b32encode(chance.randbytes(5)).decode().lower()
    for number in range(count):
        moment = begin + step * (number + 1)
        identity = f"{number}.{stem}@bulk.example"
        lines = [f"Return-Path: <bounce@{PLACES[number % 10]}.example>",
                 f"Received: from mail.{PLACES[number % 10]}.example by mx.tideline.example with ESMTPS id "
                 f"{identity.split('@')[0]};\r\n\t{wire.date_header(moment)}",
                 f"Date: {wire.date_header(moment, (number % 5 - 1) * 60)}",
                 f"From: {chance.choice(senders)}", f"To: {to}", f"Subject: {chance.choice(subjects)}",
                 f"Message-ID: <{identity}>"]
        if number % 4 == 3:
            back = number - 1 - chance.randrange(3)
            lines += [f"In-Reply-To: <{back}.{stem}@bulk.example>",
                      f"References: <{back}.{stem}@bulk.example>"]
        if number % 9 == 4:
            lines += [f"List-Id: <news.{PLACES[number % 10]}.example>",
                      f"List-Unsubscribe: <https://news.{PLACES[number % 10]}.example/leave/{number}>"]
        draw = chance.random()
        flags = [] if draw < 0.1 else ["\\Seen"]
        if draw > 0.95:
            flags.append("\\Flagged")
        elif draw > 0.85:
            flags.append("\\Answered")
        raw = ("\r\n".join(lines) + "\r\n").encode("utf-8") + chance.choice(bodies)
        yield folder, raw, flags, moment.timestamp()
