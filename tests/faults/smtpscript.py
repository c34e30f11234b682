# SPDX-License-Identifier: GPL-3.0-or-later
"""An SMTP server that misbehaves at one named stage and writes down how far each message got.

Stages: connect greeting ehlo starttls handshake auth mail rcpt#1 rcpt#2 ... data in-data before-dot dot after-250 quit, and
where it offers CHUNKING bdat in-chunk before-last last. Faults: cut, reset, stall, an answer ("451 ...", "550 ...",
"421 ..."), endless, garbage. What it has answered with 250 behind the end, it has delivered.
"""

import re
import socket
import ssl
import struct
import threading
import time

END_MARKER = b"last-words-mark"
HALF_MARKER = b"half-way-mark"
AFTER_CUT = 0.3


class Gone(Exception):
    """The conversation ends here."""


class Attempt:
    """How far one message got on one connection."""

    def __init__(self):
        self.message_id = ""
        self.recipients = []      # those that were accepted here
        self.ended = False        # the final dot, or BDAT LAST, came from the client
        self.answered = 0         # the whole reply to it that was handed over
        self.taken = False


class ScriptServer:
    def __init__(self, pipelining=True, chunking=False, context=None, stall=0.5):
        self.pipelining, self.chunking, self.context, self.stall = pipelining, chunking, context, stall
        self.fault = None         # (stage, kind)
        self.also = {}            # stage: answer, besides the fault
        self.struck = 0
        self.take_at_dot = False  # a message whose end was disturbed is delivered all the same
        self.attempts = []
        self.delivered = []       # (message id, recipient)
        self.lock = threading.Lock()
        self.live = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def reset(self):
        with self.lock:
            self.fault, self.also, self.struck, self.take_at_dot = None, {}, 0, False
            self.attempts, self.delivered = [], []

    def settle(self, seconds=3):
        end = time.time() + seconds
        while self.live and time.time() < end:
            time.sleep(0.01)

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.live += 1
            threading.Thread(target=self.talk, args=(client,), daemon=True).start()

    def talk(self, client):
        conversation = Conversation(self, client)
        try:
            conversation.run()
        except (Gone, OSError, ssl.SSLError, ValueError):
            pass
        finally:
            conversation.close()
            with self.lock:
                self.live -= 1


