-- What is removed goes in steps (FolderRemoval); nothing long holds up the engine.
--
-- A folder that is removed belongs to account 0 and is called by its id, so that another may have its name at once. No list
-- shows it; its placements stay until their turn comes.

-- Messages that are gone while their body is not: it lies in another file, and is removed from there before the row here is.
CREATE TABLE body_left(message INTEGER PRIMARY KEY);

CREATE TRIGGER body_stays_behind AFTER DELETE ON message WHEN OLD.has_body BEGIN
    INSERT INTO body_left(message) VALUES(OLD.id);
END;
