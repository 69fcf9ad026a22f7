-- What is still to be sent: one row for each delivery to one swarm. A row leaves when the swarm has confirmed it.
CREATE TABLE outbox (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    message INTEGER REFERENCES messages (id) ON DELETE CASCADE,  -- NULL for control messages that show no row
    step INTEGER NOT NULL CHECK (step IN (1, 2)),  -- 1 to the recipient, 2 the copy for my own devices
    after INTEGER REFERENCES outbox (id) ON DELETE SET NULL,  -- waits until that delivery is confirmed
    account_id BLOB NOT NULL CHECK (length(account_id) = 33),  -- whose swarm
    namespace INTEGER NOT NULL,
    ttl_ms INTEGER NOT NULL CHECK (ttl_ms > 0),
    payload BLOB NOT NULL,  -- sealed bytes, the same for every try, so that the swarm keeps exactly one
    state INTEGER NOT NULL DEFAULT 1 CHECK (state IN (1, 2, 3)),  -- 1 waits, 2 under way, 3 given up
    attempts INTEGER NOT NULL DEFAULT 0,  -- tries since it was queued or retried by hand
    next_try_at INTEGER NOT NULL,  -- device time
    since INTEGER NOT NULL  -- device time of queueing or of the last retry by hand; automatic tries end a day later
) STRICT;

CREATE INDEX outbox_due ON outbox (next_try_at, id) WHERE state = 1 AND after IS NULL;
CREATE INDEX outbox_by_message ON outbox (message) WHERE message IS NOT NULL;
CREATE INDEX outbox_by_after ON outbox (after) WHERE after IS NOT NULL;
