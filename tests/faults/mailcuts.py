#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts, resets, stalls, pauses and drips the connection at every byte while a waiting message is sent and filed.

A profile holds one message that waits; each case breaks the connection to the SMTP server after N bytes from it or to it,
or the one to the IMAP server while the copy is filed, then all connections are whole. The message must reach the other
user's mailbox exactly once and Sent must hold one copy; only between the server's "go ahead" and its whole reply
may it be "uncertain" instead, and then it must not be sent again: the message is small, so the client has written all
of it, the final dot too, before it can hear of a cut (kills.py has the finer points, with large messages).
"""

import argparse
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import rig  # noqa: E402
from cuts import FAULTS, Fault, Proxy, copy_owned  # noqa: E402

NAME = "waiting@mailcuts.test"
END = b"\r\n.\r\n"


class Campaign:
    def __init__(self, options, directory, servers):
        self.options, self.directory, self.servers = options, directory, servers
        self.proxies = {"smtp": Proxy(servers.smtp, options.stall), "imap": Proxy(servers.imap, options.stall)}
        self.maildirs = [servers.about["maildirs"][user.name] for user in (servers.user, servers.other)]
        self.rows = []

    def prepare(self):
        user = self.servers.user
        self.profile = rig.Profile(self.options.binary, os.path.join(self.directory, "start"))
        self.profile.check("account", "add", "--name", "Alice Sender", "--email", user.address, "--user", user.name,
                           "--imap", f"imap://127.0.0.1:{self.proxies['imap'].port}", "--smtp",
                           f"smtp://127.0.0.1:{self.proxies['smtp'].port}", "--password-stdin",
                           stdin=user.password + "\n")
        self.profile.check("sync")
        for proxy in self.proxies.values():
            proxy.closed = True
            proxy.settle()
        message = rig.plain_message(1, NAME).decode().replace("person1@example.org", user.address)
        message = message.replace("To: " + user.address, "To: " + self.servers.other.address)
        self.profile.check("send", "-", stdin=message)
        self.make_due(self.profile.path)
        for proxy in self.proxies.values():
            proxy.closed = False
        self.servers.message_ids(self.servers.other, "INBOX")   # makes the mailbox, as its owner
        for number, maildir in enumerate(self.maildirs):
            copy_owned(maildir, os.path.join(self.directory, f"mail-{number}"))

    @staticmethod
    def make_due(path):
        """What failed once would wait some seconds."""
        connection = sqlite3.connect(os.path.join(path, "user.db"), timeout=20)
        with connection:
            connection.execute("UPDATE outbox SET next_try = 0")
        connection.close()

    @staticmethod
    def state(path):
        connection = sqlite3.connect(f"file:{os.path.join(path, 'user.db')}?mode=ro", uri=True, timeout=20)
        found = connection.execute("SELECT state FROM outbox").fetchall()
        connection.close()
        return found[0][0] if found else "gone"

    # -- one case ------------------------------------------------------------------------------

    def case(self, proto, fault):
        for number, maildir in enumerate(self.maildirs):
            shutil.rmtree(maildir)
            copy_owned(os.path.join(self.directory, f"mail-{number}"), maildir)
        path = os.path.join(self.directory, f"case-{len(self.rows)}")
        shutil.copytree(self.profile.path, path, ignore=shutil.ignore_patterns("lock"))
        profile = rig.Profile(self.options.binary, path)
        row = {"proto": proto, "fault": str(fault), "kind": fault.kind if fault else "none", "problems": []}
        for proxy in self.proxies.values():
            proxy.reset_counts()
        if proto:
            self.proxies[proto].fault = fault
        try:
            broken = profile.run("sync", timeout=self.options.patience)
            if broken.returncode not in (0, 1, 3):
                row["problems"].append(f"the broken sync ended with {broken.returncode}")
        except subprocess.TimeoutExpired:
            row["problems"].append(f"the broken sync did not end in {self.options.patience} s")
        row["struck"] = sum(proxy.struck for proxy in self.proxies.values())
        row["most"] = {name: dict(proxy.most) for name, proxy in self.proxies.items()}
        for proxy in self.proxies.values():
            proxy.fault = None
        traces = self.settle()
        for _ in range(3):
            if self.state(path) not in ("queued", "sending", "sent"):
                break
            self.make_due(path)
            profile.run("sync", timeout=self.options.patience)
            traces += self.settle()
        self.judge(row, self.state(path), traces)
        row["problems"] += [f"{name}: {verdict}" for name, verdict in rig.integrity(path).items() if verdict != "ok"]
        if not row["problems"]:
            shutil.rmtree(path)
        return row

    def settle(self):
        self.proxies["imap"].settle()
        return self.proxies["smtp"].settle()

    def judge(self, row, state, traces):
        row["state"] = state
        ended = [trace for trace in traces if END in words_of(trace, "client")]
        left = [trace for trace in traces if re.search(rb"(?m)^354 ", words_of(trace, "server"))]
        answered = [trace for trace in ended if reply_behind_the_end(trace)]
        delivered = self.arrived(len(ended))
        copies = self.servers.message_ids(self.servers.user, "Sent").count(NAME)
        row["delivered"], row["copies"] = delivered, copies
        if delivered > 1:
            row["problems"].append(f"delivered {delivered} times")
        if copies > 1:
            row["problems"].append(f"{copies} copies in Sent")
        if state == "uncertain":
            if not left or answered:
                row["problems"].append("uncertain although " + (
                    "the reply was read" if answered else "the message was never asked for"))
        elif (state, delivered, copies) not in (("done", 1, 1), ("gone", 1, 1)):
            row["problems"].append(f"in the end {state}: {delivered} delivered, {copies} in Sent")

    def arrived(self, expected):
        """How often the mailbox holds the message once all that was taken has come."""
        end = time.monotonic() + 20
        while True:
            found = self.servers.message_ids(self.servers.other, "INBOX").count(NAME)
            if found >= expected or time.monotonic() > end:
                return found
            time.sleep(0.05)

    # -- all -----------------------------------------------------------------------------------

    def run(self):
        self.prepare()
        whole = self.case(None, None)
        if whole["problems"]:
            raise SystemExit("without any fault: " + "; ".join(whole["problems"]))
        self.whole = whole["most"]
        for proto, fault in self.faults():
            if self.options.until and time.time() > self.options.until:
                print(f"the time was up at: {fault}")
                break
            row = self.case(proto, fault)
            self.rows.append(row)
            if self.options.verbose or row["problems"]:
                print(row, file=sys.stderr, flush=True)

    def faults(self):
        chance = random.Random(self.options.seed)
        every = [("smtp", Fault(FAULTS[n % 5], n, side)) for side in ("server", "client")
                 for n in range(1, self.whole["smtp"][side] + 1, self.options.step)]
        filing = [("imap", Fault(chance.choice(FAULTS), chance.randint(1, self.whole["imap"][side]), side))
                  for side in ("server", "client") for _ in range(self.options.filing // 2)]
        if self.options.sample:
            return chance.sample(every + filing, self.options.sample)
        return every + filing

    def report(self):
        print(f"up to {self.whole['smtp']['server']} bytes from the SMTP server and {self.whole['smtp']['client']} to it")
        print(f"{'where':8}{'fault':8}{'cases':>7}{'struck':>8}{'done':>7}{'uncertain':>11}  verdict")
        for proto in ("smtp", "imap"):
            for kind in FAULTS:
                rows = [row for row in self.rows if (row["proto"], row["kind"]) == (proto, kind)]
                if not rows:
                    continue
                bad = [row for row in rows if row["problems"]]
                print(f"{proto:8}{kind:8}{len(rows):>7}{sum(1 for row in rows if row['struck']):>8}"
                      f"{sum(1 for row in rows if row['state'] in ('done', 'gone')):>7}"
                      f"{sum(1 for row in rows if row['state'] == 'uncertain'):>11}  "
                      + ("right" if not bad else f"WRONG in {len(bad)}"))
        return not any(row["problems"] for row in self.rows)


def words_of(trace, wanted):
    return b"".join(data for side, data in trace if side == wanted)


def reply_behind_the_end(trace):
    """Whether a whole reply came behind the final dot."""
    said, heard = b"", b""
    for side, data in trace:
        if side == "client":
            said += data
        elif END in said:
            heard += data
    return re.search(rb"(?m)^\d{3} [^\n]*\n", heard) is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program")
    parser.add_argument("--step", type=int, default=1, help="2: every other byte, and so on")
    parser.add_argument("--filing", type=int, default=100, help="faults anywhere while the copy is filed (default: 100)")
    parser.add_argument("--sample", type=int, default=0, help="only so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stall", type=float, default=0.3, help="seconds of a stall or pause (default: 0.3)")
    parser.add_argument("--patience", type=float, default=300, help="seconds for one sync")
    parser.add_argument("--minutes", type=float, default=0, help="end the run after so long, with what was covered")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    options.until = time.time() + options.minutes * 60 if options.minutes else 0
    if not rig.MailServers.installed():
        print("skipped: Dovecot, Postfix or the right to start them is missing")
        return 77
    with tempfile.TemporaryDirectory(prefix="mailcuts-") as directory, rig.MailServers() as servers:
        campaign = Campaign(options, directory, servers)
        began = time.time()
        campaign.run()
        right = campaign.report()
        print(f"{len(campaign.rows)} cases, {time.time() - began:.0f} s, seed {options.seed}")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
