#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network changes while `avocet watch` is in the midst of a command.

All happens in namespaces of this script's own, without any right: one holds the client, one the IMAP server
(imapmodel.py), and two cables lie between them. The server stops in the midst of its answer to a command; the cable
is pulled there and put in again later, or the machine goes over to the other cable, where it has another address.
Meanwhile changes are made and new mail arrives. The client must come back by itself, and cache and server must then say the
same, read by imaplib message by message, each change carried out exactly once.
"""

import argparse
import ctypes
import imaplib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import hostile  # noqa: E402
import imapmodel  # noqa: E402
import rig  # noqa: E402
from witness import Witness  # noqa: E402

NEWUSER, NEWNET = 0x10000000, 0x40000000   # of <sched.h>
SERVER = "10.80.9.9"   # the server's, whichever cable leads there
CABLES = {"first": "10.80.1", "second": "10.80.2"}
# While it answers which command the network changes: before anything is cached, before all bodies are, in the midst of a
# change that may be carried out already, and while nothing is under way.
MOMENTS = ("envelopes", "bodies", "store", "move", "idle")
WAYS = ("cable", "interface")
# Which message, and what is done to it; where the moment is one of these, it is the one under way.
CHANGES = {"store": (1, ("mark", "--star")), "move": (2, ("move", "--to", "Archive")), "delete": (3, ("delete",))}


def unshare(what):
    if ctypes.CDLL(None, use_errno=True).unshare(what):
        raise OSError(ctypes.get_errno(), "unshare")


def ip(*commands):
    program = shutil.which("ip", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    subprocess.run([program, "-batch", "-"], input="\n".join(commands) + "\n", text=True, check=True,
                   stdout=subprocess.DEVNULL)


def enter_own_network():
    user, group = os.getuid(), os.getgid()
    unshare(NEWUSER | NEWNET)
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        with open("/proc/self/" + name, "w", encoding="ascii") as file:
            file.write(text)
    ip("link set lo up")


def plain(number):
    return rig.plain_message(number, f"number-{number}@network.test")


class User:
    name, password = "sender", "over-the-dunes"


class Far:
    """The server's side: a process in a network of its own that does what it is told, a JSON line each."""

    def __init__(self, certificates, messages):
        self.near, far = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            self.near.close()
            try:
                FarSide(far, certificates, messages).serve()
            finally:
                os._exit(0)
        far.close()
        self.lines = self.near.makefile("r")
        self.port = self.hear()["port"]

    def hear(self):
        return json.loads(self.lines.readline())

    def tell(self, **what):
        self.near.sendall(json.dumps(what).encode() + b"\n")
        return self.hear()

    def stop(self):
        self.lines.close()
        self.near.close()
        os.waitpid(self.pid, 0)


