-- The newest word about each emoji that somebody gave to a message. One that was taken back stays, so that an older word
-- which comes late changes nothing.
CREATE TABLE reactions (
    message INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    emoji TEXT NOT NULL,
    author INTEGER NOT NULL REFERENCES contacts (id),
    given INTEGER NOT NULL CHECK (given IN (0, 1)),  -- 0 taken back
    sent_at INTEGER NOT NULL,  -- of the message that said so
    PRIMARY KEY (message, emoji, author)
) STRICT, WITHOUT ROWID;

-- Reactions that came before the message they are about. They wait for a while, and no more of them than a limit.
CREATE TABLE early_reactions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    peer INTEGER NOT NULL REFERENCES contacts (id),  -- the other side of the conversation
    target_author INTEGER NOT NULL REFERENCES contacts (id),
    target_sent_at INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    author INTEGER NOT NULL REFERENCES contacts (id),
    given INTEGER NOT NULL CHECK (given IN (0, 1)),
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

CREATE INDEX early_reactions_by_target ON early_reactions (target_sent_at, target_author, peer);
CREATE INDEX early_reactions_by_age ON early_reactions (received_at);
