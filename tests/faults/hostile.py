#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An IMAP or SMTP server that a careful client must refuse, and that writes down every byte it hears.

It prints one JSON line {"port", "caFile", "raw", "clear"}: `raw` is a file with the bytes as they came
from the network, `clear` the same after TLS (and what came without TLS). Apart from its one fault it is
a friendly server that would accept any password, so a client that goes on is found out.
It serves until its standard input is closed.
"""

import argparse
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

MODES = {
    "good": "nothing is wrong: what the other modes are compared with",
    "unknown-issuer": "a certificate of an issuer that nobody knows",
    "self-signed": "a self-signed certificate",
    "wrong-host": "a certificate of the right issuer for another host",
    "expired": "a certificate of the right issuer and host that has ended",
    "starttls-missing": "STARTTLS is not offered",
    "starttls-refused": "STARTTLS is offered, then answered with a refusal",
    "injected": "more plaintext follows the reply to STARTTLS in the same segment",
    "preauth": "IMAP only: PREAUTH in clear text",
    "not-tls": "a port that answers a TLS handshake with words",
}


def openssl(*arguments, text=None):
    subprocess.run(["openssl", *arguments], check=True, input=text, text=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Certificates:
    """Two issuers and the certificates of each mode, made anew for each run."""

    def __init__(self, directory):
        self.directory = directory
        self.ca = self.issuer("ca", "Test issuer")

    def path(self, name):
        return os.path.join(self.directory, name)

    def issuer(self, name, subject):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", self.path(name + ".key"), "-out", self.path(name + ".pem"), "-days", "30",
                "-subj", "/CN=" + subject, "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        return self.path(name + ".pem")

    def leaf(self, mode, names="DNS:localhost,IP:127.0.0.1"):
        if mode == "self-signed":
            openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-keyout", self.path("leaf.key"), "-out", self.path("leaf.pem"),
                    "-days", "30", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=" + names,
                    "-addext", "basicConstraints=critical,CA:FALSE")
            return self.path("leaf.pem"), self.path("leaf.key")
        if mode == "unknown-issuer":
            self.issuer("stranger", "Unknown issuer")
        issuer = "stranger" if mode == "unknown-issuer" else "ca"
        names = "DNS:mail.example.org" if mode == "wrong-host" else names
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", self.path("leaf.key"), "-out", self.path("leaf.csr"), "-subj", "/CN=mail")
        self.sign(issuer, names, "200101000000Z" if mode == "expired" else None)
        return self.path("leaf.pem"), self.path("leaf.key")

    def sign(self, issuer, names, end):
        with open(self.path("index.txt"), "w", encoding="ascii"):
            pass
        with open(self.path("ca.cnf"), "w", encoding="ascii") as config:
            config.write(f"""[ca]
