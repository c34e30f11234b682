# SPDX-License-Identifier: GPL-3.0-or-later
"""A small honest IMAP server whose mailboxes lie in memory, and the one place where it can be made to lie.

Each reply is put together whole, then given to `attack(session, verb, tag, reply)`, which returns what is
sent in its place: bytes, or pieces of bytes without end. Without an attack the server is rich (QRESYNC, UIDPLUS,
MOVE, ESEARCH, LIST-STATUS, SPECIAL-USE, IDLE) or poor (none of these), and right.
"""

import base64
import copy
import re
import socket
import ssl
import threading

RICH = ("IMAP4rev1 SASL-IR AUTH=PLAIN IDLE ID ENABLE CONDSTORE QRESYNC UIDPLUS MOVE ESEARCH LIST-EXTENDED "
        "LIST-STATUS SPECIAL-USE NAMESPACE UNSELECT LITERAL+")
POOR = "IMAP4rev1 SASL-IR AUTH=PLAIN"
DATE = "17-Jul-2026 02:44:25 +0000"
LARGEST = 4294967295


class Message:
    def __init__(self, uid, raw, flags, modseq):
        self.uid, self.raw, self.flags, self.modseq = uid, raw, set(flags), modseq

    def field(self, name):
        found = re.search(rb"(?im)^" + name.encode() + rb": *(.*?)\r$", self.raw.split(b"\r\n\r\n")[0] + b"\r")
        return found.group(1).decode() if found else ""

    @property
    def message_id(self):
        return self.field("Message-ID").strip("<>")


class Mailbox:
    def __init__(self, name, validity, use="", subscribed=True):
        self.name, self.validity, self.use, self.subscribed = name, validity, use, subscribed
        self.next_uid, self.modseq = 1, 1
        self.messages, self.gone = {}, {}   # by UID; of what is gone the MODSEQ

    def touch(self):
        self.modseq += 1
        return self.modseq

    def add(self, raw, flags=()):
        uid, self.next_uid = self.next_uid, self.next_uid + 1
        self.messages[uid] = Message(uid, raw, flags, self.touch())
        return uid

    def remove(self, uid):
        self.messages.pop(uid)
        self.gone[uid] = self.touch()

    def uids(self, text):
        """Of a set as commands write it."""
        last = max(self.messages, default=0)
        found = set()
        for part in text.split(","):
            ends = [last if end == "*" else int(end) for end in part.split(":")]
            found |= {uid for uid in self.messages if min(ends) <= uid <= max(ends)}
        return sorted(found)


class Mailboxes(dict):
    """All of one user, by name."""

    def make(self, name, use=""):
        self[name] = Mailbox(name, 1000 + len(self), use)
        return self[name]


class Hangup(Exception):
    """The connection ends here."""


