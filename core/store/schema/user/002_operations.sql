-- Moves, copies, deletions and changes of folders wait beside changes of flags.

CREATE TABLE operation_new(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK(kind IN ('mark', 'move', 'copy', 'delete', 'create', 'rename', 'remove',
                                      'subscribe', 'unsubscribe')),
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
INSERT INTO operation_new(id, account, kind, mailbox, uid_validity, uid, message_id, size, date, add_flags,
                          remove_flags, target, not_before, state, error)
    SELECT id, account, 'mark', mailbox, uid_validity, uid, message_id, 0, 0, add_flags, remove_flags, '', 0,
           state, error
    FROM operation;
DROP TABLE operation;
ALTER TABLE operation_new RENAME TO operation;
CREATE INDEX operation_by_placement ON operation(account, mailbox, uid_validity, uid);
