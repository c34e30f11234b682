# SPDX-License-Identifier: GPL-3.0-or-later
"""Sixty messages as the composer would hand them over: what people write, and what is hard about it."""

import base64
import random

READER = "reader@avocet.example"

WORDS = {
    "Latin": "Smørrebrød, façade, Łódź, ČŠŽ, naïve, ﬁne, Ærø and Straße",
    "Cyrillic": "Съешь же ещё этих мягких французских булок, да выпей чаю",
    "Greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
    "Arabic": "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر",
    "Hebrew": "דג סקרן שט בים מאוכזב ולפתע מצא חברה",
    "Chinese": "天地玄黃，宇宙洪荒。日月盈昃，辰宿列張。寒來暑往，秋收冬藏。",
    "Japanese": "いろはにほへと ちりぬるを わかよたれそ つねならむ 漢字カタカナ",
    "Korean": "키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다",
    "Thai": "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า กว่าบรรดาฝูงสัตว์เดรัจฉาน",
    "Hindi": "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇪🇺 👍🏽 🥑 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "combining marks": "Z̸̡̛͖a̴̧l͎̲g̵̢o e\u0301 vs é, n\u0303, क्षि",
}
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
LETTER = ("From: Somebody <somebody@example.org>\r\nTo: Else <else@example.org>\r\nSubject: The attached one\r\n"
          "Date: Mon, 02 Nov 2026 10:00:00 +0000\r\nMessage-ID: <inner@example.org>\r\nMIME-Version: 1.0\r\n"
          "Content-Type: text/plain; charset=us-ascii\r\n\r\nWords within.\r\n..\r\n.\r\nLast.\r\n").encode()


def person(name, address):
    return {"name": name, "address": address}


def attachment(name, kind, data, content_id=""):
    return {"name": name, "type": kind, "bytes": data, "contentId": content_id}


def noise(size, seed):
    return random.Random(seed).randbytes(size)


def page(words):
    return f"<p>{words}</p>\n<p><b>{words}</b></p>\n"


def draft(title, **values):
    """A draft; `title` says what it is about and is its subject unless another one is given."""
    made = {"title": title, "to": [person("Reader", READER)], "cc": [], "bcc": [], "subject": title, "text": "Words.\n",
            "html": "", "attachments": [], **values}
    return made


def languages():
    for language, words in WORDS.items():
        whole = f"{words} ({language})"
        yield draft(f"plain text in {language}", subject=whole, to=[person(whole[:60], READER)],
                    text=f"{words}\n\n" + (words + " ") * 9 + "\n> " + words + "\n>> " + words + "\n")
        yield draft(f"formatted text in {language}", subject="Re: " + whole, cc=[person(words[:40], "cc@away.example")],
                    text=f"{words}\n", html=page(words),
                    attachments=[attachment(words[:50].strip(" .") + ".txt", "text/plain", words.encode())])


def texts():
    text = {
        "lines of dots": ".\n..\n...\n.hidden\n" + "." * 3000 + "\n",
        "lines that begin with From": "From me to you\n>From old mbox\n> From a quote\nFrom\n\nFrom \nx\n",
        "very long words": "x" * 990 + "\n" + "y" * 998 + "\n" + "z" * 20_000 + " " + "ö" * 5000 + "\n",
        "trailing spaces and tabs": "one  \ntwo\t\nthree \t\n\tindented\n    four\n   \n\t\nfive\ttabs\there\n",
        "quotes of many depths": "On Monday Bo wrote:\n> a\n>> b\n>>> c\n" + ">" * 40 + " deep\n>\n> " + "long words " * 40
                                 + "\n\nanswer\n\n-- \nRobin\nbehind the dashes " + "and on " * 30 + "\n",
        "spaces that matter": "a  b   c    " * 30 + "end\n" + "  " * 60 + "middle\n" + "-- " * 40 + "x\n--  \n- -\n",
        "equals signs and encoded looks": "=?utf-8?q?no?= =3D =\n=20=\nbegin 644 x\n--=_boundary\n--\n----\n",
        "no words at all": "",
        "no line end": "The last line has none",
        "many short paragraphs": "".join(f"{number}. paragraph\n\n" for number in range(2000)),
        "control characters": "bell \x07, form feed \x0c, escape \x1b[31m, DEL \x7f, nel \u0085, ls \u2028, bom \ufeff.\n",
    }
    for title, words in text.items():
        yield draft("text with " + title, text=words)
    yield draft("a page on one line", text="Words.\n", html="<p>" + "<b>word</b> and " * 4000 + "</p>\n")
    yield draft("a page with dots, From and spaces", text="x\n",
                html="<pre>.\n..\nFrom me\n  \t\n=3D =\ntrailing \n</pre>\n<p>ä&nbsp; &lt;x&gt; &amp;amp;</p>\n")