class FarSide:
    """What runs there."""

    def __init__(self, wire, certificates, messages):
        unshare(NEWNET)
        ip("link set lo up", f"addr add {SERVER}/32 dev lo")
        self.wire = wire
        self.boxes = imapmodel.Mailboxes()
        for name, use in (("INBOX", ""), ("Archive", r"\Archive"), ("Trash", r"\Trash")):
            self.boxes.make(name, use)
        for number in range(1, messages + 1):
            self.boxes["INBOX"].add(plain(number))
        self.server = imapmodel.Server(self.boxes, security="tls", address="0.0.0.0", certificate=(
            certificates.path("leaf.pem"), certificates.path("leaf.key")))
        self.released, self.reached = threading.Event(), threading.Event()

    def serve(self):
        self.say({"port": self.server.port})
        for line in self.wire.makefile("r"):
            self.say(self.obey(json.loads(line)))

    def say(self, what):
        self.wire.sendall(json.dumps(what).encode() + b"\n")

    def obey(self, order):
        if "hold" in order:
            self.server.attack = self.holding(order["hold"])
        if "release" in order:
            self.released.set()
        if "ip" in order:
            ip(*order["ip"])
        if "wait" in order:
            return {"reached": self.reached.wait(order["wait"])}
        with self.server.lock:
            if "add" in order:
                self.boxes["INBOX"].add(plain(order["add"]))
            if "list" in order:
                return {"numbers": [int(message.field("Subject").split()[1])
                                    for message in self.boxes[order["list"]].messages.values()]}
        return {}

    def holding(self, verb):
        """The first answer to this command stops half-way until it is released."""
        def attack(_, now, __, reply):
            return halves(reply) if now == verb and not self.reached.is_set() else reply

        def halves(reply):
            if verb == "idle":
                self.reached.set()
                yield reply
                return
            yield reply[:len(reply) // 2]
            self.reached.set()
            self.released.wait(180)
            yield reply[len(reply) // 2:]
        return attack


class Servers:
    """What a Witness asks for."""

    def __init__(self, port):
        self.port = port

    def login(self, user):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = imaplib.IMAP4_SSL(SERVER, self.port, ssl_context=context)
        connection.login(user.name, user.password)
        return connection


class Case:
    def __init__(self, options, directory, certificates, moment, way):
        self.options, self.moment, self.way = options, moment, way
        self.certificates, self.user = certificates, User()
        self.path = os.path.join(directory, f"{moment}-{way}")
        self.problems, self.cables, self.back = [], [], 0.0

    # -- cables --------------------------------------------------------------------------------

    def lay(self, name):
        net = CABLES[name]
        self.cables.append(name)
        ip(f"link add {name} type veth peer name far-{name}", f"link set far-{name} netns {self.far.pid}")
        self.far.tell(ip=[f"addr add {net}.1/24 dev far-{name}", f"link set far-{name} up"])
        ip(f"addr add {net}.2/24 dev {name}", f"link set {name} up", f"route add default via {net}.1 dev {name}")

    def lose_network(self):
        if self.way == "cable":
            self.far.tell(ip=["link set far-first down"])
        else:
            ip("link del first")
            self.cables.remove("first")

    def mend_network(self):
        if self.way == "cable":
            self.far.tell(ip=["link set far-first up"])
        else:
            self.lay("second")

    # -- one case ------------------------------------------------------------------------------

    def run(self):
        self.far = Far(self.certificates, self.options.messages)
        try:
            self.lay("first")
            self.go()
        finally:
            for name in self.cables:
                ip(f"link del {name}")
            self.far.stop()

    def go(self):
        profile = rig.Profile(self.options.binary, self.path)
        profile.check("account", "add", "--no-verify-login", "--name", "Robin Hale", "--email", "sender@avocet.example",
                      "--user", self.user.name, "--imap", f"imaps://{SERVER}:{self.far.port}", "--smtp",
                      f"smtps://{SERVER}:{self.far.port}", "--ca-file", self.certificates.ca, "--password-stdin",
                      stdin=self.user.password + "\n")
        first = self.moment in ("envelopes", "bodies")
        if not first:
            profile.check("sync")
        self.far.tell(hold=self.moment)
        watch = profile.start("watch", "--json")
        profile.wait_for_owner()
        self.stop_at_the_moment(profile)
        self.lose_network()
        if not first:
            self.change(profile, [role for role in CHANGES if role != self.moment])
        self.far.tell(add=1001)
        if self.way == "cable":
            self.wait_until(lambda: self.state(profile) == "offline", "watch never saw that the cable was pulled")
        self.far.tell(release=True)
        began = time.monotonic()
        self.mend_network()
        self.far.tell(add=1002)
        self.wait_until(lambda: not self.differences(profile, first), "")
        self.back = time.monotonic() - began
        self.problems += self.differences(profile, first)
        if rig.interrupt(watch) not in (0, -signal.SIGINT):
            self.problems.append(f"watch ended with {watch.returncode}")
        self.problems += [f"{name}: {verdict}" for name, verdict in rig.integrity(self.path).items() if verdict != "ok"]

    def stop_at_the_moment(self, profile):
        """The server is in the midst of its answer, and says so; in IDLE nothing is under way."""
        if self.moment in CHANGES:
            self.change(profile, [self.moment])
        if not self.far.tell(wait=60)["reached"]:
            raise SystemExit(f"the server was never asked for {self.moment}")

    def change(self, profile, roles):
        ids = {line["subject"]: str(line["id"]) for line in profile.lines("list", "--folder", "INBOX", "--json")}
        for role in roles:
            number, command = CHANGES[role]
            profile.check(command[0], ids[f"Number {number}"], *command[1:])

    @staticmethod
    def state(profile):
        return profile.lines("account", "list", "--json")[0]["state"]

    def wait_until(self, condition, problem):
        """A guard against hanging, no goal."""
        end = time.monotonic() + 120
        while not condition():
            if time.monotonic() > end:
                self.problems += [problem] if problem else []
                return
            time.sleep(0.1)

    def differences(self, profile, first):
        witness = Witness(Servers(self.far.port), self.user)
        try:
            server = witness.server()
            problems = witness.compare(self.path)
        except (OSError, imaplib.IMAP4.error) as unreachable:
            return [f"the server cannot be asked: {unreachable}"]
        subjects = {name: sorted(self.far.tell(list=name.decode())["numbers"]) for name in server}
        inbox = set(range(1, self.options.messages + 1)) | {1001, 1002}
        wanted = {b"INBOX": sorted(inbox - (set() if first else {2, 3})), b"Archive": [] if first else [2],
                  b"Trash": [] if first else [3]}
        problems += [f"{name.decode()} holds {subjects[name]}, not {wanted[name]}"[:200] for name in wanted
                     if subjects[name] != wanted[name]]
        starred = [row for row in server[b"INBOX"][1].values() if row[0] & 4]
        if len(starred) != (0 if first else 1):
            problems.append(f"{len(starred)} messages are starred")
        return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the avocet program")
    parser.add_argument("--messages", type=int, default=300, help="in the inbox (default: 300)")
    parser.add_argument("--sample", action="store_true", help="two cases only")
    options = parser.parse_args()
    try:
        enter_own_network()
        ip("link add first type veth peer name far", "link del first")
    except (OSError, TypeError, subprocess.CalledProcessError) as forbidden:
        print(f"skipped: no network of its own here ({forbidden})")
        return 77
    cases = [("bodies", "cable"), ("move", "interface")] if options.sample else \
        [(moment, way) for moment in MOMENTS for way in WAYS]
    wrong = False
    with tempfile.TemporaryDirectory(prefix="network-") as directory:
        certificates = hostile.Certificates(tempfile.mkdtemp(dir=directory))
        certificates.leaf("good", f"IP:{SERVER}")
        print(f"{'while':12}{'what changes':14}{'back after':>12}  verdict")
        for moment, way in cases:
            case = Case(options, directory, certificates, moment, way)
            case.run()
            wrong = wrong or bool(case.problems)
            print(f"{moment:12}{way:14}{case.back:>10.1f} s  "
                  + ("right" if not case.problems else "WRONG: " + "; ".join(case.problems)[:400]), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
