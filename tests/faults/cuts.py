#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts, resets, stalls, pauses and drips the connection at every byte while waiting changes go to the server.

One profile is synced, then moves, copies, deletions and marks are planned while nothing can be reached,
and new mail arrives. Mailbox and profile as they then are is where each case starts: a sync whose
connections break after N bytes, then syncs without a fault until one succeeds. The server, read with
imaplib, must then hold each message exactly once where it belongs, copies included, with its flags; and
the cache must say the same as the server, message by message (witness.py).

cut and reset end each connection after N bytes, stall ends it after a silence, drip brings it there byte by byte; after
a pause it goes on, and the sync must then succeed. never stays silent until the client gives up, which takes minutes: a few.

"rich" is the server as it is, "poor" the same with no extension that a client can do without (no MOVE, no UIDPLUS).
"""

import argparse
import collections
import json
import os
import random
import re
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import rig  # noqa: E402
from witness import Witness  # noqa: E402

FAULTS = ("cut", "reset", "stall", "drip", "pause")
HERE, THERE, TRASH = "Here", "There", "Trash"


class Fault:
    """What happens to each connection after `after` bytes from `side`."""

    def __init__(self, kind, after, side="server"):
        self.kind, self.after, self.side = kind, after, side

    def __str__(self):
        return f"{self.kind} after {self.after} from the {self.side}"


class Line:
    """One connection through the proxy, driven by one thread: a socket that another thread reads cannot be reset."""

    def __init__(self, proxy, client):
        self.proxy, self.client, self.fault = proxy, client, proxy.fault
        self.server = socket.create_connection(proxy.target, timeout=20)
        self.passed = {"server": 0, "client": 0}
        self.trace = []
        self.stop = threading.Event()
        for sock in (self.client, self.server):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        ways = {self.server: (self.client, "server"), self.client: (self.server, "client")}
        try:
            while not self.stop.is_set():
                for source in select.select(list(ways), [], [], 0.05)[0]:
                    sink, side = ways[source]
                    data = source.recv(65536)
                    if not data or not self.hand_on(sink, data, side):
                        return
        except OSError:
            pass
        finally:
            self.server.close()
            self.client.close()

    def hand_on(self, sink, data, side):
        fault = self.fault
        room = len(data)
        if fault and side == fault.side:
            room = max(0, fault.after - self.passed[side])
        piece = data[:room]
        if fault and fault.kind == "drip":
            for number in range(len(piece)):
                sink.sendall(piece[number:number + 1])
        elif piece:
            sink.sendall(piece)
        self.passed[side] += len(piece)
        self.trace.append((side, piece))
        self.proxy.most[side] = max(self.proxy.most[side], self.passed[side])
        rest = data[room:]
        # Exactly at the byte, and not only when the next one comes: what was asked is then done there already.
        if fault and side == fault.side and self.passed[side] >= fault.after:
            self.proxy.struck += 1
            if fault.kind in ("stall", "pause"):
                self.stop.wait(self.proxy.stall)
            if fault.kind == "never":
                self.wait_for_the_client()
            if fault.kind == "pause":
                self.fault = None
                return not rest or self.hand_on(sink, rest, side)
            if fault.kind == "reset":
                self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        return True


    def wait_for_the_client(self):
        """Until it hangs up; what it says meanwhile goes nowhere."""
        while not self.stop.is_set():
            if select.select([self.client], [], [], 0.2)[0] and not self.client.recv(65536):
                return


class Proxy:
    """Accepts for ever; `closed` turns everybody away, as a machine without a network finds it."""

    def __init__(self, target, stall):
        self.target, self.stall = target, stall
        self.fault, self.closed = None, False
        self.lines = []
        self.reset_counts()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def reset_counts(self):
        self.most = {"server": 0, "client": 0}
        self.struck = 0

    def accept(self):
        while True:
            client = self.listener.accept()[0]
            if self.closed:
                client.close()
                continue
            try:
                self.lines.append(Line(self, client))
            except OSError:
                client.close()

    def settle(self):
        """Until no connection of the last run is left: the server must have let go of the mailbox."""
        for line in self.lines:
            line.stop.set()
        for line in self.lines:
            line.thread.join(10)
        traces, self.lines = [line.trace for line in self.lines], []
        return traces


class Campaign:
    def __init__(self, options, directory, servers, poor):
        self.options, self.directory, self.servers, self.poor = options, directory, servers, poor
        self.proxy = Proxy(servers.imap, options.stall)
        self.user = servers.user
        self.maildir = servers.about["maildirs"][self.user.name]
        self.start_mail = os.path.join(directory, f"mail-{poor}")
        self.rows, self.unfinished = [], False

    # -- where each case starts ----------------------------------------------------------------

    def prepare(self):
        shutil.rmtree(self.maildir, ignore_errors=True)
        connection = self.servers.login(self.user)
        for folder in (HERE, THERE, TRASH):
            connection.create(folder)
            connection.subscribe(folder)
        roles = ("move", "move", "copy", "copy", "delete", "purge", "mark", "unmark", "markmove", "stay", "stay")
        self.names = [f"{role}-{number}@cuts.test" for number, role in enumerate(roles)]
        for number, name in enumerate(self.names):
            flags = r"(\Seen)" if name.startswith("unmark") else None
            connection.append(HERE, flags, None, rig.plain_message(number, name))
        connection.logout()
        self.profile = rig.Profile(self.options.binary, os.path.join(self.directory, f"start-{self.poor}"))
        port = self.proxy.port
        self.profile.check("account", "add", "--name", "Alice Sender", "--email", self.user.address,
                           "--user", self.user.name, "--imap", f"imap://127.0.0.1:{port}", "--smtp",
                           "smtp://127.0.0.1:%d" % self.servers.smtp[1], "--password-stdin",
                           stdin=self.user.password + "\n")
        self.profile.check("sync", "--json")
        self.plan()
        connection = self.servers.login(self.user)
        for number in range(2):
            name = f"new-{number}@cuts.test"
            self.names.append(name)
            connection.append(HERE, None, None, rig.plain_message(90 + number, name))
        connection.logout()
        self.proxy.settle()
        copy_owned(self.maildir, self.start_mail)

    def plan(self):
        self.proxy.closed = True
        self.proxy.settle()
        ids = {line["subject"]: str(line["id"]) for line in
               self.profile.lines("list", "--folder", HERE, "--json")}

        def of(role):
            return [ids[f"Number {n}"] for n, name in enumerate(self.names) if name.split("-")[0] == role]

        self.profile.check("mark", *of("mark"), "--read", "--star")
        self.profile.check("mark", *of("unmark"), "--unread")
        self.profile.check("mark", *of("markmove"), "--star")
        self.profile.check("move", *of("move"), *of("markmove"), "--to", THERE)
        self.profile.check("move", *of("copy"), "--to", THERE, "--copy")
        self.profile.check("delete", *of("delete"))
        self.profile.check("delete", *of("purge"), "--for-good")
        self.proxy.closed = False

    def expected(self):
        """{(folder, Message-ID): (seen, flagged)}"""
        flags = {"mark": (True, True), "markmove": (False, True)}
        places = {"move": (THERE,), "markmove": (THERE,), "copy": (HERE, THERE), "delete": (TRASH,), "purge": ()}
        return {(folder, name): flags.get(name.split("-")[0], (False, False)) for name in self.names
                for folder in places.get(name.split("-")[0], (HERE,))}

    # -- one case ------------------------------------------------------------------------------

    def case(self, fault):
        self.restore()
        path = os.path.join(self.directory, f"case-{len(self.rows)}-{self.poor}")
        shutil.copytree(self.profile.path, path, ignore=shutil.ignore_patterns("lock"))
        profile = rig.Profile(self.options.binary, path)
        row = {"fault": str(fault) if fault else "none", "kind": fault.kind if fault else "none",
               "problems": [], "syncs": 0}
        self.proxy.reset_counts()
        self.proxy.fault = fault
        try:
            faulty = profile.run("sync", "--json", timeout=900 if fault and fault.kind == "never" else self.options.patience)
            row["exit"] = faulty.returncode
            if faulty.returncode not in (0, 1):
                row["problems"].append(f"the broken sync ended with {faulty.returncode}")
            if faulty.returncode and fault and fault.kind == "pause":
                row["problems"].append(f"a pause was too much: {faulty.stderr.strip()[:200]}")
        except subprocess.TimeoutExpired:
            row["problems"].append(f"the broken sync did not end in {self.options.patience} s")
        row["struck"], row["most"] = self.proxy.struck, dict(self.proxy.most)
        self.proxy.fault = None
        row["trace"] = self.proxy.settle()
        self.recover(profile, row)
        if not row["problems"]:
            row["problems"] += self.compare_server() + Witness(self.servers, self.user).compare(path)
        for name, verdict in rig.integrity(path).items():
            if verdict != "ok":
                row["problems"].append(f"{name}: {verdict}")
        if not row["problems"] or not self.options.keep:
            shutil.rmtree(path)
        trace = row.pop("trace")
        if not fault:
            row["dialogues"] = trace
        if row["problems"] and self.options.traces:
            self.write_trace(row, trace)
        return row

    def write_trace(self, row, trace):
        """The dialogues of all connections, in the order in which they began."""
        os.makedirs(self.options.traces, exist_ok=True)
        name = ("poor " if self.poor else "rich ") + row["fault"]
        with open(os.path.join(self.options.traces, name.replace(" ", "-") + ".txt"), "wb") as out:
            out.write("; ".join(row["problems"]).encode() + b"\n")
            for number, line in enumerate(trace):
                out.write(b"--- connection %d\n" % number)
                for side, data in line:
                    for text in data.splitlines():
                        out.write((b"S: " if side == "server" else b"C: ") + hide_secrets(text) + b"\n")

    def restore(self):
        self.proxy.settle()
        shutil.rmtree(self.maildir)
        copy_owned(self.start_mail, self.maildir)

    def recover(self, profile, row):
        for _ in range(self.options.retries):
            row["syncs"] += 1
            done = profile.run("sync", "--json", timeout=self.options.patience)
            row["trace"] += self.proxy.settle()
            if done.returncode == 0:
                return
        row["problems"].append(f"no sync succeeded: {done.stderr.strip()[-200:]}")

    def on_server(self):
        """{folder: {uid: (Message-ID, seen, flagged)}}"""
        found = {}
        connection = self.servers.login(self.user)
        for folder in (HERE, THERE, TRASH, "INBOX"):
            connection.select(folder, readonly=True)
            found[folder] = {}
            reply = connection.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
            for part in reply:
                if not isinstance(part, tuple):
                    continue
                uid = int(re.search(rb"UID (\d+)", part[0]).group(1))
                name = re.search(rb"<([^>]+)>", part[1]).group(1).decode()
                deleted = rb"\Deleted" in part[0]
                found[folder][uid] = (name, rb"\Seen" in part[0], rb"\Flagged" in part[0], deleted)
        connection.logout()
        return found

    def compare_server(self):
        counts = collections.Counter()
        wrong = []
        wanted = self.expected()
        for folder, rows in self.on_server().items():
            for name, seen, flagged, deleted in rows.values():
                # Without UIDPLUS what is moved or purged stays, marked \Deleted: a plain EXPUNGE is never sent.
                if deleted and self.poor:
                    continue
                counts[folder, name] += 1
                if (folder, name) in wanted and wanted[folder, name] != (seen, flagged):
                    wrong.append(f"{role(name)} in {folder} has the flags seen={seen} flagged={flagged}")
        for folder, name in wanted.keys() - counts.keys():
            wrong.append(f"{role(name)} is missing in {folder}")
        for (folder, name), count in counts.items():
            if (folder, name) not in wanted:
                wrong.append(f"{role(name)} is in {folder}")
            elif count > 1:
                wrong.append(f"{role(name)} is {count} times in {folder}")
        return wrong

    # -- all -----------------------------------------------------------------------------------

    def run(self):
        self.prepare()
        whole = self.case(None)
        if whole["problems"]:
            raise SystemExit("without any fault: " + "; ".join(whole["problems"]))
        self.whole = whole["most"]
        self.delicate = delicate_bytes(whole["dialogues"])
        for fault in self.faults():
            if self.options.until and time.time() > self.options.until:
                self.unfinished = True
                break
            started = time.time()
            row = self.case(fault)
            row["seconds"] = round(time.time() - started, 2)
            self.rows.append(row)
            if self.options.verbose:
                print(json.dumps(row), file=sys.stderr, flush=True)

    def faults(self):
        """Every byte with each fault in turn, every byte of the replies to changes wherever they stand, then random
        ones; a sample takes some of each."""
        chance = random.Random(self.options.seed)
        first = range(self.options.first, min(self.options.bytes, self.whole["server"]) + 1, self.options.step)
        every = [Fault(FAULTS[n % 5], n) for n in first]
        delicate = [Fault(FAULTS[n % 5], n) for n in self.delicate if not self.options.bytes or n not in first
                    or self.options.sample]
        wild = []
        for _ in range(self.options.random):
            side = chance.choice(("server", "server", "client"))
            wild.append(Fault(chance.choice(FAULTS), chance.randint(1, self.whole[side]), side))
        never = [Fault("never", chance.choice(self.delicate)) for _ in range(self.options.never)]
        parts = [never, every, delicate, wild]
        if self.options.sample:
            share = -(-self.options.sample // 3)
            parts.remove(never)
            parts = [sorted(chance.sample(part, min(len(part), share)), key=lambda f: f.after) for part in parts]
        return [fault for part in parts for fault in part]

    def report(self):
        kind = "poor" if self.poor else "rich"
        print(f"\n{kind} server, up to {self.whole['server']} bytes from it and {self.whole['client']} to it "
              "on a connection")
        print(f"{'fault':8}{'cases':>7}{'struck':>8}{'syncs after':>13}  verdict")
        for fault in (*FAULTS, "never"):
            rows = [row for row in self.rows if row["kind"] == fault]
            if not rows:
                continue
            bad = [row for row in rows if row["problems"]]
            struck = sum(1 for row in rows if row["struck"])
            print(f"{fault:8}{len(rows):>7}{struck:>8}{max(row['syncs'] for row in rows):>13}  "
                  + ("right" if not bad else f"WRONG in {len(bad)}"))
        if self.unfinished:
            print(f"the time was up at: {self.rows[-1]['fault']}")
        for row in self.rows:
            if row["problems"]:
                print(f"  {row['fault']}: {'; '.join(sorted(set(row['problems'])))}")
        return not any(row["problems"] for row in self.rows)


def role(name):
    return name.split("@")[0]


def delicate_bytes(dialogues):
    """How many bytes had come from the server at each byte of its answers to what changes a mailbox: what was
    asked is done there by then, and the client does not know it yet."""
    found = set()
    for dialogue in dialogues:
        passed, changing = 0, False
        for side, data in dialogue:
            if side == "client":
                changing = re.search(rb" (COPY|MOVE|STORE|EXPUNGE) ", data) is not None
                if changing:
                    found.add(passed)
                continue
            if changing:
                found.update(range(passed + 1, passed + len(data) + 1))
            passed += len(data)
    return sorted(n for n in found if n)


def hide_secrets(text):
    """Passwords are the tests' own, but a trace is handed around."""
    if re.fullmatch(rb"(\+ )?[A-Za-z0-9+/]{12,}=*", text):
        return b"..."
    return re.sub(rb"(?i)(AUTHENTICATE \S+|LOGIN) .*", rb"\1 ...", text)