def subjects():
    yield draft("long subject of small words", subject=("small words " * 75)[:900].strip())
    yield draft("long subject in Greek", subject=(WORDS["Greek"] + " ") * 25 + "τέλος")
    yield draft("long subject in one word", subject="s" * 900)
    yield draft("long subject of emoji", subject="👩‍👩‍👧‍👦" * 36)
    yield draft("subject that looks encoded",
                subject="=?utf-8?q?a=0D=0ABcc:_all=40evil.example?= and =?utf-8?b?Qg==?= ?= =?")
    yield draft("subject with spaces", subject="two  spaces, a\ttab \"quotes\" (comment) <tag> \\ and ;;")
    yield draft("empty subject", subject="")


def names():
    hard = 'Quote "in" it, comma; back\\slash (comment) =?utf-8?q?look=20alike?= <no@address.example>'
    yield draft("names of 300 characters", to=[person(("Ünnecessarily long, \"name\" \\ " * 12)[:300], READER),
                                               person("n" * 300, "long@away.example")])
    yield draft("names with specials", to=[person(hard, READER), person("a@b.example", "at@away.example")],
                cc=[person("Ö" + hard, "cc@away.example"), person("Doe, Jane", "jane@away.example"),
                    person("O'Neil", "neil@away.example"), person("J. R. \"Bob\" Dobbs", "bob@away.example"),
                    person("=?utf-8?q?Bo?=", "bo@away.example"), person("trailing\\", "tail@away.example"),
                    person("tab\there", "tab@away.example"), person("two  spaces", "two@away.example")])
    # Postfix hands over at most fifty recipients of a message at a time, and all of these lead to one mailbox.
    yield draft("five hundred recipients", copies=10,
                to=[person(f"Person {n}, {'ЁΩ中あ'[n % 4]}", f"person{n}@away.example") for n in range(200)],
                cc=[person("", f"cc.person+tag{n}@away.example") for n in range(200)],
                bcc=[person(f"Hidden Ünder {n}", f"hidden{n}@away.example") for n in range(100)])
    yield draft("only hidden recipients", to=[], bcc=[person("Hidden", READER), person("", "hidden@away.example")])
    yield draft("unusual addresses", to=[person("Odd", "o'dd+x=y!#$%&*/?^_`{|}~@away.example"),
                                         person("", '"quoted,local"@away.example'),
                                         person("Long", "l" * 64 + "@" + "d" * 60 + ".away.example")])
    yield draft("a domain in Greek", to=[person("IDN", "info@παράδειγμα.example"), person("", "x@bücher.example")])


