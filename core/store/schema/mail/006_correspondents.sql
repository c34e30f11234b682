-- With whom mail was exchanged, for suggestions: counted behind the sync from the messages that are here.
CREATE TABLE correspondent(
    address TEXT PRIMARY KEY,            -- in lower case
    name TEXT NOT NULL,
    name_date INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    last_sent INTEGER NOT NULL,
    received INTEGER NOT NULL,
    last_received INTEGER NOT NULL,
    bulk INTEGER NOT NULL                -- of received: lists and newsletters
) WITHOUT ROWID;
-- Messages up to this one are counted.
CREATE TABLE correspondent_progress(message INTEGER NOT NULL);
INSERT INTO correspondent_progress VALUES(0);
