-- Messages wait for their time, and are known after they left: what was sent can come back undelivered.

ALTER TABLE draft ADD COLUMN send_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE draft ADD COLUMN report_delivery INTEGER NOT NULL DEFAULT 0;
-- Not 0: it waits there and is shown nowhere else, until it has left or is taken back.
ALTER TABLE draft ADD COLUMN outbox INTEGER NOT NULL DEFAULT 0;
CREATE INDEX draft_by_outbox ON draft(outbox) WHERE outbox != 0;

ALTER TABLE outbox ADD COLUMN hold TEXT NOT NULL DEFAULT 'none'
    CHECK(hold IN ('none', 'undo', 'later', 'overdue'));
ALTER TABLE outbox ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN report_delivery INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN filing INTEGER NOT NULL DEFAULT 0; -- its copy may be in Sent by us
ALTER TABLE outbox ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_by_state ON outbox(account, state);

CREATE TABLE outbox_recipient_new(
    outbox INTEGER NOT NULL REFERENCES outbox(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('pending', 'accepted', 'refused', 'deferred', 'withdrawn',
                                        'bounced', 'delivered')),
    reply TEXT NOT NULL,
    PRIMARY KEY(outbox, position)
) WITHOUT ROWID;
INSERT INTO outbox_recipient_new SELECT outbox, position, address, state, reply FROM outbox_recipient;
DROP TABLE outbox_recipient;
ALTER TABLE outbox_recipient_new RENAME TO outbox_recipient;

-- One row: what holds for the whole outbox.
CREATE TABLE outbox_policy(
    paused INTEGER NOT NULL,
    overdue TEXT NOT NULL CHECK(overdue IN ('ask', 'send', 'draft'))
);
INSERT INTO outbox_policy VALUES(0, 'ask');

-- What was learned of an account's servers while sending; no row: nothing yet.
CREATE TABLE sending_facts(
    account INTEGER PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE,
    files_sent INTEGER NOT NULL,         -- the provider puts a copy into Sent by itself
    max_size INTEGER NOT NULL,           -- 0: not told
    takes_reports INTEGER NOT NULL       -- RFC 3461
);
