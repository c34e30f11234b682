# SPDX-License-Identifier: GPL-3.0-or-later
"""What the malicious IMAP server of malice.py does: one line a behaviour.

An attack takes the place of imapmodel.Server.attack. Verbs are those of the commands, where FETCH is told apart
as envelopes, flags and bodies, EXAMINE is select, and greeting and done (the end of IDLE) are verbs as well.
"""

import itertools
import re
import zlib

import imapmodel
from imapmodel import Hangup

MEGABYTE = 1 << 20
# So much at most is sent of what has no end: a client that takes all of it has no bound.
ENDLESS = 300 * MEGABYTE


class Behaviour:
    """
    fails:    the client must say that something is wrong (True), must not (False), or may (None)
    loses:    what was cached may be gone until the server is honest again, since the server said so
    stripped: the client must think at times that this server has no UIDPLUS: what goes stays there, marked
    contents: what can never change under a UID was told wrong, so that nobody can find out later
    refuses:  waiting changes may be refused for good, which takes them back
    starts:   with which profiles: empty, settled (synced before, news waits), pending (changes wait as well)
    secret:   no form of the password may come
    slow:     it takes the client's patience (a minute and more)
    watch:    `avocet watch` in place of `avocet sync`
    """

    def __init__(self, case, words, attack, fails=True, loses=False, contents=False, stripped=False, refuses=False,
    starts=("settled", "pending"),
                 server="rich", security="plain", secret=False, slow=False, watch=False):
        self.case, self.words, self.attack, self.fails = case, words, attack, fails
        self.loses, self.contents, self.refuses, self.starts = loses, contents, refuses, starts
        self.server, self.security, self.secret = server, security, secret
        self.slow, self.watch, self.stripped = slow, watch, stripped


# -- attacks -----------------------------------------------------------------------------------


def at(verbs, change):
    """change(session, tag, reply) at these verbs, everything else stays right."""
    verbs = verbs.split()

    def attack(session, verb, tag, reply):
        return change(session, tag, reply) if verb in verbs or verbs == ["any"] else reply
    return attack


def encoded(text, tag):
    return text.replace("{tag}", tag).encode("latin-1") if isinstance(text, str) else text.replace(b"{tag}",
    tag.encode())


def before(verbs, text):
    return at(verbs, lambda _, tag, reply: encoded(text, tag) + reply)


def behind(verbs, text):
    return at(verbs, lambda _, tag, reply: reply + encoded(text, tag))


def instead(verbs, text):
    return at(verbs, lambda _, tag, reply: encoded(text, tag))


def replaced(verbs, pattern, text):
    template = text.encode("latin-1") if isinstance(text, str) else text
    return at(verbs, lambda _, tag, reply: re.sub(pattern, lambda found: found.expand(template), reply))


