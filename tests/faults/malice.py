#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole client against a malicious IMAP server: what behaviours.py lists, each with several profiles.

A profile is "empty" (an account and nothing else), "settled" (synced, news waits at the server) or "pending" (synced,
then flags, a move, a copy, a deletion and a new folder are planned while nothing can be reached; it also holds a
draft, and a message in the outbox). Avocet runs on it while the server misbehaves, and again when the server
is honest. The judge looks from outside:

- no crash, no hanging, memory (VmHWM) below a bound, no storm of connections, no idle burning of the processor;
- what was wrong is said in one plain line, and no form of the password came where that is forbidden;
- nobody follows a referral, and no file appears outside of the profile's own;
- behind the malice: SQLite finds the databases sound; drafts, outbox and waiting changes are as they were (or the change
  is at the server); what was cached is there unless the server said that it is gone;
- behind honesty: cache and server say the same, message by message, and each change is there exactly once.
"""

import argparse
import base64
import concurrent.futures
import copy
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import behaviours  # noqa: E402
import hostile  # noqa: E402
import imapmodel  # noqa: E402
import rig  # noqa: E402

MEMORY_BOUND = 400        # MB; a body of 64 MB is taken, and stands twice in memory for a moment
CONNECTIONS_BOUND = 12    # of one invocation
# At the end of a sentence stands what happens next, or what can be done.
ADVICE = re.compile(r"tries again|Try again|connects anew|is safe|was sent|did not sign in|Nothing was|Changes are kept|"
                    r"Check |Enter |ask your|taken back|back as they were|back where|Update |Make room|no folder of that")


def raw(number):
    return rig.plain_message(number, f"number-{number}@malice.test")


def first_mailboxes():
    boxes = imapmodel.Mailboxes()
    inbox = boxes.make("INBOX")
    for number in range(1, 13):
        inbox.add(raw(number), [r"\Seen"] if number % 3 == 0 else [])
    archive = boxes.make("Archive", r"\Archive")
    for number in range(21, 25):
        archive.add(raw(number))
    boxes.make("Trash", r"\Trash")
    boxes.make("Sent", r"\Sent")
    notes = boxes.make("Notes")
    for number in range(31, 34):
        notes.add(raw(number))
    return boxes


def add_news(boxes):
    """What came since the profiles were synced."""
    inbox = boxes["INBOX"]
    for number in range(41, 44):
        inbox.add(raw(number))
    inbox.messages[7].flags.add(r"\Flagged")
    inbox.messages[7].modseq = inbox.touch()
    inbox.remove(8)
    boxes["Notes"].add(raw(44))


# Waiting changes: role -> number of the message in the inbox.
ROLES = {"star": 1, "move": 2, "copy": 3, "delete": 4, "read": 5}
MADE = "Made here"


def expected_places(boxes):
    """{(folder, Message-ID): (seen, flagged)} once all changes are carried out."""
    wanted = {(name, message.message_id): flags_of(message) for name, box in boxes.items()
              for message in box.messages.values()}
    names = {role: f"number-{number}@malice.test" for role, number in ROLES.items()}
    wanted["INBOX", names["star"]] = (wanted["INBOX", names["star"]][0], True)
    wanted["INBOX", names["read"]] = (True, wanted["INBOX", names["read"]][1])
    wanted["Archive", names["move"]] = wanted.pop(("INBOX", names["move"]))
    wanted["Archive", names["copy"]] = wanted["INBOX", names["copy"]]
    wanted["Trash", names["delete"]] = wanted.pop(("INBOX", names["delete"]))
    return wanted


def flags_of(message):
    return r"\Seen" in message.flags, r"\Flagged" in message.flags


def places(boxes, poor):
    """What the server shows; without UIDPLUS what went stays, marked."""
    found, problems = {}, []
    for name, box in boxes.items():
        for message in box.messages.values():
            if poor and r"\Deleted" in message.flags:
                continue
            key = name, message.message_id
            if key in found:
                problems.append(f"{key[1]} is twice in {name}")
            found[key] = flags_of(message)
    return found, problems


class Start:
    """A profile and a mailbox from which cases begin."""

    def __init__(self, campaign, kind, rich):
        self.kind, self.rich = kind, rich
        self.path = os.path.join(campaign.directory, f"{kind}-{'rich' if rich else 'poor'}")
        server = imapmodel.Server(first_mailboxes(), rich)
        profile = rig.Profile(campaign.options.binary, self.path)
        profile.check("account", "add", "--no-verify-login", "--name", "Robin Hale", "--email", "sender@avocet.example",
                      "--user", server.user, "--imap", f"imap://127.0.0.1:{server.port}", "--smtp",
                      f"smtp://127.0.0.1:{campaign.nobody}", "--password-stdin", stdin=server.password + "\n")
        if kind != "empty":
            profile.check("sync")
        server.stop()
        if kind == "pending":
            self.plan(profile)
        add_news(server.mailboxes)
        self.mailboxes = server.mailboxes
        self.owned = owned(self.path)
        self.cached = cached(self.path)

    def plan(self, profile):
        ids = {line["subject"]: str(line["id"]) for line in profile.lines("list", "--folder", "INBOX", "--json")}
        of = {role: ids[f"Number {number}"] for role, number in ROLES.items()}
        profile.check("mark", of["star"], "--star")
        profile.check("mark", of["read"], "--read")
        profile.check("move", of["move"], "--to", "Archive")
        profile.check("move", of["copy"], "--to", "Archive", "--copy")
        profile.check("delete", of["delete"])
        profile.check("folder", "create", MADE)
        profile.check("send", "-", stdin=raw(77).decode().replace(
            "person3@example.org", "sender@avocet.example"))
        connection = sqlite3.connect(os.path.join(self.path, "user.db"))
        with connection:
            connection.execute(
                "INSERT INTO draft(identity, to_addresses, cc_addresses, bcc_addresses, subject, body, in_reply_to,"
                " reference_ids, original, forwards, changed) SELECT min(id), '', '', '', 'A draft', 'Words that must"
                " stay', '', '', 0, 0, 1784256265 FROM identity")
            # Nobody takes it; each try in vain would be told of.
            connection.execute("UPDATE outbox SET next_try = 4000000000000")
        connection.close()


def rows(path, database, query):
    connection = sqlite3.connect(f"file:{os.path.join(path, database)}?mode=ro", uri=True, timeout=20)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def owned(path):
    """What cannot be fetched again."""
    return {"drafts": rows(path, "user.db", "SELECT id, subject, body FROM draft"),
            "outbox": rows(path, "user.db", "SELECT o.id, o.message_id, o.state, m.data FROM outbox o "
                                            "JOIN outbox_message m ON m.outbox = o.id"),
            "accounts": rows(path, "user.db", "SELECT id, email, user FROM account")}


def waiting(path):
    return {row[0]: row[1:] for row in rows(path, "user.db", "SELECT id, kind, state, error FROM operation")}


def cached(path):
    """{(mailbox, Message-ID)} of what lists show or hide."""
    return set(rows(path, "mail.db", "SELECT f.mailbox, h.message_id FROM placement p JOIN folder f ON f.id = p.folder "
                                     "JOIN message_header h ON h.message = p.message"))


class Watcher:
    """Follows a process from outside: its memory and its processor time, read from /proc."""

    def __init__(self, process):
        self.process, self.memory, self.cpu = process, 0, 0.0

    def look(self):
        try:
            with open(f"/proc/{self.process.pid}/status", encoding="ascii", errors="replace") as status:
                found = re.search(r"VmHWM:\s*(\d+)", status.read())
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii", errors="replace") as stat:
                ticks = stat.read().rpartition(")")[2].split()[11:13]
        except (FileNotFoundError, ProcessLookupError):
            return
        if found:
            self.memory = max(self.memory, int(found.group(1)) / 1024)
        self.cpu = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def wait(self, seconds):
        """The exit code, None where it is still running."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look()
            try:
                return self.process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
        return None


