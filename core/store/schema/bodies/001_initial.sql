CREATE TABLE body(
    message INTEGER PRIMARY KEY,         -- message.id in mail.db
    size INTEGER NOT NULL                -- bytes of the raw message
);

-- 256 KB of the raw message each, the last one less: a codec byte, then what the codec made.
CREATE TABLE body_chunk(
    id INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES body(message) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE(message, number)
);

-- generation.value of the mail.db whose message ids are used here; empty: none yet.
CREATE TABLE mail_generation(value TEXT NOT NULL);
INSERT INTO mail_generation VALUES('');
