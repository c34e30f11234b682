#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent is right: sixty messages, composed, sent through Postfix, received by Dovecot, and judged by Python.

  tests/integration/composed.py --binary build/dev/app/avocet [--only WORDS] [--keep DIRECTORY]

The drafts go to the engine as the composer gives them to it, through the outbox, and what arrived is read from the
recipient's mailbox and the copy from Sent (judge.py says what is asked of them). Last come drafts that try to smuggle
something into a header: each must be refused, with nothing sent. Exit code 77: no servers here.
"""

import argparse
import base64
import re
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "faults")]
sys.dont_write_bytecode = True
import compositions   # noqa: E402, beside this file
import filing   # noqa: E402
import judge   # noqa: E402
import rig   # noqa: E402

ODD_IDENTITY = {"account": 1, "name": 'Robin "R." Hale, Dünen; =?utf-8?q?x?=', "email": "robin@bücher.example",
                "replyTo": "answers@παράδειγμα.example", "organisation": "Ærø & Søn, " + "Große Gesellschaft " * 12 + "AG"}
DONE = ("filed", "done")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--only", default="", help="those with these words in their titles")
    parser.add_argument("--keep", type=Path, help="a directory for the messages as they arrived")
    parser.add_argument("--patience", type=float, default=120, help="seconds (default: %(default)s)")
    return parser.parse_args()


class Trial:
    def __init__(self, options, servers, directory):
        self.options, self.servers = options, servers
        self.profile = rig.Profile(options.binary, directory)
        self.problems = []

    def ask(self, name, **values):
        """(lines, last message)"""
        door = filing.Door(self.profile)
        door.say(name, **values)
        lines = []
        for line in door.lines:
            message = rig.json.loads(line)
            if "line" not in message:
                return lines, message
            lines.append(message["line"])
        return lines, {}

    def must(self, name, **values):
        answer = self.ask(name, **values)[1]
        if "reply" not in answer:
            raise SystemExit(f"{name}: {answer}")
        return answer["reply"]

    def prepare(self):
        user = self.servers.user
        self.profile.check("account", "add", "--name", "Robin Hale", "--email", user.address, "--user", user.name,
                           "--imap", f"imap://127.0.0.1:{self.servers.imap[1]}",
                           "--smtp", f"smtp://127.0.0.1:{self.servers.smtp[1]}", "--password-stdin",
                           stdin=user.password + "\n")
        self.owner = self.profile.start("watch", "--json")
        self.profile.wait_for_owner()
        odd = self.must("saveIdentity", identity=ODD_IDENTITY)["identityId"]
        self.identities = {"": (1, {"name": "Robin Hale", "email": user.address}), "odd": (odd, ODD_IDENTITY)}

    def as_json(self, draft):
        return {**{key: value for key, value in draft.items() if key not in ("title", "foreign", "copies", "began", "ended", "outbox", "id")},
                "identity": self.identities[draft.get("identity", "")][0],
                "attachments": [{**{k: v for k, v in a.items() if k != "bytes"},
                                 "data": base64.b64encode(a["bytes"]).decode()} for a in draft["attachments"]]}

    def send(self, draft):
        draft["began"] = int(time.time())
        saved = self.must("saveDraft", draft=self.as_json(draft))["draftId"]
        answer = self.ask("sendDraft", draft=saved)[1]
        reply = answer.get("reply", {"outboxId": 0, "messageId": ""})
        if "reply" not in answer:
            self.problems.append(f"{draft['title']}: {answer['error']['detail']}")
        draft["outbox"], draft["id"] = reply["outboxId"], reply["messageId"]
        draft["ended"] = int(time.time())

    def outbox(self):
        return {item["id"]: item for item in self.ask("listOutbox")[0]}

    def wait(self, drafts):
        """Until each is in Sent and, as far as anybody takes it, in the reader's mailbox."""
        end = time.time() + self.options.patience
        while time.time() < end:
            states = self.outbox()
            left = [d["title"] for d in drafts if states.get(d["outbox"], {"state": "done"})["state"] not in DONE]
            if not left:
                return states
            if any(item["state"] == "failed" for item in states.values()) and len(left) == 1:
                break
            time.sleep(0.05)
        for draft in drafts:
            if draft["title"] in left:
                self.problems.append(f"{draft['title']}: was not sent: {states.get(draft['outbox'])}"[:500])
        return states

    def messages(self, user, folder):
        """[bytes] of the folder."""
        connection = self.servers.login(user)
        connection.select(folder, readonly=True)
        found = [part[1] for part in connection.uid("FETCH", "1:*", "(BODY.PEEK[])")[1] if isinstance(part, tuple)]
        connection.logout()
        return found

    def by_id(self, user, folder):
        found = {}
        for raw in self.messages(user, folder):
            for field in judge.split(raw)[0]:
                if judge.field_name(field) == "message-id":
                    found.setdefault(re.search(rb"<(.*)>", field).group(1).decode(), []).append(raw)
        return found

    def arrived(self, count):
        end = time.time() + self.options.patience
        while True:
            found = self.by_id(self.servers.other, "INBOX")
            if len(found) >= count or time.time() > end:
                return found
            time.sleep(0.05)

    def check(self, draft, received, sent):
        """The message as received, and that the copy in Sent is the same but for Bcc."""
        identity = self.identities[draft.get("identity", "")][1]
        title = draft["title"]
        problems = []
        # Dovecot 2.3 takes no mail to addresses beyond ASCII (RFC 6531) and Postfix returns it: the copy in Sent is judged.
        if draft.get("foreign"):
            received = received or sent
        if len(received) != draft.get("copies", 1):
            problems.append(f"arrived {len(received)} times")
        if len(sent) != 1:
            problems.append(f"{len(sent)} copies in Sent")
        for raw in received[:1]:
            if self.options.keep:
                (self.options.keep / (re.sub(r"\W+", "-", title) + ".eml")).write_bytes(raw)
            plain = judge.without(raw, judge.TRACE)
            problems += judge.Judge(draft, identity, plain).verdict()
            if sent and judge.without(sent[0], ("bcc",)) != plain:
                problems.append("the copy in Sent is another message")
            if not draft.get("foreign") and not any(re.match(rb"Received: from \[127\.0\.0\.1\] ", field) for field in judge.split(raw)[0]):
                problems.append("the server was told a name of this computer")
        for raw in sent[:1]:
            hidden = judge.people(raw, "bcc")
            if hidden != judge.expected_people(draft["bcc"]):
                problems.append(f"Bcc of the copy: {judge.shortened(hidden)}")
        self.problems += [f"{title}: {problem}" for problem in problems]
        return not problems

    def attack(self):
        before = len(self.outbox())
        count = 0
        for field, values in compositions.attacks():
            count += 1
            saved = self.ask("saveDraft", draft=self.as_json(compositions.draft("attack", **values)))[1]
            if "reply" in saved:
                saved = self.ask("sendDraft", draft=saved["reply"]["draftId"])[1]
            if "reply" in saved:
                self.problems.append(f"{field} may smuggle a line in: {judge.shortened(values)}")
        for field in ("name", "organisation", "replyTo", "email"):
            for end in compositions.BREAKS:
                count += 1
                mean = {**ODD_IDENTITY, "replyTo": "a@b.example", field: ODD_IDENTITY[field] + end}
                if "reply" in self.ask("saveIdentity", identity=mean)[1]:
                    self.problems.append(f"an identity's {field} may smuggle a line in")
        if len(self.outbox()) != before:
            self.problems.append("an attack went into the outbox")
        return count

    def run(self):
        drafts = [d for d in compositions.all_drafts() if self.options.only in d["title"]]
        self.prepare()
        try:
            for draft in drafts:
                self.send(draft)
            self.wait(drafts)
            received = self.arrived(sum(1 for d in drafts if not d.get("foreign")))
            sent = self.by_id(self.servers.user, "Sent")
            good = sum(self.check(d, received.get(d["id"], []), sent.get(d["id"], [])) for d in drafts)
            attacks = self.attack()
        finally:
            rig.interrupt(self.owner)
        for problem in self.problems:
            print("PROBLEM", problem)
        print(f"{good} of {len(drafts)} messages arrived as composed; {attacks} attacks tried")
        return 1 if self.problems else 0


def main():
    options = arguments()
    if not rig.MailServers.installed():
        print("no Dovecot and Postfix here")
        return 77
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    with rig.MailServers("--others", "reader@avocet.example") as servers, tempfile.TemporaryDirectory() as directory:
        return Trial(options, servers, directory).run()


if __name__ == "__main__":
    sys.exit(main())
