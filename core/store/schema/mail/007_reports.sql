-- Which messages report about which: a message that was sent is read together with what mail systems and readers said of it.
CREATE TABLE report(
    about TEXT NOT NULL,                 -- the Message-ID that the report names, without <>
    message INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
    PRIMARY KEY(about, message)
) WITHOUT ROWID;
CREATE INDEX report_by_message ON report(message);
