-- Whose pictures from the internet are loaded without asking: an address, or '@' and a domain; in lower case.
CREATE TABLE trusted_sender(
    pattern TEXT PRIMARY KEY
) WITHOUT ROWID;
