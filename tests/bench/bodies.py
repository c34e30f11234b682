#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""All bodies of a folder stored, then indexed, as ratios to a bare socket that drains them in the same batches.

The headers are in the cache before. A first run through a relay shows the commands; then the bare client, which sends
them with as many in flight, and Avocet take turns at the server. Stored: from the first FETCH to the line that `sync
--json` prints when all bodies are on the disk. Indexed: to the end of the program, when all of them are found. CPU is
the program's, of all its threads, up to that line and behind it.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults"))

import rig  # noqa: E402
from headersync import Drain, Peak  # noqa: E402
from resync import Relay  # noqa: E402


def cpu_of(pid):
    """Milliseconds of all threads so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


class Bench:
    def __init__(self, options, directory, servers):
        self.options, self.directory, self.servers = options, directory, servers
        self.count = 0

    def profile(self, binary, imap):
        """With all headers and no bodies."""
        self.count += 1
        user = self.servers.user
        profile = rig.Profile(binary, os.path.join(self.directory, f"profile-{self.count}"))
        more = ["--ca-file", self.servers.ca_file] if imap.startswith("imaps") else []
        profile.check("account", "add", "--name", "Bench", "--email", user.address, "--user", user.name, "--imap",
                      imap, "--smtp", f"smtp://127.0.0.1:{self.servers.smtp[1]}", *more, "--no-verify-login",
                      "--password-stdin", stdin=user.password + "\n")
        profile.check("sync", "--headers-only", timeout=600)
        return profile

    def recorded(self):
        relay = Relay(self.servers.imap)
        profile = self.profile(self.options.binary[0], f"imap://127.0.0.1:{relay.port}")
        relay.forget()
        profile.check("sync", "--folder", self.options.folder, timeout=900)
        commands = [re.sub(rb"^\S+ ", b"", c) for c in relay.commands() if b"BODY.PEEK[]" in c]
        relay.forget()
        return commands

    def bare(self, fetches):
        drain = Drain(self.servers, self.options.tls)
        took, size, _ = drain.run(f'EXAMINE "{self.options.folder}"'.encode(), fetches, 3)
        drain.close()
        return took, size

    def measure(self, profile):
        """Seconds and milliseconds of CPU until stored and behind that, and the most memory (MB)."""
        began = time.time()
        process = profile.start("sync", "--folder", self.options.folder, "--json")
        peak = Peak(process.pid)
        stored, took, spent = None, 0.0, 0.0
        for text in process.stdout:
            line = json.loads(text)
            if "bodies" in line:
                spent, stored, took = cpu_of(process.pid), time.time(), line["ms"] / 1000
        ended = time.time()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        peak.thread.join()
        if process.returncode:
            raise SystemExit(f"sync ended with {process.returncode}: {process.stderr.read()}")
        total = (usage.ru_utime + usage.ru_stime) * 1000
        if stored is None:   # a program from before storing and indexing came apart
            return ended - began, total, 0.0, 0.0, peak.kilobytes / 1024
        return took, spent, took + ended - stored, total - spent, peak.kilobytes / 1024

    def rounds(self, binary, fetches):
        options, messages = self.options, self.options.messages
        where = (f"imaps://localhost:{self.servers.imaps[1]}" if options.tls
                 else f"imap://127.0.0.1:{self.servers.imap[1]}")
        template = self.profile(binary, where)
        self.bare(fetches)
        ratios, storing, indexing = [], [], []
        for number in range(options.rounds):
            copy = template.path + f"-{number}"
            shutil.copytree(template.path, copy, ignore=shutil.ignore_patterns("lock"))
            bare, size = self.bare(fetches)
            took, cpu, indexed, index_cpu, memory = self.measure(rig.Profile(binary, copy))
            disk = {name: sum(os.path.getsize(os.path.join(copy, file)) for file in os.listdir(copy)
                              if file.startswith(name)) / 1e6 for name in ("bodies.db", "mail.db")}
            shutil.rmtree(copy)
            ratios.append(took / bare)
            storing.append(cpu / messages)
            indexing.append(index_cpu / messages)
            print(f"  bare {bare * 1000:5.0f} ms ({size / 1e6:.0f} MB) | stored {took * 1000:6.0f} ms, ratio "
                  f"{took / bare:5.1f}, CPU {cpu / messages:.3f} ms a message | indexed {indexed * 1000:6.0f} ms, ratio "
                  f"{indexed / bare:5.1f}, CPU {index_cpu / messages:.3f} | {memory:.0f} MB at most, on disk "
                  f"{disk['bodies.db']:.0f} + {disk['mail.db']:.0f} MB", flush=True)
        ratio, index = statistics.median(ratios), statistics.median(indexing)
        right = ratio <= options.max_ratio and index <= options.max_index
        print(f"{messages} bodies, {'TLS' if options.tls else 'plain'}: stored at {ratio:.1f} times a bare socket (goal "
              f"{options.max_ratio:g}) with {statistics.median(storing):.3f} ms of CPU a message, indexed with "
              f"{index:.3f} ms (goal {options.max_index:g}): {'met' if right else 'MISSED'}", flush=True)
        return right


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, action="append",
                        help="the avocet program (an optimised build); several are measured one after the other")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", default="Bench")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--max-ratio", type=float, default=6.0)
    parser.add_argument("--max-index", type=float, default=1.0, help="milliseconds of CPU a message")
    options = parser.parse_args()
    if not rig.MailServers.installed():
        print("skipped: Dovecot, Postfix or the right to start them is missing")
        return 77
    directory = tempfile.mkdtemp(prefix="bench-")
    try:
        with rig.MailServers() as servers:
            rig.fill(servers, options.folder, options.messages, 1, "--heavy")
            bench = Bench(options, directory, servers)
            fetches = bench.recorded()
            right = [bench.rounds(binary, fetches) for binary in options.binary]
            return 0 if all(right) else 1
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