def copy_owned(source, target):
    """Owners and times too: the mail is another user's."""
    subprocess.run(["cp", "-a", source, target], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program")
    parser.add_argument("--server", choices=("rich", "poor", "both"), default="both")
    parser.add_argument("--bytes", type=int, default=2048, help="each byte up to this one (default: 2048)")
    parser.add_argument("--random", type=int, default=400, help="further faults anywhere (default: 400)")
    parser.add_argument("--sample", type=int, default=0, help="only about so many, a third of them random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--never", type=int, default=3, help="silences without end (default: 3)")
    parser.add_argument("--first", type=int, default=1, help="begin with this byte, to go on with a run")
    parser.add_argument("--step", type=int, default=1, help="2: every other byte, and so on")
    parser.add_argument("--stall", type=float, default=0.3, help="seconds of a stall or pause (default: 0.3)")
    parser.add_argument("--retries", type=int, default=3, help="syncs without a fault until one succeeds")
    parser.add_argument("--patience", type=float, default=300, help="seconds for one sync; 900 where a silence has no end")
    parser.add_argument("--minutes", type=float, default=0, help="end the run after so long, with what was covered")
    parser.add_argument("--keep", action="store_true", help="keep the profiles of what went wrong")
    parser.add_argument("--traces", help="a directory for the dialogues of what went wrong")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    options.until = time.time() + options.minutes * 60 if options.minutes else 0
    if not rig.MailServers.installed():
        print("skipped: Dovecot, Postfix or the right to start them is missing")
        return 77
    directory = tempfile.mkdtemp(prefix="cuts-")
    right = False
    try:
        right = True
        started = time.time()
        for poor in (False, True):
            if options.server == ("rich" if poor else "poor"):
                continue
            with rig.MailServers(*(["--poor"] if poor else [])) as servers:
                campaign = Campaign(options, directory, servers, poor)
                campaign.run()
                right = campaign.report() and right
        print(f"{time.time() - started:.0f} s, seed {options.seed}")
    finally:
        if options.keep and not right:
            print("kept:", directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
