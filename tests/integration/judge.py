# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a message is what was composed, by Python's email package and by the words of the RFCs."""

import base64
import binascii
import email
import email.header
import email.policy
import email.utils
import quopri
import re
import socket

STRICT = email.policy.SMTPUTF8.clone(raise_on_defect=True)
TRACE = ("received", "return-path", "delivered-to")
OURS = {"from", "to", "cc", "reply-to", "subject", "date", "message-id", "mime-version", "content-type",
        "content-transfer-encoding", "in-reply-to", "references", "organization", "disposition-notification-to"}
ENCODED_WORD = re.compile(rb"=\?([^?\s]+)\?([bBqQ])\?([^?\s]*)\?=")
LONGEST_NAME = 255


def split(raw):
    """Fields as written, and the body."""
    head, _, body = raw.partition(b"\r\n\r\n")
    return re.split(rb"\r\n(?![ \t])", head), body


def field_name(field):
    return field.partition(b":")[0].decode("ascii").lower()


def without(raw, names):
    fields, body = split(raw)
    return b"\r\n".join(f for f in fields if field_name(f) not in names) + b"\r\n\r\n" + body


def unflowed(text):
    """RFC 3676 4.5."""
    lines, open_depth = [], None
    for line in text.removesuffix("\n").split("\n") if text else []:
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        fixed = content == "-- " or not content.endswith(" ")
        if open_depth == depth and content != "-- ":
            lines[-1][1] += content
        else:
            lines.append([depth, content])
        open_depth = None if fixed else depth
    return [(depth, content if content == "-- " else content.rstrip(" ")) for depth, content in lines]


def composed_lines(text):
    """What unflowed() is to find: quotes by depth, spaces at the end of a line say nothing."""
    lines = []
    for line in re.split("\r\n|\r|\n", text.removesuffix("\n")) if text else [""]:
        quote = re.match(r">[> ]*>|>|", line).group()
        content = line[len(quote):]
        content = content.removeprefix(" ") if quote else content
        lines.append((quote.count(">"), content if content == "-- " else content.rstrip(" ")))
    return lines


def safe_name(name):
    """What other systems forbid is replaced, what cannot be seen (joiners too) is left out, and nobody can store more
    than 255 bytes."""
    name = re.sub("[\u200b-\u200f]", "", name)
    name = re.sub(r'[<>:"|?*]', "_", name)
    stem, dot, extension = name.rpartition(".")
    end = dot + extension if stem and len(extension) < 20 else ""
    if len(name.encode()) > LONGEST_NAME:
        name = name.encode()[:LONGEST_NAME - len(end.encode())].decode(errors="ignore") + end
    return name


def is_type(text):
    return re.fullmatch(r"[A-Za-z0-9+._-]+/[A-Za-z0-9+._-]+", text) is not None


def expected_type(attachment):
    kind = attachment["type"].lower()
    if not is_type(kind) or kind.startswith("multipart/"):
        return "application/octet-stream"
    return kind


def expected_tree(draft):
    shown = [a for a in draft["attachments"] if a["contentId"] and f'"cid:{a["contentId"]}"' in draft["html"]]
    others = [a for a in draft["attachments"] if a not in shown]
    tree = "text/plain"
    if draft["html"]:
        page = "text/html"
        if shown:
            page = f"multipart/related({','.join([page, *map(expected_type, shown)])})"
        tree = f"multipart/alternative(text/plain,{page})"
    if others:
        tree = f"multipart/mixed({','.join([tree, *map(expected_type, others)])})"
    return tree, shown + others


def tree(part):
    if part.get_content_maintype() != "multipart":
        return part.get_content_type()
    return f"{part.get_content_type()}({','.join(tree(child) for child in part.iter_parts())})"


def payload(part):
    if part.get_content_type() == "message/rfc822":
        return part.get_payload(0).as_bytes(policy=STRICT)
    return part.get_payload(decode=True)


