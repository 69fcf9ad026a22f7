-- How each config fares in the account's swarm, as this device knows it. Network time; 0 never.
CREATE TABLE config_upkeep (
    namespace INTEGER NOT NULL PRIMARY KEY,  -- where the swarm keeps it
    in_step_at INTEGER NOT NULL DEFAULT 0,  -- when swarm and device last had the same
    waits INTEGER NOT NULL DEFAULT 0 CHECK (waits IN (0, 1)),  -- the swarm has not taken what was edited here
    kept_at INTEGER NOT NULL DEFAULT 0,  -- when the swarm last promised to keep it for its whole lifetime
    restored_at INTEGER NOT NULL DEFAULT 0  -- when it was last stored again because the swarm had lost it
) STRICT;
