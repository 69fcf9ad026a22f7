-- The account that owns this store. All times in all tables are network time in milliseconds since the Unix epoch,
-- unless a column says "device time". All ids are SQLite row ids and are never used twice.
CREATE TABLE account (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),  -- one account a store
    seed BLOB NOT NULL CHECK (length(seed) IN (16, 32)),  -- secret; 32 bytes for accounts of the first years
    account_id BLOB NOT NULL CHECK (length(account_id) = 33),  -- prefix and key; follows from the seed
    origin INTEGER NOT NULL CHECK (origin IN (1, 2)),  -- 1 made here, 2 restored
    display_name TEXT NOT NULL DEFAULT '',  -- empty until chosen
    display_name_set_at INTEGER NOT NULL DEFAULT 0,  -- when it was chosen; travels with the profile
    notification_mode INTEGER CHECK (notification_mode IN (1, 2)),  -- 1 fast, 2 slow; NULL until chosen
    stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 6),  -- first unfinished step of onboarding; 6 done
    phrase_seen INTEGER NOT NULL DEFAULT 0 CHECK (phrase_seen IN (0, 1)),  -- recovery phrase was shown or saved
    phrase_reminder INTEGER NOT NULL DEFAULT 0 CHECK (phrase_reminder IN (0, 1)),  -- once due it stays due until seen
    last_sent_at INTEGER NOT NULL DEFAULT 0,  -- the newest sent timestamp given out; strictly increasing
    created_at INTEGER NOT NULL
) STRICT;
