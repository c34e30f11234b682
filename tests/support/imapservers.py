# SPDX-License-Identifier: GPL-3.0-or-later
"""Cyrus IMAP and Courier IMAP for mailserver, beside the Dovecot that is installed.

Debian's packages of IMAP servers conflict with each other, so these are never installed: their packages are
downloaded and unpacked into a cache, together with those libraries that this machine lacks, and run from
there. That takes no privilege at all, and neither a mount nor a user namespace, both of which many containers
forbid:

  Cyrus    takes every path from its two configuration files.
  Courier  has a few paths compiled in. The unpacked copies are changed so that these become relative to the
           working directory ("/run/courier" and "run//courier" have the same length), which is the
           directory of the one server. It offers no STARTTLS here, since for that it changes to the
           user "courier", whom only an installation makes; imaps is there.
"""

import fcntl
import imaplib
import os
import shutil
import socketserver
import subprocess
import threading
import time
from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[2] / "packaging" / "packages.txt"
FOLDERS = ("Drafts", "Sent", "Trash", "Junk", "Archive")
# Used by one virus scanning tool alone, and large.
UNUSED_LIBRARIES = {"libclamav12"}
RELATIVE = ((b"/run/courier/", b"run//courier/"), (b"/etc/courier/", b"etc//courier/"),
            (b"/usr/lib/courier-authlib", b"usr//lib/courier-authlib"))



class Unavailable(Exception):
    """Something that is needed cannot be had here."""


def default_cache():
    named = os.environ.get("AVOCET_SERVER_CACHE")
    if named:
        return Path(named)
    if os.geteuid() == 0:
        return Path("/var/cache/avocet/servers")  # root's own home is closed to those who run servers
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "avocet" / "servers"


def unpacked(kind, cache=None):
    """The root of an unpacked server, made where it is not there yet."""
    place = Path(cache or default_cache()) / kind
    place.mkdir(parents=True, exist_ok=True)
    with open(place / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several tests may start at once
        if not (place / "complete").exists():
            Unpacking(kind, place).run()
    return place / "root"


class Unpacking:
    """Downloads the packages of one group of packages.txt and unpacks them."""

    def __init__(self, kind, place):
        self.kind = kind
        self.place = place
        self.apt = ["apt-get", "-q", "-o", "APT::Sandbox::User=root"]

    def run(self):
        wanted = [line.split()[1] for line in PACKAGES.read_text().splitlines()
                  if line.split()[:1] == [self.kind]]
        if not wanted:
            raise Unavailable(f"{PACKAGES} names no packages for {self.kind}")
        seen = set(wanted)
        while wanted:
            self.download(wanted)
            wanted = sorted(self.libraries() - seen)
            seen.update(wanted)
        for file in self.place.glob("*.deb"):
            self.call(["dpkg", "-x", str(file), str(self.place / "root")])
        if self.kind == "courier":
            self.make_relative()
        for leftover in (*self.place.glob("*.bin"), *self.place.glob("*.deb")):
            leftover.unlink()
        for leftover in ("lists", "archives"):
            shutil.rmtree(self.place / leftover, ignore_errors=True)
        (self.place / "complete").touch()

    def call(self, command):
        done = subprocess.run(command, cwd=self.place, capture_output=True, text=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})
        if done.returncode != 0:
            raise Unavailable(f"{' '.join(command[:2])}: {done.stderr.strip()[-400:]}")
        return done.stdout

    def download(self, packages):
        try:
            self.call([*self.apt, "download", *packages])
        except Unavailable:
            if any(o.startswith("Dir::State::Lists") for o in self.apt):
                raise
            # Old lists, or none: fetching new ones into the system's place would need root.
            lists = self.place / "lists"
            (lists / "partial").mkdir(parents=True, exist_ok=True)
            self.apt += ["-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={self.place}"]
            self.call([*self.apt, "update"])
            self.call([*self.apt, "download", *packages])

    def libraries(self):
        """What the packages here depend on and this machine has not."""
        names = set()
        for file in self.place.glob("*.deb"):
            depends = self.call(["dpkg-deb", "-f", str(file), "Depends"])
            names |= {word.split()[0].split(":")[0] for group in depends.split(",")
                      for word in [group.split("|")[0]] if word.split()}
        names = {n for n in names if n.startswith("lib") and not n.endswith("-perl")}
        return {n for n in names - UNUSED_LIBRARIES if not self.installed(n)}

    @staticmethod
    def installed(package):
        status = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}\n", package],
                                capture_output=True, text=True).stdout.split()
        return "installed" in status

    def make_relative(self):
        for path in (self.place / "root" / "usr").rglob("*"):
            if path.is_symlink() or not path.is_file():
                continue
            before = path.read_bytes()
            if not before.startswith(b"\x7fELF"):
                continue
            after = before
            for absolute, relative in RELATIVE:
                after = after.replace(absolute, relative)
            if after != before:
                path.write_bytes(after)


