#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a full outbox empties into the local Postfix, beside a bare pipelined client that sends the same bytes.

Both use one connection. Postfix's queue and the profile lie on the same disk, as at home: the server has each message there
before it says 250, Avocet each state before the step that it names. The time ends when the server has taken the last
message; the copies in Sent follow behind.
"""

import argparse
import base64
import os
import shutil
import socket
import sqlite3
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "faults"))

import rig  # noqa: E402


def message(servers, name, size):
    head = (f"From: Alice Sender <{servers.user.address}>\r\nTo: {servers.other.address}\r\nSubject: {name}\r\n"
            f"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <{name}>\r\n\r\n")
    line = "These words fill the message, as many times as it takes to make it large.\r\n"
    return head + line * ((size - len(head)) // len(line))


class OnDisk(rig.MailServers):
    """Not in memory: a queue that a power cut empties would cost nothing."""

    @staticmethod
    def environment():
        return None


class Bare:
    """EHLO, then MAIL, RCPT and DATA in one write, the text and its dot in another."""

    def __init__(self, address, user):
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")
        self.reply()
        self.ask("EHLO [127.0.0.1]")
        secret = base64.b64encode(f"\0{user.name}\0{user.password}".encode()).decode()
        if self.ask("AUTH PLAIN " + secret) != 235:
            raise SystemExit("the bare client could not sign in")

    def reply(self):
        while True:
            line = self.file.readline()
            if line[3:4] != b"-":
                return int(line[:3])

    def ask(self, line):
        self.socket.sendall(line.encode() + b"\r\n")
        return self.reply()

    def send(self, sender, recipient, text):
        self.socket.sendall(f"MAIL FROM:<{sender}> SIZE={len(text)}\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode())
        codes = [self.reply() for _ in range(3)]
        self.socket.sendall(text.encode() + b".\r\n")
        codes.append(self.reply())
        if codes != [250, 250, 354, 250]:
            raise SystemExit(f"the bare client was answered {codes}")


def bare(servers, round_, options):
    texts = [message(servers, f"bare-{round_}-{n}@bench.test", options.size) for n in range(options.messages)]
    began = time.monotonic()
    client = Bare(servers.smtp, servers.user)
    for text in texts:
        client.send(servers.user.address, servers.other.address, text)
    took = time.monotonic() - began
    client.ask("QUIT")
    return options.messages / took


def states(profile):
    connection = sqlite3.connect(f"file:{os.path.join(profile.path, 'user.db')}?mode=ro", uri=True, timeout=20)
    found = dict(connection.execute("SELECT state, count(*) FROM outbox GROUP BY state"))
    connection.close()
    return found


def avocet(servers, profile, round_, options):
    """(messages a second until all were taken, the same until all were filed)"""
    profile.check("outbox", "pause")
    watch = profile.start("watch", "--json")
    profile.wait_for_owner()
    before = states(profile).get("done", 0)

    def queue(number):
        profile.check("send", "-", stdin=message(servers, f"queue-{round_}-{number}@bench.test", options.size))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(queue, range(options.messages)))
    settle()
    profile.check("outbox", "resume")
    began = time.monotonic()
    sent = filed = 0.0
    while not filed:
        now = states(profile)
        waiting = sum(now.get(state, 0) for state in ("queued", "sending", "committing"))
        if not sent and not waiting:
            sent = time.monotonic() - began
        if now.get("done", 0) - before == options.messages:
            filed = time.monotonic() - began
        if time.monotonic() - began > options.patience:
            raise SystemExit(f"not sent in {options.patience} s: {now}")
        time.sleep(0.02)
    rig.interrupt(watch)
    return options.messages / sent, options.messages / filed


def settle():
    """What was written before is not to be paid for by what is measured."""
    os.sync()
    time.sleep(4)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program")
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--least", type=float, default=0.7, help="the goal")
    parser.add_argument("--patience", type=float, default=300)
    options = parser.parse_args()
    if not rig.MailServers.installed():
        print("skipped: Dovecot, Postfix or the right to start them is missing")
        return 77
    directory = tempfile.mkdtemp(prefix="sending-")
    ratios, rows = [], []
    try:
        with OnDisk() as servers:
            profile = rig.Profile(options.binary, os.path.join(directory, "profile"))
            profile.check("account", "add", "--name", "Alice Sender", "--email", servers.user.address, "--user",
                          servers.user.name, "--imap", f"imap://127.0.0.1:{servers.imap[1]}", "--smtp",
                          f"smtp://127.0.0.1:{servers.smtp[1]}", "--password-stdin", stdin=servers.user.password + "\n")
            profile.check("sync")
            for number in range(options.rounds):
                settle()
                plain = bare(servers, number, options)
                sent, filed = avocet(servers, profile, number, options)
                rows.append((plain, sent, filed))
                ratios.append(sent / plain)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print(f"{options.messages} messages of {options.size} bytes, one connection\n")
    print(f"{'round':>6}{'bare client':>14}{'Avocet':>10}{'filed':>10}{'ratio':>8}   (messages a second)")
    for number, ((plain, sent, filed), ratio) in enumerate(zip(rows, ratios), 1):
        print(f"{number:>6}{plain:>14.0f}{sent:>10.0f}{filed:>10.0f}{ratio:>8.2f}")
    middle = statistics.median(ratios)
    right = middle >= options.least
    print(f"\nmedian ratio {middle:.2f}, goal at least {options.least}: {'met' if right else 'MISSED'}")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
