-- What the network layer wants to find again after a restart, in its own encoding.
CREATE TABLE network_cache (
    part TEXT NOT NULL PRIMARY KEY,  -- 'pool', 'guards' or 'swarms'
    bytes BLOB NOT NULL,
    saved_at INTEGER NOT NULL  -- device time
) STRICT, WITHOUT ROWID;

-- When each network service was last heard, for the services screen.
CREATE TABLE services (
    service TEXT NOT NULL PRIMARY KEY,  -- for instance 'seeds'
    last_answered_at INTEGER,  -- device time; NULL never
    silent_since INTEGER  -- device time of the first failure after the last answer; NULL when it answers
) STRICT, WITHOUT ROWID;
