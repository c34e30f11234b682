# SPDX-License-Identifier: GPL-3.0-or-later
"""The kills of kills.py while a draft goes to the server, and while a folder with mail in it is deleted.

A draft is saved and filed, saved again and filed again, and its owner dies at a point of the second filing: the server
must then hold the second version alone, once. A folder goes with its messages: afterwards it is on the server no more,
nor anything of it in the cache.
"""

import json
import os
import re
import socket
import sqlite3
import time

import rig

DRAFT_PHASES = {
    "draft:append": "imap:append",
    "draft:append-half": "imap:append-half",
    "draft:append-end": "imap:append-end",
    "draft:append-held": "imap:append-held",
    "draft:append-done": "imap:append-done",
    "draft:store-held": "imap:store-held",
}
RICH_DRAFT_PHASES = {
    "draft:expunge": "imap:expunge",
    "draft:expunge-held": "imap:expunge-held",
}
FOLDER_PHASES = {
    "folder:delete": "imap:delete",
    "folder:delete-held": "imap:delete-held",
    "folder:delete-done": "imap:delete-done",
    # The messages go in steps behind that.
    "folder:anywhere": None,
}


def phases(poor):
    return {**DRAFT_PHASES, **({} if poor else RICH_DRAFT_PHASES), **FOLDER_PHASES}


class Door:
    """One command to the owner of a profile, as another invocation would hand it over."""

    def __init__(self, profile, seconds=10):
        end = time.time() + seconds
        while True:
            try:
                self.socket = socket.socket(socket.AF_UNIX)
                self.socket.connect(self.find(profile.runtime))
                break
            except (OSError, StopIteration):
                if time.time() > end:
                    raise
                time.sleep(0.02)
        self.lines = self.socket.makefile("rb")
        self.lines.readline()   # hello

    @staticmethod
    def find(runtime):
        return next(entry.path for entry in os.scandir(runtime) if not entry.is_file() and not entry.is_dir())

    def say(self, name, **values):
        self.socket.sendall(json.dumps({"command": {"command": name, **values}}).encode() + b"\n")

    def answer(self):
        for line in self.lines:
            message = json.loads(line)
            if "line" not in message:
                return message
        return {}


class Filing:
    """Part of kills.py's Campaign."""

    def prepare_filing(self):
        self.filer = self.new_profile("filer", self.empty)
        self.filer.check("sync", "--json")

    def kill_while_filing(self, phase, delay):
        row = {"phase": phase, "owner": phase.partition(":")[0], "problems": []}
        if phase in FOLDER_PHASES:
            self.kill_while_deleting_folder(phase, delay, row)
        else:
            self.kill_while_filing_draft(phase, delay, row)
        self.check_databases(self.filer, row)
        row["problems"] += self.witness.compare(self.filer.path)
        return row

    def finish(self, row):
        for _ in range(2):   # the second finds what the first has brought about
            again = self.filer.run("sync", "--json", timeout=120)
            if again.returncode:
                row["problems"].append(f"sync after the kill: {again.returncode} {again.stderr.strip()}")

    # -- drafts ------------------------------------------------------------------------------

    def ask(self, name, **values):
        door = Door(self.filer)
        door.say(name, **values)
        answer = door.answer()
        if "reply" not in answer:
            raise SystemExit(f"{name}: {answer}")
        return answer["reply"]

    def kill_while_filing_draft(self, phase, delay, row):
        self.serial += 1
        subject = f"draft {self.options.seed}-{self.serial}"
        draft = {"identity": 1, "subject": subject + " first", "text": "words\n" * 2000}
        owner = self.filer.start("watch", "--json")
        self.filer.wait_for_owner()
        draft["id"] = self.ask("saveDraft", draft=draft)["draftId"]
        self.ask("fileDraft", draft=draft["id"], wait=True)
        draft["subject"] = subject + " second"
        self.ask("saveDraft", draft=draft)
        executioner = self.executioner(phases(self.options.poor)[phase], delay)
        executioner.arm()
        executioner.aim(owner)
        # Durable before the server hears of it, so that the answer may be lost with the owner.
        Door(self.filer).say("fileDraft", draft=draft["id"], wait=False)
        executioner.done.wait(self.options.patience)
        row["killed"] = executioner.done.is_set()
        executioner.disarm()
        rig.end(owner, 0.5)
        self.check_databases(self.filer, row)
        self.finish(row)
        there = self.drafts(subject)
        if there != [draft["subject"]]:
            row["problems"].append(f"the server's drafts: {there}")

    def drafts(self, subject):
        """Subjects that begin with `subject`, of what is not \\Deleted."""
        connection = self.servers.login(self.servers.user)
        connection.select("Drafts", readonly=True)
        numbers = connection.search(None, "UNDELETED", "SUBJECT", f'"{subject}"')[1][0].split()
        found = []
        for number in numbers:
            data = connection.fetch(number, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1][0][1]
            found.append(re.sub(r"\s+", " ", data.decode()).partition(":")[2].strip())
        connection.logout()
        return found

    # -- folders -----------------------------------------------------------------------------

    def kill_while_deleting_folder(self, phase, delay, row):
        self.serial += 1
        name = f"Gone{self.serial}"
        rig.fill(self.servers, name, 1500, self.options.seed)
        self.filer.check("sync", "--json")
        executioner = self.executioner(FOLDER_PHASES[phase], delay)
        executioner.arm()
        owner = self.filer.start("folder", "delete", name, "--wait")
        executioner.aim(owner)
        if FOLDER_PHASES[phase] is None:
            executioner.strike_after(self.random.uniform(0, 0.4))
        self.await_strike(executioner, owner, row)
        self.check_databases(self.filer, row)
        # A kill before the wish was on disk leaves the folder; it is then deleted as the user would.
        if row["killed"] and name in self.folders():
            self.filer.run("folder", "delete", name, "--wait")
        self.finish(row)
        connection = self.servers.login(self.servers.user)
        if connection.list('""', f'"{name}"')[1][0]:
            row["problems"].append(f"{name} is still on the server")
        connection.logout()
        if name in self.folders():
            row["problems"].append(f"{name} is still in the cache")
        # Emptied in steps when nothing else is to be done, by whoever stays: the window, or watch.
        resident = self.filer.start("watch", "--json")
        end = time.time() + self.options.patience
        while self.left_over() and time.time() < end:
            time.sleep(0.05)
        rig.interrupt(resident)
        if left := self.left_over():
            row["problems"].append(f"{left} messages of a folder that is gone")

    def folders(self):
        return {line.get("path") for line in self.filer.lines("folders", "--json")}

    def left_over(self):
        connection = sqlite3.connect(f"file:{self.filer.path}/mail.db?mode=ro", uri=True)
        try:
            return connection.execute("SELECT count(*) FROM placement JOIN folder ON folder.id = placement.folder "
                                      "WHERE folder.account = 0").fetchone()[0]
        finally:
            connection.close()
