# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's journey under Xvfb: sync, open a message, answer it, see the answer arrive.

The window is driven by its keyboard shortcuts and watched from outside: by the command line, which
asks the window's own engine, and by the servers. Nothing waits for a fixed time but for what it expects.
"""

import email
import imaplib
import json
import os
import subprocess
import time
from pathlib import Path

PATIENCE = 60
WORDS = ("Thursday works, please book all four of us. I bring the boots and the thermos, and Ruth "
         "asks for a seat on the side where the turnstones are.")


class JourneyFailure(Exception):
    pass


def run(demo, shots):
    journey = Journey(demo, Path(shots))
    try:
        journey.travel()
    except JourneyFailure as failure:
        journey.shoot("failed")
        from __main__ import Failure
        raise Failure(f"the journey ended early: {failure}. The last screen is in {shots}") from None


class Journey:
    def __init__(self, demo, shots):
        self.demo, self.shots = demo, shots
        shots.mkdir(parents=True, exist_ok=True)
        for old in shots.glob("*.png"):
            old.unlink()
        self.number = 0
        self.window = None
        self.start_display()

    # -- the display ---------------------------------------------------------------------------

    def start_display(self):
        reader, writer = os.pipe()
        os.set_inheritable(writer, True)
        self.demo.spawn(["Xvfb", "-displayfd", writer, "-screen", "0", "1400x900x24", "-nolisten", "tcp",
                         "-dpi", "96"], pass_fds=[writer], stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as answer:
            display = answer.readline().strip()
        if not display:
            raise JourneyFailure("Xvfb did not start")
        env = {k: v for k, v in self.demo.env.items() if k not in ("WAYLAND_DISPLAY", "XAUTHORITY")}
        for name in [n for n in env if n.startswith("LC_")]:
            del env[name]
        # Dates as people write them, on a system that may have no locale but C.
        self.env = dict(env, DISPLAY=f":{display}", QT_QPA_PLATFORM="xcb", LANG="en_GB.UTF-8",
                        LC_CTYPE="C.UTF-8")
        # A window manager gives the focus; without one no key reaches the compose window.
        config = self.demo.dir / "openbox.xml"
        config.write_text('<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc">'
                          "<applications><application class=\"*\" type=\"normal\">"
                          "<focus>yes</focus><decor>no</decor></application></applications></openbox_config>\n")
        self.demo.spawn(["openbox", "--config-file", config], env=self.env, stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL)

    def tool(self, *command):
        done = subprocess.run([str(c) for c in command], env=self.env, capture_output=True, text=True,
                              timeout=30)
        return done.stdout.strip() if done.returncode == 0 else ""

    def keys(self, *names):
        for name in names:
            self.tool("xdotool", "key", "--clearmodifiers", name)

    def write(self, text):
        self.tool("xdotool", "type", "--clearmodifiers", "--delay", "4", text)

    def open_newest(self):
        """The first card of the list, as a hand would: the list begins at 232 and its cards at 150."""
        self.tool("xdotool", "windowactivate", "--sync", self.main)
        self.tool("xdotool", "mousemove", 420, 190, "click", 1)
        # Off the card, or its hover buttons are in the picture.
        self.tool("xdotool", "mousemove", 1000, 880)

    def windows(self):
        return self.tool("xdotool", "search", "--onlyvisible", "--pid", str(self.window.pid)).split()

    def shoot(self, name, window="root"):
        self.settle()
        self.number += 1
        path = self.shots / f"{self.number:02d}-{name}.png"
        self.tool("import", "-window", window, path)
        return path

    def settle(self):
        """Until two pictures in a row are the same: no half-drawn window, no running animation."""
        before, deadline = None, time.monotonic() + 5
        while time.monotonic() < deadline:
            now = subprocess.run(["import", "-window", "root", "-depth", "8", "rgb:-"], env=self.env,
                                 capture_output=True, timeout=30).stdout
            if now == before:
                return
            before = now
            time.sleep(0.25)

    def until(self, what, condition, seconds=PATIENCE):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.window and self.window.poll() is not None:
                raise JourneyFailure(f"Avocet ended with {self.window.returncode} before {what}")
            value = condition()
            if value:
                return value
            time.sleep(0.2)
        raise JourneyFailure(f"{what} did not happen within {seconds} s")

    # -- what the program and the servers know ---------------------------------------------------

    def folder(self, path):
        return next((f for f in self.demo.rows("folders") if f["path"] == path), None)

    def inbox(self, limit=5):
        return self.demo.rows("list", "--folder", "INBOX", "--limit", limit)

    def imap(self, user):
        box = imaplib.IMAP4("localhost", self.demo.mail["imap"])
        box.login(user, self.demo.passwords[user])
        return box

    def headers_on_server(self, user, folder, message_id):
        """The headers of each copy of a message, as the server has them."""
        box = self.imap(user)
        box.select(folder, readonly=True)
        _, found = box.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
        copies = []
        for uid in found[0].split():
            _, data = box.uid("FETCH", uid, "(BODY.PEEK[HEADER])")
            copies.append(email.message_from_bytes(data[0][1]))
        box.logout()
        return copies

    # -- the journey -----------------------------------------------------------------------------

    def open_window(self, theme):
        self.window = self.demo.spawn([self.demo.program, "--profile", self.demo.profile],
                                      env=dict(self.env, AVOCET_THEME=theme))
        window = self.until("a window", self.windows)[-1]
        self.tool("xdotool", "windowsize", "--sync", window, 1400, 900)
        self.tool("xdotool", "windowmove", window, 0, 0)
        self.tool("xdotool", "windowactivate", "--sync", window)
        self.main = window

    def close_window(self):
        self.tool("xdotool", "windowactivate", "--sync", self.main)
        self.keys("ctrl+q")
        try:
            code = self.window.wait(20)
        except subprocess.TimeoutExpired:
            raise JourneyFailure("Ctrl+Q did not end Avocet") from None
        self.demo.children.remove(self.window)
        self.window = None
        if code != 0:
            raise JourneyFailure(f"Avocet ended with {code}")

    def travel(self):
        self.open_window("light")
        self.until("the whole inbox", lambda: (self.folder("INBOX") or {}).get("total", 0)
                   >= self.demo.sample["folders"]["INBOX"])
        self.until("every folder", lambda: sum(f["total"] for f in self.demo.rows("folders"))
                   >= self.demo.sample["messages"])
        self.shoot("inbox")
        newest = self.inbox(1)[0]
        watch = self.demo.spawn([self.demo.program, "--profile", self.demo.profile, "watch", "--json"],
                                env=dict(self.demo.env, QT_QPA_PLATFORM="offscreen"),
                                stdout=open(self.demo.dir / "watch.jsonl", "w"))
        self.open_newest()
        self.shoot("message")
        self.answer(newest)
        self.see_answer(newest)
        self.demo.end(watch)
        self.close_window()
        self.look_in_the_dark()

    def open_reply(self):
        before = set(self.windows())
        self.keys("ctrl+r")
        compose = self.until("a compose window", lambda: set(self.windows()) - before).pop()
        self.tool("xdotool", "windowactivate", "--sync", compose)
        return compose

    def answer(self, newest):
        compose = self.open_reply()
        self.write(WORDS)
        self.shoot("answer", compose)
        self.keys("ctrl+Return")
        self.shoot("sent")
        # Ten seconds to undo belong to sending.
        self.until("the outbox to be empty", lambda: self.folder("Sent") and all(
            r["state"] in ("done", "filed") for r in self.demo.rows("outbox")) and
            self.folder("Sent")["total"] > self.demo.sample["folders"]["Sent"])

    def see_answer(self, newest):
        answer = self.until("an answer from the correspondent", self.demo.answers)[0]
        if "(Postfix)" not in answer["via"]:
            raise JourneyFailure(f"the answer did not go through Postfix: {answer['via']}")
        arrived = self.until("the answer in the inbox", lambda: next(
            (m for m in self.inbox() if m["id"] > newest["id"] and m["subject"] == answer["subject"]), None))
        copies = self.headers_on_server("robin@tideline.example", "Sent", answer["inReplyTo"])
        if len(copies) != 1:
            raise JourneyFailure(f"{len(copies)} copies of the answer in Sent, not one")
        events = [json.loads(line) for line in (self.demo.dir / "watch.jsonl").read_text().splitlines()]
        if not any(e.get("id") == arrived["id"] for e in events):
            raise JourneyFailure("the answer came, but not as an event of the open connection")
        print(f"The answer went through Postfix ({answer['via'].split(' by ')[-1].split(';')[0].strip()}) "
              "and the reply to it came back while the window was idle", flush=True)
        self.open_newest()
        self.shoot("answer-arrived")

    def look_in_the_dark(self):
        self.open_window("dark")
        self.until("the inbox", lambda: self.folder("INBOX"))
        self.shoot("inbox-dark")
        self.open_newest()
        self.shoot("message-dark")
        compose = self.open_reply()
        self.write("Thank you for the seats.")
        self.shoot("answer-dark", compose)
        self.keys("ctrl+w")
        self.close_window()