class Case:
    def __init__(self, campaign, behaviour, start):
        self.campaign, self.behaviour, self.start = campaign, behaviour, start
        self.problems, self.said = [], ""
        self.memory = self.cpu = self.seconds = 0.0
        self.connections = self.strikes = 0
        self.code = None

    def run(self):
        began = time.monotonic()
        self.path = tempfile.mkdtemp(prefix="case-", dir=self.campaign.directory)
        shutil.copytree(self.start.path, self.path, ignore=shutil.ignore_patterns("lock"), dirs_exist_ok=True)
        self.profile = rig.Profile(self.campaign.options.binary, self.path)
        self.server = self.listen()
        self.tell_account(self.server.port, self.behaviour.security.partition("-")[0])
        try:
            if self.behaviour.watch:
                self.watch()
            else:
                self.misbehave()
            self.judge_malice()
            self.be_honest()
        except Exception as broken:   # pylint: disable=broad-except
            self.problems.append(f"the judge stumbled: {broken!r}")
        finally:
            self.server.stop()
        self.problems += [f"the server stumbled: {mistake}" for mistake in self.server.mistakes[:2]]
        self.seconds = time.monotonic() - began
        if not self.problems or not self.campaign.options.keep:
            shutil.rmtree(self.path, ignore_errors=True)
        return self

    def listen(self):
        behaviour = self.behaviour
        certificate = self.campaign.certificate if behaviour.security in ("starttls", "tls") else None
        server = imapmodel.Server(copy.deepcopy(self.start.mailboxes), self.start.rich,
                                  behaviour.security if certificate else "plain", certificate)
        elsewhere = b"%d" % self.campaign.elsewhere.port

        def attack(session, verb, tag, honest):
            try:
                reply = behaviour.attack(session, verb, tag, honest)
            except imapmodel.Hangup:
                self.strikes += 1
                raise
            self.strikes += reply is not honest and reply != honest
            return reply.replace(b"{elsewhere}", elsewhere) if isinstance(reply, bytes) else reply
        server.attack = attack
        return server

    def tell_account(self, port, security):
        connection = sqlite3.connect(os.path.join(self.path, "user.db"))
        with connection:
            connection.execute("UPDATE account SET imap_port = ?, imap_security = ?, imap_host = 'localhost', ca_file = ?",
                               (port, security, self.campaign.ca_file if security != "plain" else ""))
        connection.close()

    # -- while the server is malicious ---------------------------------------------------------

    def misbehave(self):
        """Twice: what the first run has left behind is what the second begins with."""
        for _ in range(1 if self.behaviour.slow else 2):
            if self.code is None or self.code == 1:
                self.sync_once()

    def sync_once(self):
        self.server.connections = 0
        process = self.profile.start("sync", "--json")
        # The pipes are emptied meanwhile, or a client that has much to say would hang.
        outputs = {}
        readers = [threading.Thread(target=lambda name=name, pipe=pipe: outputs.update({name: pipe.read()}), daemon=True)
                   for name, pipe in (("out", process.stdout), ("err", process.stderr))]
        for reader in readers:
            reader.start()
        watcher = Watcher(process)
        patience = self.campaign.options.patience * (3 if self.behaviour.slow else 1)
        code = watcher.wait(patience)
        if code is None:
            self.problems.append(f"no end in {patience} s")
            process.kill()
            code = process.wait()
        for reader in readers:
            reader.join(10)
        self.note(watcher, code, outputs.get("err", ""))

    def note(self, watcher, code, said):
        self.memory, self.cpu = max(self.memory, watcher.memory), max(self.cpu, watcher.cpu)
        self.connections = max(self.connections, self.server.connections)
        self.code, self.said = code, said.strip() or self.said
        if code < 0:
            self.problems.append(f"killed by {signal.Signals(-code).name}")
        elif code not in (0, 1, 4):
            self.problems.append(f"ended with {code}")
        if (code != 0) != bool(said.strip()):
            self.problems.append(f"ended with {code} and said {said.strip()[:80]!r}")
        for line in said.strip().splitlines():
            if not line.startswith("avocet: ") or len(line) > 1400 or not ADVICE.search(line):
                self.problems.append(f"no plain line: {line[:120]!r}")
            if any(ord(c) < 32 for c in line):
                self.problems.append("control characters in what was said")

    def watch(self):
        process = self.profile.start("watch", "--json")
        watcher = Watcher(process)
        code = watcher.wait(self.campaign.options.watch)
        before = watcher.cpu
        if code is None:
            process.send_signal(signal.SIGINT)
            code = watcher.wait(20)
        if code is None:
            self.problems.append("watch does not end within 20 s")
            process.kill()
            code = process.wait()
        elif code not in (0, -signal.SIGINT):
            self.problems.append(f"watch ended with {code}")
        self.memory, self.cpu, self.connections = watcher.memory, before, self.server.connections
        if before > self.campaign.options.watch / 2:
            self.problems.append(f"watch used {before:.1f} s of the processor in {self.campaign.options.watch} s")

    # -- what is left ---------------------------------------------------------------------------

    def judge_malice(self):
        behaviour, problems = self.behaviour, self.problems
        if behaviour.fails is True and self.code == 0 and not behaviour.watch:
            problems.append("ended with 0, as if all were well")
        if behaviour.fails is False and self.code != 0:
            problems.append(f"ended with {self.code}, and nothing was wrong: {self.said[:100]}")
        if self.memory > MEMORY_BOUND:
            problems.append(f"{self.memory:.0f} MB of memory")
        if self.connections > CONNECTIONS_BOUND:
            problems.append(f"{self.connections} connections")
        if not self.strikes:
            problems.append("the attack never struck")
        if behaviour.secret:
            self.look_for_secrets()
        if self.campaign.elsewhere.visits:
            problems.append("a referral was followed")
        strange = [name for name in os.listdir(self.path) if not re.fullmatch(r"(user|mail|bodies)\.db(-wal|-shm)?|lock|"
                                                                              r"secrets.*|credentials.*|.*\.key", name)]
        if strange:
            problems.append(f"files appeared: {strange[:3]}")
        self.check_kept("behind the malice")
        lost = self.start.cached - cached(self.path) - self.left_by_changes()
        if lost and not behaviour.loses:
            problems.append(f"behind the malice {len(lost)} messages are no longer cached, e.g. {sorted(lost)[0]}")

    def left_by_changes(self):
        """What is gone from where it was since a change was carried out, and what the server removed before."""
        names = [f"number-{ROLES[role]}@malice.test" for role in ("move", "delete")] + ["number-8@malice.test"]
        gone = {("INBOX", name) for name in names}
        if self.behaviour.refuses:
            gone |= {(folder, f"number-{ROLES[role]}@malice.test")
                     for role, folder in (("move", "Archive"), ("copy", "Archive"), ("delete", "Trash"))}
        return gone

    def check_kept(self, when):
        for name, verdict in rig.integrity(self.path).items():
            if verdict != "ok":
                self.problems.append(f"{when} {name}: {verdict}")
        now = owned(self.path)
        for what, before in self.start.owned.items():
            if now[what] != before:
                self.problems.append(f"{when} the {what} are others")
        if not self.behaviour.refuses:
            for kind, state, error in waiting(self.path).values():
                if state == "refused":
                    self.problems.append(f"{when} the waiting {kind} was given up: {error[:60]}")

    def look_for_secrets(self):
        password, user = self.server.password, self.server.user
        forms = [password, base64.b64encode(password.encode()).decode(),
                 base64.b64encode(f"\0{user}\0{password}".encode()).decode()]
        heard = self.server.clear.decode("latin-1")
        if any(form in heard for form in forms) or re.search(r"(?i) (LOGIN|AUTHENTICATE) ", heard):
            self.problems.append("a sign-in came in clear text")

    # -- when it is honest again ----------------------------------------------------------------

    def be_honest(self):
        self.server.attack = None
        self.server.hang_up()
        if self.behaviour.security == "tls-missing":
            self.tell_account(self.server.port, "plain")
        done = None
        for _ in range(3):
            done = self.profile.run("sync", timeout=120)
            if done.returncode == 0:
                break
        if done.returncode:
            self.problems.append(f"no honest sync succeeds: {done.stderr.strip()[:160]}")
            return
        if self.profile.run("sync", timeout=120).returncode:   # finds what the first has brought about
            self.problems.append("a second honest sync fails")
        self.check_kept("in the end")
        self.compare_server()
        self.compare_cache()

    def compare_server(self):
        boxes, poor = self.server.snapshot(), not self.start.rich or self.behaviour.stripped
        found, problems = places(boxes, poor)
        self.problems += problems
        if self.start.kind != "pending" or self.behaviour.refuses:
            return
        wanted = expected_places(self.start.mailboxes)
        for key in sorted(wanted.keys() | found.keys()):
            if wanted.get(key) != found.get(key):
                self.problems.append(f"server: {key[1]} in {key[0]} is {found.get(key)}, not {wanted.get(key)}")
        if MADE not in boxes:
            self.problems.append("server: the folder was not made")
        left = [row for row in waiting(self.path).values() if row[1] != "refused"]
        if left:
            self.problems.append(f"{len(left)} changes still wait")

    def compare_cache(self):
        boxes, poor = self.server.snapshot(), not self.start.rich or self.behaviour.stripped
        paths = sorted(line["path"] for line in self.profile.lines("folders", "--json"))
        if paths != sorted(boxes):
            self.problems.append(f"folders differ: {paths[:8]}")
            return
        for name, box in boxes.items():
            server = {uid: (message.field("Subject"), *flags_of(message)) for uid, message in box.messages.items()
                      if not (poor and r"\Deleted" in message.flags)}
            listed = self.profile.lines("list", "--folder", name, "--json")
            if self.behaviour.contents:
                server = {uid: ("", *row[1:]) for uid, row in server.items()}
            ours = {line["uid"]: ("" if self.behaviour.contents else line["subject"], rig.is_seen(line), rig.is_flagged(line)) for line in listed}
            if ours != server or len(ours) != len(listed):
                wrong = [uid for uid in ours.keys() | server.keys() if ours.get(uid) != server.get(uid)]
                self.problems.append(f"cache of {name}: {len(wrong)} differ, e.g. UID {wrong[:1]}: "
                                     f"{ours.get(wrong[0]) if wrong else None}, at the server "
                                     f"{server.get(wrong[0]) if wrong else None}")
                continue
            for line in [] if self.behaviour.contents else listed[:2]:
                shown = self.profile.run("show", str(line["id"]), "--raw", text=False)
                if shown.stdout != box.messages[line["uid"]].raw:
                    self.problems.append(f"cache of {name}: the body of UID {line['uid']} differs")


