#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disturbs sending at each stage, before a scripted server and before real Postfix, and judges what became of the message.

Each case is one message to three people on a fresh profile. The connection is cut, reset or stalled, or the server answers
4xx, 5xx, 421, without end or not in its language; then all is well again and the waiting message is tried once more. In
the end everybody has it once (or the state says who has not, and why), Sent holds one copy, and "uncertain" stood only where
the client had written all and had read no whole reply. The servers' logs of how far each message got are the judge.
"""

import argparse
import itertools
import os
import queue
import random
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import rig  # noqa: E402
from mailcuts import Campaign as Mailcuts  # noqa: E402
from proxy import Proxy  # noqa: E402
from smtpscript import END_MARKER, HALF_MARKER, ScriptServer  # noqa: E402

PEOPLE = ("one@script.test", "two@script.test", "three@script.test")
BREAKS = ("cut", "reset", "stall")
ANSWERS = ("451 4.3.0 not now", "550 5.7.1 not this", "421 4.3.2 closing")
SPEECH = ("endless", "garbage")
COMMON = ("greeting", "ehlo", "auth", "mail", "rcpt#1", "rcpt#2", "rcpt#3")
DATA = ("data", "in-data", "before-dot", "dot", "after-250", "quit")
BDAT = ("bdat", "in-chunk", "last", "after-250", "quit")
TLS = ("first-ehlo", "starttls", "handshake", "ehlo", "auth", "mail")
# Points of the proxy before Postfix, in order.
POINTS = ("connect", "ehlo", "auth", "auth-ok", "mail", "mail-ok", "rcpt#1", "rcpt#2", "rcpt-ok#2", "data", "data-start",
          "data-half", "before-dot", "dot", "250-held", "250", "after-250", "quit")
PROXY_BREAKS = ("cut", "reset", "stall")
# One of three is told to wait, or refused, and then the line breaks behind the end: what became of the others says nothing of him.
MIXED = {"one waits": "450 4.2.0 greylisted", "one refused": "550 5.1.1 nobody here"}
REAL = ("postfix", "to myself")   # uncertain of what one writes to oneself is resolved by looking into the inbox


def cases():
    """(server, chunked, stage, kind, taken all the same)"""
    every = []
    for server in ("plain", "pipelined"):
        for stage in COMMON + DATA:
            kinds = BREAKS + (ANSWERS + SPEECH if stage not in ("after-250",) else ())
            every += [(server, False, stage, kind, False) for kind in kinds]
        every += [(server, False, "dot", kind, True) for kind in BREAKS]
    for stage in BDAT:
        kinds = BREAKS + (ANSWERS + SPEECH if stage not in ("after-250",) else ())
        every += [("chunking", True, stage, kind, False) for kind in kinds]
    every += [("chunking", True, "last", kind, True) for kind in BREAKS]
    for stage in TLS:
        kinds = BREAKS + (ANSWERS + SPEECH if stage != "handshake" else ("garbage",))
        every += [("starttls", False, stage, kind, False) for kind in kinds]
    every += [("postfix", chunked, point, kind, False) for chunked in (False, True)
              for point in POINTS for kind in PROXY_BREAKS]
    for server in MIXED:
        every += [(server, False, "dot", kind, taken) for kind in BREAKS for taken in (False, True)]
        every += [(server, False, stage, kind, False) for stage in ("before-dot", "after-250") for kind in BREAKS]
        every += [(server, False, "dot", kind, False) for kind in ANSWERS]
    every += [("to myself", chunked, "250-held", kind, False) for chunked in (False, True) for kind in PROXY_BREAKS]
    return every


def filler(count):
    return "".join(f"All the words of this line are here to fill the message, number {n:06}.\r\n" for n in range(count))


class Site:
    """One worker's servers and template profiles."""

    def __init__(self, options, directory, servers, number):
        self.options, self.servers, self.number = options, servers, number
        self.directory = os.path.join(directory, f"site-{number}")
        os.makedirs(self.directory)
        self.scripts, self.profiles = {}, {}
        self.serial = 0
        self.proxy = Proxy(smtp=servers.smtp).start()

    def tls_files(self):
        key, certificate = (os.path.join(self.directory, name) for name in ("key.pem", "cert.pem"))
        if not os.path.exists(key):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                            "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
                            "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        return key, certificate

    def script(self, name):
        if name not in self.scripts:
            context = None
            if name == "starttls":
                key, certificate = self.tls_files()
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate, key)
            self.scripts[name] = ScriptServer(name != "plain", name == "chunking", context, self.options.stall)
        return self.scripts[name]

    def profile(self, name):
        """A copy of one that was set up and has synced."""
        if name not in self.profiles:
            path = os.path.join(self.directory, "start-" + name)
            profile = rig.Profile(self.options.binary, path)
            user = self.servers.user
            port = self.proxy.ports["smtp"] if name in REAL else self.script(name).port
            smtp = f"smtp+starttls://localhost:{port}" if name == "starttls" else f"smtp://127.0.0.1:{port}"
            words = ["account", "add", "--name", "Alice Sender", "--email", user.address, "--user", user.name, "--imap",
                     f"imap://127.0.0.1:{self.servers.imap[1]}", "--smtp", smtp, "--no-verify-login",
                     "--password-stdin"]
            if name == "starttls":
                words += ["--ca-file", self.tls_files()[1]]
            profile.check(*words, stdin=user.password + "\n")
            self.profiles[name] = path
        self.serial += 1
        path = os.path.join(self.directory, f"case-{self.serial}")
        shutil.copytree(self.profiles[name], path, ignore=shutil.ignore_patterns("lock"))
        return rig.Profile(self.options.binary, path)

    def message(self, people, chunked):
        name = f"matrix-{self.options.seed}-{self.number}-{self.serial}@client.test"
        half = filler(600 if chunked else 40)
        return name, (f"From: Alice Sender <{self.servers.user.address}>\r\nTo: {', '.join(people)}\r\n"
                      f"Subject: case {self.serial}\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <{name}>\r\n\r\n"
                      f"{half}{HALF_MARKER.decode()}\r\n{half}{END_MARKER.decode()}\r\n")

    # -- one case

    def run(self, case):
        server, chunked, stage, kind, taken = case
        row = {"server": server + ("+chunks" if server in REAL and chunked else ""), "stage": stage, "kind": kind[:3]
               if kind[0].isdigit() else kind, "taken": taken, "problems": []}
        profile = self.profile(server)
        people = PEOPLE
        if server == "postfix":
            people = (self.servers.other.address, self.servers.other.address.replace("@", "+second@"))
        elif server == "to myself":
            people = (self.servers.user.address,)
        name, text = self.message(people, chunked)
        row["id"] = name
        self.arm(server, stage, kind, taken)
        began = time.time()
        try:
            profile.run("send", "--wait", "-", stdin=text, timeout=self.options.patience)
        except subprocess.TimeoutExpired:
            row["problems"].append(f"hung: not done in {self.options.patience} s")
        row["seconds"] = round(time.time() - began, 1)
        row["struck"] = self.disarm(server)
        item = self.item(profile, name)
        row["at first"] = item["state"] if item else "lost"
        self.judge_first(row, item, server, name, kind, stage)
        self.finish(row, profile, name)
        item = self.item(profile, name)
        row["state"] = item["state"] if item else "lost"
        self.judge_last(row, item, server, name, people)
        row["problems"] += [f"{base}: {verdict}" for base, verdict in rig.integrity(profile.path).items()
                            if verdict != "ok"]
        if not row["problems"]:
            shutil.rmtree(profile.path)
        return row

    def arm(self, server, stage, kind, taken):
        if server in REAL:
            self.proxy.forget()
            self.proxy.struck = 0

            def hook(event):
                if not event.matches("smtp:" + (stage if "#" in stage else stage + "#1")):
                    return None
                self.proxy.struck += 1
                if kind == "stall":
                    time.sleep(self.options.stall)
                return "reset" if kind == "reset" else "cut"
            self.proxy.hook = hook
            return
        script = self.script(server)
        script.reset()
        script.take_at_dot = taken
        script.fault = (stage, kind)
        if server in MIXED:
            script.also = {"rcpt#2": MIXED[server]}

    def disarm(self, server):
        if server in REAL:
            self.proxy.hook = None
            time.sleep(0.4)   # what the client had written when it was cut off is still being read
            return self.proxy.struck
        script = self.script(server)
        script.fault = None
        script.also = {}
        script.settle()
        return script.struck

    def item(self, profile, name):
        for line in profile.lines("outbox", "--json"):
            if line["messageId"].strip("<>") == name:
                return line
        return None

    def attempts(self, server, name):
        """[(the client had written the end, the whole reply that the client may have read)]"""
        if server in REAL:
            return [(t.dot_from_client, t.reply_from_server if t.reply_to_client else 0)
                    for t in self.proxy.of_message(name)]
        return [(a.ended, a.answered) for a in self.script(server).attempts if a.message_id == name]

    def judge_first(self, row, item, server, name, kind, stage):
        if not row["struck"]:
            row["problems"].append("the stage was not reached")
        if not item:
            row["problems"].append("lost from the outbox")
            return
        attempts = self.attempts(server, name)
        row["ended"] = sum(1 for ended, _ in attempts if ended)
        if item["state"] == "uncertain":
            # A client that leaves a flood unread resets the connection, and what it had written last is lost to the log.
            flooded = kind == "endless" and stage in ("in-data", "before-dot")
            if not flooded and not any(ended and not answer for ended, answer in attempts):
                row["problems"].append("uncertain although the end had not left, or the reply was read")
        elif any(ended and not answer for ended, answer in attempts) and item["state"] not in ("uncertain", "done", "sent"):
            # The end that was written into a connection which the client knew to be broken is none.
            if server not in REAL and stage in ("dot", "last"):
                row["problems"].append(f"{item['state']} although the end had left and no reply came")
        if kind[0] == "5" and stage in ("mail", "data", "dot", "bdat", "last") and item["state"] != "failed":
            row["problems"].append(f"{item['state']} although the server refused it for good")
        if kind[0] == "4" and stage != "quit" and not stage.startswith("rcpt") and item["state"] not in (
                "queued", "uncertain"):
            row["problems"].append(f"{item['state']} although the server said to try again")

    def finish(self, row, profile, name):
        """All is well again: what waits is tried, what failed is sent again by the user's wish."""
        for _ in range(4):
            item = self.item(profile, name)
            if not item or item["state"] in ("done", "cancelled"):
                return
            if item["state"] == "uncertain" and row["server"].startswith("to myself"):
                self.mail_has_come(name)
            elif item["state"] == "uncertain" and row["server"] in MIXED and row["taken"]:
                self.provider_files(name)
            elif item["state"] == "uncertain":
                return
            if item["state"] == "failed":
                row["failed"] = True
                profile.run("outbox", "retry", str(item["id"]), timeout=self.options.patience)
                continue
            Mailcuts.make_due(profile.path)
            profile.run("sync", timeout=self.options.patience)

    def judge_last(self, row, item, server, name, people):
        if server in REAL:
            delivered = self.postfix_delivered(row, name, people)
        else:
            delivered = [to for mid, to in self.script(server).delivered if mid == name]
        row["delivered"] = len(delivered)
        for one in people:
            if delivered.count(one) > 1:
                row["problems"].append(f"{one} has it {delivered.count(one)} times")
        copies = self.servers.message_ids(self.servers.user, "Sent").count(name)
        row["copies"] = copies
        if not item:
            row["problems"].append("lost")
        elif item["state"] == "done":
            refused = {r["address"] for r in item["recipients"] if r["state"] == "refused"}
            missing = set(people) - set(delivered) - refused
            if missing:
                row["problems"].append(f"said done, and {', '.join(sorted(missing))} has it not")
            if refused & set(delivered):
                row["problems"].append("said refused, and delivered")
            if copies != 1:
                row["problems"].append(f"done with {copies} copies in Sent")
        elif item["state"] == "uncertain":
            if copies:
                row["problems"].append("uncertain, and filed")
        else:
            row["problems"].append(f"in the end {item['state']}: {item.get('reply')}")

    def provider_files(self, name):
        """What was taken is in Sent, as providers do it: the client's look finds it there."""
        if name in self.servers.message_ids(self.servers.user, "Sent"):
            return
        connection = self.servers.login(self.servers.user)
        connection.create("Sent")
        connection.append("Sent", r"(\Seen)", None, f"Message-ID: <{name}>\r\nSubject: filed\r\n\r\nx\r\n".encode())
        connection.logout()

    def mail_has_come(self, name):
        end = time.time() + 15
        while time.time() < end and name not in self.servers.message_ids(self.servers.user, "INBOX"):
            time.sleep(0.2)

    def postfix_delivered(self, row, name, people):
        """Both addresses lead to one mailbox, so Postfix may store one or two; twice as many would be a double."""
        accepted = sum(1 for t in self.proxy.of_message(name) if t.reply_from_server == 250)
        row["accepted"] = accepted
        end = time.time() + 15
        found = 0
        while time.time() < end:
            owner = self.servers.user if len(people) == 1 else self.servers.other
            found = self.servers.message_ids(owner, "INBOX").count(name)
            if found >= accepted:
                break
            time.sleep(0.2)
        if accepted > 1:
            row["problems"].append(f"the server took it {accepted} times")
        if row["server"].startswith("to myself") and row["at first"] == "uncertain" and row["state"] != "done":
            row["problems"].append("not found although it is in the inbox")
        return list(people) if found else []


