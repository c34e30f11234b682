#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""All bodies of a folder stored and indexed, as a ratio to a bare socket that drains them in the same batches.

The headers are in the cache before. Avocet's time runs from the first FETCH of a body to the end of the program, read
off a relay; the bare client sends the same commands with as many in flight. CPU is that of the program.
"""

import argparse
import os
import re
import resource
import shutil
import statistics
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults"))

import rig  # noqa: E402
from headersync import Drain  # noqa: E402
from resync import Relay  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program (an optimised build)")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", default="Bench")
    parser.add_argument("--max-ratio", type=float, default=6.0)
    options = parser.parse_args()
    if not rig.MailServers.installed():
        print("skipped: Dovecot, Postfix or the right to start them is missing")
        return 77
    directory = tempfile.mkdtemp(prefix="bench-")
    try:
        with rig.MailServers() as servers:
            rig.fill(servers, options.folder, options.messages, 1)
            relay = Relay(servers.imap)
            user = servers.user
            profile = rig.Profile(options.binary, os.path.join(directory, "profile"))
            profile.check("account", "add", "--name", "Bench", "--email", user.address, "--user", user.name,
                          "--imap", f"imap://127.0.0.1:{relay.port}", "--smtp",
                          f"smtp://127.0.0.1:{servers.smtp[1]}", "--no-verify-login", "--password-stdin",
                          stdin=user.password + "\n")
            profile.check("sync", "--headers-only", timeout=600)
            ratios, indexing = [], []
            for number in range(options.rounds):
                copy = os.path.join(directory, f"profile-{number}")
                shutil.copytree(profile.path, copy, ignore=shutil.ignore_patterns("lock"))
                round_profile = rig.Profile(options.binary, copy)
                relay.forget()
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                round_profile.check("sync", "--folder", options.folder, timeout=900)
                ended = time.time()
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                began = next(when for when, _, from_server, data in relay.seen
                             if not from_server and b"BODY.PEEK[]" in data)
                fetches = [re.sub(rb"^\S+ ", b"", c) for c in relay.commands() if b"BODY.PEEK[]" in c]
                drain = Drain(servers, False)
                bare, size, _ = drain.run(f'EXAMINE "{options.folder}"'.encode(), fetches, 3)
                drain.close()
                ours = ended - began
                ratios.append(ours / bare)
                indexing.append(cpu * 1000 / options.messages)
                print(f"  round {number + 1}: bare {bare * 1000:6.0f} ms ({size / 1e6:.0f} MB), avocet "
                      f"{ours * 1000:6.0f} ms, ratio {ours / bare:.1f}, CPU {cpu * 1000 / options.messages:.2f} "
                      "ms a message, all in all", flush=True)
                stored = sum(os.path.getsize(os.path.join(copy, name)) for name in os.listdir(copy)
                             if name.startswith(("bodies.db", "mail.db")))
                shutil.rmtree(copy)
            print(f"{options.messages} bodies stored and indexed: ratio {statistics.median(ratios):.1f} (goal "
                  f"{options.max_ratio:g}), CPU {statistics.median(indexing):.2f} ms a message, "
                  f"{stored / 1e6:.0f} MB on disk")
            return 0 if statistics.median(ratios) <= options.max_ratio else 1
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
