-- Several addresses an account, each with what is its own; the first by position is the one it writes as.
ALTER TABLE identity ADD COLUMN signature_html TEXT NOT NULL DEFAULT '';
ALTER TABLE identity ADD COLUMN signature_above INTEGER NOT NULL DEFAULT 0;
ALTER TABLE identity ADD COLUMN signature_dashes INTEGER NOT NULL DEFAULT 1;
ALTER TABLE identity ADD COLUMN reply_to TEXT NOT NULL DEFAULT '';
ALTER TABLE identity ADD COLUMN organisation TEXT NOT NULL DEFAULT '';
ALTER TABLE identity ADD COLUMN aliases TEXT NOT NULL DEFAULT '';          -- one a line
ALTER TABLE identity ADD COLUMN format INTEGER NOT NULL DEFAULT 0;         -- TextFormat
ALTER TABLE identity ADD COLUMN position INTEGER NOT NULL DEFAULT 0;       -- equal ones: by id

-- What a draft is sent as where that is not its identity's own address.
ALTER TABLE draft ADD COLUMN from_address TEXT NOT NULL DEFAULT '';
