-- How much of a folder's bodies is kept here; no row: all.
CREATE TABLE folder_window(
    account INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    mailbox TEXT NOT NULL,
    months INTEGER NOT NULL,             -- 0: none, headers only
    PRIMARY KEY(account, mailbox)
) WITHOUT ROWID;
