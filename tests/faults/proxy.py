#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy for SMTP and IMAP that knows where a conversation stands.

It names the points that a conversation passes, logs how far each message got, and at any of these
points can cut the connection, stall it, delay it, or call back (the kill campaign kills there).

SMTP points, in order:
  connect  ehlo  auth  auth-ok  mail  mail-ok  rcpt  rcpt-ok  data  data-start  data-half
  before-dot   the end marker of the message was seen (the final dot has not left the proxy)
  dot          the last byte of the final dot came from the client; the server does not have it
  250-held     the server has accepted the message; the client does not know
  250          the reply was handed to the client
  after-250    the client went on after the reply (or AFTER_250 seconds passed)
  quit
IMAP points: connect, greeting and for each kind of command KIND (before it is forwarded), KIND-held
(the server has answered, the client does not know) and KIND-done (the answer was handed over).
  Kinds: login capability id enable namespace list status select search sent-search fetch-headers
  fetch-flags fetch-body fetch-other store move copy expunge delete append idle noop logout other.
  fetch-*-half: some of the answer was handed over; append-half: half of the literal was forwarded;
  append-end: the whole literal came, its last byte was not forwarded.

A point may carry a number: "imap:fetch-headers#3" is the third of its kind since the count was reset.

As a module: Proxy(...).start(), .hook = callable(Event) -> None | "cut" | "stall" | seconds.
As a program: prints one JSON line with its ports, then takes JSON lines on standard input
({"at": "smtp:dot", "do": "cut"}, {"clear": true}, {"transactions": true}) and writes what happens.
"""

import argparse
import json
import re
import select
import socket
import ssl
import struct
import sys
import threading
import time
from collections import deque

READ_SIZE = 65536
AFTER_250 = 0.05
DRAIN_AFTER_CUT = 0.3
HALF_MARKER = b"half-way-mark"
END_MARKER = b"last-words-mark"


class Event:
    """One point of one conversation."""

    def __init__(self, proto, point, nth, conn, detail=""):
        self.at = time.time()
        self.proto, self.point, self.nth, self.conn, self.detail = proto, point, nth, conn, detail

    @property
    def name(self):
        return f"{self.proto}:{self.point}"

    def matches(self, wanted):
        name, _, nth = wanted.partition("#")
        return name == self.name and (not nth or int(nth) == self.nth)

    def as_dict(self):
        return {"at": round(self.at, 6), "point": self.name, "nth": self.nth,
                "conn": self.conn.number, "detail": self.detail}


class Cut(Exception):
    """The conversation ends here."""


class Transaction:
    """How far one DATA or BDAT got."""

    def __init__(self, conn, sender):
        self.conn = conn
        self.sender = sender
        self.recipients = []
        self.message_id = ""
        self.head = b""
        self.bytes_from_client = 0
        self.end_from_client = False   # the end marker arrived: all but the final dot was written
        self.dot_from_client = False   # the last byte of CR LF . CR LF (or of BDAT LAST) arrived
        self.dot_forwarded = False
        self.reply_from_server = 0     # of the message, not of a recipient
        self.reply_to_client = False
        self.acted_after_reply = False

    def note_data(self, data):
        self.bytes_from_client += len(data)
        if not self.message_id and len(self.head) < 262144:
            self.head += data
            found = re.search(rb"(?im)^message-id:\s*<([^>\r\n]+)>", self.head)
            if found:
                self.message_id = found.group(1).decode("latin-1")

    def as_dict(self):
        return {"conn": self.conn, "messageId": self.message_id, "sender": self.sender,
                "recipients": self.recipients, "bytes": self.bytes_from_client,
                "endFromClient": self.end_from_client, "dotFromClient": self.dot_from_client, "dotForwarded": self.dot_forwarded,
                "replyFromServer": self.reply_from_server, "replyToClient": self.reply_to_client,
                "actedAfterReply": self.acted_after_reply}


class Conversation:
    """One client connection and its server connection, driven by one thread."""

    proto = ""

    def __init__(self, proxy, number, client):
        self.proxy, self.number = proxy, number
        self.client, self.server = client, None
        self.client_buffer = bytearray()
        self.server_buffer = bytearray()
        self.client_gone = False

    # -- points ------------------------------------------------------------------------------

    def point(self, name, detail=""):
        action = self.proxy.reached(self, name, detail)
        if action is None:
            return
        if action == "cut":
            raise Cut()
        if action == "reset":
            self.resets = True
            raise Cut()
        if action == "stall":
            self.stall()
        else:
            time.sleep(float(action))

    def stall(self):
        """Reads and forwards nothing until the client leaves or the proxy stops."""
        while not self.proxy.stopping.is_set() and not self.proxy.released.is_set():
            time.sleep(0.02)
            try:
                if not self.client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                    raise Cut()
            except (BlockingIOError, ValueError):
                pass  # nothing new; a TLS socket cannot be peeked
            except OSError as gone:
                raise Cut() from gone

    # -- bytes -------------------------------------------------------------------------------

    @staticmethod
    def write(sock, data):
        view = memoryview(bytes(data))
        while view:
            try:
                view = view[sock.send(view):]
            except (BlockingIOError, ssl.SSLWantWriteError):
                select.select([], [sock], [], 30)
            except ssl.SSLWantReadError:
                select.select([sock], [], [], 30)

    @staticmethod
    def read(sock):
        """What is there: b"" at the end, None where nothing came after all."""
        try:
            return sock.recv(READ_SIZE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except ssl.SSLEOFError:
            return b""
        except ConnectionError:
            return b""

    def to_server(self, data):
        if data:
            self.write(self.server, data)

    def to_client(self, data):
        if not data or self.client_gone:
            return
        try:
            self.write(self.client, data)
        except (ConnectionError, ssl.SSLError):
            self.client_gone = True

    # -- life --------------------------------------------------------------------------------

    def run(self):
        try:
            self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.point("connect")
            self.secure_client()
            self.connect_server()
            self.relay()
        except Cut:
            self.drain()
        except (OSError, ssl.SSLError, ValueError) as broken:
            self.proxy.log({"conn": self.number, "broken": str(broken)})
        finally:
            self.finish()
            if self.resets:   # the client hears RST instead of an end
                self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            for sock in (self.client, self.server):
                if sock is not None:
                    sock.close()

    resets = False

    def relay(self):
        while not self.proxy.stopping.is_set():
            watched = [s for s in (self.client, self.server) if s is not None]
            ready = [s for s in watched if isinstance(s, ssl.SSLSocket) and s.pending()]
            if not ready:
                ready = select.select(watched, [], [], self.timeout())[0]
            if not ready:
                self.idle()
                continue
            # The client first: what it wrote before it died must be in the log before its end is.
            for sock in watched:
                if sock not in ready:
                    continue
                data = self.read(sock)
                if data is None:
                    continue
                if not data:
                    if sock is self.client:
                        self.client_gone = True
                    return
                if sock is self.client:
                    self.client_buffer += data
                    self.from_client()
                else:
                    self.server_buffer += data
                    self.from_server()
                    self.from_client()

    def drain(self):
        """After a cut the server hears nothing more, but what the client still says is logged."""
        if self.server is not None:
            self.server.close()
            self.server = None
        end = time.time() + DRAIN_AFTER_CUT
        while time.time() < end and not self.client_gone:
            if not select.select([self.client], [], [], 0.02)[0]:
                continue
            try:
                data = self.read(self.client)
            except (OSError, ssl.SSLError):
                return
            if data == b"":
                return
            if data:
                self.client_buffer += data
                self.after_cut()
                end = time.time() + DRAIN_AFTER_CUT

    def secure_client(self):
        security = self.proxy.client_security
        if security == "starttls":
            self.offer_starttls()
        if security in ("tls", "starttls"):
            self.client.settimeout(20)
            self.client = self.proxy.client_context.wrap_socket(self.client, server_side=True)
        self.client.setblocking(False)

    def connect_server(self):
        self.server = socket.create_connection(self.proxy.targets[self.proto], timeout=20)
        self.server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        security = self.proxy.server_security
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if security == "starttls":
            self.ask_starttls()
        if security in ("tls", "starttls"):
            self.server = context.wrap_socket(self.server)
        self.server.setblocking(False)

    def read_line(self, sock):
        """A line of the clear text before TLS; byte by byte, so that nothing is read ahead."""
        line = b""
        while not line.endswith(b"\n") and len(line) < 8192:
            byte = sock.recv(1)
            if not byte:
                raise Cut()
            line += byte
        return line

    def timeout(self):
        return 0.5

    def idle(self):
        pass

    def finish(self):
        pass

    def after_cut(self):
        pass


class SmtpConversation(Conversation):
    proto = "smtp"

    def __init__(self, proxy, number, client):
        super().__init__(proxy, number, client)
        self.mode = "command"            # command, auth, await-data, data, bdat
        self.pending = deque([("greeting", None)])
        self.transaction = None
        self.unanswered = None           # whose 250 was handed over, until the client acts
        self.last_accepted = None        # the same, until the point after-250 was told
        self.accepted_at = 0.0
        self.tail = b"\r\n"              # the last bytes seen in DATA, for the dot
        self.seen = b""
        self.marks = set()
        self.chunk_left = 0
        self.chunk_last = False

    def offer_starttls(self):
        self.client.settimeout(20)
        self.client.sendall(b"220 proxy ESMTP\r\n")
        while True:
            verb = self.read_line(self.client).strip().upper()
            if verb.startswith(b"EHLO"):
                self.client.sendall(b"250-proxy\r\n250-PIPELINING\r\n250 STARTTLS\r\n")
            elif verb == b"STARTTLS":
                self.client.sendall(b"220 go ahead\r\n")
                break
            elif verb == b"QUIT":
                self.client.sendall(b"221 bye\r\n")
                raise Cut()
            else:
                self.client.sendall(b"530 STARTTLS first\r\n")
        self.swallow_greeting = True

    swallow_greeting = False

    def ask_starttls(self):
        def reply():
            while True:
                line = self.read_line(self.server)
                if line[3:4] != b"-":
                    return line
        self.greeting = reply()
        self.server.sendall(b"EHLO [127.0.0.1]\r\n")
        reply()
        self.server.sendall(b"STARTTLS\r\n")
        if not reply().startswith(b"220"):
            raise ValueError("the server refused STARTTLS")
        self.pending.clear()
        if not self.swallow_greeting:
            self.client.setblocking(True)
            self.client.sendall(self.greeting)
            self.client.setblocking(False)

    def timeout(self):
        return AFTER_250 if self.last_accepted else 0.5

    def idle(self):
        if self.last_accepted and time.time() - self.accepted_at >= AFTER_250:
            self.last_accepted = None
            self.point("after-250")

    # -- client ------------------------------------------------------------------------------

    def from_client(self):
        while self.client_buffer:
            if self.unanswered:
                self.unanswered.acted_after_reply = True
                self.unanswered = None
            if self.last_accepted:
                self.last_accepted = None
                self.point("after-250")
            if self.mode == "await-data":
                return
            if self.mode == "data":
                self.data_bytes()
                continue
            if self.mode == "bdat":
                self.bdat_bytes()
                continue
            end = self.client_buffer.find(b"\n")
            if end < 0:
                return
            line = bytes(self.client_buffer[:end + 1])
            del self.client_buffer[:end + 1]
            self.command(line)

    def command(self, line):
        if self.mode == "auth":
            self.to_server(line)
            return
        words = line.split()
        verb = words[0].upper() if words else b""
        upper = line.upper()
        if verb in (b"EHLO", b"HELO"):
            self.point("ehlo")
        elif verb == b"AUTH":
            self.point("auth")
            self.mode = "auth"
        elif verb == b"MAIL":
            self.point("mail")
            self.transaction = Transaction(self.number, self.path_of(line))
            self.proxy.transactions.append(self.transaction)
            self.tail, self.seen, self.marks = b"\r\n", b"", set()
        elif verb == b"RCPT":
            self.point("rcpt", self.path_of(line))
            if self.transaction:
                self.transaction.recipients.append(self.path_of(line))
        elif verb == b"DATA":
            self.point("data")
            self.mode = "await-data"
        elif verb == b"BDAT":
            if not self.transaction.bytes_from_client:
                self.point("data")
            self.chunk_left = int(words[1])
            self.chunk_last = b"LAST" in upper
            self.mode = "bdat"
            self.tail = line
            if not self.chunk_left:
                self.bdat_bytes()
            return
        elif verb == b"QUIT":
            self.point("quit")
        self.pending.append((verb.decode("latin-1").lower(), self.transaction))
        self.to_server(line)

    @staticmethod
    def path_of(line):
        found = re.search(rb"<([^>]*)>", line)
        return found.group(1).decode("latin-1") if found else ""

    def mark(self, name):
        if name not in self.marks:
            self.marks.add(name)
            self.point(name)

    def marks_in(self, data):
        """The markers that the message carries say where in it we are."""
        self.seen = (self.seen + data)[-len(data) - 64:]
        if END_MARKER in self.seen:
            self.transaction.end_from_client = True
        self.mark("data-start")
        if HALF_MARKER in self.seen:
            self.mark("data-half")
        if END_MARKER in self.seen:
            self.mark("before-dot")

    def data_bytes(self):
        window = self.tail + bytes(self.client_buffer)
        found = window.find(b"\r\n.\r\n")
        if found < 0:
            data = bytes(self.client_buffer)
            self.client_buffer.clear()
            self.transaction.note_data(data)
            self.tail = window[-4:]
            self.marks_in(data)
            self.to_server(data)
            return
        count = found + 5 - len(self.tail)
        data = bytes(self.client_buffer[:count])
        del self.client_buffer[:count]
        self.transaction.note_data(data)
        self.transaction.dot_from_client = True
        self.marks_in(data)
        self.to_server(data[:-1])
        self.mode = "command"
        self.point("dot", self.transaction.message_id)
        self.pending.append(("message", self.transaction))
        self.to_server(data[-1:])
        self.transaction.dot_forwarded = True

    def bdat_bytes(self):
        data = bytes(self.client_buffer[:self.chunk_left])
        del self.client_buffer[:len(data)]
        self.chunk_left -= len(data)
        self.transaction.note_data(data)
        last = self.chunk_last and not self.chunk_left
        if last:
            self.transaction.dot_from_client = True
        self.marks_in(data)
        data, self.tail = self.tail + data, b""
        if last:   # of an empty last chunk the end of its command is held back
            self.to_server(data[:-1])
            self.mode = "command"
            self.point("dot", self.transaction.message_id)
            self.pending.append(("message", self.transaction))
            self.to_server(data[-1:])
            self.transaction.dot_forwarded = True
        else:
            self.to_server(data)
            if not self.chunk_left:
                self.pending.append(("chunk", self.transaction))
        if not self.chunk_left:
            self.mode = "command"

    def after_cut(self):
        """Logs whether the final dot was under way when the connection was cut."""
        if self.mode == "data" and self.transaction and not self.transaction.dot_from_client:
            rest = bytes(self.client_buffer)
            if b"\r\n.\r\n" in self.tail + rest:
                self.transaction.dot_from_client = True
            if END_MARKER in self.seen + rest:
                self.transaction.end_from_client = True
        if self.transaction and b"LAST\r\n" in bytes(self.client_buffer)[-64:]:
            self.transaction.dot_from_client = True

    # -- server ------------------------------------------------------------------------------

    def from_server(self):
        while True:
            reply = self.whole_reply()
            if reply is None:
                return
            code = int(reply[:3]) if reply[:3].isdigit() else 0
            if code == 334 and self.mode == "auth":
                self.to_client(reply)
                continue
            verb, transaction = self.pending.popleft() if self.pending else ("", None)
            if verb == "greeting" and self.swallow_greeting:
                continue
            if verb in ("ehlo", "helo"):
                reply = self.without_starttls(reply)
            if verb == "message":
                transaction.reply_from_server = code
                self.point("250-held" if code == 250 else "refusal-held", transaction.message_id)
            self.to_client(reply)
            self.after_reply(verb, code, transaction)

    def after_reply(self, verb, code, transaction):
        if verb == "auth":
            self.mode = "command"
            if code == 235:
                self.point("auth-ok")
        elif verb in ("mail", "rcpt") and code // 100 == 2:
            self.point(verb + "-ok")
        elif verb == "data":
            self.mode = "data" if code == 354 else "command"
        elif verb == "message":
            transaction.reply_to_client = not self.client_gone
            if code == 250:
                self.unanswered = self.last_accepted = transaction
                self.accepted_at = time.time()
                self.point("250", transaction.message_id)

    def whole_reply(self):
        start = 0
        while True:
            end = self.server_buffer.find(b"\n", start)
            if end < 0:
                return None
            if self.server_buffer[start + 3:start + 4] != b"-":
                reply = bytes(self.server_buffer[:end + 1])
                del self.server_buffer[:end + 1]
                return reply
            start = end + 1

    @staticmethod
    def without_starttls(reply):
        """The proxy speaks TLS itself or not at all; the server's offer is not the client's."""
        lines = [line for line in reply.split(b"\r\n")
                 if line and line[4:].upper() != b"STARTTLS"]
        lines = [line[:3] + b"-" + line[4:] for line in lines]
        lines[-1] = lines[-1][:3] + b" " + lines[-1][4:]
        return b"\r\n".join(lines) + b"\r\n"

    def finish(self):
        if self.transaction:
            self.proxy.log({"transaction": self.transaction.as_dict()})


class ImapConversation(Conversation):
    proto = "imap"

    def __init__(self, proxy, number, client):
        super().__init__(proxy, number, client)
        self.command = b""               # of the command that is being read, without literals
        self.kind = None
        self.literal_left = 0
        self.literal_size = 0
        self.literal_done = 0
        self.response_literal = 0
        self.pending = []                # (tag, kind) in the order sent
        self.handed = 0                  # bytes of the answer to the oldest fetch
        self.half_told = set()
        self.auth_tag = None
        self.idling = False
        self.greeted = False

    def offer_starttls(self):
        self.client.settimeout(20)
        self.client.sendall(b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] proxy\r\n")
        while True:
            words = self.read_line(self.client).split()
            tag, verb = words[0], words[1].upper() if len(words) > 1 else b""
            if verb == b"CAPABILITY":
                self.client.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n"
                                    + tag + b" OK done\r\n")
            elif verb == b"STARTTLS":
                self.client.sendall(tag + b" OK go ahead\r\n")
                break
            elif verb == b"LOGOUT":
                self.client.sendall(b"* BYE\r\n" + tag + b" OK\r\n")
                raise Cut()
            else:
                self.client.sendall(tag + b" NO STARTTLS first\r\n")
        self.greeted = None

    def ask_starttls(self):
        greeting = self.read_line(self.server)
        self.server.sendall(b"proxy STARTTLS\r\n")
        while True:
            line = self.read_line(self.server)
            if line.startswith(b"proxy "):
                break
        if not line.startswith(b"proxy OK"):
            raise ValueError("the server refused STARTTLS")
        if self.greeted is not None:
            self.client.setblocking(True)
            self.client.sendall(re.sub(rb"\[CAPABILITY[^\]]*\] ", b"", greeting))
            self.client.setblocking(False)
        self.greeted = True

    # -- client ------------------------------------------------------------------------------

    def from_client(self):
        while self.client_buffer:
            if self.literal_left:
                self.literal_bytes()
                continue
            end = self.client_buffer.find(b"\n")
            if end < 0:
                return
            line = bytes(self.client_buffer[:end + 1])
            del self.client_buffer[:end + 1]
            self.line(line)

    def literal_bytes(self):
        data = bytes(self.client_buffer[:self.literal_left])
        del self.client_buffer[:len(data)]
        half = self.literal_size // 2
        if self.kind == "append" and self.literal_done <= half < self.literal_done + len(data):
            cut = half - self.literal_done
            self.to_server(data[:cut])
            self.point("append-half")
            self.literal_left -= cut
            self.literal_done += cut
            data = data[cut:]
        self.literal_left -= len(data)
        self.literal_done += len(data)
        if self.kind == "append" and not self.literal_left and data:
            self.to_server(data[:-1])
            self.point("append-end")
            data = data[-1:]
        self.to_server(data)

    def line(self, line):
        if self.auth_tag is not None and not self.command:
            self.to_server(line)
            return
        if self.idling and line.strip().upper() == b"DONE":
            self.idling = False
            self.to_server(line)
            return
        first = not self.command
        self.command += line
        literal = re.search(rb"\{(\d+)\+?\}\r?\n$", line)
        if first:
            self.kind = self.kind_of(self.command)
            self.proxy.commands.append((self.number, self.command))
            if self.kind != "search" or not literal:
                self.begin()
        elif self.kind == "search" and not literal:
            self.kind = self.kind_of(self.command)
            self.begin()
        if literal:
            self.literal_left = self.literal_size = int(literal.group(1))
            self.literal_done = 0
        self.to_server(line)
        if not literal:
            self.command = b""

    def begin(self):
        tag = self.command.split(b" ", 1)[0]
        self.point(self.kind, self.summary(self.command))
        self.pending.append((tag, self.kind))
        self.proxy.in_flight(self.number, [kind for _, kind in self.pending])
        if self.kind == "login" and b"AUTHENTICATE" in self.command.upper():
            self.auth_tag = tag
        if self.kind == "idle":
            self.idling = True

    @staticmethod
    def summary(command):
        """The command without its tag, and a sign-in without its secret."""
        text = command.split(b" ", 1)[-1].strip().decode("latin-1")
        words = text.split()
        if words and words[0].upper() in ("LOGIN", "AUTHENTICATE"):
            return words[0]
        return text[:400]

    @staticmethod
    def kind_of(command):
        words = command.upper().split()
        verb = words[1] if len(words) > 1 else b""
        if verb == b"UID" and len(words) > 2:
            verb = words[2]
        upper = command.upper()
        if verb in (b"LOGIN", b"AUTHENTICATE"):
            return "login"
        if verb in (b"SELECT", b"EXAMINE"):
            return "select"
        if verb == b"SEARCH":
            return "sent-search" if b"MESSAGE-ID" in upper else "search"
        if verb == b"FETCH":
            if b"ENVELOPE" in upper:
                return "fetch-headers"
            if re.search(rb"BODY(\.PEEK)?\[\]|RFC822[ )]|BINARY", upper):
                return "fetch-body"
            return "fetch-flags" if b"FLAGS" in upper else "fetch-other"
        plain = verb.decode("latin-1").lower()
        known = ("capability", "id", "enable", "namespace", "list", "status", "store", "append",
                 "move", "copy", "expunge", "delete", "idle", "noop", "logout")
        return plain if plain in known else "other"

    # -- server ------------------------------------------------------------------------------

    def from_server(self):
        out = bytearray()
        while self.server_buffer:
            if self.response_literal:
                data = self.server_buffer[:self.response_literal]
                self.response_literal -= len(data)
                out += data
                self.count(len(data), out)
                del self.server_buffer[:len(data)]
                continue
            end = self.server_buffer.find(b"\n")
            if end < 0:
                break
            line = bytes(self.server_buffer[:end + 1])
            del self.server_buffer[:end + 1]
            if self.greeted is None:     # the proxy has greeted already, before TLS
                self.greeted = True
                continue
            literal = re.search(rb"\{(\d+)\}\r?\n$", line)
            if literal:
                self.response_literal = int(literal.group(1))
            kind = None if literal else self.completed(line)
            if kind:
                self.to_client(out)
                out.clear()
                self.point(kind + "-held")
                self.to_client(line)
                self.point(kind + "-done")
                continue
            out += line
            self.count(len(line), out)
            if not self.greeted:
                self.greeted = True
                self.to_client(out)
                out.clear()
                self.point("greeting")
        self.to_client(out)

    def count(self, size, out):
        if not self.pending or not self.pending[0][1].startswith("fetch-"):
            return
        self.handed += size
        tag, kind = self.pending[0]
        if self.handed > self.proxy.half_bytes and tag not in self.half_told:
            self.half_told.add(tag)
            self.to_client(out)
            out.clear()
            self.point(kind + "-half")

    def completed(self, line):
        tag = line.split(b" ", 1)[0]
        for index, (known, kind) in enumerate(self.pending):
            if known == tag:
                del self.pending[index]
                self.handed = 0
                if tag == self.auth_tag:
                    self.auth_tag = None
                return kind
        return None


class Proxy:
    """Listens on free loopback ports, one for each protocol that has a target."""

    def __init__(self, smtp=None, imap=None, client_security="plain", server_security="plain",
                 certificate=None, key=None, log_file=None):
        self.targets = {name: target for name, target in (("smtp", smtp), ("imap", imap)) if target}
        self.client_security, self.server_security = client_security, server_security
        self.client_context = None
        if client_security != "plain":
            self.client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.client_context.load_cert_chain(certificate, key)
        self.hook = None
        self.half_bytes = 16384
        self.stopping = threading.Event()
        self.released = threading.Event()
        self.lock = threading.RLock()
        self.counts = {}
        self.events, self.transactions, self.commands = [], [], []
        self.deepest_pipeline = 0
        self.connections = 0
        self.ports = {}
        self.log_file = open(log_file, "a", encoding="utf-8") if log_file else None

    def start(self):
        for proto in self.targets:
            listener = socket.create_server(("127.0.0.1", 0), backlog=64)
            self.ports[proto] = listener.getsockname()[1]
            threading.Thread(target=self.serve, args=(proto, listener), daemon=True).start()
        return self

    def serve(self, proto, listener):
        listener.settimeout(0.2)
        kinds = {"smtp": SmtpConversation, "imap": ImapConversation}
        while not self.stopping.is_set():
            try:
                client, _ = listener.accept()
            except socket.timeout:
                continue
            with self.lock:
                self.connections += 1
                conversation = kinds[proto](self, self.connections, client)
            threading.Thread(target=conversation.run, daemon=True).start()
        listener.close()

    def stop(self):
        self.stopping.set()
        if self.log_file:
            self.log_file.flush()

    def forget(self):
        """Starts the counts, the events and the commands anew; transactions are kept."""
        with self.lock:
            self.counts.clear()
            self.events.clear()
            self.commands.clear()
            self.deepest_pipeline = 0

    def reached(self, conversation, point, detail):
        with self.lock:
            name = f"{conversation.proto}:{point}"
            self.counts[name] = self.counts.get(name, 0) + 1
            event = Event(conversation.proto, point, self.counts[name], conversation, detail)
            self.events.append(event)
            self.log(event.as_dict())
            hook = self.hook
        return hook(event) if hook else None

    def in_flight(self, _number, kinds):
        with self.lock:
            fetches = sum(1 for kind in kinds if kind == "fetch-headers")
            self.deepest_pipeline = max(self.deepest_pipeline, fetches)

    def log(self, record):
        if self.log_file:
            with self.lock:
                self.log_file.write(json.dumps(record) + "\n")
                self.log_file.flush()

    def of_message(self, message_id):
        return [t for t in list(self.transactions) if t.message_id == message_id]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smtp", metavar="HOST:PORT", help="the SMTP server")
    parser.add_argument("--imap", metavar="HOST:PORT", help="the IMAP server")
    parser.add_argument("--client-security", choices=("plain", "tls", "starttls"), default="plain")
    parser.add_argument("--server-security", choices=("plain", "tls", "starttls"), default="plain")
    parser.add_argument("--cert", help="PEM shown to the client")
    parser.add_argument("--key", help="its key")
    parser.add_argument("--log", help="file for JSON lines of all points and transactions")
    parser.add_argument("--at", action="append", default=[], metavar="POINT=ACTION",
                        help="cut, stall, or seconds to wait, e.g. smtp:before-dot=cut")
    arguments = parser.parse_args()

    def address(text):
        if not text:
            return None
        host, _, port = text.rpartition(":")
        return host, int(port)

    proxy = Proxy(address(arguments.smtp), address(arguments.imap), arguments.client_security,
                  arguments.server_security, arguments.cert, arguments.key, arguments.log)
    rules = [rule.partition("=")[::2] for rule in arguments.at]

    def say(record):
        print(json.dumps(record), flush=True)

    def hook(event):
        for wanted, action in rules:
            if event.matches(wanted):
                say({"fired": wanted, "do": action, **event.as_dict()})
                return action if action in ("cut", "stall") else float(action)
        return None

    proxy.hook = hook
    proxy.start()
    say(proxy.ports)
    for line in sys.stdin:
        request = json.loads(line)
        if "at" in request:
            rules.append((request["at"], str(request["do"])))
            say({"armed": request["at"]})
        elif request.get("clear"):
            rules.clear()
            proxy.forget()
            proxy.released.set()
            proxy.released = threading.Event()
            say({"cleared": True})
        elif request.get("transactions"):
            say({"transactions": [t.as_dict() for t in proxy.transactions]})
        elif request.get("events"):
            say({"events": [e.as_dict() for e in proxy.events]})
    proxy.stop()


if __name__ == "__main__":
    main()
