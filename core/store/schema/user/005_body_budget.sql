-- What bodies may cost on metered lines, and what they did; no row: the default, nothing used.
CREATE TABLE body_budget(
    account INTEGER PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE,
    bytes INTEGER,                       -- a day; NULL: the default, -1: no limit
    day INTEGER NOT NULL DEFAULT 0,      -- YYYYMMDD, local
    used INTEGER NOT NULL DEFAULT 0      -- on that day, bytes
);