class PrivateImap:
    """What Cyrus and Courier have in common. `server` is the MailServer that owns directory and processes."""

    def __init__(self, server, root):
        self.server = server
        self.dir = server.dir
        self.root = root

    def environment(self, extra=None):
        libraries = [self.root / "usr/lib", *(self.root / "usr/lib").glob("*-linux-gnu*"),
                     *(self.root / "lib").glob("*-linux-gnu*")]
        return self.server.environment({"LD_LIBRARY_PATH": ":".join(map(str, libraries)),
                                        **(extra or {})})

    def call(self, command, text):
        owner = self.server.owner
        identity = {}
        if os.geteuid() == 0:
            identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        done = subprocess.run([str(c) for c in command], input=text, cwd=self.dir, capture_output=True,
                              text=True, env=self.environment(), **identity)
        if done.returncode != 0:
            raise Unavailable(f"{Path(command[0]).name}: {done.stderr.strip()[-400:]}")

    def provision(self):
        """The folders that the Dovecot of the tests has as well."""
        for user in self.server.users:
            with imaplib.IMAP4("127.0.0.1", self.server.ports["imap"], 20) as peer:
                peer.login(user["user"], user["password"])
                known = b"\n".join(filter(None, peer.list()[1])).decode()
                for folder in FOLDERS:
                    name = self.prefix + folder
                    if f'"{name}"' not in known and f" {name}" not in known:
                        self.create(peer, folder)
                    peer.subscribe(name)

    def create(self, peer, folder):
        kind, answer = peer.create(self.prefix + folder)
        if kind != "OK":
            raise Unavailable(f"CREATE {folder}: {answer}")

    def stop(self):
        pass


class Cyrus(PrivateImap):
    """Folders beside INBOX, "/" between levels, users with their domain."""

    prefix = ""

    def start(self):
        server, base = self.server, self.dir
        for name in ("conf", "conf/db", "conf/proc", "conf/socket", "conf/lock", "conf/log", "conf/msg",
                     "conf/ptclient", "conf/quota", "conf/user", "conf/mailboxes.db.d", "conf/sieve"):
            server.make_directory(base / name, 0o755)
        passwords = base / "conf" / "sasldb2"
        for user in server.users:
            local, domain = user["user"].split("@")
            self.call([self.root / "usr/sbin/saslpasswd2", "-p", "-c", "-f", passwords, "-u", domain, local],
                      user["password"])
        binaries = self.root / "usr/lib/cyrus/bin"
        config = base / "conf" / "imapd.conf"
        server.write(config, f"""\
configdirectory: {base}/conf
defaultpartition: default
partition-default: {base}/mail
proc_path: {base}/conf/proc
mboxname_lockpath: {base}/conf/lock
lmtpsocket: {base}/conf/socket/lmtp
idlesocket: {base}/conf/socket/idle
notifysocket: {base}/conf/socket/notify
sievedir: {base}/conf/sieve
cyrus_user: {server.owner.pw_name}
servername: localhost
altnamespace: yes
unixhierarchysep: yes
virtdomains: userid
defaultdomain: localhost
autocreate_quota: 0
autocreate_post: yes
allowplaintext: yes
lmtp_downcase_rcpt: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {passwords}
sasl_mech_list: PLAIN LOGIN
tls_server_cert: {base}/tls/server.pem
tls_server_key: {base}/tls/server.key
imapidlepoll: 1
duplicatesuppression: no
specialuse_protect: \\Important
""")
        service = f"-C {config}"
        server.write(base / "conf" / "cyrus.conf", f"""\
START {{
  recover cmd="{binaries}/ctl_cyrusdb {service} -r"
  idled cmd="{binaries}/idled {service}"
}}
SERVICES {{
  imap cmd="{binaries}/imapd {service} -U 30" listen="127.0.0.1:{server.ports['imap']}" prefork=1
  imaps cmd="{binaries}/imapd {service} -s -U 30" listen="127.0.0.1:{server.ports['imaps']}" prefork=0
  lmtp cmd="{binaries}/lmtpd {service} -a" listen="127.0.0.1:{server.ports['lmtp']}" prefork=1
}}
EVENTS {{
}}
""")
        # As root it drops its rights to cyrus_user by itself, which wants the user's groups.
        server.spawn([str(binaries / "master"), "-D", "-C", str(config), "-M", str(base / "conf/cyrus.conf"), "-p",
                      str(base / "conf/master.pid")], self.environment(
                          {"SASL_PATH": self.plugins(), "CYRUS_VERBOSE": "0"}), as_owner=True)

    def plugins(self):
        return ":".join(str(p) for p in (self.root / "usr/lib").glob("*-linux-gnu*/sasl2"))

    def create(self, peer, folder):
        # CREATE-SPECIAL-USE, RFC 6154; imaplib has no word for it.
        kind, answer = peer._simple_command("CREATE", folder, f"(USE (\\{folder}))")
        if kind != "OK":
            raise Unavailable(f"CREATE {folder}: {answer}")


