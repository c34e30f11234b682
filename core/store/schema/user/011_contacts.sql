-- People from files of cards, and suggestions that were taken away: both are the user's own doing. What is counted from
-- mail lies in mail.db, where it can be counted anew.
CREATE TABLE contact(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    source TEXT NOT NULL,                -- the file's name
    UNIQUE(address, source)
);
CREATE TABLE hidden_suggestion(
    address TEXT PRIMARY KEY,            -- in lower case
    since INTEGER NOT NULL               -- mail that is sent later brings it back
) WITHOUT ROWID;
-- Goes up with every change of the two, so that who holds them in memory knows.
CREATE TABLE contact_revision(value INTEGER NOT NULL);
INSERT INTO contact_revision VALUES(0);

-- The recipients are asked to confirm that they have read it (RFC 8098).
ALTER TABLE draft ADD COLUMN read_receipt INTEGER NOT NULL DEFAULT 0;
