-- Folded lists: what each thread has in each folder, counted over the placements that are shown.
--
-- A folder is counted in steps, when somebody wants it folded: placements up to thread_progress.up_to are in. From then
-- on whoever inserts a placement counts it (a trigger would cost each message of a first sync a fifth more), and triggers
-- keep what is changed or removed.
CREATE TABLE thread_folder(
    folder INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    date INTEGER NOT NULL,               -- of `newest`
    newest INTEGER NOT NULL,             -- the message that the list is ordered by
    count INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    PRIMARY KEY(folder, thread)
) WITHOUT ROWID;
CREATE INDEX thread_folder_by_date ON thread_folder(folder, date, newest, thread, count, unread);

CREATE TABLE thread_progress(
    folder INTEGER PRIMARY KEY,
    up_to INTEGER NOT NULL               -- placement.uid; the largest number there is: complete
);

-- What an insertion and the triggers below say to the one that counts. sign: 1 comes, -1 goes, -2 goes together with its whole thread, so that
-- nobody has to look for the newest that stays.
CREATE VIEW thread_change(folder, thread, message, date, unread, sign) AS
    SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE FALSE;

CREATE TRIGGER thread_comes INSTEAD OF INSERT ON thread_change WHEN NEW.sign > 0 BEGIN
    INSERT INTO thread_folder(folder, thread, date, newest, count, unread)
    VALUES(NEW.folder, NEW.thread, NEW.date, NEW.message, 1, NEW.unread)
    ON CONFLICT(folder, thread) DO UPDATE SET
        count = count + 1,
        unread = unread + excluded.unread,
        newest = CASE WHEN (excluded.date, excluded.newest) > (date, newest)
                      THEN excluded.newest ELSE newest END,
        date = max(date, excluded.date);
END;

CREATE TRIGGER thread_goes INSTEAD OF INSERT ON thread_change WHEN NEW.sign < 0 BEGIN
    UPDATE thread_folder SET count = count - 1, unread = unread - NEW.unread
    WHERE folder = NEW.folder AND thread = NEW.thread;
    DELETE FROM thread_folder WHERE folder = NEW.folder AND thread = NEW.thread AND count <= 0;
    UPDATE thread_folder SET (date, newest) = (
        SELECT p.date, p.message
        FROM message AS m CROSS JOIN placement AS p ON p.message = m.id AND p.folder = NEW.folder
        WHERE m.thread = NEW.thread AND m.id <> NEW.message AND p.hidden = 0
          AND p.uid <= (SELECT up_to FROM thread_progress WHERE folder = NEW.folder)
        ORDER BY p.date DESC, p.message DESC LIMIT 1)
    WHERE folder = NEW.folder AND thread = NEW.thread AND newest = NEW.message AND NEW.sign = -1;
END;

-- Where the message went first and took its placements along, thread_emptied has counted it.
CREATE TRIGGER thread_displaced AFTER DELETE ON placement
WHEN OLD.uid <= (SELECT up_to FROM thread_progress WHERE folder = OLD.folder)
     AND OLD.hidden = 0
BEGIN
    INSERT INTO thread_change
    SELECT OLD.folder, thread, OLD.message, OLD.date, OLD.shown_flags & 1 = 0, -1
    FROM message WHERE id = OLD.message;
END;

CREATE TRIGGER thread_emptied BEFORE DELETE ON message
WHEN EXISTS (SELECT 1 FROM thread_progress)
BEGIN
    INSERT INTO thread_change
    SELECT p.folder, OLD.thread, OLD.id, p.date, p.shown_flags & 1 = 0, -1
    FROM placement AS p CROSS JOIN thread_progress AS g ON g.folder = p.folder
    WHERE p.message = OLD.id AND p.uid <= g.up_to AND p.hidden = 0;
END;

CREATE TRIGGER thread_read AFTER UPDATE OF shown_flags ON placement
WHEN OLD.uid = NEW.uid AND OLD.hidden = 0 AND NEW.hidden = 0
     AND OLD.shown_flags & 1 <> NEW.shown_flags & 1
     AND NEW.uid <= (SELECT up_to FROM thread_progress WHERE folder = NEW.folder)
BEGIN
    UPDATE thread_folder SET unread = unread + (OLD.shown_flags & 1) - (NEW.shown_flags & 1)
    WHERE folder = NEW.folder
      AND thread = (SELECT thread FROM message WHERE id = NEW.message);
END;

-- It was hidden or shown, or the server has named it.
CREATE TRIGGER thread_changed AFTER UPDATE OF hidden, uid ON placement
WHEN (OLD.hidden <> NEW.hidden OR OLD.uid <> NEW.uid)
     AND EXISTS (SELECT 1 FROM thread_progress WHERE folder = NEW.folder)
BEGIN
    INSERT INTO thread_change
    SELECT OLD.folder, thread, OLD.message, OLD.date, OLD.shown_flags & 1 = 0, -1
    FROM message WHERE id = OLD.message AND OLD.hidden = 0
      AND OLD.uid <= (SELECT up_to FROM thread_progress WHERE folder = OLD.folder);
    INSERT INTO thread_change
    SELECT NEW.folder, thread, NEW.message, NEW.date, NEW.shown_flags & 1 = 0, 1
    FROM message WHERE id = NEW.message AND NEW.hidden = 0
      AND NEW.uid <= (SELECT up_to FROM thread_progress WHERE folder = NEW.folder);
END;

-- Two threads turned out to be one: all of the one moves, message by message.
CREATE TRIGGER thread_merged AFTER UPDATE OF thread ON message
WHEN OLD.thread <> NEW.thread AND EXISTS (SELECT 1 FROM thread_progress)
BEGIN
    INSERT INTO thread_change
    SELECT p.folder, OLD.thread, p.message, p.date, p.shown_flags & 1 = 0, -2
    FROM placement AS p CROSS JOIN thread_progress AS g ON g.folder = p.folder
    WHERE p.message = NEW.id AND p.uid <= g.up_to AND p.hidden = 0;
    INSERT INTO thread_change
    SELECT p.folder, NEW.thread, p.message, p.date, p.shown_flags & 1 = 0, 1
    FROM placement AS p CROSS JOIN thread_progress AS g ON g.folder = p.folder
    WHERE p.message = NEW.id AND p.uid <= g.up_to AND p.hidden = 0;
END;

-- Renumbered: its mail comes again as in a first sync.
CREATE TRIGGER thread_renumbered AFTER UPDATE OF uid_validity ON folder
WHEN OLD.uid_validity <> NEW.uid_validity
BEGIN
    DELETE FROM thread_folder WHERE folder = NEW.id;
    DELETE FROM thread_progress WHERE folder = NEW.id;
END;
CREATE TRIGGER thread_unfolded AFTER DELETE ON folder BEGIN
    DELETE FROM thread_folder WHERE folder = OLD.id;
    DELETE FROM thread_progress WHERE folder = OLD.id;
END;
