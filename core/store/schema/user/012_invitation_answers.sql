-- What the user answered to invitations, so that it is shown when they are opened again. `occurrence`: the one of a series
-- that was meant, as seconds since 1970; 0: all. `sequence`: the organizer's count of its changes (RFC 5545 3.8.7.4).
CREATE TABLE invitation_answer(
    uid TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY(uid, occurrence)
) WITHOUT ROWID;
