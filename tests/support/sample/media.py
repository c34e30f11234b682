# SPDX-License-Identifier: GPL-3.0-or-later
"""Small real files, made in code: PNG, PDF, iCalendar, ZIP, CSV."""

import functools
import io
import struct
import zipfile
import zlib


def png(width, height, colour_at):
    """colour_at(x, y) gives (red, green, blue)."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += bytes(colour_at(x, y))

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data) & 0xFFFFFFFF))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b""))


@functools.lru_cache
def shore_picture(width=480, height=270, seed=0):
    """Sky, hills, water and reeds: a picture that looks meant in a message."""
    import math
    horizon = height * 0.52

    def colour(x, y):
        ridge = horizon - height * (0.10 + 0.07 * math.sin(x / width * 6.1 + seed)
                                    + 0.035 * math.sin(x / width * 17 + seed * 2))
        near = horizon - height * (0.03 + 0.03 * math.sin(x / width * 9 + seed * 3))
        if y < ridge:
            t = y / horizon
            glow = math.exp(-((x - width * 0.7) ** 2 + (y - height * 0.36) ** 2) / (width * 12))
            return tuple(min(255, int(a + (b - a) * t + glow * g)) for a, b, g in
                         ((120, 238, 60), (170, 214, 50), (196, 178, 10)))
        if y < near:
            return (86, 122, 132)
        if y < horizon:
            return (52, 92, 92)
        t = (y - horizon) / (height - horizon)
        shimmer = 10 * math.sin(y * 1.7 + 4 * math.sin(x / 37 + seed)) * (1 - t * 0.6)
        reed = (x * 7919 + seed * 104729) % 61 < 2 and y > height * (0.74 + ((x * 31) % 17) / 90)
        if reed:
            return (44, 62, 40)
        return tuple(max(0, min(255, int(a + (b - a) * t + shimmer))) for a, b in
                     ((200, 32), (196, 92), (180, 112)))

    return png(width, height, colour)


@functools.lru_cache
def banner(width, height, first, second):
    """A calm gradient for the head of a newsletter."""
    return png(width, height, lambda x, y: tuple(
        int(a + (b - a) * (0.7 * x / width + 0.3 * y / height)) for a, b in zip(first, second)))


def pdf(title, lines):
    """One A4 page in Helvetica."""
    def literal(text):
        text = text.encode("cp1252", "replace").decode("latin-1")
        return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")

    content = f"BT /F2 20 Tf 72 770 Td ({literal(title)}) Tj /F1 11 Tf 0 -34 Td 16 TL\n"
    content += "".join(f"({literal(line)}) Tj T*\n" for line in lines) + "ET"
    stream = content.encode("latin-1")
    font = b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
               b"/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>",
               b"<</Length %d>>\nstream\n" % len(stream) + stream + b"\nendstream",
               font % b"Helvetica", font % b"Helvetica-Bold"]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def calendar(uid, stamp, begin, end, summary, place, organizer, attendee):
    def utc(moment):
        return moment.strftime("%Y%m%dT%H%M%SZ")
    return "\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tideline Studio//Calendar//EN", "METHOD:REQUEST",
        "BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{utc(stamp)}", f"DTSTART:{utc(begin)}",
        f"DTEND:{utc(end)}", f"SUMMARY:{summary}", f"LOCATION:{place}",
        f"ORGANIZER:mailto:{organizer}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{attendee}",
        "STATUS:CONFIRMED", "SEQUENCE:0", "END:VEVENT", "END:VCALENDAR", ""])


def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files:
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 5, 9, 30, 0)), data)
    return out.getvalue()
