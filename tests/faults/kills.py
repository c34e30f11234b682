#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills Avocet (-9) at named points of sync and of sending, lets it finish, and counts what is left.

Each message is its own witness: after the restart its Message-ID must be in exactly one of delivered,
queued, uncertain and failed; the mailbox of the recipient must hold it once at most; Sent must hold one
copy of what was delivered; uncertain is right only where the last byte of the final dot had left and no
250 had been read. Sync is judged by comparing the cache with the server, message by message (witness.py); a move, a
copy or a deletion also by where each Message-ID is in the end, and how often.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import filing  # noqa: E402
import rig  # noqa: E402
from proxy import END_MARKER, HALF_MARKER, Proxy  # noqa: E402
from witness import Witness  # noqa: E402

# name of the phase -> point of the proxy at which the owner dies, in the order of a message's life.
SEND_PHASES = {
    "send:durable-before-connect": "smtp:connect",
    "send:connect": "smtp:ehlo",
    "send:auth": "smtp:auth",
    "send:auth-ok": "smtp:auth-ok",
    "send:mail": "smtp:mail",
    "send:rcpt": "smtp:rcpt",
    "send:rcpt-ok": "smtp:rcpt-ok",
    "send:data": "smtp:data",
    "send:data-start": "smtp:data-start",
    "send:data-half": "smtp:data-half",
    "send:before-dot": "smtp:before-dot",
    "send:after-dot-not-delivered": "smtp:dot",
    "send:after-dot-before-250": "smtp:250-held",
    "send:at-250": "smtp:250",
    "send:after-250-before-close": "smtp:after-250",
    "send:sent-search": "imap:sent-search",
    "send:append-start": "imap:append",
    "send:append-half": "imap:append-half",
    "send:append-end": "imap:append-end",
    "send:append-before-ok": "imap:append-held",
    "send:append-after": "imap:append-done",
    # At no point that has a name, but at any moment of sending and filing; of one message, and of several that waited
    # and leave on one connection.
    "send:anywhere": None,
    "send:several-anywhere": None,
}
SEVERAL = 5

# "first" is a profile that has never synced, "again" one that has, after changes at the server.
SYNC_PHASES = {
    "sync:connect": ("first", "imap:connect"),
    "sync:login": ("first", "imap:login"),
    "sync:list": ("first", "imap:list"),
    "sync:list-done": ("first", "imap:list-done"),
    "sync:select": ("first", "imap:select"),
    "sync:select-done": ("first", "imap:select-done"),
    "sync:fetch-batch-1": ("first", "imap:fetch-headers#1"),
    "sync:fetch-batch-1-half": ("first", "imap:fetch-headers-half#1"),
    "sync:fetch-batch-1-done": ("first", "imap:fetch-headers-done#1"),
    "sync:fetch-batch-2-half": ("first", "imap:fetch-headers-half#2"),
    "sync:fetch-batch-3-held": ("first", "imap:fetch-headers-held#3"),
    "sync:fetch-batch-4-done": ("first", "imap:fetch-headers-done#4"),
    "sync:body-fetch": ("first", "imap:fetch-body#1"),
    "sync:body-fetch-half": ("first", "imap:fetch-body-half#1"),
    "sync:body-fetch-done": ("first", "imap:fetch-body-done#1"),
    "sync:resync": ("again", "imap:select"),
    "sync:resync-held": ("again", "imap:select-held"),
    "sync:resync-done": ("again", "imap:select-done"),
    "sync:new-held": ("again", "imap:fetch-headers-held"),
    "sync:flag-store": ("mark", "imap:store"),
    "sync:flag-store-before-ok": ("mark", "imap:store-held"),
    "sync:flag-store-done": ("mark", "imap:store-done"),
    # At no point that has a name, but at any moment that a whole sync takes.
    "sync:anywhere-first": ("first", None),
    "sync:anywhere-again": ("again", None),
}

