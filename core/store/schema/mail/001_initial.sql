-- Everything here can be fetched again from the server.

CREATE TABLE folder(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,            -- account.id in user.db
    mailbox TEXT NOT NULL,               -- the server's bytes
    path TEXT NOT NULL,
    delimiter INTEGER NOT NULL,          -- the character's code, 0: no hierarchy
    role INTEGER NOT NULL,               -- FolderRole
    selectable INTEGER NOT NULL,
    uid_validity INTEGER NOT NULL DEFAULT 0,
    uid_next INTEGER NOT NULL DEFAULT 0,
    highest_mod_seq INTEGER NOT NULL DEFAULT 0,
    synced_from INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,    -- of placement, kept with every change
    unread INTEGER NOT NULL DEFAULT 0,   -- by shown flags
    server_total INTEGER NOT NULL DEFAULT 0,
    UNIQUE(account, mailbox)
);

-- The content, as lists show it. Kept narrow: what only an opened message needs is in message_header.
CREATE TABLE message(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    thread INTEGER NOT NULL,             -- the id of the message that founded the thread
    content INTEGER,                     -- hash of account and message_header.content_id
    size INTEGER NOT NULL,
    has_attachment INTEGER NOT NULL,
    has_body INTEGER NOT NULL DEFAULT 0,
    from_addresses TEXT NOT NULL,        -- AddressCodec
    to_addresses TEXT NOT NULL,
    subject TEXT NOT NULL,
    preview TEXT NOT NULL DEFAULT ''
);
CREATE INDEX message_by_thread ON message(thread);
CREATE INDEX message_by_content ON message(content) WHERE content IS NOT NULL;

-- NULL: the field is missing or empty.
CREATE TABLE message_header(
    message INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
    date INTEGER NOT NULL,               -- the Date field
    message_id TEXT,
    in_reply_to TEXT,
    reference_ids TEXT,                  -- separated by a line feed, oldest first
    sender TEXT,
    reply_to TEXT,
    cc TEXT,
    bcc TEXT,
    list_id TEXT,
    list_unsubscribe TEXT,
    list_unsubscribe_post TEXT,
    authentication_results TEXT,
    content_id TEXT,                     -- X-GM-MSGID or EMAILID
    body_structure TEXT
);

-- Where a message lies. All rows of a folder belong to folder.uid_validity: another one empties it.
CREATE TABLE placement(
    folder INTEGER NOT NULL REFERENCES folder(id) ON DELETE CASCADE,
    uid INTEGER NOT NULL,
    message INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
    date INTEGER NOT NULL,               -- INTERNALDATE, the order of the list
    server_flags INTEGER NOT NULL,
    shown_flags INTEGER NOT NULL,
    mod_seq INTEGER NOT NULL,
    keywords TEXT,                       -- separated by a space
    PRIMARY KEY(folder, uid)
) WITHOUT ROWID;
CREATE INDEX placement_by_date ON placement(folder, date, message);
CREATE UNIQUE INDEX placement_by_message ON placement(message, folder);

-- Every Message-ID that was seen or referred to: hash of account and id -> thread. Links of a thread
-- that was merged stay as they are; thread_merge leads on.
CREATE TABLE thread_link(
    hash INTEGER PRIMARY KEY,
    thread INTEGER NOT NULL
);
CREATE TABLE thread_merge(
    thread INTEGER PRIMARY KEY,
    into_thread INTEGER NOT NULL
);

-- Which mail.db this is: message ids mean something only together with it.
CREATE TABLE generation(value TEXT NOT NULL);
INSERT INTO generation VALUES(lower(hex(randomblob(16))));
