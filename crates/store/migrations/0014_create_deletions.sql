-- Messages that were taken back before they came. They wait for a while, and no more of them than a limit.
CREATE TABLE early_unsends (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    author INTEGER NOT NULL REFERENCES contacts (id),
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

CREATE INDEX early_unsends_by_name ON early_unsends (author, sent_at);
CREATE INDEX early_unsends_by_age ON early_unsends (received_at);

-- Hashes that my own swarm is to delete. A row leaves when enough of the swarm's members have done so.
CREATE TABLE swarm_deletions (
    hash TEXT NOT NULL PRIMARY KEY,
    state INTEGER NOT NULL DEFAULT 1 CHECK (state IN (1, 2)),  -- 1 waits, 2 under way
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER NOT NULL DEFAULT 0  -- device time
) STRICT, WITHOUT ROWID;

CREATE INDEX swarm_deletions_due ON swarm_deletions (next_try_at) WHERE state = 1;
CREATE INDEX swarm_deletions_under_way ON swarm_deletions (state) WHERE state = 2;

-- 1: the delivery takes its message back; it is tried for as long as swarms keep messages.
ALTER TABLE outbox ADD COLUMN takes_back INTEGER NOT NULL DEFAULT 0 CHECK (takes_back IN (0, 1));

-- Messages of mine by their sent time alone: a request to take one back does not say where I wrote it.
CREATE INDEX messages_of_mine ON messages (sent_at) WHERE status > 0;
