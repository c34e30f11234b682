# SPDX-License-Identifier: GPL-3.0-or-later
"""What the campaigns share: the private mail servers, profiles that run avocet, and looks at both."""

import imaplib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

SUPPORT = Path(__file__).resolve().parent.parent / "support"
DATABASES = ("user.db", "mail.db", "bodies.db")


class User:
    def __init__(self, entry):
        self.name, self.address, self.password = entry["user"], entry["email"], entry["password"]


class MailServers:
    """Dovecot and Postfix as tests/support/mailserver starts them, with two users."""

    def __init__(self, *options):
        self.options = options

    @staticmethod
    def installed():
        path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
        return all(shutil.which(name, path=path) for name in ("dovecot", "doveconf", "postconf", "openssl"))

    @staticmethod
    def environment():
        """Tens of thousands of small files come and go at once in memory, where there is room."""
        memory = "/dev/shm"
        try:
            room = shutil.disk_usage(memory).free if os.access(memory, os.W_OK) else 0
        except OSError:
            room = 0
        return dict(os.environ, TMPDIR=memory) if room > 2 << 30 else None

    def __enter__(self):
        self.process = subprocess.Popen(
            [str(SUPPORT / "mailserver"), "--until-eof", "--users",
             "sender@avocet.example:over-the-dunes,reader@avocet.example:under-the-bridge",
             *self.options], env=self.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("tests/support/mailserver did not start")
        self.about = json.loads(line)
        self.imap = ("127.0.0.1", self.about["imap"])
        self.imaps = ("127.0.0.1", self.about["imaps"])
        self.smtp = ("127.0.0.1", self.about["smtp"])
        self.ca_file = self.about["ca"]
        self.user, self.other = (User(entry) for entry in self.about["users"][:2])
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(600)   # on some disks fifty thousand files take their time to go

    def login(self, user):
        connection = imaplib.IMAP4(*self.imap)
        connection.login(user.name, user.password)
        return connection

    def message_ids(self, user, folder):
        connection = self.login(user)
        found = []
        if connection.select(folder, readonly=True)[0] == "OK":
            data = connection.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
            for part in data:
                if isinstance(part, tuple):
                    found += re.findall(r"<([^>]+)>", part[1].decode("latin-1"))
        connection.logout()
        return found

    def flags(self, user, folder):
        """{uid: (seen, flagged)} as the server has them, without those marked \\Deleted, which are not shown."""
        connection = self.login(user)
        connection.select(folder, readonly=True)
        result = {}
        for part in connection.uid("FETCH", "1:*", "(UID FLAGS)")[1]:
            if not part:
                continue
            if rb"\Deleted" in part:
                continue
            uid = int(re.search(rb"UID (\d+)", part).group(1))
            result[uid] = (rb"\Seen" in part, rb"\Flagged" in part)
        connection.logout()
        return result

    def holds(self, user, folder, message_id):
        """How often the folder shows the message."""
        connection = self.login(user)
        found = []
        if connection.select(folder, readonly=True)[0] == "OK":
            found = connection.uid("SEARCH", "UNDELETED", "HEADER", "Message-ID",
                                   f'"<{message_id}>"')[1][0].split()
        connection.logout()
        return len(found)

    def disturb(self, folder, random):
        """Another client reads, stars, removes and adds a few messages."""
        connection = self.login(self.user)
        connection.select(folder)
        uids = connection.uid("SEARCH", "ALL")[1][0].decode().split()
        for uid in random.sample(uids, 12):
            sign = random.choice("+-")
            connection.uid("STORE", uid, sign + "FLAGS", random.choice((r"(\Seen)", r"(\Flagged)")))
        connection.uid("STORE", ",".join(random.sample(uids, 3)), "+FLAGS", r"(\Deleted)")
        connection.expunge()
        for number in range(3):
            name = f"late-{random.getrandbits(48):x}@client.test"
            connection.append(folder, None, None, plain_message(number, name))
        connection.logout()


def plain_message(number, message_id):
    return (f"From: Person {number % 37} <person{number % 37}@example.org>\r\n"
            f"To: sender@avocet.example\r\nSubject: Number {number}\r\n"
            f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S', time.gmtime(1.6e9 + number * 600))} +0000\r\n"
            f"Message-ID: <{message_id}>\r\n\r\n"
            f"These are the words of message {number}.\r\n").encode()


def fill(servers, folder, count, seed, *options):
    """Puts generated messages straight into a Maildir of the first user; the server sees them at once."""
    connection = servers.login(servers.user)
    connection.create(folder)
    connection.logout()
    subprocess.run([str(SUPPORT / "samplemail"), "--count", str(count), "--folder", folder, "--seed",
                    str(seed), "--maildir", servers.about["maildirs"][servers.user.name], "--me",
                    f"Sanderling Sender <{servers.user.address}>", *options], check=True, stdout=subprocess.DEVNULL)


class Profile:
    """A profile directory with its own runtime directory, and the program that works on it."""

    def __init__(self, binary, path):
        self.binary, self.path = binary, path
        os.makedirs(path, mode=0o700, exist_ok=True)
        self.runtime = tempfile.mkdtemp(prefix="avocet-run-")
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=self.runtime, AVOCET_SECRETS="file",
                                QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8")
        self.environment.pop("DBUS_SESSION_BUS_ADDRESS", None)

    def __del__(self):
        shutil.rmtree(self.runtime, ignore_errors=True)

    def start(self, *arguments):
        resident = arguments[0] == "watch"
        sink = subprocess.DEVNULL if resident else subprocess.PIPE
        return subprocess.Popen([self.binary, "--profile", self.path, *arguments],
                                env=self.environment, stdin=subprocess.DEVNULL, stdout=sink,
                                stderr=sink, text=True)

    def run(self, *arguments, stdin="", timeout=60, text=True):
        return subprocess.run([self.binary, "--profile", self.path, *arguments],
                              input=stdin if text else stdin.encode(), text=text,
                              env=self.environment, timeout=timeout, capture_output=True, check=False)

    def check(self, *arguments, stdin="", timeout=120):
        done = self.run(*arguments, stdin=stdin, timeout=timeout)
        if done.returncode:
            raise SystemExit(f"avocet {' '.join(arguments[:2])}: {done.returncode} {done.stderr.strip()}")
        return done.stdout

    def lines(self, *arguments):
        return [json.loads(line) for line in self.check(*arguments).splitlines() if line.strip()]

    def has_owner(self):
        """Whether somebody holds the kernel's lock; read from /proc, so that nothing is disturbed."""
        try:
            inode = os.stat(os.path.join(self.path, "lock")).st_ino
        except FileNotFoundError:
            return False
        locks = Path("/proc/locks").read_text(encoding="ascii")
        return re.search(rf"FLOCK .*:{inode} ", locks) is not None

    def wait_for_owner(self, seconds=10):
        end = time.time() + seconds
        while time.time() < end:
            if self.has_owner():
                return
            time.sleep(0.01)
        raise SystemExit(f"nobody took the lock of {self.path} in {seconds} s")


def end(process, patience):
    """Waits; kills what does not end by itself. Returns the exit code, None where it was killed."""
    code = None
    try:
        process.communicate(timeout=patience)
        code = process.returncode
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    return code


# A shell ignores it for what runs in the background, and the programs below would inherit that: one that is interrupted
# before it looks out for signals would go on for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupt(process, patience=10):
    process.send_signal(signal.SIGINT)
    return end(process, patience)


def integrity(profile):
    """{database: "ok" or what is wrong}, looked at in a copy, so that the next start finds all as it was."""
    result = {}
    with tempfile.TemporaryDirectory(prefix="avocet-check-") as directory:
        for name in DATABASES:
            path = os.path.join(profile, name)
            if not os.path.exists(path):
                result[name] = "missing"
                continue
            for suffix in ("", "-wal"):
                if os.path.exists(path + suffix):
                    shutil.copy(path + suffix, os.path.join(directory, name + suffix))
            try:
                connection = sqlite3.connect(os.path.join(directory, name))
                result[name] = "; ".join(row[0] for row in connection.execute("PRAGMA integrity_check"))
                connection.close()
            except sqlite3.Error as error:
                result[name] = str(error)
    return result


def flag_names(line):
    flags = line.get("flags", [])
    if isinstance(flags, str):
        flags = flags.split()
    return {str(flag).lstrip("\\").lower() for flag in flags}


def is_seen(line):
    return bool(flag_names(line) & {"seen", "read"})


def is_flagged(line):
    return bool(flag_names(line) & {"flagged", "starred"})