class Courier(PrivateImap):
    """Every folder below INBOX and "." between levels; no MOVE, CONDSTORE or SPECIAL-USE."""

    prefix = "INBOX."
    capability = ("IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE")
    delivery = None

    def start(self):
        server, base, root = self.server, self.dir, self.root
        for name in ("run/courier", "run/courier/authdaemon", "etc", "etc/courier"):
            server.make_directory(base / name, 0o755)
        link = base / "usr"
        if not link.is_symlink():
            link.symlink_to(root / "usr")
        server.write(base / "etc/courier/authdaemonrc",
                     'authmodulelist="authuserdb"\nauthmodulelistorig="authuserdb"\ndaemons=3\n'
                     'authdaemonvar=run/courier/authdaemon\nDEBUG_LOGIN=0\nDEFAULTOPTIONS=""\n')
        self.write_users()
        pem = base / "tls" / "both.pem"
        server.write(pem, (base / "tls/server.key").read_text() + (base / "tls/server.pem").read_text(), 0o600)
        server.spawn([str(root / "usr/lib/courier/courier-authlib/authdaemond")], self.environment(),
                     as_owner=True)
        # Without the file alteration monitor each log-in waits a second for it.
        monitor = f"avocet{server.ports['imap']}"
        server.spawn([str(root / "usr/libexec/gam_server"), "--notimeout", monitor], self.environment(),
                     as_owner=True)
        programs = {"login": root / "usr/lib/courier/courier/imaplogin", "tls": root / "usr/bin/couriertls",
                    "imapd": root / "usr/bin/imapd"}
        env = self.environment({
            "IMAP_CAPABILITY": self.capability, "IMAP_CAPABILITY_TLS": self.capability + " AUTH=PLAIN",
            "IMAP_KEYWORDS": "1", "IMAP_ACL": "1", "IMAP_USELOCKS": "1", "IMAP_ENHANCEDIDLE": "0",
            "IMAP_IDLE_TIMEOUT": "1", "IMAP_OBSOLETE_CLIENT": "0", "IMAP_UMASK": "022",
            "IMAP_TRASHFOLDERNAME": "Trash", "IMAP_EMPTYTRASH": "", "IMAP_MOVE_EXPUNGE_TO_TRASH": "0",
            "COURIERTLS": str(programs["tls"]), "TLS_CERTFILE": str(pem), "TLS_PROTOCOL": "", "TLS_VERIFYPEER": "NONE",
            "AUTHMODULES": "authdaemon", "MAILDIRPATH": "Maildir", "TCPDOPTS": "",
            "GAM_CLIENT_ID": monitor})
        session = [str(programs["login"]), str(programs["imapd"]), "Maildir"]
        listener = [str(root / "usr/sbin/couriertcpd"), "-address=127.0.0.1", "-maxprocs=500", "-maxperip=500",
                    "-nodnslookup", "-noidentlookup"]
        server.spawn([*listener, str(server.ports["imap"]), *session], env, as_owner=True)
        server.spawn([*listener, str(server.ports["imaps"]), str(programs["tls"]), "-server", "-tcpd", *session],
                     {**env, "IMAP_TLS": "1"}, as_owner=True)
        self.delivery = MaildirDelivery(server)

    def write_users(self):
        """What makeuserdb would write: it asks for a place below /etc."""
        server = self.server
        known, secret = [], []
        for user in server.users:
            home = server.mail / user["user"]
            if not (home / "Maildir").exists():
                self.call([self.root / "usr/bin/maildirmake.courier", home / "Maildir"], "")
            known.append(f"{user['user']}\tuid={server.owner.pw_uid}|gid={server.owner.pw_gid}|home={home}|"
                         f"mail={home}/Maildir\n")
            hashed = subprocess.run([server.openssl, "passwd", "-6", "-stdin"], input=user["password"],
                                    capture_output=True, text=True, check=True).stdout.strip()
            secret.append(f"{user['user']}\timappw={hashed}\n")
        for name, lines in (("userdb", known), ("userdbshadow", secret)):
            target = self.dir / "etc/courier" / f"{name}.dat"
            self.call([self.root / "usr/lib/courier/courier-authlib/makedatprog", "-", f"{target}.tmp", target],
                      "".join(lines) + ".\n")

    def stop(self):
        if self.delivery:
            self.delivery.close()
            self.delivery = None


