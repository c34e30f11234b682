#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a large folder costs once it is in the cache: nothing new, new mail, changes made elsewhere.

A relay between Avocet and a warm Dovecot notes the time of each byte. "After login" begins with the
server's OK to the sign-in and ends with the last byte of the session; "after the notice" begins with the
server's untagged EXISTS and ends with the event that `watch` prints, which the window gets at the same
moment. Each scenario is repeated; the median and the worst are shown.
"""

import argparse
import email.utils
import json
import os
import re
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults"))

import rig  # noqa: E402


class Relay:
    """Passes bytes on and remembers when which came."""

    def __init__(self, target):
        self.target = target
        self.lock = threading.Lock()
        self.seen = []          # (time, connection, from the server?, bytes)
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(self.target)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            number = self.connections
            threading.Thread(target=self.pass_on, args=(client, server, number, False), daemon=True).start()
            threading.Thread(target=self.pass_on, args=(server, client, number, True), daemon=True).start()

    def pass_on(self, source, sink, number, from_server):
        try:
            while True:
                data = source.recv(1 << 18)
                if not data:
                    break
                with self.lock:
                    self.seen.append((time.time(), number, from_server, data))
                sink.sendall(data)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def forget(self):
        with self.lock:
            self.seen = []

    def first(self, pattern, after=0.0):
        """When the first byte group that matches came from the server."""
        with self.lock:
            for when, _, from_server, data in self.seen:
                if from_server and when >= after and re.search(pattern, data):
                    return when
        return None

    def commands(self):
        with self.lock:
            text = b"".join(data for _, _, from_server, data in self.seen if not from_server)
        return [line for line in text.split(b"\r\n") if line]

    def after_login(self):
        """(bytes, milliseconds) of the busiest connection from its sign-in to its last byte."""
        best = (0, 0.0)
        with self.lock:
            for number in {entry[1] for entry in self.seen}:
                entries = [entry for entry in self.seen if entry[1] == number]
                login = next((i for i, entry in enumerate(entries)
                              if entry[2] and re.search(rb"OK .*Logged in", entry[3])), None)
                if login is None:
                    continue
                rest = [entry for entry in entries[login + 1:] if b"BYE" not in entry[3]]
                if rest:
                    size = sum(len(entry[3]) for entry in rest)
                    best = max(best, (size, (rest[-1][0] - entries[login][0]) * 1000))
        return best


class Watch:
    """`avocet watch`, its lines with the time at which they came."""

    def __init__(self, profile):
        self.lines = []
        self.process = subprocess.Popen([profile.binary, "--profile", profile.path, "watch", "--json"],
                                        env=profile.environment, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self.read, daemon=True).start()
        self.wait(lambda line: line["event"] == "online", 1, 120)

    def read(self):
        for line in self.process.stdout:
            self.lines.append((time.time(), json.loads(line)))

    def wait(self, wanted, count, seconds=30, start=0):
        """The time of the `count`th line that is wanted."""
        end = time.time() + seconds
        while time.time() < end:
            found = [when for when, line in self.lines[start:] if wanted(line)]
            if len(found) >= count:
                return found[count - 1]
            time.sleep(0.001)
        raise SystemExit(f"watch did not print what was expected: {self.lines[-3:]}")

    def stop(self):
        rig.interrupt(self.process)


def report(what, values, unit, goal):
    values = sorted(values)
    right = statistics.median(values) <= goal if goal else True
    print(f"  {what:58} {statistics.median(values):9.1f} {unit:3} worst {values[-1]:9.1f}"
          + (f"   goal {goal:g} {'met' if right else 'MISSED'}" if goal else ""), flush=True)
    return right


class Bench:
    def __init__(self, options, directory, servers):
        self.options, self.servers = options, servers
        self.relay = Relay(servers.imap)
        self.profile = rig.Profile(options.binary, os.path.join(directory, "profile"))
        user = servers.user
        self.profile.check("account", "add", "--name", "Bench", "--email", user.address, "--user", user.name,
                           "--imap", f"imap://127.0.0.1:{self.relay.port}", "--smtp",
                           f"smtp://127.0.0.1:{servers.smtp[1]}", "--no-verify-login", "--password-stdin",
                           stdin=user.password + "\n")
        self.profile.check("sync", "--headers-only", timeout=600)
        # As if all texts were here: what is measured is news, not the first hour.
        self.profile.check("folder", "keep", options.folder, "headers")

    def nothing_new(self, goals):
        bytes_in, milliseconds = [], []
        for _ in range(self.options.rounds):
            self.relay.forget()
            self.profile.check("sync", "--headers-only")
            size, took = self.relay.after_login()
            bytes_in.append(size)
            milliseconds.append(took)
        right = report("nothing new: bytes both ways after login", bytes_in, "B", goals and 2048)
        return report("nothing new: after login", milliseconds, "ms", goals and 50) and right

    def changed_flags(self, count):
        connection = self.servers.login(self.servers.user)
        connection.select(self.options.folder)
        plain = connection.uid("SEARCH", "UNFLAGGED", "UNDELETED")[1][0].decode().split()[:count]
        connection.uid("STORE", ",".join(plain), "+FLAGS", r"(\Flagged)")
        connection.logout()
        self.relay.forget()
        lines = self.profile.lines("sync", "--headers-only", "--json")
        changed = sum(line.get("changed", 0) for line in lines)
        spent = max(line.get("ms", 0) for line in lines)
        asked = [c for c in self.relay.commands() if b"FETCH" in c or b"QRESYNC" in c]
        print(f"  {count} flags changed elsewhere: {changed} seen, SELECT to COMMIT {spent} ms, asked with: "
              + "; ".join(c.split(b" ", 1)[1].decode()[:60] for c in asked))
        return changed == len(plain)

    def many_new(self, watch):
        took = []
        for _ in range(self.options.rounds):
            time.sleep(1)
            start = len(watch.lines)
            self.relay.forget()
            connection = self.servers.login(self.servers.user)
            text = rig.plain_message(1, "x@y")
            # One MULTIAPPEND, so that all hundred are one notice.
            literal = b"".join(b' {%d+}\r\n' % len(text) + text for _ in range(100))
            connection.send(b'm1 APPEND INBOX' + literal + b"\r\n")
            while not connection.readline().startswith(b"m1 "):
                pass
            done = watch.wait(lambda line: line["event"] == "new", 100, 60, start)
            took.append((done - self.relay.first(rb"\d+ EXISTS")) * 1000)
            connection.logout()
        return report("100 new messages: after the server's notice", took, "ms", 100)

    def one_new(self, watch):
        after_notice, after_delivery = [], []
        for number in range(self.options.rounds):
            time.sleep(1)
            start = len(watch.lines)
            self.relay.forget()
            lmtp = smtplib.LMTP("127.0.0.1", self.servers.about["lmtp"])
            lmtp.sendmail("a@example.org", [self.servers.user.address],
                          f"From: a@example.org\r\nTo: b@example.org\r\nSubject: One {number}\r\n"
                          f"Date: {email.utils.formatdate()}\r\n"
                          f"Message-ID: <{email.utils.make_msgid()[1:-1]}>\r\n\r\nWords.\r\n")
            handed_over = time.time()
            done = watch.wait(lambda line: line["event"] == "new", 1, 60, start)
            after_notice.append((done - self.relay.first(rb"\d+ EXISTS")) * 1000)
            after_delivery.append((done - handed_over) * 1000)
            lmtp.quit()
        report("one new message: after LMTP's 250 (Dovecot waits 500)", after_delivery, "ms", None)
        return report("one new message: after the server's notice", after_notice, "ms", 50)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program (an optimised build)")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", default="INBOX")
    parser.add_argument("--poor", action="store_true", help="a server without extensions, for comparison")
    options = parser.parse_args()
    if not rig.MailServers.installed():
        print("skipped: Dovecot, Postfix or the right to start them is missing")
        return 77
    directory = tempfile.mkdtemp(prefix="bench-")
    try:
        with rig.MailServers(*(["--poor"] if options.poor else [])) as servers:
            rig.fill(servers, options.folder, options.messages, 1)
            bench = Bench(options, directory, servers)
            print(f"{options.messages} messages in {options.folder}, "
                  + ("no extensions" if options.poor else "all extensions")
                  + f", load average {os.getloadavg()[0]:.1f}")
            right = bench.nothing_new(not options.poor)
            right = bench.changed_flags(min(5000, options.messages)) and right
            if not options.poor:    # without IDLE news is a matter of the poll's minute
                watch = Watch(bench.profile)
                time.sleep(3)
                right = bench.one_new(watch) and right
                right = bench.many_new(watch) and right
                watch.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