# A few messages are moved, copied or deleted for good; on a server with MOVE and UIDPLUS, and with --poor on one
# without.
CHANGE_PHASES = {
    "move:select-done": ("move", "imap:select-done"),
    "move:move": ("move", "imap:move"),
    "move:move-held": ("move", "imap:move-held"),
    "move:move-done": ("move", "imap:move-done"),
    "copy:copy": ("copy", "imap:copy"),
    "copy:copy-held": ("copy", "imap:copy-held"),
    "copy:copy-done": ("copy", "imap:copy-done"),
    "delete:store-held": ("delete", "imap:store-held"),
    "delete:expunge": ("delete", "imap:expunge"),
    "delete:expunge-held": ("delete", "imap:expunge-held"),
    "delete:expunge-done": ("delete", "imap:expunge-done"),
}
POOR_PHASES = {
    "move:status-held": ("move", "imap:status-held"),
    "move:copy": ("move", "imap:copy"),
    "move:copy-held": ("move", "imap:copy-held"),
    "move:copy-done": ("move", "imap:copy-done"),
    "move:store": ("move", "imap:store"),
    "move:store-held": ("move", "imap:store-held"),
    "move:store-done": ("move", "imap:store-done"),
    "copy:status": ("copy", "imap:status"),
    "copy:copy": ("copy", "imap:copy"),
    "copy:copy-held": ("copy", "imap:copy-held"),
    "copy:copy-done": ("copy", "imap:copy-done"),
    "delete:store": ("delete", "imap:store"),
    "delete:store-held": ("delete", "imap:store-held"),
}

DELIVERED = ("sent", "filed", "done")
QUEUED = ("queued", "sending", "committing")


