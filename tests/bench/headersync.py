#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Header sync of one large folder, as a ratio to a bare socket that drains the same bytes.

First Avocet syncs once through the recording proxy; the bare client then sends exactly the SELECT and
the header FETCHes that were recorded, with as many in flight, and only drains. Then both take turns
against the same warm Dovecot. Avocet's time is the field `ms` of `sync --json` (SELECT to COMMIT), the
bare client's runs from SELECT to the last byte. The drain's own CPU time is printed, to show that it
waits for the server and not the server for it. Memory is the kernel's VmHWM of the Avocet process.
"""

import argparse
import json
import os
import re
import resource
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults"))

import rig  # noqa: E402
from proxy import Proxy  # noqa: E402


class Drain:
    """A bare IMAP client that sends recorded commands and looks at nothing but their end."""

    def __init__(self, servers, secure):
        port = servers.imaps[1] if secure else servers.imap[1]
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if secure:
            context = ssl.create_default_context(cafile=servers.ca_file)
            self.sock = context.wrap_socket(self.sock, server_hostname="localhost")
        self.buffer = memoryview(bytearray(1 << 20))
        self.bytes = 0
        self.command(b"x1", f'LOGIN "{servers.user.name}" "{servers.user.password}"'.encode())

    def command(self, tag, text):
        self.sock.sendall(tag + b" " + text + b"\r\n")
        self.until([tag], lambda: None)

    def until(self, tags, on_end):
        """Reads until each tag has answered OK, in order."""
        tail = b"\n"
        waiting = list(tags)
        while waiting:
            count = self.sock.recv_into(self.buffer)
            if not count:
                raise ConnectionError("the server closed")
            self.bytes += count
            # One fast search for a tagged line in each block; its first bytes may be in the last.
            block = tail + bytes(self.buffer[:count])
            while waiting:
                mark = b"\n" + waiting[0] + b" "
                at = block.find(mark)
                if at < 0 or len(block) < at + len(mark) + 2:
                    break
                if block[at + len(mark):at + len(mark) + 2] != b"OK":
                    raise ConnectionError(block[at + 1:at + 200].decode("latin-1"))
                waiting.pop(0)
                on_end()
            tail = block[-64:]

    def run(self, select, fetches, depth):
        """Seconds from SELECT to the last byte, bytes, CPU seconds of this thread."""
        self.bytes = 0
        started, cpu = time.perf_counter(), time.thread_time()
        self.command(b"s1", select)
        queue = [(b"f%06d" % n, text) for n, text in enumerate(fetches)]
        tags = [tag for tag, _ in queue]
        following = iter(queue)

        def send_next():
            entry = next(following, None)
            if entry:
                self.sock.sendall(entry[0] + b" " + entry[1] + b"\r\n")

        for _ in range(depth):
            send_next()
        self.until(tags, send_next)
        return time.perf_counter() - started, self.bytes, time.thread_time() - cpu

    def close(self):
        self.sock.sendall(b"x9 LOGOUT\r\n")
        self.sock.close()


class Peak:
    """The kernel's high-water mark of a process, read until it has ended."""

    def __init__(self, pid):
        self.pid, self.kilobytes = pid, 0
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        while True:
            try:
                with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
                    found = re.search(r"VmHWM:\s+(\d+)", status.read())
            except OSError:
                return
            if not found:   # a zombie has no memory any more
                return
            self.kilobytes = max(self.kilobytes, int(found.group(1)))
            time.sleep(0.005)


