-- Drafts go to the server as well: an operation may bring a message of its own.

CREATE TABLE operation_new(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK(kind IN ('mark', 'move', 'copy', 'delete', 'append', 'create', 'rename',
                                      'remove', 'subscribe', 'unsubscribe')),
    mailbox TEXT NOT NULL,
    uid_validity INTEGER NOT NULL,
    uid INTEGER NOT NULL,                -- 2^32 and above: what operation uid - 2^32 brings
    message_id TEXT NOT NULL,
    size INTEGER NOT NULL,
    date INTEGER NOT NULL,
    add_flags INTEGER NOT NULL,
    remove_flags INTEGER NOT NULL,
    target TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    target_validity INTEGER NOT NULL DEFAULT 0,
    target_uid_next INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK(state IN ('planned', 'inflight', 'copied', 'refused')),
    error TEXT NOT NULL
);
INSERT INTO operation_new SELECT * FROM operation;
-- Ids are never used again, also where no operation waits just now.
DELETE FROM sqlite_sequence WHERE name = 'operation_new';
INSERT INTO sqlite_sequence(name, seq)
    SELECT 'operation_new', seq FROM sqlite_sequence WHERE name = 'operation';
DROP TABLE operation;
ALTER TABLE operation_new RENAME TO operation;
CREATE INDEX operation_by_placement ON operation(account, mailbox, uid_validity, uid);

-- What an operation of kind append brings.
CREATE TABLE operation_message(
    operation INTEGER PRIMARY KEY REFERENCES operation(id) ON DELETE CASCADE,
    replaces TEXT NOT NULL,              -- Message-ID of the version that goes, at (mailbox, uid)
    data BLOB NOT NULL
);

-- Where the last version of a draft lies on the server, or will.
CREATE TABLE draft_copy(
    draft INTEGER PRIMARY KEY REFERENCES draft(id) ON DELETE CASCADE,
    account INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    mailbox TEXT NOT NULL,
    uid_validity INTEGER NOT NULL,
    uid INTEGER NOT NULL,                -- 0: nowhere; 2^32 and above: as in operation
    message_id TEXT NOT NULL,
    refused INTEGER NOT NULL             -- the server would not take one: it stays here
);
CREATE INDEX draft_copy_by_account ON draft_copy(account, uid);
