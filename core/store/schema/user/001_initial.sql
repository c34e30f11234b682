-- What must never be lost. No secret is ever stored here.

CREATE TABLE account(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    user TEXT NOT NULL,
    imap_security TEXT NOT NULL CHECK(imap_security IN ('plain', 'starttls', 'tls')),
    imap_host TEXT NOT NULL,
    imap_port INTEGER NOT NULL,
    smtp_security TEXT NOT NULL CHECK(smtp_security IN ('plain', 'starttls', 'tls')),
    smtp_host TEXT NOT NULL,
    smtp_port INTEGER NOT NULL,
    ca_file TEXT NOT NULL,
    pins TEXT NOT NULL,                  -- one a line
    secret_place TEXT NOT NULL CHECK(secret_place IN ('keyring', 'file')),
    enabled INTEGER NOT NULL
);

CREATE TABLE identity(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    signature TEXT NOT NULL
);
CREATE INDEX identity_by_account ON identity(account);

CREATE TABLE draft(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    identity INTEGER REFERENCES identity(id) ON DELETE CASCADE,
    to_addresses TEXT NOT NULL,          -- AddressCodec
    cc_addresses TEXT NOT NULL,
    bcc_addresses TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    in_reply_to TEXT NOT NULL,
    reference_ids TEXT NOT NULL,         -- separated by a line feed, oldest first
    original INTEGER NOT NULL,           -- message.id in mail.db, 0: none
    forwards INTEGER NOT NULL,
    changed INTEGER NOT NULL
);
CREATE INDEX draft_by_identity ON draft(identity);

CREATE TABLE draft_attachment(
    draft INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY(draft, position)
);

CREATE TABLE outbox(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account(id),
    identity INTEGER REFERENCES identity(id) ON DELETE SET NULL,
    state TEXT NOT NULL CHECK(state IN ('queued', 'sending', 'committing', 'uncertain', 'sent',
                                        'filed', 'done', 'failed', 'cancelled')),
    message_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    bcc TEXT NOT NULL,
    size INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    reply TEXT NOT NULL,
    error_code TEXT NOT NULL,
    original INTEGER NOT NULL,           -- message.id in mail.db, 0: none
    forwards INTEGER NOT NULL
);
CREATE INDEX outbox_by_account ON outbox(account);
CREATE INDEX outbox_by_identity ON outbox(identity);
CREATE INDEX outbox_by_message_id ON outbox(message_id);

-- Apart, so that a state change rewrites a short row.
CREATE TABLE outbox_message(
    outbox INTEGER PRIMARY KEY REFERENCES outbox(id) ON DELETE CASCADE,
    data BLOB NOT NULL
);

CREATE TABLE outbox_recipient(
    outbox INTEGER NOT NULL REFERENCES outbox(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('pending', 'accepted', 'refused', 'deferred')),
    reply TEXT NOT NULL,
    PRIMARY KEY(outbox, position)
) WITHOUT ROWID;

CREATE TABLE operation(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    mailbox TEXT NOT NULL,
    uid_validity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    add_flags INTEGER NOT NULL,
    remove_flags INTEGER NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('planned', 'inflight', 'refused')),
    error TEXT NOT NULL
);
CREATE INDEX operation_by_placement ON operation(account, mailbox, uid_validity, uid);

-- generation.value of the mail.db whose message ids are used here; empty: none yet.
CREATE TABLE mail_generation(value TEXT NOT NULL);
INSERT INTO mail_generation VALUES('');