def silent_forever(options, directory, servers):
    """A peer that says nothing more and stays: the client's own patience ends each, all at once."""
    rows = []
    lock = threading.Lock()

    def one(number, stage):
        site = Site(options, directory, servers, 100 + number)
        script = site.script("pipelined")
        script.stall = 200
        site.options.patience = 150
        row = site.run(("pipelined", False, stage, "stall", False))
        row["kind"] = "silence"
        with lock:
            rows.append(row)
    stages = [s for s in COMMON + ("data", "in-data", "before-dot")]
    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(stages)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rows


def report(rows):
    print(f"{'server':16}{'stage':12}{'cases':>6}{'queued':>8}{'uncert.':>8}{'failed':>8}{'done':>6}{'longest':>9}  verdict")
    bad = 0
    key = lambda row: (row["server"], row["stage"])  # noqa: E731
    order = {pair: n for n, pair in reversed(list(enumerate(key(row) for row in rows)))}
    for (server, stage), group in itertools.groupby(sorted(rows, key=lambda r: order[key(r)]), key=key):
        group = list(group)
        count = lambda state: sum(1 for r in group if r["at first"] == state)  # noqa: E731
        wrong = [r for r in group if r["problems"]]
        bad += len(wrong)
        verdict = "right" if not wrong else "WRONG: " + "; ".join(f"{r['kind']}: {', '.join(r['problems'])}" for r in wrong)
        print(f"{server:16}{stage:12}{len(group):>6}{count('queued'):>8}{count('uncertain'):>8}{count('failed'):>8}"
              f"{count('done'):>6}{max(r['seconds'] for r in group):>8.1f}s  {verdict}")
    lost = sum(1 for r in rows if any("lost" in p for p in r["problems"]))
    doubles = sum(1 for r in rows if any("times" in p for p in r["problems"]))
    hangs = sum(1 for r in rows if any("hung" in p for p in r["problems"]))
    print(f"\n{len(rows)} points: lost {lost}, silent duplicates {doubles}, hangs {hangs}, wrong in any way {bad}; uncertain "
          f"{sum(1 for r in rows if r['at first'] == 'uncertain')}, to oneself and resolved by looking "
          f"{sum(1 for r in rows if r['server'].startswith('to myself') and r['state'] == 'done')}")
    return bad == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program")
    parser.add_argument("--sample", type=int, default=0, help="only so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--stall", type=float, default=0.5, help="seconds of a stall")
    parser.add_argument("--patience", type=float, default=60, help="seconds until a case counts as hung")
    parser.add_argument("--only", default="", help="cases whose 'server stage kind' contains this")
    parser.add_argument("--silence", action="store_true", help="also peers that say nothing more and stay: two minutes")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    if not rig.MailServers.installed():
        print("skipped: Dovecot, Postfix or the right to start them is missing")
        return 77
    every = [case for case in cases() if options.only in f"{case[0]} {case[2]} {case[3]}"]
    if options.sample:
        every = random.Random(options.seed).sample(every, options.sample)
    rows, work, lock = [], queue.Queue(), threading.Lock()
    for number, case in enumerate(every):
        work.put((number, case))

    def labour(site):
        while True:
            try:
                number, case = work.get_nowait()
            except queue.Empty:
                return
            try:
                row = site.run(case)
            except Exception as error:  # noqa: BLE001 - one broken case must not end the others
                row = {"server": case[0], "stage": case[2], "kind": case[3], "problems": [repr(error)], "at first": "?",
                       "state": "?", "seconds": 0}
            with lock:
                rows.append((number, row))
                if options.verbose or row["problems"]:
                    print(row, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="sending-") as directory, rig.MailServers() as servers:
        began = time.time()
        sites = [Site(options, directory, servers, n) for n in range(options.workers)]
        threads = [threading.Thread(target=labour, args=(site,)) for site in sites]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done = [row for _, row in sorted(rows, key=lambda pair: pair[0])]
        if options.silence:
            done += silent_forever(options, directory, servers)
        right = report(done)
        print(f"{time.time() - began:.0f} s, seed {options.seed}")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