default_ca = here
[here]
new_certs_dir = {self.directory}
database = {self.path("index.txt")}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = extra
unique_subject = no
[any]
commonName = supplied
[extra]
subjectAltName = {names}
basicConstraints = critical,CA:FALSE
""")
        validity = ["-startdate", "190101000000Z", "-enddate", end] if end else ["-days", "20"]
        openssl("ca", "-batch", "-notext", "-config", self.path("ca.cnf"),
                "-cert", self.path(issuer + ".pem"), "-keyfile", self.path(issuer + ".key"),
                "-in", self.path("leaf.csr"), "-out", self.path("leaf.pem"), *validity)


class Wire:
    """One connection whose bytes are all written down, before and after TLS."""

    def __init__(self, sock, server):
        self.sock, self.server = sock, server
        self.tls = None
        self.buffer = b""

    def raw(self):
        data = self.sock.recv(65536)
        self.server.note(self.server.raw, data)
        if not data:
            raise ConnectionError("the client left")
        return data

    def flush(self):
        data = self.outgoing.read()
        if data:
            self.sock.sendall(data)

    def begin_tls(self):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.incoming.write(self.buffer)
        self.buffer = b""
        self.tls = self.server.context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        while True:
            try:
                self.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self.flush()
                self.incoming.write(self.raw())
        self.flush()
        self.server.note_event("handshake done")

    def recv(self):
        if not self.tls:
            data = self.raw()
        else:
            while True:
                try:
                    data = self.tls.read(65536)
                    break
                except ssl.SSLWantReadError:
                    self.flush()
                    self.incoming.write(self.raw())
            if not data:
                raise ConnectionError("the client closed TLS")
        self.server.note(self.server.clear, data)
        return data

    def line(self):
        while b"\n" not in self.buffer:
            self.buffer += self.recv()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r")

    def send(self, text):
        data = text.encode("latin-1")
        if self.tls:
            self.tls.write(data)
            self.flush()
        else:
            self.sock.sendall(data)


class Server:
    def __init__(self, arguments, directory):
        self.mode, self.proto = arguments.mode, arguments.protocol
        self.implicit = arguments.security == "tls"
        self.certificates = Certificates(directory)
        certificate, key = self.certificates.leaf(self.mode)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.lock = threading.Lock()
        self.raw = os.path.join(directory, "raw")
        self.clear = os.path.join(directory, "clear")
        self.events = os.path.join(directory, "events")
        for path in (self.raw, self.clear, self.events):
            with open(path, "wb"):
                pass
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def note(self, path, data):
        with self.lock, open(path, "ab") as log:
            log.write(data)

    def note_event(self, text):
        self.note(self.events, text.encode() + b"\n")

    def serve(self):
        while True:
            sock, _ = self.listener.accept()
            threading.Thread(target=self.converse, args=(sock,), daemon=True).start()

    def converse(self, sock):
        self.note_event("connection")
        wire = Wire(sock, self)
        try:
            if self.mode == "not-tls":
                wire.send("* OK ready\r\n" if self.proto == "imap" else "220 ready ESMTP\r\n")
                while True:
                    wire.recv()
            if self.implicit:
                wire.begin_tls()
            (self.imap if self.proto == "imap" else self.smtp)(wire)
        except (OSError, ssl.SSLError) as end:
            self.note_event(f"end: {end}")
        finally:
            sock.close()

    def offers_starttls(self, wire):
        return not wire.tls and not self.implicit and self.mode != "starttls-missing"

    def imap(self, wire):
        def capabilities():
            offer = " STARTTLS" if self.offers_starttls(wire) else ""
            return f"CAPABILITY IMAP4rev1{offer} SASL-IR AUTH=PLAIN AUTH=LOGIN"
        greeting = "PREAUTH" if self.mode == "preauth" else "OK"
        wire.send(f"* {greeting} [{capabilities()}] welcome\r\n")
        while True:
            tag, _, rest = wire.line().decode("latin-1").partition(" ")
            verb = rest.split(" ")[0].upper()
            if verb == "CAPABILITY":
                wire.send(f"* {capabilities()}\r\n{tag} OK done\r\n")
            elif verb == "STARTTLS" and self.mode == "starttls-refused":
                wire.send(f"{tag} BAD not today\r\n")
            elif verb == "STARTTLS" and self.offers_starttls(wire):
                more = "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" if self.mode == "injected" else ""
                wire.send(f"{tag} OK begin\r\n{more}")
                wire.begin_tls()
            elif verb == "AUTHENTICATE":
                if len(rest.split(" ")) < 3:
                    wire.send("+ \r\n")
                    wire.line()
                wire.send(f"{tag} OK welcome\r\n")
            elif verb == "LOGOUT":
                wire.send(f"* BYE\r\n{tag} OK bye\r\n")
                return
            else:
                wire.send(f"{tag} OK done\r\n")

    def smtp(self, wire):
        wire.send("220 mail.example.org ESMTP\r\n")
        while True:
            words = wire.line().decode("latin-1").split(" ")
            verb = words[0].upper()
            if verb in ("EHLO", "HELO"):
                offer = "250-STARTTLS\r\n" if self.offers_starttls(wire) else ""
                wire.send(f"250-mail.example.org\r\n{offer}250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n")
            elif verb == "STARTTLS" and self.mode == "starttls-refused":
                wire.send("454 not today\r\n")
            elif verb == "STARTTLS" and self.offers_starttls(wire):
                more = "250 ok\r\n" if self.mode == "injected" else ""
                wire.send(f"220 begin\r\n{more}")
                wire.begin_tls()
            elif verb == "AUTH":
                if len(words) < 3:
                    wire.send("334 \r\n")
                    wire.line()
                    if words[1:] == ["LOGIN"]:
                        wire.send("334 \r\n")
                        wire.line()
                wire.send("235 welcome\r\n")
            elif verb == "QUIT":
                wire.send("221 bye\r\n")
                return
            else:
                wire.send("250 ok\r\n")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="modes:\n" + "\n".join(f"  {name:18}{words}" for name, words in MODES.items()))
    parser.add_argument("--mode", choices=MODES, required=True)
    parser.add_argument("--protocol", choices=("imap", "smtp"), required=True)
    parser.add_argument("--security", choices=("tls", "starttls"), default="tls")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hostile-") as directory:
        server = Server(arguments, directory)
        threading.Thread(target=server.serve, daemon=True).start()
        print(json.dumps({"port": server.port, "caFile": server.certificates.ca, "raw": server.raw,
                          "clear": server.clear, "events": server.events}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
