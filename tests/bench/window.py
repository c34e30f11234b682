#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window beside a real Dovecot: how fast it is there, how quiet it then is, how fast mail comes to it.

  start    from before the program's exec to the first paint of the window, then of the list with rows in it
  idle     memory (PSS) and context switches of all threads once the work in the background has ended
  arrival  one message handed over by LMTP: from the server's notice to the row painted; beside it from the notice that a
           bare IDLE socket got, whose server process may be earlier or later than ours
  first    an empty cache: from the server's OK to the sign-in to the list painted with rows

The program says itself when it painted (app/PaintTrace.h), by the same monotonic clock that this script reads. All is
measured with a warm page cache, where there is Xvfb also there; the median and the worst of some rounds are shown.
"""

import argparse
import contextlib
import email.utils
import os
import re
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults"))

import rig  # noqa: E402
from resync import Relay, report  # noqa: E402


def now():
    """Milliseconds of the clock that the program's lines speak of."""
    return time.monotonic() * 1000


class Window:
    """The program with its window, and the lines in which it says what it has painted."""

    def __init__(self, profile, platform):
        environment = dict(profile.environment, QT_LOGGING_RULES="avocet.paint.debug=true",
                           QT_FORCE_STDERR_LOGGING="1", **platform)
        self.lines = []    # (milliseconds, "window" or "list", rows, newest)
        self.changed = threading.Condition()
        self.started = now()
        self.process = subprocess.Popen([profile.binary, "--profile", profile.path], env=environment,
                                        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stderr:
            found = re.search(r"avocet\.paint: ([\d.]+) (window|list)(?: rows=(\d+) newest=(\d+))?", line)
            if found:
                with self.changed:
                    self.lines.append((float(found[1]), found[2], int(found[3] or 0), int(found[4] or 0)))
                    self.changed.notify_all()

    def wait(self, wanted, seconds=120):
        """The first line that is wanted."""
        def find():
            return next((line for line in self.lines if wanted(line)), None)
        with self.changed:
            if not self.changed.wait_for(find, seconds):
                raise SystemExit(f"the window did not paint what was expected: {self.lines[-3:]}")
            return find()

    def listed(self, rows=1):
        return self.wait(lambda line: line[1] == "list" and line[2] >= rows)

    def cpu(self):
        """Milliseconds of CPU, all threads."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def switches(self):
        """{thread: context switches so far}."""
        found = {}
        tasks = f"/proc/{self.process.pid}/task"
        for task in os.listdir(tasks):
            with contextlib.suppress(OSError), open(f"{tasks}/{task}/status", encoding="ascii") as status:
                text = status.read()
                name = re.search(r"Name:\s+(.*)", text)[1] + " " + task
                found[name] = sum(int(n) for n in re.findall(r"voluntary_ctxt_switches:\s+(\d+)", text))
        return found

    def memory(self, field):
        with open(f"/proc/{self.process.pid}/smaps_rollup", encoding="ascii") as rollup:
            return int(re.search(rf"^{field}:\s+(\d+)", rollup.read(), re.M)[1]) / 1024

    def stop(self):
        self.process.terminate()
        rig.end(self.process, 20)


class Idler:
    """A bare client that waits with IDLE, and when the server told it of how many messages."""

    def __init__(self, servers, user):
        self.seen = []
        self.sock = socket.create_connection(servers.imap, timeout=60)
        self.until(b"* OK")
        for tag, text in ((b"a1", f'LOGIN "{user.name}" "{user.password}"'), (b"a2", "EXAMINE INBOX"), (b"a3", "IDLE")):
            self.sock.sendall(tag + b" " + text.encode() + b"\r\n")
            self.until(b"+ " if tag == b"a3" else tag + b" OK")
        self.sock.settimeout(None)
        threading.Thread(target=self.read, daemon=True).start()

    def until(self, mark):
        data = b""
        while not re.search(b"(^|\n)" + re.escape(mark), data):
            data += self.sock.recv(65536)

    def read(self):
        with contextlib.suppress(OSError):
            while data := self.sock.recv(65536):
                if b"EXISTS" in data:
                    self.seen.append(now())

    def after(self, moment, seconds=20):
        end = now() + seconds * 1000
        while now() < end:
            found = next((when for when in self.seen if when >= moment), None)
            if found:
                return found
            time.sleep(0.002)
        raise SystemExit("the server did not tell of the message")


class Bench:
    def __init__(self, options, directory, servers):
        self.options, self.directory, self.servers = options, directory, servers
        self.right, self.profiles = True, 0
        self.relay = Relay(servers.imap)
        self.ahead = time.time() * 1000 - now()   # the relay's clock is the other one
        # One mailbox for each size, and all of them in one server.
        self.users = {options.messages: servers.user, options.messages // 10: servers.other}
        for size, user in self.users.items():
            subprocess.run([str(rig.SUPPORT / "samplemail"), "--count", str(size), "--folder", "INBOX", "--maildir",
                            servers.about["maildirs"][user.name], "--me", f"Sender <{user.address}>"], check=True,
                           stdout=subprocess.DEVNULL)
            for _ in range(2):   # Dovecot decides at the second look what its cache keeps
                self.bare_first(user)
        self.synced = {}

    def note(self, right):
        self.right = right and self.right

    def told(self, pattern, after=0.0):
        """When the server first sent this to the program, on our clock."""
        found = self.relay.first(pattern, (after + self.ahead) / 1000)
        return found and found * 1000 - self.ahead

    def fresh_profile(self, user):
        self.profiles += 1
        profile = rig.Profile(self.options.binary, os.path.join(self.directory, f"profile-{self.profiles}"))
        profile.check("account", "add", "--name", "Bench", "--email", user.address, "--user", user.name, "--imap",
                      f"imap://127.0.0.1:{self.relay.port}", "--smtp", f"smtp://127.0.0.1:{self.servers.smtp[1]}",
                      "--no-verify-login", "--password-stdin", stdin=user.password + "\n")
        return profile

    def profile(self, size):
        """One whose headers are all here and indexed."""
        if size not in self.synced:
            profile = self.fresh_profile(self.users[size])
            profile.check("sync", "--headers-only", timeout=600)
            # As if all texts were here: what is measured is not the first hour.
            for line in profile.lines("folders", "--json"):
                profile.check("folder", "keep", line["path"], "all" if self.options.bodies else "headers")
            profile.check("search", "nothing")
            self.relay.forget()
            self.synced[size] = profile
        return self.synced[size]

    def platforms(self, stack):
        yield "offscreen", {"QT_QPA_PLATFORM": "offscreen"}
        if shutil.which("Xvfb"):
            ours, its = os.pipe()
            server = subprocess.Popen(["Xvfb", "-displayfd", str(its), "-screen", "0", "1600x1000x24", "-nolisten",
                                       "tcp"], pass_fds=[its], stderr=subprocess.DEVNULL)
            stack.callback(server.wait)
            stack.callback(server.terminate)
            os.close(its)
            with os.fdopen(ours) as line:
                yield "Xvfb", {"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":" + line.readline().strip()}

    def start(self, name, platform):
        window, rows, cpu = [], [], []
        for number in range(self.options.rounds + 1):
            running = Window(self.profile(self.options.messages), platform)
            line = running.listed()
            spent = running.cpu()
            running.listed(self.options.messages)
            if number > 0:   # the first one warms the page cache
                window.append(running.wait(lambda each: each[1] == "window")[0] - running.started)
                rows.append(line[0] - running.started)
                cpu.append(spent)
            running.stop()
        self.note(report(f"start, {name}: window", window, "ms", 200))
        self.note(report(f"start, {name}: list with rows", rows, "ms", 500))
        report(f"start, {name}: CPU until then, all threads", cpu, "ms", None)

    def idle(self, name, platform):
        running = Window(self.profile(self.options.messages), platform)
        running.listed(self.options.messages)
        began, quiet = now(), 0
        while quiet < 4 and now() - began < self.options.patience * 1000:
            before = sum(running.switches().values())
            time.sleep(2)
            quiet = quiet + 1 if sum(running.switches().values()) - before < 8 else 0
        settled = (now() - began) / 1000
        before = running.switches()
        time.sleep(self.options.seconds)
        woke = {thread: count - before.get(thread, 0) for thread, count in running.switches().items()}
        woke = {thread: count for thread, count in woke.items() if count}
        total = sum(woke.values())
        self.note(total == 0)
        print(f"  {f'idle, {name}: context switches in {self.options.seconds} s':58} {total:9}     "
              f"(quiet after {settled:.0f} s){'':5} goal 0 {'met' if total == 0 else 'MISSED: ' + str(woke)}")
        parts = ", ".join(f"{field[4:]} {running.memory(field):.0f}" for field in ("Pss_Anon", "Pss_File", "Pss_Shmem"))
        self.note(report(f"idle, {name}: PSS ({parts})", [running.memory("Pss")], "MB", 130))
        running.stop()

    def arrival(self, size):
        user = self.users[size]
        running = Window(self.profile(size), {"QT_QPA_PLATFORM": "offscreen"})
        running.listed(size)
        idler = Idler(self.servers, user)
        time.sleep(3)
        after_notice, after_bare, after_delivery = [], [], []
        for number in range(self.options.deliveries):
            time.sleep(0.3 + number % 5 * 0.1)
            text = rig.plain_message(number, email.utils.make_msgid()[1:-1]).decode()
            text = re.sub("Date: .*\r\n", f"Date: {email.utils.formatdate()}\r\n", text)
            begun, newest = now(), running.lines[-1][3]
            with smtplib.LMTP("127.0.0.1", self.servers.about["lmtp"]) as lmtp:
                lmtp.sendmail("a@example.org", [user.address], text)
            handed_over = now()
            painted = running.wait(lambda line, newest=newest: line[1] == "list" and line[3] > newest)[0]
            after_notice.append(painted - self.told(rb"\d+ EXISTS", begun))
            after_bare.append(painted - idler.after(begun))
            after_delivery.append(painted - handed_over)
        running.stop()
        report(f"arrival in {size}: row painted after LMTP's 250", after_delivery, "ms", None)
        report(f"arrival in {size}: row painted after a bare client's notice", after_bare, "ms", None)
        self.note(report(f"arrival in {size}: row painted after the server's notice", after_notice, "ms", 50))

    def bare_first(self, user):
        """Milliseconds from a bare client's sign-in to the envelopes of the newest 100."""
        sock = socket.create_connection(self.servers.imap, timeout=300)
        lines = sock.makefile("rb")
        def ask(text):
            sock.sendall(b"a " + text.encode() + b"\r\n")
            found = b""
            for line in lines:
                found += line if b"EXISTS" in line else b""
                if line.startswith(b"a "):
                    return found
            raise SystemExit("the server closed")
        ask(f'LOGIN "{user.name}" "{user.password}"')
        began = now()
        exists = int(re.search(rb"(\d+) EXISTS", ask("SELECT INBOX"))[1])
        ask(f"FETCH {max(1, exists - 99)}:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE "
            "BODY.PEEK[HEADER.FIELDS (FROM SENDER REPLY-TO REFERENCES)])")
        took = now() - began
        sock.close()
        return took

    def first(self, size):
        user = self.users[size]
        took, bare = [], []
        for _ in range(self.options.rounds):
            self.relay.forget()
            profile = self.fresh_profile(user)
            running = Window(profile, {"QT_QPA_PLATFORM": "offscreen"})
            painted = running.listed()[0]
            took.append(painted - self.told(rb"OK .*Logged in"))
            running.stop()
            shutil.rmtree(profile.path)
            bare.append(self.bare_first(user))
        report(f"first screenful of {size}: a bare client's newest 100", bare, "ms", None)
        self.note(report(f"first screenful of {size}: painted after the sign-in", took, "ms", 500))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program (an optimised build)")
    parser.add_argument("--messages", type=int, default=100_000, help="in the large mailbox; the other has a tenth")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--deliveries", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=15, help="how long idle is looked at")
    parser.add_argument("--patience", type=int, default=180, help="seconds for the work in the background")
    parser.add_argument("--bodies", action="store_true", help="fetch all texts too before idle is looked at")
    parser.add_argument("--only", choices=("start", "idle", "arrival", "first"))
    options = parser.parse_args()
    if not rig.MailServers.installed():
        print("skipped: Dovecot, Postfix or the right to start them is missing")
        return 77
    directory = tempfile.mkdtemp(prefix="bench-")
    try:
        with rig.MailServers() as servers:
            bench = Bench(options, directory, servers)
            print(f"window: {options.messages} messages in INBOX, load average {os.getloadavg()[0]:.1f}", flush=True)
            wanted = [options.only] if options.only else ["start", "first", "arrival", "idle"]
            with contextlib.ExitStack() as stack:
                platforms = list(bench.platforms(stack))
                for what in wanted:
                    each = platforms if what in ("start", "idle") else [(size,) for size in sorted(bench.users)]
                    for about in each:
                        getattr(bench, what)(*about)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return 0 if bench.right else 1


if __name__ == "__main__":
    sys.exit(main())
