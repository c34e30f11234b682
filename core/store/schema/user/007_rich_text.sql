-- Formatted text, pictures inside it, and texts that are used again.
ALTER TABLE draft ADD COLUMN html TEXT NOT NULL DEFAULT '';                   -- empty: plain text
ALTER TABLE draft_attachment ADD COLUMN content_id TEXT NOT NULL DEFAULT '';

CREATE TABLE template(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    html TEXT NOT NULL                   -- pictures as data: addresses; empty: plain text
);