def files():
    scripts = [(words[:24].strip() + " — " + language + ".bin", noise(3000 + number, number))
               for number, (language, words) in enumerate(WORDS.items())]
    yield draft("twenty attachments", text="Twenty.\n", html=page("Twenty."),
                attachments=[attachment(name, "application/octet-stream", data) for name, data in scripts]
                + [attachment(f"file {n}; \"quoted\", 100%'s=1.dat".replace('"', "'"), "application/x-data", noise(n, n))
                   for n in range(8)])
    yield draft("an empty attachment", attachments=[attachment("empty.txt", "text/plain", b""),
                                                    attachment("nothing", "application/octet-stream", b"")])
    yield draft("five megabytes", attachments=[attachment("big.bin", "application/octet-stream", noise(5 << 20, 5))])
    yield draft("long attachment names",
                attachments=[attachment("n" * 196 + ".txt", "text/plain", b"latin"),
                             attachment("ж" * 120 + ".txt", "text/plain", b"cyrillic"),
                             attachment("漢" * 80 + ".pdf", "application/pdf", b"%PDF-1.4")])
    yield draft("texts with odd line ends", attachments=[
        attachment("cr.txt", "text/plain", b"one\rtwo\r\rthree"), attachment("lf.txt", "text/plain", b"one\ntwo\n\n"),
        attachment("mixed.csv", "text/csv", b"a\r\nb\nc\r\r\n\n\rd\0e\xff"),
        attachment("utf16.txt", "text/plain", "\ufeffwide".encode("utf-16-le")),
        attachment("page.html", "text/html", b"<html>\r<body>\n\xe4</body>")])
    yield draft("a message attached", attachments=[attachment("letter.eml", "message/rfc822", LETTER)])
    yield draft("messages that no server takes as they are", attachments=[
        attachment("wide.eml", "message/rfc822", LETTER.replace(b"Words", b"W" * 1200)),
        attachment("foreign.eml", "message/rfc822", LETTER.replace(b"Words", "Wörter".encode()))])
    yield draft("types that are none", attachments=[attachment("a", "", b"a"), attachment("b", "nonsense", b"b"),
                                                    attachment("c", "multipart/mixed; boundary=x", b"c")])


def pictures():
    shown = '<p>Before <img src="cid:one@pictures" alt="one"> between <img src="cid:two@pictures"> behind</p>\n'
    two = [attachment("one.png", "image/png", PNG, "one@pictures"),
           attachment("zwei ü.png", "image/png", PNG + b"more", "two@pictures")]
    yield draft("pictures in the text", text="Before between behind\n", html=shown, attachments=two)
    yield draft("pictures and files", text="Before between behind\n", html=shown,
                attachments=two + [attachment("plan.pdf", "application/pdf", b"%PDF-1.4 \xe2"),
                                   attachment("unused.png", "image/png", PNG, "three@pictures")])


def fields():
    yield draft("an answer with a long thread", inReplyTo="last@thread.example",
                references=[f"message-{number}-{'r' * 40}@thread.example" for number in range(60)],
                readReceipt=True, identity="odd")
    yield draft("an address beyond ASCII", to=[person("Jörg Ä.", "jörg@bücher.example"), person("", "δοκιμή@away.example")],
                cc=[person("Doe, \"Jané\"", "jane@away.example")], subject="Grüße " * 30 + "end", foreign=True,
                attachments=[attachment("größe.txt", "text/plain", b"x")])


def all_drafts():
    return [*languages(), *texts(), *subjects(), *names(), *files(), *pictures(), *fields()]


BREAKS = ("\r\nBcc: evil@example.org", "\nX-Evil: yes", "\r", "\0")


def attacks():
    """(field, draft values): each must be refused, with nothing sent."""
    for end in BREAKS:
        yield "subject", {"subject": "a" + end}
        yield "a recipient's name", {"to": [person("a" + end, READER)]}
        yield "a recipient's address", {"to": [person("", READER + end)]}
        yield "the middle of an address", {"cc": [person("", f"a{end}@away.example")]}
        yield "a hidden recipient's name", {"bcc": [person("a" + end, READER)]}
        yield "the sender's address", {"from": "sender@avocet.example" + end}
        yield "an attachment's name", {"attachments": [attachment("a" + end, "text/plain", b"x")]}
        yield "an attachment's type", {"attachments": [attachment("a", "text/plain" + end, b"x")]}
        yield "a picture's id", {"html": "<p>x</p>", "attachments": [attachment("a", "image/png", PNG, "a" + end)]}
        yield "the message that is answered", {"inReplyTo": "a@b" + end}
        if "\n" not in end:   # where a line breaks, drafts begin another id
            yield "the messages that are answered", {"references": ["a@b", "c" + end + "@d"]}
    yield "an address with brackets", {"to": [person("", "a@b.example>, <evil@example.org")]}
