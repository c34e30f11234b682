#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of samplemail: the same bytes each time, sound messages, the variety that it promises."""

import email
import email.policy
import subprocess
import tempfile
import unittest
from pathlib import Path

SAMPLEMAIL = Path(__file__).resolve().parent / "samplemail"
TODAY = "2026-11-20T10:00:00"


def write(directory, *options):
    subprocess.run([SAMPLEMAIL, "--today", TODAY, "--maildir", directory, *options], check=True,
                   capture_output=True)
    return {str(p.relative_to(directory)): p.read_bytes() for p in Path(directory).rglob("cur/*")}


class SampleMail(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        base = Path(cls.place.name)
        cls.demo = write(base / "demo", "--demo")
        cls.demo_again = write(base / "again", "--demo")
        cls.bulk = write(base / "bulk", "--count", "400")
        cls.subscriptions = (base / "demo" / "subscriptions").read_text()

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def test_same_options_give_same_bytes(self):
        self.assertEqual(self.demo, self.demo_again)

    def test_counts(self):
        self.assertEqual(len(self.bulk), 400)
        self.assertGreater(len(self.demo), 350)

    def test_every_message_is_sound(self):
        for name, raw in {**self.demo, **self.bulk}.items():
            message = email.message_from_bytes(raw, policy=email.policy.default)
            for part in message.walk():
                self.assertEqual(part.defects, [], name)
                if not part.is_multipart():
                    part.get_content()
            for header in ("From", "To", "Date", "Message-ID"):
                self.assertIn(header, message, name)
            self.assertLess(max(map(len, raw.split(b"\r\n"))), 999, name)

    def test_demo_has_many_charsets(self):
        found = set()
        for raw in self.demo.values():
            message = email.message_from_bytes(raw, policy=email.policy.default)
            found |= {p.get_content_charset() for p in message.walk() if p.get_content_charset()}
        for charset in ("utf-8", "iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1251", "koi8-r", "gb18030",
                        "shift_jis", "iso-2022-jp", "euc-kr", "big5"):
            self.assertIn(charset, found)

    def test_demo_has_threads_and_attachments(self):
        messages = [email.message_from_bytes(r, policy=email.policy.default) for r in self.demo.values()]
        identities = {str(m["Message-ID"]) for m in messages}
        replies = [m for m in messages if m["In-Reply-To"]]
        self.assertGreater(len(replies), 40)
        for reply in replies:
            self.assertIn(str(reply["In-Reply-To"]).strip(), identities)
        types = {p.get_content_type() for m in messages for p in m.iter_attachments()}
        self.assertLessEqual({"application/pdf", "image/png", "application/zip", "text/calendar", "text/csv"},
                             types)

    def test_no_address_can_be_owned_by_anybody(self):
        for raw in self.demo.values():
            message = email.message_from_bytes(raw, policy=email.policy.default)
            for address in message["From"].addresses + message["To"].addresses:
                self.assertTrue(address.domain.endswith(".example"), address)

    def test_folders_are_subscribed(self):
        self.assertIn("Projects\tHarbour walk\n", self.subscriptions)


if __name__ == "__main__":
    unittest.main()