class MaildirDelivery:
    """LMTP (RFC 2033) in front of maildirs: Courier's own comes with a whole mail transport agent. Runs on
    threads of its own, closed by its owner."""

    def __init__(self, server):
        self.server = server
        self.serial = 0
        self.lock = threading.Lock()
        delivery = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                delivery.talk(self.rfile, self.wfile)

        class Listener(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 128

        self.listener = Listener(("127.0.0.1", server.ports["lmtp"]), Session)
        threading.Thread(target=self.listener.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()

    def talk(self, lines, answers):
        def say(text):
            answers.write(text.encode() + b"\r\n")
            answers.flush()

        recipients = []
        say("220 localhost LMTP")
        while line := lines.readline(4096):
            text = line.decode(errors="replace").strip()
            verb = text.upper()
            if verb.startswith("LHLO"):
                say("250-localhost\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES")
            elif verb.startswith("RCPT TO:"):
                home = self.mailbox(text[8:])
                recipients += [home] if home else []
                say("250 2.1.5 ok" if home else "550 5.1.1 no such user")
            elif verb.startswith("DATA"):
                if not recipients:
                    say("503 5.5.1 nobody to deliver to")
                    continue
                say("354 go on")
                content = self.read_content(lines)
                for home in recipients if content is not None else ():
                    self.put(home, content)
                    say("250 2.0.0 delivered")
                recipients = []
            elif verb.startswith("QUIT"):
                say("221 2.0.0 bye")
                return
            else:
                recipients = [] if verb.startswith(("RSET", "MAIL")) else recipients
                say("250 2.0.0 ok")

    @staticmethod
    def read_content(lines):
        content = []
        while line := lines.readline():
            if line == b".\r\n":
                return b"".join(content)
            content.append((line[1:] if line.startswith(b".") else line).replace(b"\r\n", b"\n"))
        return None

    def mailbox(self, text):
        address = text.split(">")[0].strip().lstrip("<").lower()
        local, _, domain = address.partition("@")
        address = local.partition("+")[0] + "@" + domain
        return next((self.server.mail / u["user"] / "Maildir" for u in self.server.users
                     if u["email"] == address), None)

    def put(self, maildir, content):
        with self.lock:
            self.serial += 1
            name = f"{time.time():.6f}.P{os.getpid()}Q{self.serial}.localhost"
        path = maildir / "tmp" / name
        path.write_bytes(content)
        self.server.give_to_owner(path)
        path.rename(maildir / "new" / name)


KINDS = {"cyrus": Cyrus, "courier": Courier}