class Conversation:
    def __init__(self, server, client):
        self.server, self.client = server, client
        self.buffer = b""
        self.attempt = None
        self.rcpt = 0
        self.tls = False

    def close(self):
        try:
            self.client.close()
        except OSError:
            pass

    # -- bytes

    def more(self):
        data = self.client.recv(65536)
        if not data:
            raise Gone()
        self.buffer += data

    def line(self):
        while b"\r\n" not in self.buffer:
            self.more()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def say(self, text):
        self.client.sendall(text.encode() + b"\r\n")

    # -- faults

    def at(self, stage, answer=None):
        """What happens here; True where `answer` was replaced by a refusal."""
        fault = self.server.fault
        if not fault or fault[0] != stage:
            also = self.server.also.get(stage)
            if also or answer:
                self.say(also or answer)
            return bool(also)
        with self.server.lock:
            self.server.struck += 1
        kind = fault[1]
        if kind in ("cut", "reset"):
            self.drain(kind == "reset")
        if kind == "stall":
            time.sleep(self.server.stall)
            self.drain(False)
        if kind == "endless":
            self.endless()
        if kind == "garbage":
            self.client.sendall(b"\x00\xff no words of this protocol\r\n" * 3)
            self.drain(False)
        self.say(kind)
        if kind.startswith("421"):
            raise Gone()
        return True

    def drain(self, reset):
        """What the client had written by now is looked at, and no more is answered."""
        end = time.time() + AFTER_CUT
        try:
            if not reset:
                self.client.shutdown(socket.SHUT_WR)
            self.client.settimeout(0.05)
            while time.time() < end:
                self.look()
                try:
                    data = self.client.recv(65536)
                except (TimeoutError, socket.timeout, ssl.SSLWantReadError):
                    continue
                if not data:
                    break
                self.buffer += data
            self.look()
            if reset:
                self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        raise Gone()

    def look(self):
        if self.attempt and (b"\r\n.\r\n" in self.buffer or re.search(rb"BDAT \d+ LAST\r\n", self.buffer)):
            self.attempt.ended = True

    def endless(self):
        try:
            self.client.settimeout(0.05)
            while True:
                try:
                    self.client.send(b"250-and there is more to say\r\n" * 500)
                except (TimeoutError, socket.timeout, ssl.SSLWantWriteError):
                    pass
                try:
                    data = self.client.recv(65536)
                except (TimeoutError, socket.timeout, ssl.SSLWantReadError):
                    continue
                if not data:
                    raise Gone()
                self.buffer += data
                self.look()
        except OSError as gone:
            raise Gone() from gone

    # -- the conversation

    def run(self):
        self.at("connect")
        if self.at("greeting", "220 script ESMTP"):
            self.client.settimeout(1)
            self.more()
            raise Gone()
        while True:
            self.command(self.line())

    def command(self, line):
        verb = line[:4].upper()
        if verb in (b"EHLO", b"HELO"):
            self.at("ehlo" if self.tls or not self.server.context else "first-ehlo", self.offers())
        elif line.upper() == b"STARTTLS":
            if not self.at("starttls", "220 go ahead"):
                self.at("handshake")
                self.client = self.server.context.wrap_socket(self.client, server_side=True)
                self.tls = True
        elif verb == b"AUTH":
            self.at("auth", "235 welcome")
        elif verb == b"MAIL":
            self.attempt, self.rcpt = Attempt(), 0
            with self.server.lock:
                self.server.attempts.append(self.attempt)
            if self.at("mail", "250 sender ok"):
                self.attempt = None
        elif verb == b"RCPT":
            self.rcpt += 1
            if self.attempt is None:
                self.say("503 MAIL first")
            elif not self.at(f"rcpt#{self.rcpt}", "250 recipient ok"):
                self.attempt.recipients.append(re.search(rb"<([^>]*)>", line).group(1).decode())
        elif verb == b"DATA":
            self.data()
        elif verb == b"BDAT":
            self.chunk(line)
        elif verb == b"RSET":
            self.attempt = None
            self.say("250 forgotten")
        elif verb == b"QUIT":
            self.at("quit", "221 bye")
            raise Gone()
        else:
            self.say("250 if you like")

    def offers(self):
        lines = ["script", "8BITMIME", "SIZE 50000000", "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN"]
        if self.server.context and not self.tls:
            lines = ["script", "STARTTLS"]
        if self.server.pipelining:
            lines.append("PIPELINING")
        if self.server.chunking:
            lines.append("CHUNKING")
        return "\r\n".join(f"250{'-' if n < len(lines) - 1 else ' '}{line}" for n, line in enumerate(lines))

    def data(self):
        if self.attempt is None or not self.attempt.recipients:
            self.say("554 5.5.1 no valid recipients")
            return
        if self.at("data", "354 go"):
            return
        self.read_until(HALF_MARKER)
        if self.refuse_behind("in-data", b"\r\n.\r\n"):
            return
        self.read_until(END_MARKER)
        if self.refuse_behind("before-dot", b"\r\n.\r\n"):
            return
        self.read_until(b"\r\n.\r\n")
        message, _, self.buffer = self.buffer.partition(b"\r\n.\r\n")
        self.finish(message, "dot")

    def refuse_behind(self, stage, end):
        """A server can only answer behind the end; what it says instead, it says there and to nobody's surprise."""
        fault = self.server.fault
        if not fault or fault[0] != stage:
            return False
        if fault[1] in ("cut", "reset", "stall", "endless", "garbage"):
            self.at(stage)
        self.note_id(self.buffer)
        self.say(fault[1])
        with self.server.lock:
            self.server.struck += 1
        self.drain(False)
        return True

    def read_until(self, mark):
        while mark not in self.buffer:
            self.more()
        self.note_id(self.buffer)

    def note_id(self, data):
        found = re.search(rb"(?im)^message-id:\s*<([^>\r\n]+)>", data[:8192])
        if found and self.attempt:
            self.attempt.message_id = found.group(1).decode()

    message = b""

    def chunk(self, line):
        words = line.split()
        size, last = int(words[1]), len(words) > 2
        if self.attempt is None or not self.attempt.recipients:
            self.skip(size)
            self.say("503 5.5.1 no valid recipients")
            return
        if size and self.server.fault and self.server.fault[0] == "in-chunk":
            while len(self.buffer) < size // 2:
                self.more()
            self.note_id(self.buffer)
            self.refuse_behind("in-chunk", b"")
        data = self.skip(size)
        self.message += data
        self.note_id(self.message)
        if not last:
            if self.at("bdat", f"250 {size} bytes so far"):
                self.message = b""
                self.attempt = None
            return
        message, self.message = self.message, b""
        self.finish(message, "last")

    def skip(self, size):
        while len(self.buffer) < size:
            self.more()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def finish(self, message, stage):
        attempt, self.attempt = self.attempt, None
        attempt.ended = True
        self.note_id(message)
        fault = self.server.fault
        here = fault and fault[0] == stage
        if here and fault[1][:1].isdigit():
            attempt.answered = int(fault[1][:3])
        elif not here or self.server.take_at_dot:
            with self.server.lock:
                self.server.delivered += [(attempt.message_id, to) for to in attempt.recipients]
            attempt.taken = True
        if self.at(stage):
            return
        self.say("250 2.0.0 taken")
        attempt.answered = 250
        self.at("after-250")
