# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages as bytes: headers, bodies and parts with a chosen charset and encoding.

Written by hand instead of with the email package, since the sample needs charsets and encodings
that that package would normalise away.
"""

import base64
import datetime
import quopri

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


def date_header(moment, offset_minutes=0):
    local = moment + datetime.timedelta(minutes=offset_minutes)
    sign = "-" if offset_minutes < 0 else "+"
    hours, minutes = divmod(abs(offset_minutes), 60)
    return (f"{DAYS[local.weekday()]}, {local.day} {MONTHS[local.month - 1]} {local.year} "
            f"{local:%H:%M:%S} {sign}{hours:02d}{minutes:02d}")


def is_ascii(text):
    return all(ord(c) < 128 for c in text)


def encoded_words(text, charset="utf-8"):
    """RFC 2047: words of at most 75 characters, none of them splits a character."""
    if is_ascii(text):
        return text
    words, piece = [], ""
    room = 75 - len(charset) - 7
    for character in text:
        if len(base64.b64encode((piece + character).encode(charset))) > room:
            words.append(piece)
            piece = ""
        piece += character
    words.append(piece)
    return "\r\n ".join(f"=?{charset}?B?{base64.b64encode(w.encode(charset)).decode()}?=" for w in words)


def fold(name, value):
    """One header line, folded at blanks where it gets long (RFC 5322, 2.2.3)."""
    if "\r\n" in value or len(name) + len(value) < 76:
        return f"{name}: {value}\r\n"
    lines, line = [], name + ":"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > 76 and line.strip() and line != name + ":":
            lines.append(line)
            line = ""
        line += " " + word
    lines.append(line)
    return "\r\n".join(lines) + "\r\n"


def address(text, charset="utf-8"):
    name, _, rest = text.partition(" <")
    if not rest:
        return text
    if not is_ascii(name):
        return f"{encoded_words(name, charset)} <{rest}"
    if any(c in name for c in ".,()@:;"):
        name = '"' + name + '"'
    return f"{name} <{rest}"


def encode_body(data, encoding):
    if encoding == "base64":
        return base64.encodebytes(data).replace(b"\n", b"\r\n")
    lines = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(data, quotetabs=False).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return lines


def part(content_type, data, encoding, extra=""):
    return (f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n{extra}\r\n"
            .encode("ascii") + encode_body(data, encoding))


def text_part(text, subtype="plain", charset="utf-8", encoding=None):
    data = text.encode(charset)
    if encoding is None:
        encoding = "7bit" if all(b < 128 for b in data) else "quoted-printable"
        if len(max(data.split(b"\n"), key=len)) > 900:
            encoding = "quoted-printable"
    return part(f"text/{subtype}; charset={charset}", data, encoding)


def attachment(name, content_type, data, inline_id=None):
    if is_ascii(name):
        parameter = f'filename="{name}"'
    else:
        parameter = "filename*=utf-8''" + "".join(
            chr(b) if chr(b).isalnum() and b < 128 or chr(b) in "-._" else f"%{b:02X}"
            for b in name.encode())
    extra = f"Content-Disposition: {'inline' if inline_id else 'attachment'}; {parameter}\r\n"
    if inline_id:
        extra += f"Content-ID: <{inline_id}>\r\n"
    return part(content_type, data, "base64", extra)


def multipart(subtype, boundary, parts):
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + p + (b"" if p.endswith(b"\r\n") else b"\r\n")
                    for p in parts)
    return (f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
            + body + b"--" + boundary.encode() + b"--\r\n")


def message(headers, body_part):
    """headers: (name, value) pairs with values ready for the wire."""
    return "".join(fold(n, v) for n, v in headers).encode("ascii") + b"MIME-Version: 1.0\r\n" + body_part