def flood(start, chunk):
    big = chunk * max(1, MEGABYTE // 4 // len(chunk))
    yield start
    for _ in range(ENDLESS // len(big)):
        yield big
    raise Hangup   # more would prove nothing


def endless(verbs, chunk, start=b""):
    return at(verbs, lambda *_: flood(start, chunk))


def silent(verbs, text=b""):
    def change(session, *_):
        def words():
            yield text
            session.server.stopping.wait(400)
            raise Hangup
        return words()
    return at(verbs, change)


def dripping(verbs, seconds):
    """One byte at a time, and never the last one."""
    def change(session, tag, reply):
        def drip():
            for byte in itertools.chain(reply[:-1], itertools.repeat(ord("x"))):
                if session.server.stopping.wait(seconds):
                    raise Hangup
                yield bytes([byte])
        return drip()
    return at(verbs, change)


def hanging_up(verbs, text=""):
    def change(session, tag, _):
        session.sock.sendall(encoded(text, tag))
        raise Hangup
    return at(verbs, change)


def cut_in_half(verbs):
    def change(session, _, reply):
        session.sock.sendall(reply[:len(reply) // 2])
        raise Hangup
    return at(verbs, change)


def all_of(*attacks):
    def attack(session, verb, tag, reply):
        for one in attacks:
            reply = one(session, verb, tag, reply)
            if not isinstance(reply, bytes):
                break
        return reply
    return attack


def each_select(changes):
    """Another answer each time: `changes` numbers in turn into {n}."""
    numbers = itertools.cycle(changes)

    def attack(_, verb, tag, reply):
        if verb not in ("select", "status", "list"):
            return reply
        return re.sub(rb"UIDVALIDITY \d+", b"UIDVALIDITY %d" % next(numbers), reply)
    return attack


def unasked_folder():
    """Messages of nowhere in every reply to FETCH."""
    fakes = b"".join(b'* %d FETCH (UID %d FLAGS (\\Seen) MODSEQ (99) INTERNALDATE "17-Jul-2026 02:44:25 +0000" '
                     b'RFC822.SIZE 9 ENVELOPE (NIL "Never asked for" NIL NIL NIL NIL NIL NIL NIL NIL) '
                     b'BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1))\r\n' % (n, 70_000 + n)
                     for n in range(1, 200))
    return before("envelopes bodies flags", fakes)


def bomb(text):
    """In place of the envelope or structure of each message."""
    return replaced("envelopes", rb'ENVELOPE .*?(?= BODY\[HEADER|\)\r\n)', text)


def deflate_bomb():
    """COMPRESS is not asked for on this machine: who sends it all the same is not understood."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"* OK " + b"x" * (50 * MEGABYTE)) + packer.flush()
    return before("select", packed)


def folders(names):
    lines = b"".join(b'* LIST (\\HasNoChildren) "/" "%s"\r\n' % name for name in names)
    return before("list", lines)


def wrong_counts(text):
    return replaced("move copy", rb"\[COPYUID [^\]]*\]", text)


def fake(uid, more=b""):
    return (b'* 1 FETCH (UID %s FLAGS (\\Seen) MODSEQ (3) INTERNALDATE "17-Jul-2026 02:44:25 +0000" RFC822.SIZE 9 '
            b'ENVELOPE ("x" "Made up" NIL NIL NIL NIL NIL NIL NIL "<made-up-%s@example.org>") BODYSTRUCTURE ("TEXT" '
            b'"PLAIN" NIL NIL NIL "7BIT" 1 1)%s)\r\n' % (uid, uid, more))


def once(attack):
    """The first time on each server; then it is right."""
    def guarded(session, verb, tag, reply):
        if getattr(session.server, "struck", False):
            return reply
        changed = attack(session, verb, tag, reply)
        if changed is not reply:
            session.server.struck = True
        return changed
    return guarded


def greeting_capabilities(text):
    return replaced("greeting capability", rb"STARTTLS", text)


# -- the table ---------------------------------------------------------------------------------

DEEP = b"(" * 100_000
NAMES = [b"..", b"../../etc/passwd", b"/", b"//", b"/etc/passwd", b".", b"a/../b", b"CON", b"x" * 4000,
         b"&", b"&-&-", b"&Jjo", b"&Jjo!-", b"&AAA-", b"&AGE-", b"&2AHcAQ-", b"&//8-", b"a&-b", b"\xff\xfe",
         b"\xe2\x80\xaeevil", b"tab\there", b"%s%s%n", b"'; DROP TABLE folder; --", b"INBOX/..", b"iNbOx", b""]


def table():
    b = Behaviour
    every = ("empty", "settled", "pending")
    rows = [
        # I1: numbers, literals, NUL
        b("I1", "a literal of 4 GB in FETCH",
          before("envelopes", "* 1 FETCH (UID 1 BODY[] {4294967295}\r\n"), starts=every),
        b("I1", "a literal of 2^64 bytes", before("select", "* LIST () NIL {18446744073709551616}\r\n")),
        b("I1", "a negative literal", before("envelopes", "* 1 FETCH (UID 1 BODY[] {-1}\r\n"), fails=None),
        b("I1", "a literal of 64 MB that never comes",
          endless("bodies", b"\0", b"* 1 FETCH (UID 1 BODY[] {67108864}\r\n"), fails=None, starts=("empty",)),
        b("I1", "a literal in place of every atom", replaced("envelopes", rb"FLAGS", "{5}\r\nFLAGS"), fails=None),
        b("I1", "a literal in place of a tag", instead("select", "{3}\r\n{tag} OK\r\n")),
        b("I1", "a UID over 2^32", replaced("envelopes", rb"UID \d+", "UID 4294967296"), starts=every),
        b("I1", "UID 0", replaced("envelopes flags", rb"UID \d+", "UID 0"), starts=every),
        b("I1", "UID 4294967295 is a message", before("envelopes", fake(b"4294967295")), fails=None, starts=every),
        b("I1", "the newest UID is 4294967295, and UIDNEXT too", all_of(
            replaced("select list status", rb"UIDNEXT \d+", "UIDNEXT 4294967295"),
            before("envelopes", fake(b"4294967294")), replaced("search", rb"UID[^\r]*", "UID ALL 1:9,4294967294")),
            fails=None, loses=True, starts=every),
        b("I1", "the same UID twice",
          at("envelopes", lambda s, t, r: r.rpartition(t.encode())[0] + r), fails=None, starts=every),
        b("I1", "the same UID two million times", at("envelopes", lambda s, t, r: itertools.chain(
            itertools.repeat(fake(b"1") * 4000, 500), [r])), fails=None, starts=("empty",)),
        b("I1", "negative numbers everywhere",
          replaced("any", rb"(EXISTS|UIDNEXT|MESSAGES|SIZE) (\d+)", r"\1 -\2"), fails=None, starts=every),
        b("I1", "EXISTS of 4294967296", replaced("select", rb"\d+ EXISTS", "4294967296 EXISTS")),
        b("I1", "EXISTS of 4294967295",
          replaced("select", rb"\d+ EXISTS", "4294967295 EXISTS"), fails=None, starts=every),
        b("I1", "RFC822.SIZE of 2^63",
          replaced("envelopes", rb"RFC822.SIZE \d+", "RFC822.SIZE 9223372036854775808"), fails=None),
        b("I1", "RFC822.SIZE of 2^63 - 1",
          replaced("envelopes", rb"RFC822.SIZE \d+", "RFC822.SIZE 9223372036854775807"), fails=None, starts=every),
        b("I1", "MODSEQ of 2^64",
          replaced("envelopes flags select", rb"MODSEQ \(?\d+", "MODSEQ (18446744073709551616"), fails=None),
        b("I1", "INTERNALDATE of nowhere",
          replaced("envelopes", rb'INTERNALDATE "[^"]*"', 'INTERNALDATE "99-Foo-9999 99:99:99 +9999"'), fails=False,
          starts=every),
        b("I1", "INTERNALDATE of the year 0",
          replaced("envelopes", rb'INTERNALDATE "[^"]*"', 'INTERNALDATE "01-Jan-0000 00:00:00 -9959"'), fails=False,
          starts=every),
        b("I1", "NUL in subjects and names",
          replaced("envelopes", rb'"Number', '"\0Num\0ber'), fails=None, contents=True, starts=every),
        b("I1", "NUL in every line",
          at("select list envelopes", lambda s, t, r: r.replace(b"* ", b"* \0", 1)), fails=None, loses=True),
        b("I1", "nothing but NUL", instead("select", b"\0" * 4096 + b"\r\n")),
        b("I1", "a body of NUL bytes",
          replaced("bodies", rb"\* (\d+) FETCH \((UID \d+) BODY\[\] \{\d+\}\r\n(?s:.*?)\)\r\n",
          "* \\1 FETCH (\\2 BODY[] {9}\r\n\0\0\0\0\0\0\0\0\0)\r\n"), fails=None, contents=True, starts=("empty",)),
        b("I1", "a body announced shorter than it is",
          replaced("bodies", rb"BODY\[\] \{\d+\}", "BODY[] {5}"), starts=("empty",)),
        b("I1", "a bare LF and a bare CR end lines",
          at("select list", lambda s, t, r: r.replace(b"\r\n", b"\n")), fails=False, starts=every),
        b("I1", "flags of 100,000 words",
          replaced("envelopes flags", rb"FLAGS \(", lambda_words("FLAGS (", 100_000)), fails=None, starts=every),
        b("I1", "a SEARCH of all 4 billion UIDs",
          replaced("search", rb"UID[^\r]*", "UID ALL 1:4294967295"), starts=("empty",)),
        b("I1", "a SEARCH of UIDs that are none",
          replaced("search", rb"UID[^\r]*", "UID ALL 0,-1,1:*,:,,99999999999"), starts=("empty",)),
        b("I1", "a plain SEARCH of two million numbers",
          replaced("search", rb"SEARCH[^\r]*", lambda_words("SEARCH ", 2_000_000, "4294967294 ")), server="poor",
          fails=None, starts=("empty",)),
        # I2: UIDVALIDITY
        b("I2", "another UIDVALIDITY in each answer",
          each_select(range(5, 5000)), fails=None, loses=True, starts=every),
        b("I2", "UIDVALIDITY 0",
          replaced("select list status", rb"UIDVALIDITY \d+", "UIDVALIDITY 0"), fails=None, loses=True, starts=every),
        b("I2", "UIDVALIDITY over 2^32",
          replaced("select", rb"UIDVALIDITY \d+", "UIDVALIDITY 4294967296"), fails=None, loses=True, starts=every),
        b("I2", "no UIDVALIDITY at all",
          replaced("select list status", rb" ?UIDVALIDITY \d+", ""), fails=None, loses=True, starts=every),
        b("I2", "UIDVALIDITY behind the answer",
          all_of(replaced("select", rb"\* OK \[UIDVALIDITY \d+\][^\n]*\n", ""), behind("select",
          "* OK [UIDVALIDITY 77] ha\r\n")), fails=None, loses=True),
        b("I2", "another UIDVALIDITY on the poor server",
          each_select(range(5, 5000)), fails=None, loses=True, server="poor", starts=every),
        # I3: no end, no order
        b("I3", "endless untagged OK at the sign-in", endless("authenticate", b"* OK still at it\r\n")),
        b("I3", "endless untagged OK at ID", endless("id", b"* OK still at it\r\n")),
        b("I3", "endless untagged OK at SELECT", endless("select", b"* OK still at it\r\n")),
        b("I3", "endless continuation requests", endless("select", b"+ go on\r\n")),
        b("I3", "endless empty lines", endless("select", b"\r\n")),
        b("I3", "endless FETCH of one message", endless("flags envelopes", fake(b"1")), fails=None, starts=every),
        b("I3", "an endless FETCH line", endless("envelopes", b"\\Seen ", b"* 9 FETCH (UID 9 FLAGS ("), starts=every),
        b("I3", "an endless line", endless("select", b"x", b"* OK ")),
        b("I3", "an endless line that nobody can read", endless("greeting", b"\xff")),
        b("I3", "an endless greeting", endless("greeting", b"x", b"* OK ")),
        b("I3", "endless LIST", endless("list", b'* LIST () "/" "again"\r\n')),
        b("I3", "endless LIST of other names",
          at("list", lambda s, t, r: (b'* LIST () "/" "n%d"\r\n' % n * 1 for n in range(3_000_000)))),
        b("I3", "endless CAPABILITY",
          endless("capability authenticate", b"* CAPABILITY " + b"X-YZ " * 500 + b"\r\n")),
        b("I3", "endless VANISHED",
          endless("select", b"* VANISHED (EARLIER) 1:4294967295\r\n"), loses=True, fails=None),
        b("I3", "endless STATUS of other folders", endless("select", b'* STATUS "INBOX" (MESSAGES 3)\r\n')),
        b("I3", "endless header literals",
          endless("envelopes",
          b"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (FROM)] {1000000}\r\n" + b"h" * 1_000_000 + b")\r\n"), starts=every,
          fails=None),
        b("I3", "silence behind the connection", silent("greeting"), slow=True, starts=("settled",)),
        b("I3", "silence at SELECT", silent("select"), slow=True, starts=("pending",)),
        b("I3", "silence in the midst of bodies", silent("bodies"), slow=True, starts=("empty",)),
        b("I3", "a byte every half second", dripping("select", 0.5), slow=True, starts=("pending",)),
        b("I3", "a byte every half second before the sign-in",
          dripping("greeting", 0.5), slow=True, starts=("settled",)),
        b("I3", "BYE as the greeting", instead("greeting", "* BYE go away\r\n")),
        *[b("I3", f"BYE at {verb}",
          hanging_up(verb, "* BYE not now\r\n"), starts=STARTS.get(verb, ("pending", "empty")))
          for verb in ("authenticate", "id", "list", "select", "envelopes", "bodies", "search", "store", "move",
          "create")],
        *[b("I3", f"a hang-up at {verb}", hanging_up(verb), starts=STARTS.get(verb, ("pending", "empty")))
          for verb in ("authenticate", "list", "select", "envelopes", "bodies", "store", "move", "create")],
        *[b("I3", f"half an answer to {verb}", cut_in_half(verb), starts=STARTS.get(verb, ("pending", "empty")))
          for verb in ("list", "select", "envelopes", "bodies", "store", "move")],
        b("I3", "BYE and then silence", silent("select", b"* BYE\r\n"), slow=True, starts=("settled",)),
        b("I3", "BYE and then all is well", before("any", "* BYE\r\n"), fails=None, starts=every),
        b("I3", "a wrong tag", instead("select", "T999999 OK done\r\n")),
        b("I3", "a tag of another command first", instead("select", "T1 OK done\r\n{tag} OK done\r\n"), fails=None),
        b("I3", "each answer twice", at("select list store move", lambda s, t, r: r + r)),
        b("I3", "answers to what was not asked yet", before("list", "T7 OK\r\nT8 OK\r\nT9 OK\r\n")),
        b("I3", "no tag", instead("select", "OK done\r\n")),
        b("I3", "a tag of a megabyte", instead("select", "T" * MEGABYTE + " OK\r\n")),
        b("I3", "a continuation request nobody asked for",
          before("select list envelopes", "+ tell me more\r\n"), fails=None, starts=every),
        b("I3", "NO to everything",
          at("list select store move create copy search envelopes bodies flags status", lambda s, t,
          r: encoded("{tag} NO no\r\n", t)), refuses=True),
        b("I3", "BAD to everything",
          at("list select store move create copy search envelopes bodies flags status", lambda s, t,
          r: encoded("{tag} BAD bad\r\n", t)), refuses=True),
        b("I3", "NO to every folder", instead("select", "{tag} NO no\r\n"), refuses=True, starts=every),
        b("I3", "NO to every change",
          instead("store move copy create", "{tag} NO no\r\n"), refuses=True, starts=("pending",)),
        b("I3", "NO to FETCH", instead("envelopes bodies flags", "{tag} NO no\r\n"), starts=every),
        b("I3", "an OK that answers nothing",
          instead("list select envelopes flags bodies search status", "{tag} OK\r\n"), fails=None, loses=True,
          starts=every),
        b("I3", "other capabilities each time",
          at("authenticate capability", lambda s, t, r: re.sub(rb"IMAP4rev1[^\]\r]*", [b"IMAP4rev1",
          b"IMAP4rev1 QRESYNC", b"IMAP4rev1 MOVE ESEARCH LIST-EXTENDED LIST-STATUS", b"X"][s.server.connections % 4],
          r)), fails=None, stripped=True, starts=every),
        b("I3", "capabilities that come unasked and go",
          before("select list", "* CAPABILITY IMAP4rev1\r\n"), fails=None, stripped=True, starts=every),
        b("I3", "no capability is true",
          at("authenticate capability", lambda s, t, r: r.replace(imapmodel.POOR.encode(),
          b"IMAP4rev1 QRESYNC CONDSTORE ENABLE MOVE UIDPLUS ESEARCH LIST-EXTENDED LIST-STATUS SPECIAL-USE NOTIFY IDLE COMPRESS=DEFLATE")), server="poor", fails=None, starts=every),
        # I4: names
        b("I4", "folders with the names of paths", folders(NAMES), fails=None, starts=every),
        b("I4", "a folder of 1 MB of name",
          before("list", b'* LIST () "/" {1048576}\r\n' + b"n" * MEGABYTE + b"\r\n"), fails=None, starts=every),
        b("I4", "100,000 folders",
          folders([b"many-%d" % n for n in range(100_000)]), fails=None, starts=("settled", "pending")),
        b("I4", "a hierarchy of 10,000 levels", folders([b"/".join([b"d"] * 10_000)]), fails=None, starts=every),
        b("I4", "a delimiter of NUL, a quote, none",
          before("list",
          b'* LIST () "\0" "nul"\r\n* LIST () "\\"" "quote\\"d"\r\n* LIST () NIL "none/at/all"\r\n* LIST () "" "empty"\r\n'), fails=None, starts=every),
        b("I4", "INBOX fifty times", folders([b"INBOX"] * 50), fails=None, starts=every),
        b("I4", "each folder is the Trash",
          replaced("list", rb"LIST \(", r"LIST (\\Trash \\Sent \\Archive \\Noselect "), fails=None, loses=True,
          starts=every),
        b("I4", "no folder at all",
          replaced("list lsub", rb"\* (LIST|STATUS|LSUB)[^\n]*\n", ""), fails=None, loses=True, starts=every),
        b("I4", "an INBOX that cannot be opened",
          replaced("list", rb"\* LIST \([^)]*\) \"/\" \"INBOX\"", '* LIST (\\\\Noselect) "/" "INBOX"'), fails=None,
          loses=True, starts=every),
        # Lies
        b("lies", "VANISHED of everything",
          before("select", "* VANISHED (EARLIER) 1:4294967295\r\n"), fails=None, loses=True),
        b("lies", "VANISHED of everything, unasked",
          before("store move noop list", "* VANISHED 1:4294967295\r\n"), fails=None, loses=True),
        b("lies", "EXISTS 0 and no UID",
          all_of(replaced("select", rb"\d+ EXISTS", "0 EXISTS"), replaced("search", rb" ALL [^\r]*", "")), fails=None,
          loses=True),
        b("lies", "EXISTS goes up and down",
          before("envelopes flags bodies store", "* 4000000000 EXISTS\r\n* 0 EXISTS\r\n* 17 EXISTS\r\n"), fails=None,
          starts=every),
        b("lies", "EXPUNGE of what is not there",
          before("envelopes bodies store", "* 4294967295 EXPUNGE\r\n* 0 EXPUNGE\r\n" + "* 1 EXPUNGE\r\n" * 500),
          fails=None, starts=every),
        b("lies", "HIGHESTMODSEQ far ahead, and flags that are not so", all_of(
            replaced("select list status", rb"HIGHESTMODSEQ \d+", "HIGHESTMODSEQ 900000000000000000"),
            replaced("envelopes flags select", rb"FLAGS \([^)]*\)( MODSEQ)?", r"FLAGS (\\Flagged \\Answered)\1"),
            before("select", "* 1 FETCH (UID 2 FLAGS (\\Flagged) MODSEQ (800000000000000000))\r\n")), fails=None,
            starts=every),
        b("lies", "HIGHESTMODSEQ backwards",
          replaced("select list status", rb"HIGHESTMODSEQ \d+", "HIGHESTMODSEQ 1"), fails=None, starts=every),
        b("lies", "UIDNEXT backwards",
          replaced("select list status", rb"UIDNEXT \d+", "UIDNEXT 2"), fails=None, starts=every),
        b("lies", "messages that are not there", all_of(
            replaced("select", rb"\d+ EXISTS", "40 EXISTS"), before("envelopes",
            b"".join(fake(b"%d" % n) for n in range(13, 16)))), fails=None, contents=True, starts=every),
        b("lies", "one gone and one made up: the sum is right", once(all_of(
            before("select", "* VANISHED (EARLIER) 6\r\n"), before("envelopes", fake(b"14")))), fails=None,
            loses=True, starts=("settled",)),
        b("lies", "FETCH of messages nobody asked for", unasked_folder(), fails=None, starts=every),
        b("lies", "bodies of other messages",
          replaced("bodies", rb"UID (\d+)", r"UID 1\1"), fails=None, contents=True, starts=("empty",)),
        b("lies", "COPYUID with other counts",
          wrong_counts("[COPYUID 1001 2,3,4 8]"), fails=None, starts=("pending",)),
        b("lies", "COPYUID of 4 billion",
          wrong_counts("[COPYUID 1001 1:4294967295 1:4294967295]"), fails=None, starts=("pending",)),
        b("lies", "COPYUID of what is none", wrong_counts("[COPYUID x 0 -1]"), fails=None, starts=("pending",)),
        b("lies", "COPYUID where another message lies",
          wrong_counts("[COPYUID 1001 2 1]"), fails=None, starts=("pending",)),
        b("lies", "COPYUID of a folder of another age",
          wrong_counts("[COPYUID 4294967295 2 2]"), fails=None, starts=("pending",)),
        b("lies", "STATUS of 4 billion",
          replaced("status list", rb"(MESSAGES|UNSEEN) \d+", r"\1 4294967295"), fails=None, starts=every),
        b("lies", "STATUS of another mailbox",
          replaced("status list", rb'STATUS "[^"]*"', 'STATUS "Elsewhere"'), fails=None, refuses=True, server="poor",
          starts=("pending",)),
        b("lies", "the poor server says nothing of UIDs",
          replaced("select", rb"\* OK \[UIDNEXT[^\n]*\n", ""), fails=None, server="poor", starts=every),
        b("lies", "read-only where it was not",
          replaced("select", rb"READ-WRITE", "READ-ONLY"), fails=None, starts=every),
        b("lies", "the answer to SELECT is of another folder",
          replaced("select", rb"\* OK \[UIDVALIDITY (\d+)\]", r"* OK [CLOSED] x\r\n* OK [UIDVALIDITY \1]"),
          fails=None, loses=True, starts=every),
        # Bombs
        b("bombs", "ENVELOPE nested 100,000 deep",
          bomb(b"ENVELOPE " + DEEP), starts=every, fails=None, contents=True),
        b("bombs", "ENVELOPE of 300,000 addresses",
          bomb(b'ENVELOPE (NIL "many" (' + b'(NIL NIL "a" "b")' * 300_000 + b') NIL NIL NIL NIL NIL NIL NIL) BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1)'), starts=("settled",), fails=None, contents=True),
        b("bombs", "ENVELOPE of 900 KB of subject",
          replaced("envelopes", rb'"Number', b'"' + b"N" * 900_000), starts=("settled",), fails=None, contents=True),
        b("bombs", "BODYSTRUCTURE nested 100,000 deep",
          replaced("envelopes", rb"BODYSTRUCTURE \(",
          b"BODYSTRUCTURE " + DEEP + b")" * 99_999 + b" NIL BODYSTRUCTURE ("), starts=every, fails=None),
        b("bombs", "BODYSTRUCTURE of 100,000 parts",
          replaced("envelopes", rb"BODYSTRUCTURE \(",
          b'BODYSTRUCTURE (' + b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1)' * 100_000 + b' "MIXED") BODYSTRUCTURE ('),
          starts=("settled",), fails=None),
        b("bombs", "a body nested 10,000 deep",
          replaced("bodies", rb"\* (\d+) FETCH \((UID \d+) BODY\[\] \{\d+\}\r\n(?s:.*?)\)\r\n", nested_body(10_000)),
          fails=None, contents=True, starts=("empty",)),
        b("bombs", "compressed bytes that nobody asked for", deflate_bomb()),
        # S: before TLS, referrals
        b("S1", "STARTTLS stripped", greeting_capabilities(b"X-NOTHING"), security="starttls", secret=True),
        b("S1", "STARTTLS answered NO",
          instead("starttls", "{tag} NO not today\r\n"), security="starttls", secret=True),
        b("S1", "STARTTLS answered BAD",
          instead("starttls", "{tag} BAD what?\r\n"), security="starttls", secret=True),
        b("S1", "STARTTLS answered by silence", silent("starttls"), security="starttls", secret=True, slow=True),
        b("S1", "STARTTLS answered OK by somebody without TLS",
          at("starttls", lambda s, t, r: (s.sock.sendall(r + b"* OK welcome\r\n"), hang(s))[1]), security="starttls",
          secret=True),
        b("S2", "PREAUTH before TLS",
          instead("greeting", "* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n"), security="starttls", secret=True),
        b("S3", "plaintext behind the answer to STARTTLS",
          behind("starttls", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"), security="starttls", secret=True),
        b("S3", "a tagged OK behind the answer to STARTTLS",
          behind("starttls", "T1 OK [CAPABILITY IMAP4rev1] in\r\n"), security="starttls", secret=True),
        b("S4", "LIST, EXISTS and FETCH before TLS",
          before("capability",
          '* LIST () "/" "Before TLS"\r\n* 99 EXISTS\r\n* 1 FETCH (UID 1 FLAGS (\\Flagged))\r\n'),
          security="starttls", fails=False, secret=True, starts=every),
        b("S4", "LIST and FETCH in the greeting's segment",
          behind("greeting", '* LIST () "/" "Before TLS"\r\n* 1 FETCH (UID 1 FLAGS (\\Flagged))\r\n'),
          security="starttls", fails=None, secret=True, starts=every),
        b("S5", "a referral at the sign-in",
          instead("authenticate", "{tag} NO [REFERRAL imap://mallory@127.0.0.1:{elsewhere}/] go there\r\n")),
        b("S5", "a referral with OK at the sign-in",
          replaced("authenticate", rb"OK \[CAPABILITY[^\]]*\]",
          "OK [REFERRAL imap://mallory@127.0.0.1:{elsewhere}/]"), fails=None),
        b("S5", "a referral for a folder",
          instead("select", "{tag} NO [REFERRAL imap://mallory@127.0.0.1:{elsewhere}/INBOX] there\r\n"),
          refuses=True),
        b("S5", "BYE with a referral",
          hanging_up("greeting", "* BYE [REFERRAL imap://mallory@127.0.0.1:{elsewhere}/] there\r\n")),
        b("S6", "ALERT before TLS",
          all_of(replaced("greeting", rb"\* OK", "* OK [ALERT] Call 0900-12345.\r\n* OK"), before("capability",
          "* OK [ALERT] Call 0900-12345 and tell your password.\r\n"),
                                                  instead("starttls", "{tag} NO [ALERT] Call 0900-12345.\r\n")),
                                                  security="starttls", secret=True),
        b("S6", "ALERT behind TLS and all is well",
          before("select", "* OK [ALERT] The disk is nearly full.\r\n"), security="starttls", fails=False,
          starts=every),
        b("S7", "words in place of TLS", instead("greeting", "* OK hello\r\n"), security="tls-missing", secret=True),
        # While the client idles
        b("I3", "endless OK while idling",
          behind_then("idle", b"* OK still here\r\n"), watch=True, fails=None, starts=("settled",)),
        b("I3", "endless EXISTS while idling",
          behind_then("idle", b"* 5 EXISTS\r\n* 4 EXISTS\r\n"), watch=True, fails=None, starts=("settled",)),
        b("I3", "endless EXPUNGE while idling",
          behind_then("idle", b"* 1 EXPUNGE\r\n"), watch=True, fails=None, starts=("settled",)),
        b("I3", "IDLE ends at once, each time",
          instead("idle", "+ idling\r\n{tag} OK awake\r\n"), watch=True, fails=None, starts=("settled",)),
        b("I3", "IDLE refused, each time",
          instead("idle", "{tag} NO no\r\n"), watch=True, fails=None, starts=("settled",)),
        b("I3", "news at once in each IDLE",
          instead("idle", "+ idling\r\n* 16 EXISTS\r\n"), watch=True, fails=None, starts=("settled",)),
        b("I3", "other folders' news without end",
          behind_then("idle", b'* STATUS "Archive" (MESSAGES 9 UIDNEXT 77)\r\n* LIST () "/" "New"\r\n'), watch=True,
          fails=None, starts=("settled",)),
        b("I3", "the connection goes at once, each time", hanging_up("greeting"), watch=True, starts=("settled",)),
        b("I3", "the connection goes at IDLE, each time", hanging_up("idle"), watch=True, starts=("settled",)),
        b("I2", "UIDVALIDITY changes while idling",
          behind("idle", "* OK [UIDVALIDITY 3] ha\r\n* 3 EXISTS\r\n"), watch=True, fails=None, starts=("settled",)),
    ]
    return rows


# Where a verb comes with some profiles only.
STARTS = {"store": ("pending",), "move": ("pending",), "create": ("pending",), "search": ("empty",)}


def hang(_):
    raise Hangup


def lambda_words(start, count, word="x{n} "):
    text = start + ("".join(word.replace("{n}", str(n)) for n in range(count)) if "{n}" in word else word * count)
    return text.replace("\\", "\\\\")


def nested_body(depth):
    body = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return b"* \\1 FETCH (\\2 BODY[] {%d}\r\n%s)\r\n" % (len(body), body)


def behind_then(verbs, chunk):
    """The honest reply, then the same without end."""
    return at(verbs, lambda _, __, reply: flood(reply, chunk))