class Judge:
    """Gathers what is wrong with one message."""

    def __init__(self, draft, identity, raw):
        self.draft, self.identity, self.raw = draft, identity, raw
        self.problems = []
        self.message = None

    def expect(self, what, found, wanted):
        if found != wanted:
            self.problems.append(f"{what}: {shortened(found)} instead of {shortened(wanted)}")

    def verdict(self):
        try:
            self.message = email.message_from_bytes(self.raw, policy=STRICT)
            self.bytes_on_the_wire()
            self.header()
            self.encoded_words()
            self.parts()
        except Exception as error:   # a defect is raised by the strict policy
            self.problems.append(f"{type(error).__name__}: {error}")
        return self.problems

    def bytes_on_the_wire(self):
        lines = self.raw.split(b"\r\n")
        self.expect("longest line over 998", max(map(len, lines)) > 998, False)
        self.expect("bare CR or LF", any(c in line for line in lines for c in (b"\r", b"\n")), False)
        self.expect("NUL", b"\0" in self.raw, False)
        fields, body = split(self.raw)
        self.expect("longest header line over 78 without need",
                    [line for field in fields for line in field.split(b"\r\n")
                     if len(line) > 78 and b" " in line.strip().partition(b": ")[2]], [])
        if not self.draft.get("foreign"):
            self.expect("8-bit header", b"\r\n".join(fields).isascii(), True)
        self.expect("8-bit body", body.isascii(), not self.has_eight_bits())
        self.expect("host name", names_this_computer(b"\r\n".join(fields)), False)
        self.expect("line end at the end", self.raw.endswith(b"\r\n"), True)

    def has_eight_bits(self):
        """Nothing around an attached message may be encoded (RFC 2046 5.2.1)."""
        return any(a["type"] == "message/rfc822" and not a["bytes"].isascii() for a in self.draft["attachments"])

    def header(self):
        names = [name.lower() for name in self.message.keys()]
        self.expect("fields that are not ours", sorted(set(names) - OURS), [])
        self.expect("fields given twice", sorted({n for n in names if names.count(n) > 1}), [])
        for name, value in self.message.items():
            if not self.draft.get("foreign") or name != "To":   # RFC 6532 is a defect to Python
                self.expect(f"defects of {name}", list(getattr(value, "defects", ())), [])
        self.expect("Subject", str(self.message["Subject"]), self.draft["subject"])
        for field in ("to", "cc"):
            self.expect(field, people(self.raw, field), expected_people(self.draft[field]))
        self.expect("From", people(self.raw, "from"), expected_people([{"name": self.identity["name"],
                                                                   "address": self.identity["email"]}]))
        reply = self.identity.get("replyTo")
        self.expect("Reply-To", people(self.raw, "reply-to"), expected_people([{"name": "", "address": reply}] if reply else []))
        self.expect("Organization", str(self.message.get("Organization", "")), self.identity.get("organisation", ""))
        domain = as_ascii(self.identity["email"].rpartition("@")[2])
        self.expect("Message-ID", bool(re.fullmatch(rf"<[a-z2-7]{{32}}@{re.escape(domain)}>",
                                                    str(self.message["Message-ID"]))), True)
        answered = self.draft.get("inReplyTo")
        self.expect("In-Reply-To", str(self.message.get("In-Reply-To", "")), f"<{answered}>" if answered else "")
        self.expect("References", str(self.message.get("References", "")).split(),
                    [f"<{one}>" for one in self.draft.get("references", [])])
        self.expect("receipt asked for", "Disposition-Notification-To" in self.message,
                    bool(self.draft.get("readReceipt")))
        date = self.message["Date"].datetime
        self.expect("Date", date is not None and date.tzinfo is not None
                    and self.draft["began"] - 1 <= date.timestamp() <= self.draft["ended"] + 1, True)

    def encoded_words(self):
        """RFC 2047: 75 characters at most, each decodes by itself, the letters that a phrase allows."""
        for field in split(self.raw)[0]:
            for word in ENCODED_WORD.finditer(field):
                charset, encoding, text = word.group(1).decode(), word.group(2).upper(), word.group(3)
                self.expect(f"encoded word of {field_name(field)} too long", len(word.group()) > 75, False)
                try:
                    data = base64.b64decode(text, validate=True) if encoding == b"B" else quopri.decodestring(text, header=True)
                    data.decode(charset)
                except (ValueError, LookupError, binascii.Error) as error:
                    self.problems.append(f"encoded word of {field_name(field)}: {error}")
                around = field[word.start() - 1:word.start()] + field[word.end():word.end() + 1]
                self.expect(f"what touches an encoded word of {field_name(field)}", around.strip(b" \r\t,:"), b"")
                if field_name(field) in ("from", "to", "cc") and encoding == b"Q":
                    self.expect("letters of a phrase", re.sub(rb"[A-Za-z0-9!*+/=_-]", b"", text), b"")

    def parts(self):
        wanted, files = expected_tree(self.draft)
        self.expect("structure", tree(self.message), wanted)
        leaves = []
        for part in walk(self.message):
            self.expect(f"defects of {part.get_content_type()}", part.defects, [])
            encoding = part.get("Content-Transfer-Encoding", "7bit").lower()
            kinds = ("7bit",) if part.is_multipart() else ("7bit", "quoted-printable", "base64")
            if self.has_eight_bits() and part.get_content_type() in ("multipart/mixed", "message/rfc822"):
                kinds += ("8bit",)
            self.expect("transfer encoding", encoding in kinds, True)
            for name, value in part.items() if part is not self.message else ():
                self.expect(f"defects of {name}", list(getattr(value, "defects", ())), [])
            if part.get_content_maintype() != "multipart":
                leaves.append(part)
        texts = 2 if self.draft["html"] else 1
        self.text(leaves[0])
        if self.draft["html"]:
            self.page(leaves[1])
        self.expect("number of files", len(leaves) - texts, len(files))
        for part, file in zip(leaves[texts:], files):
            self.file(part, file)

    def decoded(self, part):
        data = part.get_payload(decode=True)
        self.expect("charset", part.get_content_charset(), "us-ascii" if data.isascii() else "utf-8")
        self.expect("line ends", re.search(rb"(?<!\r)\n|\r(?!\n)", data), None)
        return data.decode(part.get_content_charset()).replace("\r\n", "\n")

    def text(self, part):
        self.expect("flowed", part["Content-Type"].params.get("format"), "flowed")
        decoded = self.decoded(part)
        found, wanted = unflowed(decoded), composed_lines(self.draft["text"])
        self.expect("lines of text", len(found), len(wanted))
        for one, other in zip(found, wanted):
            self.expect("text", one, other)
        self.expect("lines that could have been broken",
                    [l for l in decoded.split("\n") if len(l) > 78 and " " in l.strip(" >")
                     and len(l.strip(" >").partition(" ")[0]) < 60][:1], [])

    def page(self, part):
        self.expect("page", self.decoded(part), '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n'
                    + self.draft["html"] + "</body></html>\n")

    def file(self, part, file):
        name = safe_name(file["name"])
        self.expect("file name", part.get_filename(), name)
        self.expect("name in the type", part["Content-Type"].params.get("name"), name)
        if b"W" * 1000 in file["bytes"]:   # lines that no server takes are encoded within
            self.expect(f"words of {name}", part.get_payload(0).get_payload(decode=True),
                        file["bytes"].partition(b"\r\n\r\n")[2])
        else:
            self.expect(f"bytes of {name}", payload(part), file["bytes"])
        shown = f'"cid:{file["contentId"]}"' in self.draft["html"]
        self.expect("disposition", part.get_content_disposition(), "inline" if shown else "attachment")
        self.expect("Content-ID", part.get("Content-ID"), f"<{file['contentId']}>" if shown else None)


