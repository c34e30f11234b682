-- The search index. It is fed in the background and may lag behind message; what it says is filtered through
-- search_doc, so that a message that is gone is never found.
--
-- `doc` orders by date: seconds since 1970 << 4 | n, or the next free number. (<< 20 would cost each posting three
-- bytes more: a quarter of the index.)
CREATE TABLE search_doc(
    doc INTEGER PRIMARY KEY,
    message INTEGER,                     -- NULL: gone; its words are taken out of the index in small steps
    account INTEGER NOT NULL,
    whole INTEGER NOT NULL               -- 0: the envelope alone
);
CREATE UNIQUE INDEX search_doc_by_message ON search_doc(message) WHERE message IS NOT NULL;
CREATE INDEX search_doc_gone ON search_doc(doc) WHERE message IS NULL;
CREATE INDEX search_doc_partial ON search_doc(message) WHERE whole = 0 AND message IS NOT NULL;

-- What was indexed, normalised and packed: FTS5 takes a row out by its words, and wrong words would leave ghosts.
CREATE TABLE search_text(
    doc INTEGER PRIMARY KEY,
    stored BLOB NOT NULL
);

-- The words are normalised before they come here, so that of tokenising only the cutting at spaces is left.
-- `marks` holds the beginnings of words, and the account, each behind a character for private use.
CREATE VIRTUAL TABLE search USING fts5(
    subject, sender, recipients, body, names, marks, content = '', tokenize = 'ascii');

-- Merging segments is ours to time (SearchIndex::put, merge): by itself FTS5 makes some transactions ten times as long.
INSERT INTO search(search, rank) VALUES('automerge', 0);
INSERT INTO search(search, rank) VALUES('crisismerge', 500);
INSERT INTO search(search, rank) VALUES('usermerge', 8);

CREATE TABLE search_state(
    id INTEGER PRIMARY KEY CHECK(id = 0),
    removed INTEGER NOT NULL,            -- ids of message that have no row any more; the others count the messages
    docs INTEGER NOT NULL,               -- of them in search_doc
    whole INTEGER NOT NULL,              -- of them with their body
    seen_up_to INTEGER NOT NULL          -- messages up to this id have a search_doc
);
INSERT INTO search_state VALUES(
    0, ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'message'), 0) - (SELECT count(*) FROM message),
    0, 0, 0);

CREATE TRIGGER search_forgets AFTER DELETE ON message BEGIN
    UPDATE search_state SET removed = removed + 1;
    UPDATE search_state SET docs = docs - 1,
           whole = whole - (SELECT whole FROM search_doc WHERE message = OLD.id)
    WHERE EXISTS (SELECT 1 FROM search_doc WHERE message = OLD.id);
    UPDATE search_doc SET message = NULL WHERE message = OLD.id;
END;
