CREATE TABLE messages (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    author INTEGER NOT NULL REFERENCES contacts (id),
    sent_at INTEGER NOT NULL,  -- carried in the message; names it together with the author, and orders it
    received_at INTEGER NOT NULL,  -- when it was stored here
    kind INTEGER NOT NULL CHECK (kind >= 0),  -- 0 unsupported, 1 text; from 32 on lines that are never unread:
                                              -- 32 I accepted their request, 33 they accepted mine
    body TEXT NOT NULL DEFAULT '',
    raw BLOB,  -- the content as it came, kept only for kind 0
    status INTEGER NOT NULL DEFAULT 0 CHECK (status BETWEEN 0 AND 6),  -- 0 not mine, 1 queued, 2 sending, 3 sent,
                                                                       -- 4 read, 5 failed, 6 sync copy failed
    failure TEXT,  -- code and values of why it failed or waits; NULL when nothing is wrong
    own_hash TEXT,  -- its hash in my own swarm (the sync copy of mine); what can be deleted or expired there
    recipient_hash TEXT  -- its hash in the recipient's swarm, for mine
) STRICT;

-- Identity, order, windows, first unread and unread counts all live on this one index: with the author and the kind in
-- it, unread messages are counted without reading a row.
CREATE UNIQUE INDEX messages_by_identity ON messages (conversation, sent_at, author, kind);