def walk(part):
    """Parts, without what is in attached messages."""
    yield part
    if part.get_content_maintype() == "multipart":
        for child in part.iter_parts():
            yield from walk(child)


def as_ascii(domain):
    return domain.encode("idna").decode() if not domain.isascii() else domain


def names_this_computer(text):
    return re.search(rb"(?<![\w.@-])%s(?![\w-])" % re.escape(socket.gethostname().encode()), text) is not None


def people(raw, field):
    """Names by the older of Python's parsers: the newer one keeps the white space between encoded words of a name, which
    RFC 2047 6.2 takes out. Where one mailbox ends and the next begins is told by the newer one all the same."""
    for line in split(raw)[0]:
        if field_name(line) != field:
            continue
        value = re.sub(r"\r\n(?=[ \t])", "", line.partition(b":")[2].decode("utf-8"))
        found = []
        for name, address in email.utils.getaddresses([value]):
            local, _, domain = address.rpartition("@")
            found.append((str(email.header.make_header(email.header.decode_header(name))), local.strip('"'), domain))
        newer = email.message_from_string(line.decode("utf-8") + "\r\n\r\n", policy=STRICT)[field].addresses
        parted = [(one.username, one.domain) for one in newer]
        return found if parted == [one[1:] for one in found] else [("parsed in two ways", *parted)]
    return []


def expected_people(people):
    result = []
    for one in people:
        local, _, domain = one["address"].rpartition("@")
        result.append((one["name"], local.strip('"'), as_ascii(domain)))
    return result


def shortened(value):
    text = repr(value)
    return text if len(text) < 300 else text[:200] + " ... " + text[-80:]