class Server:
    def __init__(self, mailboxes, rich=True, security="plain", certificate=None, user="sender",
                 password="over-the-dunes", address="127.0.0.1"):
        self.mailboxes, self.rich, self.security = mailboxes, rich, security
        self.user, self.password = user, password
        self.attack = None
        self.lock = threading.RLock()
        self.clear = b""        # all that came without TLS
        self.connections = 0
        self.mistakes = []      # of this server itself
        self.stopping = threading.Event()
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
        self.open = set()
        self.address = address
        self.listener = socket.create_server((address, 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while not self.stopping.is_set():
            try:
                sock = self.listener.accept()[0]
            except OSError:
                return
            if self.stopping.is_set():
                sock.close()
                return
            with self.lock:
                self.connections += 1
                self.open.add(sock)
            threading.Thread(target=Session(self, sock).run, daemon=True).start()

    def hang_up(self):
        """On everybody: what was begun in bad faith is not carried on."""
        with self.lock:
            for sock in self.open:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def stop(self):
        self.stopping.set()
        self.hang_up()
        try:
            socket.create_connection((self.address, self.port), timeout=1).close()
        except OSError:
            pass
        self.listener.close()

    def snapshot(self):
        with self.lock:
            return copy.deepcopy(self.mailboxes)


class Session:
    def __init__(self, server, sock):
        self.server, self.sock = server, sock
        self.buffer = b""
        self.secure = False
        self.selected = None
        self.greeted = False

    # -- bytes ---------------------------------------------------------------------------------

    def run(self):
        whole = self.sock
        try:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.server.security == "tls":
                self.begin_tls()
            self.answer("greeting", "*", self.greeting())
            while True:
                self.command()
        except (Hangup, OSError, ssl.SSLError):
            pass
        except Exception as mistake:   # pylint: disable=broad-except
            self.server.mistakes.append(repr(mistake))
        finally:
            with self.server.lock:
                self.server.open.discard(whole)
            self.sock.close()

    def begin_tls(self):
        self.sock = self.server.context.wrap_socket(self.sock, server_side=True)
        with self.server.lock:
            self.server.open.add(self.sock)
        self.secure = True

    def more(self):
        data = self.sock.recv(65536)
        if not data:
            raise Hangup
        if not self.secure:
            with self.server.lock:
                self.server.clear += data
        self.buffer += data

    def line(self):
        while b"\n" not in self.buffer:
            self.more()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r")

    def bytes(self, count):
        while len(self.buffer) < count:
            self.more()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def answer(self, verb, tag, reply):
        attack = self.server.attack
        pieces = attack(self, verb, tag, reply) if attack else reply
        for piece in [pieces] if isinstance(pieces, bytes) else pieces:
            self.sock.sendall(piece)

    # -- commands ------------------------------------------------------------------------------

    def command(self):
        """One command with its literals; those stand as quoted strings in the text, the last one also apart."""
        text, literal = "", b""
        while True:
            line = self.line().decode("latin-1")
            found = re.search(r"\{(\d+)(\+?)\}$", line)
            if not found:
                text += line
                break
            if not found.group(2):
                self.sock.sendall(b"+ go on\r\n")
            literal = self.bytes(int(found.group(1)))
            text += line[:found.start()] + ('"' + literal.decode("latin-1") + '"' if len(literal) < 1000 else '""')
        tag, _, rest = text.partition(" ")
        verb, _, arguments = rest.partition(" ")
        if verb.upper() == "UID":
            verb, _, arguments = arguments.partition(" ")
        verb = {"examine": "select"}.get(verb.lower(), verb.lower())
        if verb == "fetch":
            verb = "envelopes" if "ENVELOPE" in arguments else "bodies" if "BODY.PEEK" in arguments else "flags"
        if verb == "starttls":
            self.answer(verb, tag, f"{tag} OK begin\r\n".encode())
            if self.buffer:
                raise Hangup
            self.begin_tls()
            return
        if verb == "idle":
            self.answer(verb, tag, b"+ idling\r\n")
            while self.line().upper() != b"DONE":
                pass
            self.answer("done", tag, f"{tag} OK awake\r\n".encode())
            return
        with self.server.lock:
            work = getattr(self, "do_" + verb, None)
            try:
                untagged, result = work(arguments, literal) if work else ("", "BAD unknown")
            except (KeyError, IndexError):
                untagged, result = "", "NO [NONEXISTENT] no such mailbox"
        if isinstance(untagged, str):
            untagged = untagged.encode("latin-1")
        self.answer(verb, tag, untagged + f"{tag} {result}\r\n".encode("latin-1"))
        if verb == "logout":
            raise Hangup

    def capabilities(self):
        if self.server.security == "starttls" and not self.secure:
            return "IMAP4rev1 STARTTLS LOGINDISABLED"
        return RICH if self.server.rich else POOR

    def greeting(self):
        return f"* OK [CAPABILITY {self.capabilities()}] ready\r\n".encode()

    def do_capability(self, *_):
        return f"* CAPABILITY {self.capabilities()}\r\n", "OK done"

    def do_authenticate(self, arguments, _):
        words = arguments.split()
        if len(words) < 2:
            self.sock.sendall(b"+ \r\n")
            words.append(self.line().decode("latin-1"))
        secret = base64.b64decode(words[1]).split(b"\0")
        if secret[-1].decode() != self.server.password:
            return "", "NO [AUTHENTICATIONFAILED] wrong"
        return "", f"OK [CAPABILITY {self.capabilities()}] welcome"

    def do_login(self, arguments, _):
        if self.server.password not in arguments:
            return "", "NO [AUTHENTICATIONFAILED] wrong"
        return "", f"OK [CAPABILITY {self.capabilities()}] welcome"

    def do_id(self, *_):
        return "* ID NIL\r\n", "OK done"

    def do_enable(self, *_):
        return "* ENABLED QRESYNC\r\n", "OK done"

    def do_namespace(self, *_):
        return '* NAMESPACE (("" "/")) NIL NIL\r\n', "OK done"

    def do_noop(self, *_):
        return "", "OK done"

    def do_logout(self, *_):
        return "* BYE bye\r\n", "OK done"

    def do_unselect(self, *_):
        self.selected = None
        return "", "OK done"

    def do_list(self, arguments, _):
        out = ""
        for box in self.server.mailboxes.values():
            marks = [r"\HasNoChildren"] + ([box.use] if box.use and self.server.rich else [])
            if "RETURN" in arguments and box.subscribed:
                marks.append(r"\Subscribed")
            out += f'* LIST ({" ".join(marks)}) "/" "{box.name}"\r\n'
            if "STATUS" in arguments:
                out += self.status_of(box)
        return out, "OK done"

    def do_lsub(self, *_):
        return "".join(f'* LSUB () "/" "{box.name}"\r\n' for box in self.server.mailboxes.values()
                       if box.subscribed), "OK done"

    def status_of(self, box):
        unseen = sum(1 for message in box.messages.values() if "\\Seen" not in message.flags)
        modseq = f" HIGHESTMODSEQ {box.modseq}" if self.server.rich else ""
        return (f'* STATUS "{box.name}" (MESSAGES {len(box.messages)} UNSEEN {unseen} UIDNEXT {box.next_uid} '
                f"UIDVALIDITY {box.validity}{modseq})\r\n")

    def do_status(self, arguments, _):
        return self.status_of(self.box(arguments)), "OK done"

    def box(self, arguments):
        """The mailbox that is named last; its name in quotes or as an atom."""
        names = re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)
        name = names[-1] if names else arguments.split()[0]
        return self.server.mailboxes[re.sub(r"\\(.)", r"\1", name)]

    def do_create(self, arguments, _):
        self.server.mailboxes.make(re.search(r'"?([^"]+)"?', arguments).group(1))
        return "", "OK done"

    def do_delete(self, arguments, _):
        del self.server.mailboxes[self.box(arguments).name]
        return "", "OK done"

    def do_rename(self, arguments, _):
        old, new = re.findall(r'"([^"]*)"', arguments)
        box = self.server.mailboxes.pop(old)
        box.name = new
        self.server.mailboxes[new] = box
        return "", "OK done"

    def do_subscribe(self, arguments, _):
        self.box(arguments).subscribed = True
        return "", "OK done"

    def do_unsubscribe(self, arguments, _):
        self.box(arguments).subscribed = False
        return "", "OK done"

    def do_select(self, arguments, _):
        box = self.selected = self.box(arguments.split(" (")[0])
        out = (f"* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)\r\n* {len(box.messages)} EXISTS\r\n"
               f"* OK [UIDVALIDITY {box.validity}] ok\r\n* OK [UIDNEXT {box.next_uid}] ok\r\n")
        if not self.server.rich:
            return out, "OK [READ-WRITE] done"
        out += f"* OK [HIGHESTMODSEQ {box.modseq}] ok\r\n"
        known = re.search(r"QRESYNC \((\d+) (\d+)", arguments)
        if known and int(known.group(1)) == box.validity:
            since = int(known.group(2))
            gone = [str(uid) for uid, modseq in box.gone.items() if modseq > since]
            if gone:
                out += f"* VANISHED (EARLIER) {','.join(gone)}\r\n"
            out += self.fetched(list(box.messages), "FLAGS MODSEQ", since).decode("latin-1")
        return out, "OK [READ-WRITE] done"

    def fetched(self, uids, items, since=0):
        box, out = self.selected, b""
        for number, uid in enumerate(sorted(box.messages), 1):
            message = box.messages[uid]
            if uid not in uids or message.modseq <= since:
                continue
            parts = [f"UID {uid}"]
            if "FLAGS" in items:
                parts.append("FLAGS (" + " ".join(sorted(message.flags)) + ")")
            if "MODSEQ" in items:
                parts.append(f"MODSEQ ({message.modseq})")
            if "INTERNALDATE" in items:
                parts += [f'INTERNALDATE "{DATE}"', f"RFC822.SIZE {len(message.raw)}"]
            if "ENVELOPE" in items:
                parts += [envelope(message), structure(message)]
            line = f"* {number} FETCH (" + " ".join(parts)
            out += line.encode("latin-1")
            if "HEADER.FIELDS" in items:
                header = f'From: {message.field("From")}\r\n\r\n'.encode()
                out += b" BODY[HEADER.FIELDS (FROM)] {%d}\r\n" % len(header) + header
            if "BODY.PEEK[]" in items:
                out += b" BODY[] {%d}\r\n" % len(message.raw) + message.raw
            out += b")\r\n"
        return out

    def fetch(self, arguments, _):
        numbers, _, items = arguments.partition(" ")
        since = re.search(r"CHANGEDSINCE (\d+)", items)
        since = int(since.group(1)) if since else 0
        out = b""
        if "VANISHED" in items:
            gone = [str(uid) for uid, modseq in self.selected.gone.items() if modseq > since]
            if gone:
                out = f"* VANISHED (EARLIER) {','.join(gone)}\r\n".encode()
        return out + self.fetched(self.selected.uids(numbers), items, since), "OK done"

    do_envelopes = do_bodies = do_flags = fetch

    def do_search(self, arguments, _):
        box = self.selected
        wanted = re.search(r'HEADER Message-ID "<([^>]*)>"', arguments, re.I)
        numbers = re.search(r"\bUID ([\d:*,]+)", arguments)
        if wanted:
            found = [uid for uid, message in sorted(box.messages.items()) if wanted.group(1) in message.message_id]
        elif numbers:
            found = box.uids(numbers.group(1))
        else:
            found = [uid for uid, message in sorted(box.messages.items()) if "\\Deleted" in message.flags]
        if "RETURN" not in arguments:
            return "* SEARCH" + "".join(f" {uid}" for uid in found) + "\r\n", "OK done"
        every = " ALL " + ",".join(map(str, found)) if found else ""
        return f'* ESEARCH (TAG "x") UID{every}\r\n', "OK done"

    def do_store(self, arguments, _):
        numbers, how, flags = re.match(r"(\S+) ([+-])FLAGS \(([^)]*)\)", arguments).groups()
        uids = self.selected.uids(numbers)
        for uid in uids:
            message = self.selected.messages[uid]
            message.flags = message.flags | set(flags.split()) if how == "+" else message.flags - set(flags.split())
            message.modseq = self.selected.touch()
        return self.fetched(uids, "FLAGS MODSEQ" if self.server.rich else "FLAGS"), "OK done"

    def copied(self, arguments):
        numbers = arguments.split(" ")[0]
        target, source = self.box(arguments[len(numbers) + 1:]), self.selected.uids(numbers)
        there = [target.add(self.selected.messages[uid].raw, self.selected.messages[uid].flags) for uid in source]
        code = (f"[COPYUID {target.validity} {','.join(map(str, source))} {','.join(map(str, there))}] "
                if source and self.server.rich else "")
        return source, code

    def do_copy(self, arguments, _):
        return "", f"OK {self.copied(arguments)[1]}done"

    def do_move(self, arguments, _):
        source, code = self.copied(arguments)
        out = f"* OK {code}moved\r\n"
        for uid in source:
            self.selected.remove(uid)
            out += f"* VANISHED {uid}\r\n"
        return out, "OK done"

    def do_expunge(self, arguments, _):
        out = ""
        for uid in self.selected.uids(arguments):
            if "\\Deleted" in self.selected.messages[uid].flags:
                self.selected.remove(uid)
                out += f"* VANISHED {uid}\r\n"
        return out, "OK done"

    def do_append(self, arguments, literal):
        box = self.box(re.match(r'"[^"]*"|\S+', arguments).group(0))
        uid = box.add(literal, re.findall(r"\\\w+", arguments))
        return "", f"OK [APPENDUID {box.validity} {uid}] done"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def address(text):
    found = re.match(r"(.*?) *<([^@]*)@([^>]*)>", text)
    name, local, host = found.groups() if found else ("", *text.partition("@")[::2])
    return f"(({quoted(name)} NIL {quoted(local)} {quoted(host)}))"


def envelope(message):
    sender, to = address(message.field("From")), address(message.field("To"))
    return (f'ENVELOPE ({quoted(message.field("Date"))} {quoted(message.field("Subject"))} {sender} {sender} {sender} '
            f'{to} NIL NIL NIL {quoted("<" + message.message_id + ">")})')


def structure(message):
    body = message.raw.partition(b"\r\n\r\n")[2]
    return (f'BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "us-ascii") NIL NIL "7BIT" {len(body)} '
            f'{body.count(b"?") + 1} NIL NIL NIL NIL)')