class Bench:
    def __init__(self, arguments, directory, servers):
        self.options, self.directory, self.servers = arguments, directory, servers
        self.runs = 0

    def profile(self, imap_url, template=None):
        self.runs += 1
        path = os.path.join(self.directory, f"profile-{self.runs}")
        if template:
            shutil.copytree(template, path, ignore=shutil.ignore_patterns("lock"))
            return rig.Profile(self.options.binary, path)
        profile = rig.Profile(self.options.binary, path)
        user = self.servers.user
        profile.check("account", "add", "--name", "Bench", "--email", user.address, "--user",
                      user.name, "--imap", imap_url, "--smtp",
                      f"smtp://127.0.0.1:{self.servers.smtp[1]}", "--ca-file", self.servers.ca_file,
                      "--no-verify-login", "--password-stdin", stdin=user.password + "\n")
        return profile

    def sync(self, profile):
        """(ms, bytes, new, peak in kB, CPU seconds) of one header sync of an empty cache."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process = profile.start("sync", "--folder", self.options.folder, "--headers-only", "--json")
        peak = Peak(process.pid)
        out, error = process.communicate(timeout=600)
        peak.thread.join()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if process.returncode:
            raise SystemExit(f"sync failed: {process.returncode} {error.strip()}")
        lines = [json.loads(line) for line in out.splitlines() if line.strip()]
        line = next(entry for entry in lines if entry.get("folder") == self.options.folder)
        return line["ms"], line.get("bytesIn", 0), line["new"], peak.kilobytes, cpu

    def record(self):
        proxy = Proxy(imap=self.servers.imap).start()
        profile = self.profile(f"imap://127.0.0.1:{proxy.ports['imap']}")
        proxy.forget()
        self.sync(profile)
        proxy.stop()
        fetching = {number for number, text in proxy.commands if b"ENVELOPE" in text.upper()}
        commands = [(n, text.split(b" ", 1)[1].strip()) for n, text in proxy.commands if n in fetching]
        selects = [text for _, text in commands if text.upper().startswith((b"SELECT", b"EXAMINE"))
                   and self.options.folder.encode() in text]
        fetches = [text for _, text in commands if b"ENVELOPE" in text.upper()]
        others = [text for _, text in commands
                  if text not in selects and b"ENVELOPE" not in text.upper()
                  and not text.upper().startswith((b"LOGIN", b"AUTHENTICATE"))]
        return selects[-1], fetches, proxy.deepest_pipeline, others

    def drain(self, recorded, secure):
        drain = Drain(self.servers, secure)
        result = drain.run(recorded[0], recorded[1], recorded[2])
        drain.close()
        return result

    def compare(self, recorded, secure):
        kind = "TLS" if secure else "plain"
        url = f"imaps://localhost:{self.servers.imaps[1]}" if secure \
            else f"imap://127.0.0.1:{self.servers.imap[1]}"
        template = self.profile(url).path
        for _ in range(2):   # Dovecot decides at the second look what its cache keeps
            self.drain(recorded, secure)
        bare, ours, peaks = [], [], []
        for number in range(self.options.rounds):
            seconds, drained, cpu = self.drain(recorded, secure)
            profile = self.profile(url, template)
            ms, counted, new, peak, used = self.sync(profile)
            if not self.options.keep:
                shutil.rmtree(profile.path)
            if new != self.options.messages:
                raise SystemExit(f"sync said {new} new messages, there are {self.options.messages}")
            bare.append(seconds * 1000)
            ours.append(ms)
            peaks.append(peak)
            print(f"  {kind:5} round {number + 1}: bare {seconds * 1000:6.0f} ms ({drained / 1e6:.1f} MB, "
                  f"CPU {cpu * 1000:.0f} ms), avocet {ms:6.0f} ms ({counted / 1e6:.1f} MB, "
                  f"CPU {used * 1000:.0f} ms), "
                  f"ratio {ms / seconds / 1000:.2f}, VmHWM {peak / 1024:.0f} MB", flush=True)
        ratio = statistics.median(ours) / statistics.median(bare)
        print(f"header sync, {kind}: {self.options.messages} messages, bare "
              f"{statistics.median(bare):.0f} ms, avocet {statistics.median(ours):.0f} ms, "
              f"ratio {ratio:.2f} (goal {self.options.max_ratio}), "
              f"VmHWM {max(peaks) / 1024:.0f} MB (goal {self.options.max_memory})", flush=True)
        return ratio <= self.options.max_ratio and max(peaks) / 1024 < self.options.max_memory


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program (an optimised build)")
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--security", choices=("plain", "tls", "both"), default="both")
    parser.add_argument("--max-ratio", type=float, default=2.0)
    parser.add_argument("--max-memory", type=float, default=150, help="MB of VmHWM")
    parser.add_argument("--folder", default="Bench")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    if not rig.MailServers.installed():
        print("skipped: Dovecot, Postfix or the right to start them is missing")
        return 77
    directory = tempfile.mkdtemp(prefix="bench-")
    right = True
    try:
        with rig.MailServers() as servers:
            started = time.time()
            rig.fill(servers, arguments.folder, arguments.messages, arguments.seed)
            print(f"{arguments.messages} messages made in {time.time() - started:.0f} s")
            bench = Bench(arguments, directory, servers)
            recorded = bench.record()
            print(f"recorded: {recorded[0].decode()}; {len(recorded[1])} FETCHes, {recorded[2]} in "
                  f"flight, the first: {recorded[1][0].decode()}")
            if recorded[3]:
                print("also sent by avocet, not by the bare client: "
                      + ", ".join(sorted({c.decode('latin-1')[:40] for c in recorded[3]})))
            load = os.getloadavg()[0]
            if load > 1:
                print(f"the load average is {load:.1f}: others take time from both sides, and more from "
                      "the one that needs more")
            for secure in {"plain": [False], "tls": [True], "both": [False, True]}[arguments.security]:
                right = bench.compare(recorded, secure) and right
    finally:
        if arguments.keep:
            print("kept:", directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