class Executioner:
    """Kills one process once, at one point."""

    def __init__(self, proxy, point, delay):
        self.proxy, self.point, self.delay = proxy, point, delay
        self.process = None
        self.ready = threading.Event()
        self.done = threading.Event()

    def arm(self):
        self.proxy.forget()
        self.proxy.hook = self.hook

    def aim(self, process):
        self.process = process
        self.ready.set()

    def hook(self, event):
        if self.point is None or self.done.is_set() or not event.matches(self.point):
            return None
        self.ready.wait(20)
        if self.delay:
            time.sleep(self.delay)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.done.set()
        return "cut"

    def strike_after(self, seconds):
        """A process that was quicker is not struck."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.done.set()

    def disarm(self):
        self.proxy.hook = None


class Campaign(filing.Filing):
    def __init__(self, arguments, directory, servers):
        self.options = arguments
        self.directory = directory
        self.servers = servers
        self.random = random.Random(arguments.seed)
        self.proxy = Proxy(smtp=servers.smtp, imap=servers.imap,
                           log_file=os.path.join(directory, "proxy.jsonl")).start()
        self.witness = Witness(servers, servers.user)
        self.rows = []
        self.sent = {}   # Message-ID -> phase
        self.serial = 0
        self.takes_to_send = {}

    # -- profiles ----------------------------------------------------------------------------

    def new_profile(self, name, source=None):
        path = os.path.join(self.directory, name)
        if source:
            shutil.copytree(source, path, ignore=shutil.ignore_patterns("lock"))
        return rig.Profile(self.options.binary, path)

    def prepare(self):
        self.sender = self.new_profile("sender")
        self.add_account(self.sender)
        empty = self.new_profile("empty")
        self.add_account(empty)
        self.empty = empty.path
        self.sender.check("sync", "--json")

    def add_account(self, profile):
        user = self.servers.user
        profile.check("account", "add", "--name", "Alice Sender", "--email", user.address,
                      "--user", user.name, "--imap", f"imap://127.0.0.1:{self.proxy.ports['imap']}",
                      "--smtp", f"smtp://127.0.0.1:{self.proxy.ports['smtp']}", "--password-stdin",
                      stdin=user.password + "\n")

    def prepare_sync(self):
        rig.fill(self.servers, self.options.folder, self.options.messages, self.options.seed)
        synced = self.new_profile("synced", self.empty)
        began = time.time()
        synced.check("sync", "--json")
        self.takes = {"first": time.time() - began, "again": 0.2}
        self.synced = synced.path

    # -- sending -----------------------------------------------------------------------------

    def message(self, phase):
        """Small ones leave by DATA, large ones in chunks."""
        self.serial += 1
        size = self.options.size if self.serial % 2 else self.options.size // 20
        name = f"kill-{self.options.seed}-{self.serial}-{phase.partition(':')[2]}@client.test"
        line = b"All the words of this line are here to fill the message, number %06d.\r\n"
        filler = b"".join(line % n for n in range(size // 2 // 70))
        text = (f"From: Alice Sender <{self.servers.user.address}>\r\n"
                f"To: {self.servers.other.address}\r\nSubject: {phase} {self.serial}\r\n"
                f"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <{name}>\r\n"
                "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n").encode()
        path = os.path.join(self.directory, f"message-{self.serial}.eml")
        with open(path, "wb") as out:
            out.write(text + filler + HALF_MARKER + b"\r\n" + filler + END_MARKER + b"\r\n")
        return name, path

    def kill_anywhere(self, phase, _delay):
        """Several wait, or one is just given; the owner dies after any time that this takes."""
        count = SEVERAL if "several" in phase else 1
        self.sender.check("outbox", "pause")
        rows = []
        for _ in range(count):
            message_id, path = self.message(phase)
            self.sender.check("send", path)
            rows.append({"phase": phase, "id": message_id, "problems": [], "killed": False, "part": bool(rows)})
            self.sent[message_id] = rows[-1]
        self.sender.check("outbox", "resume")
        executioner = Executioner(self.proxy, None, 0)
        executioner.arm()
        began = time.time()
        owner = self.sender.start("watch", "--json")
        executioner.aim(owner)
        takes = self.takes_to_send.get(phase, 1.0)
        executioner.strike_after(self.random.uniform(0, takes))
        rows[0]["killed"] = executioner.done.is_set()
        executioner.disarm()
        time.sleep(0.05)
        self.check_databases(self.sender, rows[0])
        for row in rows:
            self.finish_sending(row) if row is rows[-1] else None
        for row in rows[:-1]:
            item = self.outbox().get(row["id"])
            row["state"] = item["state"] if item else "gone"
        # Kills are to fall into the work, not behind it: as long as it took this time, and a little more.
        self.takes_to_send[phase] = min(4.0, 0.8 * takes + 0.2 * 1.3 * (time.time() - began))
        self.rows += rows[1:]
        return rows[0]

    def kill_while_sending(self, phase, delay):
        if SEND_PHASES[phase] is None:
            return self.kill_anywhere(phase, delay)
        message_id, path = self.message(phase)
        executioner = Executioner(self.proxy, SEND_PHASES[phase], delay)
        row = {"phase": phase, "id": message_id, "problems": []}
        self.sent[message_id] = row
        resident = self.random.random() < 0.5
        row["owner"] = "watch" if resident else "send"
        if resident:
            owner = self.sender.start("watch", "--json")
            self.sender.wait_for_owner()
            executioner.arm()
            executioner.aim(owner)
            client = self.sender.start("send", path)
        else:
            executioner.arm()
            owner = client = self.sender.start("send", "--wait", path)
            executioner.aim(owner)
        row["killed"] = executioner.done.wait(self.options.patience)
        executioner.disarm()
        row["exit"] = rig.end(client, self.options.patience)
        if not row["killed"]:
            rig.end(owner, 0)
        time.sleep(0.05)   # the proxy's thread writes down what the dead process had left
        self.check_databases(self.sender, row)
        self.finish_sending(row)
        return row

    def finish_sending(self, row):
        watch = self.sender.start("watch", "--json")
        end = time.time() + self.options.patience
        item = None
        while time.time() < end:
            outbox = self.outbox()
            item = outbox.get(row["id"])
            if all(line["state"] in ("done", "uncertain", "failed", "cancelled") for line in outbox.values()):
                break
            time.sleep(0.1)
        row["state"] = item["state"] if item else "gone"
        row["attempts"] = item.get("attempts") if item else None
        if rig.interrupt(watch) not in (0, -signal.SIGINT):
            row["problems"].append(f"watch ended with {watch.returncode}")
        self.check_databases(self.sender, row)

    def outbox(self):
        lines = self.sender.lines("outbox", "--json")
        return {line["messageId"].strip("<>"): line for line in lines}

    def judge_sending(self):
        """Once, at the end, over everything that was sent: a late double counts as well."""
        self.settle_deliveries()
        inbox = self.servers.message_ids(self.servers.other, "INBOX")
        copies = self.servers.message_ids(self.servers.user, "Sent")
        outbox = self.outbox()
        for message_id, row in self.sent.items():
            item = outbox.get(message_id)
            state = item["state"] if item else "gone"
            if state != row["state"]:
                row["problems"].append(f"state went from {row['state']} to {state}")
            row["delivered"] = inbox.count(message_id)
            row["copies"] = copies.count(message_id)
            row["class"] = self.class_of(state, row["delivered"])
            row["problems"] += self.problems_of(row, self.proxy.of_message(message_id))

    def settle_deliveries(self):
        """Waits until all that the server accepted has reached the mailbox."""
        accepted = {t.message_id for t in self.proxy.transactions if t.reply_from_server == 250}
        end = time.time() + 30
        while time.time() < end:
            if accepted <= set(self.servers.message_ids(self.servers.other, "INBOX")):
                return
            time.sleep(0.3)

    @staticmethod
    def class_of(state, delivered):
        if state in DELIVERED or (state == "gone" and delivered):
            return "delivered"
        if state in QUEUED:
            return "queued"
        return state

    @staticmethod
    def problems_of(row, transactions):
        problems = []
        kind, delivered, copies = row["class"], row["delivered"], row["copies"]
        if delivered > 1:
            problems.append(f"delivered {delivered} times")
        if copies > 1:
            problems.append(f"{copies} copies in Sent")
        if kind == "delivered" and (delivered, copies) != (1, 1):
            problems.append(f"said delivered: {delivered} in the mailbox, {copies} in Sent")
        if kind == "queued":
            problems.append("still queued after the restart")
            if any(t.reply_from_server == 250 for t in transactions):
                problems.append("queued although the server has it")
        if kind == "failed":
            problems.append("failed although nothing was refused")
        if kind == "gone":
            problems.append("lost: neither in the outbox nor in the mailbox")
        if kind == "uncertain":
            # The client has certainly read the 250 only if it went on after it.
            if any(t.acted_after_reply for t in transactions):
                problems.append("uncertain although the 250 was read")
            elif not any(t.dot_from_client for t in transactions):
                # "committing" must be durable before the dot is written, so a kill between the two
                # leaves it uncertain. Only there: everything but the dot must have left.
                row["window"] = any(t.end_from_client for t in transactions)
                if not row["window"]:
                    problems.append("uncertain although the dot was not due yet")
        return problems

    # -- sync --------------------------------------------------------------------------------

    def kill_while_syncing(self, phase, delay):
        kind, point = SYNC_PHASES[phase]
        number = len(self.rows)
        source = self.empty if kind == "first" else self.synced
        profile = self.new_profile(f"sync-{number}", source)
        row = {"phase": phase, "owner": kind, "problems": []}
        executioner = Executioner(self.proxy, point, delay)
        command = ["sync", "--json"]
        marked = None
        if kind == "again":
            self.servers.disturb(self.options.folder, self.random)
        if kind == "mark":
            listed = profile.lines("list", "--folder", self.options.folder, "--limit", "400", "--json")
            marked = self.random.choice([m for m in listed if not rig.is_flagged(m)])
            command = ["mark", str(marked["id"]), "--star", "--wait"]
        executioner.arm()
        owner = profile.start(*command)
        executioner.aim(owner)
        if point is None:
            executioner.strike_after(self.random.uniform(0, self.takes[kind]))
        self.await_strike(executioner, owner, row)
        self.check_databases(profile, row)
        again = profile.run("sync", "--json", timeout=120)
        if again.returncode:
            row["problems"].append(f"sync after the kill: {again.returncode} {again.stderr.strip()}")
        else:
            row["problems"] += self.witness.compare(profile.path) + self.starred(marked)
        self.check_databases(profile, row)
        if not row["problems"]:
            shutil.rmtree(profile.path)
        return row

    def starred(self, marked):
        """Whether what was marked before the kill has reached the server."""
        if not marked or self.servers.flags(self.servers.user, self.options.folder)[marked["uid"]][1]:
            return []
        return [f"the star on UID {marked['uid']} never reached the server"]

    # -- moves, copies, deletions ------------------------------------------------------------

    def prepare_changes(self):
        connection = self.servers.login(self.servers.user)
        connection.create("Target")
        connection.logout()
        self.changer = self.new_profile("changer", self.empty)
        self.changer.check("sync", "--json")

    def fresh_messages(self, count=4):
        """New messages in the inbox, known to the cache: [(Message-ID, row)]."""
        names = []
        connection = self.servers.login(self.servers.user)
        for _ in range(count):
            self.serial += 1
            name = f"change-{self.options.seed}-{self.serial}@client.test"
            connection.append("INBOX", None, None, rig.plain_message(self.serial, name))
            names.append((name, f"Number {self.serial}"))
        connection.logout()
        self.changer.check("sync", "--json")
        listed = {line["subject"]: line for line in
                  self.changer.lines("list", "--folder", "INBOX", "--limit", "50", "--json")}
        return [(name, listed[subject]) for name, subject in names]

    def kill_while_changing(self, phase, delay):
        kind, point = self.changes()[phase]
        row = {"phase": phase, "owner": kind, "problems": []}
        messages = self.fresh_messages()
        ids = [str(line["id"]) for _, line in messages]
        command = {"move": ["move", *ids, "--to", "Target"],
                   "copy": ["move", *ids, "--to", "Target", "--copy"],
                   "delete": ["delete", *ids, "--for-good"]}[kind]
        executioner = Executioner(self.proxy, point, delay)
        executioner.arm()
        owner = self.changer.start(*command, "--wait")
        executioner.aim(owner)
        self.await_strike(executioner, owner, row)
        self.check_databases(self.changer, row)
        for _ in range(2):   # the second finds what the first has brought about
            again = self.changer.run("sync", "--json", timeout=120)
            if again.returncode:
                row["problems"].append(f"sync after the kill: {again.returncode} {again.stderr.strip()}")
        wanted = {"move": (0, 1), "copy": (1, 1), "delete": (0, 0)}[kind]
        for name, line in messages:
            there = tuple(self.servers.holds(self.servers.user, folder, name)
                          for folder in ("INBOX", "Target"))
            if there != wanted:
                row["problems"].append(f"{name}: {there[0]} in the inbox, {there[1]} in the target")
        row["problems"] += self.witness.compare(self.changer.path)
        shown = {line["id"] for line in self.changer.lines("list", "--folder", "Target", "--json")}
        if kind == "move" and not {line["id"] for _, line in messages} <= shown:
            row["problems"].append("a moved message has another id")
        self.check_databases(self.changer, row)
        return row

    def changes(self):
        return POOR_PHASES if self.options.poor else CHANGE_PHASES

    def executioner(self, point, delay):
        return Executioner(self.proxy, point, delay)

    def await_strike(self, executioner, owner, row):
        """Until the owner was struck, or has ended by itself, or time is up."""
        end = time.time() + self.options.patience
        while time.time() < end and not executioner.done.is_set() and owner.poll() is None:
            executioner.done.wait(0.02)
        executioner.done.wait(0.2)
        row["killed"] = executioner.done.is_set()
        executioner.disarm()
        rig.end(owner, 1 if row["killed"] else self.options.patience)

    # -- both --------------------------------------------------------------------------------

    def check_databases(self, profile, row):
        for name, verdict in rig.integrity(profile.path).items():
            if verdict != "ok":
                row["problems"].append(f"{name}: {verdict}")

    def run(self, phases):
        self.prepare()
        if any(phase in SYNC_PHASES for phase in phases):
            self.prepare_sync()
        if any(phase in self.changes() for phase in phases):
            self.prepare_changes()
        if any(phase in filing.phases(self.options.poor) for phase in phases):
            self.prepare_filing()
        for number in range(self.options.count):
            phase = phases[number % len(phases)]
            # Half of the kills fall at once, the others a little later: the client is then
            # somewhere between this point and the next.
            delay = 0 if number // len(phases) % 2 == 0 else self.random.uniform(0, 0.01)
            kill = (self.kill_while_sending if phase in SEND_PHASES else
                    self.kill_while_syncing if phase in SYNC_PHASES else
                    self.kill_while_changing if phase in self.changes() else self.kill_while_filing)
            started = time.time()
            row = kill(phase, delay)
            row["seconds"] = round(time.time() - started, 1)
            self.rows.append(row)
            if self.options.verbose:
                print(json.dumps(row), file=sys.stderr, flush=True)
        if self.sent:
            self.judge_sending()
        self.proxy.stop()

    def report(self, phases):
        print(f"{'phase':32}{'kills':>6}{'deliv':>7}{'queued':>7}{'uncert':>7}{'failed':>7}{'Sent':>6}"
              f"  verdict")
        bad = unreached = windows = 0
        for phase in phases:
            rows = [r for r in self.rows if r["phase"] == phase]
            if not rows:
                continue
            killed = [r for r in rows if r["killed"]]
            count = {k: sum(1 for r in rows if r.get("class") == k)
                     for k in ("delivered", "queued", "uncertain", "failed")}
            copies = sum(r.get("copies", 0) for r in rows)
            problems = [p for r in rows for p in r["problems"]]
            missed = sum(1 for r in rows if not r["killed"] and not r.get("part"))
            if "anywhere" not in phase:   # else it was quicker, which is its right
                unreached += missed
            bad += len(problems)
            early = sum(1 for r in rows if r.get("window"))
            windows += early
            verdict = "right" if not problems else "WRONG: " + "; ".join(sorted(set(problems)))
            if early:
                verdict += f", {early} between the durable state and the dot"
            if missed:
                verdict += f" (the point was not reached {missed} times)"
            numbers = [count[k] for k in ("delivered", "queued", "uncertain", "failed")] + [copies]
            if phase not in SEND_PHASES:
                numbers = ["-"] * 5
            columns = "".join(f"{n:>{w}}" for n, w in zip(numbers, (7, 7, 7, 7, 6)))
            print(f"{phase:32}{len(killed):>6}{columns}  {verdict}")
        print(f"\ncompared by imaplib: {self.witness.messages} messages, {self.witness.bodies} bodies")
        kills = sum(1 for r in self.rows if r["killed"])
        print(f"{kills} kills in {len({r['phase'] for r in self.rows if r['killed']})} phases, "
              f"{bad} problems, {unreached} points not reached, seed {self.options.seed}")
        print(f"uncertain with all but the dot written: {windows}; with the dot written and no 250 read: "
              f"{sum(1 for r in self.rows if r.get('class') == 'uncertain') - windows}")
        return bad == 0 and unreached == 0


def chosen(patterns, poor):
    every = (list(SYNC_PHASES) + list(POOR_PHASES if poor else CHANGE_PHASES) + list(filing.phases(poor)) +
             ([] if poor else list(SEND_PHASES)))
    if not patterns:
        return every
    phases = [p for p in every if any(p == w or p.startswith(w) for w in patterns.split(","))]
    if not phases:
        sys.exit("no such phase; there are: " + " ".join(every))
    return phases


def interleaved(phases, count, seed):
    """For a short run: evenly spaced phases, others with each seed."""
    if count >= len(phases):
        return phases
    step = len(phases) / count
    return [phases[(int(i * step) + seed) % len(phases)] for i in range(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program")
    parser.add_argument("--count", type=int, default=84, help="kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phases", help="names or beginnings of names, with commas")
    parser.add_argument("--messages", type=int, default=4500, help="in the folder that is synced")
    parser.add_argument("--size", type=int, default=400_000, help="bytes of a message that is sent")
    parser.add_argument("--folder", default="Kills")
    parser.add_argument("--patience", type=float, default=30, help="seconds for one step")
    parser.add_argument("--poor", action="store_true",
                        help="on a server without extensions")
    parser.add_argument("--keep", action="store_true", help="keep the directory and say where it is")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    if not rig.MailServers.installed():
        print("skipped: Dovecot, Postfix or the right to start them is missing")
        return 77
    phases = interleaved(chosen(arguments.phases, arguments.poor), arguments.count, arguments.seed)
    directory = tempfile.mkdtemp(prefix="kills-")
    right = False
    try:
        with rig.MailServers(*(["--poor"] if arguments.poor else [])) as servers:
            campaign = Campaign(arguments, directory, servers)
            started = time.time()
            campaign.run(phases)
            right = campaign.report(phases)
            print(f"{time.time() - started:.0f} s")
    finally:
        if arguments.keep:
            print("kept:", directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
