# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what a profile holds with what the server says, message by message, with Python's imaplib.

Every folder; of every message the UID, flags, keywords, INTERNALDATE and size, and the bytes of each body that is stored.
The profile's databases are read as files: no line of Avocet takes part in judging Avocet.
"""

import ctypes
import datetime
import hashlib
import os
import re
import sqlite3

FLAGS = {rb"\seen": 1, rb"\answered": 2, rb"\flagged": 4, rb"\deleted": 8, rb"\draft": 16, b"$forwarded": 32,
         b"$junk": 64, b"$mdnsent": 128}
ARRIVING = 1 << 32   # UIDs from here on are placements that the server has not named yet


CHUNK = 256 << 10    # the most that one holds unpacked
zstd = ctypes.CDLL("libzstd.so.1")   # Python has no module for it before 3.14
zstd.ZSTD_decompress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
zstd.ZSTD_decompress.restype = ctypes.c_size_t


def unpacked(frame):
    raw = ctypes.create_string_buffer(CHUNK)
    size = zstd.ZSTD_decompress(raw, CHUNK, frame, len(frame))
    if size > CHUNK:     # an error's number, negative
        raise ValueError("a stored body is damaged")
    return raw.raw[:size]


class Witness:
    def __init__(self, servers, user):
        self.servers, self.user = servers, user
        self.hashes = {}     # (mailbox, UIDVALIDITY, UID) -> SHA-1: what lies under a UID never changes
        self.messages = self.bodies = 0   # that were compared in all

    # -- the server ----------------------------------------------------------------------------

    def server(self):
        """{mailbox: (UIDVALIDITY, {UID: (flags, keywords, INTERNALDATE, size)})}"""
        connection = self.servers.login(self.user)
        found = {}
        for mailbox in self.mailboxes(connection):
            connection.select(quoted(mailbox), readonly=True)
            validity = int(connection.response("UIDVALIDITY")[1][0])
            lines = connection.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE RFC822.SIZE)")[1]
            found[mailbox] = validity, dict(self.message(line) for line in lines if line)
            self.fetch_bodies(connection, mailbox, validity, found[mailbox][1])
        connection.logout()
        return found

    @staticmethod
    def mailboxes(connection):
        for line in connection.list()[1]:
            attributes, name = re.match(rb'\(([^)]*)\) (?:NIL|"(?:\\.|[^"])*") (.*)$', line).groups()
            if rb"\noselect" not in attributes.lower():
                yield re.sub(rb"\\(.)", rb"\1", name[1:-1]) if name.startswith(b'"') else name

    @staticmethod
    def message(line):
        flags, keywords = 0, set()
        for word in re.search(rb"FLAGS \(([^)]*)\)", line).group(1).split():
            flags |= FLAGS.get(word.lower(), 0)
            if word.lower() not in FLAGS and word.lower() != rb"\recent":
                keywords.add(word.decode())
        date = re.search(rb'INTERNALDATE "([^"]*)"', line).group(1).decode().strip()
        when = int(datetime.datetime.strptime(date, "%d-%b-%Y %H:%M:%S %z").timestamp())
        size = int(re.search(rb"RFC822.SIZE (\d+)", line).group(1))
        return int(re.search(rb"UID (\d+)", line).group(1)), (flags, frozenset(keywords), when, size)

    def fetch_bodies(self, connection, mailbox, validity, messages):
        unknown = [uid for uid in messages if (mailbox, validity, uid) not in self.hashes]
        for begin in range(0, len(unknown), 200):
            uids = ",".join(map(str, unknown[begin:begin + 200]))
            for part in connection.uid("FETCH", uids, "(UID BODY.PEEK[])")[1]:
                if isinstance(part, tuple):
                    uid = int(re.search(rb"UID (\d+)", part[0]).group(1))
                    self.hashes[mailbox, validity, uid] = hashlib.sha1(part[1]).digest()

    # -- the profile ---------------------------------------------------------------------------

    @staticmethod
    def cache(path):
        """The same as server() of what is stored, with the message's id behind; and {id: SHA-1} of the bodies."""
        mail = sqlite3.connect(f"file:{os.path.join(path, 'mail.db')}?mode=ro", uri=True, timeout=30)
        found, differing = {}, 0
        # Folders of account 0 are being emptied and shown nowhere.
        for folder, mailbox, validity in mail.execute(
                "SELECT id, mailbox, uid_validity FROM folder WHERE selectable AND account > 0").fetchall():
            name = mailbox if isinstance(mailbox, bytes) else mailbox.encode()
            found[name] = validity, {}
            for uid, server, shown, keywords, date, size, message in mail.execute(
                    "SELECT p.uid, p.server_flags, p.shown_flags, p.keywords, p.date, m.size, m.id FROM placement p "
                    "JOIN message m ON m.id = p.message WHERE p.folder = ?", (folder,)):
                differing += server != shown
                found[name][1][uid] = (server, frozenset((keywords or "").split()), date, size), message
        mail.close()
        return found, differing, Witness.stored_bodies(path)

    @staticmethod
    def stored_bodies(path):
        bodies = sqlite3.connect(f"file:{os.path.join(path, 'bodies.db')}?mode=ro", uri=True, timeout=30)
        found = {}
        for message, chunk in bodies.execute("SELECT message, data FROM body_chunk ORDER BY message, number"):
            raw = chunk[5:] if chunk[0] == 0 else unpacked(chunk[1:])
            found.setdefault(message, hashlib.sha1()).update(raw)
        bodies.close()
        return {message: digest.digest() for message, digest in found.items()}

    # -- both ----------------------------------------------------------------------------------

    def compare(self, path, settled=True, whole=True):
        """What differs, in sentences. settled: nothing waits, so that what is shown is what the server has.
        whole: every body is there."""
        server, (cache, differing, bodies) = self.server(), self.cache(path)
        problems = []
        if settled and differing:
            problems.append(f"{differing} messages are shown otherwise than the server has them")
        for name in server.keys() ^ cache.keys():
            problems.append(f"the folder {name.decode()} is only {'here' if name in cache else 'at the server'}")
        for name in server.keys() & cache.keys():
            problems += self.compare_folder(name, server[name], cache[name], bodies, settled, whole)
        return problems

    def compare_folder(self, name, server, cache, bodies, settled, whole):
        (validity, there), (known, here) = server, cache
        label, problems = name.decode(), []
        if known != validity and (there or here):
            problems.append(f"{label}: UIDVALIDITY {known} here, {validity} at the server")
        arriving = {uid for uid in here if uid >= ARRIVING}
        if settled and arriving:
            problems.append(f"{label}: {len(arriving)} messages never got their UID")
        ours = here.keys() - arriving
        if ours != there.keys():
            problems.append(f"{label}: {len(there.keys() - ours)} missing, {len(ours - there.keys())} too many")
        wrong = missing = 0
        for uid in ours & there.keys():
            row, message = here[uid]
            self.messages += 1
            if row != there[uid]:
                problems.append(f"{label}: UID {uid} is {row} here, {there[uid]} at the server") if wrong < 2 else None
                wrong += 1
            if message not in bodies:
                missing += row[0] & FLAGS[rb"\deleted"] == 0   # what is hidden is not fetched
                continue
            self.bodies += 1
            if bodies[message] != self.hashes[name, validity, uid]:
                problems.append(f"{label}: the body of UID {uid} differs")
        if whole and missing:
            problems.append(f"{label}: {missing} bodies are missing")
        return problems


def quoted(mailbox):
    return '"' + mailbox.decode().replace("\\", "\\\\").replace('"', '\\"') + '"'
