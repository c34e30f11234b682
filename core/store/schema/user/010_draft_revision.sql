-- Whether a draft was changed since its copy was made: so that what another device did to the copy is followed, and
-- nothing that was written here is lost to it.
ALTER TABLE draft ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE draft_copy ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