class Elsewhere:
    """Where referrals lead: nobody must come."""

    def __init__(self):
        self.visits = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            self.listener.accept()[0].close()
            self.visits += 1


class Campaign:
    def __init__(self, options, directory):
        self.options, self.directory = options, directory
        self.elsewhere = Elsewhere()
        # A port that nobody answers on: bound, and never listened on.
        self.silence = socket.socket()
        self.silence.bind(("127.0.0.1", 0))
        self.nobody = self.silence.getsockname()[1]
        certificates = hostile.Certificates(tempfile.mkdtemp(prefix="certificates-", dir=directory))
        self.certificate, self.ca_file = certificates.leaf("good"), certificates.ca
        self.starts = {}

    def cases(self):
        table = behaviours.table()
        if self.options.only:
            table = [one for one in table if any(word in f"{one.case} {one.words}" for word in self.options.only)]
        chosen = [(one, kind) for one in table for kind in one.starts]
        if self.options.sample:
            quick = [(one, kind) for one, kind in chosen if not one.slow and not one.watch]
            chosen = random.Random(self.options.seed).sample(quick, min(self.options.sample, len(quick)))
        for one, kind in chosen:
            key = kind, one.server == "rich"
            if key not in self.starts:
                self.starts[key] = Start(self, *key)
        # What takes its time by waiting goes first, so that nobody waits for it alone in the end.
        chosen.sort(key=lambda pair: not pair[0].slow)
        return [Case(self, one, self.starts[kind, one.server == "rich"]) for one, kind in chosen]

    def run(self):
        cases = self.cases()
        slow = [case for case in cases if case.behaviour.slow]
        quick = [case for case in cases if not case.behaviour.slow]
        with concurrent.futures.ThreadPoolExecutor(len(slow) or 1) as patient, \
                concurrent.futures.ThreadPoolExecutor(self.options.jobs) as busy:
            running = [patient.submit(case.run) for case in slow] + [busy.submit(case.run) for case in quick]
            for done in concurrent.futures.as_completed(running):
                case = done.result()
                if self.options.verbose or case.problems:
                    print(f"{'WRONG' if case.problems else 'right'} {case.behaviour.case} {case.behaviour.words} "
                          f"({case.start.kind}, {case.seconds:.1f} s): {case.said[:150]} "
                          + "".join(f"\n      {problem}" for problem in case.problems[:6]), file=sys.stderr, flush=True)
        self.done = cases

    def report(self):
        print(f"{'case':7}{'behaviour':62}{'runs':>5}{'said':>6}{'MB':>6}{'CPU s':>7}{'conn':>6}  verdict")
        for behaviour in dict.fromkeys(case.behaviour for case in self.done):
            own = [case for case in self.done if case.behaviour is behaviour]
            wrong = [case for case in own if case.problems]
            verdict = "right" if not wrong else "WRONG: " + "; ".join(sorted({p for c in wrong for p in c.problems}))[:300]
            print(f"{behaviour.case:7}{behaviour.words[:60]:62}{len(own):>5}{sum(1 for c in own if c.said):>6}"
                  f"{max(c.memory for c in own):>6.0f}{max(c.cpu for c in own):>7.1f}"
                  f"{max(c.connections for c in own):>6}  {verdict}")
        wrong = [case for case in self.done if case.problems]
        print(f"\n{len(self.done)} runs of {len({c.behaviour for c in self.done})} behaviours, {len(wrong)} wrong; most memory "
              f"{max(c.memory for c in self.done):.0f} MB")
        return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program")
    parser.add_argument("--only", action="append", help="behaviours with these words in their case or name; may be repeated")
    parser.add_argument("--sample", type=int, default=0, help="only so many quick runs, others with each seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="runs side by side (default: 2); those that wait come on top")
    parser.add_argument("--patience", type=float, default=300, help="seconds for one sync (default: 300), three times where waiting is the point")
    parser.add_argument("--watch", type=float, default=12, help="seconds that watch watches (default: 12)")
    parser.add_argument("--keep", action="store_true", help="keep the profiles of what went wrong")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    if not shutil.which("openssl"):
        print("skipped: openssl is missing")
        return 77
    directory = tempfile.mkdtemp(prefix="malice-")
    right = False
    try:
        campaign = Campaign(options, directory)
        began = time.monotonic()
        campaign.run()
        right = campaign.report()
        print(f"{time.monotonic() - began:.0f} s, seed {options.seed}")
    finally:
        if options.keep and not right:
            print("kept:", directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
