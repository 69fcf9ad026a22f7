-- How messages disappear. A mode is 0 not, 1 some time after reading, 2 some time after sending; the time goes with it
-- in seconds, 0 with mode 0.

-- How mine to them disappear, and when that was set, on whichever of my devices; for the account's own row, in Note to
-- Self.
ALTER TABLE contacts ADD COLUMN disappearing_mode INTEGER NOT NULL DEFAULT 0 CHECK (disappearing_mode IN (0, 1, 2));
ALTER TABLE contacts ADD COLUMN disappearing_s INTEGER NOT NULL DEFAULT 0 CHECK (disappearing_s >= 0);
ALTER TABLE contacts ADD COLUMN disappearing_set_at INTEGER NOT NULL DEFAULT 0;
-- What they last set for theirs; offered for mine, too, while it is newer.
ALTER TABLE contacts ADD COLUMN their_disappearing_mode INTEGER NOT NULL DEFAULT 0
    CHECK (their_disappearing_mode IN (0, 1, 2));
ALTER TABLE contacts ADD COLUMN their_disappearing_s INTEGER NOT NULL DEFAULT 0 CHECK (their_disappearing_s >= 0);
ALTER TABLE contacts ADD COLUMN their_disappearing_set_at INTEGER NOT NULL DEFAULT 0;

-- What the message itself says of its disappearing, and when it is due: NULL until its timer has started.
ALTER TABLE messages ADD COLUMN disappearing_mode INTEGER NOT NULL DEFAULT 0 CHECK (disappearing_mode IN (0, 1, 2));
ALTER TABLE messages ADD COLUMN disappearing_s INTEGER NOT NULL DEFAULT 0 CHECK (disappearing_s >= 0);
ALTER TABLE messages ADD COLUMN expires_at INTEGER;

CREATE INDEX messages_by_expiry ON messages (expires_at) WHERE expires_at IS NOT NULL;
-- Those whose timer starts with reading, and has not.
CREATE INDEX messages_to_be_read ON messages (conversation, sent_at)
    WHERE disappearing_mode = 1 AND expires_at IS NULL;

-- Timers that started by reading, of which my own swarm is still to be told, or to be asked.
CREATE TABLE swarm_expiries (
    hash TEXT NOT NULL PRIMARY KEY,
    message INTEGER REFERENCES messages (id) ON DELETE SET NULL,  -- NULL once it has disappeared here
    expires_at INTEGER NOT NULL,  -- when it disappears here
    kept_until INTEGER NOT NULL,  -- until then, at least, the swarm keeps it by itself
    ask INTEGER NOT NULL CHECK (ask IN (0, 1))  -- 1 another device read it first: the swarm knows since when
) STRICT, WITHOUT ROWID;

CREATE INDEX swarm_expiries_by_message ON swarm_expiries (message) WHERE message IS NOT NULL;

-- Messages that were here and are not to come back, under whatever hash a swarm may bring them once more.
CREATE TABLE removed_messages (
    author INTEGER NOT NULL REFERENCES contacts (id),
    sent_at INTEGER NOT NULL,
    contact INTEGER NOT NULL REFERENCES contacts (id),  -- the other side of the conversation it was in
    forget_at INTEGER NOT NULL,  -- no swarm keeps anything for so long
    PRIMARY KEY (author, sent_at, contact)
) STRICT, WITHOUT ROWID;

CREATE INDEX removed_messages_by_forgetting ON removed_messages (forget_at);

-- A call leaves one line, whichever of its messages comes first: the text of a line of kind 43 is the call's name.
CREATE UNIQUE INDEX messages_by_call ON messages (conversation, body) WHERE kind = 43;
