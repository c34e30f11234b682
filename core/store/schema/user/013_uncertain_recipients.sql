-- Whom the server had taken when the connection broke behind the end is known for each recipient: who was told to wait is
-- tried again, whatever became of the others.

CREATE TABLE outbox_recipient_new(
    outbox INTEGER NOT NULL REFERENCES outbox(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('pending', 'accepted', 'refused', 'deferred', 'withdrawn',
                                        'bounced', 'delivered', 'uncertain')),
    reply TEXT NOT NULL,
    PRIMARY KEY(outbox, position)
) WITHOUT ROWID;
INSERT INTO outbox_recipient_new SELECT outbox, position, address, state, reply FROM outbox_recipient;
DROP TABLE outbox_recipient;
ALTER TABLE outbox_recipient_new RENAME TO outbox_recipient;
-- Until now all who were still to be sent to counted as taken.
UPDATE outbox_recipient SET state = 'uncertain' WHERE state IN ('pending', 'deferred')
    AND outbox IN (SELECT id FROM outbox WHERE state IN ('uncertain', 'committing'));
