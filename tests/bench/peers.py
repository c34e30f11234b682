#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sync of one large folder by Avocet, mbsync and neomutt in turns: whole processes, from start to exit.

Everybody talks to the same warm Dovecot without TLS. neomutt keeps a header cache and runs on a terminal
of its own; it is told to quit as soon as its list stands, so it writes no more than it must. mbsync knows no
headers alone: it fetches whole messages, and has its own table with an Avocet that does so too. "again" is
the same with nothing new. Memory is the kernel's VmHWM.
"""

import argparse
import os
import pty
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults"))

import rig  # noqa: E402
from headersync import Peak  # noqa: E402


class Peer:
    """One program: prepare() makes what it needs in a fresh directory, command() is run twice there."""

    def __init__(self, name, prepare, command, environment=None):
        self.name, self.prepare, self.command, self.environment = name, prepare, command, environment
        self.first, self.again, self.memory = [], [], 0

    def run(self, directory):
        """Seconds of one run on a terminal of its own."""
        master, slave = pty.openpty()
        environment = dict(os.environ, TERM="xterm", HOME=directory, LC_ALL="C.UTF-8",
                           **(self.environment(directory) if self.environment else {}))
        started = time.perf_counter()
        process = subprocess.Popen(self.command(directory), stdin=slave, stdout=slave, stderr=slave,
                                   env=environment, cwd=directory, start_new_session=True)
        os.close(slave)
        said = []
        reader = threading.Thread(target=self.drain, args=(master, said))
        reader.start()
        peak = Peak(process.pid)
        code = process.wait(1800)
        seconds = time.perf_counter() - started
        peak.thread.join()
        reader.join()
        os.close(master)
        if code:
            raise SystemExit(f"{self.name} ended with {code}: {b''.join(said)[-400:].decode('utf-8', 'replace')}")
        self.memory = max(self.memory, peak.kilobytes / 1024)
        return seconds

    @staticmethod
    def drain(master, said):
        try:
            while data := os.read(master, 65536):
                said.append(data)
        except OSError:   # EIO: the last writer is gone
            pass

    def measure(self, base):
        directory = tempfile.mkdtemp(dir=base)
        self.prepare(directory)
        self.first.append(self.run(directory))
        self.again.append(self.run(directory))
        count = self.counted(directory)
        shutil.rmtree(directory)
        return count

    def counted(self, directory):
        """How many messages the cache holds, where that can be seen."""
        inside = os.path.join(directory, "mail")
        return sum(len(os.listdir(os.path.join(inside, sub))) for sub in ("cur", "new")) \
            if os.path.isdir(inside) else None

    def line(self):
        return (f"{self.name:34} {statistics.median(self.first):8.2f} s {statistics.median(self.again):8.2f} s "
                f"{self.memory:6.0f} MB")


def write(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def neomutt(servers, folder, qresync):
    def prepare(directory):
        os.mkdir(os.path.join(directory, "headers"))
        write(os.path.join(directory, "rc"), f"""
set folder = "imap://{servers.user.name}@127.0.0.1:{servers.imap[1]}/"
set spoolfile = "+{folder}"
set imap_pass = "{servers.user.password}"
set ssl_starttls = no
set ssl_force_tls = no
set header_cache = "{directory}/headers"
set imap_condstore = yes
set imap_qresync = {"yes" if qresync else "no"}
set wait_key = no
set quit = yes
push "<quit>"
""")
    return Peer("neomutt, header cache" + (", QRESYNC" if qresync else ""), prepare,
                lambda directory: ["neomutt", "-n", "-F", os.path.join(directory, "rc")])


def mbsync(servers, folder):
    def prepare(directory):
        write(os.path.join(directory, "rc"), f"""
IMAPStore far
Host 127.0.0.1
Port {servers.imap[1]}
User {servers.user.name}
Pass {servers.user.password}
SSLType None

MaildirStore near
Path {directory}/
Inbox {directory}/inbox

Channel all
Far :far:{folder}
Near :near:mail
Create Near
Sync Pull
SyncState *
""")
    return Peer("mbsync (isync)", prepare,
                lambda directory: ["mbsync", "-q", "-c", os.path.join(directory, "rc"), "all"])


def avocet(binary, servers, folder, headers_only):
    profiles = {}

    def prepare(directory):
        profile = profiles[directory] = rig.Profile(binary, os.path.join(directory, "profile"))
        user = servers.user
        profile.check("account", "add", "--name", "Bench", "--email", user.address, "--user", user.name,
                      "--imap", f"imap://127.0.0.1:{servers.imap[1]}",
                      "--smtp", f"smtp://127.0.0.1:{servers.smtp[1]}", "--ca-file", servers.ca_file,
                      "--no-verify-login", "--password-stdin", stdin=user.password + "\n")

    return Peer("Avocet" + (", headers" if headers_only else ", bodies and search index"), prepare,
                lambda directory: [binary, "--profile", profiles[directory].path, "sync", "--folder", folder]
                + (["--headers-only"] if headers_only else []),
                lambda directory: {key: profiles[directory].environment[key]
                                   for key in ("XDG_RUNTIME_DIR", "AVOCET_SECRETS", "QT_QPA_PLATFORM")})


def table(title, peers, rounds, base):
    for _ in range(rounds):
        for peer in peers:
            peer.measure(base)
    print(f"\n{title}\n{'':34} {'first':>10} {'again':>10} {'memory':>9}")
    for peer in peers:
        print(peer.line(), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program (an optimised build)")
    parser.add_argument("--messages", type=int, default=100_000, help="for the headers")
    parser.add_argument("--bodies", type=int, default=10_000, help="messages for the bodies")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    missing = [name for name in ("mbsync", "neomutt") if not shutil.which(name)]
    if missing or not rig.MailServers.installed():
        print("skipped: " + ", ".join(missing or ["Dovecot or Postfix"])
              + " is missing (packaging/install servers bench)")
        return 77
    base = tempfile.mkdtemp(prefix="peers-")
    binary = os.path.abspath(arguments.binary)
    try:
        with rig.MailServers() as servers:
            rig.fill(servers, "Headers", arguments.messages, 1)
            rig.fill(servers, "Bodies", arguments.bodies, 2)
            headers = [avocet(binary, servers, "Headers", True), neomutt(servers, "Headers", True),
                       neomutt(servers, "Headers", False)]
            avocet(binary, servers, "Headers", True).measure(base)   # warms Dovecot's cache
            avocet(binary, servers, "Headers", True).measure(base)
            version = re.search(r"NeoMutt \S+", subprocess.run(["neomutt", "-v"], capture_output=True, text=True,
                                                               check=False).stdout)
            print(version.group(0) if version else "neomutt",
                  subprocess.run(["mbsync", "-v"], capture_output=True, text=True, check=False).stdout.strip(),
                  f"load {os.getloadavg()[0]:.1f}", sep=", ")
            table(f"headers of {arguments.messages} messages", headers, arguments.rounds, base)
            table(f"{arguments.bodies} whole messages",
                  [avocet(binary, servers, "Bodies", False), mbsync(servers, "Bodies")], arguments.rounds, base)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
