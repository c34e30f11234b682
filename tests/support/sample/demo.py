# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's mailbox, from the texts beside this file.

Conversations, letters and letters in many languages are written out; newsletters are set from their
stories; notices (bank, railway, parcels, issue tracker) are filled in from tables.
"""

import datetime
import html
import re
from pathlib import Path

from . import media, wire

HERE = Path(__file__).resolve().parent
FLAG_WORDS = {"star": "\\Flagged", "answered": "\\Answered"}
DEFAULT_FOLDER = "INBOX"


def read_people():
    people = {}
    for line in (HERE / "people.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            key, _, value = line.partition(" = ")
            people[key] = value
    return people


def read_blocks(name):
    """[(title, {key: value}, [(head, body)])] of a text file; see the comment on top of each."""
    blocks = []
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.startswith("== "):
            blocks.append((line[3:], {}, []))
        elif not blocks:
            continue
        elif line.startswith(("-- ", "- ")):
            blocks[-1][2].append((line.lstrip("-").strip(), []))
        elif blocks[-1][2]:
            blocks[-1][2][-1][1].append(line)
        elif ": " in line:
            key, _, value = line.partition(": ")
            blocks[-1][1][key] = value
    return [(title, keys, [(head, "\n".join(body).strip() + "\n") for head, body in items])
            for title, keys, items in blocks]


def moment_of(age, now):
    """12m, 5h, or '3d 09:12'."""
    days = re.fullmatch(r"(\d+)d (\d\d):(\d\d)", age)
    if days:
        count, hour, minute = map(int, days.groups())
        day = now - datetime.timedelta(days=count)
        return day.replace(hour=hour, minute=minute, second=(count * 7 + minute * 13) % 60)
    amount = int(age[:-1])
    return now - (datetime.timedelta(hours=amount) if age[-1] == "h"
                  else datetime.timedelta(minutes=amount))


def bare(address):
    return address.rpartition("<")[2].rstrip(">")


def make_attachment(name, subject, moment, sender, me, chance):
    kind = name.rpartition(".")[2]
    if kind == "pdf":
        lines = ["Tideline Studio", f"Sheet of {moment:%d %B %Y}", "", f"Subject: {subject[:60]}", "",
                 "1   Scope and dimensions as agreed on site.",
                 "2   All levels refer to the quay datum.",
                 "3   Loads and fixings: see the table on the drawing.",
                 "4   Changes since the last revision are clouded."]
        return wire.attachment(name, "application/pdf", media.pdf(name[:-4].replace("-", " "), lines))
    if kind == "png":
        return wire.attachment(name, "image/png", media.shore_picture(480, 270, chance.randrange(8)))
    if kind == "csv":
        rows = ["station,species,pairs_2025,pairs_2026"] + [
            f"{s},{b},{chance.randrange(2, 20)},{chance.randrange(2, 22)}"
            for s in range(1, 7) for b in ("redshank", "avocet", "lapwing")]
        return wire.attachment(name, "text/csv; charset=utf-8", "\r\n".join(rows).encode() + b"\r\n")
    if kind == "zip":
        return wire.attachment(name, "application/zip", media.archive(
            [(f"opening-{n}.png", media.shore_picture(240, 135, n)) for n in range(1, 5)]))
    if kind == "ics":
        begin = (moment + datetime.timedelta(days=9)).replace(hour=8, minute=15, second=0)
        text = media.calendar(f"{int(moment.timestamp())}@{bare(sender).split('@')[1]}", moment, begin,
                              begin + datetime.timedelta(minutes=45), subject, "Eastwater",
                              bare(sender), bare(me))
        return wire.attachment(name, "text/calendar; charset=utf-8; method=REQUEST", text.encode())
    raise ValueError(f"no way to make {name}")


def quote(body, sender, moment):
    lines = [line for line in body.splitlines() if not line.startswith(">")]
    quoted = "".join("> " + line + "\n" if line else ">\n" for line in lines).rstrip(">\n") + "\n"
    name = sender.partition(" <")[0]
    return f"\nOn {moment.day} {moment:%B %Y} at {moment:%H:%M}, {name} wrote:\n{quoted}"


class Mailbox:
    def __init__(self, me, now, chance):
        self.me, self.now, self.chance = me, now, chance
        self.people = read_people()
        self.people["me"] = me
        self.result = []
        self.serial = 0

    def identity(self, sender, moment):
        self.serial += 1
        return f"{moment:%Y%m%d%H%M%S}.{self.serial:04d}@{bare(sender).split('@')[1]}"

    def headers(self, sender, recipients, subject, moment, identity, charset="utf-8", offset=0):
        return [("Return-Path", f"<{bare(sender)}>"),
                ("Received", f"from mail.{bare(sender).split('@')[1]} by mx.tideline.example with ESMTPS;"
                 f"\r\n\t{wire.date_header(moment)}"),
                ("Date", wire.date_header(moment, offset)), ("From", wire.address(sender, charset)),
                ("To", ",\r\n ".join(wire.address(r, charset) for r in recipients)),
                ("Subject", wire.encoded_words(subject, charset)), ("Message-ID", f"<{identity}>")]

    def keep(self, folder, headers, body, flags, moment):
        self.result.append((folder, wire.message(headers, body), flags, moment.timestamp()))

    def add_letters(self, name):
        for subject, keys, items in read_blocks(name):
            self.add_thread(subject, keys, items)

    def add_thread(self, subject, keys, items):
        charset, encoding = keys.get("charset", "utf-8"), keys.get("encoding")
        references, last = [], None
        for number, (head, body) in enumerate(items):
            people, age, *marks = [p.strip() for p in head.split(";")]
            marks = marks[0].split() if marks else []
            writer, _, others = people.partition(" > ")
            sender = self.people[writer]
            recipients = [self.people[k.strip()] for k in others.split(",")]
            moment = moment_of(age, self.now)
            identity = self.identity(sender, moment)
            title = subject if number == 0 or subject.startswith("Re:") else "Re: " + subject
            headers = self.headers(sender, recipients, title, moment, identity, charset,
                                   0 if writer in ("me", "lena") else self.chance.choice((0, 60, 120)))
            if references:
                headers += [("In-Reply-To", f"<{references[-1]}>"),
                            ("References", "\r\n ".join(f"<{r}>" for r in references))]
            text = body + (quote(*last) if last else "")
            parts = [wire.text_part(text, "plain", charset, encoding)]
            for mark in marks:
                if mark.startswith("attach:"):
                    parts.append(make_attachment(mark[7:], title, moment, sender, self.me, self.chance))
            whole = parts[0] if len(parts) == 1 else wire.multipart("mixed", f"b-{self.serial}", parts)
            flags = [FLAG_WORDS[m] for m in marks if m in FLAG_WORDS]
            if "unread" not in marks:
                flags.append("\\Seen")
            answered = number + 1 < len(items) and items[number + 1][0].startswith("me >")
            if answered and writer != "me":
                flags.append("\\Answered")
            folder = "Sent" if writer == "me" else keys.get("folder", DEFAULT_FOLDER)
            self.keep(folder, headers, whole, flags, moment)
            references.append(identity)
            last = (body, sender, moment)

    # -- newsletters ---------------------------------------------------------------------------

    def add_newsletters(self):
        for number, (name, keys, stories) in enumerate(read_blocks("newsletters.txt")):
            first = tuple(map(int, keys["colour"].split()))
            second = tuple(map(int, keys["colour2"].split()))
            for issue, _ in enumerate(stories):
                age = 1 + number + issue * int(keys["every"])
                moment = moment_of(f"{age}d 0{5 + number % 4}:{(number * 17 + 5) % 60:02d}", self.now)
                chosen = [stories[(issue + k * 3) % len(stories)] for k in range(3)]
                self.add_issue(name, keys, chosen, moment, (first, second), issue)

    def add_issue(self, name, keys, stories, moment, colours, issue):
        title = name.partition(" <")[0]
        identity = self.identity(name, moment)
        site = "https://" + bare(name).split("@")[1]
        subject = stories[0][0]
        text = f"{title}\n\n" + "\n".join(
            f"{head.upper() if n == 0 else head}\n{body}\n{site}/read/{issue}-{n}\n"
            for n, (head, body) in enumerate(stories))
        text += f"--\nYou get this letter because you asked for it. Leave: {site}/leave\n"
        picture = f"head-{self.serial}@{bare(name).split('@')[1]}"
        page = newsletter_html(title, stories, site, issue, picture, colours[0])
        related = wire.multipart("related", f"r-{self.serial}", [
            wire.text_part(page, "html"),
            wire.attachment("head.png", "image/png", media.banner(600, 120, *colours), picture)])
        whole = wire.multipart("alternative", f"a-{self.serial}", [wire.text_part(text), related])
        headers = self.headers(name, [self.me], subject, moment, identity) + [
            ("List-Id", f"{title} <{keys['list']}>"),
            ("List-Unsubscribe", f"<{site}/leave/{issue}>, <mailto:leave@{bare(name).split('@')[1]}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("Precedence", "bulk")]
        recent = (self.now - moment).days
        folder = DEFAULT_FOLDER if recent < 30 else "Newsletters"
        flags = ["\\Seen"] if recent > 2 and self.chance.random() < 0.8 else []
        self.keep(folder, headers, whole, flags, moment)

    # -- notices -------------------------------------------------------------------------------

    def add_notices(self):
        for make, count, every, hour in ((bank, 24, 30, 6), (railway, 30, 24, 17), (parcel, 36, 20, 10),
                                         (tracker, 90, 4, 13), (meter, 8, 88, 9)):
            for number in range(count):
                jitter = self.chance.randrange(0, 3)
                moment = moment_of(f"{2 + number * every + jitter}d {hour:02d}:"
                                   f"{self.chance.randrange(60):02d}", self.now)
                sender, subject, body, folder, files = make(number, moment, self.chance)
                identity = self.identity(sender, moment)
                headers = self.headers(sender, [self.me], subject, moment, identity) + [
                    ("Auto-Submitted", "auto-generated")]
                parts = [wire.text_part(body)] + files
                whole = parts[0] if not files else wire.multipart("mixed", f"n-{self.serial}", parts)
                old = (self.now - moment).days > 21
                flags = ["\\Seen"] if old or self.chance.random() < 0.7 else []
                self.keep(folder, headers, whole, flags, moment)

    def add_drafts_and_junk(self):
        moment = moment_of("1d 21:40", self.now)
        self.keep("Drafts", self.headers(self.me, [self.people["yusuf"]], "Re: Two moons", moment,
                                         self.identity(self.me, moment)),
                  wire.text_part("Dear class 4b,\n\nwith two moons you would need two kinds of wellingtons. "
                                 "Imagine\n"), ["\\Draft", "\\Seen"], moment)
        for number, (name, subject, body) in enumerate(JUNK):
            moment = moment_of(f"{3 + number * 4}d 03:{11 + number * 9:02d}", self.now)
            self.keep("Junk", self.headers(name, [self.me], subject, moment, self.identity(name, moment)),
                      wire.text_part(body), [], moment)
        for number, (who, subject, body) in enumerate(DELETED):
            moment = moment_of(f"{2 + number * 6}d 12:{20 + number:02d}", self.now)
            self.keep("Trash", self.headers(self.people[who], [self.me], subject, moment,
                                            self.identity(self.people[who], moment)),
                      wire.text_part(body), ["\\Seen"], moment)


def newsletter_html(title, stories, site, issue, picture, colour):
    rgb = "#%02x%02x%02x" % colour
    blocks = []
    for number, (head, body) in enumerate(stories):
        size = 24 if number == 0 else 17
        blocks.append(
            f'<tr><td style="padding:{28 if number == 0 else 20}px 32px 0">'
            f'<h2 style="margin:0 0 8px;font:600 {size}px/1.3 Georgia,serif;color:#1f2629">'
            f'{html.escape(head)}</h2><p style="margin:0 0 12px;font:15px/1.6 Helvetica,Arial,sans-serif;'
            f'color:#48545a">{html.escape(body.strip())}</p><a href="{site}/read/{issue}-{number}" '
            + (f'style="display:inline-block;padding:9px 18px;background:{rgb};color:#ffffff;'
               'border-radius:5px;text-decoration:none;font:600 14px Helvetica,Arial,sans-serif">Read on</a>'
               if number == 0 else
               f'style="color:{rgb};font:600 14px Helvetica,Arial,sans-serif">Read on</a>')
            + "</td></tr>")
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>' + html.escape(title)
        + '</title></head>\n<body style="margin:0;background:#eef1f2"><table role="presentation" '
        'width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 8px">'
        '<table role="presentation" width="600" cellpadding="0" cellspacing="0" '
        'style="max-width:600px;background:#ffffff;border-radius:8px">'
        f'<tr><td><img src="cid:{picture}" width="600" height="120" alt="{html.escape(title)}" '
        'style="display:block;width:100%;height:auto;border-radius:8px 8px 0 0"></td></tr>'
        f'<tr><td style="padding:18px 32px 0;font:600 13px Helvetica,Arial,sans-serif;letter-spacing:1px;'
        f'color:{rgb}">{html.escape(title.upper())}</td></tr>' + "\n".join(blocks)
        + '<tr><td style="padding:28px 32px;font:12px/1.6 Helvetica,Arial,sans-serif;color:#7b868c">'
        f'You get this letter because you asked for it. <a href="{site}/leave/{issue}" '
        f'style="color:#7b868c">Leave the list</a><img src="{site}/open/{issue}.gif" width="1" height="1" '
        'alt=""></td></tr></table></td></tr></table></body></html>\n')


def bank(number, moment, chance):
    month = (moment.replace(day=1) - datetime.timedelta(days=1))
    name = f"Statement-{month:%Y-%m}.pdf"
    figure = media.pdf(f"Statement {month:%B %Y}", [
        "Account ending in 4417", "", *(f"{d:02d} {month:%b}   {w:<34}{chance.randrange(400, 9000) / 100:>10.2f}"
        for d, w in ((2, "Harbour Bakery"), (5, "Pelham Lettings"), (9, "Northrail"), (14, "Eastwater Market"),
                     (21, "Chain & Spoke"), (27, "Museum of the Coast")))])
    return ("Larkspur Bank <notice@larkspur-bank.example>", f"Your statement for {month:%B %Y}",
            f"Dear Robin Hale,\n\nyour statement for {month:%B %Y} is attached. Payments in: "
            f"{chance.randrange(310000, 340000) / 100:,.2f}. Payments out: "
            f"{chance.randrange(180000, 300000) / 100:,.2f}.\n\nWe never ask for a password or a code by "
            "mail.\n\nLarkspur Bank\n", "Home", [wire.attachment(name, "application/pdf", figure)])


def railway(number, moment, chance):
    ends = ("Strandvik", "Thornby", "Skarv Point", "Alderhaven", "Königsfurt", "Port Ellery")
    place, train = ends[number % 6], chance.randrange(210, 990)
    day = moment + datetime.timedelta(days=3)
    code = "".join(chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ23456789") for _ in range(6))
    body = (f"Your booking {code}\n\n  Eastwater  {day:%a %d %b}  {6 + number % 5}:40\n  {place:<10} "
            f"{day:%a %d %b}  {8 + number % 5}:{chance.randrange(10, 59)}\n\n  Train {train}, carriage "
            f"{1 + number % 9}, seat {chance.randrange(11, 88)}, window\n  Paid "
            f"{chance.randrange(1490, 8900) / 100:.2f}\n\nShow the attached ticket on the train.\n")
    ticket = media.pdf(f"Ticket {code}", body.splitlines())
    return ("Northrail <tickets@northrail.example>", f"Your ticket to {place} on {day.day} {day:%B}", body,
            "Home", [wire.attachment(f"Ticket-{code}.pdf", "application/pdf", ticket)])


def parcel(number, moment, chance):
    things = ("a book", "sample tiles", "a pair of boots", "ink and paper", "a lamp", "garden shears",
              "a small heavy box", "two maps")
    code = f"PW{chance.randrange(10**8, 10**9)}"
    state = ("is on its way", "arrives today between 10 and 12", "waits at the kiosk on Pier Street")[number % 3]
    return ("Parcelway <track@parcelway.example>", f"Your parcel {state}",
            f"Hello Robin Hale,\n\nyour parcel {code} ({things[number % 8]}) {state}.\n\nFollow it: "
            f"https://parcelway.example/{code}\n\nParcelway\n", "Home", [])


ISSUES = ("Tide table is an hour late after the clocks change", "Export loses hatches at scale 1:500",
          "Bench brackets float above the quay", "Print sheet 7 with the pilots' corrections",
          "Boardwalk: spare board length", "Model opens without textures", "Rename layer 'misc 2 final'",
          "Shadow study for 8 December", "Add contour at the old quay edge", "Survey points have swapped axes",
          "Photo plan needs the heron's permission")


def tracker(number, moment, chance):
    title, who = ISSUES[number % len(ISSUES)], ("Priya Raman", "Jonas Bergqvist", "Tomás Iriarte")[number % 3]
    code = 412 - number
    act = ("commented on", "closed", "opened", "assigned to you")[number % 4]
    words = ("Done in the shared model, please reload.", "Could not see it any more after the update.",
             "Happens on both machines, steps are in the first note.",
             "Needs a second pair of eyes before Friday.")[number % 4]
    return (f"{who} via Slipway <notify@slipway-tasks.example>", f"[harbour-model] #{code} {title}",
            f"{who} {act} #{code}\n\n{title}\n\n{words}\n\n--\nhttps://slipway-tasks.example/harbour-model/{code}\n"
            "Answer this message to comment.\n", "Projects/Tracker", [])


def meter(number, moment, chance):
    return ("Eastwater Utilities <service@eastwater-utilities.example>", "Please read your meters",
            "Dear customer,\n\nit is that time of the quarter. Two numbers, two minutes:\n\n"
            "https://eastwater-utilities.example/meters\n\nLast time: electricity "
            f"{18240 + 610 * (8 - number)}, water {402 + 11 * (8 - number)}.\n", "Home", [])


JUNK = (
    ("Prize Desk <win@lucky-anchor.example>", "You have been selected from 3 winners",
     "Dear winner,\n\nclick to collect your yacht. Only today.\n"),
    ("Dr. Goldwater <office@goldwater-trust.example>", "Confidential matter of 18.4 million",
     "Dear friend,\n\nI write to you in trust about a dormant account.\n"),
    ("Mail Support <support@mailbox-verify.example>", "Your mailbox is full, verify now",
     "Your mailbox has reached its limit. Sign in within 24 hours to keep your messages.\n"),
    ("SEO Team <rank@first-page.example>", "We looked at your web site",
     "Hello,\n\nyour web site could be on the first page. Interested?\n"),
    ("Cheap Tiles <sale@tiles-tiles.example>", "Granite, 90 % off, trust us",
     "It is real granite. Some of it.\n"),
)
DELETED = (
    ("office", "Lights left on in the model room", "Whoever it was: the harbour had a very bright night.\n"),
    ("sam", "Wrong Robin", "That last message was for the other Robin. You would hate spinning classes.\n"),
    ("dana", "Saturday is off", "Force 7. See you next week.\n"),
)


def messages(me, now, chance):
    """Yields (folder, bytes, flags, seconds since 1970), oldest first."""
    box = Mailbox(me, now, chance)
    for name in ("conversations.txt", "letters.txt", "languages.txt"):
        box.add_letters(name)
    box.add_newsletters()
    box.add_notices()
    box.add_drafts_and_junk()
    yield from sorted(box.result, key=lambda m: m[3])
