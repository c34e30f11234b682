-- What the user answered to a question that a message raised, so that it is asked once, also where the server keeps no mark
-- of ours. `kind`: "receipt", whose `key` is the message, or "list", whose `key` is the list. `answered`: seconds since 1970.
CREATE TABLE notice_answer(
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered INTEGER NOT NULL,
    PRIMARY KEY(kind, key)
) WITHOUT ROWID;
