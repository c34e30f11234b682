-- Changes that are shown before the server knows of them.
--
-- A placement whose shown_flags hold \Deleted (8) is hidden: moved away, deleted, or marked so on the server. Lists and
-- counts leave it out. A placement with uid >= 2^32 is one that the server has yet to name: 2^32 plus the id of the
-- operation that brings it here.

-- A column of its own, written with shown_flags: SQLite 3.40 takes neither a partial index nor one over a generated
-- column for covering.
ALTER TABLE placement ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
UPDATE placement SET hidden = 1 WHERE shown_flags & 8;

DROP INDEX placement_by_date;
CREATE INDEX placement_by_date ON placement(folder, hidden, date, message);

ALTER TABLE folder ADD COLUMN cached INTEGER NOT NULL DEFAULT 0;     -- placements with uid < 2^32, shown or not
ALTER TABLE folder ADD COLUMN subscribed INTEGER NOT NULL DEFAULT 1;

UPDATE folder SET
    cached = (SELECT count(*) FROM placement WHERE folder = folder.id),
    total = (SELECT count(*) FROM placement WHERE folder = folder.id AND hidden = 0),
    unread = (SELECT count(*) FROM placement WHERE folder = folder.id AND hidden = 0 AND shown_flags & 1 = 0);
